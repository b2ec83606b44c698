"""Lines and rings as runs of positions: closed, without repetition and spikes, turning the right way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from atlas.check.line_rules import turns_back
from atlas.clean.model import PositionArray
from atlas.geometry.position_grid import nearest, without_repeats
from atlas.geometry.units import METRES_PER_DEGREE

_RING = 4
_POLE = 90


def closed(ring: PositionArray) -> PositionArray:
    """The ring with its first position at its end."""
    return ring if (ring[0, :2] == ring[-1, :2]).all() else np.vstack([ring, ring[:1]])


def rounded(run: PositionArray, decimals: int) -> PositionArray:
    """The run at so many decimals; the same object where nothing changes."""
    new = nearest(run[:, :2], decimals)
    if (new == run[:, :2]).all():
        return run
    return np.hstack([new, run[:, 2:]])


def without_spikes(run: PositionArray, limit_m: float, *, ring: bool) -> PositionArray:
    """The run without the tips of spikes that are narrower than the limit, as often as there are any."""
    while len(run) > (_RING if ring else 2):
        tips = spikes(run, limit_m, ring=ring)
        if not len(tips):
            return run
        # where the first position of a ring goes, it begins at the second
        run = np.vstack([run[1:-1], run[1:2]]) if ring and 0 in tips else np.delete(run, tips[:1], axis=0)
        run = without_repeats(run)
    return run


def spikes(run: PositionArray, limit_m: float, *, ring: bool) -> NDArray[np.int64]:
    """Indexes of the tips of spikes that are narrower than the limit; of a ring, its end is not counted."""
    if len(run) < 3:  # noqa: PLR2004 - there and back
        return np.array([], dtype=np.int64)
    scale = np.column_stack([np.cos(np.radians(run[:, 1])), np.ones(len(run))]) * METRES_PER_DEGREE
    steps = np.diff(run[:, :2], axis=0)
    here, there = steps[:-1], steps[1:]
    at = np.arange(1, len(run) - 1)
    if ring:
        here, there = np.vstack([steps[-1:], here]), np.vstack([steps[:1], there])
        at = np.append([0], at)
    here, there = here * scale[at], there * scale[at]
    across = np.abs(here[:, 0] * there[:, 1] - here[:, 1] * there[:, 0])
    longer = np.sqrt(np.maximum((here**2).sum(axis=1), (there**2).sum(axis=1)))
    with np.errstate(divide="ignore", invalid="ignore"):
        narrow = (across / longer < limit_m) & (np.abs(run[at, 1]) < _POLE)
    return np.asarray(at[turns_back(here, there) & narrow], dtype=np.int64)


def signed(ring: PositionArray) -> float:
    """Twice the area of a ring in square degrees, positive when it runs anticlockwise."""
    local = ring[:, :2] - ring[0, :2]
    ahead = np.roll(local, -1, axis=0)
    return float((local[:, 0] * ahead[:, 1] - ahead[:, 0] * local[:, 1]).sum())


def rotated(ring: PositionArray, start: PositionArray) -> PositionArray:
    """The closed ring beginning at a position, where it has it."""
    starts = np.flatnonzero((ring[:-1, :2] == start[:2]).all(axis=1))
    if not len(starts) or starts[0] == 0:
        return ring
    open_ring = np.roll(ring[:-1], -int(starts[0]), axis=0)
    return np.vstack([open_ring, open_ring[:1]])
