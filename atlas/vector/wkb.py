"""Well-known binary as arrays of positions, whatever their shapes: a ring that is open stays open, to be spoken of."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.float64]

_KINDS = {
    1: "Point",
    2: "LineString",
    3: "Polygon",
    4: "MultiPoint",
    5: "MultiLineString",
    6: "MultiPolygon",
    7: "GeometryCollection",
}
_CURVES = {8: "CircularString", 9: "CompoundCurve", 10: "CurvePolygon", 11: "MultiCurve", 12: "MultiSurface"}
_SURFACES = {15: "PolyhedralSurface", 16: "TIN"}
_TRIANGLE = 17
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x80000000, 0x40000000, 0x20000000
_DEEPEST = 32


class WkbError(ValueError):
    """Bytes that are no well-known binary, or of a shape that GeoJSON does not have."""


@dataclass(slots=True)
class Geometry:
    """A shape as a file has it.

    Attributes
    ----------
    kind
        One of the seven types of GeoJSON.
    parts
        Each part is of runs of positions, of shape (n, 2) or (n, 3) with heights, x (longitude) first; a polygon is a
        part of rings, all else is a part of one run.
    members
        The shapes of a collection.
    measured
        Whether positions had measures (M), which are left out.
    """

    kind: str
    parts: list[list[Positions]] = field(default_factory=list)
    members: list[Geometry] = field(default_factory=list)
    measured: bool = False

    @property
    def runs(self) -> Iterator[tuple[list[Positions], int]]:
        """Every run of positions, as the list that holds it and its place there."""
        for part in self.parts:
            for number in range(len(part)):
                yield part, number
        for member in self.members:
            yield from member.runs

    def coordinates(self) -> list[Any]:
        """The member ``coordinates`` of GeoJSON."""
        lists = [[run.tolist() for run in part] for part in self.parts]
        if self.kind == "Point":
            return lists[0][0][0] if lists and lists[0][0] else []
        if self.kind in {"LineString", "MultiPoint"}:
            return lists[0][0] if lists else []
        if self.kind == "MultiLineString":
            return [runs[0] for runs in lists]
        if self.kind == "Polygon":
            return lists[0] if lists else []
        return lists

    def geojson(self) -> dict[str, Any]:
        """The shape as GeoJSON has it, in its own numbers."""
        if self.kind == "GeometryCollection":
            return {"type": self.kind, "geometries": [one.geojson() for one in self.members]}
        return {"type": self.kind, "coordinates": self.coordinates()}


def geometry_of(data: bytes) -> Geometry:
    """A shape from well-known binary, of ISO's or PostGIS' dialect.

    Raises
    ------
    WkbError
        The bytes end too early, or the shape is a curve or a surface.
    """
    try:
        return _Reader(bytes(data)).geometry(0)
    except (struct.error, IndexError, ValueError) as error:
        if isinstance(error, WkbError):
            raise
        msg = "the shape is cut off or damaged"
        raise WkbError(msg) from error


class _Reader:
    """Goes through the bytes once."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def geometry(self, depth: int) -> Geometry:
        """The shape that begins here."""
        if depth > _DEEPEST:
            msg = "shapes are nested too deeply"
            raise WkbError(msg)
        mark = self._data[self._at]
        if mark > 1:
            msg = "the shape does not begin as well-known binary does"
            raise WkbError(msg)
        order = "<" if mark else ">"
        self._at += 1
        number = self._number(order)
        has_z, has_m = bool(number & _EWKB_Z), bool(number & _EWKB_M)
        if number & _EWKB_SRID:
            self._at += 4
        number &= 0x0FFFFFFF
        has_z, has_m = has_z or number // 1000 in {1, 3}, has_m or number // 1000 in {2, 3}
        return self._shape(number % 1000, order, (has_z, has_m), depth)

    def _shape(self, number: int, order: str, dimensions: tuple[bool, bool], depth: int) -> Geometry:
        measured = dimensions[1]
        if number in _CURVES or number in _SURFACES:
            name = _CURVES.get(number) or _SURFACES[number]
            msg = f"the shape is a {name}, which GeoJSON does not have"
            raise WkbError(msg)
        kind = "Polygon" if number == _TRIANGLE else _KINDS.get(number)
        if kind is None:
            msg = f"the shape has the unknown type {number}"
            raise WkbError(msg)
        if kind == "Point":
            run = self._run(order, 1, dimensions)
            empty = bool(np.isnan(run[:, :2]).all())
            return Geometry(kind, [] if empty else [[run]], measured=measured)
        count = self._number(order)
        if kind == "LineString":
            run = self._run(order, count, dimensions)
            return Geometry(kind, [[run]] if len(run) else [], measured=measured)
        if kind == "Polygon":
            rings = [self._run(order, self._number(order), dimensions) for _ in self._counted(count)]
            return Geometry(kind, [rings] if rings else [], measured=measured)
        members = [self.geometry(depth + 1) for _ in self._counted(count)]
        measured = measured or any(one.measured for one in members)
        if kind == "GeometryCollection":
            return Geometry(kind, members=members, measured=measured)
        if any(one.kind != kind.removeprefix("Multi") for one in members):
            msg = f"a {kind} holds shapes of another kind"
            raise WkbError(msg)
        parts = [part for one in members for part in one.parts]
        if kind == "MultiPoint" and parts:
            parts = [[np.vstack([run for part in parts for run in part])]]
        return Geometry(kind, parts, measured=measured)

    def _counted(self, count: int) -> range:
        """As many as are said to follow, unless so many have no room in the bytes that are left."""
        if count * 4 > len(self._data) - self._at:
            msg = "the shape is cut off or damaged"
            raise WkbError(msg)
        return range(count)

    def _number(self, order: str) -> int:
        (number,) = struct.unpack_from(f"{order}I", self._data, self._at)
        self._at += 4
        return int(number)

    def _run(self, order: str, count: int, dimensions: tuple[bool, bool]) -> Positions:
        has_z, has_m = dimensions
        width = 2 + has_z + has_m
        numbers = np.frombuffer(self._data, dtype=f"{order}f8", count=count * width, offset=self._at)
        self._at += count * width * 8
        run = numbers.reshape(count, width).astype(np.float64)
        # a height that is no number is none
        if has_z and np.isnan(run[:, 2]).all():
            return np.ascontiguousarray(run[:, :2])
        return np.ascontiguousarray(run[:, : 2 + has_z])
