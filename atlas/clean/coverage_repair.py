"""Common edges for areas that nearly share them, in a plane, on a grid: gaps filled, overlaps settled, ends welded.

1. The areas that are invalid, or whose edges differ from a neighbour's within the width, are taken with all that lie
   within the width of them. GEOS makes one coverage of these as they were before they were rounded, gaps narrower than
   the width go to a neighbour (`gaps`), and the whole is snap-rounded (`snap_rounding`), again with the positions at
   which something still crosses.
2. Where that does not come out whole, the same is done with areas that are on the grid already.
3. What still lies apart, at gaps that are open at an end, is welded: of two positions within the width the greater one
   moves to the lesser, everywhere the same.

*Why it is right.* A coverage whose areas share their edges position by position has neither a gap nor an overlap
between neighbours; that is what the last look asks, in degrees, as check will. A round works only on areas near a
fault, and there are `_ROUNDS` of them at most, so it ends. A result in which an area is gone, or has won or lost more
than a strip of the width along its edge, is not taken: the areas stay as they were, and check asks the user.

*Invariants* (`tests/clean/test_neighbours.py`): areas that match stay the same objects; no edge leaves its place by
more than the width and half a cell's diagonal; a second run changes nothing. Source: the coverage cleaner of
JTS and GEOS (M. Davis, 2025), with our own rounding, filling and welding around it.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from atlas.check.coverage_rules import unmatched_edges
from atlas.check.outer_edges import portions_of
from atlas.clean.freed_memory import give_back
from atlas.clean.gaps import filled, give, holes_of, thin
from atlas.geometry.position_grid import without_repeats
from atlas.geometry.snap_rounding import Grid, Rounding, meeting
from atlas.geometry.units import METRES_PER_DEGREE

_ROUNDS = 8
_WELDINGS = 3
_LOOKS = 3
_RING = 4
# without any snapping GEOS takes two areas for one where a position of one lies on an edge of the other
_NODES_DEG = 1e-9

Shapes = NDArray[np.object_]
Indexes = NDArray[np.int64]
Positions = NDArray[np.float64]


class CoverageRepair:
    """Areas in a plane in which a degree is as long either way, and the grid that they are rounded to.

    ``exact`` gives an area by its index as it was before it was rounded, if it was; with it, areas are made to match
    before they are rounded, and those that match stay the same objects.
    """

    def __init__(
        self, shapes: Shapes, decimals: int, exact: Callable[[int], BaseGeometry | None] | None = None
    ) -> None:
        bounds = shapely.total_bounds(shapes)
        scale = np.array([math.cos(math.radians((bounds[1] + bounds[3]) / 2)), 1.0])
        self._grid = Grid(decimals, scale)
        self._given = shapes
        # whether all areas were seen to match in the end
        self.matched = False
        self._shapes = _transformed(shapes, lambda xy: xy * scale)
        self._exact = exact

    def mended(self, snap_m: float, wrong: Indexes | None) -> Shapes:
        """The areas with common edges, at their decimals, in degrees; ``wrong`` are those to begin with, if known."""
        if self._exact is None:
            return np.asarray(shapely.transform(self._mended(snap_m, wrong), self._grid.degrees))
        try:
            made, width = self._mended(snap_m, wrong), snap_m / METRES_PER_DEGREE
            give_back()
            for _ in range(_LOOKS):
                changed = np.flatnonzero([new is not old for new, old in zip(made, self._shapes, strict=True)])
                shapes = self._given.copy()
                shapes[changed] = shapely.transform(made[changed], self._grid.degrees)
                some = _around(shapes, changed, width)
                left = some[_unsound(shapes[some], self._given[some], width)]
                if not len(left):
                    return shapes
                # in degrees a position may lie on an edge exactly, and in the plane beside it
                made = self._without_crumbs(self._matched(made, left, width)[0], width)
        except GEOSException:
            pass
        # edges that are shaken by as much as the width may not come out whole so: mending on the grid moves them more
        self._exact = None
        return self.mended(snap_m, wrong)

    def _mended(self, snap_m: float, wrong: Indexes | None) -> Shapes:
        width = snap_m / METRES_PER_DEGREE
        faulty = _faulty(self._shapes, np.arange(len(self._shapes)), width)[0] if wrong is None else wrong
        now, left = self._snapped(faulty, width) or self._settled(faulty, width)
        self.matched = not len(left)
        for _ in range(_WELDINGS):
            apart, edges = _faulty(now, left, width)
            if not len(apart):
                break
            welded = self._rounded(_welded(now, apart, edges, width))
            after, changed, settled = self._matched(welded, apart, width)
            if not settled or not _alike(now, after, width):
                break
            now, left = after, changed
        return now if self._exact is None else self._without_crumbs(now, width)

    def _snapped(self, faulty: Indexes, width: float) -> tuple[Shapes, Indexes] | None:
        """Areas made to match before they are rounded, and where gaps may be open; nothing where that does not end."""
        if self._exact is None:
            return None
        now, exact = self._shapes.copy(), self._shapes.copy()
        touched, places, rounding = faulty[:0], np.empty((0, 2)), Rounding(self._grid)
        for _ in range(_ROUNDS):
            new = np.setdiff1d(faulty, touched)
            touched = np.union1d(touched, new)
            if len(new):
                exact[new] = self._unrounded(new, self._exact)
                some = np.intersect1d(_around(exact, new, width), touched)
                part = filled(shapely.coverage_clean(exact[some], snapping_distance=_NODES_DEG), width)
                if not _alike(exact[some], part, width):
                    return None
                exact[some] = part
                rounding.keep_tips(part)
            if len(places):
                rounding.find_nodes(exact[touched], places)
            made = np.array([rounding.area(shape) for shape in exact[touched].tolist()], dtype=object)
            changed = touched[~shapely.equals_exact(made, now[touched], 0.0)]
            if not len(changed):
                return None if len(_faulty(now, faulty, 0.0)[0]) else (now, faulty)
            now[touched] = made
            look = np.union1d(_around(now, changed, width), faulty)
            faulty, edges = _faulty(now, look, width)
            if not len(faulty):
                return now, faulty
            crossing = meeting(now[faulty[~shapely.is_valid(now[faulty])]].tolist())
            places = np.vstack([places, shapely.get_coordinates(edges), crossing])
        return None

    def _without_crumbs(self, now: Shapes, width: float) -> Shapes:
        """Give strips that were cut off their area to the neighbour with most of their edge."""
        more = shapely.get_num_geometries(now) > shapely.get_num_geometries(self._shapes)
        self.matched = self.matched and not more.any()
        for index in np.flatnonzero(more).tolist():
            parts, before = shapely.get_parts(now[index]), shapely.get_parts(self._shapes[index])
            loose = thin(parts, width) & (np.arange(len(parts)) != np.argmax(shapely.area(parts)))
            known = shapely.multipolygons(before[thin(before, width)])
            loose &= ~shapely.intersects(parts, known)
            now[index] = _one(parts[~loose].tolist())
            for strip in parts[loose].tolist():
                give(now, strip, width)
        return now

    def _settled(self, faulty: Indexes, width: float) -> tuple[Shapes, Indexes]:
        """The same for what is not one coverage when it is not rounded either."""
        now, touched, _ = self._matched(self._shapes, faulty, width)
        return now, touched

    def _unrounded(self, chosen: Indexes, exact: Callable[[int], BaseGeometry | None]) -> Shapes:
        shapes: Shapes = self._shapes[chosen]
        for at, index in enumerate(chosen.tolist()):
            shape = exact(index)
            if shape is not None:
                shapes[at] = shapely.transform(shape, lambda xy: xy * self._grid.scale)
        return shapes

    def _matched(self, shapes: Shapes, faulty: Indexes, width: float) -> tuple[Shapes, Indexes, bool]:
        """Areas without overlaps and closed gaps, which of them were worked on, and whether that came to an end."""
        now, touched = shapes.copy(), faulty[:0]
        for _ in range(_ROUNDS):
            if not len(faulty):
                return now, touched, True
            subset = _around(now, faulty, width)
            part = shapely.coverage_clean(now[subset], snapping_distance=_NODES_DEG)
            part = filled(self._rounded(part), width)
            if not _alike(now[subset], part, width):
                return now, touched, False
            now[subset] = part
            touched = np.union1d(touched, subset)
            faulty, _edges = _faulty(now, subset, 0.0)
        return now, touched, False

    def _rounded(self, shapes: Shapes) -> Shapes:
        try:
            return np.asarray(shapely.remove_repeated_points(shapely.transform(shapes, self._grid.nearest)))
        except GEOSException:
            # a ring fell together: it goes
            return np.array([self._without_points(shape) for shape in shapes.tolist()], dtype=object)

    def _without_points(self, shape: BaseGeometry) -> BaseGeometry:
        polygons = []
        for part in shapely.get_parts(shape).tolist():
            runs = [self._grid.nearest(shapely.get_coordinates(ring)) for ring in (part.exterior, *part.interiors)]
            runs = [without_repeats(run) for run in runs]
            if len(runs[0]) >= _RING:
                polygons.append(shapely.Polygon(runs[0], [run for run in runs[1:] if len(run) >= _RING]))
        return _one(polygons)


def _transformed(shapes: Shapes, made: Callable[[Positions], Positions]) -> Shapes:
    """Areas with other positions, made a few at a time, as the positions of all take much memory."""
    return np.concatenate([shapely.transform(shapes[some], made) for some in portions_of(shapes)])


def _around(shapes: Shapes, chosen: Indexes, width: float) -> Indexes:
    """Some areas with all that are no farther from them than the width."""
    near = shapely.STRtree(shapes).query(shapes[chosen], predicate="dwithin", distance=width)[1]
    return np.union1d(near, chosen).astype(np.int64)


def _alike(before: Shapes, after: Shapes, width: float) -> bool:
    """Whether no area is gone, or won or lost more than a strip of the width around it."""
    most = shapely.length(before) * width
    return bool((~shapely.is_empty(after) & (np.abs(shapely.area(after) - shapely.area(before)) <= most)).all())


def _faulty(shapes: Shapes, look: Indexes, width: float) -> tuple[Indexes, Shapes]:
    """Which of some areas are invalid or have edges that differ from their neighbours', and those edges."""
    valid = shapely.is_valid(shapes[look])
    edges = unmatched_edges(shapes[look], width, valid=bool(valid.all()))
    wrong = ~shapely.is_empty(edges) | ~valid
    return look[wrong], edges[wrong]


def _unsound(shapes: Shapes, before: Shapes, width: float) -> Indexes:
    """Which areas in degrees don't match as check will look at them, or lie at a narrow hole that none had before.

    Raises
    ------
    GEOSException
        They do not match at all.
    """
    wrong = ~shapely.is_valid(shapes)
    if not wrong.any():
        wrong = ~shapely.is_empty(unmatched_edges(shapes, width))
    if not wrong.any():
        holes = holes_of(np.array([shapely.coverage_union_all(shapes)], dtype=object))
        narrow = holes[thin(holes, width)] if len(holes) else holes
        new = narrow[~shapely.intersects(narrow, shapely.multipolygons(holes_of(before)))]
        wrong = shapely.intersects(shapes, shapely.multipolygons(new))
    return np.flatnonzero(wrong)


def _one(polygons: list[BaseGeometry]) -> BaseGeometry:
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


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
