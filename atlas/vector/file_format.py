"""Which format a file or folder is of, by what it begins with and not by its name.

GDAL is only asked about what is known here: it would as well open descriptions that fetch other files, servers or
databases (VRT, WFS, GDALG), whatever the file is called.
"""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from pathlib import Path

from atlas.errors import InputError
from atlas.geojson.encoding import unicode_encoding

READABLE = (
    "GeoJSON, TopoJSON, Esri JSON, shapefile, GeoPackage, FlatGeobuf, GeoParquet, File Geodatabase, KML, GML, GPX, "
    "MapInfo, CSV or XLSX, or a zip of one"
)
JSON_SUFFIXES = frozenset({".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".jsonl"})
_TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".txt"})
_KNOWN_SUFFIXES = _TABLE_SUFFIXES | {
    ".shp", ".gpkg", ".fgb", ".kml", ".kmz", ".gml", ".gpx", ".parquet", ".geoparquet", ".xlsx", ".zip", ".topojson",
    ".gdb", ".mif",
}  # fmt: skip
# the folders of a table that is kept in parts, such as month=2026-01
_PARTITIONS = ("*", "*=*/*", "*=*/*=*/*")
_OF_POINTS = frozenset({".parquet", ".geoparquet", ".csv", ".gpkg", ".fgb"})
_HEAD = 65_536
_TAIL = 4_096
_HEADS = 30
_JSON = ("{", "[", "\x1e")
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?:[\s/>]|\Z)")
_PROLOGUE = re.compile(
    r"(?:\s|<\?[^>]*+>|<!--(?:[^-]|-(?!->))*+-->)*+(?:<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\])?[^>]*+>)?\s*+"
)
_TOPOLOGY = re.compile(rb'"type"\s*:\s*"Topology"')
_ESRI = re.compile(rb'"(?:geometryType"\s*:\s*"esriGeometry|spatialReference"\s*:\s*\{|objectIdFieldName")')
_ATTRIBUTES = re.compile(rb'"attributes"\s*:\s*\{')


class FileFormat(StrEnum):
    """A format, by the name that people call it."""

    GEOJSON = "GeoJSON"
    TOPOJSON = "TopoJSON"
    ESRI_JSON = "Esri JSON"
    SHAPEFILE = "shapefile"
    GEOPACKAGE = "GeoPackage"
    FLATGEOBUF = "FlatGeobuf"
    PARQUET = "Parquet"
    FILE_GDB = "File Geodatabase"
    KML = "KML"
    GML = "GML"
    GPX = "GPX"
    MAPINFO = "MapInfo"
    CSV = "CSV"
    XLSX = "XLSX"
    ZIP = "zip"


_MAGIC = (
    (b"SQLite format 3\0", FileFormat.GEOPACKAGE),
    (b"\x00\x00\x27\x0a", FileFormat.SHAPEFILE),
    (b"fgb", FileFormat.FLATGEOBUF),
    (b"PAR1", FileFormat.PARQUET),
    (b"PK\x03\x04", FileFormat.ZIP),
    (b"PK\x05\x06", FileFormat.ZIP),
)
# what is known and not read, with what to do about it
_REFUSED = (
    (b"\x1f\x8b", "is packed by gzip; unpack it first"),
    (b"7z\xbc\xaf", "is a 7z archive; unpack it first"),
    (b"Rar!", "is a RAR archive; unpack it first"),
    (b"BZh", "is packed by bzip2; unpack it first"),
    (b"\xd0\xcf\x11\xe0", "is an old Office file (.xls, .mdb); save it as .xlsx, or export the layer as GeoPackage"),
    (b"PMTiles", "holds tiles, in which shapes are cut and coarse; give the file that they were made of"),
    (b"%PDF", "is a PDF; ask for the data that it was drawn from"),
)
# zips of programs, by a file that stands in them
_REFUSED_ZIPS = (
    ("word/document.xml", "is a text of Word; put its table into an .xlsx or .csv file"),
    ("ppt/presentation.xml", "holds slides; ask for the data that they were made of"),
    ("xl/workbook.bin", "is a binary workbook (.xlsb); save it as .xlsx or .csv"),
    ("mimetype", "is an OpenDocument file (such as .ods) or an e-book; save a table as .xlsx or .csv"),
    ("Index/Document.iwa", "is a file of Numbers or Pages; export it as .xlsx or .csv"),
)
_BESIDE = frozenset({".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix"})
_XML = {"kml": FileFormat.KML, "gpx": FileFormat.GPX, "featurecollection": FileFormat.GML}


# what no text reader would be asked about
_NEVER_EMPTY = frozenset(
    {".gpkg", ".shp", ".zip", ".fgb", ".parquet", ".xlsx", ".kmz", ".kml", ".gml", ".gpx", ".csv", ".tsv"}
)


def file_format(path: Path) -> FileFormat:
    """The format of a file or folder; GeoJSON for what is missing, whose reader says so.

    Raises
    ------
    InputError
        It is no map file, or one that is not read; the message says what to do.
    """
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except OSError as error:
        msg = f"{str(path)[:80]!r} cannot be opened ({error.strerror}); give the path of a map file"
        raise InputError(msg) from error
    if is_folder:
        return _of_folder(path)
    if not is_file:
        return FileFormat.GEOJSON
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
            stream.seek(max(0, path.stat().st_size - _TAIL))
            tail = stream.read(_TAIL)
    except OSError:
        return FileFormat.GEOJSON
    if not head and path.suffix.lower() in _NEVER_EMPTY:
        msg = f"{path} is empty; copy or download it again"
        raise InputError(msg)
    return _by_magic(path, head) or _of_text(path, head, tail)


def _of_folder(path: Path) -> FileFormat:
    try:
        names = [one.name.lower() for one in path.iterdir()]
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}); give a file or folder that you may read"
        raise InputError(msg) from error
    if any(name.endswith(".gdbtable") for name in names):
        return FileFormat.FILE_GDB
    if any(name.endswith(".shp") for name in names):
        return FileFormat.SHAPEFILE
    tables = sorted(one for pattern in _PARTITIONS for one in path.glob(pattern) if one.suffix.lower() in _OF_POINTS)
    if tables:
        msg = (
            f"{path} is a folder of tables, of which one is read here, such as {tables[0]}; name one, or make one of "
            f"all points: atlas locate {path} -o points.parquet"
        )
        raise InputError(msg)
    msg = f"{path} is a folder without a shapefile, and no File Geodatabase; give one of {READABLE}"
    raise InputError(msg)


def _by_magic(path: Path, head: bytes) -> FileFormat | None:
    suffix = path.suffix.lower()
    if why := next((why for magic, why in _REFUSED if head.startswith(magic)), None):
        msg = f"{path} {why}"
        raise InputError(msg)
    form = next((form for magic, form in _MAGIC if head.startswith(magic)), None)
    if suffix in _BESIDE and form is not FileFormat.SHAPEFILE:
        msg = f"{path} is a part of a shapefile; name its .shp file, with all parts in one folder"
        raise InputError(msg)
    if form is FileFormat.ZIP:
        names = _names_in_zip(path)
        if "xl/workbook.xml" in names:
            return FileFormat.XLSX
        if why := next((why for name, why in _REFUSED_ZIPS if name in names), None):
            msg = f"{path} {why}"
            raise InputError(msg)
    if form is FileFormat.SHAPEFILE and suffix == ".shx":
        msg = f"{path} is the index of a shapefile; name its .shp file, with all parts in one folder"
        raise InputError(msg)
    return form


def _names_in_zip(path: Path) -> frozenset[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return frozenset()


def _of_text(path: Path, head: bytes, tail: bytes) -> FileFormat:
    encoding = unicode_encoding(head)
    text = head[encoding.mark_bytes :].decode(encoding.name, "ignore").lstrip(" \t\r\n\ufeff")
    suffix = path.suffix.lower()
    if text.startswith("{"):
        if _TOPOLOGY.search(head) or _TOPOLOGY.search(tail):
            return FileFormat.TOPOJSON
        if (_ESRI.search(head) or _ESRI.search(tail)) and (_ATTRIBUTES.search(head) or b'"features"' in head):
            return FileFormat.ESRI_JSON
    if not head and suffix in _KNOWN_SUFFIXES:
        msg = f"{path} is empty; copy or download it again"
        raise InputError(msg)
    if text.startswith(_JSON) or not text or suffix in JSON_SUFFIXES:
        return FileFormat.GEOJSON
    if text.startswith("<") and (form := _of_xml(text)):
        return form
    if text.lower().startswith("!table") or (suffix == ".mif" and text.lower().startswith("version")):
        return FileFormat.MAPINFO
    plain = b"\0" not in head[encoding.mark_bytes :].replace(b"\0", b"", encoding.is_wide * len(head))
    if plain and (suffix in _TABLE_SUFFIXES or (not suffix and _has_places(text))):
        return FileFormat.CSV
    if suffix == ".shp":
        msg = f"{path} does not begin as a shapefile does; copy or download it again"
    else:
        msg = f"{path} is of no format that is read; give {READABLE}"
    raise InputError(msg)


def _has_places(text: str) -> bool:
    """Whether a text whose name says nothing, such as standard input, has a head with columns for a place."""
    from atlas.vector.delimited_text import rows_of  # noqa: PLC0415 - seldom needed
    from atlas.vector.place_columns import names_a_place  # noqa: PLC0415 - as above

    rows = rows_of("\n".join(text.splitlines()[:_HEADS]))
    return any(len(row) > 1 and names_a_place([str(cell) for cell in row]) for row in rows)


def _of_xml(text: str) -> FileFormat | None:
    start = _PROLOGUE.match(text)
    root = _ROOT.match(text, start.end() if start else 0)
    if root is None:
        return None
    name = root[2].lower()
    if name in _XML:
        return _XML[name]
    described = name == "schema" or name.startswith("ogr") or "capabilities" in name
    return FileFormat.GML if "opengis.net/gml" in text and not described else None
