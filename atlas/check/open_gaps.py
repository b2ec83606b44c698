"""Gaps between neighbouring areas that are open at an end: no holes in their union, but inlets far longer than wide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.check.polygon_rules import Shapes
from atlas.geometry.units import METRES_PER_DEGREE

# streets and rivers are less long for their width where the same two areas face each other
_LONGER = 150.0
_SHORTEST_M = 100.0
_TURN = np.cos(np.radians(160.0))
_MOST_EDGES = 400_000
# beyond this the width of a degree says nothing
_FARTHEST_LAT = 85.0
# odd numbers without a pattern
_MIX = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)

Positions = NDArray[np.float64]
Indexes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class OpenGap:
    """The strip between two areas, by their indexes."""

    first: int
    second: int
    strip: BaseGeometry


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Directed edges on the outside of all areas: ends of shape (n, 2, 2), and whose they are."""

    ends: Positions
    owners: Indexes


def open_gaps(shapes: Shapes, union: BaseGeometry, widest_m: float) -> list[OpenGap]:
    """Strips narrower than so many metres between areas of which only a part of the ends touch, or none."""
    edges = _outside(shapes, union)
    if edges is None:
        return []
    left, right = _facing(edges, widest_m)
    if not len(left):
        return []
    covered, strips = _between(edges, left, right)
    owners = np.column_stack([edges.owners[left], edges.owners[right]])
    gaps = []
    for a, b in np.unique(owners, axis=0).tolist():
        chosen = (owners == [a, b]).all(axis=1)
        length_m = float(covered[chosen].sum())
        if length_m < _SHORTEST_M:
            continue
        strip = shapely.difference(shapely.union_all(strips[chosen]), shapely.union(shapes[a], shapes[b]))
        scale = METRES_PER_DEGREE**2 * np.cos(np.radians(edges.ends[left[chosen][0], 0, 1]))
        width_m = float(strip.area * scale) / length_m
        if 0 < width_m <= widest_m and length_m >= _LONGER * width_m:
            gaps.append(OpenGap(a, b, strip))
    return gaps


def _outside(shapes: Shapes, union: BaseGeometry) -> _Edges | None:
    """The edges that only one area has; nothing where there are too many."""
    # with the inside on their left
    ends, _ = _edges_of(np.array([shapely.orient_polygons(union)], dtype=object))
    if len(ends) > _MOST_EDGES or not len(ends):
        return None
    known, owners = _edges_of(shapes)
    keys, wanted = _keys(known), _keys(ends)
    order = np.argsort(keys, kind="stable")
    at = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    owner = np.where(keys[order][at] == wanted, owners[order][at], -1)
    # where areas overlap, their union has edges that none of them has
    new = np.flatnonzero(owner < 0)
    if len(new):
        middles = shapely.points(ends[new].mean(axis=1))
        number, near = shapely.STRtree(shapes).query(middles, predicate="dwithin", distance=1e-9)
        owner[new[number]] = near
    return _Edges(ends[owner >= 0], owner[owner >= 0])


def _edges_of(shapes: Shapes) -> tuple[Positions, Indexes]:
    """All edges, and the index of the shape of each."""
    parts, shape = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    at = np.flatnonzero(ring[1:] == ring[:-1])
    return np.stack([xy[at], xy[at + 1]], axis=1), shape[part[ring[at]]]


def _keys(ends: Positions) -> NDArray[np.uint64]:
    """A number for each edge, the same for the same edge whichever way it runs."""
    back = (ends[:, 0, 0] > ends[:, 1, 0]) | ((ends[:, 0, 0] == ends[:, 1, 0]) & (ends[:, 0, 1] > ends[:, 1, 1]))
    forward = np.where(back[:, None, None], ends[:, ::-1], ends)
    bits = np.ascontiguousarray(forward.reshape(len(ends), 4) + 0.0).view(np.uint64)
    # a multiplication mixes upwards only, so that the upper half is brought down
    mixed = (bits ^ (bits >> np.uint64(29))) * np.array(_MIX, dtype=np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.array(_MIX[::-1], dtype=np.uint64)
    return np.asarray(mixed.sum(axis=1, dtype=np.uint64), dtype=np.uint64)


def _facing(edges: _Edges, widest_m: float) -> tuple[Indexes, Indexes]:
    """Pairs of edges of two areas that run against each other no farther apart, the lower area first."""
    steepest = float(np.cos(np.radians(min(np.abs(edges.ends[:, :, 1]).max(), _FARTHEST_LAT))))
    width = widest_m / METRES_PER_DEGREE / steepest
    boxes = np.hstack([edges.ends.min(axis=1) - width, edges.ends.max(axis=1) + width])
    several = _near_others(edges.owners, boxes)
    chosen = np.flatnonzero(several)
    lines = shapely.linestrings(edges.ends[chosen])
    left, right = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=width)
    left, right = chosen[left], chosen[right]
    ahead = edges.owners[left] < edges.owners[right]
    left, right = left[ahead], right[ahead]
    steps = np.diff(_metres(edges.ends), axis=1)[:, 0]
    along = (steps[left] * steps[right]).sum(axis=1)
    against = along <= _TURN * np.hypot(*steps[left].T) * np.hypot(*steps[right].T)
    return left[against], right[against]


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


def _between(edges: _Edges, left: Indexes, right: Indexes) -> tuple[Positions, Shapes]:
    """How long each pair runs beside each other, in metres, and the quadrangle between its stretches."""
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
    hulls = shapely.convex_hull(shapely.multipoints(quads))
    return np.asarray(covered), np.asarray(hulls)
