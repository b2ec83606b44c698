"""What the cells of one row of events, deployments or flows say of each other: order of dates, periods, bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from atlas.evidence.historical_records import CALENDAR_YEARS, FISCAL_YEAR, MONTHS
from atlas.evidence.periods import first_day, last_day, months_in
from atlas.evidence.rows import Reading, Row, fault

_FORMS = {
    FISCAL_YEAR: (re.compile(r"[0-9]{4}-10/[0-9]{4}-[0-9]{2}"), "2013-10/2014-09 or a part from October on"),
    CALENDAR_YEARS: (re.compile(r"[0-9]{4}(/[0-9]{4})?"), "2019 or 2001/2018"),
    MONTHS: (re.compile(r"[0-9]{4}-[0-9]{2}(/[0-9]{4}-[0-9]{2})?"), "2019-06 or 2018-12/2019-05"),
}
_COUNTED = ("number", "bound", "unit")
# where and when people are stopped is given to the month and no finer, as for a post
_NO_DAY = frozenset({"enforcement", "deployment"})
_MONTH = len("2019-06")
_FISCAL_YEAR_MONTHS = 12


def check_history(readings: Mapping[str, Reading]) -> Iterator[str]:
    """All faults within rows of the tables of events, deployments and flows."""
    for table, check in (("events", _event), ("deployments", _deployment), ("flows", _flow)):
        reading = readings[table]
        for row in reading.rows:
            # a row with a cell that cannot be read is named already
            if len(row.values) == len(reading.table.columns):
                yield from check(reading, row)


def _event(reading: Reading, row: Row) -> Iterator[str]:
    start, end = row.cells["date_from"], row.cells["date_to"]
    if end and not start:
        problem = f"'', expected the earliest date beside date_to {end!r}; fill it in, or empty both"
        yield fault(reading.table, row.line, "date_from", problem)
    for column, cell in (("date_from", start), ("date_to", end)):
        if "/" in cell:
            problem = f"{cell!r}, expected one date; write its two ends into date_from and date_to"
            yield fault(reading.table, row.line, column, problem)
            return
        if row.cells["kind"] in _NO_DAY and len(cell) > _MONTH:
            problem = f"{cell!r} of kind {row.cells['kind']!r}, expected a year or month; leave the day out"
            yield fault(reading.table, row.line, column, problem)
    if start and end and first_day(start) > last_day(end):
        problem = f"{end!r} is before date_from {start!r}; exchange the two, or correct one"
        yield fault(reading.table, row.line, "date_to", problem)


def _deployment(reading: Reading, row: Row) -> Iterator[str]:
    present = [column for column in _COUNTED if row.cells[column]]
    for column in _COUNTED:
        if present and column not in present:
            problem = f"'', expected a value beside {present[0]}; fill in number, bound and unit, or empty all three"
            yield fault(reading.table, row.line, column, problem)


def _flow(reading: Reading, row: Row) -> Iterator[str]:
    period, kind = row.cells["period"], row.cells["period_kind"]
    form, example = _FORMS[kind]
    if not form.fullmatch(period):
        problem = f"{period!r} for period_kind {kind!r}, expected {example}; correct one of the two"
        yield fault(reading.table, row.line, "period", problem)
    elif first_day(period) > last_day(period):
        yield fault(reading.table, row.line, "period", f"{period!r} ends before it begins; exchange its two ends")
    elif kind == FISCAL_YEAR and months_in(period) > _FISCAL_YEAR_MONTHS:
        problem = f"{period!r} is longer than a fiscal year, October to September; give each year a row of its own"
        yield fault(reading.table, row.line, "period", problem)
