"""How long a line is for a ruler: dividers set to one length and walked along it from end to end.

From each point reached the next is where the line first leaves the circle of the ruler's length; what is left at the
end is a straight rest. Distances are chords of the ellipsoid in space: on a chord between two positions the point
at which it leaves a sphere is the root of one quadratic equation, so that nothing is searched step by step.

*Why it is right.* Of the two roots the greater is where a segment leaves the sphere, and the search goes on from there,
so that a point of the line that lies behind is never taken. The first segment whose end is a ruler away or more is the
one in which the line leaves it, for a sphere is convex: a segment between two points within it lies within it.

*Invariants* (`tests/geometry/test_ruler.py`): all steps have the ruler's length; steps and rest are no longer than the
line; a ruler longer than the line gives the chord of its ends. A longer ruler usually, but not always, gives a shorter
length: the curve is ragged. Source: L. F. Richardson's dividers (General Systems Yearbook 6 (1961) 139–187), as
B. Mandelbrot took them up (Science 156 (1967) 636–638).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from atlas.errors import GeometryError
from atlas.geometry.geodesy import Positions, ellipsoid

Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """The points where dividers were set down, and what was left at the end.

    ``points`` has shape (n, 2), longitude and latitude in degrees: the start, every step, the end of the line.
    """

    points: Positions
    ruler_m: float
    steps: int
    rest_m: float

    @property
    def length_km(self) -> float:
        """All steps and the straight rest, in kilometres."""
        return (self.steps * self.ruler_m + self.rest_m) / 1000


def walk(positions: Positions, *, ruler_m: float) -> Walk:
    """Walk dividers along a line, from the first position (longitude, latitude in degrees) to the last.

    Each step ends where the line first leaves the circle of ``ruler_m`` metres around the point reached. Distances
    are chords of the GRS 80 ellipsoid, which on 100 km are a metre shorter than the geodesic.

    Raises
    ------
    GeometryError
        The ruler has no length, or the line fewer than two positions.
    """
    if not (math.isfinite(ruler_m) and ruler_m > 0):
        msg = f"a ruler of {ruler_m!r} m cannot be walked; give a length above 0"
        raise GeometryError(msg)
    if len(positions) < 2:  # noqa: PLR2004 - a line has two ends
        msg = f"a line needs two positions or more, got {len(positions)}"
        raise GeometryError(msg)
    space = _space(positions)
    here, segment, share = space[0], 0, 0.0
    reached: list[tuple[int, float]] = []
    for number in range(1, len(space)):
        # one segment may hold many steps
        while math.dist(here, space[number]) >= ruler_m:
            ahead = share if segment == number - 1 else 0.0
            segment, share = number - 1, _share(space[number - 1], space[number], here, ahead, ruler_m)
            here = _between(space[segment], space[number], share)
            reached.append((segment, share))
    return Walk(_places(positions, reached), ruler_m, len(reached), math.dist(here, space[-1]))


def _share(start: Point, end: Point, here: Point, ahead: float, metres: float) -> float:
    """How far along a segment, as a share of it, it leaves the sphere around ``here``; not before ``ahead``."""
    (ax, ay, az), (bx, by, bz), (hx, hy, hz) = start, end, here
    ux, uy, uz, wx, wy, wz = bx - ax, by - ay, bz - az, ax - hx, ay - hy, az - hz
    square = ux * ux + uy * uy + uz * uz
    mixed = ux * wx + uy * wy + uz * wz
    rest = wx * wx + wy * wy + wz * wz - metres * metres
    root = (-mixed + math.sqrt(max(mixed * mixed - square * rest, 0.0))) / square
    return min(max(root, ahead), 1.0)


def _between(start: Point, end: Point, share: float) -> Point:
    (ax, ay, az), (bx, by, bz) = start, end
    return ax + (bx - ax) * share, ay + (by - ay) * share, az + (bz - az) * share


def _places(positions: Positions, reached: Sequence[tuple[int, float]]) -> Positions:
    """Where the dividers stood, straight in degrees between two positions, with both ends of the line."""
    segments = np.array([segment for segment, _ in reached], dtype=np.int64)
    shares = np.array([share for _, share in reached])[:, None]
    between = positions[segments] + (positions[segments + 1] - positions[segments]) * shares
    return np.vstack([positions[:1], between.reshape(-1, 2), positions[-1:]])


def _space(positions: Positions) -> list[Point]:
    """Metres from the middle of the earth along three axes, on the ellipsoid."""
    lon, lat = np.radians(positions).T
    vertical = ellipsoid().a / np.sqrt(1 - ellipsoid().es * np.sin(lat) ** 2)
    across = vertical * np.cos(lat)
    up = vertical * (1 - ellipsoid().es) * np.sin(lat)
    columns = (across * np.cos(lon)).tolist(), (across * np.sin(lon)).tolist(), up.tolist()
    return list(zip(*columns, strict=True))
