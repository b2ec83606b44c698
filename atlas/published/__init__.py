"""Which layers and fields of a project may be published, and how sensitive a feature may be."""

from atlas.published.layers import Release, open_release
from atlas.published.sensitivity import Sensitivity

__all__ = ["Release", "Sensitivity", "open_release"]
