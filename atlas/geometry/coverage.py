"""Areas that share edges: what is wrong with them, who owns an edge, and the ring around them all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.errors import GeometryError
from atlas.geometry.geodesy import Positions

_MICRODEGREES = 1e6
# of a step, so much is left out at each end: there neighbours may touch it
_END = 0.001
_ON_DEG = 1e-9

Edge = tuple[int, int, int, int]


def invalid_areas(names: Sequence[str], areas: Sequence[BaseGeometry]) -> list[str]:
    """A sentence for each area that crosses or touches itself wrongly, with the place."""
    return [
        f"{name}: {shapely.is_valid_reason(area)} (longitude latitude)"
        for name, area in zip(names, areas, strict=True)
        if not shapely.is_valid(area)
    ]


def coverage_faults(names: Sequence[str], areas: Sequence[BaseGeometry]) -> list[str]:
    """A sentence for each area whose edges overlap, or fall short of, its neighbours' edges."""
    edges = uncovered_edges(np.array(areas, dtype=object))
    faults = []
    for name, edge in zip(names, edges, strict=True):
        if not shapely.is_empty(edge):
            lon, lat = shapely.get_coordinates(edge)[0]
            faults.append(f"{name}: its edge does not match its neighbour's near {lon:.4f}, {lat:.4f}")
    return faults


def uncovered_edges(areas: NDArray[np.object_]) -> NDArray[np.object_]:
    """Edges of each area, in degrees, that overlap or fall short of a neighbour's, as lines; empty where all fit."""
    return away_from_touches(areas, shapely.coverage_invalid_edges(areas), _ON_DEG)


def away_from_touches(areas: NDArray[np.object_], edges: NDArray[np.object_], apart_deg: float) -> NDArray[np.object_]:
    """Unmatched edges without those that only begin or end at another area.

    GEOS looks at one ring at a time, and so takes an edge that begins where a neighbour's hole touches the neighbour's
    own outer ring for one that goes through the neighbour.

    Parameters
    ----------
    areas
        The areas.
    edges
        What GEOS says of each.
    apart_deg
        How near another area has to be, in degrees.
    """
    lines, area = shapely.get_parts(edges, return_index=True)
    if not len(lines):
        return edges
    xy, line = shapely.get_coordinates(lines, return_index=True)
    follows = line[:-1] == line[1:]
    begin, end, of_line = xy[:-1][follows], xy[1:][follows], line[:-1][follows]
    middles = shapely.linestrings(np.stack([begin + _END * (end - begin), end + _END * (begin - end)], axis=1))
    step, other = shapely.STRtree(areas).query(middles, predicate="dwithin", distance=apart_deg)
    kept = np.unique(of_line[step[area[of_line[step]] != other]])
    made = np.full(len(edges), shapely.LineString(), dtype=object)
    for index in np.unique(area[kept]).tolist():
        mine = lines[kept[area[kept] == index]]
        made[index] = mine[0] if len(mine) == 1 else shapely.multilinestrings(mine)
    return made


def tidied(shape: BaseGeometry, *, decimals: int) -> BaseGeometry:
    """The shape with coordinates rounded and repeated positions removed; it may be invalid where it was too small."""
    rounded: BaseGeometry = shapely.transform(shape, lambda xy: np.round(xy, decimals) + 0.0)
    # a ring that collapsed cannot be tidied, only reported
    return shapely.remove_repeated_points(rounded) if shapely.is_valid(rounded) else rounded


def outer_ring(areas: Sequence[BaseGeometry]) -> Positions:
    """Positions around the largest part of a valid coverage, anticlockwise, first one not repeated.

    Raises
    ------
    GeometryError
        The areas have no outer ring.
    """
    union = shapely.coverage_union_all(list(areas))
    parts = [part for part in shapely.get_parts(union) if part.geom_type == "Polygon"]
    if not parts:
        msg = "the areas have no outer ring: the source holds no polygons"
        raise GeometryError(msg)
    largest = shapely.orient_polygons(max(parts, key=lambda part: float(shapely.area(part))))
    ring: Positions = shapely.get_coordinates(shapely.get_exterior_ring(largest))[:-1]
    return ring


def edges_of(positions: Positions) -> list[Edge]:
    """Each step of a line as an edge in whole microdegrees, the same whichever way it is walked."""
    whole = np.rint(positions * _MICRODEGREES).astype(np.int64)
    steps = np.hstack([whole[:-1], whole[1:]]).tolist()
    return [(a, b, c, d) if (a, b) <= (c, d) else (c, d, a, b) for a, b, c, d in steps]


def edge_owners(line: Positions, areas: Sequence[BaseGeometry]) -> NDArray[np.int64]:
    """For each step of ``line`` the index of the area that has it as an edge; -1 where none has."""
    owner = {}
    for index, area in enumerate(areas):
        for ring in rings_of(area):
            owner.update(dict.fromkeys(edges_of(ring), index))
    return np.array([owner.get(edge, -1) for edge in edges_of(line)], dtype=np.int64)


def rings_of(area: BaseGeometry) -> list[Positions]:
    """All rings of an area, outer and inner, as closed lines of positions."""
    return [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(area))]


def neighbours_of(areas: Sequence[BaseGeometry]) -> list[list[int]]:
    """For each area the indexes of those that share an edge with it (not only a point)."""
    tree = shapely.STRtree(list(areas))
    left, right = tree.query(list(areas), predicate="intersects")
    neighbours: list[list[int]] = [[] for _ in areas]
    edges = [{edge for ring in rings_of(area) for edge in edges_of(ring)} for area in areas]
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        if a != b and not edges[a].isdisjoint(edges[b]):
            neighbours[a].append(b)
    return [sorted(others) for others in neighbours]
