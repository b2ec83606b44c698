"""The tolerant profile: JSON with what the grammar forbids or leaves open kept in sight.

For readers that put one feature aside and take the others: an object with a member twice is a `Twice`, NaN is a `Word`,
and nothing of what stood in the text is lost.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from atlas.geojson.path import json_path, shown
from atlas.geojson.repeated import MOST_NAMED
from atlas.geojson.strict import fault_of


class Twice(dict[str, object]):
    """An object in which keys stand more than once."""

    __slots__ = ("again", "pairs")

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs
        counts = Counter(key for key, _ in pairs)
        self.again = tuple(key for key, count in counts.items() if count > 1)


class Word(float):
    """NaN, Infinity or -Infinity, written as a word that JSON does not have."""

    __slots__ = ()


def decoder(*, long_numbers: bool = False) -> json.JSONDecoder:
    """A JSON decoder that keeps those in sight; whole numbers of thousands of digits only when asked, as it is slow."""
    return json.JSONDecoder(object_pairs_hook=_object, parse_constant=Word, parse_int=_whole if long_numbers else None)


def read_lenient(text: str) -> Any:  # noqa: ANN401 - whatever JSON can say
    """The value of a JSON text.

    Raises
    ------
    ValueError
        It is not JSON, or holds a whole number of thousands of digits.
    RecursionError
        It is nested too deeply.
    """
    return _QUICK.decode(text)


def value_at(text: str, at: int) -> tuple[Any, int]:
    """The JSON value that begins at a place in a text, and where it ends; errors as in `read_lenient`."""
    return _QUICK.raw_decode(text, at)


def parse_lenient(text: str) -> Any:  # noqa: ANN401 - as above
    """The value of somebody's JSON text, however long its numbers are.

    Raises
    ------
    JsonFaultError
        It is not JSON.
    """
    try:
        return _PATIENT.decode(text)
    except (ValueError, RecursionError) as error:
        raise fault_of(error, text) from None


def number_in(text: str) -> int | float | None:
    """The number that a text is when it is read as JSON; nothing where it is no number, or none of JSON."""
    try:
        value = _QUICK.decode(text.strip())
    except (ValueError, RecursionError):
        return None
    return value if type(value) in {int, float} else None


def keys_twice(value: object) -> tuple[str, ...]:
    """Keys that stand more than once in an object."""
    return value.again if type(value) is Twice else ()


def is_json(data: bytes) -> bool:
    """Whether bytes are a JSON text, NaN and repeated members allowed."""
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def is_repetitive(value: object) -> bool:
    """Whether any object in a value, at any depth, has a member twice.

    Goes down level by level and asks for the kinds of a whole level at once, without a step for each position.
    """
    level = [value]
    while level:
        kinds = set(map(type, _below(level)))
        if Twice in kinds or type(value) is Twice:
            return True
        if not kinds & _CONTAINERS:
            return False
        level = list(_below(level)) if kinds <= _CONTAINERS else [o for o in _below(level) if type(o) in _CONTAINERS]
    return False


def _below(level: Sequence[Any]) -> Iterator[Any]:
    """What the lists and objects of a level hold."""
    lists = (one for one in level if type(one) is list)
    objects = (one.values() for one in level if type(one) is dict)
    return chain(chain.from_iterable(lists), chain.from_iterable(objects))


def repeated_in(value: object) -> str:
    """Which members stand twice anywhere in a value, by name and path, as half a sentence; empty when none does."""
    if not is_repetitive(value):
        return ""
    repeated = list(_repeated(value))
    rest = len(repeated) - MOST_NAMED
    named = [f"{shown(name)} stands twice in {path}" for name, path in repeated[:MOST_NAMED]]
    return "; ".join([*named, *([f"and {rest:,} more"] if rest > 0 else [])])


def text_of(value: Any) -> str:  # noqa: ANN401 - whatever JSON may hold
    """A value as JSON again, with every member as often as it stood there."""
    if not repeated_in(value):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, dict):
        pairs = value.pairs if isinstance(value, Twice) else value.items()
        return "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {text_of(one)}" for key, one in pairs) + "}"
    return "[" + ", ".join(map(text_of, value)) + "]"


def _repeated(value: object) -> Iterator[tuple[str, str]]:
    waiting: list[tuple[tuple[str | int, ...], object]] = [((), value)]
    while waiting:
        path, one = waiting.pop()
        if isinstance(one, Twice):
            yield from ((name, json_path(path)) for name in one.again)
        if isinstance(one, dict):
            inner: Iterator[tuple[Any, Any]] = iter(one.pairs if isinstance(one, Twice) else one.items())
        elif isinstance(one, list):
            inner = enumerate(one)
        else:
            continue
        # in the order of the text
        waiting += [((*path, step), below) for step, below in inner if isinstance(below, dict | list)][::-1]


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else Twice(pairs)


def _whole(digits: str) -> int | float:
    longest = sys.get_int_max_str_digits()
    return int(digits) if not longest or len(digits) <= longest else math.copysign(math.inf, float(digits[:2]))


_CONTAINERS = {list, dict}
_QUICK, _PATIENT = decoder(), decoder(long_numbers=True)
