"""Cells of tables as JSON has them: numbers in columns of texts, and what a workbook has types for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from atlas.geojson.written import real
from atlas.vector.delimited_text import Quoted
from atlas.vector.table_columns import coordinate

_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,18})\Z")
_SAFE_DIGITS = 15
_EXPONENT = re.compile(r"-?\d+(?:\.\d+)?[eE][+-]?\d+\Z")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d*)\.\d+\Z")
_COMMA = re.compile(r"-?(?:0|[1-9]\d*),\d+\Z")
_BOOLEANS = {"true": True, "false": False}
# codes are texts, even where all of their digits are there
_CODE = re.compile(r"(?i)(?:^|_)(?:cvegeo|cve|clave|geocode|codigo|code|id)(?:$|_)|^cve(?:ent|mun|loc|geo)")


def cell_value(value: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    """A cell, with nothing for what is blank."""
    if isinstance(value, datetime):
        plain = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if plain else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, str):
        # an empty text in quotes is one, where others are none
        return value if value.strip() or isinstance(value, Quoted) else None
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def typed(name: str, values: Sequence[Any], *, quotes: bool) -> Sequence[Any]:
    """A column of text as numbers where all of its cells are plain numbers, and it is no column of codes."""
    held = [value for value in values if value is not None]
    quoted = sum(isinstance(value, Quoted) for value in held)
    if not held or quoted == len(held):
        return [None if value is None else str(value) for value in values]
    bare = [value.strip() for value in held]
    # a table that puts its texts into quotes says by their absence that these are numbers
    reader = None if quoted else _reader(name, bare, numbers=quotes)
    return [None if value is None else str(value) if reader is None else reader(value.strip()) for value in values]


def _reader(name: str, texts: Sequence[str], *, numbers: bool) -> Callable[[str], Any] | None:
    if all(text.lower() in _BOOLEANS for text in texts):
        return lambda text: _BOOLEANS[text.lower()]
    if _CODE.search(name) and not numbers:
        return None
    if all(_WHOLE.match(text) and (numbers or len(text) <= _SAFE_DIGITS) for text in texts):
        return int
    if all(_WHOLE.match(text) or _DECIMAL.match(text) or (numbers and _EXPONENT.match(text)) for text in texts):
        return real
    if all(_WHOLE.match(text) or _COMMA.match(text) for text in texts):
        return coordinate
    return None
