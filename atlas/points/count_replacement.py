"""What a table of counts on the disk tells: one that tells something else is not replaced."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from atlas.errors import InputError, OutputError
from atlas.geojson.collection import read_collection
from atlas.points.count_table import NUMBER, head_of
from atlas.points.count_terms import CountTerms, first_month, period_name

_Row = Mapping[str, Any]


def refuse_other_table(output: Path, terms: CountTerms) -> None:
    """Refuse to write where something else stands than an earlier table under the same terms.

    Raises
    ------
    OutputError
        It is a table by other places, periods or columns, or none.
    """
    if not output.exists():
        return
    try:
        head, row = _first(output)
        is_alike = head in {None, tuple(head_of(terms))} if row is None else _is_under(row, terms)
    except (OSError, ValueError, KeyError, TypeError, InputError, pa.ArrowException):
        is_alike = False
    if not is_alike:
        by = ", ".join(one for one in (terms.place, terms.period, terms.field) if one)
        msg = f"{output} is there already and is no table by {by}; it was left as it is. Choose another name"
        raise OutputError(msg)


def table_of_counts(folder: Path) -> Path | None:
    """A table of counts in a folder, whatever it is called."""
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.suffix.lower() in {".csv", ".parquet", ".geojson"} and path.is_file():
            try:
                head, row = _first(path)
            except (OSError, ValueError, KeyError, TypeError, InputError, pa.ArrowException):
                continue
            names = tuple(row) if row is not None else head or ()
            if names[:3] == ("place", "level", "period") and names[-1] == NUMBER:
                return path
    return None


def _is_under(row: _Row, terms: CountTerms) -> bool:
    period = str(row["period"])
    alike = period_name(first_month(period), terms.period) == period
    return list(row) == head_of(terms) and row["level"] == terms.place and alike


def _first(output: Path) -> tuple[tuple[str, ...] | None, _Row | None]:
    """The names of the columns, which an empty collection does not have, and the first row if any."""
    suffix = output.suffix.lower()
    if suffix == ".geojson":
        features = read_collection(output)
        return (None, features[0]["properties"]) if features else (None, None)
    if suffix == ".parquet":
        with pa.parquet.ParquetFile(output) as table:
            rows = next(table.iter_batches(batch_size=1), None)
            head = tuple(table.schema_arrow.names)
        return head, rows.to_pylist()[0] if rows is not None and len(rows) else None
    with output.open(encoding="utf-8", newline="") as stream:
        rows_of_text = list(islice(csv.reader(stream), 2))
    head = tuple(rows_of_text[0]) if rows_of_text else ()
    return head, dict(zip(head, rows_of_text[1], strict=True)) if len(rows_of_text) > 1 else None
