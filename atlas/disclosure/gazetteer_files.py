"""A list of places out of a file: GeoNames' tab-separated export, a table with a header, or GeoJSON."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely

from atlas.disclosure.gazetteer import ListedPlace
from atlas.disclosure.scanned_feature import LATITUDES, LONGITUDES
from atlas.disclosure.sniff import decoded
from atlas.disclosure.toponyms import folded
from atlas.errors import InputError
from atlas.geojson.document import document_of
from atlas.geojson.sequence import SEPARATOR

# columns of names: GeoNames, INEGI's catalogue of localities, OpenStreetMap, and what people write
NAMES = frozenset(
    {
        "name", "nombre", "asciiname", "alternatenames", "alternate_names", "nom_loc", "nomgeo", "toponimo",
        "toponym", "localidad", "locality", "place", "lugar", "title", "titulo", "alt_name", "old_name",
        "official_name", "int_name", "name:es", "name:en", "loc_name", "nombre_loc",
    }
)  # fmt: skip
_LONGITUDES = LONGITUDES | {"lon_decimal", "longitud_decimal", "x_lon", "lng_dd"}
_LATITUDES = LATITUDES | {"lat_decimal", "latitud_decimal", "y_lat"}
# of GeoNames' export without a header: id, name, ascii name, alternate names, latitude, longitude, …
_GEONAMES_COLUMNS = 19
_NAME, _ASCII, _ALTERNATE, _LATITUDE, _LONGITUDE = 1, 2, 3, 4, 5
_DELIMITERS = ",;\t|"
_EXPECTED = (
    "expected GeoNames' tab-separated export (XX.txt of a country, unpacked), a CSV with columns name, longitude and "
    "latitude in degrees, or GeoJSON with the property name"
)


def read_places(path: Path) -> list[ListedPlace]:
    """Every place of a file that has a name and a position.

    Raises
    ------
    InputError
        The file cannot be read, or is no list of places.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}); name a list of places that can"
        raise InputError(msg) from error
    places = list(_places(path, data))
    if not places:
        msg = f"{path} names no place with a position in degrees; {_EXPECTED}"
        raise InputError(msg)
    return places


def _places(path: Path, data: bytes) -> Iterator[ListedPlace]:
    text = decoded(data).removeprefix("\ufeff")
    if text.lstrip()[:1] in {"{", "[", SEPARATOR}:
        yield from _of_geojson(path, data)
        return
    first = text.partition("\n")[0]
    if first.count("\t") == _GEONAMES_COLUMNS - 1 and first.split("\t")[0].strip().isdigit():
        yield from _of_geonames(text)
    else:
        yield from _of_table(path, text, max(_DELIMITERS, key=first.count))


def _of_geonames(text: str) -> Iterator[ListedPlace]:
    # names may hold quotes, which mean nothing here
    for line in text.split("\n"):
        cells = line.rstrip("\r").split("\t")
        if len(cells) > _LONGITUDE:
            names = (cells[_NAME], cells[_ASCII], *cells[_ALTERNATE].split(","))
            yield from _placed(names, cells[_LONGITUDE], cells[_LATITUDE])


def _of_table(path: Path, text: str, delimiter: str) -> Iterator[ListedPlace]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [folded(cell).strip() for cell in next(rows, [])]
        lon = _column(path, header, _LONGITUDES, "longitude")
        lat = _column(path, header, _LATITUDES, "latitude")
        named = [at for at, name in enumerate(header) if name in NAMES]
        if not named:
            _column(path, header, NAMES, "name")
        for row in rows:
            if len(row) > max(lon, lat, *named):
                names = [part for at in named for part in _several(header[at], row[at])]
                yield from _placed(names, row[lon], row[lat])
    except csv.Error as error:
        msg = f"{path} is no table ({error}); {_EXPECTED}"
        raise InputError(msg) from error


def _several(column: str, cell: str) -> list[str]:
    return cell.replace(";", ",").split(",") if column.startswith("alternate") else [cell]


def _column(path: Path, header: Sequence[str], known: frozenset[str], what: str) -> int:
    for at, name in enumerate(header):
        if name in known:
            return at
    msg = f"{path} has no column for the {what}: its columns are {', '.join(header)[:200] or 'none'}; {_EXPECTED}"
    raise InputError(msg)


def _of_geojson(path: Path, data: bytes) -> Iterator[ListedPlace]:
    try:
        document = document_of(data).value
        features = document.get("features") if isinstance(document, Mapping) else None
        for one in features if isinstance(features, list) else [document]:
            yield from _of_feature(one)
    except (ValueError, TypeError, AttributeError, RecursionError, shapely.errors.ShapelyError) as error:
        msg = f"{path} is no GeoJSON of places ({error}); {_EXPECTED}"
        raise InputError(msg) from error


def _of_feature(one: Mapping[str, Any]) -> Iterator[ListedPlace]:
    properties = one.get("properties") or {}
    names = [part for key, value in properties.items() if folded(str(key)) in NAMES for part in _texts(value)]
    shape = one.get("geometry")
    if names and shape:
        spot = shapely.point_on_surface(shapely.geometry.shape(shape))
        if not spot.is_empty:
            yield from _placed(names, spot.x, spot.y)


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _placed(names: Sequence[str], lon: object, lat: object) -> Iterator[ListedPlace]:
    try:
        longitude, latitude = float(str(lon).replace(",", ".")), float(str(lat).replace(",", "."))
    except ValueError:
        return
    known = tuple(dict.fromkeys(name.strip() for name in names if name and name.strip()))
    on_earth = math.isfinite(longitude) and abs(longitude) <= 180 and abs(latitude) <= 90  # noqa: PLR2004 - degrees
    if known and on_earth:
        yield ListedPlace(known, longitude, latitude)
