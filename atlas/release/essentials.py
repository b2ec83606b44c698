"""What the gate looks at in an exact record, without the rest: of a million records there is room for no more."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from sys import intern
from typing import Any

from atlas.geojson.geometries import COLLECTION, coordinates_in, geometries_in
from atlas.release.restricted import Feature

Position = tuple[float, float]

_WIDEST_DEG = 0.1


# not frozen: for a million of them, that would take as long as reading them
@dataclass(slots=True, repr=False)
class Essentials:
    """A record as far as the gate asks for it; values are as they are stated, of any type.

    Attributes
    ----------
    position
        In degrees (lon, lat); None where there is none.
    more
        Members that only open records publish: notes, photographs, accuracy.
    """

    category: object
    sensitivity: object
    observed_at: object
    confidence: object
    observer: object
    reach: object
    position: Position | None
    more: Mapping[str, Any]

    @property
    def canonical(self) -> str:
        """The same text for the same content, to choose among copies."""
        return json.dumps([getattr(self, one.name) for one in fields(self)], sort_keys=True)


_MORE = ("note", "note_reviewed", "photos", "photos_reviewed", "coordinateUncertaintyInMeters")
_NOTHING: Mapping[str, Any] = {}


def essentials_of(feature: Feature, *, with_more: bool) -> Essentials:
    """The essentials of a record.

    Parameters
    ----------
    with_more
        Whether it may leave with notes, photographs and accuracy.
    """
    stated = feature.get("properties") or _NOTHING
    return Essentials(
        _once(stated.get("category")),
        _once(stated.get("sensitivity")),
        stated.get("observed_at"),
        _once(stated.get("confidence")),
        _once(stated.get("observer")),
        _once(stated.get("reach")),
        position_of(feature.get("geometry")),
        {name: stated[name] for name in _MORE if name in stated} if with_more else _NOTHING,
    )


def record_name(feature: Feature) -> str | bytes:
    """What tells a record apart: an id, or else the hash of all that it says."""
    stated = feature.get("properties") or _NOTHING
    return (
        _named(feature.get("id"))
        or _named(stated.get("id"))
        or sha256(json.dumps(feature, sort_keys=True).encode()).digest()
    )


def _once(value: object) -> object:
    """A word that stands in many records, kept once."""
    return intern(value) if type(value) is str else value


def _named(stated: object) -> str | None:
    return str(stated).strip() or None if type(stated) in {str, int} else None


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
