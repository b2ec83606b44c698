"""What an area with crossing rings can have meant: the one answer, or the two that GEOS gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.clean.measure import is_narrow

_TINY_DEG2 = 1e-12
# of a ring's area: what is left of nothing, or of all, when doubles are cut
_SHARE = 1e-9
# an area whose rings fall into more than these is not filled, which would take minutes
MOST_PIECES = 10_000
# crossings of a ring from which its pieces are looked at one by one
_OFTEN = 250
_AT_ONCE = 200
# rings of a polygon from which those that are apart are laid over it together
_MANY_RINGS = 50


class Filling(StrEnum):
    """How crossing rings are filled.

    ``STRUCTURE``: all that an outline goes around is inside; rings are outlines or holes as they lie in each other, and
    parts are merged. ``LINEWORK``: what is gone around an even number of times is outside.
    """

    STRUCTURE = "structure"
    LINEWORK = "linework"


def filled(area: BaseGeometry, filling: Filling) -> BaseGeometry | None:
    """The valid area by one way of filling; nothing where that leaves nothing, or would take minutes."""
    if shapely.is_empty(area) or pieces_of(area) > MOST_PIECES:
        return None
    made = _by_turns(area) if filling is Filling.LINEWORK else _by_outlines(area)
    return None if shapely.is_empty(made) else made


def unambiguous(area: BaseGeometry, snap_m: float) -> BaseGeometry | None:
    """The valid area, where filling by turns and filling by outlines differ by less than the width to snap."""
    if shapely.is_empty(area) or pieces_of(area) > MOST_PIECES:
        return None
    by_outlines = shapely.make_valid(area, method="structure", keep_collapsed=False)
    # nothing is counted twice or taken off: a crossing as small as rounding makes them
    if not shapely.is_empty(by_outlines) and abs(area.area - by_outlines.area) < _TINY_DEG2:
        return by_outlines
    by_turns = _by_turns(area)
    if shapely.is_empty(by_outlines) or shapely.is_empty(by_turns):
        return None
    if not is_narrow(_areal(shapely.symmetric_difference(by_turns, by_outlines)), snap_m):
        return None
    return by_outlines


def pieces_of(area: BaseGeometry) -> int:
    """How often the rings cross themselves, which is into how many more pieces they fall; counted to a limit only."""
    rings = shapely.get_rings(shapely.get_parts(area))
    return sum(map(_crossings, rings[~shapely.is_simple(rings)].tolist()))


# a ring is asked about by several steps one after the other
@lru_cache(maxsize=4)
def _crossings(ring: BaseGeometry) -> int:
    """How often a ring crosses itself; no longer counted than until it is too often."""
    positions = shapely.get_coordinates(ring)
    edges = shapely.linestrings(np.stack([positions[:-1], positions[1:]], axis=1))
    tree, counted = shapely.STRtree(edges), 0
    for at in range(0, len(edges), _AT_ONCE):
        # each crossing is met from both edges
        counted += tree.query(edges[at : at + _AT_ONCE], predicate="crosses").shape[1]
        if counted > 2 * MOST_PIECES:
            break
    return counted // 2


def _ring_by_turns(ring: BaseGeometry) -> BaseGeometry:
    """What a ring goes around an odd number of times.

    Where it crosses itself often, GEOS' way takes minutes; what comes of its pieces, each asked by itself, is the same.
    """
    if shapely.is_simple(ring) or _crossings(ring) < _OFTEN:
        return _areal(shapely.make_valid(shapely.Polygon(ring)))
    xy = shapely.get_coordinates(ring)
    start, end = xy[:-1], xy[1:]
    noded = shapely.unary_union(shapely.LineString(xy))
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded).tolist()))
    inside = shapely.get_coordinates(shapely.point_on_surface(pieces))
    beyond = np.column_stack([np.full(len(inside), xy[:, 0].max() + 1), inside[:, 1]])
    edges = shapely.STRtree(shapely.linestrings(np.stack([start, end], axis=1)))
    piece, edge = edges.query(shapely.linestrings(np.stack([inside, beyond], axis=1)))
    (x, y), one, other = inside[piece].T, start[edge], end[edge]
    passed = (one[:, 1] > y) != (other[:, 1] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = one[:, 0] + (y - one[:, 1]) * (other[:, 0] - one[:, 0]) / (other[:, 1] - one[:, 1])
    turns = np.bincount(piece[passed & (at > x)], minlength=len(pieces))
    return _areal(shapely.union_all(pieces[turns % 2 == 1]))


def _by_turns(area: BaseGeometry) -> BaseGeometry:
    shapes = [_ring_by_turns(ring) for ring in shapely.get_rings(shapely.get_parts(area)).tolist()]
    # two by two, so that the hundreds of islands of a coast are not each laid over all that came before
    while len(shapes) > 1:
        rest = shapes[len(shapes) // 2 * 2 :]
        shapes = [*shapely.symmetric_difference(shapes[: len(shapes) // 2 * 2 : 2], shapes[1::2]).tolist(), *rest]
    return _areal(shapes[0])


def _by_outlines(area: BaseGeometry) -> BaseGeometry:
    parts = [_arranged(part) for part in shapely.get_parts(area).tolist()]
    return _areal(shapely.union_all(parts))


def _arranged(polygon: BaseGeometry) -> BaseGeometry:
    """A polygon whose rings are what they are by how they lie in each other, the largest first."""
    outlines: list[tuple[BaseGeometry, bool]] = []
    alike: dict[tuple[float, ...], list[BaseGeometry]] = {}
    for n, ring in enumerate(shapely.get_rings(polygon).tolist()):
        outline = shapely.make_valid(shapely.Polygon(ring), method="structure", keep_collapsed=False)
        # what is equal has the same box
        known = alike.setdefault(outline.bounds, [])
        if not shapely.is_empty(outline) and not any(shapely.equals(outline, one) for one in known):
            known.append(outline)
            outlines.append((outline, n == 0))
    made: BaseGeometry = shapely.Polygon()
    for group in _apart(sorted(outlines, key=lambda pair: -float(pair[0].area))):
        shapely.prepare(made)
        joins = [_joins(made, outline, is_first=is_first) for outline, is_first in group]
        for join, members in groupby(zip(joins, group, strict=True), key=itemgetter(0)):
            some = [outline for _, (outline, _) in members]
            many = some[0] if len(some) == 1 else shapely.multipolygons(shapely.get_parts(some))
            made = shapely.union(made, many) if join else shapely.difference(made, many)
    return _areal(made)


def _apart(outlines: list[tuple[BaseGeometry, bool]]) -> Iterator[list[tuple[BaseGeometry, bool]]]:
    """Outlines in their order, as many at a time as have boxes that do not meet, so that none changes what another is.

    Few are given one by one, as where rings begin depends on how often shapes are laid over each other.
    """
    if len(outlines) < _MANY_RINGS:
        yield from ([one] for one in outlines)
        return
    boxes = shapely.box(*np.array([outline.bounds for outline, _ in outlines]).reshape(-1, 4).T)
    later, earlier = shapely.STRtree(boxes).query(boxes, predicate="intersects")
    # the last one before each that it meets
    last = np.full(len(outlines), -1)
    np.maximum.at(last, later[earlier < later], earlier[earlier < later])
    start = 0
    for at, before in enumerate(last.tolist()):
        if before >= start:
            yield outlines[start:at]
            start = at
    yield outlines[start:]


def _joins(made: BaseGeometry, outline: BaseGeometry, *, is_first: bool) -> bool:
    """Whether an outline is added to what there is, and not taken off."""
    if shapely.contains_properly(made, outline):
        return False
    if shapely.disjoint(made, outline):
        return True
    shared = shapely.intersection(made, outline).area
    apart, covered = shared <= _SHARE * outline.area, shared >= (1 - _SHARE) * outline.area
    return bool(apart or (is_first and not covered))


def _areal(shape: BaseGeometry) -> BaseGeometry:
    """What is area of a shape, without the lines and points that are left where it fell together."""
    return shapely.union_all([part for part in _parts(shape) if part.geom_type == "Polygon"])


def _parts(shape: BaseGeometry) -> Iterable[BaseGeometry]:
    """All parts, those of collections too."""
    for part in shapely.get_parts(shape).tolist():
        yield from shapely.get_parts(part).tolist()
