"""GeoJSON with the same shape again and again, each read once: a release has few places and many records.

The text of a ``geometry`` decides whether two are the same. What stands between braces without braces inside is one
geometry, as only collections hold others; a shape of less than 200 letters is quicker read than looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from atlas.geojson.tolerant import read_lenient

_SHAPE = re.compile(rb'"geometry"\s*:\s*(\{[^{}]{200,}\})')
_REFERENCE = "atlas:shape"


def repeated_spans(data: bytes) -> Iterator[tuple[int, int]]:
    """Where shapes stand that stood before in the same bytes, as begin and end."""
    known: set[bytes] = set()
    for match in _SHAPE.finditer(data):
        if match.group(1) in known:
            yield match.span(1)
        known.add(match.group(1))


def read_sharing_shapes(data: bytes) -> Any:  # noqa: ANN401 - whatever JSON can say
    """A JSON document in which features of the same shape have the same object as geometry.

    Objects with a member that stands twice are kept as such (`atlas.geojson.tolerant.Twice`).

    Raises
    ------
    ValueError
        It is not JSON, or not UTF-8.
    RecursionError
        It is nested too deeply.
    """
    numbers: dict[bytes, int] = {}

    def refer(match: re.Match[bytes]) -> bytes:
        number = numbers.setdefault(match.group(1), len(numbers))
        return b'"geometry":{"%s":%d}' % (_REFERENCE.encode(), number)

    document = read_lenient(_SHAPE.sub(refer, data).decode("utf-8-sig"))
    shapes = [read_lenient(shape.decode()) for shape in numbers]
    waiting = [document]
    while waiting and shapes:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += [inner for inner in one if isinstance(inner, dict | list)]
            continue
        number = one["geometry"].get(_REFERENCE) if isinstance(one.get("geometry"), dict) else None
        if isinstance(number, int) and 0 <= number < len(shapes):
            one["geometry"] = shapes[number]
        else:
            waiting += [inner for inner in one.values() if isinstance(inner, dict | list)]
    return document
