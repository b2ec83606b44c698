"""Areas as public places: outlines drawn inside what they stand for, and cells of an equal-area grid on land."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.geometry.geodesy import Positions, area_km2, ellipsoid, length_km, scale_m

GRID = (5, 4, 3)
_SIMPLE_M, _INSIDE_M = 300.0, 340.0
_DECIMALS = 4
_LEAST_KM2 = 60.0
# the coast as it is drawn is no truer
_COAST_DEG = 0.004
# outlines are drawn some 300 to 700 m inside
_BESIDE_DEG = 0.012


def inset(shape: BaseGeometry) -> BaseGeometry:
    """An outline with few positions that stays inside the area: some 300 to 700 m within its edge."""
    scale = _scale(shape)
    plane = shapely.transform(shape, lambda xy: xy * scale)
    simple = shapely.make_valid(shapely.simplify(plane, _SIMPLE_M))
    inner = shapely.buffer(simple, -_INSIDE_M, join_style="mitre")
    return tidy_area(shapely.transform(shapely.intersection(inner, plane), lambda xy: xy / scale))


def tidy_area(shape: BaseGeometry) -> BaseGeometry:
    """The areas of a shape at four decimals of a degree (11 m), crumbs left out."""
    rounded = shapely.set_precision(shape, 10.0**-_DECIMALS)
    parts = [part for part in shapely.get_parts(rounded) if part.geom_type == "Polygon"]
    kept = [part for part in parts if part.area > max(other.area for other in parts) / 50]
    exact = shapely.transform(shapely.multipolygons(kept), lambda xy: np.round(xy, _DECIMALS) + 0.0)
    return kept_single(exact)


def border_beside_m(shape: BaseGeometry, border: BaseGeometry) -> float:
    """Metres of the border that belong to an area, as who knows that something lies on the border finds them."""
    near = shapely.get_parts(shapely.intersection(border, shapely.buffer(shape, _BESIDE_DEG)))
    return 1000 * length_km(shapely.multilinestrings([part for part in near if part.geom_type == "LineString"]))


def kept_single(shape: BaseGeometry) -> BaseGeometry:
    """A collection of one part as that part."""
    parts = shapely.get_parts(shape)
    return parts[0] if len(parts) == 1 else shape


def radius_m(shape: BaseGeometry) -> float:
    """Radius in metres of a circle around a shape in degrees."""
    rim = shapely.get_coordinates(shapely.convex_hull(shape))
    circle = shapely.minimum_bounding_circle(shapely.multipoints(rim * _scale(shape)))
    centre = shapely.get_coordinates(shapely.centroid(circle))[0] / _scale(shape)
    centres = np.broadcast_to(centre, rim.shape)
    return float(np.max(ellipsoid().inv(centres[:, 0], centres[:, 1], rim[:, 0], rim[:, 1])[2]))


def _scale(shape: BaseGeometry) -> Positions:
    _, south, _, north = shapely.bounds(shape)
    return np.asarray(scale_m(np.array([(south + north) / 2]))[0], dtype=np.float64)


def cell_ident(lon: float, lat: float, resolution: int) -> str:
    """Ident of the grid's cell at a position in degrees."""
    return f"grid-{_h3().latlng_to_cell(lat, lon, resolution)}"


def coarser_cell(ident: str) -> str | None:
    """Ident of the next coarser cell; nothing beyond the coarsest."""
    cell = ident.removeprefix("grid-")
    resolution = _h3().get_resolution(cell)
    return f"grid-{_h3().cell_to_parent(cell, resolution - 1)}" if resolution > GRID[-1] else None


def cell_within(ident: str, distance_deg: float, shape: BaseGeometry) -> bool:
    """Whether a cell may come so near to a shape; its part on land may still be farther away."""
    outline = shapely.polygons([(lng, lat) for lat, lng in _h3().cell_to_boundary(ident.removeprefix("grid-"))])
    return bool(shapely.dwithin(shape, outline, distance_deg))


def cell_on_land(ident: str, land: BaseGeometry) -> Callable[[], BaseGeometry] | None:
    """What draws a cell's part on land, made of its finest cells so that it holds them all; nothing for too little."""
    h3 = _h3()
    cell = ident.removeprefix("grid-")
    if not h3.is_valid_cell(cell) or h3.get_resolution(cell) not in GRID:
        return None
    children = [cell] if h3.get_resolution(cell) == GRID[0] else h3.cell_to_children(cell, GRID[0])
    parts = [shapely.polygons([(lng, lat) for lat, lng in h3.cell_to_boundary(child)]) for child in children]
    shapely.prepare(land)
    # a finest cell has twice the least area: one of them inland is enough to know without drawing
    if any(shapely.contains_properly(land, part) for part in parts):
        return lambda: tidy_area(_on_land(parts, land))
    part = _on_land(parts, land)
    return None if part.is_empty or area_km2(part) < _LEAST_KM2 else lambda: tidy_area(part)


def _on_land(parts: Sequence[BaseGeometry], land: BaseGeometry) -> BaseGeometry:
    whole = parts[0] if len(parts) == 1 else shapely.union_all(parts, grid_size=1e-7)
    # most of the land is inland
    if shapely.contains_properly(land, whole):
        return whole
    return shapely.intersection(whole, shapely.simplify(shapely.intersection(whole, land), _COAST_DEG))


@cache
def _h3() -> Any:  # noqa: ANN401 - a module
    import h3  # noqa: PLC0415 - needed only where the grid is

    return h3
