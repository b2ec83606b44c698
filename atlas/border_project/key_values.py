"""What the values of a project file may be, kind by kind."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from atlas.border_project.keys import WIDEST_GAP_M, Key
from atlas.border_project.overlays import LEAST_ZOOM, MOST_ZOOM

LANGUAGES = ("en", "es")
LANGUAGE = re.compile("[a-z]{2,3}")
_HASH, _CODE, _COUNTRY = re.compile("[0-9a-f]{64}"), re.compile("[A-Za-z0-9]{1,12}"), re.compile("[A-Z]{2}")
_DIGITS, _COUNT = re.compile("[0-9](?:-[0-9])?"), re.compile("[1-9](?:-[1-9])?")
_HALF_TURN, _QUARTER = 180, 90
_CENSUSES = range(1700, 2101)
_BOX, _PAIR, _WIDEST = 4, 2, 20
_EARLIEST, _LATEST, _RUN = -12, 14, range(5, 16)
_TAG = re.compile("[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_FRAME, _CALLING = re.compile(r"EPSG:[0-9]{4,6}|\+proj=.+"), re.compile("[0-9]{1,4}")


def problem_of(value: Any, key: Key) -> str | None:  # noqa: ANN401 - straight from the TOML parser
    """What is wrong with a value, as a half sentence; nothing when it is right."""
    checks: dict[str, tuple[Callable[[Any], object], str]] = {
        "text": (_is_text, "must be text in quotes"),
        "code": (lambda v: isinstance(v, str) and _CODE.fullmatch(v), "must be up to 12 letters and digits in quotes"),
        "hash": (
            lambda v: isinstance(v, str) and _HASH.fullmatch(v),
            "must be the 64 hexadecimal digits that `sha256sum` prints for the file",
        ),
        "flag": (lambda v: isinstance(v, bool), "must be true or false"),
        "positive": (lambda v: _is_number(v) and v > 0, "must be a number above 0"),
        "gap": (lambda v: _is_number(v) and 0 < v <= WIDEST_GAP_M, f"must be metres, above 0 and up to {WIDEST_GAP_M}"),
        "phrase": (lambda v: _is_text(v) or _is_words(v), "must be text in quotes, or a text for en and one for es"),
        "words": (_is_words, "must have a text for en and one for es"),
        "tags": (_are_tags, "must have a tag such as es-419 for en and one for es"),
        "widths": (_are_widths, "must list numbers of digits from 1 to 20 for each column"),
        "names": (_is_names, "must be a table of texts"),
        "texts": (_is_texts, "must be a list of texts"),
        "hours": (_are_hours, "must list hours from -12 to 14, whole or with quarters"),
        "country": (lambda v: isinstance(v, str) and _COUNTRY.fullmatch(v), "must be two capital letters"),
        "frame": (lambda v: isinstance(v, str) and _FRAME.fullmatch(v), "must be EPSG: with a number, or +proj=…"),
        "run": (lambda v: _is_number(v) and v in _RUN, "must be a whole number from 5 to 15"),
        "calling": (lambda v: _are_texts_of(v, _CALLING), "must list calling codes of up to 4 digits in quotes"),
        "digits": (_is_digits, "must be a digit, or two such as 2-9"),
        "counts": (_is_counts, "must list at least two numbers of digits, each like 4 or 3-4"),
        "languages": (_is_languages, "must list en and es, and others by their codes, each once"),
        "position": (lambda v: _are_numbers(v, _PAIR) and _in_degrees(v), "must be longitude and latitude in degrees"),
        "positions": (
            lambda v: isinstance(v, list) and all(_are_numbers(one, _PAIR) and _in_degrees(one) for one in v),
            "must list longitudes and latitudes in degrees",
        ),
        "box": (
            _is_box,
            "must be west, south, east, north in degrees (west above east only across 180°, and half around at most)",
        ),
    }
    fits, expected = checks.get(key.kind) or _NUMBERS[key.kind]
    if not fits(value):
        return f"{expected}, not {str(value)[:60]!r}"
    if key.words and value not in key.words:
        return f"is {value!r}; it can be {', '.join(key.words)}"
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _are_numbers(value: object, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(_is_number(one) for one in value)


def _in_degrees(pair: Sequence[float]) -> bool:
    return abs(pair[0]) <= _HALF_TURN and abs(pair[1]) <= _QUARTER


def _is_box(value: Any) -> bool:  # noqa: ANN401 - straight from the TOML parser
    if not _are_numbers(value, _BOX):
        return False
    west, south, east, north = value
    # a box across 180° as RFC 7946 has it; a mere slip would go around most of the earth
    wide = east - west if west < east else east + 2 * _HALF_TURN - west
    fits = west < east or (west > east and wide <= _HALF_TURN)
    return fits and south < north and _in_degrees((west, south)) and _in_degrees((east, north))


def _is_words(value: object) -> bool:
    return isinstance(value, dict) and set(value) >= set(LANGUAGES) and all(_is_text(text) for text in value.values())


def _are_tags(value: Any) -> bool:  # noqa: ANN401 - straight from the TOML parser
    return _is_words(value) and all(_TAG.fullmatch(tag) for tag in value.values())


def _is_languages(value: object) -> bool:
    codes = value if isinstance(value, list) else []
    fits = all(isinstance(one, str) and LANGUAGE.fullmatch(one) for one in codes)
    return fits and len(set(codes)) == len(codes) and set(codes) >= set(LANGUAGES)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(one) for one in value)


def _is_names(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(_is_text(text) for text in value.values())


def _are_widths(value: object) -> bool:
    lists = list(value.values()) if isinstance(value, dict) else []
    return bool(lists) and all(isinstance(one, list) and one and all(map(_is_width, one)) for one in lists)


def _is_width(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _WIDEST


def _is_counts(value: object) -> bool:
    return isinstance(value, list) and len(value) > 1 and _are_texts_of(value, _COUNT) and all(map(_rises, value))


def _are_texts_of(value: object, form: re.Pattern[str]) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and form.fullmatch(one) for one in value)


def _is_digits(value: object) -> bool:
    return isinstance(value, str) and _DIGITS.fullmatch(value) is not None and _rises(value)


def _rises(text: str) -> bool:
    """Whether the second of two digits, if there is one, is the larger."""
    return text[0] <= text[-1]


def _are_hours(value: object) -> bool:
    fits = isinstance(value, list) and all(_is_number(one) and _EARLIEST <= one <= _LATEST for one in value)
    return fits and bool(value) and all(one * 4 % 1 == 0 for one in value)  # type: ignore[attr-defined]


_NUMBERS: Mapping[str, tuple[Callable[[Any], object], str]] = MappingProxyType(
    {
        "zoom": (
            lambda v: _is_number(v) and LEAST_ZOOM <= v <= MOST_ZOOM,
            f"must be a number from {LEAST_ZOOM} to {MOST_ZOOM}",
        ),
        "year": (
            lambda v: _is_number(v) and v in _CENSUSES,
            f"must be a year from {_CENSUSES[0]} to {_CENSUSES[-1]}, without quotes",
        ),
    }
)
