"""How long a line is for a ruler: dividers set to one length and walked along it from end to end."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atlas.errors import GeometryError
from atlas.geometry.geodesy import Positions, ellipsoid

_BLOCK = 256


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
    places = [positions[0]]
    while (leaves := _first_beyond(space, here, segment + 1, ruler_m)) is not None:
        # within the segment of the last step only what lies ahead counts
        start = share if leaves - 1 == segment else 0.0
        segment, share = leaves - 1, _share(space[leaves - 1], space[leaves], here, start, ruler_m)
        here = space[segment] + (space[leaves] - space[segment]) * share
        places.append(positions[segment] + (positions[leaves] - positions[segment]) * share)
    rest = float(np.linalg.norm(space[-1] - here))
    return Walk(np.array([*places, positions[-1]]), ruler_m, len(places) - 1, rest)


def _first_beyond(space: NDArray[np.float64], here: NDArray[np.float64], after: int, metres: float) -> int | None:
    """Number of the first position from ``after`` on that is as far away as the ruler is long."""
    for start in range(after, len(space), _BLOCK):
        away = ((space[start : start + _BLOCK] - here) ** 2).sum(axis=1) >= metres * metres
        first = int(np.argmax(away))
        if away[first]:
            return start + first
    return None


def _share(
    start: NDArray[np.float64], end: NDArray[np.float64], here: NDArray[np.float64], from_share: float, metres: float
) -> float:
    """How far along a segment, as a share of it, it leaves the sphere around ``here``; not before ``from_share``."""
    along, off = end - start, start - here
    square, mixed, rest = float(along @ along), float(along @ off), float(off @ off) - metres * metres
    root = (-mixed + math.sqrt(max(mixed * mixed - square * rest, 0.0))) / square
    return min(max(root, from_share), 1.0)


def _space(positions: Positions) -> NDArray[np.float64]:
    """Metres from the middle of the earth along three axes, on the ellipsoid."""
    lon, lat = np.radians(positions).T
    vertical = ellipsoid().a / np.sqrt(1 - ellipsoid().es * np.sin(lat) ** 2)
    return np.column_stack(
        [
            vertical * np.cos(lat) * np.cos(lon),
            vertical * np.cos(lat) * np.sin(lon),
            vertical * (1 - ellipsoid().es) * np.sin(lat),
        ]
    )
