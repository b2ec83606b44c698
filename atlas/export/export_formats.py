"""The formats of an export of layers: their names, and what is asked for by which word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from atlas.errors import UsageError

ALL = "all"
# made by the writers for anybody's features, a file a layer
BY_VECTOR = ("geojsons", "geojsonl", "shp", "parquet2", "topojson", "xlsx", "pmtiles")
FORMATS = ("geojson", "gpkg", "fgb", "parquet", "csv", "kml", "qgs", *BY_VECTOR, "pygeoapi", "postgis")
# with one kind of shape a file and plain columns; GeoJSON has no types, so that GDAL takes texts like dates for dates
FLAT = ("gpkg", "fgb", "parquet", "parquet2", "csv", "xlsx", "shp")
MEDIA: Mapping[str, str] = MappingProxyType(
    {
        "geojson": "application/geo+json",
        "geojsons": "application/geo+json-seq",
        "geojsonl": "application/x-ndjson",
        "gpkg": "application/geopackage+sqlite3",
        "fgb": "application/vnd.flatgeobuf",
        "shp": "application/zip",
        "parquet": "application/vnd.apache.parquet",
        "parquet2": "application/vnd.apache.parquet",
        "topojson": "application/topo+json",
        "csv": "text/csv",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "kml": "application/vnd.google-earth.kml+xml",
        "pmtiles": "application/vnd.pmtiles",
        "qgs": "application/x-qgis-project",
        "pygeoapi": "application/yaml",
        "postgis": "application/sql",
    }
)


def wanted_formats(formats: Sequence[str], *, flat: bool = False) -> tuple[str, ...]:
    """The formats asked for, in their usual order.

    Raises
    ------
    UsageError
        None is given, or one does not exist, or not for the flat edition.
    """
    known = FLAT if flat else FORMATS
    if flat and "geojson" in formats:
        msg = (
            "--flat does not go with --format geojson, which has no types, so that programs take texts for dates; "
            f"give one or more of {', '.join(FLAT)}"
        )
        raise UsageError(msg)
    if not formats or (unknown := [name for name in formats if name not in {*known, ALL}]):
        bad = ", ".join(repr(name) for name in unknown) if formats else "nothing"
        what = "no format of the flat edition" if flat and formats else "no format"
        msg = f"--format: {bad} is {what}; give one or more of {', '.join(known)}, or {ALL}"
        raise UsageError(msg)
    return tuple(name for name in known if name in formats or ALL in formats)
