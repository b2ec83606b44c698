"""The gate itself: labels and a ledger in, the next ledger out. No step of it sees a position.

    for each book of which something may be told
        refuse other terms than it began with, and a book that is closed
        n[c], o[c] = different days and observers of each class          (classes)
        for each period that ended 60 days ago and was not told
            shown[c] = min(k ⌊n/k⌋, k ⌊(D - k)/k⌋)                       (disclosed)
    to close a book, once, after all its periods
        classes that have come to show a number since are told           (the supplement)
        what stays silent is told by zone, section and part               (closing)

*Why it is right.* The result is a function of labels, terms, the day and the ledger; labels are functions of atoms; so
the floor of the map is that of every series of releases, whatever was edited, lost or closed in between.

*Invariants* (`tests/release/test_books.py`): a number that stands in a ledger stands in the next one, unless its group
was withdrawn; a class is told once; the order of labels, and labels of days that no book holds, change nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from atlas.errors import PolicyError, UsageError
from atlas.release.book import YEARS, Book, Period
from atlas.release.box_labels import Label
from atlas.release.box_levels import SECTION, ZONE
from atlas.release.boxes import BoxMap
from atlas.release.class_counts import Class, Count, Places, counts_of
from atlas.release.closing import WITHDRAWN_LEVELS, is_withdrawn, rest_of
from atlas.release.disclosed import due_periods, shown_of
from atlas.release.groups import ALL_GROUPS, group_of, overlapping
from atlas.release.noise import noisy_shown
from atlas.release.public_ledger import BookEntry, Ledger
from atlas.release.terms import Policy

Withdrawn = Collection[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class BookCounts:
    """A book, and what is counted in it, for the officer's eyes."""

    book: Book
    places: Places
    counts: Mapping[Class, Count]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The ledger that comes of a release, the one before it, and the counts behind it."""

    ledger: Ledger
    counts: Sequence[BookCounts]
    before: Ledger


def disclose(  # noqa: PLR0913 - each is a part of what decides
    labels: Sequence[Label],
    policy: Policy,
    boxes: BoxMap,
    ledger: Ledger,
    *,
    today: date,
    close: Collection[int] = (),
    withdrawn: Withdrawn = (),
) -> Disclosure:
    """The next ledger.

    Parameters
    ----------
    close
        Years whose books are closed.
    withdrawn
        Pairs of zone and group, such as ``("zone R010", "help")``, that are told no more.

    Raises
    ------
    PolicyError
        A book has other terms than it began with, or is to be closed under a lapsed review.
    UsageError
        A book cannot be closed: it is not there, not over, or closed already; or the clock is behind the ledger.
    """
    _refuse_turned_clock(ledger, today)
    if policy.lapsed and close:
        msg = "a book is not closed under a lapsed review: closing tells what was not told. Review the decision first"
        raise PolicyError(msg)
    # a group is withdrawn from books of either grouping
    withdrawn = {(place, other) for place, group in withdrawn for other in overlapping(group)}
    entries = dict(ledger.books)
    counted = []
    for book in _books(labels, policy, close):
        _refuse_overlap(book, ledger)
        before = entries.get(book.name)
        if before is not None:
            before.refuse_other_terms(book, ledger.path)
        places = Places(boxes, book)
        counts = counts_of(_without(labels, withdrawn, places), places)
        counted.append(BookCounts(book, places, counts))
        entry = _after(before or BookEntry(book.terms), counted[-1], today, withdrawn, frozen=bool(policy.lapsed))
        if any(0 <= year - book.year < book.years for year in close):
            _refuse_empty(book, labels, ledger)
            entry = _closed(entry, counted[-1], today, withdrawn)
        if entry.periods:
            entries[book.name] = entry
    narrowed = {name: _narrowed(entry, boxes, withdrawn) for name, entry in entries.items()}
    return Disclosure(ledger.successor(narrowed, narrowed=ledger.narrowed or bool(withdrawn)), counted, ledger)


def _books(labels: Iterable[Label], policy: Policy, close: Collection[int]) -> list[Book]:
    """The books that the labels lie in, with those that are to be closed, in their order."""
    if odd := [year for year in close if year not in YEARS]:
        msg = f"--close {odd[0]}: a book is of a year from {YEARS[0]} to {YEARS[-1]}"
        raise UsageError(msg)
    years = {each.day.year for each in labels} | set(close)
    books = {book.name: book for year in sorted(years) if (book := policy.book_of(year)) is not None}
    if missing := sorted(year for year in close if policy.book_of(year) is None):
        msg = f"there is no book of {missing[0]}: the policy has neither [books.{missing[0]}] nor [books.default]"
        raise UsageError(msg)
    return list(books.values())


def _refuse_empty(book: Book, labels: Iterable[Label], ledger: Ledger) -> None:
    """Refuse to close a book of which there is nothing: the year was mistyped, and closing is for good."""
    if book.name not in ledger.books and not any(book.period_of(each.day) for each in labels):
        msg = (
            f"no note is of book {book.name}, so there is nothing to close; is the year right? `--forecast` says which "
            "notes are not counted, and why"
        )
        raise UsageError(msg)


def _refuse_overlap(book: Book, ledger: Ledger) -> None:
    """Refuse to tell a year again in a book of other years than the one that has begun."""
    for name in ledger.books:
        first, last = int(name[:4]), int(name[-4:])
        if name != book.name and first < book.year + book.years and book.year <= last:
            msg = (
                f"{ledger.path} has begun book {name}, and the policy has book {book.name}, which holds some of its "
                f"years: they would be told twice. Write [books.{first}] with years = {last - first + 1} as it was"
            )
            raise PolicyError(msg)


def _after(entry: BookEntry, counted: BookCounts, today: date, withdrawn: Withdrawn, *, frozen: bool) -> BookEntry:
    """What is told of a book once the periods are told that are due; nothing new under a lapsed review."""
    due = due_periods(counted.book, today, entry.periods) if not frozen and entry.closed is None else ()
    if not due:
        return entry
    shown = _shown(counted, due, withdrawn)
    return replace(
        entry,
        periods={**entry.periods, **{period.name: today.isoformat() for period in due}},
        shown={**entry.shown, **shown},
    )


def _shown(counted: BookCounts, due: Collection[Period], withdrawn: Withdrawn) -> dict[str, int]:
    if counted.book.epsilon is None:
        return shown_of(counted.counts, due, counted.book)
    # noise for all classes, and only then what was withdrawn is left out
    shown = noisy_shown(counted.counts, due, counted.places, counted.book.epsilon)
    coarser = counted.places.boxes.coarser
    names = {key: key.split("|") for key in shown}
    return {
        key: number
        for key, number in shown.items()
        if not is_withdrawn(names[key][0], names[key][1], withdrawn, coarser)
    }


def _closed(entry: BookEntry, counted: BookCounts, today: date, withdrawn: Withdrawn) -> BookEntry:
    book = counted.book
    if entry.closed is not None:
        msg = f"book {book.name} was closed on {entry.closed}; a book is closed once"
        raise UsageError(msg)
    if waiting := [period for period in book.periods if period.name not in entry.periods]:
        msg = (
            f"book {book.name} cannot be closed before {waiting[-1].due}, 60 days after its end; until then a release "
            "without --close tells what is due"
        )
        raise UsageError(msg)
    if book.epsilon is not None:
        # another look at the notes would spend epsilon again
        return replace(entry, closed=today.isoformat())
    supplement = shown_of(counted.counts, book.periods, book)
    # what was told stays as it was, whatever has come or gone since
    shown = {**supplement, **entry.shown}
    rest = rest_of(counted.counts, shown, counted.places, withdrawn)
    return replace(entry, closed=today.isoformat(), shown=shown, rest=rest)


def _without(labels: Sequence[Label], withdrawn: Withdrawn, places: Places) -> Sequence[Label]:
    """The labels that are not withdrawn, also where the places of a book are larger than what is withdrawn."""
    if not withdrawn:
        return labels
    boxes, grouping = places.boxes, places.book.grouping
    gone: dict[tuple[str, str], bool] = {}
    for each in labels:
        group = group_of(each.category, grouping)
        if (each.atom, group) not in gone:
            gone[each.atom, group] = any(
                (boxes.place_of(each.atom, level), group) in withdrawn for level in (ZONE, SECTION)
            )
    return [each for each in labels if not gone[each.atom, group_of(each.category, grouping)]]


def _refuse_turned_clock(ledger: Ledger, today: date) -> None:
    """Refuse a day before that of the last release: one of the two clocks was wrong, and what was told was not due."""
    last = ledger.last_day
    if last is not None and today < last - timedelta(days=1):
        msg = (
            f"{ledger.path} was written on {last}, and today is {today}: one of the two is wrong. Set the clock of "
            "this machine; where it was wrong then, wait until that day"
        )
        raise UsageError(msg)


def _narrowed(entry: BookEntry, boxes: BoxMap, withdrawn: Withdrawn) -> BookEntry:
    """An entry without what was withdrawn; what is told of a section stands."""
    if not withdrawn:
        return entry

    def stands(key: str) -> bool:
        place, group = key.split("|")[:2]
        return not is_withdrawn(place, group, withdrawn, boxes.coarser)

    shown = {key: number for key, number in entry.shown.items() if stands(key)}
    rest = {key: number for key, number in entry.rest.items() if stands(key)}
    return replace(entry, shown=shown, rest=rest)


def waiting_notes(disclosure: Disclosure, today: date) -> Iterator[str]:
    """From when on something more of each book is told; a release before that day shows none of it."""
    for counted in disclosure.counts:
        waiting = [period for period in counted.book.periods if period.due > today]
        if waiting and counted.counts:
            yield (
                f"book {counted.book.name}: {waiting[0].name} is told from {waiting[0].due} on, 60 days after its end; "
                "nothing of it is in a release before."
            )


def without_book(labels: Iterable[Label], policy: Policy) -> int:
    """How many labels are of a year that no book holds."""
    years = Counter(each.day.year for each in labels)
    return sum(number for year, number in years.items() if policy.book_of(year) is None)


def withdrawal(text: str, boxes: BoxMap) -> tuple[str, str]:
    """The place and group of ``ZONE:GROUP``, such as ``R010:help``, or ``section R010:help`` in a book of sections.

    Raises
    ------
    UsageError
        There is no such zone or group.
    """
    place, colon, group = text.partition(":")
    level, _, name = place.strip().rpartition(" ")
    place_id = f"{level or WITHDRAWN_LEVELS[0]} {name}"
    if (
        not colon
        or place_id.partition(" ")[0] not in WITHDRAWN_LEVELS
        or place_id not in boxes.names(place_id.partition(" ")[0])
    ):
        known = boxes.names("zone")[-1].removeprefix("zone ")
        msg = f"--withdraw {text!r}: expected ZONE:GROUP with a zone of the map, such as {known}:help"
        raise UsageError(msg)
    if group.strip() not in ALL_GROUPS:
        msg = f"--withdraw {text!r}: there is no group {group!r}; the groups are {', '.join(ALL_GROUPS)}"
        raise UsageError(msg)
    return place_id, group.strip()
