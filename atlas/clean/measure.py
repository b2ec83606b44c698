"""How much area a change won or lost, in square metres on the ellipsoid, and how far it moved something, in metres."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.clean.model import Coordinates, PositionArray
from atlas.geometry.geodesy import ellipsoid
from atlas.geometry.position_grid import nearest, packed
from atlas.geometry.units import METRES_PER_DEGREE


def ring_area_m2(run: PositionArray) -> float:
    """Signed area that a ring encloses, positive when it runs anticlockwise; edges are straight in degrees."""
    local = _equal_area(run)
    local -= local[0]
    ahead = np.roll(local, -1, axis=0)
    return float((local[:, 0] * ahead[:, 1] - ahead[:, 0] * local[:, 1]).sum() / 2)


def _equal_area(run: PositionArray) -> NDArray[np.float64]:
    """Metres in a cylindrical projection that keeps areas."""
    ecc2 = ellipsoid().es
    ecc = math.sqrt(ecc2)
    sine = np.sin(np.radians(run[:, 1]))
    # equal to zero only on a sphere
    q = (1 - ecc2) * (sine / (1 - ecc2 * sine**2) + np.arctanh(ecc * sine) / ecc)
    return np.column_stack([ellipsoid().a * np.radians(run[:, 0]), ellipsoid().a * q / 2])


def area_m2(coordinates: Coordinates) -> float:
    """Area of polygons, holes taken off."""
    return math.fsum(
        abs(ring_area_m2(run)) * (-1 if n else 1) for part in coordinates.parts for n, run in enumerate(part)
    )


def areas_m2(many: Sequence[Coordinates]) -> NDArray[np.float64]:
    """The same of many at once, which is quicker."""
    if not many:
        return np.zeros(0)
    runs = [(number, n, run) for number, one in enumerate(many) for part in one.parts for n, run in enumerate(part)]
    sizes = np.array([len(run) for _, _, run in runs])
    starts = np.cumsum(sizes) - sizes
    local = _equal_area(np.vstack([run[:, :2] for _, _, run in runs]))
    local -= np.repeat(local[starts], sizes, axis=0)
    cross = np.append(local[:-1, 0] * local[1:, 1] - local[1:, 0] * local[:-1, 1], 0.0)
    # the step from the end to the beginning adds nothing, as that is the origin
    cross[starts + sizes - 1] = 0.0
    areas = np.abs(np.add.reduceat(cross, starts)) / 2 * np.array([-1 if n else 1 for _, n, _ in runs])
    sums = np.bincount([number for number, _, _ in runs], areas, minlength=len(many))
    return np.asarray(sums, dtype=np.float64)


def moved_m(before: Sequence[Coordinates], after: Sequence[Coordinates]) -> NDArray[np.float64]:
    """The farthest that a position moved in each of many, whose runs are as long before as after."""
    sizes = np.array([sum(map(len, one.runs)) for one in before])
    old, new = (np.vstack([run[:, :2] for one in many for run in one.runs]) for many in (before, after))
    steps = (new - old) * METRES_PER_DEGREE
    steps[:, 0] *= np.cos(np.radians(old[:, 1]))
    return np.sqrt(np.maximum.reduceat((steps**2).sum(axis=1), np.cumsum(sizes) - sizes))


def plane(shapes: NDArray[np.object_] | BaseGeometry, latitude: float) -> NDArray[np.object_]:
    """Shapes in metres, by the scale at one latitude."""
    scale = METRES_PER_DEGREE * np.array([math.cos(math.radians(latitude)), 1.0])
    return np.asarray(shapely.transform(np.atleast_1d(np.asarray(shapes, dtype=object)), lambda xy: xy * scale))


def apart_m(before: BaseGeometry, after: BaseGeometry, decimals: int | None = None) -> float:
    """How far the boundaries of two areas are apart at most, taken at the positions that only one of them has.

    Where positions were rounded in between, to so many decimals, those that were only rounded are not looked at.
    """
    if shapely.is_empty(before) or shapely.is_empty(after):
        return 0.0
    was, now = shapely.get_coordinates(before), shapely.get_coordinates(after)
    same = packed(was if decimals is None else nearest(was, decimals)), packed(now)
    lost, won = was[~np.isin(same[0], same[1])], now[~np.isin(same[1], same[0])]
    latitude = float(was[0, 1])
    return max(_farthest(lost, after, latitude), _farthest(won, before, latitude))


def _farthest(places: NDArray[np.float64], area: BaseGeometry, latitude: float) -> float:
    if not len(places):
        return 0.0
    line = plane(shapely.boundary(area), latitude)[0]
    shapely.prepare(line)
    scaled = places * METRES_PER_DEGREE * np.array([math.cos(math.radians(latitude)), 1.0])
    return float(shapely.distance(shapely.points(scaled), line).max())


def is_narrow(shape: BaseGeometry, limit_m: float) -> bool:
    """Whether no circle of a diameter in metres fits into an area."""
    if shapely.is_empty(shape):
        return True
    flat = plane(shape, float(shapely.get_coordinates(shape)[0, 1]))[0]
    return bool(shapely.is_empty(shapely.buffer(flat, -limit_m / 2)))
