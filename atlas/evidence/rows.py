"""Rows with their values: each cell read by its column's rule, each row held to the rules of its table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from atlas.border_project.expected_region import region
from atlas.evidence.cells import BadCellError, check_characters
from atlas.evidence.reader import RawRow, read_rows
from atlas.evidence.spec import Column, Table

_TURN = 360.0
_POSITION = frozenset({"longitude", "latitude"})
_DEGREES = re.compile(r"[0-9]{1,3}\.[0-9]{2,}|[0-9]\s*°")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: where it stands, as written, as values by attribute; ``sourced`` when it is a fact."""

    line: int
    cells: Mapping[str, str]
    values: Mapping[str, object]
    sourced: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading one table; ``whole`` when its form was sound, so that others may be held against it."""

    table: Table
    rows: tuple[Row, ...]
    faults: tuple[str, ...]
    whole: bool


def fault(table: Table, line: int, column: str, problem: str) -> str:
    """One fault as a line of text: file, line, column, and what is wrong there."""
    return f"{table.file}, line {line}, column {column!r}: {problem}"


def read_table(folder: Path, table: Table, *, optional: bool = False) -> Reading:
    """Read a table and hold each of its rows to the table's rules; an optional one may be missing or without rows."""
    if optional and not (folder / table.file).exists():
        return Reading(table, (), (), whole=True)
    raw, form_faults = read_rows(folder / table.file, [column.name for column in table.columns], optional=optional)
    faults = list(form_faults)
    rows = []
    for entry in raw:
        values: dict[str, object] = {}
        wrong = [*_cell_faults(table, entry, values)]
        if not wrong:
            wrong += _row_faults(table, entry)
        faults += wrong
        rows.append(Row(entry.line, entry.cells, values, _is_sourced(table, entry)))
    return Reading(table, tuple(rows), tuple(faults), whole=not form_faults)


def _cell_faults(table: Table, row: RawRow, values: dict[str, object]) -> Iterator[str]:
    for column in table.columns:
        cell = row.cells[column.name]
        if not cell and column.optional:
            values[column.attribute] = column.empty
            continue
        try:
            values[column.attribute] = _read(column, cell)
        except BadCellError as error:
            yield fault(table, row.line, column.name, f"{cell!r}, {error}")
            continue
        if not table.positions and column.name not in _POSITION and _DEGREES.search(cell):
            problem = f"{cell!r} looks like a position in degrees, expected a name; remove the position from this table"
            yield fault(table, row.line, column.name, problem)


def _read(column: Column, cell: str) -> object:
    check_characters(cell)
    return column.parse(cell)


def _row_faults(table: Table, row: RawRow) -> Iterator[str]:
    yield from _source_faults(table, row)
    if "longitude" in row.cells:
        yield from _position_faults(table, row)
    for (column, word), needed in table.needs.items():
        if row.cells[column] != word:
            continue
        for other in needed:
            if not row.cells[other]:
                yield fault(
                    table, row.line, other, f"'', expected a value where {column} is {word!r}; fill the cell in"
                )


def _source_column(table: Table) -> str | None:
    return next((column.name for column in table.columns if column.refers == "sources"), None)


def _is_sourced(table: Table, row: RawRow) -> bool:
    column = _source_column(table)
    return row.cells.get("confidence") != "not_found" and (column is None or bool(row.cells[column]))


def _source_faults(table: Table, row: RawRow) -> Iterator[str]:
    column = _source_column(table)
    if column is None:
        return
    confidence = row.cells.get("confidence")
    cited = row.cells[column]
    if cited and confidence == "not_found":
        problem = f"{cited!r}, expected no source where confidence is 'not_found'; correct one of the two"
        yield fault(table, row.line, column, problem)
    if not cited and confidence not in {"not_found", "general", "computed"}:
        remedy = "name one from sources.csv" + (", or set confidence to 'not_found'" if confidence else "")
        yield fault(table, row.line, column, f"'', expected a source for this row; {remedy}")


def _position_faults(table: Table, row: RawRow) -> Iterator[str]:
    written = {name: row.cells[name] for name in ("longitude", "latitude")}
    for name, other in (("longitude", "latitude"), ("latitude", "longitude")):
        if written[name] and not written[other]:
            yield fault(
                table,
                row.line,
                other,
                f"'', expected a {other} beside {name} {written[name]!r}; fill it in or empty both",
            )
    if not all(written.values()):
        return
    if row.cells.get("coordinate_uncertainty_m") == "":
        problem = "'', expected how far off the position may be; give the metres, or empty longitude and latitude"
        yield fault(table, row.line, "coordinate_uncertainty_m", problem)
    longitude, latitude = float(written["longitude"]), float(written["latitude"])
    west, south, east, north = region().border.box
    longitudes, latitudes = (west, east), (south, north)
    # in a box that begins east of 180° longitudes go on beyond that
    turned = longitude if longitude >= west else longitude + _TURN
    if _within(turned, longitudes) and _within(latitude, latitudes):
        return
    if _within(latitude, longitudes) and _within(longitude, latitudes):
        problem = f"{written['longitude']!r} and latitude {written['latitude']!r} look swapped; exchange the two cells"
        yield fault(table, row.line, "longitude", problem)
        return
    for name, value, limits in (("longitude", turned, longitudes), ("latitude", latitude, latitudes)):
        if not _within(value, limits):
            expected = f"expected degrees from {limits[0]:g} to {limits[1]:g} (the region)"
            problem = f"{written[name]!r}, {expected}; correct the position"
            yield fault(table, row.line, name, problem)


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]
