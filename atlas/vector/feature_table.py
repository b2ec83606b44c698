"""Features as a table of plain columns, as most formats want them; what a format cannot hold is said."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.errors import InputError
from atlas.geojson.geometries import evened
from atlas.geojson.shapely_geometries import placed_shape

ID, OTHER_ID = "id", "feature_id"
_INT64 = 2**63
Shapes = NDArray[np.object_]
FAMILIES = {
    "Point": "points", "MultiPoint": "points", "LineString": "lines", "MultiLineString": "lines",
    "Polygon": "areas", "MultiPolygon": "areas",
}  # fmt: skip
_MULTIPLE = {
    "Point": shapely.multipoints,
    "LineString": shapely.multilinestrings,
    "Polygon": shapely.multipolygons,
}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: ``kind`` is boolean, integer, number or string; ``values`` has a value or nothing for each row.

    ``listed`` are the values as they were, where they are lists or objects and ``values`` has them as JSON text.
    """

    name: str
    kind: str
    values: Sequence[Any]
    listed: Sequence[Any] | None = None


@dataclass(slots=True)
class FeatureTable:
    """Features with shapes in degrees (longitude, latitude), none where one has no place."""

    name: str
    shapes: Shapes
    columns: list[TableColumn]
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        """How many features there are."""
        return len(self.shapes)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which features have no place."""
        return np.asarray(shapely.is_missing(self.shapes))

    def part_names(self) -> None:
        """Rename columns whose names differ from an earlier one's in capitals only, and note it."""
        used: set[str] = set()
        renamed = []
        for n, column in enumerate(self.columns):
            name, number = column.name, 1
            while name.lower() in used or (number > 1 and name in {one.name for one in self.columns}):
                number += 1
                name = f"{column.name}_{number}"
            used.add(name.lower())
            if name != column.name:
                renamed.append(f"{column.name} → {name}")
                self.columns[n] = replace(column, name=name)
        if renamed:
            self.notes.append(f"names that differ in capitals only are one here: {', '.join(renamed)}")

    def note_blank_rows(self) -> None:
        """Note features of which nothing would stand in a row of cells."""
        blank = self.missing
        for column in self.columns:
            blank &= [value is None for value in column.values]
        if count := int(blank.sum()):
            rows = "1 feature has" if count == 1 else f"{count:,} features have"
            self.notes.append(f"{rows} neither a place nor a value: a blank row, which programs leave out")

    def one_kind(self) -> tuple[str, Shapes]:
        """The type of all shapes, and the shapes made multiple where some are; ``Unknown`` where kinds are mixed."""
        placed = self.shapes[~self.missing]
        kinds = {shape.geom_type for shape in placed}
        deep = set(shapely.has_z(placed).tolist()) if len(placed) else {False}
        if not kinds or len(deep) > 1:
            return "Unknown", self.shapes
        ending = " Z" if deep == {True} else ""
        if len(kinds) == 1:
            return f"{kinds.pop()}{ending}", self.shapes
        single = {kind.removeprefix("Multi") for kind in kinds}
        if len(single) > 1 or "GeometryCollection" in single:
            return "Unknown", self.shapes
        return f"Multi{single.pop()}{ending}", multiple(self.shapes)


def feature_table(features: Sequence[Mapping[str, Any]], name: str) -> FeatureTable:
    """Features of GeoJSON as a table; ids become the column ``id``.

    Raises
    ------
    InputError
        A shape is none: the message says of which feature.
    """
    held = [_shape(one, row) for row, one in enumerate(features, start=1)]
    shapes = np.array([shape for shape, _ in held] + [None], dtype=object)[:-1]
    table = FeatureTable(name, shapes, [])
    empty = sum(
        one.get("geometry") is not None and shape is None for one, (shape, _) in zip(features, held, strict=True)
    )
    if empty:
        table.notes.append(f"shapes without positions are written as no place: {empty:,}")
    if shortened := sum(is_shortened for _, is_shortened in held):
        table.notes.append(
            "positions have longitude and latitude here, and all a height or none; further numbers are left out of "
            f"{shortened:,} {'feature' if shortened == 1 else 'features'}"
        )
    rows = [one.get("properties") or {} for one in features]
    ids = [one.get("id") for one in features]
    names = list(dict.fromkeys(key for row in rows for key in row))
    if any(one is not None for one in ids) and [row.get(ID) for row in rows] != ids:
        taken = {one.lower() for one in names}
        numbered = (f"{OTHER_ID}_{n}" for n in count(2))
        key = next(one for one in chain((ID, OTHER_ID), numbered) if one not in taken)
        table.columns.append(_column(table, key, ids))
    table.columns += [_column(table, key, [row.get(key) for row in rows]) for key in names]
    if "" in names:
        table.notes.append("a column has an empty name, which programs may leave out or replace")
    listed = [column.name for column in table.columns if column.listed is not None]
    if listed:
        table.notes.append(f"lists and objects are written as JSON text: {', '.join(listed[:12])}")
    return table


def _shape(feature: Mapping[str, Any], row: int) -> tuple[Any, bool]:
    """The shape of a feature, and whether numbers of its positions are left out."""
    geometry = feature.get("geometry")
    if geometry is None:
        return None, False
    try:
        even = evened(geometry)
        shape = placed_shape(even)
    except (shapely.errors.ShapelyError, ValueError, TypeError, LookupError, InputError) as error:
        why = " ".join(str(error).split())[:120]
        msg = f"feature {row}: its shape cannot be written ({why}); clean the file first, or choose GeoJSON"
        raise InputError(msg) from error
    return None if shape.is_empty else shape, even is not geometry


def _column(table: FeatureTable, name: str, values: Sequence[Any]) -> TableColumn:
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool}:
        return TableColumn(name, "boolean" if kinds else "string", values)
    if kinds == {int} and all(value is None or -_INT64 <= value < _INT64 for value in values):
        return TableColumn(name, "integer", values)
    if kinds <= {int, float} and bool not in kinds and float in kinds:
        return TableColumn(name, "number", [None if value is None else float(value) for value in values])
    if kinds == {str}:
        return TableColumn(name, "string", values)
    texts = [value if value is None or isinstance(value, str) else _json(value) for value in values]
    listed = values if kinds & {list, dict} else None
    if listed is None:
        table.notes.append(f"{name} has values of several types; all are written as text")
    return TableColumn(name, "string", texts, listed)


def _json(value: Any) -> str:  # noqa: ANN401 - a property of any type
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def multiple(shapes: Shapes) -> Shapes:
    """Each shape as one of several parts."""
    made = [
        shape if shape is None or shape.geom_type not in _MULTIPLE else _MULTIPLE[shape.geom_type]([shape])
        for shape in shapes
    ]
    return np.array([*made, None], dtype=object)[:-1]
