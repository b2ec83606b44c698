"""What a cleaning works on: features whose coordinates are arrays, and whose text is kept until they change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atlas.check.position_batch import Kind
from atlas.geojson.file_text import FileText
from atlas.geojson.lazy_json import CoordinateStubs
from atlas.geojson.model import Item, JsonPath
from atlas.vector.layer import FileFault

PositionArray = NDArray[np.float64]

FAMILIES = {"Point": Kind.POINT, "MultiPoint": Kind.POINTS, "LineString": Kind.LINE, "MultiLineString": Kind.LINE}


@dataclass(slots=True, eq=False, repr=False)
class Coordinates:
    """The member ``coordinates`` of one geometry: parts, each of runs; a polygon is a part of rings, all else of one.

    A run has the shape (n, 2), or (n, 3) where there are heights. ``exact`` are the coordinates before they were
    rounded, as long as nothing else has become of their shape.
    """

    parts: list[list[PositionArray]]
    exact: Coordinates | None = None

    @property
    def runs(self) -> Iterator[PositionArray]:
        """All runs, in order."""
        for part in self.parts:
            yield from part

    def __repr__(self) -> str:
        """Short: writing it must not take longer than looking at it."""
        return f"<coordinates {id(self):x}>"

    @property
    def deep(self) -> bool:
        """Whether there are heights."""
        return any(run.shape[1] > 2 for run in self.runs)  # noqa: PLR2004 - longitude, latitude


def described(coordinates: object) -> str:
    """Coordinates in a few words, for the ledger."""
    if not isinstance(coordinates, Coordinates):
        return "null"
    runs = list(coordinates.runs)
    positions = sum(map(len, runs))
    if positions == 1:
        return f"({', '.join(f'{number:.9g}' for number in runs[0][0])})"
    return f"{positions:,} positions in {len(runs):,} {'part' if len(runs) == 1 else 'parts'}"


@dataclass(slots=True, eq=False)
class Feature:
    """A feature of a file: ``value`` as in JSON, but for coordinates; ``stub_text`` is its text without long ones."""

    index: int
    line: int
    value: Any
    stub_text: bytes
    stubs: CoordinateStubs
    moved: bool = False
    rebuilt: bool = False
    rejected: str | None = None
    why: str = ""

    @property
    def text(self) -> bytes:
        """How it stood in the file."""
        return self.stubs.filled(self.stub_text)

    @property
    def item(self) -> Item:
        """The feature as check knows it."""
        return Item(self.index, self.line, self.value, "", ("features", self.index))

    @property
    def name(self) -> str:
        """Its id as text, or its place in the file."""
        feature_id = self.item.feature_id
        return feature_id if feature_id is not None else f"features[{self.index}]"

    def geometries(self) -> Iterator[tuple[dict[str, Any], JsonPath]]:
        """Every geometry that has coordinates, collections taken apart, with the way to it."""
        geometry = self.value.get("geometry") if isinstance(self.value, dict) else None
        waiting: list[tuple[Any, JsonPath]] = [(geometry, ("geometry",))]
        while waiting:
            one, at = waiting.pop()
            if not isinstance(one, dict):
                continue
            if isinstance(one.get("coordinates"), Coordinates):
                yield one, at
            elif isinstance(one.get("geometries"), list):
                waiting.extend(
                    (inner, (*at, "geometries", n)) for n, inner in reversed([*enumerate(one["geometries"])])
                )

    def shapes(self) -> Iterator[Coordinates]:
        """The coordinates of all its geometries."""
        for geometry, _ in self.geometries():
            yield geometry["coordinates"]


@dataclass(slots=True, eq=False)
class Document:
    """A file: its features, and the outermost object without them."""

    path: Path
    data: bytes | FileText
    features: list[Feature]
    root: dict[str, Any]
    # a file that is one feature or one geometry stays one
    wrapping: str = "FeatureCollection"
    rebuilt: bool = False
    decimals: int | None = None
    places: dict[str, str] = field(default_factory=dict)
    # of a file of another format: whether its positions were brought to degrees while it was read, what of its
    # format was not certain, and what is only mentioned
    in_degrees: bool = False
    faults: list[FileFault] = field(default_factory=list)
    # put aside where all others were written as they were read, and are not held
    aside: list[Feature] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def original(self) -> bytes:
        """The file as it was."""
        return self.data.whole() if isinstance(self.data, FileText) else self.data

    @property
    def kept(self) -> list[Feature]:
        """Features that were not put aside."""
        return [one for one in self.features if one.rejected is None]

    @property
    def rejected(self) -> list[Feature]:
        """Features that were put aside."""
        return [*self.aside, *(one for one in self.features if one.rejected is not None)]

    @property
    def changed(self) -> bool:
        """Whether anything differs from the file as it was."""
        return self.rebuilt or any(one.moved or one.rebuilt or one.rejected for one in self.features)
