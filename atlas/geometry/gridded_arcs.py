"""Arcs as pages carry them: simplified and snapped to a grid, once for all lines that share them.

An arc is simplified by itself (Ramer 1972), by the finest tolerance of the lines that use it, and rounded
to the grid. Where a ring comes out too short or crosses itself, its arcs are done again with a third and a ninth of the
tolerance, and at last with none.

*Why it is right.* Both sides of a common edge are put together from the same arc (`atlas.geometry.topology`), whose
ends stay, so that they neither part nor overlap along it, whatever was left out. The arcs of a ring are at worst as
they were, but for the grid: so it ends.

*Invariants* (`tests/render/test_shapes.py`): a line put together again is within its tolerance and half a cell of what
it was; the same lines give the same arcs. It is for drawing; `atlas.clean.simplify` has stricter rules. Source:
U. Ramer, Computer Graphics and Image Processing 1 (1972) 244–256; quantisation as in TopoJSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.geometry.topology import Vertices, arc_number, shared_arcs
from atlas.geometry.units import METRES_PER_DEGREE_OF_LATITUDE

Coordinates = NDArray[np.float64]
Integers = NDArray[np.int64]

GRID_PER_DEGREE = 50_000
RING_POSITIONS = 4
# by how much the tolerance shrinks where the first simplification went wrong
SECOND_THOUGHTS = (1 / 3, 1 / 9, 0.0)


@dataclass(frozen=True, slots=True)
class GriddedArcs:
    """Arcs on a grid of 1/50,000 degree (2.2 m), and for each line its arcs; ``~i`` is arc ``i`` backwards."""

    arcs: list[Integers]
    lines: list[list[int]]

    def coordinates(self, line: int) -> Coordinates:
        """A line put together again (longitude, latitude in degrees)."""
        pieces = [self.arcs[ref] if ref >= 0 else self.arcs[~ref][::-1] for ref in self.lines[line]]
        joined = np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])
        return joined / GRID_PER_DEGREE


def gridded_arcs(lines: Sequence[Coordinates], tolerances_m: Sequence[float]) -> GriddedArcs:
    """Share, simplify and snap lines; where two lines share a stretch, the finer tolerance holds.

    Parameters
    ----------
    lines
        Open lines and closed rings (longitude, latitude in degrees) whose shared stretches have the same vertices.
    tolerances_m
        How far, in metres, each line may move.
    """
    if not lines:
        return GriddedArcs([], [])
    numbers, positions = _number(lines)
    arcs, walks = shared_arcs(numbers, len(positions))
    tolerance = np.full(len(arcs), np.inf)
    for walk, allowed in zip(walks, tolerances_m, strict=True):
        at = [arc_number(step) for step in walk]
        tolerance[at] = np.minimum(tolerance[at], allowed)
    return GriddedArcs(_settle([positions[arc] for arc in arcs], tolerance, walks), walks)


def _number(lines: Sequence[Coordinates]) -> tuple[list[Vertices], Coordinates]:
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
        again = np.unique([arc_number(ref) for line in rings for ref in line])
        for index, arc in zip(again.tolist(), _simplified(lines[again], tolerance_m[again] * factor), strict=True):
            arcs[index] = arc
    return arcs


def _closed(line: list[int], shapes: list[Coordinates]) -> bool:
    first = shapes[line[0]][0] if line[0] >= 0 else shapes[~line[0]][-1]
    last = shapes[line[-1]][-1] if line[-1] >= 0 else shapes[~line[-1]][0]
    return bool(first[0] == last[0] and first[1] == last[1])


def _simplified(lines: NDArray[np.object_], tolerance_m: NDArray[np.float64]) -> list[Integers]:
    thinned = shapely.simplify(lines, tolerance_m / METRES_PER_DEGREE_OF_LATITUDE, preserve_topology=False)
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
    drawn = [GriddedArcs(arcs, [ring]).coordinates(0) for ring in rings]
    long_enough = [index for index, ring in enumerate(drawn) if len(ring) >= RING_POSITIONS]
    if not long_enough:
        return rings
    owner = np.repeat(np.arange(len(long_enough)), [len(drawn[index]) for index in long_enough])
    areas = shapely.polygons(
        shapely.linearrings(np.concatenate([drawn[index] for index in long_enough]), indices=owner)
    )
    sound = {index for index, valid in zip(long_enough, shapely.is_valid(areas).tolist(), strict=True) if valid}
    return [ring for index, ring in enumerate(rings) if index not in sound]
