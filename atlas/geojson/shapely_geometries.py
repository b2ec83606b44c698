"""GeoJSON geometries as shapely ones, straight from the lists of positions, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.errors import InputError
from atlas.geojson.geometries import COLLECTION, TYPES


def shape_of(geometry: Mapping[str, Any] | None) -> BaseGeometry | None:
    """The shape of a GeoJSON geometry (longitude, latitude in degrees); nothing for a feature without a place.

    Raises
    ------
    InputError
        The geometry is of a type that GeoJSON does not have.
    """
    return None if geometry is None else placed_shape(geometry)


def placed_shape(geometry: Mapping[str, Any]) -> BaseGeometry:
    """The shape of a geometry that is there; errors as in `shape_of`."""
    kind = geometry["type"]
    if kind == COLLECTION:
        return shapely.GeometryCollection([placed_shape(one) for one in geometry["geometries"]])
    build = _BUILDERS.get(kind)
    if build is None:
        msg = f"a layer has a geometry of type {kind!r}; known: {sorted(TYPES)}. Run `atlas refresh`"
        raise InputError(msg)
    return build(geometry["coordinates"])


def geometry_member(shape: BaseGeometry) -> dict[str, Any]:
    """The ``geometry`` member: positions as lists, outer rings anticlockwise (RFC 7946, 3.1.6)."""
    return plain_member(shapely.orient_polygons(shape) if shape.geom_type.endswith("Polygon") else shape)


def plain_member(shape: BaseGeometry) -> dict[str, Any]:
    """The same with the rings as they are."""
    member: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return member


def _line(positions: Sequence[Any]) -> BaseGeometry:
    return shapely.LineString(_array(positions))


def _points(positions: Sequence[Any]) -> BaseGeometry:
    rows = _array(positions) if len(positions) else np.zeros(0)
    return shapely.multipoints(rows) if rows.ndim == 2 else shapely.MultiPoint(positions)  # noqa: PLR2004 - positions


def _polygon(rings: Sequence[Any]) -> BaseGeometry:
    if not len(rings):
        return shapely.Polygon()
    shell, *holes = map(_array, rings)
    return shapely.Polygon(shell, holes)


def _array(positions: Sequence[Any]) -> NDArray[np.float64]:
    """Positions as rows of numbers, in a quarter of the time that numpy takes for lists in a list."""
    widths = set(map(len, positions)) if isinstance(positions, list) and set(map(type, positions)) == {list} else ()
    if len(widths) == 1:
        (width,) = widths
        with suppress(TypeError, ValueError):
            flat = np.fromiter(chain.from_iterable(positions), np.float64, len(positions) * width)
            return flat.reshape(len(positions), width)
    # numpy says what is wrong with them
    return np.array(positions, dtype=float)


_BUILDERS: Mapping[str, Callable[[Any], BaseGeometry]] = {
    "Point": lambda position: shapely.Point(position) if len(position) else shapely.Point(),
    "MultiPoint": _points,
    "LineString": _line,
    "MultiLineString": lambda lines: shapely.MultiLineString([_line(line) for line in lines if len(line)]),
    "Polygon": _polygon,
    "MultiPolygon": lambda parts: shapely.MultiPolygon([_polygon(part) for part in parts]),
}
