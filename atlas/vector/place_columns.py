"""Which columns of a table hold a place, by what they are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

# compared without accents, case and punctuation; the better name first
_LATS = (
    "lat", "latitude", "latitud", "decimallatitude", "latitud_decimal", "lat_dd", "lat_wgs84", "gps_lat",
    "coord_y", "coordenada_y", "y", "northing", "norte", "utm_y", "utm_norte",
)  # fmt: skip
_LONS = (
    "lon", "lng", "long", "longitude", "longitud", "decimallongitude", "longitud_decimal", "lon_dd", "lon_wgs84",
    "gps_lon", "coord_x", "coordenada_x", "x", "easting", "este", "utm_x", "utm_este",
)  # fmt: skip
HEIGHTS = ("z", "height", "altitude", "altitud", "elevation", "elevacion")
WKTS = (
    "wkt", "geom_wkt", "wkt_geom", "geometry_wkt", "wkt_geometry", "the_geom_wkt", "footprintwkt", "st_astext",
    "geometry", "geometria", "geom", "the_geom", "wkb_geometry", "wkb", "shape", "geojson", "geom_geojson",
    "geojson_geometry", "st_asgeojson",
)  # fmt: skip
# words within longer names: begin_lon, _gps_longitude, POINT_X
_LON_WORDS = frozenset({"lon", "lng", "long", "longitud", "longitude", "decimallongitude"})
_LAT_WORDS = frozenset({"lat", "latitud", "latitude", "decimallatitude"})
_BESIDE_XY = frozenset(
    {"coord", "coords", "coordinate", "coordenada", "utm", "point", "punto", "pos", "geo", "gps", "centroid"}
    | {"centroide"}
)
SYSTEMS = ("crs", "srs", "epsg", "srid", "datum", "geodeticdatum", "coordinate_system")


def names_a_place(names: Sequence[str]) -> bool:
    """Whether a row has the names of columns for a place."""
    return coordinate_columns(names) is not None or bool({plain_name(name) for name in names} & set(WKTS))


def coordinate_columns(columns: Iterable[str]) -> tuple[str, str] | None:
    """The columns of longitude and latitude among names, by what they are called; nothing where there are none.

    Names that say nothing else go before longer ones with such a word in them; of these there must be one pair only.
    """
    listed = list(columns)
    names = {plain_name(name): name for name in reversed(listed)}
    lon, lat = (next((names[word] for word in words if word in names), None) for words in (_LONS, _LATS))
    if lon is not None and lat is not None:
        return lon, lat
    pairs = coordinate_pairs(listed)
    return pairs[0] if len(pairs) == 1 else None


def coordinate_pairs(columns: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of columns whose longer names have a word for longitude and one for latitude, and else the same."""
    lons: dict[tuple[str, ...], str] = {}
    lats: dict[tuple[str, ...], str] = {}
    for name in columns:
        words = plain_name(name).split("_")
        for kinds, axis, held in ((_LON_WORDS, "x", lons), (_LAT_WORDS, "y", lats)):
            if sum(word in kinds for word in words) == 1:
                held.setdefault(tuple(word for word in words if word not in kinds and word != axis), name)
            elif axis in words and len(words) > 1 and _BESIDE_XY.issuperset(set(words) - {axis}):
                held.setdefault(("xy", *(word for word in words if word != axis)), name)
    return [(name, lats[rest]) for rest, name in lons.items() if rest in lats]


def is_place_name(name: str) -> bool:
    """Whether a column would be taken for a place, or a part of one, by its name alone."""
    return plain_name(name) in {*_LATS, *_LONS, *WKTS}


def plain_name(name: str) -> str:
    """A column's name in small letters and digits alone, words joined by an underscore."""
    letters = unicodedata.normalize("NFKD", name.strip().lower())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")
