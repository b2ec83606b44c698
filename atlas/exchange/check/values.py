"""JSON values with what the grammar forbids kept in sight: keys given twice, NaN, numbers out of range."""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from typing import Any

DEEPEST = 64
GREATEST_SAFE = 2**53


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


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else Twice(pairs)


def _whole(digits: str) -> int | float:
    longest = sys.get_int_max_str_digits()
    return int(digits) if not longest or len(digits) <= longest else math.copysign(math.inf, float(digits[:2]))


def number_fault(value: Any) -> str | None:  # noqa: ANN401 - whatever JSON may hold
    """The rule that a number breaks, if any."""
    kind = type(value)
    if kind is int:
        size = abs(value)
        return None if size <= GREATEST_SAFE else "number-unsafe" if size <= sys.float_info.max else "number-huge"
    if kind is float:
        return None if math.isfinite(value) else "number-huge"
    return "number-nan" if kind is Word else None
