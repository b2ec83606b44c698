"""Which layers and fields of a project may be published, and how sensitive a feature may be."""

from atlas.published.layers import PublishedLayers, open_published_layers
from atlas.published.sensitivity import Sensitivity

__all__ = ["PublishedLayers", "Sensitivity", "open_published_layers"]
