"""Tracks inside of a placemark of KML: the ways that Locus, OsmAnd, Google Earth and My Tracks recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from atlas.field.readers import angles, positions
from atlas.field.readers.cell_values import key
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.pairs import Axis
from atlas.field.readers.record_rows import Rows
from atlas.field.readers.tracks import Track, track_rows
from atlas.field.readers.xml import bare
from atlas.field.row import FieldRow, Rejected
from atlas.geojson.geometries import coordinates_in

_AXES: tuple[Axis, Axis] = ("longitude", "latitude")


def placemark_track(
    element: Element, stated: Mapping[str, Any], rows: Rows, where: str
) -> Iterator[FieldRow | Rejected]:
    """The tracks of a placemark as one withheld record; nothing where it has none.

    Parameters
    ----------
    element
        The placemark.
    stated
        What it says beside its tracks, by header.
    rows
        Makes records of the rows of the file.
    where
        Its place in the file.
    """
    tracks = [inner for inner in element.iter() if bare(inner.tag) == "Track"]
    if not tracks:
        return
    way = Track()
    for track in tracks:
        _add(way, track)
        # what a sensor wrote for each point, such as a pulse
        arrays = (inner.get("name") for inner in track.iter() if bare(inner.tag) == "SimpleArrayData")
        rows.remarks.columns |= dict.fromkeys(name for name in arrays if name)
    # a way is withheld, whatever else is said of it
    withheld = {name: value for name, value in stated.items() if rows.words.role(key(name)) != "sensitivity"}
    yield from track_rows(way, "track", withheld, rows, where)


def _add(way: Track, track: Element) -> None:
    """Put a track to the others: times and positions stand in two lists, and a position may be missing."""
    moments = [(inner.text or "").strip() for inner in track if bare(inner.tag) == "when"]
    coordinates = [(inner.text or "").split() for inner in track if bare(inner.tag) == "coord"]
    way.segments.append([])
    for number, parts in enumerate(coordinates):
        if not parts or way.fault:
            continue
        try:
            longitude, latitude = (angles.angle(words, axis) for words, axis in zip(parts, _AXES, strict=False))
            shape = positions.point(longitude, latitude)
        except (RowFaultError, ValueError) as fault:
            way.fault = f"a point of it cannot be read: {getattr(fault, 'reason', ' '.join(parts)[:60])}"
            return
        lon, lat = coordinates_in(shape)
        way.add((lon, lat), moments[number] if number < len(moments) else None)
