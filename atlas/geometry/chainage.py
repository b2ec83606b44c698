"""Linear referencing: where something lies along a directed line, in kilometres from its start.

A line's positions get the geodesic lengths (GRS 80) of the steps before them, summed. Between two positions the line is
straight in degrees, as RFC 7946 has it; ``at`` finds the place of a chainage there by correcting a proportional guess
twice, since a degree is not equally long along a step. ``project`` takes the nearest place in the plane around the
position, then measures along the ellipsoid.

*Why it is right.* Measures grow strictly (a step of no length is refused), so a chainage has one place, and
``project(at(km))`` is ``km`` again. In the plane around a position the nearest place of the line is the nearest on the
ellipsoid as far as both are near enough to each other for its scale to hold; farther away the distance, not the
plane, is what is given.

*Invariants* (`tests/geometry/test_chainage.py`): there and back to a metre over the whole border; parts of the line
between chainages follow each other and add up to it. Source: linear referencing as in ISO 19148, absolute method;
geodesics after C. F. F. Karney (Journal of Geodesy 87 (2013) 43–55) by PROJ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.errors import GeometryError
from atlas.geometry.geodesy import Positions, distance_m, plane_m, step_lengths_m

_SHORTEST_M = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredLine:
    """A directed line with the geodesic distance of each of its positions from the start.

    ``positions`` has shape (n, 2), longitude and latitude in degrees; ``measures_m`` has shape (n,).
    """

    positions: Positions
    measures_m: NDArray[np.float64]

    @classmethod
    def of(cls, positions: Positions) -> MeasuredLine:
        """Measure a line.

        Raises
        ------
        GeometryError
            Fewer than two positions, or a step of no length.
        """
        line = np.asarray(positions, dtype=np.float64)
        minimum = 2
        if line.ndim != minimum or len(line) < minimum:
            msg = f"a line needs two positions or more, got an array of shape {line.shape}"
            raise GeometryError(msg)
        steps = step_lengths_m(line)
        if (steps <= 0).any():
            at = tuple(line[int(np.argmin(steps))])
            msg = f"the line repeats the position {at}; remove repeated positions first"
            raise GeometryError(msg)
        return cls(line, np.concatenate([[0.0], np.cumsum(steps)]))

    @property
    def length_km(self) -> float:
        """Geodesic length of the whole line."""
        return float(self.measures_m[-1]) / 1000

    def at(self, chainage_km: float) -> tuple[float, float]:
        """Position (longitude, latitude) at a chainage; straight in degrees between two positions, as RFC 7946 has it.

        Raises
        ------
        GeometryError
            The chainage lies off the line.
        """
        metres = self._metres(chainage_km)
        i = min(int(np.searchsorted(self.measures_m, metres, side="right")) - 1, len(self.positions) - 2)
        start, step = self.positions[i], self.positions[i + 1] - self.positions[i]
        wanted, length = metres - self.measures_m[i], self.measures_m[i + 1] - self.measures_m[i]
        fraction = wanted / length
        # degrees are not of one length along a step: on one of 20 km the middle would be a metre off
        for _ in range(2):
            lon, lat = (float(value) for value in start + step * fraction)
            fraction += (wanted - distance_m((start[0], start[1]), (lon, lat))) / length
        lon, lat = start + step * min(max(fraction, 0.0), 1.0)
        return float(lon), float(lat)

    def between(self, from_km: float, to_km: float) -> BaseGeometry:
        """The part of the line between two chainages, as a LineString.

        Raises
        ------
        GeometryError
            The interval is empty, reversed or off the line.
        """
        start, end = self._metres(from_km), self._metres(to_km)
        if end - start < _SHORTEST_M:
            msg = f"from km {from_km} to km {to_km} is no stretch of the line: the second must be larger"
            raise GeometryError(msg)
        inner = (self.measures_m > start + _SHORTEST_M) & (self.measures_m < end - _SHORTEST_M)
        return shapely.linestrings(np.vstack([self.at(from_km), self.positions[inner], self.at(to_km)]))

    def project(self, position: tuple[float, float]) -> tuple[float, float]:
        """Chainage in km of the nearest position on the line, and the geodesic distance to it in metres."""
        local = plane_m(self.positions, position)
        start, step = local[:-1], np.diff(local, axis=0)
        fraction = np.clip(-(start * step).sum(axis=1) / (step * step).sum(axis=1), 0, 1)
        i = int(np.argmin(np.hypot(*(start + step * fraction[:, None]).T)))
        foot = self.positions[i] + (self.positions[i + 1] - self.positions[i]) * fraction[i]
        nearest = (float(foot[0]), float(foot[1]))
        along = distance_m((self.positions[i, 0], self.positions[i, 1]), nearest)
        return (float(self.measures_m[i]) + along) / 1000, distance_m(position, nearest)

    def _metres(self, chainage_km: float) -> float:
        metres = chainage_km * 1000
        if not -_SHORTEST_M <= metres <= self.measures_m[-1] + _SHORTEST_M:
            msg = f"km {chainage_km} is off the line, which runs from km 0 to km {self.length_km:.3f}"
            raise GeometryError(msg)
        return float(min(max(metres, 0.0), self.measures_m[-1]))
