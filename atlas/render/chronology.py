"""Where an event stands on an axis of time, as shares of its length in percent, and how sharp its ends are.

A day is a point. What is dated to a month or a year, or lies between two dates, is a bar over all that its date may
mean, with soft ends; what lasted is solid between its first and last date and fades over what these may mean. A date
that no source states has an outline only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from atlas.evidence.historical_records import Event
from atlas.evidence.periods import first_day, last_day

_ONE_DAY = timedelta(days=1)
_DECIMALS = 3
_DAY = len("2014-07-07")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a mark: ``day`` is a point at ``x``; the others are bars from ``x``, ``width`` wide, in percent."""

    form: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Axis:
    """Whole years from the first to the last, both included, and those that are named."""

    first_year: int
    last_year: int

    @property
    def ticks(self) -> Sequence[tuple[int, float]]:
        """Every fifth year with its place in percent."""
        years = range(self.first_year, self.last_year + 1)
        return [(year, self.place(date(year, 1, 1))) for year in years if year % 5 == 0]

    def place(self, day: date) -> float:
        """Where a day begins, in percent of the axis."""
        start, end = date(self.first_year, 1, 1), date(self.last_year + 1, 1, 1)
        return round(100 * (day - start).days / (end - start).days, _DECIMALS)

    def part(self, form: str, first: date, last: date) -> Part:
        """A bar from the start of one day to the end of another."""
        x = self.place(first)
        return Part(form, x, round(self.place(last + _ONE_DAY) - x, _DECIMALS))


def axis_of(events: Iterable[Event]) -> Axis:
    """The axis that holds all events that have a date."""
    dated = [(event.date_from, event.date_to or event.date_from) for event in events if event.date_from]
    years = [end.year for start, last in dated for end in (first_day(start), last_day(last or start))]
    return Axis(min(years), max(years))


def marks(event: Event, axis: Axis) -> Sequence[Part]:
    """The pieces that an event is drawn with; none without a date."""
    if event.date_from is None:
        return ()
    start, end = event.date_from, event.date_to or event.date_from
    first, last = first_day(start), last_day(end)
    if event.date_basis == "not stated":
        return (axis.part("unknown", first, last),)
    if event.duration == "lasting":
        return _lasting(axis, start, end)
    if first == last and len(start) == _DAY:
        middle = axis.part("day", first, last)
        return (Part("day", round(middle.x + middle.width / 2, _DECIMALS), 0),)
    return (axis.part("within", first, last),)


def _lasting(axis: Axis, start: str, end: str) -> Sequence[Part]:
    rises, falls = last_day(start), first_day(end)
    parts = [axis.part("rise", first_day(start), rises)]
    if rises + _ONE_DAY < falls:
        parts.append(axis.part("solid", rises + _ONE_DAY, falls - _ONE_DAY))
    return (*parts, axis.part("fall", falls, last_day(end)))
