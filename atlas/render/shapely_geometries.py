"""GeoJSON geometries as shapely ones, straight from the lists of positions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.errors import InputError


def shape_of(geometry: Mapping[str, Any] | None) -> BaseGeometry | None:
    """The shape of a GeoJSON geometry (longitude, latitude in degrees); nothing for a feature without a place.

    Raises
    ------
    InputError
        The geometry is of a type that no layer has.
    """
    if geometry is None:
        return None
    build = _BUILDERS.get(geometry["type"])
    if build is None:
        msg = f"a layer has a geometry of type {geometry['type']!r}; known: {sorted(_BUILDERS)}. Run `atlas refresh`"
        raise InputError(msg)
    return build(geometry["coordinates"])


def _line(positions: Sequence[Any]) -> BaseGeometry:
    return shapely.LineString(np.array(positions, dtype=float))


def _polygon(rings: Sequence[Any]) -> BaseGeometry:
    shell, *holes = (np.array(ring, dtype=float) for ring in rings)
    return shapely.Polygon(shell, holes)


_BUILDERS: Mapping[str, Callable[[Any], BaseGeometry]] = {
    "Point": shapely.Point,
    "MultiPoint": shapely.MultiPoint,
    "LineString": _line,
    "MultiLineString": lambda lines: shapely.multilinestrings([_line(line) for line in lines]),
    "Polygon": _polygon,
    "MultiPolygon": lambda parts: shapely.multipolygons([_polygon(part) for part in parts]),
}
