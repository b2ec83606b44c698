"""What an export is made of: layers with their registry records, and who must be named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from atlas.geojson.collection import Feature


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as it may be published: the registry's record, and features in degrees, longitude first."""

    record: Mapping[str, Any]
    features: Sequence[Feature]

    @property
    def name(self) -> str:
        """Name of the layer, such as ``border``."""
        return str(self.record["name"])

    @property
    def fields(self) -> Sequence[Mapping[str, Any]]:
        """The fields in order, as the registry describes them."""
        fields: Sequence[Mapping[str, Any]] = self.record["fields"]
        return fields


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that an export says: layers, the sources and inputs they cite, version and citation."""

    layers: Sequence[Layer]
    sources: Mapping[str, Mapping[str, Any]]
    inputs: Mapping[str, Mapping[str, Any]]
    version: str
    citation: bytes | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: sizes in bytes by path in the folder, which of them changed, and what to know.

    Attributes
    ----------
    folder
        Where the files are.
    sizes
        Bytes by path in the folder.
    changed
        Paths of the files that differ from those before.
    notes
        What a reader of the files should know.
    """

    folder: Path
    sizes: Mapping[str, int]
    changed: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """A file of an export: its path in the folder, its content, and what it holds."""

    path: str
    data: bytes
    title: str
    media_type: str
    layer: str | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
