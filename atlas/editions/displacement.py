"""How far, in metres, what is drawn moved between two editions of one feature.

For points it is the geodesic between the two. For lines and edges of areas it is the discrete Hausdorff distance of
what was drawn: the largest distance from a position of one, that the other does not have, to the nearest place on the
other, both ways.
A position that only one edition has, but that lies on the other's line, moves nothing. Distances are taken in
a plane with the scale at the pair's middle latitude, which for a pair that spans less than 5° is good to some percent.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.geometry.geodesy import distance_m, scale_m

_AREAS = 2
_MEASURED = 16
# what was measured itself is within it, whatever the last digit
_JUST_OVER = 1 + 1e-9

Positions = NDArray[np.float64]


def displacement_m(old: BaseGeometry | None, new: BaseGeometry | None) -> float | None:
    """The largest displacement between two shapes of one kind, in degrees; None where one has no place."""
    if old is None or new is None or shapely.is_empty(old) or shapely.is_empty(new):
        return None
    if shapely.get_dimensions(old) == 0:
        return max(_points_apart(old, new), _points_apart(new, old))
    before, after = shapely.get_coordinates(old), shapely.get_coordinates(new)
    if np.array_equal(before, after):
        return 0.0
    scale = scale_m(np.array([(before[:, 1].mean() + after[:, 1].mean()) / 2]))[0]
    return max(_farthest(before, after, new, scale), _farthest(after, before, old, scale))


def _points_apart(points: BaseGeometry, others: BaseGeometry) -> float:
    there = shapely.get_coordinates(others).tolist()
    return max(min(distance_m(one, other) for other in there) for one in shapely.get_coordinates(points).tolist())


def _farthest(positions: Positions, others: Positions, shape: BaseGeometry, scale: Positions) -> float:
    """The largest distance in metres from positions that ``others`` lack to what a shape draws.

    A few distances are measured; what lies within the largest of them cannot be farther, and is dropped by one look
    into an index. So a maximum over thousands takes some dozens of measurements.
    """
    left = shapely.points(positions[~np.isin(_as_complex(positions), _as_complex(others))] * scale)
    if not len(left):
        return 0.0
    line = shapely.boundary(shape) if shapely.get_dimensions(shape) == _AREAS else shape
    drawn = shapely.transform(line, lambda xy: xy * scale)
    shapely.prepare(drawn)
    farthest = 0.0
    while len(left):
        # spread over the whole, so that each round leaves a fraction
        few = left[:: max(1, len(left) // _MEASURED)]
        farthest = max(farthest, float(shapely.distance(few, drawn).max()))
        left = left[~shapely.dwithin(drawn, left, farthest * _JUST_OVER)]
        if len(few) >= len(left):
            return max(farthest, float(shapely.distance(left, drawn).max(initial=0.0)))
    return farthest


def _as_complex(positions: Positions) -> NDArray[np.complex128]:
    return positions[:, 0] + 1j * positions[:, 1]
