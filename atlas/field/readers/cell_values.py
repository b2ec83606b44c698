"""Values of cells as a record may hold them: text that any store takes, numbers, yes and no."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from atlas.field.readers.fault import RowFaultError

LONGEST_TEXT = 100_000
DEEPEST = 40
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_WORDS = re.compile(r"[^0-9a-z]+")
# the page of field notes reads the same: web/src/annotate/numbers.js, tests/vectors/numbers.json
_DECIMAL = re.compile(r"[-+\u2212]?\d+(?:[.,]\d+)?\Z", re.ASCII)


def key(text: str) -> str:
    """A header or word without accents, case and punctuation: ``Fecha y hora`` is ``fecha_y_hora``."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORDS.sub("_", "".join(mark for mark in plain if not unicodedata.combining(mark))).strip("_")


def text(value: object) -> str | None:
    """A cell as text; nothing when it is blank. What no store can hold (NUL, half a pair) becomes U+FFFD.

    Raises
    ------
    RowFaultError
        It is longer than a note can be.
    """
    if value is None:
        return None
    # most cells are plain, and a table has millions of them
    if type(value) is str and value.isascii() and len(value) <= LONGEST_TEXT and "\x00" not in value:
        return value.strip() or None
    words = value if isinstance(value, str) else _written(value)
    if words is None:
        return None
    if len(words) > LONGEST_TEXT:
        msg = f"a text of {len(words):,} characters is longer than the {LONGEST_TEXT:,} that a note may have; divide it"
        raise RowFaultError(msg)
    return storable(words).strip() or None


def storable(words: str) -> str:
    """A text with U+FFFD for what no store can hold."""
    # most texts are plain, and a table has millions of them
    return words if words.isascii() and "\x00" not in words else _NOT_STORABLE.sub("\ufffd", words)


def _written(value: object) -> str | None:
    """What is no text as text; nothing for what says nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain_number(value) if isinstance(value, int | float) else str(value)


def plain_number(number: float) -> str:
    """A number as people write it: 2.0 is 2."""
    return str(int(number)) if isinstance(number, float) and number.is_integer() and abs(number) < 1e15 else str(number)  # noqa: PLR2004 - exact in a float


def number(value: object, *, name: str) -> float | None:
    """A cell as a number, with a decimal point or comma; nothing when it is blank.

    Raises
    ------
    RowFaultError
        It is no finite number.
    """
    if isinstance(value, bool):
        words: str | None = str(value)
    elif isinstance(value, int | float) and math.isfinite(as_float(value)):
        return float(value)
    else:
        words = text(value)
        if words is None and value is None:
            return None
    if words is None:
        return None
    if not _DECIMAL.match(words):
        msg = f"{name} {words[:60]!r} is no number; write digits with a decimal point, such as 12.5"
        raise RowFaultError(msg)
    decimal = float(words.replace(",", ".").replace("\u2212", "-"))
    if not math.isfinite(decimal):
        msg = (
            f"{name} {words[:20]}… of {len(words)} digits is larger than any number that a record can hold; correct it"
        )
        raise RowFaultError(msg)
    # nothing has no minus, which JavaScript would not write
    return decimal + 0.0


def as_float(number: float) -> float:
    """A number as a float; a whole number that no float can hold is infinite."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def tidy(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON
    """Any value of JSON with texts that a store can hold.

    Raises
    ------
    RowFaultError
        A number is not finite, or the value is nested without end.
    """
    if depth > DEEPEST:
        msg = f"a value is nested more than {DEEPEST} times; flatten it"
        raise RowFaultError(msg)
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            text(value)
        return storable(value)
    if isinstance(value, int | float) and not math.isfinite(number := as_float(value)):
        msg = f"{number} is not a number that JSON has, or is larger than programs can hold; leave the value empty"
        raise RowFaultError(msg)
    if isinstance(value, list | tuple):
        return [tidy(inner, depth + 1) for inner in value]
    if isinstance(value, dict):
        return {storable(str(name)): tidy(inner, depth + 1) for name, inner in value.items()}
    return value
