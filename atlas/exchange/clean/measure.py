"""How much area a change won or lost, in square metres on the ellipsoid, and how far it moved something, in metres."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.exchange.clean.model import Coordinates, Run
from atlas.geometry.geodesy import ellipsoid

METRES_PER_DEGREE = 111_320.0


def ring_area_m2(run: Run) -> float:
    """Signed area that a ring encloses, positive when it runs anticlockwise; edges are straight in degrees."""
    local = _equal_area(run)
    local -= local[0]
    ahead = np.roll(local, -1, axis=0)
    return float((local[:, 0] * ahead[:, 1] - ahead[:, 0] * local[:, 1]).sum() / 2)


def _equal_area(run: Run) -> NDArray[np.float64]:
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


def moved_m(before: Run, after: Run) -> float:
    """The farthest that a position of two runs of equal length moved."""
    scale = METRES_PER_DEGREE * np.column_stack([np.cos(np.radians(before[:, 1])), np.ones(len(before))])
    steps = (after[:, :2] - before[:, :2]) * scale
    return float(np.sqrt((steps**2).sum(axis=1).max()))


def plane(shapes: NDArray[np.object_] | BaseGeometry, latitude: float) -> NDArray[np.object_]:
    """Shapes in metres, by the scale at one latitude."""
    scale = METRES_PER_DEGREE * np.array([math.cos(math.radians(latitude)), 1.0])
    return np.asarray(shapely.transform(np.atleast_1d(np.asarray(shapes, dtype=object)), lambda xy: xy * scale))


def apart_m(before: BaseGeometry, after: BaseGeometry) -> float:
    """How far the boundaries of two areas are apart at most, taken at the positions that only one of them has."""
    if shapely.is_empty(before) or shapely.is_empty(after):
        return 0.0
    latitude = float(shapely.get_coordinates(before)[0, 1])
    first, second = (shapely.boundary(shape) for shape in plane(np.array([before, after], dtype=object), latitude))
    return max(_farthest(first, second), _farthest(second, first))


def _farthest(here: BaseGeometry, there: BaseGeometry) -> float:
    own, other = shapely.get_coordinates(here), shapely.get_coordinates(there)
    known = set(map(bytes, np.ascontiguousarray(other)))
    only = np.array([point for point in own if bytes(point) not in known])
    if not len(only) or not len(other):
        return 0.0
    shapely.prepare(there)
    return float(shapely.distance(shapely.points(only), there).max())


def is_narrow(shape: BaseGeometry, limit_m: float) -> bool:
    """Whether no circle of a diameter in metres fits into an area."""
    if shapely.is_empty(shape):
        return True
    flat = plane(shape, float(shapely.get_coordinates(shape)[0, 1]))[0]
    return bool(shapely.is_empty(shapely.buffer(flat, -limit_m / 2)))
