"""What follows longitude and latitude in a position, such as its height, carried over to a shape made of another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.geometry.antimeridian_steps import Positions

_DECIMALS = 3
_ON_EDGE_DEG = 1e-9
_PLANE = 2

Numbers = NDArray[np.float64]


def carried(new: Sequence[Positions], old: Sequence[Positions]) -> list[Positions]:
    """Runs with the further numbers that their positions have in other runs.

    Parameters
    ----------
    new
        Runs of longitude and latitude in degrees; what follows them is not looked at.
    old
        The runs that they were made of, with whatever follows.

    Returns
    -------
    list of Positions
        The new runs. A position that no old run has gets what its place on the nearest old edge has, halfway between
        where two edges cross, to three decimals; a run has as many numbers as all its positions can have.
    """
    deep = [run for run in old if run.shape[1] > _PLANE]
    if not deep:
        return list(new)
    known = {row[:_PLANE].tobytes(): row[_PLANE:] for run in old for row in run + 0.0}
    flat = [run[:, :_PLANE] + 0.0 for run in new]
    rows = [[known.get(row.tobytes()) for row in run] for run in flat]
    missing = [(n, m) for n, row in enumerate(rows) for m, one in enumerate(row) if one is None]
    if missing:
        places = np.array([flat[n][m] for n, m in missing])
        for (n, m), made in zip(missing, _between(places, old), strict=True):
            rows[n][m] = made
    return [_joined(run, row) for run, row in zip(flat, rows, strict=True)]


def _joined(run: Positions, rows: Sequence[Numbers | None]) -> Positions:
    held = [row for row in rows if row is not None]
    size = min(map(len, held), default=0)
    return np.hstack([run, np.array([row[:size] for row in held])]) if size else run


def _between(places: Positions, old: Sequence[Positions]) -> list[Numbers]:
    """Further numbers of places on or beside the edges of runs."""
    runs = [run if len(run) > 1 else np.vstack([run, run]) for run in old]
    edges = shapely.linestrings(
        np.concatenate([np.stack([run[:-1, :_PLANE], run[1:, :_PLANE]], axis=1) for run in runs])
    )
    ends = [pair for run in runs for pair in pairwise(run)]
    tree, points = shapely.STRtree(edges), shapely.points(places)
    beside: list[list[int]] = [[] for _ in places]
    for n, edge in tree.query(points, predicate="dwithin", distance=_ON_EDGE_DEG).T.tolist():
        beside[n].append(edge)
    nearest = tree.nearest(points).tolist()
    made: list[Numbers] = []
    for place, around, one in zip(places, beside, nearest, strict=True):
        numbers = [_along(place, *ends[edge]) for edge in around or [one]]
        size = min(map(len, numbers))
        made.append(np.round(np.array([each[:size] for each in numbers]).mean(axis=0), _DECIMALS))
    return made


def _along(place: Positions, start: Positions, end: Positions) -> Numbers:
    """Further numbers at the place of an edge that is nearest."""
    step = end[:_PLANE] - start[:_PLANE]
    length = float(step @ step)
    share = min(max(float((place - start[:_PLANE]) @ step) / length, 0.0), 1.0) if length else 0.0
    numbers: Numbers = start[_PLANE:] + (end[_PLANE:] - start[_PLANE:]) * share
    return numbers
