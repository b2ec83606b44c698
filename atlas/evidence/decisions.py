"""What of a sensitive row may be published: the words of a decision, and the terms that it is held to.

The same four questions are asked of our own evidence as of a field note, with the same floor and the same number of
others to hide among. A state of enforcement has an embargo besides: where a post stood a few months ago is where
somebody may be stopped tonight.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

QUESTIONS = ("who_could_be_harmed", "how", "already_public", "what_is_gained")
# no public place is smaller, in metres along a line or across an area
LEAST_FLOOR_M = 10_000.0
# at least so many share a published place
LEAST_SHARED = 5
# a post or operation whose newest source is younger than this is given by state and month only
EMBARGO_MONTHS = 12
# a post whose newest source is younger than this, or has no date, has no name finer than its municipality or stretch
RECENT_MONTHS = 36
# a distance of a post along the road is kept only to so many kilometres either way, which is the floor in all
LEAST_TOLERANCE_KM = LEAST_FLOOR_M / 2000

AS_NAME, AS_MUNICIPALITY, AS_STRETCH, AS_COUNT, AS_STATE_MONTH, AS_NOTHING = PUBLISHED_AS = (
    "name",
    "municipality",
    "stretch",
    "count",
    "state_month",
    "withheld",
)
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationDecision:
    """Whether and how a sensitive row is published, who decided, until when it holds, and the four answers.

    Attributes
    ----------
    row_id
        Key of the row in ``table``; none for a row that is not kept at all.
    names_withheld
        How many names of earlier rows the decision keeps out of tables, layers and pages.
    k_and_floor
        Among how many it hides, and in how large a place.
    """

    decision_id: str
    table: str
    row_id: str | None
    published_as: str
    names_withheld: int
    who_could_be_harmed: str
    how: str
    already_public: str
    what_is_gained: str
    k_and_floor: str
    decided_by: str
    decided_on: date
    review_by: date
    reason: str

    def lapsed(self, today: date) -> bool:
        """Whether the review is overdue."""
        return self.review_by < today


def last_day(period: str) -> date:
    """The last day that a date or interval of the tables may mean: 2019 is the end of that year."""
    end = period.rpartition("/")[2]
    year, month, day = (int(part) for part in [*end.split("-"), "0", "0"][:3])
    month = month or _MONTHS
    return date(year, month, day or calendar.monthrange(year, month)[1])


def years_in(period: str) -> int:
    """From how many different years the two ends of an interval are: one or two."""
    return len({end[:4] for end in period.split("/")})


def is_month(period: str | None) -> bool:
    """Whether a date is given to the month and no finer."""
    return period is not None and _MONTH.fullmatch(period) is not None


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 - months, _MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_embargoed(period: str | None, decided_on: date) -> bool:
    """Whether a state of enforcement is too new to be given finer than by state and month."""
    return period is not None and last_day(period) > months_before(decided_on, EMBARGO_MONTHS)


def is_recent(period: str | None, decided_on: date) -> bool:
    """Whether a post is too new, or of too unknown a date, to be published under a name of its own."""
    return period is None or last_day(period) > months_before(decided_on, RECENT_MONTHS)
