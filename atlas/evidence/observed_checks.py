"""What rows of published figures say of each other: ranges, conflicts, sums, times that end before they begin."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from atlas.evidence.periods import first_day, last_day
from atlas.evidence.rows import Reading, Row, fault

_SUMMED = re.compile(r"\b(?:our sum|sum of|summed|added up by)\b", re.IGNORECASE)
_WITH_CONFLICTS = ("observations", "published_statements")
_BETWEEN = {"crossing_hours": ("as_of", "until"), "claim_validity": ("valid_from", "valid_until")}
# what a reason not to be a fact yet asks of the basis of the date
_BASES = {"year_inferred": "inferred", "year_unknown": "not stated"}


def check_observed(readings: Mapping[str, Reading]) -> Iterator[str]:
    """All faults of the tables of published figures, statements, hours and times of claims."""
    for row in readings["observations"].rows:
        yield from _figure_faults(readings["observations"], row)
    for name in _WITH_CONFLICTS:
        for row in readings[name].rows:
            yield from _standing_faults(readings[name], row)
    yield from _lonely_conflicts(readings)
    for name, ends in _BETWEEN.items():
        for row in readings[name].rows:
            yield from _order_faults(readings[name], row, ends)
    for row in readings["claim_validity"].rows:
        yield from _validity_faults(readings["claim_validity"], row)


def _figure_faults(reading: Reading, row: Row) -> Iterator[str]:
    value, most = row.values.get("value"), row.values.get("value_to")
    if isinstance(value, float) and isinstance(most, float) and most <= value:
        problem = f"{row.cells['value_to']!r} is not more than value {row.cells['value']!r}; exchange or empty it"
        yield fault(reading.table, row.line, "value_to", problem)
    period = row.cells["period"]
    if "period" in row.values and period and first_day(period) > last_day(period):
        yield fault(reading.table, row.line, "period", f"{period!r} ends before it begins; exchange its two ends")
    level, code = row.cells["place_level"], row.cells["place_code"]
    wanted = {"state": 2, "municipality": 5}.get(level)
    if wanted and code and len(code) != wanted:
        problem = f"{code!r} for a {level}, expected {wanted} digits; correct one of the two"
        yield fault(reading.table, row.line, "place_code", problem)
    if match := _SUMMED.search(row.cells["note"]):
        problem = f"{match.group()!r} says that figures were summed; cite the source that printed the sum, or remove it"
        yield fault(reading.table, row.line, "note", problem)


def _standing_faults(reading: Reading, row: Row) -> Iterator[str]:
    reason, basis = row.cells["unconfirmed"], row.cells["date_basis"]
    wanted = _BASES.get(reason)
    if wanted and basis != wanted:
        problem = f"{basis!r} of a row that is {reason}, expected {wanted!r}; correct one of the two"
        yield fault(reading.table, row.line, "date_basis", problem)
    if not reason and re.search(r"\byear inferred\b|second-hand", row.cells["note"], re.IGNORECASE):
        problem = "'' of a row whose note says that its year is inferred or that it is second-hand; say which"
        yield fault(reading.table, row.line, "unconfirmed", problem)


def _lonely_conflicts(readings: Mapping[str, Reading]) -> Iterator[str]:
    members: dict[str, list[tuple[Reading, Row]]] = defaultdict(list)
    for name in _WITH_CONFLICTS:
        for row in readings[name].rows:
            if row.cells["conflict"]:
                members[row.cells["conflict"]].append((readings[name], row))
    for word, rows in members.items():
        if len(rows) == 1:
            reading, row = rows[0]
            problem = f"{word!r} stands in one row only, expected it in two or more; empty it, or mark the other row"
            yield fault(reading.table, row.line, "conflict", problem)


def _order_faults(reading: Reading, row: Row, ends: tuple[str, str]) -> Iterator[str]:
    cells = [row.cells[name] for name in ends]
    if not all(cells) or not all(name in row.values for name in ends):
        return
    for start, end in pairwise(cells):
        if first_day(start) > last_day(end):
            problem = f"{end!r} is before {ends[0]} {start!r}; exchange the two, or correct one"
            yield fault(reading.table, row.line, ends[1], problem)


def _validity_faults(reading: Reading, row: Row) -> Iterator[str]:
    if not row.cells["valid_from"] and not row.cells["valid_until"]:
        yield fault(
            reading.table, row.line, "valid_from", "'' beside an empty valid_until; fill in one, or remove the row"
        )
    for language, other in (("en", "es"), ("es", "en")):
        if row.cells[f"superseded_{other}"] and not row.cells[f"superseded_{language}"]:
            problem = f"'', expected the words of superseded_{other} in this language too; fill it in"
            yield fault(reading.table, row.line, f"superseded_{language}", problem)
