"""GeoPackage, FlatGeobuf, shapefile and PMTiles through GDAL: the same features give the same bytes."""

from __future__ import annotations

import io
import math
import sqlite3
import tempfile
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from atlas.errors import InputError, OutputError
from atlas.vector.feature_table import FeatureTable, TableColumn
from atlas.vector.shape_families import by_family
from atlas.vector.sqlite_bytes import bytes_of_tables
from atlas.vector.table_losses import (
    leave_out_heights,
    note_multiples,
    note_parts,
    note_short_numbers,
    note_some_heights,
    note_texts,
    without_unsayable,
)

_DTYPES = {"integer": np.int64, "number": np.float64, "boolean": np.bool_, "string": np.object_}
_BLANKS: Mapping[str, Any] = {"integer": 0, "number": 0.0, "boolean": False, "string": None}
_NO_DATE = "1970-01-01T00:00:00.000Z"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_LEAST, _GREATEST = 1e-9, 1e8
_NAME_BYTES, _TEXT_BYTES = 10, 254
_DEEPEST_ZOOM, _TILES_ACROSS = 14, 32


def geopackage(table: FeatureTable) -> bytes:
    """A GeoPackage with one layer."""
    table.part_names()
    note_multiples(table)
    with _scratch() as folder:
        path = folder / "layer.gpkg"
        # GDAL has a number of its own for each row, which must not meet a column of the user's
        names = {column.name.lower() for column in table.columns}
        fid = next(name for name in ("fid", "fid_", "ogc_fid", "atlas_fid") if name not in names)
        geometry = next(name for name in ("geom", "geom_", "the_geom", "atlas_geom") if name not in names)
        options = {"FID": fid, "GEOMETRY_NAME": geometry, "SPATIAL_INDEX": "YES"}
        _write(path, table, "GPKG", options, VERSION="1.3")
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("UPDATE gpkg_contents SET last_change = ?", (_NO_DATE,))
        return bytes_of_tables(path)


def flatgeobuf(table: FeatureTable) -> bytes:
    """A FlatGeobuf with its index, which orders features by place; without one where a feature has none."""
    if not note_some_heights(table) and table.one_kind()[0] == "Unknown":
        leave_out_heights(table, where="shapes of several kinds have no heights here")
    note_multiples(table)
    indexed = len(table) and not table.missing.any()
    if indexed and len(table) > 1:
        table.notes.append("the index puts features in order of place, which is not that of the file")
    with _scratch() as folder:
        path = folder / f"{table.name}.fgb"
        _write(path, table, "FlatGeobuf", {"SPATIAL_INDEX": "YES" if indexed else "NO"})
        return path.read_bytes()


def pmtiles(table: FeatureTable) -> bytes:
    """Tiles for showing, down to where some tens of them lie across the layer."""
    placed = FeatureTable(
        table.name, table.shapes[~table.missing], [_picked(one, ~table.missing) for one in table.columns]
    )
    if not len(placed):
        msg = f"{table.name} has no place in it, so that no tiles can be made; choose another format"
        raise InputError(msg)
    west, _, east, _ = shapely.total_bounds(placed.shapes).tolist()
    width = max((east - west) / 360, 1e-6)
    deepest = min(_DEEPEST_ZOOM, max(4, math.ceil(math.log2(_TILES_ACROSS / width))))
    if len(placed) < len(table):
        table.notes.append(f"{len(table) - len(placed):,} features without a place are not in the tiles")
    table.notes.append(f"tiles are for showing: positions are rounded to their grid, zooms 0 to {deepest}")
    with _scratch() as folder:
        path = folder / "layer.pmtiles"
        _write(path, placed, "PMTiles", {}, MINZOOM="0", MAXZOOM=str(deepest), NAME=table.name)
        return path.read_bytes()


def shapefile(table: FeatureTable) -> bytes:
    """A zip with a shapefile for each kind of shape; what its old table cannot hold is shortened and said."""
    without_unsayable(table)
    note_some_heights(table)
    note_parts(table)
    note_short_numbers(table)
    note_texts(
        table,
        "a shapefile keeps neither blank texts nor spaces around others",
        lambda one: one != one.strip() or not one,
    )
    columns = _shortened(table)
    parts = by_family(table, columns)
    packed = io.BytesIO()
    with _scratch() as folder, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            _write(folder / f"{part.name}.shp", part, "ESRI Shapefile", {"ENCODING": "UTF-8"})
        for path in sorted(folder.iterdir()):
            data = path.read_bytes()
            # the table begins with the day on which it was written
            data = data[:1] + b"\x5f\x07\x1a" + data[4:] if path.suffix == ".dbf" else data
            entry = zipfile.ZipInfo(path.name, _ZIP_DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)
    return packed.getvalue()


def short_names(names: Sequence[str]) -> dict[str, str]:
    """The names that columns get in a shapefile, by their own: ten letters of ASCII, each once."""
    used: set[str] = set()
    short: dict[str, str] = {}
    for name in names:
        short[name] = _short_name(name, used)
        used.add(short[name].lower())
    return short


def _shortened(table: FeatureTable) -> list[TableColumn]:
    columns, renamed, cut = [], [], []
    names = short_names([column.name for column in table.columns])
    for column in table.columns:
        name = names[column.name]
        if name != column.name:
            renamed.append(f"{column.name} → {name}")
        values = column.values
        kind = column.kind
        if kind == "integer" and any(value is not None and abs(value) >= 10**18 for value in values):
            kind, values = "string", [None if value is None else str(value) for value in values]
            table.notes.append(f"{column.name}: whole numbers of 19 digits are written as text")
        if kind == "number" and any(value is not None and not _fits(value) for value in values):
            kind, values = "string", [None if value is None else repr(value) for value in values]
            table.notes.append(f"{column.name}: numbers too large or too small for a shapefile are written as text")
        if kind == "string":
            short = [_cut(value) for value in values]
            if count := sum(one != value for one, value in zip(short, values, strict=True)):
                cut.append(f"{column.name} ({count:,})")
            values = short
        columns.append(TableColumn(name, kind, values))
    if renamed:
        table.notes.append(f"a shapefile's names have ten letters: {', '.join(renamed)}")
    if cut:
        table.notes.append(f"a shapefile's texts have {_TEXT_BYTES} bytes; longer ones were cut: {', '.join(cut)}")
    return columns


def _fits(value: float) -> bool:
    """Whether the columns of numbers in a shapefile keep it."""
    return not value or _LEAST <= abs(value) < _GREATEST


def _short_name(name: str, used: set[str]) -> str:
    plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    plain = "".join(one if one.isascii() and (one.isalnum() or one == "_") else "_" for one in plain) or "field"
    short, number = plain[:_NAME_BYTES], 1
    while short.lower() in used:
        ending = f"_{number}"
        short, number = plain[: _NAME_BYTES - len(ending)] + ending, number + 1
    return short


def _cut(value: Any) -> Any:  # noqa: ANN401 - a text or nothing
    if value is None or len(value.encode("utf-8", "replace")) <= _TEXT_BYTES:
        return value
    return value.encode("utf-8", "replace")[:_TEXT_BYTES].decode("utf-8", "ignore")


def _picked(column: TableColumn, keep: Any) -> TableColumn:  # noqa: ANN401 - numpy's arrays
    return TableColumn(
        column.name, column.kind, [value for value, kept in zip(column.values, keep, strict=True) if kept]
    )


@contextmanager
def _scratch() -> Iterator[Path]:
    try:
        with tempfile.TemporaryDirectory(prefix="atlas-") as folder:
            yield Path(folder)
    except (OSError, sqlite3.Error) as error:
        msg = (
            f"cannot write in the folder of temporary files ({error}); free some space there, or name another by TMPDIR"
        )
        raise OutputError(msg) from error


def _write(path: Path, table: FeatureTable, driver: str, options: Mapping[str, str], **whole: str) -> None:
    import pyogrio  # noqa: PLC0415 - loads GDAL
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError  # noqa: PLC0415 - as above

    without_unsayable(table)
    kind, shapes = table.one_kind()
    arrays, masks = _arrays(table)
    try:
        with warnings.catch_warnings(action="ignore"):
            pyogrio.raw.write(
                path,
                shapely.to_wkb(shapes, flavor="iso"),
                arrays,
                [column.name for column in table.columns],
                field_mask=masks,
                layer=path.stem if driver == "ESRI Shapefile" else table.name,
                driver=driver,
                geometry_type=kind,
                crs="EPSG:4326",
                layer_options=dict(options),
                dataset_options=whole or None,
            )
    except (
        DataLayerError,
        DataSourceError,
        FeatureError,
        GeometryError,
        UnicodeError,
        RuntimeError,
        ValueError,
    ) as error:
        msg = (
            f"{table.name} cannot be written as {driver} ({' '.join(str(error).split())[:160]}); choose another format"
        )
        raise OutputError(msg) from error


def _arrays(table: FeatureTable) -> tuple[list[Any], list[Any]]:
    """Columns as numpy has them, and where a value is missing."""
    arrays: list[Any] = []
    masks: list[Any] = []
    for column in table.columns:
        missing = np.array([value is None for value in column.values], dtype=bool)
        blank = _BLANKS[column.kind]
        values = [blank if value is None else value for value in column.values]
        arrays.append(np.array([*values, blank], dtype=_DTYPES[column.kind])[:-1])
        masks.append(missing if missing.any() else None)
    return arrays, masks
