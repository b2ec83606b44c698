"""Positions of rows as GeoJSON in degrees; what is swapped, unsigned or out of range is refused with a hint."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from atlas.border_project.expected_region import region
from atlas.errors import InputError
from atlas.field.readers.angles import in_range
from atlas.field.readers.cell_values import as_float, key
from atlas.field.readers.fault import RowFaultError
from atlas.geojson import geometries
from atlas.geojson.geometries import DEPTHS

Geometry = dict[str, Any]
Move = Callable[[float, float], tuple[float, float]]

DEGREES = "OGC:CRS84"
MOST_POSITIONS = 200_000
# whole numbers of any length are compared before they are made floats
_LARGEST = 1e300
_SAME_AS_WGS84 = {
    "wgs84",
    "wgs_84",
    "wgs1984",
    "wgs_1984",
    "epsg_4326",
    "4326",
    "crs84",
    "ogc_crs84",
    "gps",
    "itrf2008",
    "itrf08",
}


def point(longitude: float | None, latitude: float | None) -> Geometry:
    """A point in degrees.

    Raises
    ------
    RowFaultError
        One of the two is missing, or the position cannot be meant.
    """
    if longitude is None or latitude is None:
        missing = "longitude" if longitude is None else "latitude"
        msg = f"the {missing} is missing; fill it in, or name the reach of the border instead"
        raise RowFaultError(msg)
    _plausible(longitude, latitude)
    return geometries.point(longitude, latitude)


def geometry(stated: Any) -> Geometry | None:  # noqa: ANN401 - any JSON
    """A geometry of RFC 7946, checked position by position; heights are left out.

    Raises
    ------
    RowFaultError
        It is no geometry, or has a position that cannot be meant.
    """
    if stated is None:
        return None
    if not isinstance(stated, Mapping) or not isinstance(stated.get("type"), str):
        msg = "the geometry is not an object with a type; write a GeoJSON geometry, or null"
        raise RowFaultError(msg)
    kind = stated["type"]
    if kind == geometries.COLLECTION:
        parts = geometries.geometries_in(stated)
        if not isinstance(parts, list) or any(isinstance(p, dict) and p.get("type") == kind for p in parts):
            msg = "the GeometryCollection has no list of simple geometries; write them one by one"
            raise RowFaultError(msg)
        members = [placed for part in parts if (placed := geometry(part)) is not None]
        if len(members) < len(parts):
            msg = "the GeometryCollection holds null, which is no geometry; leave it out"
            raise RowFaultError(msg)
        return geometries.collection_of(members)
    if kind not in DEPTHS:
        msg = f"{kind!r} is no type of geometry; expected one of {', '.join(DEPTHS)}"
        raise RowFaultError(msg)
    left = iter(range(MOST_POSITIONS))
    return geometries.geometry_of(kind, _positions(geometries.coordinates_in(stated), DEPTHS[kind], kind, left))


def _positions(stated: Any, depth: int, kind: str, left: Iterator[int]) -> list[Any]:  # noqa: ANN401 - any JSON
    if not isinstance(stated, list | tuple):
        msg = f"the coordinates of the {kind} are not lists of numbers; write [longitude, latitude]"
        raise RowFaultError(msg)
    if depth:
        if not stated:
            msg = f"the {kind} has no positions; write null when there is no place"
            raise RowFaultError(msg)
        return [_positions(inner, depth - 1, kind, left) for inner in stated]
    if next(left, None) is None:
        msg = f"the {kind} has more than {MOST_POSITIONS:,} positions; simplify it"
        raise RowFaultError(msg)
    numbers = [x for x in stated if isinstance(x, int | float) and not isinstance(x, bool)]
    if len(numbers) < max(2, len(stated)):
        msg = f"a position of the {kind} is not two numbers; write [longitude, latitude]"
        raise RowFaultError(msg)
    if not all(abs(x) < _LARGEST for x in numbers[2:]):
        msg = f"a height of the {kind} is not a number; leave it out"
        raise RowFaultError(msg)
    longitude, latitude = (float(x) if abs(x) < _LARGEST else math.inf for x in numbers[:2])
    longitude = in_range(longitude, "longitude", f"{longitude:g}")
    latitude = in_range(latitude, "latitude", f"{latitude:g}")
    _plausible(longitude, latitude)
    return [longitude, latitude]


def _plausible(longitude: float, latitude: float) -> None:
    """Refuse what can be seen to be a slip; the person says what was meant."""
    # only to see that two numbers stand in each other's place
    if region().has(longitude, latitude):
        return
    at = f"longitude {longitude:g}, latitude {latitude:g}"
    if longitude == 0 == latitude:
        msg = f"{at} is what a device writes that has no position; leave both empty, or name the reach"
    elif region().has(latitude, longitude):
        msg = f"{at} is far away, and the two numbers swapped are not: put longitude and latitude in their own places"
    elif region().has(-longitude, latitude):
        sign = "a minus sign" if longitude > 0 else "no minus sign"
        msg = f"{at} is far away, and with {sign} before the longitude it is not: west is negative"
    elif region().has(-latitude, longitude):
        msg = f"{at} is far away; swapped, with a minus sign before the longitude, it is not: put both right"
    else:
        return
    raise RowFaultError(msg)


def mover(name: str, *, where: str) -> Move | None:
    """What brings positions of a coordinate system to degrees (longitude, latitude); nothing when they are.

    Raises
    ------
    InputError
        The system is not known.
    """
    try:
        return _mover(name)
    except ValueError as error:
        msg = f"{where}: the coordinate system {name!r} is not known ({error}); export the file in degrees (EPSG:4326)"
        raise InputError(msg) from error


@cache
def _mover(name: str) -> Move | None:
    import pyproj  # noqa: PLC0415 - only files in other systems need it
    from pyproj.exceptions import CRSError, ProjError  # noqa: PLC0415 - as above

    try:
        crs = pyproj.CRS.from_user_input(name)
    except CRSError as error:
        raise ValueError(str(error).splitlines()[0]) from error
    if crs.equals(pyproj.CRS(DEGREES), ignore_axis_order=True):
        return None
    transformer = pyproj.Transformer.from_crs(crs, DEGREES, always_xy=True)

    def move(x: float, y: float) -> tuple[float, float]:
        if crs.is_projected and abs(x) <= 180 and abs(y) <= 90:  # noqa: PLR2004 - degrees
            msg = (
                f"the position ({x:g}, {y:g}) is in degrees, and {crs.name}, which the file says it is in, is not; "
                "take out what it says, or correct the position"
            )
            raise RowFaultError(msg)
        try:
            longitude, latitude = transformer.transform(x, y, errcheck=True)
        except ProjError as error:
            msg = f"the position ({x:g}, {y:g}) is not one of {crs.name}; correct it"
            raise RowFaultError(msg) from error
        return round(longitude, 8), round(latitude, 8)

    return move


def moved(stated: Any, move: Move | None) -> Any:  # noqa: ANN401 - any JSON
    """The geometry with each position moved; what is not a geometry comes back as it is."""
    if move is None or not isinstance(stated, dict):
        return stated
    return geometries.with_coordinates(stated, lambda coordinates: _moved(coordinates, move))


def _moved(stated: Any, move: Move) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(stated, list | tuple) and len(stated) > 1 and all(isinstance(x, int | float) for x in stated[:2]):
        return list(move(as_float(stated[0]), as_float(stated[1])))
    return [_moved(inner, move) for inner in stated] if isinstance(stated, list | tuple) else stated


def from_wkt(words: str) -> tuple[Geometry, bool]:
    """A geometry out of well-known text, with or without ``SRID=4326;``, and whether a ring of it had to be closed.

    Raises
    ------
    RowFaultError
        It is none, or in a coordinate system that is not known.
    """
    import shapely  # noqa: PLC0415 - only tables with shapes need it
    from shapely.errors import ShapelyError  # noqa: PLC0415 - as above

    head, semicolon, rest = words.partition(";")
    move = None
    if semicolon and head.strip().upper().startswith("SRID="):
        words = rest
        try:
            move = _mover(f"EPSG:{head.partition('=')[2].strip()}")
        except ValueError as error:
            msg = f"the coordinate system {head.strip()!r} is not known ({error}); write positions in degrees"
            raise RowFaultError(msg) from error
    try:
        shape, mended = _of_wkt(words)
    except (ShapelyError, ValueError) as error:
        msg = f"{words[:60]!r} is not well-known text ({str(error).splitlines()[0][:80]}); write POINT (-92.15 14.68)"
        raise RowFaultError(msg) from error
    if shape is None or shape.is_empty:
        msg = "the geometry is empty; write POINT (-92.15 14.68), or name the reach"
        raise RowFaultError(msg)
    from_text = geometry(moved(shapely.force_2d(shape).__geo_interface__, move))
    if from_text is None:
        msg = "the geometry is empty; write POINT (-92.15 14.68), or name the reach"
        raise RowFaultError(msg)
    return from_text, mended


def _of_wkt(words: str) -> tuple[Any, bool]:
    import shapely  # noqa: PLC0415 - as above
    from shapely.errors import ShapelyError  # noqa: PLC0415 - as above

    try:
        return shapely.from_wkt(words), False
    except ShapelyError:
        if "POLYGON" not in words.upper():
            raise
        shape = shapely.from_wkt(words, on_invalid="fix")
        return shape, True


def same_datum(name: str) -> bool:
    """Whether what a row says of its coordinate system is WGS 84, or the same within a step."""
    return key(name) in _SAME_AS_WGS84
