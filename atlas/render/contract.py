"""What the pages need from a release, as a type; anything of this shape can be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from atlas.border_project import BorderProject
from atlas.evidence import Evidence
from atlas.publishers import PublishedEditions

# name of the layer that a user's own file becomes
USER_LAYER = "own"


class Publishable(Protocol):
    """Layers that may leave the house, with their registry records and sources."""

    @property
    def names(self) -> tuple[str, ...]:
        """Layer names in the order of the registry."""

    @property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """What is known of each source, and how it is cited in each language, by source id."""

    @property
    def inputs(self) -> Mapping[str, Mapping[str, Any]]:
        """Title, edition, licence, attribution and accuracy of each package of shapes, by its name."""

    @property
    def evidence(self) -> Evidence:
        """The fact tables behind the layers."""

    @property
    def editions(self) -> PublishedEditions:
        """What publishers' own files gave, edition by edition."""

    @property
    def border(self) -> BorderProject | None:
        """The border that the project describes; None for the atlas' own."""

    @property
    def annotation(self) -> Mapping[str, Any]:
        """The JSON Schema of a field note, of which the page makes its form."""

    @property
    def released(self) -> Sequence[Mapping[str, Any]]:
        """The field notes that passed the release gate, as GeoJSON features."""

    def hashes(self) -> Mapping[str, str]:
        """Sha256 of every file behind the pages, by path."""

    def record(self, name: str) -> Mapping[str, Any]:
        """The registry's record of a layer."""

    def features(self, name: str) -> Sequence[Mapping[str, Any]]:
        """The GeoJSON features of a layer that may be published (longitude, latitude in degrees)."""
