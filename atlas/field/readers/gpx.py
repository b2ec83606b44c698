"""Waypoints, tracks and routes of GPX, as Garmin's devices, OsmAnd, Organic Maps and others write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from atlas.errors import InputError
from atlas.field.readers import angles, positions
from atlas.field.readers.cell_values import key
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.input_source import Source
from atlas.field.readers.read_options import ReadOptions
from atlas.field.readers.record_rows import Rows
from atlas.field.readers.tracks import Track, track_rows
from atlas.field.readers.xml import bare, child, child_text, elements
from atlas.field.row import FieldRow, Rejected

# the points of tracks are many: each is let go at once
_WANTED = frozenset({"wpt", "trk", "rte", "trkpt", "rtept"})
_NOTES = ("name", "desc", "cmt")
_METRES = frozenset({"accuracy", "coordinateUncertaintyInMeters"})
_LINES = {"trk": "track", "rte": "route"}


def read_gpx(source: Source, options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    """A record a waypoint, and a withheld one a track or route.

    The height is left out. ``hdop`` is a ratio and no length, so no uncertainty is made of it.

    Raises
    ------
    InputError
        It is not GPX, or is cut off.
    """
    rows = Rows(source, options)
    waypoints = tracks = kept = 0
    line, segment = Track(), None
    for element, around in elements(source, _WANTED, root=frozenset({"gpx"})):
        if (kind := _LINES.get(bare(element.tag))) and len(around) == 1:
            tracks += 1
            made = list(track_rows(line, kind, _texts(element, _NOTES), rows, f"{kind} {tracks}"))
            kept += any(isinstance(row, FieldRow) for row in made)
            yield from made
            line, segment = Track(), None
        elif bare(element.tag) in {"trkpt", "rtept"} and around:
            if segment is not None and around[-1] is not segment:
                line.segments.append([])
            segment = around[-1]
            _add(line, element)
        elif bare(element.tag) == "wpt" and len(around) == 1:
            waypoints += 1
            yield _waypoint(element, rows, f"waypoint {waypoints}")
    if not waypoints + tracks:
        msg = f"{source.name} has no waypoints, tracks or routes; mark points on the device and export again"
        raise InputError(msg)
    if kept:
        options.notify(f"{source.name}: {kept} tracks or routes are kept as withheld; they are never published")
    rows.remarks.notify(source, options)


def _add(line: Track, element: Element) -> None:
    if line.fault:
        return
    try:
        longitude = angles.angle(element.get("lon"), "longitude")
        shape = positions.point(longitude, angles.angle(element.get("lat"), "latitude"))
    except RowFaultError as fault:
        line.fault = f"a point of it cannot be read: {fault}"
        return
    line.add(tuple(shape["coordinates"]), child_text(element, "time"))


def _texts(element: Element, names: Sequence[str]) -> dict[str, str]:
    """What an element says, as one note."""
    return {"note": "\n".join(dict.fromkeys(words for name in names if (words := child_text(element, name))))}


def _waypoint(element: Element, rows: Rows, where: str) -> FieldRow | Rejected:
    texts = {name: child_text(element, name) for name in (*_NOTES, "time", "type", "sym")}
    links = [link for inner in element if bare(inner.tag) == "link" and (link := inner.get("href"))]
    row = _texts(element, _NOTES)
    row |= {"time": texts["time"] or "", **_category(texts["type"], texts["sym"], rows)}
    row |= dict(_extensions(element, rows))
    row |= {"gpx_link": "|".join(links)} if links else {}
    raw = {"lat": element.get("lat"), "lon": element.get("lon"), **{n: words for n, words in texts.items() if words}}
    try:
        longitude = angles.angle(element.get("lon"), "longitude")
        shape = positions.point(longitude, angles.angle(element.get("lat"), "latitude"))
    except RowFaultError as fault:
        return Rejected(where, fault.reason, str(raw))
    return rows.record(row, where, raw=str(raw), geometry=shape)


def _category(kind: str | None, symbol: str | None, rows: Rows) -> dict[str, str]:
    """What the type of a waypoint says where it is one of the atlas' words; devices write groups and signs there."""
    category = next((code for words in (kind, symbol) if words and (code := rows.words.code("category", words))), None)
    beside = {"gpx_type": kind, "gpx_sym": symbol}
    return {**({"category": category} if category else {}), **{name: words for name, words in beside.items() if words}}


def _extensions(element: Element, rows: Rows) -> Iterator[tuple[str, str]]:
    """What a program adds to a waypoint: metres around it, and all else as it calls it."""
    extensions = child(element, "extensions")
    for inner in extensions.iter() if extensions is not None else ():
        if inner is not extensions and not len(inner) and inner.text and inner.text.strip():
            name = bare(inner.tag)
            is_metres = rows.words.role(key(name)) in _METRES
            yield name if is_metres else f"gpx_{name}", inner.text.strip()
