"""Upper bounds, position by position, of how far two drawings of one feature are apart, where they have like rings.

Each ring or line is laid beside the one of the other drawing that stands in its place, turned to begin where that one
begins and to run the same way. A position lies no farther from the other drawing than from its counterpart there, and
no farther than from the few steps around the counterpart. Any pairing gives a right bound, a good pairing a close one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

# steps before and after a counterpart that are looked at
_AROUND = 2

Positions = NDArray[np.float64]
Numbers = NDArray[np.float64]
Indexes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DrawnAlike:
    """Positions of a drawing with their counterparts in another, in metres of a plane.

    Attributes
    ----------
    xy
        All positions of the one drawing.
    others
        All positions of the other, turned so that its runs go as those of the first.
    at, first, last
        For each of ``xy`` the index of its counterpart, and those of the ends of the run in which that stands.
    """

    xy: Positions
    others: Positions
    at: Indexes
    first: Indexes
    last: Indexes

    @property
    def roughly_m(self) -> Numbers:
        """How far each position is from its counterpart."""
        return np.asarray(np.hypot(*(self.xy - self.others[self.at]).T))

    def closely_m(self, some: Indexes) -> Numbers:
        """How far some positions are from the steps around their counterparts."""
        xy, at = self.xy[some], self.at[some]
        nearest = np.full(len(some), np.inf)
        for step in range(-_AROUND, _AROUND):
            start = np.clip(at + step, self.first[some], self.last[some] - 1)
            np.minimum(nearest, _square_to_steps(xy, self.others[start], self.others[start + 1]), out=nearest)
        return np.asarray(np.sqrt(nearest))


def drawn_alike(drawn: BaseGeometry, other: BaseGeometry) -> DrawnAlike | None:
    """Two drawings laid beside each other; nothing where they have other numbers of rings or lines.

    Parameters
    ----------
    drawn, other
        Lines, or the edges of areas, in metres of a plane.
    """
    runs, others = _runs(drawn), _runs(other)
    if len(runs) != len(others):
        return None
    turned = [_turned(beside, run) for run, beside in zip(runs, others, strict=True)]
    sizes = [len(run) for run in runs]
    ends = np.cumsum([len(run) for run in turned])
    first = ends - [len(run) for run in turned]
    at = [_counterparts(run, beside) + start for run, beside, start in zip(runs, turned, first.tolist(), strict=True)]
    return DrawnAlike(
        np.concatenate(runs), np.concatenate(turned), np.concatenate(at), np.repeat(first, sizes),
        np.repeat(ends - 1, sizes),
    )  # fmt: skip


def _runs(drawn: BaseGeometry) -> list[Positions]:
    xy, number = shapely.get_coordinates(shapely.get_parts(drawn), return_index=True)
    return np.split(xy, np.flatnonzero(np.diff(number)) + 1)


def _turned(run: Positions, like: Positions) -> Positions:
    """A run that begins near where another begins, and goes the same way."""
    if (run[0] == run[-1]).all() and (like[0] == like[-1]).all():
        start = int(np.argmin(np.square(run[:-1] - like[0]).sum(axis=1)))
        begun = np.vstack([run[start:-1], run[: start + 1]]) if start else run
        # a quarter of the way is elsewhere on the way back
        quarter = like[len(like) // 4]
        ahead, back = begun[len(run) // 4], begun[-1 - len(run) // 4]
        return begun if np.hypot(*(ahead - quarter)) <= np.hypot(*(back - quarter)) else begun[::-1]
    ends = np.square(run[[0, -1]] - like[0]).sum(axis=1)
    return run if ends[0] <= ends[1] else run[::-1]


def _counterparts(run: Positions, beside: Positions) -> Indexes:
    """For each position the one of the other run: of as many its own, else that which is as far along it."""
    if len(run) == len(beside):
        return np.arange(len(run))
    here, there = _along(run), _along(beside)
    return np.minimum(np.searchsorted(there, here), len(beside) - 1)


def _along(run: Positions) -> Numbers:
    passed = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(run, axis=0).T))])
    return passed / passed[-1] if passed[-1] else passed


def _square_to_steps(xy: Positions, start: Positions, end: Positions) -> Numbers:
    """The squares of the distances of positions to a step each."""
    way, off = end - start, xy - start
    length = np.einsum("ij,ij->i", way, way)
    along = np.einsum("ij,ij->i", off, way) / np.where(length > 0, length, 1.0)
    rest = off - np.clip(along, 0.0, 1.0)[:, None] * way
    return np.asarray(np.einsum("ij,ij->i", rest, rest))
