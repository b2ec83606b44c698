"""Reads the terms of books out of a policy, ``[books.2026]`` and ``[books.default]``, and lists every fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from atlas.release.book import (
    BOOK_LEVELS,
    LEAST_EPSILON,
    MOST_EPSILON,
    MOST_YEARS,
    NOISE_NOTES,
    PERIODS,
    YEARS,
    Book,
    grouping_for,
    level_for,
)
from atlas.release.groups import GROUPINGS

DEFAULT = "default"
_KEYS = ("expected_notes", "period", "level", "groups", "min_observers", "years", "epsilon")
_MOST_NOTES, _MOST_OBSERVERS = 10_000_000, 100


@dataclass(frozen=True, slots=True)
class Books:
    """The books of a policy: those of their own years, by the first of them, and the terms of any other year."""

    by_year: Mapping[int, Book]
    usual: Book | None


@dataclass(frozen=True, slots=True)
class BookReader:
    """Takes the tables of books apart; ``faults`` is the reader's list of all that is wrong in the policy."""

    k: int
    faults: list[str]

    def books(self, table: Mapping[str, Any]) -> Books:
        """The books of a table."""
        by_year: dict[int, Book] = {}
        usual = None
        for name, terms in table.items():
            where = f"books.{name}"
            if not isinstance(terms, dict):
                self.faults.append(f"{where}: expected a table with expected_notes")
            elif name == DEFAULT:
                usual = self._book(where, 0, terms)
                if usual.years > 1:
                    self.faults.append(f"{where}.years: a book of several years names its first: [books.2027]")
            elif not (name.isascii() and name.isdigit() and int(name) in YEARS):
                self.faults.append(f"{where}: a book is named by its year, such as [books.2027], or {DEFAULT}")
            else:
                by_year[int(name)] = self._book(where, int(name), terms)
        self._refuse_overlaps(by_year)
        return Books(MappingProxyType(by_year), usual)

    def _book(self, where: str, year: int, terms: Mapping[str, Any]) -> Book:
        self.faults.extend(
            f"{where}.{key}: unknown key; known are {', '.join(_KEYS)}" for key in terms if key not in _KEYS
        )
        expected = self._whole(where, "expected_notes", terms.get("expected_notes"), 0, _MOST_NOTES)
        years = self._whole(where, "years", terms.get("years", 1), 1, MOST_YEARS)
        period = self._word(where, "period", terms.get("period", "year"), tuple(PERIODS))
        if years > 1 and period != "year":
            self.faults.append(f"{where}.period: a book of {years} years is told as a whole; leave the period out")
        return Book(
            year,
            expected,
            level=self._word(where, "level", terms.get("level", level_for(expected)), BOOK_LEVELS),
            grouping=self._word(where, "groups", terms.get("groups", grouping_for(expected)), GROUPINGS),
            period=period,
            k=self.k,
            min_observers=self._whole(where, "min_observers", terms.get("min_observers", 1), 1, _MOST_OBSERVERS),
            years=years,
            epsilon=self._epsilon(where, terms, expected),
        )

    def _epsilon(self, where: str, terms: Mapping[str, Any], expected: int) -> float | None:
        value = terms.get("epsilon")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not LEAST_EPSILON <= value <= MOST_EPSILON:
            self.faults.append(
                f"{where}.epsilon: {value!r}; expected a number from {LEAST_EPSILON:g} to {MOST_EPSILON:g}"
            )
            return None
        if expected < NOISE_NOTES:
            self.faults.append(
                f"{where}.epsilon: noise is for books of {NOISE_NOTES:,} notes and more; with {expected:,} expected it "
                "would leave little to tell. Take it out"
            )
        if terms.get("min_observers", 1) != 1:
            self.faults.append(
                f"{where}.epsilon: min_observers would tell who noted; leave it out, or take epsilon out"
            )
        return float(value)

    def _refuse_overlaps(self, by_year: Mapping[int, Book]) -> None:
        ordered = [by_year[year] for year in sorted(by_year)]
        for first, second in pairwise(ordered):
            if first.year + first.years > second.year:
                self.faults.append(f"books.{second.year}: book {first.name} holds this year already")

    def _whole(self, where: str, key: str, value: object, low: int, high: int) -> int:
        if type(value) is int and low <= value <= high:
            return value
        what = "missing" if value is None else repr(value)
        self.faults.append(f"{where}.{key}: {what}; expected a whole number from {low} to {high:,}")
        return low

    def _word(self, where: str, key: str, value: object, known: tuple[str, ...]) -> str:
        if isinstance(value, str) and value in known:
            return value
        self.faults.append(f"{where}.{key}: {value!r} is none of {', '.join(known)}")
        return known[0]
