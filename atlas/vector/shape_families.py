"""Points, lines and areas of a table apart, for formats and programs that take one kind of shape a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from atlas.vector.feature_table import FAMILIES, FeatureTable, TableColumn, multiple


def by_family(
    table: FeatureTable, columns: Sequence[TableColumn], *, unplaced: str | None = None
) -> list[FeatureTable]:
    """A table for each kind of shape, by which its name ends where there are several.

    Parameters
    ----------
    columns
        The table's own, or what a format makes of them.
    unplaced
        How the name of a table ends into which goes what has no place; without it that goes with the first kind.
    """
    rows: dict[str, list[tuple[int, Any]]] = {}
    collections = 0
    for row, shape in enumerate(table.shapes):
        members = [] if shape is None else _members(shape)
        collections += len(members) > 1
        for family, inner in members:
            rows.setdefault(family, []).append((row, inner))
    nowhere = [(row, None) for row, shape in enumerate(table.shapes) if shape is None]
    families: list[str] = [family for family in ("points", "lines", "areas") if family in rows]
    if unplaced is not None and nowhere:
        families.append(unplaced)
        rows[unplaced] = nowhere
    families = families or ["points"]
    if nowhere and unplaced is None:
        rows[families[0]] = sorted([*rows.get(families[0], []), *nowhere], key=lambda pair: pair[0])
    if len(families) > 1:
        table.notes.append(f"a file holds one kind of shape: {', '.join(families)} are files of their own")
    if collections:
        table.notes.append(f"{collections:,} features of several kinds stand in several of the files")
    parts = []
    for family in families:
        picked = rows.get(family, [])
        at = [row for row, _ in picked]
        shapes = np.array([*(shape for _, shape in picked), None], dtype=object)[:-1]
        kinds = {shape.geom_type for shape in shapes if shape is not None}
        # a shapefile knows single and several points as two types, lines and areas as one each
        shapes = multiple(shapes) if family == "points" and len(kinds) > 1 else shapes
        name = table.name if len(families) == 1 else f"{table.name}_{family}"
        held = [TableColumn(one.name, one.kind, [one.values[n] for n in at]) for one in columns]
        parts.append(FeatureTable(name, shapes, held))
    return parts


def _members(shape: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - shapely ships no types
    if shape.geom_type != "GeometryCollection":
        return [(FAMILIES[shape.geom_type], shape)]
    singles = [one for inner in shape.geoms for one in _singles(inner)]
    groups: dict[str, list[Any]] = {}
    for one in singles:
        groups.setdefault(FAMILIES[one.geom_type], []).append(one)
    return [(family, group[0] if len(group) == 1 else _joined(group)) for family, group in groups.items()]


def _singles(shape: Any) -> Iterator[Any]:  # noqa: ANN401 - as above
    if hasattr(shape, "geoms"):
        for inner in shape.geoms:
            yield from _singles(inner)
    elif not shape.is_empty:
        yield shape


def _joined(group: Sequence[Any]) -> Any:  # noqa: ANN401 - as above
    kind = group[0].geom_type
    build = {"Point": shapely.multipoints, "LineString": shapely.multilinestrings, "Polygon": shapely.multipolygons}
    return build[kind](list(group))
