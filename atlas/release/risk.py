"""What a release tells and what it risks, for the officer alone: counted, shown, waiting, and where k hides little.

The measures, by the names that sdcMicro has for them: *suppression* (days that are not told), *k-anonymity* (days
behind a shown class), *l-diversity* (different categories within it, distinct and by entropy, and different
observers), and *utility* (the share of the days that other terms would tell). Nothing here goes into a release: the
numbers are exact.

*Invariant*: a function of the counts, the ledger and the map; it decides nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any

from atlas.release.book import BOOK_LEVELS, KS, PERIODS, Book
from atlas.release.books import BookCounts, Disclosure
from atlas.release.box_labels import Label
from atlas.release.boxes import BoxMap
from atlas.release.class_counts import Class, Places, counts_of
from atlas.release.disclosed import shown_of
from atlas.release.groups import GROUPINGS
from atlas.release.public_ledger import BookEntry

FORMAT = "atlas-risk-sheet"
_FEW_OBSERVERS = 2


@dataclass(frozen=True, slots=True)
class ClassRisk:
    """A class that shows a number, and what stands behind it.

    Attributes
    ----------
    categories, diversity
        l-diversity of category: how many there are, and how many alike would be as varied (e to the entropy of notes).
    """

    place: str
    group: str
    period: str
    shown: int
    days: int
    observers: int
    categories: int
    diversity: float
    candidates: int


@dataclass(frozen=True, slots=True)
class OtherTerms:
    """What other terms of a book would tell at once, as a share of its days; they hold for the next book only."""

    level: str
    groups: str
    period: str
    k: int
    shown_share: float


@dataclass(frozen=True, slots=True)
class BookRisk:
    """A book: its terms, its days told and waiting, and the classes to look at.

    Attributes
    ----------
    days
        Different days in a place, which is what is counted.
    below, beyond
        Of these, in classes that show nothing; and of those that show, beyond the last step.
    not_due
        In periods that ended less than 60 days ago, or have not ended.
    rest
        Told at closing.
    fresh
        Names of the classes that the release before did not show.
    """

    book: str
    terms: Mapping[str, Any]
    closed: bool
    days: int
    shown: int
    below: int
    beyond: int
    not_due: int
    rest: int
    classes: tuple[ClassRisk, ...]
    other_terms: tuple[OtherTerms, ...]
    fresh: tuple[str, ...] = ()

    @property
    def shown_total(self) -> int:
        """The sum of what its classes show, which is public."""
        return sum(each.shown for each in self.classes)

    @property
    def few_observers(self) -> tuple[ClassRisk, ...]:
        """Classes that one observer may stand behind."""
        return tuple(each for each in self.classes if each.observers < _FEW_OBSERVERS)

    @property
    def one_category(self) -> tuple[ClassRisk, ...]:
        """Classes all of whose notes are of one category."""
        return tuple(each for each in self.classes if each.categories == 1)

    @property
    def few_candidates(self) -> tuple[ClassRisk, ...]:
        """Classes with fewer public things of the group in their place than k, and one at least."""
        return tuple(each for each in self.classes if 0 < each.candidates < self.terms["k"])


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet: the map, the reasons for which records are not counted, and the books.

    Attributes
    ----------
    map_sha256
        Hash of the map of boxes.
    held
        How many records are not counted, by the reason.
    books
        Each book with its classes, and what they would risk.
    both_banks
        Whether the map has boxes on both sides of the border.
    """

    map_sha256: str
    held: Mapping[str, int]
    books: tuple[BookRisk, ...]
    both_banks: bool

    @property
    def document(self) -> dict[str, Any]:
        """What ``risk.json`` says."""
        return {"format": FORMAT, "version": 1, **asdict(self)}


def sheet_of(
    disclosure: Disclosure, boxes: BoxMap, held: Mapping[str, int], labels: Sequence[Label] | None = None
) -> Sheet:
    """The sheet of a release.

    Parameters
    ----------
    held
        How many records are not counted, by why.
    labels
        What was counted, to say what other terms would show; without it the sheet does not.
    """
    books = tuple(
        replace(
            _book(counted, disclosure.ledger.books.get(counted.book.name), boxes, labels),
            fresh=_fresh(counted.book.name, disclosure),
        )
        for counted in disclosure.counts
    )
    return Sheet(boxes.sha256, dict(held), books, boxes.both_banks)


def _book(counted: BookCounts, entry: BookEntry | None, boxes: BoxMap, labels: Sequence[Label] | None) -> BookRisk:
    book = counted.book
    entry = entry or BookEntry(book.terms)
    days = shown = below = beyond = not_due = 0
    for each, count in counted.counts.items():
        number = len(count.days)
        days += number
        if each.period not in entry.periods:
            not_due += number
        elif stated := entry.shown.get(each.key, 0):
            shown += min(stated, number)
            beyond += max(0, number - stated)
        else:
            below += number
    return BookRisk(
        book.name,
        dict(book.terms),
        entry.closed is not None,
        days,
        shown,
        below,
        beyond,
        not_due,
        sum(entry.rest.values()),
        tuple(_classes(counted, entry, boxes)),
        () if labels is None else tuple(_other_terms(book, boxes, labels)),
    )


def _fresh(name: str, disclosure: Disclosure) -> tuple[str, ...]:
    before, after = (
        each.books[name].shown if name in each.books else {} for each in (disclosure.before, disclosure.ledger)
    )
    return tuple(key for key in after if key not in before)


def _classes(counted: BookCounts, entry: BookEntry, boxes: BoxMap) -> Iterator[ClassRisk]:
    for key, number in entry.shown.items():
        place, group, period = key.split("|")
        count = counted.counts.get(Class(place, group, period))
        yield ClassRisk(
            place,
            group,
            period,
            number,
            0 if count is None else len(count.days),
            0 if count is None else count.observer_number,
            0 if count is None else len(count.categories),
            0.0 if count is None else _diversity(count.categories),
            boxes.candidates(place, group, counted.book.grouping),
        )


def _diversity(categories: Mapping[str, int]) -> float:
    total = sum(categories.values())
    entropy = -sum(number / total * math.log(number / total) for number in categories.values())
    return round(math.exp(entropy), 2)


def _other_terms(book: Book, boxes: BoxMap, labels: Sequence[Label]) -> Iterator[OtherTerms]:
    """The share of the days of a book that each level and grouping would tell, then each period, then each k."""
    plain = replace(book, epsilon=None)
    others = [replace(plain, level=level, grouping=grouping) for level, grouping in product(BOOK_LEVELS, GROUPINGS)]
    if book.years == 1:
        others += [replace(plain, period=period) for period in PERIODS if period != book.period]
    others += [replace(plain, k=k) for k in KS if k != book.k]
    for other in others:
        counts = counts_of(labels, Places(boxes, other))
        total = sum(len(count.days) for count in counts.values())
        shown = sum(shown_of(counts, other.periods, other).values())
        yield OtherTerms(other.level, other.grouping, other.period, other.k, round(shown / total, 3) if total else 0.0)
