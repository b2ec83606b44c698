"""The formats that features are written in: their names, their endings, and the one function that writes any."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from atlas.errors import InputError, UsageError
from atlas.vector.feature_table import FeatureTable, TableColumn, feature_table
from atlas.vector.shape_families import by_family

Features = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """A format.

    Attributes
    ----------
    endings
        Of file names, the usual one first; a format that shares its ending is named by ``--format`` only.
    tabular
        Whether it has plain columns and one type in each.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    tabular: bool = True

    @property
    def ending(self) -> str:
        """The usual ending."""
        return self.endings[0]


OUTPUT_FORMATS: Mapping[str, OutputFormat] = MappingProxyType(
    {
        one.name: one
        for one in (
            OutputFormat("geojson", "GeoJSON", (".geojson", ".json"), tabular=False),
            OutputFormat("geojsons", "GeoJSON text sequence (RFC 8142)", (".geojsons",), tabular=False),
            OutputFormat("geojsonl", "GeoJSON, one feature a line", (".geojsonl", ".ndjson", ".jsonl"), tabular=False),
            OutputFormat("gpkg", "GeoPackage", (".gpkg",)),
            OutputFormat("fgb", "FlatGeobuf", (".fgb",)),
            OutputFormat("shp", "shapefile in a zip", (".zip", ".shz")),
            OutputFormat("parquet", "GeoParquet 1.1", (".parquet", ".geoparquet")),
            OutputFormat("parquet2", "GeoParquet 2.0", (".2.parquet",)),
            OutputFormat("topojson", "TopoJSON", (".topojson",), tabular=False),
            OutputFormat("kml", "KML", (".kml",)),
            OutputFormat("csv", "CSV with well-known text", (".csv",)),
            OutputFormat("xlsx", "XLSX", (".xlsx",)),
            OutputFormat("pmtiles", "PMTiles", (".pmtiles",)),
        )
    }
)
# endings of map files that are read or known, and not written
_UNWRITTEN = frozenset(
    {".shp", ".gdb", ".kmz", ".gml", ".gpx", ".tab", ".mif", ".dxf", ".dbf", ".shx", ".mbtiles", ".sqlite", ".xls",
     ".ods", ".mvt", ".pbf", ".geojson.gz", ".gz", ".tsv"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Encoded:
    """A file's bytes, and what its format could not hold."""

    data: bytes
    notes: tuple[str, ...] = ()


def format_of(path: Path, named: str | None = None, *, usual: str | None = None) -> OutputFormat:
    """The format to write: the one named, else that of the ending, else the usual one.

    Raises
    ------
    UsageError
        There is no such format, or the ending is that of one that is not written.
    """
    known = ", ".join(OUTPUT_FORMATS)
    if named is not None:
        if named not in OUTPUT_FORMATS:
            msg = f"--format {named!r} is no format; give one of {known}"
            raise UsageError(msg)
        return OUTPUT_FORMATS[named]
    name = path.name.lower()
    endings = {ending: one for one in OUTPUT_FORMATS.values() for ending in one.endings}
    if hit := max((ending for ending in endings if name.endswith(ending)), key=len, default=None):
        return endings[hit]
    suffix = path.suffix.lower()
    if suffix == ".shp":
        msg = f"{path.name}: a shapefile is several files; name a .zip, into which they all go"
        raise UsageError(msg)
    if suffix in _UNWRITTEN or usual is None:
        what = "cannot be written" if suffix in _UNWRITTEN else "has an ending that says no format"
        msg = f"{path.name} {what}; give an ending or --format out of {known}"
        raise UsageError(msg)
    return OUTPUT_FORMATS[usual]


def encode(features: Features, form: OutputFormat, name: str) -> Encoded:
    """Features of GeoJSON, in degrees, as the bytes of a file.

    Parameters
    ----------
    name
        What the layer is called in formats that have names.

    Raises
    ------
    InputError
        A value or shape cannot be written in the format.
    UsageError
        A package is missing that the format needs.
    OutputError
        GDAL or the disk refuses.
    """
    try:
        if form.name in _WHOLE:
            return Encoded(_WHOLE[form.name](features, name))
        table = feature_table(features, name)
        data = _TABULAR[form.name](table)
    except (TypeError, LookupError, ValueError) as error:
        why = " ".join(str(error).split())[:160]
        msg = f"{name} cannot be written as {form.title} ({why}); run `atlas check` on it, or choose another format"
        raise InputError(msg) from error
    return Encoded(data, tuple(table.notes))


def encode_flat(features: Features, form: OutputFormat, name: str) -> dict[str, Encoded]:
    """Features as files of one kind of shape each, by their names; lists and objects are JSON text.

    Raises
    ------
    UsageError
        The format has no plain columns.
    InputError, OutputError
        As `encode`.
    """
    if form.name not in _TABULAR:
        msg = f"--flat does not go with --format {form.name}, which has no columns; give one of {', '.join(_TABULAR)}"
        raise UsageError(msg)
    table = feature_table(features, name)
    columns = [TableColumn(one.name, one.kind, one.values) for one in table.columns]
    parts = by_family(table, columns, unplaced="unplaced")
    made = {}
    for part in parts:
        part.notes += table.notes if part is parts[0] else []
        try:
            made[part.name] = Encoded(_TABULAR[form.name](part), tuple(part.notes))
        except (TypeError, LookupError, ValueError) as error:
            why = " ".join(str(error).split())[:160]
            msg = f"{part.name} cannot be written as {form.title} ({why}); run `atlas check` on it"
            raise InputError(msg) from error
    return made


def layer_name(path: Path) -> str:
    """What a layer is called after its file: letters, digits, points and dashes."""
    stem = path.name
    for ending in sorted((ending for one in OUTPUT_FORMATS.values() for ending in one.endings), key=len, reverse=True):
        if stem.lower().endswith(ending):
            stem = stem[: -len(ending)]
            break
    kept = "".join(one if one.isalnum() or one in "._-" else "_" for one in stem).strip("._-")
    return kept[:60] or "layer"


def _geojson(features: Features, _name: str) -> bytes:
    from atlas.vector.text_writer import collection  # noqa: PLC0415 - only the writer that is wanted

    return collection(features)


def _sequence(features: Features, _name: str) -> bytes:
    from atlas.vector.text_writer import sequence  # noqa: PLC0415 - as above

    return sequence(features)


def _lines(features: Features, _name: str) -> bytes:
    from atlas.vector.text_writer import lines  # noqa: PLC0415 - as above

    return lines(features)


def _topojson(features: Features, name: str) -> bytes:
    from atlas.vector.topojson_writer import topojson  # noqa: PLC0415 - as above

    return topojson(features, name)


def _through_gdal(writer: str) -> Callable[[FeatureTable], bytes]:
    def write(table: FeatureTable) -> bytes:
        from atlas.vector import gdal_writer  # noqa: PLC0415 - loads GDAL

        made: bytes = getattr(gdal_writer, writer)(table)
        return made

    return write


def _parquet(version: str) -> Callable[[FeatureTable], bytes]:
    def write(table: FeatureTable) -> bytes:
        from atlas.vector.parquet_writer import geoparquet  # noqa: PLC0415 - loads pyarrow

        return geoparquet(table, version)

    return write


def _csv(table: FeatureTable) -> bytes:
    from atlas.vector.text_writer import delimited  # noqa: PLC0415 - only the writer that is wanted

    return delimited(table)


def _kml(table: FeatureTable) -> bytes:
    from atlas.vector.text_writer import kml  # noqa: PLC0415 - as above

    return kml(table)


def _xlsx(table: FeatureTable) -> bytes:
    from atlas.vector.workbook_writer import workbook  # noqa: PLC0415 - as above

    return workbook(table)


_WHOLE: Mapping[str, Callable[[Features, str], bytes]] = {
    "geojson": _geojson, "geojsons": _sequence, "geojsonl": _lines, "topojson": _topojson,
}  # fmt: skip
_TABULAR: Mapping[str, Callable[[FeatureTable], bytes]] = {
    "gpkg": _through_gdal("geopackage"),
    "fgb": _through_gdal("flatgeobuf"),
    "shp": _through_gdal("shapefile"),
    "pmtiles": _through_gdal("pmtiles"),
    "parquet": _parquet("1.1.0"),
    "parquet2": _parquet("2.0.0"),
    "csv": _csv,
    "kml": _kml,
    "xlsx": _xlsx,
}
