"""What the gate takes from an exact record: known words, a month, a position to be placed; nothing else goes on."""

from __future__ import annotations

import json
import math
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from atlas.border_project.expected_region import region
from atlas.geojson.geometries import COLLECTION, coordinates_in, geometries_in
from atlas.published.sensitivity import PUBLISHED, Sensitivity
from atlas.release.book import YEARS
from atlas.release.notes import plain, publishable_note
from atlas.release.restricted import Feature
from atlas.release.terms import Policy, strictest

Position = tuple[float, float]

_WIDEST_DEG = 0.1
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


def drafts_of(features: Sequence[Feature], policy: Policy, names: Collection[str] = ()) -> list[Draft]:
    """A draft of every record; copies of one record are one, in the strictest class that any of them states.

    Parameters
    ----------
    names
        Names of places that stop a reviewed note; see `notes.publishable_note`.
    """
    first, others = _copies(features)
    drafts = []
    for name, feature in first.items():
        if name in others:
            same = [feature, *others[name]]
            classes = strictest(_class(each, policy) for each in same)
            drafts.append(_draft(min(same, key=_canonical), classes, policy, names))
        else:
            drafts.append(_draft(feature, _class(feature, policy), policy, names))
    return drafts


def _class(feature: Feature, policy: Policy) -> Sensitivity:
    stated = _properties(feature)
    return policy.sensitivity(policy.category(stated.get("category")), stated.get("sensitivity"))


def _copies(features: Sequence[Feature]) -> tuple[Mapping[str, Feature], Mapping[str, Sequence[Feature]]]:
    """Features by what tells them apart, an id or else all that they say: the first of each, and all further ones."""
    first: dict[str, Feature] = {}
    others: defaultdict[str, list[Feature]] = defaultdict(list)
    for feature in features:
        name = _named(feature.get("id")) or _named(_properties(feature).get("id")) or _canonical(feature)
        if first.setdefault(name, feature) is not feature:
            others[name].append(feature)
    return first, others


def _named(stated: object) -> str | None:
    return str(stated).strip() or None if type(stated) in {str, int} else None


def _canonical(feature: Feature) -> str:
    return json.dumps(feature, sort_keys=True)


def _properties(feature: Feature) -> Mapping[str, Any]:
    return feature.get("properties") or {}


def _draft(feature: Feature, sensitivity: Sensitivity, policy: Policy, names: Collection[str]) -> Draft:
    stated = _properties(feature)
    listed = stated.get("category") in policy.categories if isinstance(stated.get("category"), str) else False
    category = policy.category(stated.get("category"))
    if sensitivity not in PUBLISHED:
        return Draft(category, sensitivity)
    if sensitivity is Sensitivity.GENERALISED:
        return _counted(feature, category, listed=listed)
    year, month = month_of(stated.get("observed_at"))
    confidence = stated.get("confidence")
    return replace(
        _counted(feature, category, listed=listed),
        sensitivity=sensitivity,
        year=year if policy.allows("year") or policy.allows("month") else None,
        month=month if policy.allows("month") else None,
        confidence=confidence if isinstance(confidence, str) and confidence in policy.confidence else None,
        note=_note(stated, policy, names),
        photos=_photos(stated, policy),
        uncertainty_m=_metres(stated.get("coordinateUncertaintyInMeters")),
    )


def _counted(feature: Feature, category: str, *, listed: bool) -> Draft:
    """What is asked of a record that is counted in a box: a known category, a day, an observer, a position or reach."""
    stated = _properties(feature)
    reach = stated.get("reach")
    named = _REACH.fullmatch(reach) if isinstance(reach, str) else None
    return Draft(
        category,
        Sensitivity.GENERALISED,
        listed=listed,
        day=local_day(stated.get("observed_at")),
        observer=_observer(stated.get("observer")),
        position=position_of(feature.get("geometry")),
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


def position_of(geometry: object) -> Position | None:
    """A position in degrees for a geometry of any kind; nothing where it is none, off the globe, or spread too wide."""
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        return _position(coordinates_in(geometry))
    if not isinstance(geometry, Mapping):
        return None
    if geometry.get("type") == "Point":
        return _position(coordinates_in(geometry))
    positions = [_position(each) for each in _all_positions(geometry)]
    known = [each for each in positions if each is not None]
    if not known or len(known) < len(positions):
        return None
    lons, lats = zip(*known, strict=True)
    if max(lons) - min(lons) > _WIDEST_DEG or max(lats) - min(lats) > _WIDEST_DEG:
        return None
    lon, lat = math.fsum(lons) / len(lons), math.fsum(lats) / len(lats)
    return min(known, key=lambda each: (math.hypot(each[0] - lon, each[1] - lat), each))


def _all_positions(geometry: Mapping[str, Any]) -> Iterator[object]:
    """What stands where positions are to be, however deep."""
    waiting: list[object] = [geometry]
    while waiting:
        at = waiting.pop()
        if isinstance(at, Mapping):
            inner = geometries_in(at) if at.get("type") == COLLECTION else coordinates_in(at)
            waiting.append(inner if isinstance(inner, list) else None)
        elif isinstance(at, list) and at and isinstance(at[0], list | Mapping):
            waiting += at
        else:
            yield at


def _position(value: object) -> Position | None:
    if not isinstance(value, list) or len(value) < 2:  # noqa: PLR2004 - longitude and latitude
        return None
    lon, lat = value[0], value[1]
    if type(lon) not in {int, float} or type(lat) not in {int, float}:
        return None
    # comparisons with what is not a number are false; whole numbers of any length compare
    return (float(lon), float(lat)) if -180 <= lon <= 180 and -90 <= lat <= 90 else None  # noqa: PLR2004 - degrees
