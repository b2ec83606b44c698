"""The events of a year for pages that have a slider of years."""

from __future__ import annotations

from typing import Any

from atlas.evidence.periods import first_day, last_day
from atlas.render.build_context import BuildContext


def year_events(edition: BuildContext) -> list[dict[str, Any]]:
    """Events that have a date, earliest first: id, title, date as in the table, and the years that it may mean."""
    dated = [event for event in edition.evidence.events if event.date_from]
    return [
        {
            "id": event.event_id,
            "title": event.title,
            "when": when(event.date_from, event.date_to),
            "basis": event.date_basis,
            "years": [first_day(event.date_from or "").year, last_day(event.date_to or event.date_from or "").year],
        }
        for event in sorted(dated, key=lambda event: (event.date_from or "", event.event_id))
    ]


def when(start: str | None, end: str | None) -> str | None:
    """A date or interval as the pages write it into an attribute: ``2001/2003``."""
    return "/".join(part for part in (start, end) if part) or None
