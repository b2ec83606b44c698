"""Features of a region that crosses 180° of longitude: cut there in files, in one piece where they are worked with.

A file keeps to RFC 7946 (3.1.9): no shape goes across 180°. Whoever measures, places or draws works in a frame in which
longitudes below a start go on beyond 180°.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.geojson.shapely_geometries import geometry_member, placed_shape
from atlas.geometry.antimeridian_steps import HALF, WHOLE
from atlas.geometry.meridian_frame import MeridianFrame

_DECIMALS = 6

Feature = Mapping[str, Any]
Box = Sequence[float]


def turned_features(features: Sequence[Feature], start: float | None) -> list[Any]:
    """Features of a file in the frame that begins at a longitude in degrees; as they are without one."""
    if start is None:
        return list(features)
    frame = MeridianFrame(start)
    return _changed(features, lambda shape: frame.turned(np.array([shape], dtype=object))[0])


def cut_features(features: Sequence[Feature], start: float | None) -> list[Any]:
    """Features of the frame that begins at a longitude in degrees as a file has them; as they are without one."""
    if start is None:
        return list(features)
    frame = MeridianFrame(start)
    return _changed(features, lambda shape: frame.back([shape], _DECIMALS)[0])


def cut_box(box: Box | None) -> list[float] | None:
    """A box of a frame as RFC 7946 (5.2) has it: its west is east of its east where it goes across 180°."""
    if box is None:
        return None
    west, south, east, north = box
    if west > HALF:
        west, east = west - WHOLE, east - WHOLE
    return [west, south, round(east - WHOLE, _DECIMALS) if east > HALF else east, north]


def _changed(features: Sequence[Feature], change: Callable[[BaseGeometry], BaseGeometry]) -> list[Any]:
    made = []
    for feature in features:
        geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
        member = geometry and geometry_member(change(placed_shape(geometry)))
        made.append({**feature, "geometry": member} if geometry else feature)
    return made


def turned_positions(positions: NDArray[np.float64], start: float | None) -> NDArray[np.float64]:
    """Positions, rows of longitude and latitude in degrees, in the frame that begins at a longitude."""
    if start is None or not len(positions):
        return positions
    lon = positions[:, 0]
    return np.column_stack([np.where(lon < start, lon + WHOLE, lon), positions[:, 1:]])
