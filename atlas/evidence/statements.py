"""Rules between the columns of a statement: who gives a figure, where, how exactly, and whether its date is printed.

A table is held to them when it has the column ``bound``. The rule on inferred values holds for every table with a
column of a basis (``date_basis``, ``place_basis`` …): what a note calls inferred is declared there, or the row is
not ``seen``, because a confidence speaks of the whole row and cannot be higher than that of its weakest field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from atlas.evidence.rows import Reading, Row, fault

# words by which a source binds a figure, and the bound that they ask for
BINDING_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "about": "≈",
        "around": "≈",
        "approximately": "≈",
        "almost": "≈",
        "nearly": "≈",
        "at least": "≥",
        "no fewer than": "≥",
        "no less than": "≥",
        "not less than": "≥",
        "over": ">",
        "more than": ">",
        "longer than": ">",
        "at most": "≤",
        "up to": "≤",
        "no more than": "≤",
        "not more than": "≤",
        "under": "≤",
        "less than": "≤",
        "fewer than": "≤",
    }
)
_BINDING = re.compile(rf"\b({'|'.join(sorted(BINDING_WORDS, key=len, reverse=True))})\b")
_FIGURES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "claims": ("value",),
        "crossings_totals": ("total", "vehicular"),
        "border_lengths": ("length_km",),
        "deployments": ("number",),
        "flows": ("value",),
        "observations": ("value",),
        "published_statements": ("figure",),
    }
)
_DATES: Mapping[str, str] = MappingProxyType(
    {
        "claims": "as_of",
        "crossings_totals": "as_of",
        "border_lengths": "year",
        "observations": "period",
        "published_statements": "as_of",
    }
)
_INFERRED = re.compile(r"\binferred\b", re.IGNORECASE)
_SOURCE_ID = re.compile(r"\S+")


def check_statements(readings: Mapping[str, Reading]) -> list[str]:
    """All faults of statements, in the order of the tables."""
    faults: list[str] = []
    for reading in readings.values():
        columns = {column.name for column in reading.table.columns}
        for row in reading.rows:
            if "bound" in columns and row.sourced:
                faults += _statement_faults(reading, row)
            faults += _inferred_faults(reading, row, columns)
    return faults


def _statement_faults(reading: Reading, row: Row) -> Iterator[str]:
    for name in ("claimant", "printed_in", "date_basis"):
        if not row.cells[name]:
            yield _fault(reading, row, name, "'', expected a value for a row with a source; fill the cell in")
    yield from _bound_faults(reading, row)
    yield from _date_faults(reading, row)
    yield from _work_faults(reading, row)


def _bound_faults(reading: Reading, row: Row) -> Iterator[str]:
    bound, hedge = row.cells["bound"], row.cells["hedge"]
    figures = [row.values.get(name) for name in _FIGURES.get(reading.table.name, ())]
    numeric = not figures or any(isinstance(value, int | float) for value in figures)
    if numeric and not bound:
        yield _fault(
            reading, row, "bound", "'', expected =, ≈, ≥, > or ≤ for a row with a number; say how the figure binds"
        )
    if bound and not numeric:
        yield _fault(reading, row, "bound", f"{bound!r} in a row without a number; empty the cell")
    word = _BINDING.search(hedge.lower())
    if numeric and word and bound and BINDING_WORDS[word.group()] != bound:
        wanted = BINDING_WORDS[word.group()]
        problem = f"{bound!r} beside the hedge {hedge!r}, expected {wanted!r}; correct one of the two"
        yield _fault(reading, row, "bound", problem)


def _date_faults(reading: Reading, row: Row) -> Iterator[str]:
    date, basis = _DATES.get(reading.table.name), row.cells["date_basis"]
    if date is None or not basis:
        return
    if basis == "not stated" and row.cells[date]:
        problem = f"{row.cells[date]!r}, expected no date where date_basis is 'not stated'; empty it, or say its basis"
        yield _fault(reading, row, date, problem)
    if basis != "not stated" and not row.cells[date]:
        yield _fault(
            reading, row, "date_basis", f"{basis!r} in a row without {date}; write 'not stated', or fill in {date}"
        )


def _work_faults(reading: Reading, row: Row) -> Iterator[str]:
    """A work is named in words; a single word is the id of a source, and that of this row."""
    work = row.cells["printed_in"]
    column = next(column.name for column in reading.table.columns if column.refers == "sources")
    if _SOURCE_ID.fullmatch(work) and work not in row.cells[column].split(";"):
        problem = f"{work!r} is not in {column} {row.cells[column]!r}; name a source of the row, or a work in words"
        yield _fault(reading, row, "printed_in", problem)


def _inferred_faults(reading: Reading, row: Row, columns: set[str]) -> Iterator[str]:
    bases = sorted(name for name in columns if name.endswith("_basis") and name != "coordinate_basis")
    if not bases or row.cells.get("confidence") != "seen" or not _INFERRED.search(row.cells.get("note", "")):
        return
    if not any(row.cells[name] == "inferred" for name in bases):
        problem = (
            f"'seen' while the note says that a value is inferred; write 'inferred' in {' or '.join(bases)}, "
            "or give the row the lower confidence of its weakest field"
        )
        yield _fault(reading, row, "confidence", problem)


def _fault(reading: Reading, row: Row, column: str, problem: str) -> str:
    return fault(reading.table, row.line, column, problem)
