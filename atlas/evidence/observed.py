"""Published figures by place and period, statements, hours and the time that a claim holds, as frozen records.

Periods are text in ISO 8601 as coarse as the source gives them. A record with ``unconfirmed`` is no fact: it is kept
so that nobody takes it for new, and shown apart, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass

INDICATORS = (
    "detention_events",
    "asylum_applications",
    "asylum_registrations",
    "asylum_share",
    "displaced",
    "deaths",
    "movements",
    "visitor_entries",
    "card_holders",
    "cards_issued",
    "card_posts",
    "formal_crossings",
    "points_of_entry",
    "review_points",
    "traffic",
    "toll",
    "station_capacity",
    "shelter_places",
    "monuments",
    "monuments_off_line",
    "line_deviation",
    "railway_length",
)
PLACE_LEVELS = (
    "region",
    "country",
    "border",
    "stretch",
    "states",
    "state",
    "office",
    "municipality",
    "municipality_abroad",
    "crossing",
)
UNCONFIRMED = ("check", "second_hand", "year_inferred", "year_unknown")
TOPICS = ("border_line", "crossings", "la_union", "deaths")
SERVICES = ("crossing", "pedestrians", "vehicles", "freight", "visitor_card_counter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A published figure of an indicator for a place and a period; figures are never summed.

    Attributes
    ----------
    place_code
        INEGI code of a state or municipality, where the place is one.
    value, value_to
        The figure, or the smallest and the largest where a range is printed, in ``unit``.
    conflict
        A word that figures share which do not fit each other; they are shown side by side.
    unconfirmed
        Why it is no fact yet: ``check``, ``second_hand``, ``year_inferred`` or ``year_unknown``; None of a fact.
    """

    observation_id: str
    indicator: str
    item: str | None
    place: str
    place_level: str
    place_code: str | None
    period: str | None
    value: float
    value_to: float | None
    unit: str
    conflict: str | None
    claimant: str | None
    printed_in: str | None
    bound: str | None
    date_basis: str | None
    hedge: str | None
    source_ids: tuple[str, ...]
    confidence: str
    unconfirmed: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedStatement:
    """What a source says that is no figure, in words of our own; ``conflict`` and ``unconfirmed`` as there."""

    statement_id: str
    topic: str
    statement_en: str
    statement_es: str
    place: str
    as_of: str | None
    conflict: str | None
    claimant: str | None
    printed_in: str | None
    bound: str | None
    date_basis: str | None
    hedge: str | None
    source_ids: tuple[str, ...]
    confidence: str
    unconfirmed: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingHours:
    """Published hours of a service at a formal crossing, ``HH:MM`` of local time; None where they were not given."""

    hours_id: str
    crossing_id: str
    service: str
    days: str
    opens: str | None
    closes: str | None
    as_of: str
    until: str | None
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimValidity:
    """From when and until when a claim holds, and what has taken its place since."""

    claim_id: str
    valid_from: str | None
    valid_until: str | None
    date_basis: str
    superseded_en: str | None
    superseded_es: str | None
    source_ids: tuple[str, ...]
    confidence: str
    note: str | None
