"""Longitudes and latitudes as people write them: decimal point or comma, degrees and minutes, a letter for the side."""

from __future__ import annotations

import math
import re

from atlas.field.readers.cell_values import as_float, text
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.pairs import Axis, PairError, read_pair

_LIMIT = {"latitude": 90, "longitude": 180}
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-"})
_SIDES = {
    "latitude": {"n": 1, "north": 1, "norte": 1, "s": -1, "south": -1, "sur": -1},
    # O is west: oeste. The tables are in English and Spanish, where east has no O
    "longitude": {"w": -1, "west": -1, "o": -1, "oeste": -1, "e": 1, "east": 1, "este": 1},
}
_DECIMAL = re.compile(r"[-+]?\d+(?:[.,]\d+)?\Z", re.ASCII)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
_LETTERS = re.compile(r"[a-z]+")
_UNITS = re.compile(r"(?<=\d)\s?(?:deg|d|grados|g|min|m)(?=[\s\d]|\Z)", re.ASCII)
_SECONDS = re.compile(r"(?<=\d)(?:sec|s)(?=\s|\Z)", re.ASCII)
_MARKS = re.compile(r"[\s°º˚'’′\u00b4\"”“″:,]*\Z")
# a pair in degrees, minutes and seconds, with words for all of them and room to spare
_LONGEST = 500
_WRITE = "write degrees such as 14.68 and -92.15"


def angle(value: object, axis: Axis) -> float | None:
    """Degrees of a cell; nothing when it is blank.

    Raises
    ------
    RowFaultError
        It cannot be read, or lies outside of what the axis has.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        degrees = as_float(value)
        return in_range(degrees, axis, f"{degrees:.10g}")
    words = text(value)
    if words is None:
        return None
    if len(words) > _LONGEST:
        msg = f"the {axis} {words[:40]!r}… of {len(words):,} characters is none; {_WRITE}"
        raise RowFaultError(msg)
    plain = words if words.isascii() else words.translate(_MINUS)
    degrees = float(plain.replace(",", ".")) if _DECIMAL.match(plain) else _sexagesimal(plain, axis, words)
    return in_range(degrees, axis, words)


def pair(words: str) -> tuple[float, float]:
    """Longitude and latitude out of one cell, latitude first as maps on the web give it, or as letters say.

    Raises
    ------
    RowFaultError
        It is no pair.
    """
    if len(words) > _LONGEST:
        msg = f"the position {words[:40]!r}… of {len(words):,} characters is none; {_WRITE}"
        raise RowFaultError(msg)
    try:
        longitude, latitude = read_pair(words)
    except PairError as error:
        msg = f"the position {words!r} cannot be read ({error}); {_WRITE}, latitude first, or a column for each"
        raise RowFaultError(msg) from error
    return in_range(longitude, "longitude", f"{longitude:g}"), in_range(latitude, "latitude", f"{latitude:g}")


def in_range(degrees: float, axis: Axis, words: str) -> float:
    """The same degrees, when the axis has them.

    Raises
    ------
    RowFaultError
        It has not.
    """
    limit = _LIMIT[axis]
    if math.isfinite(degrees) and abs(degrees) <= limit:
        return degrees
    hint = _WRITE
    if axis == "latitude" and math.isfinite(degrees) and abs(degrees) <= _LIMIT["longitude"]:
        hint = "are latitude and longitude swapped?"
    elif math.isfinite(degrees) and abs(degrees) > 10 * limit:
        hint = (
            "metres, perhaps UTM? Say the system with --crs, such as --crs EPSG:32615, or convert to degrees (WGS 84)"
        )
    msg = f"the {axis} {words} is out of range ({limit} degrees at most); {hint}"
    raise RowFaultError(msg)


def _sexagesimal(plain: str, axis: Axis, words: str) -> float:
    bare = _UNITS.sub(" ", plain)
    # an s may close the seconds only where d and m stand before it; else it is the south
    lowered = (_SECONDS.sub(" ", bare) if bare != plain else plain).casefold()
    letters = _LETTERS.findall(lowered)
    numbers = [float(number.replace(",", ".")) for number in _NUMBER.findall(lowered)]
    rest = _LETTERS.sub("", _NUMBER.sub("", lowered)).replace("-", "", 1).replace("+", "", 1)
    if not 1 <= len(numbers) <= 3 or len(letters) > 1 or not _MARKS.match(rest):  # noqa: PLR2004 - degrees, minutes, seconds
        msg = f"the {axis} {words!r} cannot be read; {_WRITE}"
        raise RowFaultError(msg)
    if letters and letters[0] not in _SIDES[axis]:
        other = next((name for name, sides in _SIDES.items() if letters[0] in sides), None)
        why = f"its letter is one of a {other}: are the two swapped?" if other else _WRITE
        msg = f"the {axis} {words!r} cannot be read; {why}"
        raise RowFaultError(msg)
    if any(part >= 60 for part in numbers[1:]) or any(part % 1 for part in numbers[:-1]):  # noqa: PLR2004 - of a degree
        msg = f"the {axis} {words!r} has minutes or seconds that do not exist; {_WRITE}"
        raise RowFaultError(msg)
    size = sum(part / 60**power for power, part in enumerate(numbers))
    negative = lowered.lstrip("nsewo ").startswith("-")
    side = _SIDES[axis][letters[0]] if letters else 1
    if negative and letters:
        msg = f"the {axis} {words!r} has a minus sign and a letter for its side; keep one of them"
        raise RowFaultError(msg)
    # a tenth of a millimetre: degrees and minutes have no more
    return round(float(-size if negative else side * size), 9)
