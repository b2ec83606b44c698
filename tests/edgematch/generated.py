"""Two drawings of one random border, each with units, lakes and far islands of its own."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

_DEGREE_M = 111_000
_WIDTH = 1.0


def borders(seed: int, *, apart_m: float) -> tuple[list[BaseGeometry], list[BaseGeometry]]:
    """The units north and south of a border that both draw some metres from where it is, with noise."""
    rng = np.random.default_rng(seed)
    west, south = rng.uniform(-100, 100), rng.uniform(-60, 60)
    waves = [(rng.uniform(-0.01, 0.01), rng.uniform(1, 30), rng.uniform(0, 7)) for _ in range(6)]
    sides = []
    for sign in (1, -1):
        x = np.unique(np.round([0, *rng.uniform(0, _WIDTH, int(rng.integers(40, 300))), _WIDTH], 3))
        y = sum(height * np.sin(often * x + at) for height, often, at in waves)
        off = sum(rng.uniform(-0.3, 0.3) * np.sin(rng.uniform(1, 200) * x + rng.uniform(0, 7)) for _ in range(6))
        off = off + rng.normal(0, 0.25, len(x)) + (rng.uniform(-2, 2) if seed % 3 == 0 else 0)
        edge = np.column_stack([west + x, south + y + off * apart_m / _DEGREE_M])
        sides.append(_units(edge, sign, seed, rng))
    return sides[0], sides[1]


def tripoint(seed: int, *, apart_m: float) -> list[list[BaseGeometry]]:
    """The units north of a border, and south-west and south-east of it, of three who each draw two of three limits."""
    rng = np.random.default_rng(seed)
    north, southern = borders(3 * seed, apart_m=apart_m)
    south = shapely.union_all(southern)
    west, low, east, high = shapely.total_bounds(south)
    sides = []
    for beyond in (west - 1, east + 1):
        lat = np.sort(rng.uniform(low - 0.1, high + 0.1, 40))
        lon = (west + east) / 2 + rng.normal(0, apart_m / 2 / _DEGREE_M) + rng.normal(0, apart_m / 4 / _DEGREE_M, 40)
        wave = np.sin(seed + 300 * shapely.get_coordinates(south)[:, :1]) * apart_m / 4 / _DEGREE_M
        drawn = shapely.make_valid(shapely.transform(south, lambda xy, wave=wave: np.round(xy + wave * [0, 1], 7)))
        ground = shapely.Polygon([(beyond, lat[0]), *zip(lon, lat, strict=True), (beyond, lat[-1])])
        area = shapely.intersection(drawn, ground, grid_size=1e-7)
        boxes = [shapely.box(west - 2, a, east + 2, b) for a, b in pairwise([low - 2, low + rng.uniform(0.3, 0.6), 90])]
        units = [shapely.intersection(area, box, grid_size=1e-7) for box in boxes]
        sides.append([max(shapely.get_parts(unit), key=lambda part: part.area) for unit in units])
    return [north, *sides]


def line_between(north: list[BaseGeometry], seed: int, *, noise_m: float) -> BaseGeometry:
    """A third drawing of the border, some metres from that of the north, and to and fro wherever it is dense."""
    rng = np.random.default_rng(seed + 9_999)
    top = shapely.total_bounds(north)[3]
    xy = np.unique(shapely.get_coordinates(shapely.boundary(shapely.union_all(north))), axis=0)
    xy = xy[xy[:, 1] < top - 0.9 * _WIDTH]
    return shapely.LineString(np.round(xy + rng.normal(0, noise_m / _DEGREE_M, len(xy))[:, None] * [0, 1], 7))


def _units(edge: np.ndarray, sign: int, seed: int, rng: np.random.Generator) -> list[BaseGeometry]:
    (west, middle), east = edge[0], edge[-1, 0]
    whole = shapely.Polygon([*edge, (east, middle + sign), (west, middle + sign)])
    cuts = [west, *np.sort(rng.uniform(west + 0.1, east - 0.1, int(rng.integers(0, 4)))), east]
    boxes = [shapely.box(a, middle - 2, b, middle + 2) for a, b in pairwise(cuts)]
    units = [_areas(shapely.intersection(whole, box, grid_size=1e-7)) for box in boxes]
    if seed % 4 == 1:
        lake = shapely.Point(west + 0.5, middle + sign * 0.5).buffer(0.05)
        units = [_areas(shapely.difference(unit, lake, grid_size=1e-7)) for unit in units]
    if seed % 4 == 2:
        far = shapely.box(west + 0.2, middle + sign * 1.2, west + 0.3, middle + sign * 1.25)
        units[0] = shapely.MultiPolygon([*shapely.get_parts(units[0]), far])
    return list(shapely.transform(np.array(units, dtype=object), lambda xy: np.round(xy, 7)))


def _areas(shape: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(shape).tolist() if part.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
