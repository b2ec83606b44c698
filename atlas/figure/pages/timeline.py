"""What happened along the border, by kind, on one axis of time, drawn as sharply as its date is known."""

from __future__ import annotations

from atlas.evidence import project_evidence
from atlas.evidence.historical_records import EVENT_KINDS, Event
from atlas.evidence.periods import first_day, last_day
from atlas.figure.figure_texts import Words
from atlas.figure.lanes import Lane, lanes
from atlas.figure.plan import Desk, Figure

_COLOURS = ("#0072b2", "#d55e00", "#009e73")


def compose(desk: Desk) -> Figure:
    """A headline for each kind, and its events in the order of time."""
    events = project_evidence(desk.release.project).events
    rows = []
    for number, kind in enumerate(EVENT_KINDS):
        members = sorted((one for one in events if one.kind == kind), key=lambda one: one.date_from or "")
        if members:
            rows.append(Lane(desk.words(f"timeline.kind.{kind}"), is_head=True))
            rows += [_lane(one, desk.words, _COLOURS[number % len(_COLOURS)]) for one in members]
    return Figure((lanes(rows, desk.type.small),), ("timeline.dates", "timeline.sources"))


def _lane(event: Event, words: Words, colour: str) -> Lane:
    start, end = event.date_from, event.date_to or event.date_from
    title = words.of_data(event.title)
    if not start or not end:
        return Lane(title, words("date.none"))
    form = "outline" if event.date_basis == "not stated" else "solid" if event.duration == "lasting" else "within"
    shown = start if start == end else f"{start}/{end}"
    detail = words("date.none") if form == "outline" else _dated(words, shown)
    if event.date_basis == "inferred":
        detail += f" ({words('date.inferred')})"
    return Lane(title, detail, (first_day(start), last_day(end)), form, colour)


def _dated(words: Words, shown: str) -> str:
    """To the month; the day stands on the axis, and in the table."""
    return words.dated("/".join(part[: len("2014-07")] for part in shown.split("/")))
