"""Latitude and longitude in one text, as people write them: ``N 14.68, W 92.15``, ``14° 40.8' N 92° 9.0' W``.

A text is cut into numbers, words and marks of a degree; words name an axis and a side, before or after their numbers,
and where there is none the sign, the degree marks or the middle divides the two halves. Latitude comes first unless
words say otherwise. Whatever else stands in the text makes it unreadable: nothing is guessed. The page of field notes
has the same grammar (``web/src/annotate/pairs.js``); ``tests/vectors/coordinates.json`` holds both to the same
answers.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

Axis = Literal["latitude", "longitude"]

_LAT: Axis = "latitude"
_LON: Axis = "longitude"
# O is west: oeste. The texts are in English and Spanish, where east has no O
_WORDS: dict[str, tuple[Axis, int]] = {
    **dict.fromkeys(("N", "NORTH", "NORTE"), (_LAT, 1)),
    **dict.fromkeys(("S", "SOUTH", "SUR"), (_LAT, -1)),
    **dict.fromkeys(("E", "EAST", "ESTE"), (_LON, 1)),
    **dict.fromkeys(("W", "WEST", "O", "OESTE"), (_LON, -1)),
    **dict.fromkeys(("LAT", "LATITUD", "LATITUDE"), (_LAT, 0)),
    **dict.fromkeys(("LON", "LONG", "LNG", "LONGITUD", "LONGITUDE"), (_LON, 0)),
}
_UNITS = {
    **dict.fromkeys(("D", "DEG", "G", "GRADOS"), "°"),
    **dict.fromkeys(("M", "MIN"), "'"),
    **dict.fromkeys(("SEC", "SEG"), '"'),
}
_TIDY = {
    **dict.fromkeys(map(ord, "\u2212\u2010\u2013\u2014"), "-"),
    **dict.fromkeys(map(ord, "\u00ba\u02da"), "°"),
    **dict.fromkeys(map(ord, "\u2033\u201d\u201c"), '"'),
    **dict.fromkeys(map(ord, "\u2032\u2019\u2018`\u00b4"), "'"),
}
_TOKEN = re.compile(
    r"(?P<sign>[-+]\s*)?(?P<digits>[0-9]+(?:[.,][0-9]+)?)|(?P<word>[^\W\d_]+)\.?|(?P<mark>[°'\"])|(?P<gap>[\s,;:/()\[\]]+)"
)
# a comma that divides, or the next decimal comma? and a number of a computer
_AMBIGUOUS = re.compile(r"[0-9],[0-9]+,[0-9]|\A[^A-Z]*[0-9]E[-+]?[0-9][^A-Z]*\Z")
_MOST_PARTS, _BASE = 3, 60


class PairError(ValueError):
    """A text that says no pair; ``args[0]`` is why."""


@dataclass(slots=True, eq=False)
class _Number:
    text: str
    minus: bool
    signed: bool


@dataclass(slots=True)
class _Half:
    numbers: list[_Number] = field(default_factory=list)
    axis: Axis | None = None
    side: int = 0


def read_pair(text: str) -> tuple[float, float]:
    """Longitude and latitude in degrees, whatever their size.

    Raises
    ------
    PairError
        The text says no pair, or says one that cannot be.
    """
    tokens = list(_tokens(text.upper().replace("''", '"').translate(_TIDY)))
    numbers = [token for token in tokens if isinstance(token, _Number)]
    words = [token for token in tokens if isinstance(token, str) and token in _WORDS]
    if not words and "°" not in tokens and len(numbers) % 2:
        raise PairError(_NOT_TWO)
    halves = _by_words(tokens) if words else _by_marks(numbers, tokens)
    if len(halves) != 2 or not all(half.numbers for half in halves):  # noqa: PLR2004 - a pair
        raise PairError(_NOT_TWO)
    first, second = halves
    if first.axis and first.axis == second.axis:
        msg = f"both of its numbers are called a {first.axis}"
        raise PairError(msg)
    if first.axis == _LON or second.axis == _LAT:
        first, second = second, first
    return _degrees(second), _degrees(first)


_NOT_TWO = "it is not two numbers"


def _tokens(text: str) -> Iterator[_Number | str]:
    if _AMBIGUOUS.search(text):
        msg = "its commas or letters can be read in two ways"
        raise PairError(msg)
    at, before, in_minutes, numbers = 0, "", False, 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise PairError(_strange(text[at]))
        kind, part = str(match.lastgroup), match[0]
        word = match["word"]
        if match["digits"]:
            sign = match["sign"] or ""
            numbers += 1
            yield _Number(match["digits"].replace(",", "."), sign.startswith("-"), bool(sign))
        elif word and (mark := _unit(word, before, in_minutes=in_minutes)):
            in_minutes = mark == "'"
            yield mark
        elif word:
            if word not in _WORDS:
                raise PairError(_strange(word) if numbers or _has_number(text) else "it has no number")
            in_minutes = False
            yield word
        elif kind == "mark":
            yield part
        before, at = ("gap" if kind == "gap" else "digits" if match["digits"] else kind), match.end()
    if not numbers:
        msg = "it has no number"
        raise PairError(msg)


def _unit(word: str, before: str, *, in_minutes: bool) -> str | None:
    """The mark that a unit stands for; an s closes the seconds only where minutes were written so, else it is south."""
    if word == "S":
        return '"' if in_minutes and before == "digits" else None
    return _UNITS.get(word)


def _has_number(text: str) -> bool:
    return any(sign in "0123456789" for sign in text)


def _strange(part: str) -> str:
    return f"{part!r} is no side, no unit and no number"


def _by_words(tokens: Sequence[_Number | str]) -> list[_Half]:
    """Each half with the axis that a word gave it."""
    halves: list[_Half] = []
    marks = {"°", "'", '"'}
    prefix = isinstance(next(token for token in tokens if token not in marks), str)
    half = _Half()
    for token in tokens:
        if isinstance(token, _Number):
            half.numbers.append(token)
        elif token in _WORDS:
            axis, side = _WORDS[token]
            # "lat 14.6 N": the letter belongs to what the word began
            if prefix and half.numbers and not (half.axis == axis and half.side == 0):
                halves.append(half)
                half = _Half()
            half.axis, half.side = axis, side or half.side
            if not prefix:
                halves.append(half)
                half = _Half()
    return [half for half in (*halves, half) if half.numbers]


def _by_marks(numbers: list[_Number], tokens: Sequence[_Number | str]) -> list[_Half]:
    """The halves at the second degree, else at a sign, else in the middle."""
    starts = [
        numbers.index(one) for one, mark in itertools.pairwise(tokens) if mark == "°" and isinstance(one, _Number)
    ]
    signed = [at for at, number in enumerate(numbers) if at and number.signed]
    middle = starts[1] if len(starts) == 2 else next(iter(signed), 0)  # noqa: PLR2004 - a pair
    if not middle and len(numbers) % 2:
        raise PairError(_NOT_TWO)
    cut = middle or len(numbers) // 2
    return [_Half(numbers[:cut]), _Half(numbers[cut:])]


def _degrees(half: _Half) -> float:
    if len(half.numbers) > _MOST_PARTS or any(number.signed for number in half.numbers[1:]):
        raise PairError(_NOT_TWO)
    parts = [float(number.text) for number in half.numbers]
    if any(part % 1 for part in parts[:-1]):
        msg = "its degrees or minutes have a fraction and go on"
        raise PairError(msg)
    if any(part >= _BASE for part in parts[1:]):
        msg = "it has minutes or seconds that do not exist"
        raise PairError(msg)
    minus = half.numbers[0].minus
    if minus and half.side:
        msg = "it has a minus sign and a letter for the side; keep one of them"
        raise PairError(msg)
    size = sum(part / _BASE**power for power, part in enumerate(parts))
    # a tenth of a millimetre: degrees and minutes have no more
    size = parts[0] if len(parts) == 1 else round(float(size), 9)
    return -size if minus or half.side < 0 else size
