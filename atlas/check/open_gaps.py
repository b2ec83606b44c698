"""Gaps between neighbouring areas that are open at an end: no holes in their union, but inlets far longer than wide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.check.outer_edges import Edges, edges_around, has_holes, single_edges
from atlas.check.polygon_rules import Shapes
from atlas.geometry.units import METRES_PER_DEGREE

# streets and rivers are less long for their width where the same two areas face each other
_LONGER = 150.0
_SHORTEST_M = 100.0
_TURN = np.cos(np.radians(160.0))
_MOST_EDGES = 400_000
# edges that are compared with those around them at a time
_PORTION = 1_000
# beyond this the width of a degree says nothing
_FARTHEST_LAT = 85.0

Positions = NDArray[np.float64]
Indexes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class OpenGap:
    """The strip between two areas, by their indexes."""

    first: int
    second: int
    strip: BaseGeometry


@dataclass(frozen=True, slots=True, eq=False)
class _Facing:
    """Pairs of edges by their indexes, how far apart they are at least, and how long they run beside each other."""

    left: Indexes
    right: Indexes
    apart_m: Positions
    lengths_m: Positions

    def pairs(self, edges: Edges, count: int) -> Indexes:
        """A number for the two areas, of so many, that each pair of edges belongs to."""
        return edges.owners[self.left] * count + edges.owners[self.right]


def open_gaps(shapes: Shapes, union: BaseGeometry, widest_m: float) -> list[OpenGap]:
    """Strips narrower than so many metres between areas of which only a part of the ends touch, or none."""
    edges = edges_around(shapes, union, _MOST_EDGES)
    return [] if edges is None else _gaps_between(shapes, edges, widest_m)


def has_gaps(shapes: Shapes, widest_m: float) -> bool:
    """Whether there may be gaps, closed or open at an end, between areas whose edges all match.

    The union of such areas has the edges that stand once, so that it need not be made.
    """
    edges = single_edges(shapes)
    holes = has_holes(edges)
    if holes is None:
        union = shapely.coverage_union_all(shapes)
        holes = bool(shapely.get_num_interior_rings(shapely.get_parts(union)).any())
    return holes or (len(edges.ends) <= _MOST_EDGES and bool(_gaps_between(shapes, edges, widest_m)))


def may_have_open_gaps(shapes: Shapes, widest_m: float, farthest_lat: float) -> bool:
    """Whether edges of two areas face each other for so long that there may be an open gap between them.

    The areas may be some of a file in which none is farther north or south than a latitude in degrees.
    """
    edges = single_edges(shapes)
    if not len(edges.ends):
        return False
    return bool(len(_long_enough(_facing(edges, widest_m, farthest_lat), edges, len(shapes)).left))


def _gaps_between(shapes: Shapes, edges: Edges, widest_m: float) -> list[OpenGap]:
    facing = _long_enough(_facing(edges, widest_m), edges, len(shapes))
    if not len(facing.left):
        return []
    left, right = facing.left, facing.right
    strips = shapely.convex_hull(shapely.multipoints(_stretches(edges, left, right)[1]))
    pairs, pair, counts = np.unique(facing.pairs(edges, len(shapes)), return_inverse=True, return_counts=True)
    order = np.split(np.argsort(pair, kind="stable"), np.cumsum(counts)[:-1])
    whole = [strips[group[0]] if len(group) == 1 else shapely.union_all(strips[group]) for group in order]
    one, other = np.divmod(pairs, len(shapes))
    between = shapely.difference(np.array(whole, dtype=object), shapely.union(shapes[one], shapes[other]))
    first = np.array([group[0] for group in order])
    scale = METRES_PER_DEGREE**2 * np.cos(np.radians(edges.ends[left[first], 0, 1]))
    lengths_m = np.bincount(pair, facing.lengths_m)
    widths_m = shapely.area(between) * scale / lengths_m
    narrow = (widths_m > 0) & (widths_m <= widest_m) & (lengths_m >= _LONGER * widths_m)
    return [OpenGap(int(one[n]), int(other[n]), between[n]) for n in np.flatnonzero(narrow).tolist()]


def _long_enough(facing: _Facing, edges: Edges, count: int) -> _Facing:
    """Without the edges of two areas that face each other too far apart for how long they do.

    What lies between them is at least as wide as they are apart; where one edge faces several, each is counted.
    """
    _, pair, counts = np.unique(facing.pairs(edges, count), return_inverse=True, return_counts=True)
    if not len(counts):
        return facing
    lengths_m = np.bincount(pair, facing.lengths_m)
    apart_m = np.full(len(counts), np.inf)
    np.minimum.at(apart_m, pair, facing.apart_m)
    usable = (lengths_m >= _SHORTEST_M) & (lengths_m * counts >= _LONGER * apart_m)
    kept = usable[pair]
    return _Facing(facing.left[kept], facing.right[kept], facing.apart_m[kept], facing.lengths_m[kept])


def _facing(edges: Edges, widest_m: float, farthest_lat: float | None = None) -> _Facing:
    """Pairs of edges of two areas that run against each other no farther apart, the lower area first."""
    farthest_lat = float(np.abs(edges.ends[:, :, 1]).max()) if farthest_lat is None else farthest_lat
    steepest = float(np.cos(np.radians(min(farthest_lat, _FARTHEST_LAT))))
    width = widest_m / METRES_PER_DEGREE / steepest
    boxes = np.hstack([edges.ends.min(axis=1) - width, edges.ends.max(axis=1) + width])
    several = _near_others(edges.owners, boxes)
    chosen = np.flatnonzero(several)
    lines = shapely.linestrings(edges.ends[chosen])
    tree, steps = shapely.STRtree(lines), np.diff(_metres(edges.ends), axis=1)[:, 0]
    portions: list[_Facing] = []
    # where edges lie close together, each has many others around it
    for start in range(0, max(len(chosen), 1), _PORTION):
        some = chosen[start : start + _PORTION]
        near, far = tree.query(shapely.box(*boxes[some].T))
        left, right = some[near], chosen[far]
        along = (steps[left] * steps[right]).sum(axis=1)
        against = along <= _TURN * np.hypot(*steps[left].T) * np.hypot(*steps[right].T)
        kept = np.flatnonzero(against & (edges.owners[left] < edges.owners[right]))
        # distances last, as they take longest
        apart = shapely.distance(lines[start + near[kept]], lines[far[kept]])
        kept, apart = kept[apart <= width], apart[apart <= width]
        left, right = left[kept], right[kept]
        lengths_m = _stretches(edges, left, right)[0]
        portions.append(_Facing(left, right, apart * METRES_PER_DEGREE * steepest, lengths_m))
    return _Facing(*map(np.concatenate, zip(*map(_columns, portions), strict=True)))


def _columns(facing: _Facing) -> tuple[NDArray[np.generic], ...]:
    return facing.left, facing.right, facing.apart_m, facing.lengths_m


def _near_others(owners: Indexes, boxes: Positions) -> NDArray[np.bool_]:
    """Edges whose surroundings meet those of another area's edges; taken by squares, which is quick."""
    size = float(np.median(boxes[:, 2:] - boxes[:, :2])) * 4 + 1e-9
    low, high = (np.floor(part / size).astype(np.int64) for part in (boxes[:, :2], boxes[:, 2:]))
    corners = np.vstack([low, high, np.column_stack([low[:, 0], high[:, 1]]), np.column_stack([high[:, 0], low[:, 1]])])
    whole = (high - low > 1).any(axis=1)
    _, square = np.unique((corners[:, 0] << 32) ^ (corners[:, 1] & 0xFFFF_FFFF), return_inverse=True)
    square = square.ravel()
    least = np.full(square.max() + 1, np.iinfo(np.int64).max)
    most = np.full(square.max() + 1, -1)
    four = np.tile(owners, 4)
    np.minimum.at(least, square, four)
    np.maximum.at(most, square, four)
    mixed = (least != most)[square].reshape(4, -1).any(axis=0)
    # an edge over many squares may meet others in between
    return np.asarray(mixed | whole, dtype=np.bool_)


def _metres(ends: Positions) -> Positions:
    scale = np.ones_like(ends)
    scale[:, :, 0] = np.cos(np.radians(np.clip(ends[:, :, 1].mean(axis=1), -_FARTHEST_LAT, _FARTHEST_LAT)))[:, None]
    return ends * scale * METRES_PER_DEGREE


def _stretches(edges: Edges, left: Indexes, right: Indexes) -> tuple[Positions, Positions]:
    """How long each pair runs beside each other, in metres, and the four ends of its stretches."""
    here, there = edges.ends[left], edges.ends[right]
    shrink = np.ones((len(left), 1, 2))
    shrink[:, 0, 0] = np.cos(np.radians(np.clip(here[:, :, 1].mean(axis=1), -_FARTHEST_LAT, _FARTHEST_LAT)))
    a, b = here * shrink, there * shrink
    step = a[:, 1] - a[:, 0]
    length2 = np.maximum((step**2).sum(axis=1), 1e-300)
    # where the ends of the one lie along the other, as a share of it
    share = np.stack([((b[:, n] - a[:, 0]) * step).sum(axis=1) / length2 for n in (1, 0)], axis=1)
    low, high = np.clip(share[:, 0], 0, 1), np.clip(share[:, 1], 0, 1)
    span = np.where(share[:, 1] == share[:, 0], 1.0, share[:, 1] - share[:, 0])
    ends = [here[:, 0] + (here[:, 1] - here[:, 0]) * part[:, None] for part in (low, high)]
    back = there[:, 0] - there[:, 1]
    others = [there[:, 1] + back * ((part - share[:, 0]) / span)[:, None] for part in (high, low)]
    quads = np.stack([*ends, *others], axis=1)
    covered = np.maximum(high - low, 0.0) * np.sqrt(length2) * METRES_PER_DEGREE
    return np.asarray(covered), quads
