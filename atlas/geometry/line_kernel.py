"""The loop of the quick locator, compiled by numba: the nearest step of a line, and two geodesic distances a point.

Imported only where numba is installed (the extra ``scale``); `line_finder` says what it computes and why it is right.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numba
import numpy as np

_TURNS = 12
_SETTLED = 1e-13
# what rounding may do to the square of a distance
_SLACK, _SLACK_M2 = 1 + 1e-9, 1e-9


def _compiled(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - numba's
    """Compiled once a machine, or once a run where no folder can be written."""
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return numba.njit(nogil=True)(function)


@_compiled
def geodesic_m(lon1: float, lat1: float, lon2: float, lat2: float, a: float, f: float) -> float:  # noqa: PLR0913, PLR0917 - compiled
    """Metres between two positions in degrees by Vincenty's inverse series; not a number where it does not settle."""
    if lon1 == lon2 and lat1 == lat2:
        return 0.0
    b = a * (1 - f)
    span = (lon2 - lon1) * math.pi / 180
    t1, t2 = (1 - f) * math.tan(lat1 * math.pi / 180), (1 - f) * math.tan(lat2 * math.pi / 180)
    c1, c2 = 1 / math.sqrt(1 + t1 * t1), 1 / math.sqrt(1 + t2 * t2)
    s1, s2 = t1 * c1, t2 * c2
    turn = span
    for _ in range(_TURNS):
        sin_turn, cos_turn = math.sin(turn), math.cos(turn)
        sin_arc = math.sqrt((c2 * sin_turn) ** 2 + (c1 * s2 - s1 * c2 * cos_turn) ** 2)
        if sin_arc == 0.0:
            return 0.0
        cos_arc = s1 * s2 + c1 * c2 * cos_turn
        arc = math.atan2(sin_arc, cos_arc)
        sin_azimuth = c1 * c2 * sin_turn / sin_arc
        cos2 = 1 - sin_azimuth * sin_azimuth
        middle = cos_arc - 2 * s1 * s2 / cos2 if cos2 > 0 else 0.0
        c = f / 16 * cos2 * (4 + f * (4 - 3 * cos2))
        last = turn
        turn = span + (1 - c) * f * sin_azimuth * (
            arc + c * sin_arc * (middle + c * cos_arc * (-1 + 2 * middle * middle))
        )
        if abs(turn - last) < _SETTLED:
            u2 = cos2 * (a * a - b * b) / (b * b)
            big_a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
            big_b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
            inner = cos_arc * (-1 + 2 * middle * middle) - big_b / 6 * middle * (-3 + 4 * sin_arc * sin_arc) * (
                -3 + 4 * middle * middle
            )
            return b * big_a * (arc - big_b * sin_arc * (middle + big_b / 4 * inner))
    return math.nan


@_compiled
def _low(box: Any, px: float, py: float, sx: float, sy: float) -> Any:  # noqa: ANN401 - numba's
    """Square of how near a box may hold the line."""
    across, up = max(abs(px - box[0]) - box[2], 0.0) * sx, max(abs(py - box[1]) - box[3], 0.0) * sy
    return across * across + up * up


@_compiled
def _high(box: Any, px: float, py: float, sx: float, sy: float) -> Any:  # noqa: ANN401 - as above
    """Square of how near a box holds the line at least, with what rounding may do."""
    across, up = (px - box[4]) * sx, (py - box[5]) * sy
    return (across * across + up * up) * _SLACK + _SLACK_M2


@_compiled
def _first_limit(boxes: Any, starts: Any, ratios: Any, px: float, py: float, sx: float, sy: float) -> float:  # noqa: ANN401, PLR0917, PLR0913 - as above
    """A square that the nearest step is certainly not beyond, from the best box of each size."""
    limit, best = np.inf, 0
    low, high = starts[0], starts[1]
    for level in range(3):
        for k in range(low, high):
            far = _high(boxes[k], px, py, sx, sy)
            if far < limit:
                limit, best = far, k
        if level == 2 or not starts[level] <= best < starts[level + 1]:  # noqa: PLR2004 - the last size
            break
        low = starts[level + 1] + (best - starts[level]) * ratios[level]
        high = min(low + ratios[level], starts[level + 2])
    return limit


@_compiled
def nearest_steps(points: Any, scales: Any, line: Any, boxes: Any, starts: Any, steps: Any, shares: Any) -> None:  # noqa: ANN401, PLR0917, PLR0913, C901 - one loop, compiled
    """For each point the nearest step of the line in the point's own plane, of equals the first, and where on it."""
    ratios = np.array([8, 8, 8])
    for i in range(len(points)):
        px, py, sx, sy = points[i, 0], points[i, 1], scales[i, 0], scales[i, 1]
        limit = _first_limit(boxes, starts, ratios, px, py, sx, sy)
        best, step, share = np.inf, -1, 0.0
        for one in range(starts[1]):
            if _low(boxes[one], px, py, sx, sy) > limit:
                continue
            for two in range(one * 8, min(one * 8 + 8, starts[2] - starts[1])):
                if _low(boxes[starts[1] + two], px, py, sx, sy) > limit:
                    continue
                for three in range(two * 8, min(two * 8 + 8, starts[3] - starts[2])):
                    if _low(boxes[starts[2] + three], px, py, sx, sy) > limit:
                        continue
                    for s in range(three * 8, min(three * 8 + 8, len(line) - 1)):
                        x, y = (line[s, 0] - px) * sx, (line[s, 1] - py) * sy
                        dx, dy = (line[s + 1, 0] - px) * sx - x, (line[s + 1, 1] - py) * sy - y
                        t = -(x * dx + y * dy) / (dx * dx + dy * dy)
                        t = min(max(t, 0.0), 1.0)
                        fx, fy = x + dx * t, y + dy * t
                        square = fx * fx + fy * fy
                        if square <= limit:
                            apart = np.hypot(fx, fy)
                            if apart < best:
                                best, step, share = apart, s, t
                                limit = min(limit, square * _SLACK + _SLACK_M2)
        steps[i], shares[i] = step, share


@_compiled
def measures(points: Any, line: Any, along: Any, at: Any, globe: tuple[float, float], out: Any) -> None:  # noqa: ANN401, PLR0917, PLR0913 - one loop, compiled
    """Chainage in km and distance in metres of each point, from its step and the share of it."""
    steps, shares = at
    (a, f), (km, away) = globe, out
    for i in range(len(points)):
        s = steps[i]
        foot_lon = line[s, 0] + (line[s + 1, 0] - line[s, 0]) * shares[i]
        foot_lat = line[s, 1] + (line[s + 1, 1] - line[s, 1]) * shares[i]
        km[i] = (along[s] + geodesic_m(line[s, 0], line[s, 1], foot_lon, foot_lat, a, f)) / 1000
        away[i] = geodesic_m(points[i, 0], points[i, 1], foot_lon, foot_lat, a, f)
