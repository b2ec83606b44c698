"""CSV files as rows that know their line; every fault is found here before a cell is read for its meaning."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

RESTORE = "restore the file from version control"


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as written: the line it starts on (the header is line 1) and its cells by column."""

    line: int
    cells: Mapping[str, str]


def read_rows(path: Path, columns: Sequence[str], *, optional: bool = False) -> tuple[list[RawRow], list[str]]:
    """The rows of a table and the faults of its form, each with file and line.

    Parameters
    ----------
    path
        A UTF-8 file, comma-separated, with one header line and a newline at its end.
    columns
        Names that the header must hold, in any order.
    optional
        Whether there may be no rows below the header.
    """
    content, faults = _decoded(path)
    if content is None:
        return [], faults
    if not content.strip():
        return [], [f"{path.name}, line 1: the file is empty, expected a header and rows; {RESTORE}"]
    if not content.endswith(("\n", "\r")):
        lines = len(content.splitlines())
        faults.append(
            f"{path.name}, line {lines}: no newline at the end, the file may be truncated; {RESTORE}, or end the line"
        )
    records, broken = _records(path.name, content)
    faults += broken
    if not records:
        return [], faults
    header = records[0][1]
    if wrong := list(_header_faults(path.name, header, columns)):
        return [], faults + wrong
    rows = []
    for line, cells in records[1:]:
        if len(cells) != len(header):
            faults.append(_width_fault(path.name, line, cells, header))
        else:
            rows.append(RawRow(line, dict(zip(header, cells, strict=True))))
    if not rows and not faults and not optional:
        faults.append(f"{path.name}, line 2: the table has a header but no rows; {RESTORE}")
    return rows, faults


def _decoded(path: Path) -> tuple[str | None, list[str]]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None, [f"{path.name}: the table is missing from {path.parent}; {RESTORE}"]
    except OSError as error:
        return None, [
            f"{path.name}: the table cannot be read ({error.strerror}); make it a readable file, or {RESTORE}"
        ]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start : error.start + 1]
        return None, [f"{path.name}, line {line}: {byte!r} is not UTF-8; save the table as UTF-8, or {RESTORE}"]


def _records(name: str, content: str) -> tuple[list[tuple[int, list[str]]], list[str]]:
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            records.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        problem = f"not CSV ({error}), perhaps an unclosed quote or a truncated file; close the quote, or {RESTORE}"
        return records, [f"{name}, line {start}: {problem}"]
    return records, []


def _header_faults(name: str, header: Sequence[str], columns: Sequence[str]) -> Iterator[str]:
    where = f"{name}, line 1"
    expected = f"expected {', '.join(columns)}"
    for column in columns:
        if column not in header:
            yield f"{where}: column {column!r} is missing, {expected}; add it"
    for column in dict.fromkeys(header):
        if column not in columns:
            yield f"{where}: column {column!r} is unknown, {expected}; remove or rename it"
        elif header.count(column) > 1:
            yield f"{where}: column {column!r} appears {header.count(column)} times, expected once; remove the others"


def _width_fault(name: str, line: int, cells: Sequence[str], header: Sequence[str]) -> str:
    if len(cells) < len(header):
        return (
            f"{name}, line {line}, column {header[len(cells)]!r}: the row ends after {len(cells)} of {len(header)} "
            f"cells ({','.join(cells)!r}); complete the row, or {RESTORE}"
        )
    extra = cells[len(header)]
    return (
        f"{name}, line {line}, after column {header[-1]!r}: {extra!r} is cell {len(header) + 1}, "
        f"expected {len(header)}; put quotes around a cell that contains a comma"
    )
