"""Where a feature of any make says how sensitive it is: under the field's name however that is written, at any depth.

The atlas' own field is ``sensitivity``. Strangers' files write it in other case, in Spanish, cut off after ten letters
by a shapefile, misspelt, with letters of another alphabet, beside other members, or in a text of JSON. All of these
count: what is taken for a class by mistake stops with a message that says how to go on, what is overlooked is drawn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, NamedTuple

from atlas.errors import InputError
from atlas.geojson.strict import JsonFaultError, parse

FIELD = "sensitivity"
DEEPEST = 64
# what all names of the field in English, Spanish, French and Portuguese have in common
_STEMS = ("sensitiv", "sensibil", "sensivel", "sensibl")
_NEAR = 0.85
# letters of other alphabets that look like those of the name
_LOOKALIKES = str.maketrans(
    "ѕꜱеёэєεпոηռіїıιӏǀтτᴛνѵⅴᴠуүγყьƅⅼԁⅾаαɑ",
    "sseeeeennnniiiiiitttvvvvyyyybblddaaa",
)
# members in which programs keep pairs of a name and a value
_NAMES, _VALUES = ("field", "key", "name", "k"), ("value", "v")
# what never holds a class: positions, and the past of a field note, whose properties say what holds now
_PASSED_OVER = frozenset({"coordinates", "atlas"})


class Stated(NamedTuple):
    """What a member says that may be a class, and the path to it from the feature."""

    path: str
    value: Any


@lru_cache(maxsize=4096)
def names_the_class(name: str) -> bool:
    """Whether a member of this name may be the class of a feature."""
    letters = "".join(mark for mark in unicodedata.normalize("NFKD", name.casefold()) if mark.isalpha())
    plain = letters.translate(_LOOKALIKES)
    return any(stem in plain for stem in _STEMS) or SequenceMatcher(None, plain, FIELD).ratio() >= _NEAR


def stated_classes(members: Mapping[str, Any]) -> Iterator[Stated]:
    """Everything in a feature, or in what a file says of all its features, that may be a class.

    Raises
    ------
    InputError
        A value is nested without end.
    """
    waiting: list[tuple[str, Any, int]] = [("", members, 0)]
    while waiting:
        path, value, depth = waiting.pop()
        if depth > DEEPEST:
            msg = f"a value is nested more than {DEEPEST} times ({path[:60]}…); flatten it, or leave the field out"
            raise InputError(msg)
        if isinstance(value, Mapping):
            for name, inner in value.items():
                if names_the_class(name):
                    yield Stated(f"{path}.{name}" if path else name, inner)
                elif may_hold_one(inner) and name not in _PASSED_OVER:
                    waiting.append((f"{path}.{name}" if path else name, inner, depth + 1))
            # a property that is called so is one of the feature, a pair stands deeper
            if depth > 1:
                yield from _pairs(path, value)
        elif isinstance(value, list):
            waiting.extend((path, inner, depth + 1) for inner in value if may_hold_one(inner))
        elif isinstance(value, str):
            waiting.extend((path, inner, depth + 1) for inner in _from_text(path, value))


def may_hold_one(value: object) -> bool:
    """Whether a value is an object, an array, or a text that looks like one."""
    return isinstance(value, dict | list) or (isinstance(value, str) and value.lstrip()[:1] in {"{", "["})


def _pairs(path: str, value: Mapping[str, Any]) -> Iterator[Stated]:
    for name in _NAMES:
        given = value.get(name)
        if isinstance(given, str) and names_the_class(given):
            stated = next((value[key] for key in _VALUES if key in value), None)
            yield Stated(f"{path}.{given}", stated)


def _from_text(path: str, text: str) -> Iterator[Any]:
    """What a text of JSON says; a text that only looks like it says nothing."""
    try:
        yield parse(text)
    except JsonFaultError as fault:
        if fault.remedy:
            msg = f"the JSON in {path} {fault}; {fault.remedy}"
            raise InputError(msg) from None
