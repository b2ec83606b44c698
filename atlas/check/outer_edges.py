"""Edges that only one of many areas has, by a number for each edge that two areas share whichever way it runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

# positions whose edges are looked at together
_PORTION = 100_000
# odd numbers without a pattern
_MIX = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)

Positions = NDArray[np.float64]
Indexes = NDArray[np.int64]
Shapes = NDArray[np.object_]
Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Directed edges with the inside on their left: ends of shape (n, 2, 2), longitude first, and whose they are."""

    ends: Positions
    owners: Indexes


@dataclass(frozen=True, slots=True, eq=False)
class AllEdges:
    """All edges of areas, ring by ring: where each begins among the positions, its key, and whose it is.

    ``marks`` are numbers of the positions; two positions have the same if they are the same.
    """

    xy: Positions
    marks: Keys
    starts: Indexes
    keys: Keys
    owners: Indexes

    def ends_of(self, chosen: Indexes) -> Positions:
        """Both ends of some."""
        at = self.starts[chosen]
        return np.stack([self.xy[at], self.xy[at + 1]], axis=1)

    def counted_keys(self, areas: int) -> tuple[Keys, Indexes]:
        """The keys, and how many each of so many areas has."""
        return self.keys, np.bincount(self.owners, minlength=areas)


def edges_around(shapes: Shapes, union: BaseGeometry, most: int) -> Edges | None:
    """The edges of a union of areas; nothing where there are more than so many, or none."""
    around = edges_of(np.array([shapely.orient_polygons(union)], dtype=object))
    if not 0 < len(around.starts) <= most:
        return None
    known = edges_of(shapes)
    order = np.argsort(known.keys, kind="stable")
    keys = known.keys[order]
    at = np.minimum(np.searchsorted(keys, around.keys), len(keys) - 1)
    owner = np.where(keys[at] == around.keys, known.owners[order][at], -1)
    ends = around.ends_of(np.arange(len(around.starts)))
    # where areas overlap, their union has edges that none of them has
    new = np.flatnonzero(owner < 0)
    if len(new):
        middles = shapely.points(ends[new].mean(axis=1))
        number, near = shapely.STRtree(shapes).query(middles, predicate="dwithin", distance=1e-9)
        owner[new[number]] = near
    return Edges(ends[owner >= 0], owner[owner >= 0])


def single_edges(shapes: Shapes) -> Edges:
    """The edges that stand once among all; of areas that match, these are the edges of their union."""
    return single_edges_of(portions_of(shapes), lambda some: shapes[some])


def portions_of(shapes: Shapes) -> list[Indexes]:
    """Indexes of areas, so many together that their edges take little memory."""
    sizes = np.cumsum(shapely.get_num_coordinates(shapes)) // _PORTION
    return np.split(np.arange(len(shapes)), np.flatnonzero(np.diff(sizes)) + 1)


def single_edges_of(portions: Sequence[Indexes], shapes_of: Callable[[Indexes], Shapes]) -> Edges:
    """The same of areas that are made when they are asked for by their indexes."""
    # only keys are held of all edges, and the rest of some areas at a time
    held = [edges_of(shapely.orient_polygons(shapes_of(some))).counted_keys(len(some)) for some in portions]
    single = stand_once(np.concatenate([keys for keys, _ in held]))
    counts = np.concatenate([count for _, count in held])
    del held
    areas, ends = np.concatenate(portions), np.cumsum(counts)
    having = np.flatnonzero(np.diff(np.append(0, np.cumsum(single))[np.append(0, ends)]))
    parts: list[Positions] = []
    owners: list[Indexes] = []
    for some in np.split(having, np.flatnonzero(np.diff(ends[having] // _PORTION)) + 1):
        edges = edges_of(shapely.orient_polygons(shapes_of(areas[some])))
        chosen = np.flatnonzero(
            np.concatenate([single[:0], *(single[ends[n] - counts[n] : ends[n]] for n in some.tolist())])
        )
        parts.append(edges.ends_of(chosen))
        owners.append(areas[some][edges.owners[chosen]])
    return Edges(np.concatenate(parts), np.concatenate(owners))


def stand_once(keys: Keys) -> NDArray[np.bool_]:
    """Which of so many numbers stand once."""
    order = np.argsort(keys)
    ordered = keys[order]
    same = ordered[1:] == ordered[:-1]
    # millions of numbers, which are not needed below
    del ordered
    single = np.zeros(len(order), dtype=np.bool_)
    single[order[~(np.append(False, same) | np.append(same, False))]] = True
    return single


def has_holes(edges: Edges) -> bool | None:
    """Whether the union that has these edges has holes; nothing where rings touch, so that it can't be told so."""
    begin, end = (np.ascontiguousarray(edges.ends[:, n]).view(np.complex128).ravel() for n in (0, 1))
    order = np.argsort(begin)
    begun = begin[order]
    if (begun[1:] == begun[:-1]).any():
        return None
    onward = order[np.minimum(np.searchsorted(begun, end), len(begun) - 1)]
    if (begin[onward] != end).any():
        return None
    # runs of edges that follow each other in the array are rings, or parts of them
    first = np.flatnonzero(np.append([True], onward[:-1] != np.arange(1, len(begin))))
    last = np.append(first[1:], len(begin)) - 1
    local = edges.ends - edges.ends[:1, :1]
    areas = np.add.reduceat(local[:, 0, 0] * local[:, 1, 1] - local[:, 1, 0] * local[:, 0, 1], first)
    return _any_clockwise(np.searchsorted(first, onward[last]).tolist(), areas.tolist())


def _any_clockwise(onward: list[int], areas: list[float]) -> bool:
    """Whether runs that lead to each other make a ring without a positive area."""
    waiting = set(range(len(onward)))
    while waiting:
        run, total = next(iter(waiting)), 0.0
        while run in waiting:
            waiting.discard(run)
            total += areas[run]
            run = onward[run]
        if total <= 0:
            return True
    return False


def edges_of(shapes: Shapes) -> AllEdges:
    """All edges of areas; which side the inside is on is as it was."""
    parts, shape = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    marks = _marks(xy)
    return AllEdges(xy, marks, starts, (marks[:-1] + marks[1:])[starts], shape[part[ring[starts]]])


def _marks(xy: Positions) -> Keys:
    """A number for each position; the sum of two is that of the edge between them."""
    bits = (xy + 0.0).view(np.uint64)
    # a multiplication mixes upwards only, so that the upper half is brought down
    bits ^= bits >> np.uint64(29)
    bits *= np.array(_MIX[:2], dtype=np.uint64)
    mixed = bits[:, 0] ^ (bits[:, 1] + (bits[:, 0] >> np.uint64(7)))
    for factor in _MIX[2:]:
        mixed ^= mixed >> np.uint64(32)
        mixed *= np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(29))
