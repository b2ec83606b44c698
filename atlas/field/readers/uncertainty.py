"""Metres around a position as people and devices write them: with a unit, a sign before, the source behind, a range.

The page of field notes reads the same (``web/src/annotate/metres.js``); ``tests/vectors/metres.json`` holds both to it.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from atlas.field.readers.cell_values import number
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.pair_parts import plain_signs

_SHORT, _LONGEST = 20, 100
_NAME = "the uncertainty"
# what tables write where there is nothing
_NOTHING = frozenset({"-", "--", "?", "na", "n/a", "n.a.", "nan", "nd", "n/d", "s/d", "null", "none"})
_LEAD = (
    r"(?:(?:gps|gnss|acc|accuracy|precisi[oó]n|exactitud|uncertainty|incertidumbre|error|about|around|approx|aprox|"
    r"approximately|aproximadamente|circa|ca|c|unos|between|entre)[.:=]? ?){0,2}(?:(?:\+/?-|±|[~≈<≤]=?) ?)?"
)
_NUMBER = r"([-+]?[0-9]+(?:[.,][0-9]+)?)(?![0-9]| ?%)"
_UNIT = (
    r"(m|mts?|met(?:er|re|ro)s?|م|ft|feet|foot|pies?|'|km|kil[oó]met(?:er|re|ro)s?|cm|yds?|yards?|mi|miles?|millas?)?"
)
_TAIL = r"(?: ?(?:\([^()0-9]{1,40}\)|\(?[0-9]{1,3}(?:[.,][0-9]+)? ?%\)?|gps|gnss))?"
_METRES = re.compile(
    rf"{_LEAD}{_NUMBER} ?{_UNIT}\.?(?: ?(-|/|\(|(?:a|to|y|and) ) ?(?:(?:\+/?-|±) ?)?{_NUMBER} ?{_UNIT}\.? ?\)?)?"
    rf"{_TAIL}\Z"
)
# by how the unit begins; the longer one first
_METRES_OF = {"mi": 1609.344, "m": 1.0, "م": 1.0, "k": 1000.0, "c": 0.01, "y": 0.9144} | dict.fromkeys("fp'", 0.3048)


def uncertainty(value: object) -> float | None:
    """Metres around a position, as ``coordinateUncertaintyInMeters``; devices write 0 when they don't know.

    Raises
    ------
    RowFaultError
        It is no distance, or below zero.
    """
    if value is None:
        return None
    is_short = isinstance(value, str) and len(value) <= _SHORT
    # tables have few different ones
    metres = _remembered(value) if is_short else distance(value, name=_NAME)
    if metres is None or metres == 0:
        return None
    if metres < 0:
        msg = f"{_NAME} {metres:g} is below zero; write metres, or leave it empty"
        raise RowFaultError(msg)
    return metres


def metres_in(words: str) -> float | None:
    """Metres of a text that is more than a number, the larger of two; nothing where it is none.

    What a table writes for nothing is 0.
    """
    plain = " ".join(plain_signs(words).lower().split())
    if plain in _NOTHING:
        return 0.0
    match = _METRES.match(plain) if len(plain) <= _LONGEST else None
    if match is None:
        return None
    one, unit, between, other, other_unit = match.groups()
    if between in {"/", "("} and not (unit and other_unit):
        # two numbers of which nobody says what they are
        return None
    stated = [_in_metres(one, unit or other_unit)]
    if other:
        stated.append(_in_metres(other, other_unit or unit))
    return min(stated) if min(stated) < 0 else max(stated)


@lru_cache(maxsize=4096)
def _remembered(words: str) -> float | None:
    return distance(words, name=_NAME)


def distance(value: object, *, name: str) -> float | None:
    """Metres of a cell: a number, or a text with a unit; nothing when it is blank.

    Raises
    ------
    RowFaultError
        It is none.
    """
    try:
        return number(value, name=name)
    except RowFaultError:
        metres = metres_in(value) if isinstance(value, str) else None
        if metres is None:
            raise
        return metres


def _in_metres(words: str, unit: str | None) -> float:
    value = float(words.replace(",", "."))
    factor = next((metres for begin, metres in _METRES_OF.items() if unit and unit.startswith(begin)), 1.0)
    # what is converted is never more exact than it was
    return value if factor == 1 else math.ceil(value * factor * 100 - 1e-6) / 100
