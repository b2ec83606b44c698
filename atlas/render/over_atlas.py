"""What a page shows over the atlas' own layers: everything of the atlas, but for what a subclass puts in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from atlas.border_project import BorderProject
from atlas.evidence import Evidence
from atlas.publishers import PublishedEditions
from atlas.render.contract import Publishable


@dataclass(frozen=True)
class OverAtlas:
    """The layers of a release as they are, without its released notes."""

    base: Publishable

    @property
    def names(self) -> tuple[str, ...]:
        """Layer names in the order of the registry."""
        return self.base.names

    @property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """What is known of each source, by source id."""
        return self.base.sources

    @property
    def inputs(self) -> Mapping[str, Mapping[str, Any]]:
        """What is known of each package of shapes, by its name."""
        return self.base.inputs

    @property
    def evidence(self) -> Evidence:
        """The fact tables behind the layers."""
        return self.base.evidence

    @property
    def editions(self) -> PublishedEditions:
        """What publishers' own files gave, edition by edition."""
        return self.base.editions

    @property
    def border(self) -> BorderProject | None:
        """The border that the project describes; None for the atlas' own."""
        return self.base.border

    @property
    def annotation(self) -> Mapping[str, Any]:
        """The JSON Schema of a field note."""
        return self.base.annotation

    @property
    def released(self) -> Sequence[Mapping[str, Any]]:
        """None: the page shows something else."""
        return ()

    def hashes(self) -> Mapping[str, str]:
        """Sha256 of every file behind the pages, by path."""
        return self.base.hashes()

    def record(self, name: str) -> Mapping[str, Any]:
        """The registry's record of a layer."""
        return self.base.record(name)

    def features(self, name: str) -> Sequence[Mapping[str, Any]]:
        """The GeoJSON features of a layer (longitude, latitude in degrees)."""
        return self.base.features(name)
