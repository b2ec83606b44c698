"""Latitude and longitude in one text, as people write them: ``N 14.68, W 92.15``, ``14° 40.8' N 92° 9.0' W``.

Links of maps (``map_links.py``), plus codes (``plus_codes.py``) and metres of a grid (``grids.py``) come first;
whatever else is read as degrees.

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

from atlas.field.readers.grids import read_grid
from atlas.field.readers.map_links import read_link
from atlas.field.readers.pair_parts import Pair, PairError, plain_signs
from atlas.field.readers.plus_codes import read_plus_code

__all__ = ["Axis", "Pair", "PairError", "read_angle", "read_pair"]

Axis = Literal["latitude", "longitude"]

_LAT: Axis = "latitude"
_LON: Axis = "longitude"
# O is west: oeste. The texts are in English and Spanish, where east has no O
_WORDS: dict[str, tuple[Axis, int]] = {
    **dict.fromkeys(("N", "NORTH", "NORTE", "شمال"), (_LAT, 1)),
    **dict.fromkeys(("S", "SOUTH", "SUR", "جنوب"), (_LAT, -1)),
    **dict.fromkeys(("E", "EAST", "ESTE", "شرق"), (_LON, 1)),
    **dict.fromkeys(("W", "WEST", "O", "OESTE", "غرب"), (_LON, -1)),
    **dict.fromkeys(("LAT", "LATITUD", "LATITUDE"), (_LAT, 0)),
    **dict.fromkeys(("LON", "LONG", "LNG", "LONGITUD", "LONGITUDE"), (_LON, 0)),
}
_UNITS = {
    **dict.fromkeys(("D", "DEG", "DEGS", "DEGREE", "DEGREES", "G", "GR", "GRADO", "GRADOS"), "°"),
    **dict.fromkeys(("M", "MIN", "MINS", "MINUTE", "MINUTES", "MINUTO", "MINUTOS"), "'"),
    **dict.fromkeys(("SEC", "SECS", "SECOND", "SECONDS", "SEG", "SEGS", "SEGUNDO", "SEGUNDOS"), '"'),
}
# words between the parts, which say nothing
_FILLERS = {"Y", "AND", "DE", "CON"}
_TOKEN = re.compile(
    r"(?P<sign>[-+]\s*)?(?P<digits>[0-9]+(?:[.,][0-9]+)?)|(?P<word>[^\W\d_]+)[.:=]?|(?P<mark>[°'\"])|(?P<gap>[\s,;:/()\[\]]+)"
)
# a comma that divides, or the next decimal comma? and a number of a computer
_AMBIGUOUS = re.compile(r"[0-9],[0-9]+,[0-9]|\A[^A-Z]*[0-9]E[-+]?[0-9][^A-Z]*\Z")
_MOST_PARTS, _BASE = 3, 60


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


def read_pair(text: str) -> Pair:
    """Longitude and latitude in degrees, whatever their size.

    Raises
    ------
    PairError
        The text says no pair, or says one that cannot be.
    """
    plain = plain_signs(text)
    if link := read_link(plain.strip()):
        return link
    plain = plain.upper()
    if cell := read_plus_code(plain.strip()) or read_grid(plain):
        return cell
    tokens = list(_tokens(plain))
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
    return Pair(_degrees(second), _degrees(first))


def read_angle(text: str, axis: Axis) -> float:
    """Degrees of one axis, whatever their size.

    Raises
    ------
    PairError
        The text says no angle, or says one of the other axis.
    """
    tokens = list(_tokens(plain_signs(text).upper()))
    half = _Half([token for token in tokens if isinstance(token, _Number)], axis)
    for side in (_WORDS[token] for token in tokens if isinstance(token, str) and token in _WORDS):
        if side[0] != axis:
            msg = f"its letter is one of a {side[0]}: are the two swapped?"
            raise PairError(msg)
        if side[1] and half.side:
            raise PairError(_NOT_ONE)
        half.side = side[1] or half.side
    if len(half.numbers) > _MOST_PARTS or any(number.signed for number in half.numbers[1:]):
        raise PairError(_NOT_ONE)
    return _degrees(half)


_NOT_ONE = "it is not one angle"
_NOT_TWO = "it is not two numbers"


def _tokens(text: str) -> Iterator[_Number | str]:
    text = text.replace("''", '"')
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
        elif word and word not in _FILLERS:
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
            # "14.6 latitud norte": the second word belongs to what the first one closed
            last = half if prefix or half.numbers or not halves else halves[-1]
            if last.axis not in (None, axis) or (last.side and side):
                raise PairError(_LEFT_OVER)
            last.axis, last.side = axis, side or last.side
            if not prefix and last is half:
                halves.append(half)
                half = _Half()
    if half.axis and not half.numbers:
        raise PairError(_LEFT_OVER)
    return [half for half in (*halves, half) if half.numbers]


_LEFT_OVER = "a letter or word in it belongs to no number"


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
