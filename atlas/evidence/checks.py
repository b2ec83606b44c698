"""What only shows when rows are held against each other: duplicates, broken references, summed partial counts.

Partial counts
--------------
A count whose id begins with ``P`` speaks of a part of the border; parts overlap and leave gaps, so they are never
summed. The rule is held three ways. In code ``PartialCount`` and ``ReportedTotal`` are types of their own without
arithmetic. In the tables the letter of the id and the word ``partial`` at the start of the universe go together, and
a partial count may not be spread over a whole border in ``totals_extent.csv``. And no row may be a sum: neither by
its own words, nor by figure, when its total is that of two or more partial counts and it has no source, has only a
source of this project, or names those counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from atlas.evidence.rows import Reading, Row, fault
from atlas.evidence.spec import FIELD_CONFIDENCE, Column

_SUM_WORDS = re.compile(
    r"\b(sums? of|sums? up|sumas? de|summed from|added up|adds? up|partials? added|parciales sumad[oa]s)\b"
    r"|\bP[0-9]{2}\s*\+\s*P[0-9]{2}\b",
    re.IGNORECASE,
)
# what a note says of a field that was not read in a source
_LESS_SURE = {
    "inferred": re.compile(r"\b(?:inferred|assumed|guessed|taken from the bank)\b", re.IGNORECASE),
    "general": re.compile(r"\b(?:general knowledge|generally known)\b", re.IGNORECASE),
}
_PARTIAL_ID = re.compile(r"\bP[0-9]{2}\b")
_NEVER_SUMMED = "partial counts are never summed; remove the row, or cite the source that printed the figure"
_ATLAS_PUBLISHER = "this project"
_SEVERAL = 2
# above it a count is not one of crossings, and looking for sums would take long
_LARGEST_COUNT = 1_000_000


def check_tables(readings: Mapping[str, Reading]) -> list[str]:
    """All faults between rows and between tables, in the order of the tables."""
    faults: list[str] = []
    for reading in readings.values():
        faults += _duplicates(reading)
        for column in reading.table.columns:
            # a table that could not be read whole would make every reference to it look broken
            if column.refers and readings[column.refers].whole:
                faults += _broken_references(reading, column, readings[column.refers])
        faults += _field_confidence(reading)
    faults += _partial_labels(readings["crossings_totals"])
    faults += _partial_extents(readings["totals_extent"])
    faults += _sums(readings["crossings_totals"], _atlas_sources(readings["sources"].rows))
    return faults


def _duplicates(reading: Reading) -> Iterator[str]:
    table = reading.table
    key = table.key or tuple(column.name for column in table.columns)
    first: dict[tuple[str, ...], int] = {}
    for row in reading.rows:
        key_values = tuple(row.cells[name] for name in key)
        if key_values in first:
            shown = ", ".join(key_values) if table.key else "the whole row"
            problem = (
                f"{shown!r} is already in line {first[key_values]}, expected once; remove one of the two or rename it"
            )
            yield fault(table, row.line, key[0], problem)
        first.setdefault(key_values, row.line)


def _broken_references(reading: Reading, column: Column, target: Reading) -> Iterator[str]:
    key = target.table.key[0]
    sourced = {row.cells[key]: row.sourced for row in target.rows}
    for row in reading.rows:
        cell = row.cells[column.name]
        for identifier in cell.split(";") if column.empty == () else (cell,):
            if not identifier or sourced.get(identifier):
                continue
            if identifier in sourced:
                problem = f"has no source in {target.table.file}; remove this row, or give that one a source"
            else:
                problem = f"is unknown, expected a {key} of {target.table.file}; correct it, or add the row there"
            yield fault(reading.table, row.line, column.name, f"{identifier!r} {problem}")


def _field_confidence(reading: Reading) -> Iterator[str]:
    """A note may not be less sure than the row: the field that it speaks of says so itself."""
    columns = [column.name for column in reading.table.columns]
    if FIELD_CONFIDENCE.name not in columns:
        return
    for row in reading.rows:
        marked = [entry.partition(":") for entry in row.cells[FIELD_CONFIDENCE.name].split(";") if entry]
        for name, _, _ in marked:
            if name not in columns or not row.cells[name]:
                problem = f"{name!r} is no field of this row, expected a column that is filled in; correct it"
                yield fault(reading.table, row.line, FIELD_CONFIDENCE.name, problem)
        bases = {basis for _, _, basis in marked}
        for basis, words in _LESS_SURE.items():
            if row.cells["confidence"] == "seen" and words.search(row.cells["note"]) and basis not in bases:
                problem = f"'', expected FIELD:{basis}, because the note says so; name the field"
                yield fault(reading.table, row.line, FIELD_CONFIDENCE.name, problem)


def _is_partial(row: Row) -> bool:
    return row.cells["total_id"].startswith("P")


def _partial_labels(reading: Reading) -> Iterator[str]:
    for row in reading.rows:
        identifier, universe = row.cells["total_id"], row.cells["universe"]
        if _is_partial(row) == universe.lower().startswith("partial"):
            continue
        expected = "expected 'partial: …' for an id with P and not for one with T; correct one of the two"
        yield fault(reading.table, row.line, "universe", f"{universe!r} for {identifier!r}, {expected}")


def _partial_extents(reading: Reading) -> Iterator[str]:
    for row in reading.rows:
        identifier, extent = row.cells["total_id"], row.cells["extent"]
        if not _is_partial(row) or extent.startswith(("municipality:", "rivers:")):
            continue
        expected = "expected municipality:… or rivers:…, because a part is not the whole border; correct the extent"
        yield fault(reading.table, row.line, "extent", f"{extent!r} for partial count {identifier!r}, {expected}")


def _atlas_sources(sources: Sequence[Row]) -> frozenset[str]:
    return frozenset(row.cells["source_id"] for row in sources if row.cells["publisher"] == _ATLAS_PUBLISHER)


def _sums(reading: Reading, names: Collection[str]) -> Iterator[str]:
    for row in reading.rows:
        for column in ("universe", "note"):
            if match := _SUM_WORDS.search(row.cells[column]):
                problem = f"{match.group()!r} says that counts were summed, and {_NEVER_SUMMED}"
                yield fault(reading.table, row.line, column, problem)
        parts = [_total(other) for other in reading.rows if other is not row and _is_partial(other)]
        if _may_be_atlas_sum(row, names) and _is_sum_of_several(_total(row), parts):
            problem = f"{row.cells['total']!r} is what partial counts add up to, and {_NEVER_SUMMED}"
            yield fault(reading.table, row.line, "total", problem)


def _may_be_atlas_sum(row: Row, names: Collection[str]) -> bool:
    cited = [identifier for identifier in row.cells["source_id"].split(";") if identifier]
    named = set(_PARTIAL_ID.findall(f"{row.cells['universe']} {row.cells['note']}"))
    return all(identifier in names for identifier in cited) or len(named) >= _SEVERAL


def _total(row: Row) -> int:
    value = row.values.get("total")
    return value if isinstance(value, int) else 0


def _is_sum_of_several(total: int, counts: Sequence[int]) -> bool:
    """Whether two or more of the counts add up to the total; zeros stand for counts that are not known."""
    if not 0 < total <= _LARGEST_COUNT:
        return False
    single: set[int] = set()
    several: set[int] = set()
    for count in counts:
        if 0 < count < total:
            several |= {count + other for other in single | several if count + other <= total}
            single.add(count)
    return total in several
