"""Layers as tables: one table of one kind of shape each, or all shapes of a layer in one.

QGIS styles, and PostGIS indexes and checks, a table of one kind of shape; of a table of all kinds QGIS asks at each
opening which to load. So a layer that may hold points, lines and areas becomes a table of each, single shapes are made
multiple where a layer may hold both, and what has no place becomes a table without shapes. The names follow from what
the registry says a layer may hold, not from what it holds today, so that they stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from atlas.export.material import Layer
from atlas.export.reprojection import Places, Shapes

KINDS = ("points", "lines", "areas")
UNPLACED = "unplaced"
_WORDS = {
    "points": "points · puntos",
    "lines": "lines · líneas",
    "areas": "areas · áreas",
    UNPLACED: "without a place · sin lugar",
}
_DIMENSIONS = {"Point": 0, "LineString": 1, "Polygon": 2}
_LISTS = frozenset({"strings", "numbers", "intervals"})


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a layer: ids, shapes (none where there is no place) and properties, in the layer's order.

    Attributes
    ----------
    kind
        ``points``, ``lines``, ``areas``, ``unplaced``, or ``mixed``.
    geometry_type
        The one type of all shapes, such as ``MultiPolygon``; none for ``unplaced`` and ``mixed``.
    """

    name: str
    kind: str
    geometry_type: str | None
    layer: Layer
    ids: Sequence[str]
    shapes: Shapes
    rows: Sequence[Mapping[str, Any]]

    @property
    def bounds(self) -> tuple[float, ...]:
        """Box of all shapes: least x, least y, greatest x, greatest y."""
        return tuple(float(value) for value in shapely.total_bounds(self.shapes))


def whole_table(layer: Layer, places: Places) -> Table:
    """All features of a layer, whatever their shapes."""
    shapes = np.array([None if f["geometry"] is None else shape(f["geometry"]) for f in layer.features], dtype=object)
    rows = [f["properties"] for f in layer.features]
    ids = [str(f["id"]) for f in layer.features]
    return Table(layer.name, "mixed", None, layer, ids, places.moved(shapes), rows)


def split_tables(layer: Layer, places: Places) -> list[Table]:
    """The features of a layer by kind of shape; kinds that a layer does not hold today have no table."""
    whole = whole_table(layer, places)
    dimensions = shapely.get_dimensions(whole.shapes)
    tables = [_part(whole, *kind[:-1], np.flatnonzero(dimensions == kind[-1])) for kind in _kinds(layer)]
    tables.append(_part(whole, f"{layer.name}_{UNPLACED}", UNPLACED, None, np.flatnonzero(dimensions < 0)))
    return [table for table in tables if table.rows]


def _kinds(layer: Layer) -> Iterator[tuple[str, str, str, int]]:
    declared: Sequence[str] = layer.record["geometry_types"]
    held = sorted({_DIMENSIONS[kind.removeprefix("Multi")] for kind in declared})
    for dimension in held:
        single = next(kind for kind, number in _DIMENSIONS.items() if number == dimension)
        geometry_type = f"Multi{single}" if f"Multi{single}" in declared else single
        name = layer.name if len(held) == 1 else f"{layer.name}_{KINDS[dimension]}"
        yield name, KINDS[dimension], geometry_type, dimension


def _part(whole: Table, name: str, kind: str, geometry_type: str | None, at: np.ndarray[Any, Any]) -> Table:
    shapes = whole.shapes[at]
    if geometry_type and geometry_type.startswith("Multi"):
        shapes = np.array([_multiple(shape) for shape in shapes], dtype=object)
    ids, rows = [whole.ids[i] for i in at], [whole.rows[i] for i in at]
    return Table(name, kind, geometry_type, whole.layer, ids, shapes, rows)


def _multiple(shape: Any) -> Any:  # noqa: ANN401 - shapely ships no types
    if shape.geom_type.startswith("Multi"):
        return shape
    build = {
        "Point": shapely.multipoints,
        "LineString": shapely.multilinestrings,
        "Polygon": shapely.multipolygons,
    }[shape.geom_type]
    return build([shape])


def is_list(field: Mapping[str, Any]) -> bool:
    """Whether a field holds lists, which most formats carry as JSON text."""
    return field["type"] in _LISTS


def flat(field: Mapping[str, Any], value: Any) -> Any:  # noqa: ANN401 - a property of any type
    """A value as a table of plain columns carries it: lists as JSON text, whole numbers of a number field as such."""
    if value is None or not is_list(field):
        return float(value) if value is not None and field["type"] == "number" else value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def titles(described: Mapping[str, Any]) -> str:
    """A title in both languages, in one where they are the same."""
    english, spanish = described["title"]["en"], described["title"]["es"]
    return str(english) if english == spanish else f"{english} · {spanish}"


def table_title(table: Table) -> str:
    """A table's title in both languages: that of its layer, and which part of it the table holds."""
    title = titles(table.layer.record)
    return title if table.name == table.layer.name else f"{title} ({_WORDS[table.kind]})"


def about(field: Mapping[str, Any]) -> str:
    """What a column is, in both languages: title, unit, and how lists are written."""
    unit = f" [{field['unit']}]" if field["unit"] else ""
    note = " (list as JSON · lista en JSON)" if is_list(field) else ""
    return f"en: {field['title']['en']}{unit}; es: {field['title']['es']}{unit}{note}"
