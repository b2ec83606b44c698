"""What a map of many areas draws too small: the window of the smallest ones that lie together, for an inset."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

import shapely

from atlas.render.extent import Box

# small is what has less than this share of the median area; fewer than so many together need no inset
SMALL = 0.3
LEAST = 3
# areas within so many degrees of each other lie together
_TOGETHER_DEG = 0.01
_PAD = 0.1
# an inset of most of the map would enlarge nothing
_LARGEST = 0.35


def small_areas_window(shapes: Sequence[Any], areas_km2: Sequence[float | None]) -> Box | None:
    """West, south, east, north in degrees around the largest group of small areas; nothing where there is none.

    Parameters
    ----------
    shapes
        Polygons (longitude, latitude in degrees), ``None`` where an area has no shape.
    areas_km2
        Their areas in square kilometres, ``None`` where unknown.
    """
    known = [(shape, area) for shape, area in zip(shapes, areas_km2, strict=True) if shape is not None and area]
    if not known:
        return None
    most = SMALL * statistics.median(area for _, area in known)
    small = [shape for shape, area in known if area < most]
    grown = [shapely.buffer(shape, _TOGETHER_DEG / 2, quad_segs=1) for shape in small]
    clusters = shapely.get_parts(shapely.union_all(grown))
    groups = [[shape for shape in small if shapely.intersects(cluster, shape)] for cluster in clusters]
    group = max(groups, key=len, default=[])
    if len(group) < LEAST:
        return None
    west, south, east, north = (float(value) for value in shapely.total_bounds(group))
    pad = _PAD * max(east - west, north - south)
    whole = shapely.total_bounds([shape for shape, _ in known])
    if north - south + 2 * pad > _LARGEST * (whole[3] - whole[1]) and east - west > _LARGEST * (whole[2] - whole[0]):
        return None
    return round(west - pad, 4), round(south - pad, 4), round(east + pad, 4), round(north + pad, 4)
