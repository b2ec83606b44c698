"""Lengths, areas and distances on the GRS 80 ellipsoid; positions are (longitude, latitude) in degrees."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.errors import GeometryError

if TYPE_CHECKING:
    from pyproj import Geod

_SAMPLE_M = 100
_SMOOTH_M = 20
_SETTLED_M = 0.2
_MOVES = 6

Positions = NDArray[np.float64]


@cache
def ellipsoid() -> Geod:
    """GRS 80, the ellipsoid of ITRF and of INEGI's outlines."""
    # a tenth of a second of modules, which points are checked without
    import pyproj  # noqa: PLC0415 - as above

    return pyproj.Geod(ellps="GRS80")


def step_lengths_m(positions: Positions) -> NDArray[np.float64]:
    """Geodesic length in metres of each step of a line of shape (n, 2); n - 1 values."""
    here, there = positions[:-1], positions[1:]
    lengths = ellipsoid().inv(here[:, 0], here[:, 1], there[:, 0], there[:, 1])[2]
    return np.asarray(lengths, dtype=np.float64)


def length_km(geometry: BaseGeometry) -> float:
    """Geodesic length in kilometres of a line or of several."""
    lines = [shapely.get_coordinates(part) for part in shapely.get_parts(geometry)]
    return math.fsum(step_lengths_m(line).sum() for line in lines) / 1000


def area_km2(geometry: BaseGeometry) -> float:
    """Geodesic area in square kilometres, holes taken off."""
    oriented = shapely.orient_polygons(geometry)
    return float(abs(ellipsoid().geometry_area_perimeter(oriented)[0])) / 1e6


def distance_m(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Geodesic distance in metres between two positions."""
    return float(ellipsoid().inv(*start, *end)[2])


def azimuth(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Direction from one position to another in degrees clockwise from north, 0 to 360."""
    return float(ellipsoid().inv(*start, *end)[0]) % 360


def plane_m(positions: Positions, origin: tuple[float, float]) -> Positions:
    """Metres east and north of ``origin``, by the scale at its latitude: good to 0.1 % over some 50 km."""
    return np.asarray((positions - np.array(origin)) * scale_m(np.array([origin[1]]))[0], dtype=np.float64)


def scale_m(latitudes: NDArray[np.float64]) -> Positions:
    """Metres of a degree of longitude and of one of latitude at each latitude in degrees; shape (n, 2)."""
    angles = np.radians(latitudes)
    ecc = ellipsoid().es
    curvature = 1 - ecc * np.sin(angles) ** 2
    prime_vertical = ellipsoid().a / np.sqrt(curvature)
    meridional = ellipsoid().a * (1 - ecc) / curvature**1.5
    return np.radians(np.column_stack([prime_vertical * np.cos(angles), meridional]))


def densified(positions: Positions, *, step_m: float) -> Positions:
    """The line with extra positions, its own kept, so that steps are at most about ``step_m`` metres.

    A long step is divided evenly in degrees, which are not all of one length: some pieces may be 2 % longer.
    """
    counts = np.maximum(1, np.ceil(step_lengths_m(positions) / step_m).astype(int))
    pieces = [
        positions[i] + (positions[i + 1] - positions[i]) * np.arange(count)[:, None] / count
        for i, count in enumerate(counts)
    ]
    return np.vstack([*pieces, positions[-1:]])


def offset_line(line: Positions, *, distance_km: float, area: BaseGeometry, step_km: float = 5) -> BaseGeometry:
    """All positions inside ``area`` whose geodesic distance from ``line`` is ``distance_km``, as lines.

    An outline is first drawn in an equidistant plane around the line's middle; then each of its positions is
    moved along the geodesic from the nearest position of the line until the distance is right to a metre.
    Between two positions, at most ``step_km`` apart, the outline may be some tens of metres off.

    Raises
    ------
    GeometryError
        No part of the area is that far from the line.
    """
    fine = densified(line, step_m=_SAMPLE_M)
    rough = _rough_offset(fine, distance_km * 1000)
    inside = shapely.line_merge(shapely.intersection(rough, area))
    parts = [part for part in shapely.get_parts(inside) if shapely.length(part) > 0]
    if not parts:
        msg = f"no position in the area lies {distance_km} km from the line"
        raise GeometryError(msg)
    drafts = [densified(shapely.get_coordinates(part), step_m=step_km * 1000) for part in parts]
    return shapely.multilinestrings([_exact_offset(draft, fine, distance_km * 1000) for draft in drafts])


def _rough_offset(line: Positions, metres: float) -> BaseGeometry:
    import pyproj  # noqa: PLC0415 - as above

    middle = line.mean(axis=0)
    crs = pyproj.CRS.from_proj4(f"+proj=aeqd +lat_0={middle[1]:.4f} +lon_0={middle[0]:.4f} +ellps=GRS80 +units=m")
    there = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    plane = shapely.linestrings(np.column_stack(there.transform(line[:, 0], line[:, 1])))
    ring = shapely.simplify(shapely.boundary(shapely.buffer(plane, metres, quad_segs=64)), _SMOOTH_M)
    return shapely.transform(ring, lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1], direction="INVERSE")))


def _exact_offset(positions: Positions, fine: Positions, metres: float) -> BaseGeometry:
    for _ in range(_MOVES):
        nearest, distances = nearest_of(positions, fine)
        if np.abs(distances - metres).max() < _SETTLED_M:
            break
        azimuths = ellipsoid().inv(nearest[:, 0], nearest[:, 1], positions[:, 0], positions[:, 1])[0]
        lon, lat, _ = ellipsoid().fwd(nearest[:, 0], nearest[:, 1], azimuths, np.full(len(positions), metres))
        positions = np.column_stack([lon, lat])
    return shapely.linestrings(positions)


def nearest_of(positions: Positions, others: Positions) -> tuple[Positions, NDArray[np.float64]]:
    """For each position the geodesically nearest of ``others``, and how far it is in metres."""
    best, distances = np.empty_like(positions), np.empty(len(positions))
    for i, (lon, lat) in enumerate(positions):
        rough = np.hypot(*plane_m(others, (lon, lat)).T)
        near = others[rough <= rough.min() * 1.02 + 500]
        exact = ellipsoid().inv(np.full(len(near), lon), np.full(len(near), lat), near[:, 0], near[:, 1])[2]
        first = int(np.argmin(exact))
        best[i], distances[i] = near[first], exact[first]
    return best, distances
