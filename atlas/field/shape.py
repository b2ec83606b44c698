"""Geometries of field records: what is wrong with one, its well-known binary, and the one place that stands for it."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape

from atlas.border_project.expected_region import region
from atlas.field.change import Json
from atlas.geojson.geometries import COLLECTION, DEPTHS, TYPES, coordinates_in, geometries_in, geometry_of

_LON, _LAT = 180.0, 90.0
_POSITIONS = 100_000
_WKB_POINT = struct.Struct("<BIdd")
_PARTS = (2, 3)


def fault_in_geometry(geometry: Json) -> str | None:
    """Why something is no geometry of a record, as a sentence; nothing when it is one."""
    if not isinstance(geometry, Mapping):
        return f"a geometry is an object of GeoJSON, got {geometry!r:.80}"
    kind = geometry.get("type")
    if kind == COLLECTION:
        return _fault_in_parts(geometries_in(geometry))
    if not isinstance(kind, str) or kind not in DEPTHS:
        return f"{kind!r:.40} is no type of geometry; the types are {', '.join(TYPES)}"
    fault = _fault_in_coordinates(kind, coordinates_in(geometry))
    if fault or kind == "Point":
        return fault
    try:
        made = shape(geometry)
    except (ShapelyError, ValueError, TypeError, IndexError) as error:
        return f"the {kind} cannot be drawn: {error}"
    return f"the {kind} is not valid: {shapely.is_valid_reason(made)}" if not shapely.is_valid(made) else None


def _fault_in_coordinates(kind: str, coordinates: Json) -> str | None:
    if kind == "Point" and _is_plain(coordinates):
        return None
    positions: list[Sequence[float]] = []
    return _collect(coordinates, DEPTHS[kind], positions) or _fault_in_positions(positions)


def _is_plain(position: Json) -> bool:
    """Whether a position is one of the region in two numbers, as nearly all are: nothing can be wrong with it."""
    if type(position) is not list or list(map(type, position)) != [float, float]:
        return False
    lon, lat = position
    return abs(lon) <= _LON and abs(lat) <= _LAT and region().has(lon, lat)


def wkb(geometry: Mapping[str, Json]) -> bytes:
    """Little-endian well-known binary of a geometry without faults, longitude and latitude only."""
    if geometry["type"] == "Point":
        lon, lat = coordinates_in(geometry)[:2]
        return _WKB_POINT.pack(1, 1, lon, lat)
    made: bytes = shapely.to_wkb(shapely.force_2d(shape(geometry)), byte_order=1)
    return made


def from_wkb(data: bytes) -> dict[str, Json]:
    """A GeoJSON geometry out of well-known binary."""
    if len(data) == _WKB_POINT.size:
        _, _, lon, lat = _WKB_POINT.unpack(data)
        return geometry_of("Point", (lon, lat))
    made: dict[str, Json] = mapping(shapely.from_wkb(data))
    return made


def position_of_wkb(data: bytes) -> tuple[float, float]:
    """As ``position``, of well-known binary as ``wkb`` makes it."""
    if len(data) == _WKB_POINT.size:
        _, _, lon, lat = _WKB_POINT.unpack(data)
        return lon, lat
    return position(from_wkb(data))


def position(geometry: Mapping[str, Json]) -> tuple[float, float]:
    """Longitude and latitude that stand for a geometry: the point itself, the middle of a line, a point in an area."""
    if geometry["type"] == "Point":
        lon, lat = coordinates_in(geometry)[:2]
        return float(lon), float(lat)
    made = shape(geometry)
    if made.geom_type == "LineString":
        middle = shapely.line_interpolate_point(made, 0.5, normalized=True)
    else:
        middle = shapely.point_on_surface(made)
    return float(middle.x), float(middle.y)


def _fault_in_parts(parts: Json) -> str | None:
    if not isinstance(parts, list | tuple) or not parts:
        return "a GeometryCollection has a list of geometries"
    if any(isinstance(part, Mapping) and part.get("type") == COLLECTION for part in parts):
        return "a GeometryCollection does not hold another"
    return next((fault for fault in map(fault_in_geometry, parts) if fault), None)


def _collect(member: Json, depth: int, into: list[Sequence[float]]) -> str | None:
    if not isinstance(member, list | tuple) or not member:
        return f"expected coordinates, got {member!r:.80}"
    if depth:
        return next((fault for fault in (_collect(item, depth - 1, into) for item in member) if fault), None)
    numbers = all(isinstance(part, int | float) and not isinstance(part, bool) for part in member)
    if len(member) not in _PARTS or not numbers:
        return f"a position is longitude, latitude and perhaps height, got {member!r:.80}"
    into.append(member)
    return f"more than {_POSITIONS:,} positions" if len(into) > _POSITIONS else None


def _fault_in_positions(positions: Sequence[Sequence[float]]) -> str | None:
    for position in positions:
        lon, lat = position[0], position[1]
        if not all(map(_is_finite, position)):
            return f"a position is of finite numbers, got {position!r:.80}"
        if region().has(lat, lon) and not region().has(lon, lat):
            return f"longitude {lon!r} and latitude {lat!r} look swapped; longitude comes first"
        if abs(lon) > _LON or abs(lat) > _LAT:
            return f"longitude {lon!r} and latitude {lat!r} are no degrees (EPSG:4326)"
    return None


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False
