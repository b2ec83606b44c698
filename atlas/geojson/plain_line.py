"""Quick reading of what most large files of points are made of: features of flat properties, one after another.

`plain_feature` gives a value only where orjson and the tolerant reader are sure to agree: nothing escaped, no key that
may stand twice, no number beyond what a double holds exactly. Whatever else is left to the tolerant reader, which
keeps such things in sight.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple, TypeGuard

import orjson

_LONGEST = 4_000
# no flat feature has two objects one after the other within it
_BETWEEN = re.compile(r"\}\s*,\s*(?=\{)")
_EXACT = 2.0**53
_OUTER = frozenset({"type", "id", "geometry", "properties"})
_NUMBERS = frozenset({int, float})
_PLAIN = frozenset({str, int, bool, type(None)})


class PlainPoint(NamedTuple):
    """A point, its text, and where in the text that is held the next value or mark is looked for."""

    value: dict[str, Any]
    text: str
    following: int


def point_before_next(text: str, at: int) -> PlainPoint | None:
    """The point that begins at a place and has a comma and another object behind."""
    match = _BETWEEN.search(text, at, at + _LONGEST)
    if match is None:
        return None
    written = text[at : match.start() + 1]
    value = plain_feature(written)
    return None if value is None else PlainPoint(value, written, match.end())


def point_of_line(text: str, at: int) -> PlainPoint | None:
    """The point that is all that is left of a line."""
    end = text.find("\n", at, at + _LONGEST)
    line = text[at:end] if end > 0 else ""
    value = plain_feature(line) if line.endswith("}") else None
    return None if value is None else PlainPoint(value, line, end)


def plain_feature(text: str) -> dict[str, Any] | None:
    """The point that is written in a text, as the tolerant reader would give it; nothing where that is not certain."""
    if "\\" in text or "\t" in text or "\r" in text or "\n:" in text:
        return None
    try:
        value = orjson.loads(text)
    except ValueError:
        return None
    if not is_plain_point(value):
        return None
    properties = value["properties"]
    keys = len(value) + 2
    if properties is not None:
        keys += len(properties)
        for one in properties.values():
            # orjson makes floats of whole numbers beyond 64 bits
            if type(one) not in _PLAIN and not (type(one) is float and -_EXACT < one < _EXACT):
                return None
    # a colon behind a key stands after a quote or a space: as many as keys, and no key stands twice
    return value if text.count('":') + text.count(" :") == keys else None


def is_plain_point(value: Any) -> TypeGuard[dict[str, Any]]:  # noqa: ANN401 - whatever stands among the features
    """Whether a value is a feature of one point with two numbers, and of no member beyond the usual ones."""
    if type(value) is not dict or not value.keys() <= _OUTER or value.get("type") != "Feature":
        return False
    geometry, properties = value.get("geometry"), value.get("properties", ...)
    if type(geometry) is not dict or len(geometry) != 2 or geometry.get("type") != "Point":  # noqa: PLR2004 - members
        return False
    if (type(properties) is not dict and properties is not None) or type(value.get("id", "")) not in {str, int}:
        return False
    position = geometry.get("coordinates")
    if type(position) is not list or len(position) != 2:  # noqa: PLR2004 - longitude, latitude
        return False
    lon, lat = position
    return type(lon) in _NUMBERS and type(lat) in _NUMBERS and -_EXACT < lon < _EXACT and -_EXACT < lat < _EXACT
