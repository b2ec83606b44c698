"""What the gate takes from an exact record: known words, a month, a position to be placed; nothing else goes on."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from operator import attrgetter
from typing import Any, TypeAlias

from atlas.border_project.expected_region import region
from atlas.published.sensitivity import PUBLISHED, Sensitivity
from atlas.release.book import YEARS
from atlas.release.essentials import Essentials, Position, essentials_of, record_name
from atlas.release.notes import plain, publishable_note
from atlas.release.restricted import Feature
from atlas.release.terms import Policy, strictest

_Kept: TypeAlias = tuple[Essentials, Sensitivity]

_MONTH = re.compile(r"(\d{4})(?:-(\d{2})(?:-.+)?)?", re.ASCII)
_REACH = re.compile(r"R(\d{3})", re.ASCII)
# a full date, alone or with a time: what is shorter is no day
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d.*)?", re.ASCII)


# not frozen: for 100,000 of them, that would take as long as reading them
@dataclass(slots=True)
class Draft:
    """A record on its way out.

    Attributes
    ----------
    listed
        Whether its category is one that the policy lists; any other word counts as ``other`` and is not counted.
    day, observer
        The day of observation on the border's clocks, and who observed, as far as it is said.
    reach
        The number of its reach, where that is all that is known of its place.
    """

    category: str
    sensitivity: Sensitivity
    listed: bool = True
    day: date | None = None
    observer: str = field(default="", repr=False)
    year: int | None = None
    month: int | None = None
    confidence: str | None = None
    position: Position | None = field(default=None, repr=False)
    reach: int | None = None
    note: str | None = field(default=None, repr=False)
    photos: tuple[str, ...] = field(default=(), repr=False)
    uncertainty_m: float | None = None


def drafts_of(features: Iterable[Feature], policy: Policy, names: Collection[str] = ()) -> list[Draft]:
    """A draft of every record; copies of one record are one, in the strictest class that any of them states.

    Parameters
    ----------
    features
        They are gone through once, and what the gate doesn't ask for is not kept.
    names
        Names of places that stop a reviewed note; see `notes.publishable_note`.
    """
    first, others = _copies(features, policy)
    drafts = []
    while first:
        name, (kept, sensitivity) = first.popitem()
        if name in others:
            same = [(kept, sensitivity), *others[name]]
            kept = min((each for each, _ in same), key=attrgetter("canonical"))
            sensitivity = strictest(each for _, each in same)
        drafts.append(_draft(kept, sensitivity, policy, names))
    drafts.reverse()
    return drafts


def _copies(
    features: Iterable[Feature], policy: Policy
) -> tuple[dict[str | bytes, _Kept], Mapping[str | bytes, Sequence[_Kept]]]:
    """Records by what tells them apart: the first of each, and all further ones."""
    first: dict[str | bytes, _Kept] = {}
    others: defaultdict[str | bytes, list[_Kept]] = defaultdict(list)
    for feature in features:
        stated = feature.get("properties") or {}
        sensitivity = policy.sensitivity(policy.category(stated.get("category")), stated.get("sensitivity"))
        kept = essentials_of(feature, with_more=sensitivity is Sensitivity.OPEN), sensitivity
        name = record_name(feature)
        if first.setdefault(name, kept) is not kept:
            others[name].append(kept)
    return first, others


def _draft(kept: Essentials, sensitivity: Sensitivity, policy: Policy, names: Collection[str]) -> Draft:
    listed = kept.category in policy.categories if isinstance(kept.category, str) else False
    category = policy.category(kept.category)
    if sensitivity not in PUBLISHED:
        return Draft(category, sensitivity)
    if sensitivity is Sensitivity.GENERALISED:
        return _counted(kept, category, listed=listed)
    year, month = month_of(kept.observed_at)
    confidence = kept.confidence
    return replace(
        _counted(kept, category, listed=listed),
        sensitivity=sensitivity,
        year=year if policy.allows("year") or policy.allows("month") else None,
        month=month if policy.allows("month") else None,
        confidence=confidence if isinstance(confidence, str) and confidence in policy.confidence else None,
        note=_note(kept.more, policy, names),
        photos=_photos(kept.more, policy),
        uncertainty_m=_metres(kept.more.get("coordinateUncertaintyInMeters")),
    )


def _counted(kept: Essentials, category: str, *, listed: bool) -> Draft:
    """What is asked of a record that is counted in a box: a known category, a day, an observer, a position or reach."""
    named = _REACH.fullmatch(kept.reach) if isinstance(kept.reach, str) else None
    return Draft(
        category,
        Sensitivity.GENERALISED,
        listed=listed,
        day=local_day(kept.observed_at),
        observer=_observer(kept.observer),
        position=kept.position,
        reach=int(named[1]) if named else None,
    )


def _observer(stated: object) -> str:
    """An observer's name without what may differ in one person's: capitals, accents, spaces and signs."""
    return "".join(plain(unicodedata.normalize("NFKC", stated)).split()) if isinstance(stated, str) else ""


def _note(stated: Mapping[str, Any], policy: Policy, names: Collection[str]) -> str | None:
    note = stated.get("note")
    if not policy.allows("note") or stated.get("note_reviewed") is not True or not isinstance(note, str):
        return None
    return publishable_note(note, names)


def _photos(stated: Mapping[str, Any], policy: Policy) -> tuple[str, ...]:
    names = stated.get("photos")
    if not policy.allows("photos") or stated.get("photos_reviewed") is not True or not isinstance(names, list):
        return ()
    return tuple(name for name in names if isinstance(name, str))


def _metres(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # compared before it is made a float, as a whole number of any length may stand there
    return float(value) if 0 < value <= sys.float_info.max else None


def month_of(stated: object) -> tuple[int | None, int | None]:
    """Year and month of an ISO 8601 date or date-time, or of its beginning; nothing of anything else."""
    text = stated.strip() if isinstance(stated, str) else ""
    match = _MONTH.fullmatch(text)
    if match is None:
        return None, None
    year, month = int(match[1]), match[2]
    if year not in YEARS:
        return None, None
    if month is None:
        return year, None
    try:
        # a text that goes on must be a date to its end
        datetime.fromisoformat(text if len(text) > len("2024-05") else f"{text}-01")
    except ValueError:
        return None, None
    return year, int(month)


def local_day(stated: object) -> date | None:
    """The day of an ISO 8601 date or date-time as the clocks on the border have it; nothing of less than a full date.

    A time that states its distance to UTC is brought to that of the border, so that one evening that a telephone wrote
    down in UTC is not two days. What states none is taken as it is written.
    """
    text = stated.strip() if isinstance(stated, str) else ""
    if not _DAY.fullmatch(text):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is not None and date.min.year < at.year < date.max.year:
        at = at.astimezone(timezone(timedelta(hours=region().border.utc_offsets_h[0])))
    return at.date() if at.year in YEARS else None
