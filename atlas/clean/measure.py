"""How much area a change won or lost, in square metres on the ellipsoid, and how far it moved something, in metres."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.clean.model import Coordinates, PositionArray
from atlas.geometry.geodesy import distance_m, ellipsoid, scale_m
from atlas.geometry.position_grid import nearest, packed
from atlas.geometry.units import METRES_PER_DEGREE

# a slanting edge this tall is off by less than a part in a hundred thousand
_STEP_DEG, _MOST_STEPS = 0.25, 1_000
# how far apart latitudes are that are seen by one scale
_BAND_DEG = 1.0
_FARTHEST_LAT = 89.0


def ring_area_m2(run: PositionArray) -> float:
    """Signed area that a ring encloses, positive when it runs anticlockwise; edges are straight in degrees."""
    local = _equal_area(_divided(run[:, :2]))
    local -= local[0]
    ahead = np.roll(local, -1, axis=0)
    return float((local[:, 0] * ahead[:, 1] - ahead[:, 0] * local[:, 1]).sum() / 2)


def _divided(run: PositionArray) -> PositionArray:
    """The ring with more positions on long slanting edges, which are straight in degrees and not in the projection."""
    ahead = np.roll(run, -1, axis=0)
    steps = np.abs(ahead - run)
    counts = np.where(steps.min(axis=1) > 0, np.ceil(steps[:, 1] / _STEP_DEG), 1).astype(np.int64)
    counts = np.clip(counts, 1, _MOST_STEPS)
    if (counts == 1).all():
        return run
    at = np.repeat(np.arange(len(run)), counts)
    share = (np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[at]
    return np.asarray(run[at] + (ahead - run)[at] * share[:, None])


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
    steps = (new - old) * scale_m(np.clip(old[:, 1], -90, 90))
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
    return max(_farthest(lost, after), _farthest(won, before))


def _farthest(places: NDArray[np.float64], area: BaseGeometry) -> float:
    """Geodesic distance in metres of the place that is farthest from an outline, each seen by the scale around it."""
    farthest = 0.0
    boundary = shapely.boundary(area)
    bands = np.floor(places[:, 1] / _BAND_DEG)
    for band in np.unique(bands).tolist():
        middle = min(max((band + 0.5) * _BAND_DEG, -_FARTHEST_LAT), _FARTHEST_LAT)
        scale = np.array([math.cos(math.radians(middle)), 1.0])
        line = shapely.transform(boundary, lambda xy, scale=scale: xy * scale)
        shapely.prepare(line)
        here = places[bands == band]
        points = shapely.points(here * scale)
        at = int(np.argmax(shapely.distance(points, line)))
        near = shapely.get_coordinates(shapely.shortest_line(points[at], line))[1] / scale
        lon, lat = here[at].tolist()
        farthest = max(farthest, distance_m((lon, lat), (float(near[0]), float(near[1]))))
    return farthest


def is_narrow(shape: BaseGeometry, limit_m: float) -> bool:
    """Whether no circle of a diameter in metres fits into an area."""
    if shapely.is_empty(shape):
        return True
    # a degree of longitude is widest where the shape is nearest to the equator
    flat = plane(shape, float(np.abs(shapely.get_coordinates(shape)[:, 1]).min()))[0]
    return bool(shapely.is_empty(shapely.buffer(flat, -limit_m / 2)))
