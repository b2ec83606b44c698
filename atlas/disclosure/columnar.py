"""Parquet and FlatGeobuf: rows as text, shapes as bytes, and what stands in their heads."""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from atlas.disclosure.compressed import Refused
from atlas.disclosure.sqlite_tables import Table

_ROWS, _MOST_ROWS = 3_000_000, 65_536


def parquet_batches(data: bytes) -> Iterator[list[Table]]:
    """The rows of a Parquet file, some at a time.

    Raises
    ------
    Refused
        It is damaged or too large, or pyarrow is not installed.
    """
    try:
        arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        msg = "reading Parquet needs pyarrow: pip install 'border-atlas[export]'"
        raise Refused(msg) from error
    try:
        with parquet.ParquetFile(io.BytesIO(data)) as opened:
            if opened.metadata.num_rows > _ROWS:
                msg = f"{opened.metadata.num_rows} rows are more than can be examined"
                raise Refused(msg)
            first = 0
            for batch in opened.iter_batches(_MOST_ROWS):
                rows = list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
                yield [Table("rows", batch.schema.names, rows, first)]
                first += batch.num_rows
    except (arrow.ArrowException, OSError, ValueError, OverflowError, MemoryError, TypeError) as error:
        msg = f"damaged Parquet: {str(error)[:120]}"
        raise Refused(msg) from error


def parquet_heads(data: bytes) -> Iterator[bytes]:
    """What the head of a Parquet file says about its content: metadata and statistics, as text."""
    parquet = importlib.import_module("pyarrow.parquet")
    with parquet.ParquetFile(io.BytesIO(data)) as opened:
        metadata = opened.metadata
        for key, value in (metadata.metadata or {}).items():
            yield key + b" " + value
        lines = []
        for group in range(metadata.num_row_groups):
            for column in range(metadata.num_columns):
                described = metadata.row_group(group).column(column)
                if (statistics := described.statistics) is not None and statistics.has_min_max:
                    lines.append(f"{described.path_in_schema} {statistics.min!r} {statistics.max!r}")
        yield "\n".join(lines).encode()


def flatgeobuf_tables(data: bytes) -> Iterator[Table]:
    """The rows of a FlatGeobuf file, with shapes as WKB.

    Raises
    ------
    Refused
        It is damaged.
    """
    import pyogrio  # noqa: PLC0415 - loads GDAL

    try:
        meta, _, shapes, columns = pyogrio.raw.read(data)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError, ValueError, OSError) as error:
        msg = f"damaged FlatGeobuf: {str(error)[:120]}"
        raise Refused(msg) from error
    names = [*(str(name) for name in meta["fields"]), "wkb_geometry"]
    count = len(columns[0]) if columns else len(shapes) if shapes is not None else 0
    wkb = [None] * count if shapes is None else list(shapes)
    yield Table("rows", names, list(zip(*(column.tolist() for column in columns), wkb, strict=True)))


def as_text(tables: Sequence[Table]) -> tuple[bytes, list[bytes]]:
    """Rows as lines of text, and all values in them that are bytes."""
    lines: list[str] = []
    raw: list[bytes] = []
    for table in tables:
        lines.append(f"{table.name}: {' '.join(table.columns)}")
        for row in table.rows:
            raw += [value for value in row if isinstance(value, bytes)]
            lines.append(
                " | ".join(_cell(value) for value in row if value is not None and not isinstance(value, bytes))
            )
    return "\n".join(lines).encode("utf-8", "replace"), raw


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a file holds
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False, default=repr)
    return repr(value) if isinstance(value, float) else str(value)
