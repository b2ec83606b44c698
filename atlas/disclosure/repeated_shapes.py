"""Shapes that stand in a GeoJSON file again and again, read once: a release has few places and many records."""

from __future__ import annotations

import re
from typing import Any

from atlas.disclosure.byte_view import View
from atlas.geojson.tolerant import decoder

_SHAPE = re.compile(rb'"geometry"\s*:\s*(\{[^{}]{200,}\})')
_REFERENCE = "atlas:shape"


def without_repeats(view: View) -> View:
    """The same view with every shape once; where it stands again, there is nothing."""
    known: set[bytes] = set()
    pieces: list[bytes] = []
    here, there = [0], [0]
    done = length = 0
    for match in _SHAPE.finditer(view.data):
        if match.group(1) not in known:
            known.add(match.group(1))
            continue
        pieces.append(view.data[done : match.start(1)])
        length += len(pieces[-1])
        done = match.end(1)
        here.append(length)
        there.append(done)
    if not pieces:
        return view
    return View(view.file, b"".join([*pieces, view.data[done:]]), view.form, view.trail, (here, there))


def loads(data: bytes) -> Any:  # noqa: ANN401 - whatever JSON can say
    """A JSON document in which features of the same shape have the same object as geometry.

    Objects with a member that stands twice are kept as such, for `readings`.

    Raises
    ------
    ValueError
        It is not JSON, or not UTF-8.
    """
    numbers: dict[bytes, int] = {}

    def refer(match: re.Match[bytes]) -> bytes:
        number = numbers.setdefault(match.group(1), len(numbers))
        return b'"geometry":{"%s":%d}' % (_REFERENCE.encode(), number)

    read = decoder().decode
    document = read(_SHAPE.sub(refer, data).decode("utf-8-sig"))
    shapes = [read(shape.decode()) for shape in numbers]
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
