"""Quick reading of what most large files of points are made of: features of flat properties, one after another.

A value is given only where orjson and the tolerant reader are sure to agree: nothing escaped, no key that
may stand twice, no number beyond what a double holds exactly. Whatever else is left to the tolerant reader, which
keeps such things in sight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeGuard

import orjson

_LONGEST = 4_000
_NEXT_LINE = "},\n{"
# characters of lines that are read at a time
_FEW, _MANY = 1 << 10, 1 << 16
# no flat feature has two objects one after the other within it
_BETWEEN = re.compile(r"\}\s*,\s*(?=\{)")
_EXACT = 2.0**53
_OUTER = frozenset({"type", "id", "geometry", "properties"})
_NUMBERS = frozenset({int, float})
_PLAIN = frozenset({str, int, bool, type(None)})


class PlainRun(NamedTuple):
    """Points one after the other with their texts, and where in the text that is held the next value begins.

    From each to the next there are so many ``lines``.
    """

    values: list[dict[str, Any]]
    texts: list[str]
    lines: int
    following: int


class PlainPoint(NamedTuple):
    """A point, its text, and where in the text that is held the next mark is looked for."""

    value: dict[str, Any]
    text: str
    following: int


def plain_runs(text: str, at: int) -> Iterator[PlainRun]:
    """Points with a comma and another object behind, from a place on, as far as they go."""
    while (run := _before_next(text, at)) is not None:
        yield run
        # where there is one there are often many; where there is any other thing among them, little is read in vain
        size = _FEW
        while (lines := _lines(text, run.following, size)) is not None:
            yield lines
            run, size = lines, min(2 * size, _MANY)
        at = run.following


def _before_next(text: str, at: int) -> PlainRun | None:
    """The one point that begins at a place and has a comma and another object behind."""
    match = _BETWEEN.search(text, at, at + _LONGEST)
    if match is None:
        return None
    written = text[at : match.start() + 1]
    value = plain_feature(written)
    return None if value is None else PlainRun([value], [written], text.count("\n", at, match.end()), match.end())


def _lines(text: str, at: int, size: int) -> PlainRun | None:
    """Points of a line each, of at most so many characters; nothing where one is no such point."""
    end = text.rfind(_NEXT_LINE, at, at + size)
    if end < 0:
        return None
    written = text[at : end + 1]
    texts = written.split(",\n")
    # an object that goes on in the next line would be half of two texts
    if written.count(_NEXT_LINE) != len(texts) - 1:
        return None
    values = _plain_points(f"[{written}]")
    return PlainRun(values, texts, 1, end + 3) if values and len(values) == len(texts) else None


def point_of_line(text: str, at: int) -> PlainPoint | None:
    """The point that is all that is left of a line."""
    end = text.find("\n", at, at + _LONGEST)
    line = text[at:end] if end > 0 else ""
    value = plain_feature(line) if line.endswith("}") else None
    return None if value is None else PlainPoint(value, line, end)


def plain_feature(text: str) -> dict[str, Any] | None:
    """The point that is written in a text, as the tolerant reader would give it; nothing where that is not certain."""
    values = _plain_points(f"[{text}]")
    return values[0] if values and len(values) == 1 else None


def _plain_points(text: str) -> list[dict[str, Any]] | None:
    """The points of an array, as the tolerant reader would give them; nothing where that is not certain of all."""
    if "\\" in text or "\t" in text or "\r" in text or "\n:" in text:
        return None
    try:
        values: list[dict[str, Any]] = orjson.loads(text)
    except ValueError:
        return None
    keys = 0
    for value in values:
        if not is_plain_point(value):
            return None
        keys += len(value) + 2
        if properties := value["properties"]:
            keys += len(properties)
            if not _PLAIN.issuperset(map(type, properties.values())) and not all(map(_is_plain, properties.values())):
                return None
    # a colon behind a key stands after a quote or a space: as many as keys, and no key stands twice
    return values if text.count('":') + text.count(" :") == keys else None


def _is_plain(value: object) -> bool:
    # orjson makes floats of whole numbers beyond 64 bits
    return type(value) in _PLAIN or (type(value) is float and -_EXACT < value < _EXACT)


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
