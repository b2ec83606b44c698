"""Located points as files: parts of GeoParquet with a box beside each shape, or one Parquet or CSV file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from atlas.errors import OutputError, UsageError
from atlas.files import is_stale, staged_in, staging_path
from atlas.geojson.strict import parse
from atlas.geometry.geodesy import Positions
from atlas.points.addresses import is_remote
from atlas.points.places import usable
from atlas.points.point_reader import Batch
from atlas.points.remote_output import remote_file, remote_folder

RECORD = "_atlas.json"
FORMAT = "atlas-located"
_CORNERS = ("xmin", "ymin", "xmax", "ymax")
_ONE_FILE = (".parquet", ".geoparquet", ".csv", ".csv.gz", ".csv.zst")


def is_one_file(output: str) -> bool:
    """Whether an output is a file, and not a folder of parts.

    Raises
    ------
    UsageError
        Its ending is that of no format that is written.
    """
    low = output.lower()
    if low.endswith(_ONE_FILE):
        return True
    suffix = Path(low).suffix
    if suffix and suffix[1:].isalpha():
        msg = f"-o {output}: located points are written as a folder of GeoParquet, or one file, {', '.join(_ONE_FILE)}"
        raise UsageError(msg)
    return False


def widened(batch: Batch, added: Mapping[str, pa.Array]) -> pa.Table:
    """Rows with the columns that are added; where a name is taken, ``atlas_`` stands before it."""
    table = batch.table
    for name, column in added.items():
        free = name
        while free in table.column_names:
            free = f"atlas_{free}"
        table = table.append_column(free, column)
    return table


def with_shapes(table: pa.Table, batch: Batch) -> pa.Table:
    """Rows as GeoParquet 1.1: a column of points where there is none, and the box of each."""
    good = np.asarray(usable(batch.points) if batch.shapes is None else np.isfinite(batch.points).all(axis=1))
    shapes = batch.shapes or _free("geometry", table)
    metadata = dict(batch.table.schema.metadata or {})
    if batch.shapes is None:
        table = table.append_column(shapes, _wkb(batch.points, good))
        metadata.pop(b"geo", None)
    geo = _geo(metadata.get(b"geo"), shapes)
    if not geo["columns"][shapes].get("covering"):
        box = _free("bbox", table)
        table = table.append_column(box, _boxes(batch.points, good))
        geo["columns"][shapes]["covering"] = {"bbox": {corner: [box, corner] for corner in _CORNERS}}
    return table.replace_schema_metadata({**metadata, b"geo": json.dumps(geo, sort_keys=True).encode()})


def _geo(stated: bytes | None, shapes: str) -> dict[str, Any]:
    usual = {"encoding": "WKB", "geometry_types": ["Point"], "edges": "planar"}
    if stated:
        with suppress(ValueError, KeyError, TypeError):
            geo = parse(stated.decode())
            column = {**usual, **geo["columns"][shapes]}
            # what is written may be a part of what it was
            column.pop("bbox", None)
            return {"version": "1.1.0", "primary_column": shapes, "columns": {shapes: column}}
    return {"version": "1.1.0", "primary_column": shapes, "columns": {shapes: usual}}


def _free(name: str, table: pa.Table) -> str:
    while name in table.column_names:
        name = f"atlas_{name}"
    return name


def _wkb(points: Positions, good: np.ndarray[Any, Any]) -> pa.Array:
    rows = np.zeros((len(points), 21), np.uint8)
    rows[:, :5] = (1, 1, 0, 0, 0)
    rows[:, 5:] = np.ascontiguousarray(points, "<f8").view(np.uint8).reshape(-1, 16)
    offsets = pa.array(np.arange(len(points) + 1, dtype=np.int32) * 21)
    shapes = pa.BinaryArray.from_buffers(pa.binary(), len(points), [None, offsets.buffers()[1], pa.py_buffer(rows)])
    return shapes if good.all() else pa.compute.if_else(pa.array(good), shapes, pa.scalar(None, pa.binary()))


def _boxes(points: Positions, good: np.ndarray[Any, Any]) -> pa.Array:
    bad = None if good.all() else pa.array(~good)
    lon, lat = (pa.array(np.ascontiguousarray(points[:, axis]), mask=None if bad is None else ~good) for axis in (0, 1))
    return pa.StructArray.from_arrays([lon, lat, lon, lat], names=list(_CORNERS), mask=bad)


def write_tables(stream: Any, tables: Iterable[pa.Table], name: str) -> None:  # noqa: ANN401 - a file of any kind
    """Write tables one after another into an open file, as its name says: CSV, or Parquet."""
    writer = None
    try:
        for table in tables:
            if writer is None:
                writer = _writer(stream, table.schema, name)
            # a later batch may know more of its words than the first
            writer.write_table(
                table if table.schema.equals(writer_schema(writer)) else table.cast(writer_schema(writer))
            )
    finally:
        if writer is not None:
            writer.close()


def writer_schema(writer: Any) -> pa.Schema:  # noqa: ANN401 - one of two writers
    """The schema that a writer was opened with."""
    return writer.schema if isinstance(writer, pa.parquet.ParquetWriter) else writer.atlas_schema


class _TextWriter:
    """Rows of CSV; what a cell can't hold, shapes and boxes, is left out by who calls."""

    def __init__(self, stream: Any, schema: pa.Schema) -> None:  # noqa: ANN401 - a file of any kind
        self.atlas_schema = schema
        self._writer = pa.csv.CSVWriter(stream, schema)

    def write_table(self, table: pa.Table) -> None:
        self._writer.write_table(table)

    def close(self) -> None:
        self._writer.close()


def _writer(stream: Any, schema: pa.Schema, name: str) -> Any:  # noqa: ANN401 - one of two writers
    if ".csv" in name.lower():
        return _TextWriter(stream, schema)
    words = [one.name for one in schema if pa.types.is_dictionary(one.type)]
    return pa.parquet.ParquetWriter(stream, schema, compression="zstd", compression_level=1, use_dictionary=words)


def as_cells(table: pa.Table) -> pa.Table:
    """A table for CSV: words as text, without shapes and whatever else no cell holds."""
    kept = []
    for one in table.schema:
        if pa.types.is_dictionary(one.type):
            kept.append((one.name, table[one.name].cast(one.type.value_type)))
        elif not (pa.types.is_nested(one.type) or pa.types.is_binary(one.type) or pa.types.is_large_binary(one.type)):
            kept.append((one.name, table[one.name]))
    return pa.table(dict(kept))


@contextmanager
def opened_file(output: str) -> Iterator[Any]:
    """A file that is whole or not there: written beside its place, then renamed; in a store of objects, too.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    packed = "gzip" if output.lower().endswith(".gz") else "zstd" if output.lower().endswith(".zst") else None
    try:
        if is_remote(output):
            with remote_file(output, compression=packed) as stream:
                yield stream
            return
        target = Path(output).expanduser()
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent.resolve())
        staged = staging_path(target.parent)
        try:
            with pa.output_stream(str(staged), compression=packed) as stream:
                yield stream
            staged.replace(target)
        finally:
            staged.unlink(missing_ok=True)
    except OSError as error:
        place = output.partition("?")[0]
        msg = f"cannot write {place} ({error.strerror or error}); free some space, or choose another place"
        raise OutputError(msg) from error


@contextmanager
def opened_folder(output: str) -> Iterator[str]:
    """A folder that appears whole: parts go into one beside it, which takes its place at the end.

    Raises
    ------
    OutputError
        Something else than located points is there, or it cannot be written.
    """
    if is_remote(output):
        with remote_folder(output, RECORD) as folder:
            yield folder
        return
    target = Path(output).expanduser()
    _refuse_others(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent.resolve())
        staged = staging_path(target.parent.resolve())
        staged.mkdir()
    except OSError as error:
        msg = f"cannot write into {target.parent} ({error.strerror}); choose another folder"
        raise OutputError(msg) from error
    try:
        yield str(staged)
        # a worker that was killed leaves the file that it was writing
        for leftover in staged.glob(".atlas-*"):
            leftover.unlink()
        old = staging_path(target.parent.resolve())
        if target.exists():
            target.rename(old)
        staged.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove exact points that a killed run left behind; one that is alive writes more often than that."""
    for leftover in staged_in(folder):
        with suppress(OSError):
            if leftover.is_dir() and all(map(is_stale, [leftover, *leftover.iterdir()])):
                shutil.rmtree(leftover)
            elif leftover.is_file() and is_stale(leftover):
                leftover.unlink()


def _refuse_others(target: Path) -> None:
    if target.is_dir() and any(target.iterdir()) and not (target / RECORD).is_file():
        msg = f"{target} holds something else than located points; choose a new folder"
        raise OutputError(msg)
    if target.exists() and not target.is_dir():
        msg = f"{target} is a file; choose a new folder"
        raise OutputError(msg)
