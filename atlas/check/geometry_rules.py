"""Takes a geometry member apart: rules on its form, and its positions into the batch."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain
from typing import Any

from atlas.check.bbox_rules import box_of
from atlas.check.messages import kind_of
from atlas.check.model import Findings
from atlas.check.number_rules import number_fault
from atlas.check.position_batch import Batch, Kind
from atlas.geojson.geometries import COLLECTION, TYPES, geometries_in
from atlas.geojson.model import DEEPEST, Item, JsonPath
from atlas.geojson.path import shown
from atlas.geojson.tolerant import keys_twice

# how many arrays stand around a list of positions
_DEPTHS = {"Point": 0, "MultiPoint": 0, "LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}
_PARTS = {"Point": Kind.POINT, "MultiPoint": Kind.POINTS, "LineString": Kind.LINE, "MultiLineString": Kind.LINE}
_KNOWN = {"type", "coordinates", "bbox", "geometries", "crs"}
_FORBIDDEN = ("geometry", "properties", "features")
_HEIGHT = 3


class Geometries:
    """Looks at geometry members, feature by feature."""

    def __init__(self, findings: Findings, batch: Batch) -> None:
        self._findings = findings
        self._batch = batch

    def take(self, item: Item, value: object, path: JsonPath) -> None:
        """Look at a geometry and everything that is collected in it."""
        waiting: list[tuple[object, JsonPath, int]] = [(value, path, 0)]
        while waiting:
            geometry, at, depth = waiting.pop()
            if depth > DEEPEST:
                message = f"Collections are nested in each other more than {DEEPEST} times."
                self._findings.add("nesting-deep", item, message, path=at)
                return
            inner = self._one(item, geometry, at, nested=depth > 0)
            members = [(member, (*at, "geometries", n), depth + 1) for n, member in enumerate(inner)]
            waiting.extend(reversed(members))

    def _one(self, item: Item, value: object, path: JsonPath, *, nested: bool) -> list[object]:
        """Look at one geometry; what it collects is given back."""
        if not isinstance(value, dict):
            message = f"A geometry is an object or null, not {kind_of(value)}."
            self._findings.add("geometry-type", item, message, path=path)
            return []
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in TYPES:
            self._findings.add("geometry-type", item, _type_message(kind), path=path)
            return []
        self._members(item, value, path)
        # that of the outermost object is held against all positions
        if (box := box_of(item, value, self._findings, path)) and path:
            self._batch.boxes.append((len(self._batch.items) - 1, path, box))
        if kind == COLLECTION:
            return self._collected(item, value, path, nested=nested)
        if "coordinates" not in value:
            message = f"This {kind} has no coordinates: add them, or make the geometry null."
            self._findings.add("geometry-members", item, message, path=path)
            return []
        self._coordinates(item, kind, value["coordinates"], (*path, "coordinates"))
        return []

    def _members(self, item: Item, value: dict[str, object], path: JsonPath) -> None:
        for key in keys_twice(value):
            message = f"The key {shown(key)} stands twice in one geometry: remove one of them."
            self._findings.add("key-twice", item, message, path=(*path, key))
        for key in value.keys() - _KNOWN:
            if key in _FORBIDDEN:
                message = f"A geometry must not have {shown(key)}: that belongs to a feature or a collection."
                self._findings.add("member-forbidden", item, message, path=(*path, key))
            else:
                message = f"The member {shown(key)} of a geometry is dropped by most programs: move it to properties."
                self._findings.add("member-foreign", item, message, path=(*path, key))
        if "crs" in value:
            message = "A crs inside a geometry is read by nobody: remove it, after making sure that this is WGS 84."
            self._findings.add("crs-nested", item, message, path=(*path, "crs"))

    def _collected(self, item: Item, value: dict[str, object], path: JsonPath, *, nested: bool) -> list[object]:
        inner = geometries_in(value)
        if not isinstance(inner, list):
            message = "This GeometryCollection has no array geometries: add it, or make the geometry null."
            self._findings.add("geometry-members", item, message, path=path)
            return []
        if nested:
            message = "A collection inside a collection: put all its geometries into the outer one."
            self._findings.add("collection-nested", item, message, path=path)
        if not inner:
            message = "This GeometryCollection is empty: make the geometry null."
            self._findings.add("geometry-empty", item, message, path=path)
        return inner

    def _coordinates(self, item: Item, kind: str, value: object, path: JsonPath) -> None:
        if not isinstance(value, list):
            message = f"The coordinates of a {kind} are an array, not {kind_of(value)}."
            self._findings.add("position-form", item, message, path=path)
        elif not value:
            message = f"This {kind} has no positions: make the geometry null."
            self._findings.add("geometry-empty", item, message, path=path)
        elif kind == "Point":
            if sound := self._positions(item, [value], path, single=True):
                self._batch.add(Kind.POINT, sound, path)
        elif kind in _PARTS:
            for part, at in _unnested(value, path, _DEPTHS[kind]):
                if sound := self._positions(item, part, at):
                    self._batch.add(_PARTS[kind], sound, at)
        else:
            for polygon, at in _unnested(value, path, _DEPTHS[kind] - 1):
                self._polygon(item, polygon, at)

    def _polygon(self, item: Item, rings: object, path: JsonPath) -> None:
        if not isinstance(rings, list):
            message = f"A polygon is an array of rings, not {kind_of(rings)}."
            self._findings.add("position-form", item, message, path=path)
            return
        if not rings:
            self._findings.add("geometry-empty", item, "A polygon without rings: remove it.", path=path)
            return
        parts = [(ring, (*path, n)) for n, ring in enumerate(rings)]
        sound = [(self._positions(item, ring, at), at) for ring, at in parts]
        # a polygon with a faulty ring is no polygon: its other rings would be compared with nothing
        if all(positions for positions, _ in sound):
            self._batch.polygon_count += 1
            for n, (positions, at) in enumerate(sound):
                self._batch.add(Kind.HOLE if n else Kind.SHELL, positions or [], at)

    def _positions(self, item: Item, part: object, path: JsonPath, *, single: bool = False) -> list[list[float]] | None:
        """The positions as lists of two finite numbers; nothing where one of them is none."""
        if not isinstance(part, list):
            message = f"Expected an array of positions, not {kind_of(part)}."
            self._findings.add("position-form", item, message, path=path)
            return None
        if not part:
            self._findings.add("geometry-empty", item, "A line or ring without positions: remove it.", path=path)
            return None
        if not _all_numbers(part):
            for n, position in enumerate(part):
                at = path if single else (*path, n)
                if fault := _fault(position):
                    rule, message, inner = fault
                    self._findings.add(rule, item, message, path=(*at, *inner))
                    return None
        sizes = set(map(len, part))
        if sizes == {2}:
            return part
        self._heights(item, sizes, path)
        return [position[:2] for position in part]

    def _heights(self, item: Item, sizes: set[int], path: JsonPath) -> None:
        if max(sizes) > _HEIGHT:
            message = f"A position has {max(sizes)} numbers: most programs read two or three and drop the others."
            self._findings.add("position-extra", item, message, path=path)
        if len(sizes) > 1:
            message = "Some positions here have a height and others none: drop it, or give one to all."
            self._findings.add("position-mixed", item, message, path=path)
        elif max(sizes) == _HEIGHT:
            message = "Positions have a height: drop it unless somebody needs it."
            self._findings.add("position-3d", item, message, path=path)


def _unnested(value: object, path: JsonPath, depth: int) -> Iterator[tuple[object, JsonPath]]:
    """What stands so many arrays deep, with the way there; what is no array is given as it is."""
    if depth == 0 or not isinstance(value, list):
        yield value, path
        return
    for n, inner in enumerate(value):
        yield from _unnested(inner, (*path, n), depth - 1)


def _all_numbers(part: list[Any]) -> bool:
    """Whether every position is a list of two or more finite numbers; as quick as can be, most always are."""
    if set(map(type, part)) != {list} or min(map(len, part)) < 2:  # noqa: PLR2004 - longitude, latitude
        return False
    numbers = list(chain.from_iterable(part))
    if not set(map(type, numbers)) <= {int, float}:
        return False
    try:
        return math.isfinite(sum(numbers))
    except OverflowError:
        return False


def _fault(position: object) -> tuple[str, str, JsonPath] | None:
    """Rule, message and way to what is wrong with a position."""
    if not isinstance(position, list):
        return "position-form", f"A position is an array [longitude, latitude], not {kind_of(position)}.", ()
    for n, number in enumerate(position):
        if isinstance(number, bool) or not isinstance(number, int | float):
            wrong = shown(number) if isinstance(number, str) else kind_of(number)
            return "position-form", f"A position holds numbers, not {wrong}: check the nesting and the quotes.", (n,)
        if (rule := number_fault(number)) in {"number-nan", "number-huge"}:
            word = "is not a number" if rule == "number-nan" else "is beyond what programs can hold"
            return rule, f"A coordinate {word}: look it up at the source, or make the geometry null.", (n,)
    if len(position) < 2:  # noqa: PLR2004 - longitude, latitude
        return "position-form", "A position needs a longitude and a latitude.", ()
    return None


def _type_message(kind: object) -> str:
    if not isinstance(kind, str):
        return "The geometry has no type: give it one of the seven, such as Point."
    near = next((known for known in TYPES if known.lower() == kind.lower()), None)
    if near:
        return f"The type {shown(kind)} is spelt {near}."
    return f"{shown(kind)} is no geometry type; they are {', '.join(TYPES)}."
