"""The model of a GeoJSON geometry, how one is written, and how its positions are gone through, of whatever type it is.

A position is longitude, latitude and perhaps a height, in degrees and metres. What these functions are given has the
form of the model: members of somebody's file are held against it first, by the rules of ``atlas check``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Geometry: TypeAlias = Mapping[str, Any]
Position: TypeAlias = Sequence[float]

# how many arrays stand around a position, by type
DEPTHS: Mapping[str, int] = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
COLLECTION = "GeometryCollection"
TYPES = (*DEPTHS, COLLECTION)
AREAS = ("Polygon", "MultiPolygon")
_HEIGHT = 3


def geometry_of(kind: str, coordinates: Any) -> dict[str, Any]:  # noqa: ANN401 - arrays of any depth
    """A geometry of a type that has coordinates."""
    return {"type": kind, "coordinates": coordinates}


def point(lon: float, lat: float) -> dict[str, Any]:
    """A point."""
    return geometry_of("Point", [lon, lat])


def collection_of(geometries: Sequence[Geometry]) -> dict[str, Any]:
    """Geometries as one collection."""
    return {"type": COLLECTION, "geometries": list(geometries)}


def coordinates_in(geometry: Geometry) -> Any:  # noqa: ANN401 - as above
    """The arrays of a geometry, nothing where it has none; of somebody's file it may be anything."""
    return geometry.get("coordinates")


def geometries_in(geometry: Geometry) -> Any:  # noqa: ANN401 - as above
    """What a collection holds; nothing where there is no such member."""
    return geometry.get("geometries")


def lon_lat(feature: Mapping[str, Any]) -> tuple[float, float]:
    """Longitude and latitude of a feature that is a point."""
    lon, lat = feature["geometry"]["coordinates"][:2]
    return lon, lat


def line_of(feature: Mapping[str, Any]) -> list[Position]:
    """The positions of a feature that is one line."""
    positions: list[Position] = feature["geometry"]["coordinates"]
    return positions


def simple_geometries(geometry: Geometry) -> Iterator[Geometry]:
    """A geometry, or those in a collection however deep, in their order."""
    waiting = [geometry]
    while waiting:
        one = waiting.pop()
        if one.get("type") == COLLECTION:
            waiting += reversed(one["geometries"])
        else:
            yield one


def positions_in(geometry: Geometry) -> Iterator[Position]:
    """Every position of a geometry, in the order of the file."""
    for one in simple_geometries(geometry):
        yield from _positions(one["coordinates"])


def _positions(coordinates: Sequence[Any]) -> Iterator[Position]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates
        return
    for inner in coordinates:
        # a generator for each position takes longer than all the rest
        if inner and isinstance(inner[0], int | float):
            yield inner
        else:
            yield from _positions(inner)


def with_coordinates(geometry: Geometry, change: Callable[[Any], Any]) -> dict[str, Any]:
    """The same geometry with what a function makes of its coordinates, those of a collection one by one.

    The function is given what stands in the member, or nothing where there is no such member.
    """
    inner = geometry.get("geometries")
    if isinstance(inner, list):
        return {**geometry, "geometries": [with_coordinates(one, change) for one in inner]}
    return {**geometry, "coordinates": change(geometry.get("coordinates"))}


def evened(geometry: Geometry) -> Geometry:
    """The geometry with equally many numbers in every position, three at most; the same object where it is so."""
    sizes = {len(position) for position in positions_in(geometry)}
    if len(sizes) < 2 and max(sizes, default=_HEIGHT) <= _HEIGHT:  # noqa: PLR2004 - one size
        return geometry
    most = min(*sizes, _HEIGHT)
    return with_coordinates(geometry, lambda held: _cut(held, most))


def _cut(value: Any, most: int) -> Any:  # noqa: ANN401 - arrays of any depth
    flat = isinstance(value, list) and value and not isinstance(value[0], list)
    return value[:most] if flat else [_cut(one, most) for one in value]
