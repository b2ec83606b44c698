"""The strict profile: JSON that says one thing and nothing that another program would read otherwise.

Python's parser is lenient where it harms: of members that stand twice it keeps the last, it takes NaN and Infinity, and
turns 1e400 into infinity. Everything that others wrote is read by `parse`, which refuses these with the place.
Numbers beyond the range of a double are refused as well: no other program holds them.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import orjson

from atlas.errors import InputError
from atlas.files import read_text
from atlas.garbage import without_collector
from atlas.geojson.repeated import described
from atlas.geojson.written import real, whole

_LONGEST_WHOLE = 308
# an escaped backslash, which begins no other escape; a pair of surrogates; half of one
_ESCAPES = re.compile(r"\\\\|\\u[dD][89abAB][\da-fA-F]{2}(\\u[dD][c-fC-F][\da-fA-F]{2})?|\\u[dD][c-fC-F][\da-fA-F]{2}")
_REPEATED_REMEDY = "take out one of the two, after looking which of them is meant"


class JsonFaultError(ValueError):
    """A text that is not JSON or says two things; its message is half a sentence, such as ``is not JSON (…)``."""

    def __init__(self, what: str, remedy: str | None = None) -> None:
        super().__init__(what)
        self.remedy = remedy

    def of_file(self, path: Path, remedy: str) -> InputError:
        """The same as the error of a file; ``remedy`` is what to do where the fault has none of its own."""
        return InputError(f"{path} {self}; {self.remedy or remedy}")


class _RepeatedMemberError(ValueError):
    """An object has a member twice; which one and where is worked out afterwards."""


def parse(text: str, *, as_written: bool = False) -> Any:  # noqa: ANN401 - whatever JSON can say
    """The value of a JSON text; half of a surrogate pair, which no file can hold, becomes U+FFFD.

    Parameters
    ----------
    as_written
        Numbers keep their digits, where Python would write them otherwise; see `written`.

    Raises
    ------
    JsonFaultError
        It is not JSON, has a member twice, or a number that is none or beyond a double.
    """
    try:
        return json.loads(
            _ESCAPES.sub(_whole_pair, text),
            object_pairs_hook=_members,
            parse_constant=_refuse_constant,
            parse_float=_finite_as_written if as_written else _finite,
            parse_int=_whole_as_written if as_written else _whole,
        )
    except _RepeatedMemberError:
        raise JsonFaultError(f"says two things: {described(text)}", _REPEATED_REMEDY) from None  # noqa: EM102, TRY003
    except (ValueError, RecursionError) as error:
        raise fault_of(error, text) from None


def parse_shipped(data: bytes) -> Any:  # noqa: ANN401 - whatever JSON can say
    """The value of a JSON file that a package ships, in half the time: no member is looked for that stands twice.

    Raises
    ------
    ValueError
        It is not JSON.
    """
    with without_collector():
        return orjson.loads(data)


def fault_of(error: Exception, text: str) -> JsonFaultError:
    """What a parser's error says of a text, in the same words for every profile."""
    if isinstance(error, RecursionError):
        why = "it is nested too deeply"
    elif isinstance(error, json.JSONDecodeError):
        cut = "; it ends before it is whole: was it cut off?" if error.pos >= len(text.rstrip()) - 1 else ""
        why = f"line {error.lineno}, column {error.colno}: {error.msg}{cut}"
    else:
        why = str(error)
    return JsonFaultError(f"is not JSON ({why})")


def read_json_file(path: Path, *, remedy: str, as_written: bool = False) -> Any:  # noqa: ANN401 - as above
    """The value of a JSON file in UTF-8.

    Raises
    ------
    InputError
        The file is missing, not UTF-8, or as in `parse`; the message ends with ``remedy``.
    """
    text = read_text(path, remedy=remedy)
    try:
        return parse(text, as_written=as_written)
    except JsonFaultError as fault:
        raise fault.of_file(path, remedy) from None


def _whole_pair(escape: re.Match[str]) -> str:
    return escape[0] if escape[1] or escape[0] == "\\\\" else r"\ufffd"


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _RepeatedMemberError
    return members


def _refuse_constant(word: str) -> None:
    msg = f"{word} is not a number of JSON"
    raise ValueError(msg)


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        msg = f"the number {digits[:20]}{'…' if len(digits) > 20 else ''} is larger than programs can hold"  # noqa: PLR2004 - a line
        raise ValueError(msg)
    return number


def _whole(digits: str) -> int:
    if len(digits) > _LONGEST_WHOLE:
        msg = f"the number {digits[:20]}… of {len(digits):,} digits is larger than programs can hold"
        raise ValueError(msg)
    return int(digits)


def _finite_as_written(digits: str) -> float:
    _finite(digits)
    return real(digits)


def _whole_as_written(digits: str) -> float:
    _whole(digits)
    return whole(digits)
