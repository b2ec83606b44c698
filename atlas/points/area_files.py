"""Other people's polygons out of a map file of any format, GeoJSON among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from atlas.errors import InputError
from atlas.geojson.document import read_document_file
from atlas.vector.certain_layer import read_certain_layer
from atlas.vector.coordinate_system import is_degrees, known_system
from atlas.vector.source import geojson_in

_AREAS = frozenset({"Polygon", "MultiPolygon"})
_REMEDY = "give a file of areas with a field of codes"
_WRONG = (ValueError, TypeError, LookupError, AttributeError, ShapelyError)


def read_areas(path: Path) -> list[tuple[Mapping[str, Any], BaseGeometry]]:
    """The properties and the valid shape, in degrees, of each area; what is no area is left out.

    Raises
    ------
    InputError
        The file cannot be read, is not in degrees though it is GeoJSON, or holds no areas.
    """
    rows = []
    for number, feature in enumerate(_features(path), start=1):
        try:
            geometry = feature.get("geometry")
            if geometry is None or geometry["type"] not in _AREAS:
                continue
            polygon = shape(geometry)
            valid = polygon if shapely.is_valid(polygon) else shapely.make_valid(polygon)
            rows.append((feature.get("properties") or {}, valid))
        except _WRONG:
            msg = (
                f"{path}: feature {number} is no feature with a shape; `atlas check {path}` says what is wrong with it"
            )
            raise InputError(msg) from None
    if not rows:
        msg = f"{path} holds no polygons; {_REMEDY}"
        raise InputError(msg)
    return rows


def _features(path: Path) -> Iterator[Mapping[str, Any]]:
    with geojson_in(path) as plain:
        if plain is None:
            yield from read_certain_layer(path).layer.features()
            return
        document = read_document_file(plain, remedy=_REMEDY, named=path).value
    members = document.get("features") if isinstance(document, dict) else None
    if not isinstance(members, list):
        msg = f"{path} is no GeoJSON with a list of features; {_REMEDY}"
        raise InputError(msg)
    _refuse_other_system(path, document.get("crs"))
    yield from members


def _refuse_other_system(path: Path, crs: object) -> None:
    """Refuse a file that says it is in metres: its areas would lie elsewhere."""
    if crs is None:
        return
    stated = crs.get("properties") if isinstance(crs, dict) else None
    name = stated.get("name") if isinstance(stated, dict) else None
    system = known_system(name) if isinstance(name, str) else None
    if system is None or not is_degrees(system):
        msg = (
            f"{path} says that it is in another system than degrees; bring it there by "
            f"`atlas clean {path} -o OUT.geojson`"
        )
        raise InputError(msg)
