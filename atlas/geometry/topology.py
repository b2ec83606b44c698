"""Lines that share their stretches: cut where they meet and kept once, so that neighbours stay neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

Coordinates = NDArray[np.float64]
Integers = NDArray[np.int64]

GRID_PER_DEGREE = 50_000
METRES_PER_DEGREE = 110_600.0
RING_POSITIONS = 4
# by how much the tolerance shrinks where the first simplification went wrong
SECOND_THOUGHTS = (1 / 3, 1 / 9, 0.0)


@dataclass(frozen=True, slots=True)
class Topology:
    """Arcs on a grid of 1/50,000 degree (2.2 m), and for each line its arcs; ``~i`` is arc ``i`` backwards."""

    arcs: list[Integers]
    lines: list[list[int]]

    def coordinates(self, line: int) -> Coordinates:
        """A line put together again (longitude, latitude in degrees)."""
        pieces = [self.arcs[ref] if ref >= 0 else self.arcs[~ref][::-1] for ref in self.lines[line]]
        joined = np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])
        return joined / GRID_PER_DEGREE


def build(lines: Sequence[Coordinates], tolerances_m: Sequence[float]) -> Topology:
    """Share, simplify and snap lines; where two lines share a stretch, the finer tolerance holds.

    Parameters
    ----------
    lines
        Open lines and closed rings (longitude, latitude in degrees) whose shared stretches have the same vertices.
    tolerances_m
        How far, in metres, each line may move.
    """
    if not lines:
        return Topology([], [])
    numbers, positions = _number(lines)
    junction = _junctions(numbers, len(positions))
    arcs: dict[bytes, int] = {}
    vertices: list[Integers] = []
    tolerance: list[float] = []
    refs: list[list[int]] = []
    for line, allowed in zip(numbers, tolerances_m, strict=True):
        refs.append([])
        for piece in _cut(line, junction):
            forward = _canonical(piece)
            key = (piece if forward else piece[::-1]).tobytes()
            index = arcs.setdefault(key, len(arcs))
            if index == len(vertices):
                vertices.append(piece if forward else piece[::-1])
                tolerance.append(allowed)
            tolerance[index] = min(tolerance[index], allowed)
            refs[-1].append(index if forward else ~index)
    shapes = [positions[piece] for piece in vertices]
    return Topology(_settle(shapes, np.array(tolerance), refs), refs)


def _number(lines: Sequence[Coordinates]) -> tuple[list[Integers], Coordinates]:
    """Each line as vertex numbers, equal positions having equal numbers."""
    stacked = np.round(np.concatenate(lines) * 1e7).astype(np.int64)
    keys = (stacked[:, 0] << 32) + stacked[:, 1]
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    bounds = np.cumsum([len(line) for line in lines])[:-1]
    return [_without_repeats(part) for part in np.split(inverse, bounds)], stacked[first] / 1e7


def _without_repeats(numbers: Integers) -> Integers:
    keep = np.ones(len(numbers), dtype=bool)
    keep[1:] = numbers[1:] != numbers[:-1]
    return numbers[keep]


def _junctions(numbers: Sequence[Integers], count: int) -> NDArray[np.bool_]:
    """Vertices where lines meet or part: other than two neighbours, or the end of an open line."""
    edges = np.concatenate([np.stack([line[:-1], line[1:]], axis=1) for line in numbers])
    edges.sort(axis=1)
    distinct = np.unique(edges[:, 0] * count + edges[:, 1])
    degree = np.bincount(distinct // count, minlength=count) + np.bincount(distinct % count, minlength=count)
    junction: NDArray[np.bool_] = degree != 2  # noqa: PLR2004 - a vertex inside a line has two neighbours
    for line in numbers:
        if line[0] != line[-1]:
            junction[line[[0, -1]]] = True
    return junction


def _cut(line: Integers, junction: NDArray[np.bool_]) -> list[Integers]:
    if line[0] == line[-1]:
        inside = np.flatnonzero(junction[line[:-1]])
        start = int(inside[0]) if len(inside) else int(np.argmin(line[:-1]))
        line = np.concatenate([line[start:-1], line[: start + 1]])
    cuts = np.flatnonzero(junction[line[1:-1]]) + 1
    ends = [0, *cuts.tolist(), len(line) - 1]
    return [line[a : b + 1] for a, b in pairwise(ends)]


def _canonical(piece: Integers) -> bool:
    """Whether a piece runs in the direction in which it is kept; the same answer for both of its users."""
    head, tail = (piece[0], piece[-1]) if piece[0] != piece[-1] else (piece[1], piece[-2])
    return bool(head <= tail)


def _settle(shapes: list[Coordinates], tolerance_m: NDArray[np.float64], refs: list[list[int]]) -> list[Integers]:
    """Simplify; where a ring would cross itself or vanish, its arcs keep more of their vertices."""
    owner = np.repeat(np.arange(len(shapes)), [len(shape) for shape in shapes])
    lines = shapely.linestrings(np.concatenate(shapes), indices=owner)
    arcs = _simplified(lines, tolerance_m)
    rings = [line for line in refs if _closed(line, shapes)]
    for factor in SECOND_THOUGHTS:
        rings = _broken(rings, arcs)
        if not rings:
            break
        again = np.unique([ref if ref >= 0 else ~ref for line in rings for ref in line])
        for index, arc in zip(again.tolist(), _simplified(lines[again], tolerance_m[again] * factor), strict=True):
            arcs[index] = arc
    return arcs


def _closed(line: list[int], shapes: list[Coordinates]) -> bool:
    first = shapes[line[0]][0] if line[0] >= 0 else shapes[~line[0]][-1]
    last = shapes[line[-1]][-1] if line[-1] >= 0 else shapes[~line[-1]][0]
    return bool(first[0] == last[0] and first[1] == last[1])


def _simplified(lines: NDArray[np.object_], tolerance_m: NDArray[np.float64]) -> list[Integers]:
    thinned = shapely.simplify(lines, tolerance_m / METRES_PER_DEGREE, preserve_topology=False)
    positions, owner = shapely.get_coordinates(thinned, return_index=True)
    snapped = np.round(positions * GRID_PER_DEGREE).astype(np.int64)
    # positions that fall on one grid point are one, but an arc keeps its two ends
    same = np.zeros(len(snapped), dtype=bool)
    same[1:] = (snapped[1:] == snapped[:-1]).all(axis=1) & (owner[1:] == owner[:-1])
    last = np.append(owner[1:] != owner[:-1], [True])
    keep = ~same | last
    snapped, owner = snapped[keep], owner[keep]
    return np.split(snapped, np.flatnonzero(np.diff(owner)) + 1)


def _broken(rings: list[list[int]], arcs: list[Integers]) -> list[list[int]]:
    """The rings that are too short for an area, or cross themselves."""
    drawn = [Topology(arcs, [ring]).coordinates(0) for ring in rings]
    long_enough = [index for index, ring in enumerate(drawn) if len(ring) >= RING_POSITIONS]
    if not long_enough:
        return rings
    owner = np.repeat(np.arange(len(long_enough)), [len(drawn[index]) for index in long_enough])
    areas = shapely.polygons(
        shapely.linearrings(np.concatenate([drawn[index] for index in long_enough]), indices=owner)
    )
    sound = {index for index, valid in zip(long_enough, shapely.is_valid(areas).tolist(), strict=True) if valid}
    return [ring for index, ring in enumerate(rings) if index not in sound]
