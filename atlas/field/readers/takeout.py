"""What Google gives back: where a phone was (Records, Timeline), and what it knows of a photo beside the photo.

Where somebody was every few minutes leads to people, as a track does: points of one day become a line, stays become
points, and both are kept as withheld and never published.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

from atlas.errors import InputError
from atlas.field.readers import angles, clocks
from atlas.field.readers.cell_values import number, text
from atlas.field.readers.charset import find_encoding
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.input_source import Source
from atlas.field.readers.read_options import ReadOptions
from atlas.field.readers.record_rows import Rows
from atlas.field.readers.tracks import Position, Track, track_rows
from atlas.field.row import FieldRow, Rejected
from atlas.field.track import TRACK
from atlas.geojson.strict import JsonFaultError
from atlas.geojson.tolerant import parse_lenient

# what a program writes beside the notes of an account and of its photos, in folders of their own
_HOUSEKEEPING = frozenset(
    {"settings.json", "configuraci\N{LATIN SMALL LETTER O WITH ACUTE}n.json", "tombstones.csv", "timeline edits.json"}
    | {"metadata.json", "metadatos.json", "shared_album_comments.json", "user-generated-memory-titles.json"}
    | {"print-subscriptions.json", "encrypted backups.txt", "device settings.json", "supplemental-metadata.json"}
)
_LISTS = ("locations", "timelineObjects", "semanticSegments", "rawSignals")
_HISTORY = re.compile(rf'\{{\s*"(?:{"|".join(_LISTS)}|userLocationProfile)"\s*:')
# answers of a form may have a visit, too
_ENTRY = re.compile(
    r'"timelinePath" ?: ?\[|"(?:visit|activity)" ?: ?\{\s{0,200}'
    r'"(?:hierarchyLevel|topCandidate|probability|start|end|distanceMeters)"'
)
_E7 = 1e7
_MOST_RAW = 20_000
_DAY = len("2026-01-31")
_DEGREE = "\N{DEGREE SIGN}"
# the earliest and latest of a stretch, whatever the version calls them
_BEGUN = ("startTime", "startTimestamp", "startTimestampMs")
_ENDED = ("endTime", "endTimestamp", "endTimestampMs")
# a time that sorts, the time as text, and where
_Timed = tuple[str, str, Position]


def is_history(text: str) -> bool:
    """Whether a file begins as a location history does: of an account, of Android or of iOS."""
    of_phone = text.startswith("[") and '"startTime"' in text and _ENTRY.search(text)
    return bool(_HISTORY.match(text) or of_phone)


def is_photo_note(text: str) -> bool:
    """Whether a file is what Google Photos writes beside a photo."""
    return text.startswith("{") and all(f'"{name}' in text for name in ("photoTakenTime", "geoData", "title"))


def is_housekeeping(name: str) -> bool:
    """Whether a file among others is called as Takeout calls what holds no notes."""
    return PurePath(name).name.casefold() in _HOUSEKEEPING


def read_history(source: Source, options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    """Stays as points and ways as lines, all withheld.

    Raises
    ------
    InputError
        It is not JSON, or has no place in it.
    """
    document, rows = _document(source, options), Rows(source, options)
    parts = {"semanticSegments": document} if isinstance(document, list) else document
    rows.remarks.columns |= dict.fromkeys(name for name in parts if name not in _LISTS)
    count, points = Counter[str](), list[_Timed]()
    for row in _entries(parts, rows, points, count):
        count["rows"] += 1
        yield row
    for day, track in _days(points):
        if len(set(track.segments[0])) == 1:
            # a phone that lay in one place
            count["alone"] += len(track.segments[0])
            continue
        count["rows"] += 1
        yield from track_rows(track, "location history", {}, rows, day)
    if not count.total():
        msg = f"{source.name} is a location history without a place in it; export it again"
        raise InputError(msg)
    if alone := count["alone"]:
        options.notify(f"{source.name}: {alone:,} parts name no two places and no stay, and were not taken")
    options.notify(
        f"{source.name}: it says where a person was; its ways and stays are kept as withheld and are never published. "
        "What it guesses (activities, probabilities) was not taken"
    )
    rows.remarks.notify(source, options)


def _entries(
    parts: Mapping[str, Any], rows: Rows, points: list[_Timed], count: Counter[str]
) -> Iterator[FieldRow | Rejected]:
    """What each entry says by itself; single fixes are added to ``points``, and what says no place is counted."""
    for name in _LISTS:
        for at, one in enumerate(_items(parts.get(name)), start=1):
            where = f"{name} {at}"
            try:
                fixes, made = list(_points(one)), list(_part(one, rows, where))
            except (RowFaultError, TypeError, ValueError, OverflowError, RecursionError) as fault:
                yield Rejected(where, str(getattr(fault, "reason", fault)), _raw(one))
                continue
            points += fixes
            count["alone"] += not (fixes or made)
            yield from made


def read_photo_note(source: Source, options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    """A photo with its place, time and words."""
    document, rows = _document(source, options), Rows(source, options)
    places = [document.get(name) for name in ("geoData", "geoDataExif")]
    # 0, 0 is what stands there without a position
    placed = next((p for p in places if isinstance(p, Mapping) and (p.get("latitude") or p.get("longitude"))), {})
    taken = document.get("photoTakenTime")
    row = {
        "photos": text(document.get("title")),
        "note": text(document.get("description")),
        "time": text(taken.get("timestamp")) if isinstance(taken, Mapping) else None,
        "lat": placed.get("latitude"),
        "lon": placed.get("longitude"),
    }
    used = {"title", "description", "photoTakenTime", "geoData", "geoDataExif", "creationTime"}
    rows.remarks.columns |= dict.fromkeys(name for name in document if name not in used)
    yield rows.record({name: value for name, value in row.items() if value is not None}, "the photo")
    rows.remarks.notify(source, options)


def _document(source: Source, options: ReadOptions) -> Any:  # noqa: ANN401 - any JSON
    try:
        return parse_lenient(source.whole().decode(find_encoding(source, options.encoding)).removeprefix("\ufeff"))
    except (JsonFaultError, RecursionError) as fault:
        msg = f"{source.name} {fault}; export it again"
        raise InputError(msg) from None


def _items(listed: object) -> Iterator[Mapping[str, Any]]:
    for one in listed if isinstance(listed, list) else ():
        yield one if isinstance(one, Mapping) else {"": one}


def _points(one: Mapping[str, Any]) -> Iterator[_Timed]:
    """A single fix, where an entry is one."""
    fix = one.get("position") if isinstance(one.get("position"), Mapping) else one
    moment = _moment(fix, ("timestamp", "timestampMs"))
    if moment and (position := _place(fix)):
        yield clocks.sortable(moment, _unordered), clocks.moment_of_device(moment, _unordered), position


def _part(one: Mapping[str, Any], rows: Rows, where: str) -> Iterator[FieldRow | Rejected]:
    """A stay or a way of a timeline, of any of its versions."""
    visit = one.get("placeVisit", one.get("visit"))
    way = one.get("activitySegment", one.get("activity"))
    begun, ended = (
        _moment(one, names) or _moment(_inner(visit or way, "duration"), names) for names in (_BEGUN, _ENDED)
    )
    if isinstance(visit, Mapping):
        place = _inner(visit, "location") or _inner(visit, "topCandidate")
        position = _place(place)
        if position is None:
            yield Rejected(where, "the stay has no position", _raw(one))
            return
        words = "\n".join(words for name in ("name", "address") if (words := text(place.get(name))))
        stated = {"note": words, "time": begun or "", "sensitivity": "withheld"}
        geometry = {"type": "Point", "coordinates": list(position)}
        beside = {TRACK: "stay"} | ({"track_ended": ended} if ended else {})
        yield rows.record({n: v for n, v in stated.items() if v}, where, geometry=geometry, fields=beside)
        return
    if points := list(_way(one, way if isinstance(way, Mapping) else {})):
        track = Track(begun=begun)
        for position in points:
            track.add(position, ended)
        # somebody who stayed in one place went nowhere
        if len(set(points)) > 1:
            yield from track_rows(track, "location history", {}, rows, where)


def _way(one: Mapping[str, Any], way: Mapping[str, Any]) -> Iterator[Position]:
    """The points of a way in their order."""
    inner = [point for name in ("waypointPath", "simplifiedRawPath") for point in _listed(way.get(name))]
    ends = (_place(_inner(way, f"{end}Location") or way.get(end)) for end in ("start", "end"))
    begin, end = ends
    path = one.get("timelinePath")
    between = [_place(point) for point in (*inner, *(path if isinstance(path, list) else ()))]
    yield from (position for position in (begin, *between, end) if position is not None)


def _listed(path: object) -> Iterable[Any]:
    if isinstance(path, Mapping):
        for name in ("waypoints", "points"):
            if isinstance(path.get(name), list):
                return path[name]  # type: ignore[no-any-return]
    return ()


def _inner(of: object, name: str) -> Mapping[str, Any]:
    inner = of.get(name) if isinstance(of, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _place(of: object) -> Position | None:
    """Longitude and latitude in degrees, in any of the ways in which these files write them; nothing without them."""
    if isinstance(of, Mapping):
        for lat, lon in (("latitudeE7", "longitudeE7"), ("latE7", "lngE7")):
            y, x = number(of.get(lat), name="the latitude"), number(of.get(lon), name="the longitude")
            if x is not None and y is not None:
                return angles.in_range(x / _E7, "longitude", str(x)), angles.in_range(y / _E7, "latitude", str(y))
        names = ("placeLocation", "latLng", "LatLng", "point")
        of = next((of[name] for name in names if of.get(name) is not None), None)
        return _place(of)
    if not isinstance(of, str):
        return None
    longitude, latitude, _ = angles.pair(of.replace(_DEGREE, ""))
    return longitude, latitude


def _moment(of: object, names: Iterable[str]) -> str | None:
    """A time as text: ISO, or counted in thousandths of a second from 1970 on."""
    return next((words for name in names if isinstance(of, Mapping) and (words := text(of.get(name)))), None)


def _unordered(_words: str) -> None:
    """Programs write their times in one way."""


def _raw(one: object) -> str:
    return json.dumps(one, ensure_ascii=False, default=str)[:_MOST_RAW]


def _days(points: Iterable[_Timed]) -> Iterator[tuple[str, Track]]:
    """The fixes of each day as a way, in the order of their times."""
    days: dict[str, Track] = {}
    for order, moment, position in sorted(points):
        days.setdefault(order[:_DAY], Track()).add(position, moment)
    yield from days.items()
