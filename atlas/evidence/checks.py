"""What only shows when rows are held against each other: duplicates, broken references, summed partial counts.

Partial counts
--------------
A count whose id begins with ``P`` speaks of a part of the border; parts overlap and leave gaps, so they are never
summed. The rule is held three ways. In code ``PartialCount`` and ``ReportedTotal`` are types of their own without
arithmetic. In the tables the letter of the id and the word ``partial`` at the start of the universe go together, and a
partial count may not be spread over a whole border in ``totals_extent.csv``. And no row may be a sum: neither by its own
words, nor by figure, when its total is that of two or more partial counts and it has no source, has only a source of
this project, or names those counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from atlas.evidence.rows import Reading, Row, fault
from atlas.evidence.spec import Column

_SUM_WORDS = re.compile(
    r"\b(sums? of|sums? up|sumas? de|summed from|added up|adds? up|partials? added|parciales sumad[oa]s)\b|\bP[0-9]{2}\s*\+\s*P[0-9]{2}\b",
    re.IGNORECASE,
)
_PARTIAL_ID = re.compile(r"\bP[0-9]{2}\b")
_AT_LEAST_TWO = 2
OWN_PUBLISHER = "this project"


def check_tables(readings: Mapping[str, Reading]) -> list[str]:
    """All faults between rows and between tables, in the order of the tables."""
    faults: list[str] = []
    for reading in readings.values():
        faults += _duplicates(reading)
        for column in reading.table.columns:
            # a table that could not be read whole would make every reference to it look broken
            if column.refers and readings[column.refers].whole:
                faults += _broken_references(reading, column, readings[column.refers])
    faults += _partial_labels(readings["crossings_totals"])
    faults += _partial_extents(readings["totals_extent"])
    faults += _sums(readings["crossings_totals"], _own_sources(readings["sources"].rows))
    return faults


def _duplicates(reading: Reading) -> Iterator[str]:
    table = reading.table
    key = table.key or tuple(column.name for column in table.columns)
    first: dict[tuple[str, ...], int] = {}
    for row in reading.rows:
        ident = tuple(row.cells[name] for name in key)
        if ident in first:
            shown = ", ".join(ident) if table.key else "the whole row"
            problem = f"{shown!r} is already in line {first[ident]}, expected once; remove one of the two or rename it"
            yield fault(table, row.line, key[0], problem)
        first.setdefault(ident, row.line)


def _broken_references(reading: Reading, column: Column, target: Reading) -> Iterator[str]:
    key = target.table.key[0]
    known = {row.cells[key]: row.sourced for row in target.rows}
    for row in reading.rows:
        value = row.values.get(column.attribute)
        for ident in value if isinstance(value, tuple) else (value,):
            if ident is None or known.get(ident):
                continue
            if ident in known:
                problem = f"{ident!r} has no source in {target.table.file}, so nothing may build on it; remove this row, or give that one a source"
            else:
                problem = (
                    f"{ident!r} is unknown, expected a {key} of {target.table.file}; correct it, or add the row there"
                )
            yield fault(reading.table, row.line, column.name, problem)


def _is_partial(row: Row) -> bool:
    return row.cells["total_id"].startswith("P")


def _partial_labels(reading: Reading) -> Iterator[str]:
    for row in reading.rows:
        universe = row.cells["universe"]
        if _is_partial(row) == universe.lower().startswith("partial"):
            continue
        ident = row.cells["total_id"]
        expected = "'partial: …' for an id with P" if _is_partial(row) else "a whole universe for an id with T"
        problem = f"{universe!r} in row {ident!r}, expected {expected}; a partial count has both the letter P and the word partial"
        yield fault(reading.table, row.line, "universe", problem)


def _partial_extents(reading: Reading) -> Iterator[str]:
    for row in reading.rows:
        extent = row.cells["extent"]
        if _is_partial(row) and not extent.startswith(("municipality:", "rivers:")):
            problem = f"{extent!r} for partial count {row.cells['total_id']!r}, expected municipality:… or rivers:…; a part is not the whole border"
            yield fault(reading.table, row.line, "extent", problem)


def _own_sources(sources: Sequence[Row]) -> frozenset[str]:
    return frozenset(row.cells["source_id"] for row in sources if row.cells["publisher"] == OWN_PUBLISHER)


def _sums(reading: Reading, own: Collection[str]) -> Iterator[str]:
    for row in reading.rows:
        for column in ("universe", "note"):
            if found := _SUM_WORDS.search(row.cells[column]):
                problem = f"{found.group()!r} says that counts were summed; partial counts are never summed: remove the row, or cite a source that printed it"
                yield fault(reading.table, row.line, column, problem)
        if not _may_be_own_sum(row, own):
            continue
        others = [_total(other) for other in reading.rows if other is not row and _is_partial(other)]
        if _total(row) in _sums_of_several([count for count in others if count]):
            yield fault(
                reading.table,
                row.line,
                "total",
                f"{row.cells['total']!r} is a sum of partial counts, which are never summed; remove the row",
            )


def _may_be_own_sum(row: Row, own: Collection[str]) -> bool:
    cited = [ident for ident in row.cells["source_id"].split(";") if ident]
    named = _PARTIAL_ID.findall(row.cells["universe"] + " " + (row.cells["note"] or ""))
    return all(ident in own for ident in cited) or len(set(named)) >= _AT_LEAST_TWO


def _total(row: Row) -> int | None:
    value = row.values.get("total")
    return value if isinstance(value, int) else None


def _sums_of_several(counts: Sequence[int]) -> frozenset[int]:
    """Every sum that two or more of the counts can make."""
    single: set[int] = set()
    several: set[int] = set()
    for count in counts:
        several |= {count + other for other in single | several}
        single.add(count)
    return frozenset(several)
