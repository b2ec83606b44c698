"""Shapes out of the columns of a table that hold a place: coordinates however written, or well-known text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from atlas.errors import InputError
from atlas.geojson.shapely_geometries import placed_shape
from atlas.geojson.strict import parse
from atlas.vector.coordinate_system import DEGREES, known_system, on_globe_in_some_order, positions_of
from atlas.vector.layer import FileFault
from atlas.vector.place_columns import HEIGHTS, SYSTEMS, WKTS, coordinate_columns, plain_name
from atlas.vector.wkb import Geometry, geometry_of

if TYPE_CHECKING:
    import pyproj

_WKT = re.compile(
    r"\s*+(?:SRID=(\d++);\s*+)?((?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)\b", re.IGNORECASE
)
_EWKB = re.compile(r"(?:[0-9A-Fa-f]{2}){9,}\Z")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?\Z")
_ANGLE = re.compile(
    r"([NSEWO])?\s*([+-]?\d{1,3})\s*[°º]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['’′\u00b4]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|”|″|''|’’)\s*)?([NSEWO])?\Z",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")
_BELOW = "SWO"


@dataclass(slots=True)
class PlacedColumns:
    """Shapes of rows, the system that they are in, and the columns that are left."""

    geometries: list[Geometry | None]
    columns: dict[str, Sequence[Any]]
    crs: pyproj.CRS | None
    faults: list[FileFault] = field(default_factory=list)


def shapes_of_columns(columns: Mapping[str, Sequence[Any]], *, first_row: int = 1) -> PlacedColumns | None:
    """The shapes of a table's rows; nothing where no column can hold them.

    Parameters
    ----------
    columns
        Texts, numbers or nothing, by the names of the head.
    first_row
        The number of the first row, for what is said of a row.
    """
    names = {plain_name(name): name for name in reversed(list(columns))}
    wkt = next((names[word] for word in WKTS if word in names and _is_wkt(word, columns[names[word]])), None)
    system = next((names[word] for word in SYSTEMS if word in names), None)
    faults: list[FileFault] = []
    if wkt is not None:
        geometries, stated = _from_wkt(columns[wkt], wkt, first_row, faults)
        left = {name: values for name, values in columns.items() if name != wkt}
        crs = known_system(f"EPSG:{stated}") if stated else _stated(columns, system)
        return PlacedColumns(geometries, left, crs or _usual(geometries), faults)
    pair = coordinate_columns(columns)
    if pair is None:
        return None
    lon, lat = pair
    height = next((names[word] for word in HEIGHTS if word in names and names[word] not in {lat, lon}), None)
    geometries = _from_numbers(columns, (lon, lat, height), first_row, faults)
    left = {name: values for name, values in columns.items() if name not in {lat, lon}}
    if height is not None and any(one is not None and one.parts[0][0].shape[1] > 2 for one in geometries):  # noqa: PLR2004 - x and y
        left.pop(height)
    return PlacedColumns(geometries, left, _stated(columns, system) or _usual(geometries), faults)


def _usual(geometries: Sequence[Geometry | None]) -> pyproj.CRS | None:
    """A table that says nothing is in degrees where all of its numbers can be, also with their columns exchanged."""
    return known_system(DEGREES) if on_globe_in_some_order(positions_of(geometries)) else None


def _stated(columns: Mapping[str, Sequence[Any]], system: str | None) -> pyproj.CRS | None:
    if system is None:
        return None
    words = {str(value).strip() for value in columns[system] if value not in {None, ""}}
    if len(words) != 1:
        return None
    word = words.pop()
    return known_system(f"EPSG:{word}" if word.isascii() and word.isdigit() else word)


def _is_wkt(word: str, values: Sequence[Any]) -> bool:
    held = [value for value in values if isinstance(value, str) and value.strip()]
    if not held and "wkt" in word:
        return True
    return any(_WKT.match(value) or _EWKB.match(value.strip()) or _is_json(value) for value in held[:200])


def _is_json(text: str) -> bool:
    return text.lstrip().startswith("{") and '"type"' in text


def _from_json(text: str) -> Geometry:
    """A shape that is written as GeoJSON in a cell."""
    import shapely  # noqa: PLC0415 - only for text

    value = parse(text)
    if not isinstance(value, dict):
        msg = "it is no object"
        raise TypeError(msg)
    return geometry_of(shapely.to_wkb(placed_shape(value), flavor="iso"))


def _from_wkt(
    values: Sequence[Any], name: str, first_row: int, faults: list[FileFault]
) -> tuple[list[Geometry | None], str | None]:
    import shapely  # noqa: PLC0415 - only for text

    geometries: list[Geometry | None] = []
    stated: set[str] = set()
    for row, value in enumerate(values, start=first_row):
        text = value.strip() if isinstance(value, str) else ""
        if not text:
            geometries.append(None)
            continue
        try:
            if _is_json(text):
                geometries.append(_from_json(text))
                continue
            match = _WKT.match(text)
            if match is None and _EWKB.match(text):
                geometries.append(geometry_of(bytes.fromhex(text)))
                continue
            if match is not None and match[1]:
                stated.add(match[1])
                text = text.partition(";")[2]
            geometries.append(geometry_of(shapely.to_wkb(shapely.from_wkt(text), output_dimension=4)))
        except (shapely.errors.ShapelyError, InputError, LookupError, ValueError, TypeError, AttributeError) as error:
            why = " ".join(str(error).split())[:100]
            faults.append(FileFault("shape-lost", f"The text is no shape ({why}): correct it.", row=row, field=name))
            geometries.append(None)
    return geometries, stated.pop() if len(stated) == 1 else None


def _from_numbers(
    columns: Mapping[str, Sequence[Any]], names: tuple[str, str, str | None], first_row: int, faults: list[FileFault]
) -> list[Geometry | None]:
    lon, lat, height = names
    commas: list[int] = []
    geometries: list[Geometry | None] = []
    heights: Sequence[Any] = columns[height] if height is not None else [None] * len(columns[lat])
    for row, (x, y, z) in enumerate(zip(columns[lon], columns[lat], heights, strict=True), start=first_row):
        pair = [coordinate(one) for one in (x, y)]
        commas += [row] if any(isinstance(one, str) and "," in one for one in (x, y)) else []
        if None not in pair:
            z_number = coordinate(z)
            numbers = pair if z_number is None else [*pair, z_number]
            geometries.append(Geometry("Point", [[np.array([numbers], dtype=np.float64)]]))
            continue
        geometries.append(None)
        given = [(name, value) for name, value in ((lon, x), (lat, y)) if value not in {None, ""}]
        if odd := next((pair for pair in given if coordinate(pair[1]) is None), None):
            message = f"“{str(odd[1])[:40]}” is no coordinate, so that the row has no place: correct it."
            faults.append(FileFault("shape-lost", message, row=row, field=odd[0]))
        elif (x in {None, ""}) != (y in {None, ""}):
            empty = lon if x in {None, ""} else lat
            message = "One of the two coordinates is empty, so that the row has no place: correct it."
            faults.append(FileFault("shape-lost", message, row=row, field=empty))
    if commas:
        message = f"{len(commas):,} coordinates have a comma for the decimal point; they are read as such."
        faults.append(FileFault("decimal-comma", message, row=commas[0], before="decimal comma", after="decimal point"))
    return geometries


def coordinate(value: object) -> float | None:
    """A number however it is written: with a decimal point or comma, or in degrees, minutes and seconds."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if np.isfinite(value) else None
    text = str(value).strip().replace("\u2212", "-").replace("\u00a0", " ")
    if _NUMBER.match(text):
        if _THOUSANDS.match(text) and len(text.lstrip("+-")) > len("999,999"):
            return float(text.replace(",", ""))
        number = float(text.replace(",", "."))
        return number if np.isfinite(number) else None
    if _THOUSANDS.match(text):
        return float(text.replace(",", ""))
    return _angle(text)


def _angle(text: str) -> float | None:
    match = _ANGLE.match(text)
    if match is None:
        return None
    side = (match[1] or match[5] or "").upper()
    degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.group(2, 3, 4))
    if minutes >= 60 or seconds >= 60:  # noqa: PLR2004 - to the degree and minute
        return None
    size = abs(degrees) + minutes / 60 + seconds / 3600
    return -size if match[2].startswith("-") or (side and side in _BELOW) else size
