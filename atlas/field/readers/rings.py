"""Rings of areas: one that does not come back to where it began is closed, as every program that draws it does."""

from __future__ import annotations

from typing import Any

from atlas.field.readers.fault import RowFaultError
from atlas.geojson.geometries import AREAS, COLLECTION, collection_of, coordinates_in, geometries_in, geometry_of

Geometry = dict[str, Any]

_CORNERS = 3


def closed(geometry: Geometry) -> tuple[Geometry, int]:
    """A geometry with the first position of each ring at its end as well, and how many rings lacked that.

    Raises
    ------
    RowFaultError
        A ring has fewer than three different positions.
    """
    kind = geometry["type"]
    if kind == COLLECTION:
        parts = [closed(part) for part in geometries_in(geometry)]
        return collection_of([part for part, _ in parts]), sum(count for _, count in parts)
    if kind not in AREAS:
        return geometry, 0
    areas = coordinates_in(geometry) if kind == "MultiPolygon" else [coordinates_in(geometry)]
    count = sum(ring[0][:2] != ring[-1][:2] for area in areas for ring in area)
    made = [[_closed(ring) for ring in area] for area in areas]
    return geometry_of(kind, made if kind == "MultiPolygon" else made[0]), count


def _closed(ring: list[list[float]]) -> list[list[float]]:
    if len({tuple(position[:2]) for position in ring}) < _CORNERS:
        msg = f"a ring has fewer than {_CORNERS} different positions and encloses nothing; draw the area again"
        raise RowFaultError(msg)
    return ring if ring[0][:2] == ring[-1][:2] else [*ring, ring[0]]
