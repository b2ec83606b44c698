"""Values of a field in few bytes: numbers and times as integers, few texts by their number, many as they are.

Each coding gives back the very text of the file; one that would not is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atlas.cartography.coded_values import Coded
from atlas.geojson.written import written

_WHOLE = r"^-?(0|[1-9]\d{0,14})$"
_DECIMAL = r"^-?(0|[1-9]\d{0,9})\.\d{1,5}$"
_NOTHING = r"^-0(\.0*)?$"
_DAY = r"^[12]\d{3}-[01]\d-[0-3]\d$"
_MOMENT = re.compile(r"[12]\d{3}-[01]\d-[0-3]\d([T ])[0-2]\d:[0-5]\d(:[0-5]\d)?(Z|[+-]\d\d:?\d\d)?\Z")
_LONGEST = 2000
MOST_WORDS = 65_535


def texts_of(column: pa.ChunkedArray | Sequence[Any]) -> pa.DictionaryArray:
    """Values as the texts that a reader is shown, each distinct one once."""
    values = column if isinstance(column, pa.ChunkedArray | pa.Array) else _array(column)
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if isinstance(values, pa.ChunkedArray):
        values = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], values.type)
    if not isinstance(values, pa.DictionaryArray):
        if pa.types.is_nested(values.type):
            values = pa.array([None if one is None else written(one) for one in values.to_pylist()], pa.string())
        values = values.dictionary_encode()
    words = [_text(one) for one in values.dictionary.to_pylist()]
    # an empty text says nothing
    numbers: dict[str, int] = {}
    places = np.array([-1 if not word else numbers.setdefault(word, len(numbers)) for word in words], np.int64)
    indices = pc.fill_null(values.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    codes = np.append(places, -1)[indices]
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(list(numbers), pa.string()))


def _array(values: Sequence[Any]) -> pa.Array:
    """Values of any kind, numbers with the digits of their file."""
    return pa.array([None if one is None else written(one) for one in values], pa.string())


def _text(value: Any) -> str | None:  # noqa: ANN401 - whatever a file holds
    if value is None:
        return None
    if isinstance(value, bytes):
        value = value.hex()
    text = value.isoformat() if hasattr(value, "isoformat") else value if isinstance(value, str) else _other(value)
    return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text.replace("\0", "\u2400")


def _other(value: Any) -> str:  # noqa: ANN401 - as above
    try:
        return written(value)
    except (TypeError, ValueError):
        return str(value)


def coded(name: str, column: pa.DictionaryArray) -> Coded:
    """The coding that takes the fewest bytes and gives back each text."""
    words = column.dictionary
    codes = pc.fill_null(column.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    for attempt in (_times, _numbers):
        if len(words) > 1 and (made := attempt(name, words, codes)) is not None:
            return made
    if len(words) <= MOST_WORDS:
        return Coded(name, "word", codes + 1, words=tuple(words.to_pylist()))
    held = words.to_pylist()
    return Coded(name, "text", None, texts=[held[code] if code >= 0 else "" for code in codes.tolist()])


def times_of(name: str, column: pa.DictionaryArray) -> Coded | None:
    """The values as times, also where all are one; nothing where any is no time, or written in another way."""
    codes = pc.fill_null(column.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    return _times(name, column.dictionary, codes) if len(column.dictionary) else None


def _of(name: str, kind: str, values: NDArray[np.int64], codes: NDArray[np.int64], about: dict[str, Any]) -> Coded:
    least = int(values.min())
    steps = np.append(values - least + 1, 0)
    return Coded(name, kind, steps[codes], {"least": least, **about})


def _numbers(name: str, words: pa.Array, codes: NDArray[np.int64]) -> Coded | None:
    if pc.any(pc.match_substring_regex(words, _NOTHING)).as_py():
        return None
    if pc.all(pc.match_substring_regex(words, _WHOLE)).as_py():
        return _of(name, "number", words.cast(pa.int64()).to_numpy(), codes, {"decimals": 0})
    if not pc.all(pc.match_substring_regex(words, _DECIMAL)).as_py():
        return None
    held = words.to_pylist()
    tails = [word.partition(".")[2] for word in held]
    decimals = max(map(len, tails))
    # 2.0 and 2.25 in one field: what programs write of numbers
    short = min(map(len, tails)) < decimals
    if short and any(len(tail) > 1 and tail.endswith("0") for tail in tails):
        return None
    padded = [word.partition(".")[0] + tail.ljust(decimals, "0") for word, tail in zip(held, tails, strict=True)]
    values = np.array([int(one) for one in padded], np.int64)
    return _of(name, "number", values, codes, {"decimals": decimals, "short": short})


def _times(name: str, words: pa.Array, codes: NDArray[np.int64]) -> Coded | None:
    if pc.all(pc.match_substring_regex(words, _DAY)).as_py():
        about: dict[str, Any] = {"unit": 86_400, "between": "", "seconds": False, "tail": ""}
        return _checked(name, words, words, codes, about)
    held = words.to_pylist()
    first = _MOMENT.match(held[0])
    if first is None:
        return None
    between, seconds, tail = first[1], first[2] is not None, first[3] or ""
    for word in held:
        match = _MOMENT.match(word)
        if match is None or (match[1], match[2] is not None, match[3] or "") != (between, seconds, tail):
            return None
    bare = pa.array([word.removesuffix(tail) if tail else word for word in held])
    about = {"unit": 1 if seconds else 60, "between": between, "seconds": seconds, "tail": tail}
    return _checked(name, words, bare, codes, about)


def _checked(
    name: str, words: pa.Array, bare: pa.Array, codes: NDArray[np.int64], about: dict[str, Any]
) -> Coded | None:
    try:
        moments: NDArray[np.datetime64] = np.array(bare.to_pylist(), "datetime64[s]")
    except ValueError:
        # the thirtieth of February
        return None
    units: dict[int, Literal["D", "m", "s"]] = {86_400: "D", 60: "m", 1: "s"}
    again = np.datetime_as_string(moments, unit=units[about["unit"]])
    if about["between"]:
        again = np.char.replace(again, "T", about["between"])
    if [f"{one}{about['tail']}" for one in again.tolist()] != words.to_pylist():
        return None
    return _of(name, "time", moments.astype(np.int64) // about["unit"], codes, about)
