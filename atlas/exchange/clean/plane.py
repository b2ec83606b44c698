"""Common edges for areas that nearly share them, in a plane, on a grid: gaps filled, overlaps settled, ends welded."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from atlas.exchange.clean.measure import METRES_PER_DEGREE
from atlas.exchange.clean.runs import without_repeats

_ROUNDS = 8
_WELDINGS = 3
_RING = 4
# without any snapping GEOS takes two areas for one where a position of one lies on an edge of the other
_NODES_DEG = 1e-9

Shapes = NDArray[np.object_]
Indexes = NDArray[np.int64]
Positions = NDArray[np.float64]


class Plane:
    """Areas in a plane in which a degree is as long either way, and the grid that they are rounded to."""

    def __init__(self, shapes: Shapes, decimals: int) -> None:
        bounds = shapely.total_bounds(shapes)
        self._scale = np.array([math.cos(math.radians((bounds[1] + bounds[3]) / 2)), 1.0])
        self._decimals = decimals
        self._shapes = shapes

    def mended(self, snap_m: float, wrong: Indexes | None) -> Shapes:
        """The areas with common edges, at their decimals, in degrees; ``wrong`` are those to begin with, if known."""
        width = snap_m / METRES_PER_DEGREE
        now = shapely.transform(self._shapes, lambda xy: xy * self._scale)
        faulty = _faulty(now, np.arange(len(now)), width)[0] if wrong is None else wrong
        now, touched, _ = self._matched(now, faulty, width)
        for _ in range(_WELDINGS if len(touched) else 0):
            apart, edges = _faulty(now, touched, width)
            if not len(apart):
                break
            welded = self._rounded(_welded(now, apart, edges, width))
            after, changed, settled = self._matched(welded, apart, width)
            if not settled or not _alike(now, after, width):
                break
            now, touched = after, changed
        return np.asarray(shapely.transform(now, lambda xy: np.round(xy / self._scale, self._decimals) + 0.0))

    def _matched(self, shapes: Shapes, faulty: Indexes, width: float) -> tuple[Shapes, Indexes, bool]:
        """Areas without overlaps and closed gaps, which of them were worked on, and whether that came to an end."""
        now, touched = shapes.copy(), faulty[:0]
        for _ in range(_ROUNDS):
            if not len(faulty):
                return now, touched, True
            subset = _around(now, faulty, width)
            part = shapely.coverage_clean(now[subset], snapping_distance=_NODES_DEG)
            part = _filled(self._rounded(part), width)
            if not _alike(now[subset], part, width):
                return now, touched, False
            now[subset] = part
            touched = np.union1d(touched, subset)
            faulty, _edges = _faulty(now, subset, 0.0)
        return now, touched, False

    def _rounded(self, shapes: Shapes) -> Shapes:
        try:
            return np.asarray(shapely.remove_repeated_points(shapely.transform(shapes, self._to_grid)))
        except GEOSException:
            # a ring fell together: it goes
            return np.array([self._without_points(shape) for shape in shapes.tolist()], dtype=object)

    def _to_grid(self, xy: Positions) -> Positions:
        return np.asarray((np.round(xy / self._scale, self._decimals) + 0.0) * self._scale)

    def _without_points(self, shape: BaseGeometry) -> BaseGeometry:
        polygons = []
        for part in shapely.get_parts(shape).tolist():
            runs = [self._to_grid(shapely.get_coordinates(ring)) for ring in (part.exterior, *part.interiors)]
            runs = [without_repeats(run) for run in runs]
            if len(runs[0]) >= _RING:
                polygons.append(shapely.Polygon(runs[0], [run for run in runs[1:] if len(run) >= _RING]))
        return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _around(shapes: Shapes, chosen: Indexes, width: float) -> Indexes:
    """Some areas with all that are no farther from them than the width."""
    found = shapely.STRtree(shapes).query(shapes[chosen], predicate="dwithin", distance=width)[1]
    return np.union1d(found, chosen).astype(np.int64)


def _alike(before: Shapes, after: Shapes, width: float) -> bool:
    """Whether no area is gone, or won or lost more than a strip of the width around it."""
    most = shapely.length(before) * width
    return bool((~shapely.is_empty(after) & (np.abs(shapely.area(after) - shapely.area(before)) <= most)).all())


def _faulty(shapes: Shapes, look: Indexes, width: float) -> tuple[Indexes, Shapes]:
    """Which of some areas are invalid or have edges that differ from their neighbours', and those edges."""
    edges = shapely.coverage_invalid_edges(shapes[look], gap_width=width)
    wrong = ~shapely.is_empty(edges) | ~shapely.is_valid(shapes[look])
    return look[wrong], edges[wrong]


def _filled(shapes: Shapes, width: float) -> Shapes:
    """Areas that share their edges, with narrow holes between them given to the neighbour with most of the edge."""
    if not shapely.is_valid(shapes).all() or not shapely.coverage_is_valid(shapes):
        return shapes
    union = shapely.coverage_union_all(shapes)
    rings = [ring for part in shapely.get_parts(union).tolist() for ring in part.interiors]
    # no circle as wide fits in
    holes = [hole for hole in map(shapely.Polygon, rings) if shapely.is_empty(shapely.buffer(hole, -width / 2))]
    for hole in holes:
        near = shapely.STRtree(shapes).query(hole, predicate="intersects")
        shared = shapely.length(shapely.intersection(shapely.boundary(shapes[near]), shapely.boundary(hole)))
        if len(near) > 1:
            chosen = int(near[int(np.argmax(shared))])
            joined = shapely.coverage_union(shapes[chosen], hole)
            if shapely.is_valid(joined):
                shapes[chosen] = joined
    return shapes


def _welded(shapes: Shapes, apart: Indexes, edges: Shapes, width: float) -> Shapes:
    """Areas whose positions on edges that lie apart are put on each other, everywhere the same."""
    owners = np.repeat(np.arange(len(apart)), shapely.get_num_coordinates(edges))
    places = shapely.get_coordinates(edges)
    points = shapely.points(places)
    left, right = shapely.STRtree(points).query(points, predicate="dwithin", distance=width)
    ahead = (owners[left] > owners[right]) & (places[left] != places[right]).any(axis=1)
    target: dict[tuple[float, ...], tuple[float, float, tuple[float, ...]]] = {}
    for n, m in zip(left[ahead].tolist(), right[ahead].tolist(), strict=True):
        here, there = tuple(places[n].tolist()), tuple(places[m].tolist())
        step = math.dist(here, there)
        if here > there:
            target[here] = min(target.get(here, (step, 0.0, there)), (step, 0.0, there))
        else:
            target[there] = min(target.get(there, (step, 0.0, here)), (step, 0.0, here))
    moves = {here: aim[2] for here, aim in target.items() if aim[2] not in target}
    made = shapely.transform(shapes, lambda xy: _moved(xy, moves))
    for place, index in enumerate(apart.tolist()):
        others = np.unique(places[owners != place], axis=0)
        near = others[shapely.dwithin(shapely.points(others), made[index], width)] if len(others) else others
        if len(near):
            snapped = shapely.snap(made[index], shapely.multipoints(_moved(near, moves)), width)
            made[index] = snapped if shapely.is_valid(snapped) and not shapely.is_empty(snapped) else made[index]
    return np.asarray(made)


def _moved(xy: Positions, moves: dict[tuple[float, ...], tuple[float, ...]]) -> Positions:
    """Positions with those that move put where they go."""
    if not moves:
        return xy
    sources = np.array(list(moves))
    known = np.isin(xy[:, 0], sources[:, 0]) & np.isin(xy[:, 1], sources[:, 1])
    made = xy.copy()
    for index in np.flatnonzero(known).tolist():
        made[index] = moves.get(tuple(xy[index].tolist()), tuple(xy[index].tolist()))
    return made
