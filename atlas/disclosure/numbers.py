"""Numbers in text: decimals with a point or a comma, whole numbers, degrees with minutes and seconds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from atlas.disclosure.candidates import DEGREES, EXACT, Flags, Floats, Integers, Numbers
from atlas.disclosure.letter_runs import edges, matches, table

Letters = NDArray[np.uint8]

ANGLES = "degrees and minutes"
SPLIT_ANGLES = "degrees and minutes in numbers of their own"
# numbers of a text that stand there as degrees, with a sign
PLAIN = "decimal text"
SIGNED = frozenset({PLAIN, "powers of ten", "decimal commas"})
# looked for from the letter on, which is rarer than a digit
_POWER = re.compile(rb"[eE](?<=\d.)[-+]?\d{1,2}(?!\d)")
_BEFORE_POWER, _POWER_DIGITS = re.compile(rb"(?<![\d.])\d{1,9}(?:\.\d{1,17})?$"), 29
_COMMA = re.compile(rb"(?<![\d.,])\d{1,3},\d{3,15}(?![\d.]|,\d)")
_ANGLE = re.compile(
    rb"(\d{1,3})\s*(?:\xc2[\xb0\xba]|[\xb0\xba:d]|deg|&deg;|grados|g)\s*"
    rb"(\d{1,2}(?:[.,]\d+)?)\s*(?:'|\xe2\x80[\xb2\x99]|\xc2\xb4|&#39;|[:m]|min)\s*"
    rb"(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\\?\"|''|\xe2\x80[\xb3\x9d]|&#34;|&quot;|s)?)?"
)
_SPACED = re.compile(rb"(\d{1,3})[ _-](\d{1,2}(?:[.,]\d+)?)(?:[ _-](\d{1,2}(?:[.,]\d+)?))?\s*[NSEWO]\b")
# the end of an hour, a colon, and its minutes: no degrees
_CLOCK = re.compile(rb"\d:")
_ANGLE_MARKS, _SPACED_MARKS = b"\xc2\xb0\xba:dg& \t\r\n", b" _-"
_DEGREE_DIGITS, _DECIMALS = 3, (4, 9)
_GROUPED = re.compile(rb"\d{1,3}(?:\.\d{3}){2,4}(?![\d.])")
# whole numbers of degrees times these are as fine as the power says
_SCALES: Mapping[float, str] = MappingProxyType(
    {1e5: "1/100,000", 1e6: "1/1,000,000", 1e7: "1/10,000,000", 2**31 / 180: "180/2^31"}
)
_STEPS = (1, 2, 3)
_LONGEST = 24
_ZERO, _NINE, _DOT, _COMMA_MARK = b"09.,"
_WHOLE = 1e5
_COARSEST_KM = 0.01
_COARSEST = 0.0006


@dataclass(frozen=True)
class Tokens:
    """Runs of digits in a text, with a point between two of them or without: values, digits after it, and where."""

    values: Floats
    unit: Floats
    starts: Integers
    ends: Integers

    def degrees(self, whole: Integers) -> Flags:
        """Which are whole numbers that the degrees of a secret may have."""
        with np.errstate(invalid="ignore"):
            return np.asarray((self.unit == 1) & np.isin(self.values, whole))


def tokens(data: bytes) -> Tokens:
    """All numbers of a text; signs are left out, since letters may stand for them."""
    letters = np.frombuffer(data, dtype=np.uint8)
    digit = (letters >= _ZERO) & (letters <= _NINE)
    inside = digit.copy()
    # a point counts between two digits
    inside[1:-1] |= (letters[1:-1] == _DOT) & digit[:-2] & digit[2:]
    bounds = edges(inside)
    starts, ends = bounds[::2], bounds[1::2]
    short = ends - starts <= _LONGEST
    starts, ends = starts[short], ends[short]
    whole, digits, points = _read(letters, starts, ends)
    with np.errstate(over="ignore"):
        values = np.where(points <= 1, whole / 10.0 ** np.where(points == 1, digits, 0), np.nan)
    unit = np.where(points == 1, 10.0 ** -np.minimum(digits, EXACT), 1.0)
    return Tokens(values, unit, starts, ends)


def decimals(data: bytes) -> Numbers:
    """All numbers of a text with a point or without."""
    return _plain(tokens(data))


def _plain(given: Tokens) -> Numbers:
    return Numbers(PLAIN, given.values, given.unit, given.starts, _STEPS)


def _read(letters: Letters, starts: Integers, ends: Integers) -> tuple[Floats, Integers, Integers]:
    """Digits of each number as a whole one, how many stand after the point, and how many points there are."""
    whole = np.zeros(len(starts))
    digits = np.zeros(len(starts), dtype=np.int64)
    points = np.zeros(len(starts), dtype=np.int64)
    lengths = ends - starts
    # those of one length at once
    for length in np.flatnonzero(np.bincount(lengths, minlength=1)).tolist():
        here = np.flatnonzero(lengths == length)
        block = letters[starts[here][:, None] + np.arange(length)]
        dot = block == _DOT
        powers = 10.0 ** np.arange(length - 1, -1, -1)
        figures = np.where(dot, 0, block - _ZERO)
        count = dot.sum(axis=1)
        points[here] = count
        if not count.any():
            whole[here] = figures @ powers
            continue
        after = np.cumsum(dot, axis=1) > 0
        digits[here] = np.where(count > 0, (after & ~dot).sum(axis=1), 0)
        before = (figures * ~after) @ powers
        whole[here] = np.where(count > 0, before / 10, before) + (figures * after) @ powers
    return whole, digits, points


def powers(data: bytes) -> Numbers:
    """Numbers with a power of ten."""
    powers: list[tuple[int, bytes]] = []
    done = 0
    for match in _POWER.finditer(data):
        start = max(done, match.start() - _POWER_DIGITS)
        if (before := _BEFORE_POWER.search(data[start : match.start()])) is not None:
            powers.append((start + before.start(), data[start + before.start() : match.end()].lower()))
            done = match.end()
    digits = [len(token.partition(b"e")[0].partition(b".")[2]) - int(token.partition(b"e")[2]) for _, token in powers]
    return Numbers(
        "powers of ten",
        np.array([float(token) for _, token in powers]),
        np.array([10.0 ** -min(digit, EXACT) for digit in digits]),
        np.array([start for start, _ in powers], dtype=np.int64),
        _STEPS,
    )


def commas(data: bytes, given: Tokens, whole: Integers) -> Numbers:
    """Numbers with a decimal comma, of so many whole degrees."""
    letters = np.frombuffer(data, dtype=np.uint8)
    first = np.flatnonzero(given.degrees(whole)[:-1] & (given.starts[1:] == given.ends[:-1] + 1))
    first = first[letters[given.ends[first]] == _COMMA_MARK]
    decimals = [
        (match.start(), match.group().replace(b",", b"."))
        for match in matches(_COMMA, data, iter(given.starts[first].tolist()))
    ]
    return Numbers(
        "decimal commas",
        np.array([float(token) for _, token in decimals]),
        np.array([10.0 ** -(len(token) - token.index(b".") - 1) for _, token in decimals]),
        np.array([start for start, _ in decimals], dtype=np.int64),
        _STEPS,
    )


def grouped(data: bytes, given: Tokens) -> Numbers:
    """Decimals in groups of three, as ``14.627.381``."""
    starts = given.starts[np.isnan(given.values)].tolist()
    texts = [(match.start(), match.group().split(b".", 1)) for match in matches(_GROUPED, data, iter(starts))]
    decimals = [(start, whole, rest.replace(b".", b"")) for start, (whole, rest) in texts]
    return Numbers(
        "digits in groups of three",
        np.array([float(b"%s.%s" % (whole, rest)) for _, whole, rest in decimals]),
        np.array([10.0 ** -len(rest) for _, _, rest in decimals]),
        np.array([start for start, _, _ in decimals], dtype=np.int64),
        (1, 2),
    )


def split_decimals(given: Tokens, whole: Integers) -> Numbers:
    """Degrees and their decimals as two numbers, as a comma makes them that is taken for the end of a column."""
    values, unit = np.full(len(given.values), np.nan), np.ones(len(given.values))
    lengths = given.ends - given.starts
    next_length = lengths[1:]
    good = given.degrees(whole)[:-1] & (given.unit[1:] == 1) & (given.starts[1:] == given.ends[:-1] + 1)
    first = np.flatnonzero(good & (next_length >= _DECIMALS[0]) & (next_length <= _DECIMALS[1]))
    unit[first] = 10.0 ** -lengths[first + 1].astype(float)
    values[first] = given.values[first] + given.values[first + 1] * unit[first]
    return Numbers("degrees and decimals in columns", values, unit, given.starts, (2, 3))


def angles(data: bytes, given: Tokens, whole: Integers) -> Iterator[Numbers]:
    """So many degrees with minutes, and perhaps seconds."""
    letters = np.frombuffer(data, dtype=np.uint8)
    first = np.flatnonzero(
        given.degrees(whole) & (given.ends < len(data)) & (given.ends - given.starts <= _DEGREE_DIGITS)
    )
    following = letters[given.ends[first]]
    for pattern, marks in ((_ANGLE, _ANGLE_MARKS), (_SPACED, _SPACED_MARKS)):
        values, unit, offsets = [], [], []
        starts = given.starts[first[table(marks)[following]]].tolist()
        for match in matches(pattern, data, (start for start in starts if not _CLOCK.match(data, max(0, start - 2)))):
            degrees, minutes, seconds = (float((part or b"0").replace(b",", b".")) for part in match.groups())
            last, size = (match.group(3), 3600) if match.group(3) else (match.group(2), 60)
            fine = 10.0 ** -len(re.split(rb"[.,]", last)[1]) / size if re.search(rb"[.,]", last) else 1 / size
            if fine <= _COARSEST and minutes < 60 and seconds < 60:  # noqa: PLR2004 - of an hour or a degree
                values.append(degrees + minutes / 60 + seconds / 3600)
                unit.append(fine)
                offsets.append(match.start())
        yield Numbers(ANGLES, np.array(values), np.array(unit), np.array(offsets, dtype=np.int64), (1, 2))


def split_angles(numbers: Numbers) -> Iterator[Numbers]:
    """Degrees, minutes and perhaps seconds as numbers of their own, as in columns; or degrees first, then minutes."""
    values, unit = numbers.values, numbers.unit
    with np.errstate(invalid="ignore"):
        degrees = (unit == 1) & (values <= 180)  # noqa: PLR2004 - half a turn
        sixtieths = values < 60  # noqa: PLR2004 - of a degree or a minute
    for apart, seconds, steps in ((1, False, (2, 3)), (1, True, (3, 4)), (2, False, (1,)), (2, True, (1,))):
        last = 2 * apart if seconds else apart
        if len(values) <= last:
            continue
        count = len(values) - last
        good = degrees[:count] & sixtieths[apart : apart + count] & sixtieths[last:]
        if seconds:
            good &= unit[apart : apart + count] == 1
        angle = values[:count] + values[apart : apart + count] / 60 + (values[last:] / 3600 if seconds else 0.0)
        fine = unit[last:] / (3600 if seconds else 60)
        good &= fine <= _COARSEST
        if good.any():
            kept = np.where(good, angle, np.nan)
            yield Numbers(SPLIT_ANGLES, kept, fine, numbers.offsets[:count], steps)


def scaled(numbers: Numbers) -> Iterator[Numbers]:
    """Whole numbers as degrees times a power of ten."""
    whole = np.where((numbers.unit == 1) & (numbers.values >= _WHOLE), numbers.values, np.nan)
    if np.isnan(whole).all():
        return
    for scale, name in _SCALES.items():
        unit = np.full(len(whole), 1 / scale)
        yield Numbers(f"whole numbers of {name} degree", whole / scale, unit, numbers.offsets, _STEPS)


def metres(numbers: Numbers, frame: str) -> Iterator[Numbers]:
    """The same numbers, read as metres of another frame, and as kilometres where they have decimals."""
    values, unit = numbers.values, numbers.unit
    large = np.where(values >= _WHOLE, values, np.nan)
    yield Numbers(f"metres in {frame}", large, np.maximum(unit, 0.001), numbers.offsets, (1, 2), frame)
    far = np.where((values >= _WHOLE / 1000) & (unit <= _COARSEST_KM), values * 1000, np.nan)
    yield Numbers(f"kilometres in {frame}", far, np.maximum(unit * 1000, 0.001), numbers.offsets, (1, 2), frame)


def all_numbers(data: bytes, frames: tuple[str, ...], whole: Integers) -> Iterator[Numbers]:
    """Everything in a text that may be a coordinate.

    Parameters
    ----------
    whole
        The whole degrees that a coordinate may have, without their sign.
    """
    given = tokens(data)
    plain = _plain(given)
    yield plain
    yield powers(data)
    yield commas(data, given, whole)
    yield from angles(data, given, whole)
    yield from scaled(plain)
    yield from split_angles(plain)
    yield grouped(data, given)
    yield split_decimals(given, whole)
    yield from (reading for frame in frames if frame != DEGREES for reading in metres(plain, frame))
