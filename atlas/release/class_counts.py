"""Counts labels by class: a place of the book's level, a group and a period.

What is counted are *different days* on which something of the group was noted at the place. Five notes of one visit, an
upload repeated, one event that five people saw are one. Observers are the different names that are given, or one where
none is: an unnamed one may be any of the named.

*Why it is right.* The count of a class depends on labels alone, so on nothing of where in their atoms records lie. Each
day of a class is counted once, whatever order, copies or ids the records have.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from atlas.release.book import Book, Period
from atlas.release.box_labels import Label
from atlas.release.box_levels import BOX, ZONE
from atlas.release.boxes import BoxMap
from atlas.release.groups import group_of


class Class(NamedTuple):
    """What is told together."""

    place: str
    group: str
    period: str

    @property
    def key(self) -> str:
        """Its name in a ledger."""
        return "|".join(self)


@dataclass(slots=True)
class Count:
    """The days of a class, and who noted something on them; notes by category are for the officer's sheet alone."""

    days: set[date] = field(default_factory=set)
    observers: set[str] = field(default_factory=set)
    categories: Counter[str] = field(default_factory=Counter)

    def add(self, label: Label) -> None:
        """Count a label."""
        self.days.add(label.day)
        self.categories[label.category] += 1
        if label.observer:
            self.observers.add(label.observer)

    def update(self, other: Count) -> None:
        """Count what another count holds, too."""
        self.days |= other.days
        self.observers |= other.observers
        self.categories += other.categories

    @property
    def observer_number(self) -> int:
        """How many observers there are at least."""
        return max(1, len(self.observers))


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a book: those of its level, and zones where a box has few public candidates for a group."""

    boxes: BoxMap
    book: Book

    def of(self, atom: str, group: str) -> str:
        """Name of the place in which a label is counted."""
        if self.book.level != BOX:
            return self.boxes.place_of(atom, self.book.level)
        zone = self.boxes.place_of(atom, ZONE)
        return zone if self.coarsened(zone, group) else self.boxes.place_of(atom, BOX)

    def coarsened(self, zone: str, group: str) -> bool:
        """Whether a zone is one place for a group."""
        return self.boxes.is_coarsened(zone.partition(" ")[2], group, self.book.grouping, self.book.k)

    def names(self, group: str) -> tuple[str, ...]:
        """All places of a group, whatever is counted in them."""
        if self.book.level != BOX:
            return self.boxes.names(self.book.level)
        zones = {name for name in self.boxes.names(ZONE) if self.coarsened(name, group)}
        rest = (name for name in self.boxes.names(BOX) if self.boxes.coarser(name, ZONE) not in zones)
        return (*sorted(zones), *rest)


def counts_of(labels: Iterable[Label], places: Places) -> Mapping[Class, Count]:
    """The counts of a book's classes that have any label."""
    counts: defaultdict[Class, Count] = defaultdict(Count)
    book = places.book
    at: dict[tuple[str, str], str] = {}
    periods: dict[tuple[int, int], Period | None] = {}
    for each in labels:
        month = (each.day.year, each.day.month)
        if month not in periods:
            periods[month] = book.period_of(each.day)
        period = periods[month]
        if period is None:
            continue
        group = group_of(each.category, book.grouping)
        key = (each.atom, group)
        if key not in at:
            at[key] = places.of(*key)
        counts[Class(at[key], group, period.name)].add(each)
    return dict(counts)
