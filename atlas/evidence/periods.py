"""Dates and intervals of the tables, ``2019``, ``2019-06`` or ``2013/2015``, as the days that they may mean."""

from __future__ import annotations

from datetime import date

from atlas.evidence.decisions import last_day

__all__ = ["first_day", "last_day", "months_in"]

_MONTHS = 12


def first_day(period: str) -> date:
    """The first day that a date or interval of the tables may mean: 2019 is the start of that year."""
    year, month, day = (int(part) for part in [*period.partition("/")[0].split("-"), "1", "1"][:3])
    return date(year, month, day)


def months_in(period: str) -> int:
    """Calendar months that an interval touches: 12 in 2019, 6 in 2018-12/2019-05."""
    first, last = first_day(period), last_day(period)
    return (last.year - first.year) * _MONTHS + last.month - first.month + 1
