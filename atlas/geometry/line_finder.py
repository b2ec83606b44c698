"""Where millions of positions lie along a line: rounded chainage, distance and side, the same as one by one.

With numba (the extra ``scale``) one compiled loop goes down the boxes of `locate` point by point, and measures by
Vincenty's series; without it `LineLocator` does the work, three times slower.

*Why it is right.* The boxes and the plane are those of `locate`, and a box is left only if something else is certainly
nearer. Vincenty's series is within a tenth of a millimetre of the geodesic over the distances that it is used for; what
lies within a millimetre of where rounding would go the other way, beyond 1,000 km or where the series does not settle
is measured by PROJ. At a corner of the line both its steps decide the side: where the line turns left, what is left of
both is left; where it turns right, what is left of either.

*Invariants* (`tests/points/test_quick_locator.py`): for any positions, on corners, at ends and at poles, the columns
equal those of `LineLocator` rounded by Python. Source: Vincenty, Survey Review 23 (1975); boxes as in `locate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atlas.geometry.geodesy import Positions, ellipsoid, scale_m
from atlas.geometry.locate import LineLocator

KM_DECIMALS, M_DECIMALS = 3, 1
LEFT, RIGHT, ON_LINE, AT_END = 1, -1, 0, 2
_NEAR_TIE = 1e-3
_FARTHEST_M = 1e6
_PORTION = 65_536

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class LinePlaces:
    """Where positions lie along a line, in their order.

    Attributes
    ----------
    steps
        The step of the line that is nearest.
    chainage_km, exact_km
        Rounded to metres, and as it decides the reach.
    distance_m
        Rounded to decimetres.
    sides
        ``LEFT``, ``RIGHT``, ``ON_LINE``, or ``AT_END`` where the nearest place is an end of the line.
    """

    steps: NDArray[np.int64]
    chainage_km: Floats
    exact_km: Floats
    distance_m: Floats
    sides: Codes


@dataclass(frozen=True, eq=False)
class LineFinder:
    """A line that millions of positions are held against."""

    locator: LineLocator
    compiled: bool = find_spec("numba") is not None

    def places(self, points: Positions, edge_km: float) -> LinePlaces:
        """Where finite positions lie, longitude and latitude in degrees, shape (n, 2).

        Parameters
        ----------
        edge_km
            Length of a reach: whatever is near a multiple of it is measured exactly.
        """
        parts = [
            self._portion(np.ascontiguousarray(points[at : at + _PORTION]), edge_km)
            for at in range(0, max(len(points), 1), _PORTION)
        ]
        columns = zip(*parts, strict=True)
        return LinePlaces(*(np.concatenate(column) for column in columns))

    def _portion(self, points: Positions, edge_km: float) -> tuple[Any, Floats, Floats, Floats, Codes]:
        scales = scale_m(points[:, 1])
        if self.compiled:
            steps, shares, km, away = self._compiled(points, np.ascontiguousarray(scales))
            doubtful = np.flatnonzero(_doubtful(km, away, edge_km))
        else:
            portions = [points[at : at + 2048] for at in range(0, len(points), 2048)]
            steps = np.concatenate([self.locator._nearest(one) for one in portions] or [np.empty(0, np.int64)])  # noqa: SLF001 - the same search
            shares, _ = self.locator._held(points, scales.T, steps)  # noqa: SLF001 - as above
            km, away, doubtful = np.empty(len(points)), np.empty(len(points)), np.arange(len(points))
        if len(doubtful):
            exact = self.locator._measured(points[doubtful], steps[doubtful])  # noqa: SLF001 - as above
            km[doubtful], away[doubtful] = exact.chainage_km, exact.distance_m
        rounded_km, rounded_m = np.round(km, KM_DECIMALS), np.round(away, M_DECIMALS)
        # numpy rounds a tie by another rule than Python
        rounded_km[doubtful] = [round(one, KM_DECIMALS) for one in km[doubtful].tolist()]
        rounded_m[doubtful] = [round(one, M_DECIMALS) for one in away[doubtful].tolist()]
        sides = self._sides(points, scales.T, steps, shares)
        sides[rounded_m == 0] = ON_LINE
        return steps, rounded_km, km, rounded_m, sides

    def _compiled(self, points: Positions, scales: Positions) -> tuple[NDArray[np.int64], Floats, Floats, Floats]:
        from atlas.geometry.line_kernel import measures, nearest_steps  # noqa: PLC0415 - only where numba is installed

        line, boxes, starts = self._tables
        steps = np.empty(len(points), np.int64)
        shares, km, away = np.empty(len(points)), np.empty(len(points)), np.empty(len(points))
        nearest_steps(points, scales, line, boxes, starts, steps, shares)
        measures(points, line, self._measures, (steps, shares), (ellipsoid().a, ellipsoid().f), (km, away))
        return steps, shares, km, away

    @cached_property
    def _measures(self) -> Floats:
        return np.ascontiguousarray(self.locator.line.measures_m)

    @cached_property
    def _tables(self) -> tuple[Positions, Floats, NDArray[np.int64]]:
        """The line, all boxes (middle, half, inside) from the largest to the smallest, and where each size begins."""
        rows = [np.vstack([one.middle, one.half, one.inside]).T for one in self.locator.boxes]
        starts = np.cumsum([0, *(len(one) for one in rows)])
        return np.ascontiguousarray(self.locator.line.positions), np.ascontiguousarray(np.vstack(rows)), starts

    def _sides(self, points: Positions, scales: Positions, steps: NDArray[np.int64], shares: Floats) -> Codes:
        line = self.locator.line.positions
        last = len(line) - 2
        here = _cross(line, points, scales, steps)
        sides = np.where(here > 0, LEFT, RIGHT).astype(np.int8)
        for end, other in ((shares == 0, steps - 1), (shares == 1, steps + 1)):
            sides[end & ((other < 0) | (other > last))] = AT_END
            rows = np.flatnonzero(end & (other >= 0) & (other <= last))
            first = np.minimum(steps[rows], other[rows])
            turn = _turn(line, scales[:, rows], first)
            one, two = here[rows] > 0, _cross(line, points[rows], scales[:, rows], other[rows]) > 0
            sides[rows] = np.where(np.where(turn > 0, one & two, one | two), LEFT, RIGHT)
        return sides


def _cross(line: Positions, points: Positions, scales: Positions, steps: NDArray[np.int64]) -> Floats:
    """Above zero where a point lies left of its step, in its own plane."""
    x, y = ((line[steps, axis] - points[:, axis]) * scales[axis] for axis in (0, 1))
    dx, dy = ((line[steps + 1, axis] - line[steps, axis]) * scales[axis] for axis in (0, 1))
    return np.asarray(dy * x - dx * y)


def _turn(line: Positions, scales: Positions, first: NDArray[np.int64]) -> Floats:
    """Above zero where the line turns left between a step and the next."""
    ax, ay = ((line[first + 1, axis] - line[first, axis]) * scales[axis] for axis in (0, 1))
    bx, by = ((line[first + 2, axis] - line[first + 1, axis]) * scales[axis] for axis in (0, 1))
    return np.asarray(ax * by - ay * bx)


def _doubtful(km: Floats, away: Floats, edge_km: float) -> NDArray[np.bool_]:
    """What lies so near to where rounding turns that only the exact measure decides."""
    edges = km / edge_km
    return np.asarray(
        ~(np.abs(km * 1000 % 1 - 0.5) >= _NEAR_TIE)
        | ~(np.abs(away * 10 % 1 - 0.5) >= 10 * _NEAR_TIE)
        | (np.abs(edges - np.rint(edges)) * edge_km < 1e-6)  # noqa: PLR2004 - a millimetre
        | ~(away <= _FARTHEST_M)
    )
