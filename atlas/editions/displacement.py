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

from atlas.editions.drawn_alike import drawn_alike
from atlas.geometry.geodesy import distance_m, scale_m

_AREAS = 2
# positions that are measured at once
_MEASURED, _SPREAD = 8, 16
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
    drawn = [shapely.transform(_edge(shape), lambda xy: xy * scale) for shape in (old, new)]
    return _farthest(drawn[1], drawn[0], _farthest(drawn[0], drawn[1], 0.0))


def _edge(shape: BaseGeometry) -> BaseGeometry:
    return shapely.boundary(shape) if shapely.get_dimensions(shape) == _AREAS else shape


def _points_apart(points: BaseGeometry, others: BaseGeometry) -> float:
    there = shapely.get_coordinates(others).tolist()
    return max(min(distance_m(one, other) for other in there) for one in shapely.get_coordinates(points).tolist())


def _farthest(drawn: BaseGeometry, other: BaseGeometry, least: float) -> float:
    """The largest distance in metres from positions of a line to another line; ``least`` or more.

    Where the two are drawn alike it is known how far each position is at most: those that may be farthest are
    measured, and what may not be farther is dropped. What is left then is looked up in an index.
    """
    xy = shapely.get_coordinates(drawn)
    alike = drawn_alike(drawn, other)
    if alike is None:
        lacking = ~np.isin(_as_complex(xy), _as_complex(shapely.get_coordinates(other)))
        return _farthest_of(xy[lacking], other, least)
    some = np.arange(len(xy))
    for bounds in (lambda _some: alike.roughly_m, alike.closely_m):
        most = bounds(some)
        chosen = np.argpartition(-most, _MEASURED)[:_MEASURED] if len(most) > _MEASURED else np.arange(len(most))
        chosen = chosen[most[chosen] > least * _JUST_OVER]
        if not len(chosen):
            return least
        least = max(least, float(shapely.distance(shapely.points(xy[some[chosen]]), other).max()))
        some = some[most > least * _JUST_OVER]
    return _farthest_of(xy[some], other, least)


def _farthest_of(xy: Positions, drawn: BaseGeometry, farthest: float) -> float:
    """The largest distance of positions to a line; ``farthest`` or more.

    A few distances are measured; what lies within the largest of them cannot be farther, and is dropped by one look
    into an index. So a maximum over thousands takes some dozens of measurements.
    """
    left = shapely.points(xy)
    if len(left):
        shapely.prepare(drawn)
    if farthest > 0:
        left = left[~shapely.dwithin(drawn, left, farthest * _JUST_OVER)]
    while len(left):
        # spread over the whole, so that each round leaves a fraction
        few = left[:: max(1, len(left) // _SPREAD)]
        farthest = max(farthest, float(shapely.distance(few, drawn).max()))
        if len(few) >= len(left):
            break
        left = left[~shapely.dwithin(drawn, left, farthest * _JUST_OVER)]
    return farthest


def _as_complex(positions: Positions) -> NDArray[np.complex128]:
    return positions[:, 0] + 1j * positions[:, 1]
