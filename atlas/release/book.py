"""A book: the years of observation that are told together, and the terms under which they are told.

A policy states how many notes it expects of a year, before the year; level and groups follow from that number and not
from the notes. All groups of a book have one level: what is noted at one site together (a crossing and the shelter
beside it) would otherwise be as finely known as the finest of them.

*Why it is right.* The terms are a function of the policy alone, and the first release of a book locks them (`ledger`).
Every menu is nested, level in level, period in period, grouping in grouping, k in k (5, 10, 20): two books of the same
notes, by mistake or by a copied project, never cut a class into less than the finer of the two.

*Invariants*: a day is in one period of at most one book; periods of a book don't overlap and fill its years.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Any

from atlas.files import sha256_hex
from atlas.release.box_levels import BOX, SECTION, ZONE
from atlas.release.groups import GROUPINGS

KS = (5, 10, 20)
PERIODS: Mapping[str, int] = MappingProxyType({"year": 12, "half": 6, "quarter": 3, "month": 1})
BOOK_LEVELS = (BOX, ZONE, SECTION)
MOST_YEARS = 3
YEARS = range(1900, 2101)
# a class is told so long after its period has ended: notes have come home and were checked by then
WAIT_DAYS = 60
# noise is for books in which what it costs is little, and from as much as says anything to as little as hides anything
NOISE_NOTES, LEAST_EPSILON, MOST_EPSILON = 5_000, 0.1, 3.0
# below it two groups, from it five; from the second on boxes come first and not zones
FEW_NOTES, MANY_NOTES = 100, 1_000


@dataclass(frozen=True, slots=True)
class Period:
    """A time that classes are told of: its name, first and last day."""

    name: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def due(self) -> date:
        """The first day on which a release may tell of it."""
        return self.last + timedelta(days=WAIT_DAYS)


@dataclass(frozen=True)
class Book:
    """The terms of a book, which its first release locks.

    Attributes
    ----------
    epsilon
        What it spends on noisy counts (`noise`), once; None where numbers are steps of true counts.
    """

    year: int
    expected_notes: int
    level: str
    grouping: str
    period: str = "year"
    k: int = 5
    min_observers: int = 1
    years: int = 1
    epsilon: float | None = None

    @classmethod
    def of_terms(cls, name: str, terms: Mapping[str, Any]) -> Book:
        """The book of a name that has such terms.

        Raises
        ------
        ValueError
            They are the terms of no book of that name.
        """
        book = cls(
            int(name[:4]),
            0,
            level=terms["level"],
            grouping=terms["groups"],
            period=terms["period"],
            k=terms["k"],
            min_observers=terms["min_observers"],
            years=terms["years"],
            epsilon=terms.get("epsilon"),
        )
        menus = ((book.level, BOOK_LEVELS), (book.grouping, GROUPINGS), (book.period, PERIODS), (book.k, KS))
        if any(value not in menu for value, menu in menus) or book.name != name or dict(book.terms) != dict(terms):
            raise ValueError(name)
        return book

    @property
    def name(self) -> str:
        """The year, or the first and last of them: 2026, 2026-2028."""
        return str(self.year) if self.years == 1 else f"{self.year}-{self.year + self.years - 1}"

    @cached_property
    def terms(self) -> Mapping[str, Any]:
        """What is locked, in the words of the policy; the expected number has done its work by then."""
        return MappingProxyType(
            {
                "level": self.level,
                "groups": self.grouping,
                "period": self.period,
                "k": self.k,
                "min_observers": self.min_observers,
                "years": self.years,
                **({} if self.epsilon is None else {"epsilon": self.epsilon}),
            }
        )

    @cached_property
    def terms_sha256(self) -> str:
        """The terms as a hash."""
        return sha256_hex(json.dumps(dict(self.terms), sort_keys=True).encode())

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """Its periods in their order."""
        return tuple(self._periods())

    def period_of(self, day: date) -> Period | None:
        """The period that holds a day, if any does."""
        if not 0 <= day.year - self.year < self.years:
            return None
        if self.years > 1:
            return self.periods[0]
        return self.periods[(day.month - 1) // PERIODS[self.period]]

    def _periods(self) -> Iterator[Period]:
        if self.years > 1:
            yield Period(self.name, date(self.year, 1, 1), date(self.year + self.years - 1, 12, 31))
            return
        months = PERIODS[self.period]
        for number, month in enumerate(range(1, 13, months), start=1):
            after = date(self.year + (month + months > 12), (month + months - 1) % 12 + 1, 1)  # noqa: PLR2004 - months
            yield Period(self._named(number), date(self.year, month, 1), after - timedelta(days=1))

    def _named(self, number: int) -> str:
        marks = {"year": "", "half": f"-H{number}", "quarter": f"-Q{number}", "month": f"-{number:02d}"}
        return f"{self.year}{marks[self.period]}"


def level_for(expected_notes: int) -> str:
    """The level that follows from the expected number of notes of a year."""
    return BOX if expected_notes >= MANY_NOTES else ZONE


def grouping_for(expected_notes: int) -> str:
    """The groups that follow from it."""
    return "two" if expected_notes < FEW_NOTES else "five"
