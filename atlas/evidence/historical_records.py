"""What happened, who, how many and when: events, institutions, deployments and flows as frozen records.

Dates and periods are text in ISO 8601 as coarse as the source gives them: ``2014`` is some day of that year.
"""

from __future__ import annotations

from dataclasses import dataclass

FISCAL_YEAR, CALENDAR_YEARS, MONTHS = PERIOD_KINDS = ("fiscal_year", "calendar_years", "months")
EVENT_KINDS = (
    "programme",
    "agreement",
    "decree",
    "institution",
    "enforcement",
    "deployment",
    "cards",
    "opening",
    "closure",
)
SERIES = (
    "us_apprehensions",
    "us_apprehensions_month",
    "repatriations",
    "deportations",
    "entries",
    "irregular_entries",
    "asylum",
    "raids",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened once (``moment``) within its dates, or all the time between them (``lasting``).

    Attributes
    ----------
    date_from, date_to
        Where ``date_basis`` is ``not stated``, the bounds that the context gives, or nothing.
    states
        INEGI codes of the states that the event is about, for what is not about a whole border or country.
    """

    event_id: str
    kind: str
    title: str
    date_from: str | None
    date_to: str | None
    duration: str
    date_basis: str
    area: str
    states: tuple[str, ...]
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """An authority, force, group or kind of facility that the sources name; ``states`` as in ``Event``."""

    institution_id: str
    kind: str
    name: str
    name_es: str
    what: str
    since: str | None
    date_basis: str
    area: str
    states: tuple[str, ...]
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A force in an area as it was announced or reported, to the month and no finer."""

    deployment_id: str
    date: str
    force: str
    number: int | None
    unit: str | None
    area: str
    claimant: str | None
    printed_in: str | None
    bound: str | None
    date_basis: str
    hedge: str | None
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A figure of a series for a period; figures of different claimants or overlapping periods are never summed."""

    flow_id: str
    series: str
    item: str | None
    period: str
    period_kind: str
    value: int
    unit: str
    place: str
    claimant: str | None
    printed_in: str | None
    bound: str | None
    date_basis: str
    hedge: str | None
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None
