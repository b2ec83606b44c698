r"""Members that stand more than once in an object of a JSON text, by name and place.

RFC 8259 leaves open which of them counts: most parsers keep the last one, some the first. An object that says
``withheld`` and then ``generalised`` therefore says two things, and a person has to decide. Names are compared as they
read, so that ``sensitivit\u0079`` is ``sensitivity``. The page has the same scanner
(``web/src/annotate/repeated.js``); ``tests/data/json/repeated.json`` holds both to the same answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from atlas.geojson.path import json_path, shown

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{},:]', re.DOTALL)
MOST_NAMED = 5


class Repeated(NamedTuple):
    """A member that stands in an object again: its name, the path of the object, and the line of the repetition."""

    name: str
    path: str
    line: int

    def __str__(self) -> str:
        """The member, the object and the line, as an error names them."""
        return f"{shown(self.name)} stands twice in {self.path}, again in line {self.line:,}"


@dataclass(slots=True)
class _Open:
    """An object or array that is open, with the member or the element that is being read."""

    names: set[str] | None
    step: str | int
    expects_name: bool = field(default=False)


def repeated_members(text: str) -> Iterator[Repeated]:
    """Every repetition in a text that is JSON, in its order; without recursion, however deep it is nested.

    What the text holds besides JSON is passed over: whether it is JSON at all is the parser's business.
    """
    stack: list[_Open] = []
    line, counted = 1, 0
    for match in _TOKEN.finditer(text):
        sign = match[0]
        inner = stack[-1] if stack else None
        if sign == "{":
            stack.append(_Open(set(), "", expects_name=True))
        elif sign == "[":
            stack.append(_Open(None, 0))
        elif sign in "]}":
            del stack[-1:]
        elif inner is None:
            continue
        elif sign == ",":
            inner.expects_name = inner.names is not None
            inner.step = inner.step + 1 if isinstance(inner.step, int) else inner.step
        elif inner.names is not None and inner.expects_name and sign != ":":
            inner.step, inner.expects_name = _read(sign), False
            if inner.step in inner.names:
                line, counted = line + text.count("\n", counted, match.start()), match.start()
                yield Repeated(inner.step, json_path([one.step for one in stack[:-1]]), line)
            inner.names.add(inner.step)


def _read(token: str) -> str:
    if "\\" not in token:
        return token[1:-1]
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token[1:-1]


def described(text: str) -> str:
    """The repetitions of a text as half a sentence, the first of them by name and place."""
    repeated = list(repeated_members(text))
    rest = len(repeated) - MOST_NAMED
    return "; ".join([*map(str, repeated[:MOST_NAMED]), *([f"and {rest:,} more"] if rest > 0 else [])])
