"""The number that a class shows: told once, 60 days after its period has ended, in steps of k different days.

    shown = min(k ⌊n / k⌋, k ⌊(D - k) / k⌋)        n different days, D days of the period

and nothing where fewer than ``min_observers`` noted them. The second term keeps a class from saying that something was
noted on every day.

*Why it is right.* A shown number m k fits every count from m k to m k + k - 1, and nothing fits every count below k, so
k counts fit at least; and as no class is told twice, there is no difference of two numbers to look at. Each day of a
class is in this one class, so no two published numbers overlap and no subtraction gives a third.

*Invariants*: a multiple of k; never more than n; 0 where n < k. Source: rounding down to multiples of a base, as census
offices round; told once, because every later change is a difference (review B2, B3).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from atlas.release.book import Book, Period
from atlas.release.class_counts import Class, Count


def stepped(number: int, k: int) -> int:
    """The largest multiple of k that is no larger than a number; none below zero."""
    return k * max(0, number // k)


def shown_number(count: Count, period: Period, book: Book) -> int:
    """What a class shows; 0 for nothing."""
    if count.observer_number < book.min_observers:
        return 0
    return min(stepped(len(count.days), book.k), most_of(period, book))


def most_of(period: Period, book: Book) -> int:
    """The largest number that a class shows: never that something was noted on every day."""
    return stepped(period.days - book.k, book.k)


def due_periods(book: Book, today: date, disclosed: Collection[str]) -> tuple[Period, ...]:
    """The periods that a release of a day tells of: those that ended 60 days ago and were not told."""
    return tuple(each for each in book.periods if each.due <= today and each.name not in disclosed)


def shown_of(counts: Mapping[Class, Count], periods: Collection[Period], book: Book) -> dict[str, int]:
    """The numbers of the classes of some periods that show any, by their names in a ledger."""
    by_name = {period.name: period for period in periods}
    numbers = {
        each.key: shown_number(count, by_name[each.period], book)
        for each, count in counts.items()
        if each.period in by_name
    }
    return {key: number for key, number in sorted(numbers.items()) if number}
