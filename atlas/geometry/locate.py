"""Linear referencing of many positions at once: the same places as ``MeasuredLine.project`` finds one by one.

Boxes are laid around runs of 512, 64 and 8 steps of the line. For each position a box gives two bounds: it holds no
point of the line nearer than its edge, and at least one as near as a position of the line that is known to be in it.
Boxes whose first bound is above the least second bound of all can't hold the nearest step and are left; of the others
the next smaller boxes are asked, and at last their steps.

*Why it is right.* A box is left only if something else is certainly nearer, so the nearest step is among those compared
in the end. All distances are those of the position's own plane (an equirectangular one at its latitude), in which also
``project`` compares; the result is measured on the ellipsoid. Of steps that are equally near the first counts in both.

*Invariants* (`tests/geometry/test_locate.py`): for any positions the results are those of ``project``; order and number
of the positions change nothing. Source: branch and bound over a hierarchy of boxes, as for nearest neighbours in
R-trees (Roussopoulos, Kelley and Vincent, SIGMOD 1995).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atlas.errors import GeometryError
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.geodesy import Positions, ellipsoid, scale_m

_SIZES = (512, 64, 8)
# so few at a time that the work stays in the processor's cache
_POINTS = 2_048
# what rounding may do to the square of a distance
_SLACK, _SLACK_M2 = 1 + 1e-9, 1e-9

Indexes = NDArray[np.int64]
Metres = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """Where positions lie along a line: arrays of shape (n,), in the order of the positions."""

    chainage_km: NDArray[np.float64]
    distance_m: Metres


@dataclass(frozen=True, slots=True, eq=False)
class _Boxes:
    """Boxes around runs of equally many steps, and a position of the line in each; in degrees, shape (2, n)."""

    size: int
    middle: Positions
    half: Positions
    inside: Positions

    @classmethod
    def of(cls, line: Positions, size: int) -> _Boxes:
        steps = len(line) - 1
        runs = np.minimum(np.arange(-(-steps // size))[:, None] * size + np.arange(size + 1), steps)
        low, high = line[runs].min(axis=1), line[runs].max(axis=1)
        return cls(size, (low + high).T / 2, (high - low).T / 2, line[runs[:, size // 2]].T.copy())

    def bounds(self, boxes: Indexes, x: Metres, y: Metres, scales: Positions) -> tuple[Metres, Metres]:
        """Squares of how near to a point, in its plane, a box may hold the line, and how near it does at least."""
        across, up = (
            np.maximum(np.abs(at - self.middle[axis, boxes]) - self.half[axis, boxes], 0) * scales[axis]
            for axis, at in enumerate((x, y))
        )
        sure_across, sure_up = ((at - self.inside[axis, boxes]) * scales[axis] for axis, at in enumerate((x, y)))
        return across * across + up * up, sure_across * sure_across + sure_up * sure_up


@dataclass(frozen=True, slots=True, eq=False)
class LineLocator:
    """A measured line that many positions are held against.

    Boxes around 512, 64 and 8 steps leave few steps to compare for each position.
    """

    line: MeasuredLine
    boxes: tuple[_Boxes, ...]

    @classmethod
    def of(cls, line: MeasuredLine) -> LineLocator:
        """Prepare a line."""
        return cls(line, tuple(_Boxes.of(line.positions, size) for size in _SIZES))

    def locate(self, positions: Positions) -> Located:
        """Chainage in km of the nearest place on the line, and the geodesic distance to it in metres.

        Parameters
        ----------
        positions
            Longitude and latitude in degrees, shape (n, 2).

        Raises
        ------
        GeometryError
            The array has another shape, or holds something that is not a finite number.
        """
        points = np.asarray(positions, dtype=np.float64)
        if points.size == 0:
            return Located(np.empty(0), np.empty(0))
        if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():  # noqa: PLR2004 - longitude, latitude
            msg = f"positions must be finite longitudes and latitudes of shape (n, 2), got shape {points.shape}"
            raise GeometryError(msg)
        portions = [points[at : at + _POINTS] for at in range(0, len(points), _POINTS)]
        return self._measured(points, np.concatenate([self._nearest(portion) for portion in portions]))

    def _nearest(self, points: Positions) -> Indexes:
        """The step of the line that is nearest in each point's own plane; of equals the first."""
        x, y, scales = points[:, 0], points[:, 1], scale_m(points[:, 1]).T
        owner = np.repeat(np.arange(len(points)), len(self.boxes[0].middle[0]))
        inner = np.tile(np.arange(len(self.boxes[0].middle[0])), len(points))
        least = np.full(len(points), np.inf)
        finer = [(boxes.size, len(boxes.middle[0])) for boxes in self.boxes[1:]] + [(1, len(self.line.positions) - 1)]
        for boxes, (size, count) in zip(self.boxes, finer, strict=True):
            low, high = boxes.bounds(inner, x[owner], y[owner], scales[:, owner])
            least = np.minimum(least, np.minimum.reduceat(high, _begins(owner)) * _SLACK + _SLACK_M2)
            near = low <= least[owner]
            owner, inner = _within(owner[near], inner[near], boxes.size // size, count)
        steps = inner
        _, apart = self._held(points[owner], scales[:, owner], steps)
        begins = _begins(owner)
        nearest = apart == np.minimum.reduceat(apart, begins)[owner]
        first: Indexes = np.minimum.reduceat(np.where(nearest, steps, len(self.line.positions)), begins)
        return first

    def _held(self, points: Positions, scales: Positions, steps: Indexes) -> tuple[NDArray[np.float64], Metres]:
        """Share of its step at which each point is nearest to it, and how far it is in the point's plane."""
        line = self.line.positions
        x, y = ((line[steps, axis] - points[:, axis]) * scales[axis] for axis in (0, 1))
        dx = (line[steps + 1, 0] - points[:, 0]) * scales[0] - x
        dy = (line[steps + 1, 1] - points[:, 1]) * scales[1] - y
        share = np.clip(-(x * dx + y * dy) / (dx * dx + dy * dy), 0, 1)
        return share, np.hypot(x + dx * share, y + dy * share)

    def _measured(self, points: Positions, steps: Indexes) -> Located:
        share, _ = self._held(points, scale_m(points[:, 1]).T, steps)
        begin = self.line.positions[steps]
        foot = begin + (self.line.positions[steps + 1] - begin) * share[:, None]
        along = ellipsoid().inv(begin[:, 0], begin[:, 1], foot[:, 0], foot[:, 1])[2]
        away = ellipsoid().inv(points[:, 0], points[:, 1], foot[:, 0], foot[:, 1])[2]
        return Located((self.line.measures_m[steps] + along) / 1000, np.asarray(away))


def _within(owner: Indexes, groups: Indexes, size: int, count: int) -> tuple[Indexes, Indexes]:
    """What groups of ``size`` hold, with the owner of each."""
    inner = groups[:, None] * size + np.arange(size)
    real = inner < count
    return np.repeat(owner, size).reshape(-1, size)[real], inner[real]


def _begins(owner: Indexes) -> Indexes:
    """Where each owner's run begins; every owner has one, in order."""
    return np.flatnonzero(np.diff(owner, prepend=-1))
