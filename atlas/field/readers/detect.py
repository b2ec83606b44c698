"""Which format a file is in, by what is in it first and by its name second."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum

from atlas.errors import InputError
from atlas.field.readers.input_source import Source
from atlas.field.readers.sealed import AGE, is_bundle
from atlas.field.readers.shapefile import is_shapefile
from atlas.field.readers.submission import is_form, is_submission
from atlas.field.readers.takeout import is_history, is_photo_note
from atlas.geojson.encoding import unicode_encoding
from atlas.geojson.sequence import SEPARATOR, SUFFIXES, is_by_line, is_collection


class Format(StrEnum):
    """What can be read."""

    GEOJSON = "geojson"
    SEQUENCE = "geojson sequence"
    TABLE = "table"
    GPX = "gpx"
    KML = "kml"
    KMZ = "kmz"
    ARCHIVE = "archive"
    GEOPACKAGE = "geopackage"
    BUNDLE = "sealed bundle"
    AGE = "age"
    SUBMISSION = "submission"
    WORKBOOK = "workbook"
    ANSWERS = "answers as JSON"
    SHAPEFILE = "shapefile"
    HISTORY = "location history"
    PHOTO_NOTE = "note beside a photo"


DATA_SUFFIXES = frozenset(
    {".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".jsonl", ".csv", ".tsv", ".txt", ".gpx", ".kml", ".kmz"}
    | {".xlsx", ".shp", ".gpkg", ".zip", ".age", ".atlasnotes"}
)
READABLE = (
    "GeoJSON, CSV, XLSX, GPX, KML or KMZ, a GeoPackage or shapefile, an export of the page, an export or a "
    "submission of ODK or KoboToolbox, or a zip of these"
)
_XML = ".xml"
_TABLES = frozenset({".csv", ".tsv", ".txt", ".tab"})
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
# an object that begins as servers begin theirs, and a list of objects that are no features
_ANSWERS = re.compile(
    r'\{\s*"(?:@odata\.context|count|next|previous|results|total_results|value|data|meta|records)"\s*:'
)
_OBJECTS = re.compile(r'\[\s*\{\s*(?:\}|"(?!type"\s*:\s*"(?:Feature|Point)))')
_OTHERS = (
    (b"\xff\xd8\xff", "a photo; give it in one folder or zip with the file that names it"),
    (b"\x89PNG", "a picture; give it in one folder or zip with the file that names it"),
    (b"\x1f\x8b", "packed with gzip; unpack it first"),
    (b"7z\xbc\xaf", "packed with 7-Zip; unpack it first"),
    (b"Rar!", "packed with RAR; unpack it first"),
    (b"%PDF", "a PDF; the notes have to be a table or a map file"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet or document; save the table as CSV"),
    (b"fgb\x03", "FlatGeobuf; export it as GeoPackage or GeoJSON"),
)


def detect(source: Source) -> Format:
    """The format of a file.

    Raises
    ------
    InputError
        It is empty, or in none that can be read.
    """
    head = source.head()
    if not head.strip(b"\x00 \t\r\n"):
        msg = f"{source.name} is empty; export or copy it again"
        raise InputError(msg)
    if head.startswith(AGE):
        return Format.AGE
    if head.startswith(b"SQLite format 3\x00"):
        return Format.GEOPACKAGE
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(source)
    if is_shapefile(head):
        return Format.SHAPEFILE
    if other := next((what for mark, what in _OTHERS if head.startswith(mark)), None):
        msg = f"{source.name} is {other}"
        raise InputError(msg)
    return _of_text(source, head, _as_text(head))


def is_filled_form(source: Source) -> bool:
    """Whether one of many files is a submission: programs write other XML beside their maps."""
    return source.suffix == _XML and is_submission(_as_text(source.head()))


def is_empty_form(source: Source) -> bool:
    """Whether one of many files is a form without answers."""
    return source.suffix == _XML and is_form(_as_text(source.head()))


def _as_text(head: bytes) -> str:
    shown = unicode_encoding(head)
    return head[shown.mark_bytes :].decode(shown.name, "replace").lstrip("\ufeff \t\r\n")


def _of_text(source: Source, head: bytes, text: str) -> Format:
    if text.startswith(SEPARATOR):
        return Format.SEQUENCE
    if is_history(text) or is_photo_note(text):
        return Format.HISTORY if is_history(text) else Format.PHOTO_NOTE
    if text.startswith("{"):
        return _of_object(source, head, text)
    if _OBJECTS.match(text):
        return Format.ANSWERS
    if text.startswith("<"):
        return _of_xml(source, text)
    if source.suffix in _TABLES or (source.suffix not in DATA_SUFFIXES and _looks_like_table(text)):
        return Format.TABLE
    if text.startswith("[") or source.suffix in {".json", ".geojson"}:
        msg = f"{source.name} is not GeoJSON (it begins with {text[:20]!r}); export it as GeoJSON or CSV"
    else:
        msg = f"{source.name} is nothing that can be read (it begins with {text[:20]!r}); give {READABLE}"
    raise InputError(msg)


def _of_object(source: Source, head: bytes, text: str) -> Format:
    if is_bundle(head):
        return Format.BUNDLE
    if _ANSWERS.match(text) and '"FeatureCollection"' not in text:
        return Format.ANSWERS
    return Format.SEQUENCE if _is_named_so(source, text) or is_by_line(text) else Format.GEOJSON


def _is_named_so(source: Source, text: str) -> bool:
    """Whether a file has the name of a sequence, and may be one: neither one collection nor values of several lines."""
    first = text.partition("\n")[0].rstrip()
    return source.suffix in SUFFIXES and not is_collection(text) and not first.endswith(("{", "[", ","))


def _of_xml(source: Source, text: str) -> Format:
    match = _ROOT.search(text)
    root = match[1].lower() if match else ""
    if root == "gpx" or source.suffix == ".gpx":
        return Format.GPX
    if root in {"kml", "document", "folder", "placemark"} or source.suffix == ".kml":
        return Format.KML
    if is_submission(text) or is_form(text):
        return Format.SUBMISSION
    what = (
        "a web page: was an error page saved instead of the data?"
        if root == "html"
        else f"XML of another kind (<{root}>)"
    )
    msg = f"{source.name} is {what} Give {READABLE}"
    raise InputError(msg)


def _looks_like_table(text: str) -> bool:
    first = text.partition("\n")[0]
    return ("\ufffd" not in first and any(mark in first for mark in ",;\t|") and first.isprintable()) or "\t" in first


def _packed(source: Source) -> Format:
    try:
        with source.open_seekable() as stream, zipfile.ZipFile(stream) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        msg = f"{source.name} is a damaged or cut off archive ({error}); copy it again"
        raise InputError(msg) from error
    if "xl/workbook.xml" in names:
        return Format.WORKBOOK
    if "content.xml" in names and "mimetype" in names:
        msg = f"{source.name} is an OpenDocument; save its table as XLSX or CSV (UTF-8) and give that"
        raise InputError(msg)
    kml = any(name.lower().endswith(".kml") for name in names)
    return Format.KMZ if source.suffix == ".kmz" or (kml and source.suffix != ".zip") else Format.ARCHIVE
