"""The text of an array of coordinates as arrays of numbers, without a list for every position on the way.

What it computes: the same rings or lines that a JSON parser would give, each as an array of rows of two or three
numbers; nothing where the text is anything else, which a parser then has to judge.

How: the text without its digits is a few signs, in which each position is one word (``[.,.]``). Between two of them
stand only a comma, or brackets that end one ring and begin the next; parted there, a ring is one word many times over,
and its length says how many. The numbers are parsed as one flat list.

Why right: every text with these signs and with one number in each gap within a position, and in no other, is the JSON
of such an array. A decimal point shows that a gap is filled; where numbers are whole, empty gaps are looked for. The
flat list has one number between two commas, or it is no JSON; so where all gaps are filled, no number stands outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson

_DIGITS = b"0123456789eE+-"
_SPACE = b" \t\r\n"
_NO_BRACKETS = bytes(32 if sign in b"[]" else sign for sign in range(256))
_DECIMAL = (b"[.,.]", b"[.,.,.]")
_ANY = (b"[,]", b"[,,]")
_NEXT_RING = b"]],[["


def position_arrays(text: bytes) -> Any:  # noqa: ANN401 - lists in lists, as deep as the text, of arrays
    """The coordinates of lines or areas with an array of rows for each line or ring; None where they are no such.

    Parameters
    ----------
    text
        JSON of an array, at least two deep: positions (longitude, latitude, height if there) of two or three numbers.
    """
    signs = text.translate(None, _DIGITS + _SPACE)
    cut = _regular(signs, _DECIMAL)
    if cut is None and not _has_gap(text):
        cut = _regular(signs.replace(b".", b""), _ANY)
    if cut is None:
        return None
    ends, width, depth = cut
    try:
        numbers = np.array(orjson.loads(b"[" + text.translate(_NO_BRACKETS) + b"]"), dtype=np.float64)
    except (ValueError, OverflowError):
        return None
    return _nested(numbers.reshape(-1, width), ends, depth - 2)


def _regular(signs: bytes, words: Sequence[bytes]) -> tuple[list[tuple[int, int]], int, int] | None:
    """After how many positions each line or ring ends but the last, with how many levels; numbers a position; depth.

    None where the signs are not regular.
    """
    depth = signs.find(words[0][1:2])
    position = signs[max(depth - 1, 0) : signs.find(b"]") + 1]
    if depth < 2 or position not in words:  # noqa: PLR2004 - a list of positions
        return None
    if not (signs.startswith(b"[" * depth) and signs.endswith(b"]" * depth)):
        return None
    number, between = position[1:-1], b"],["
    rings = signs[depth:-depth].split(_NEXT_RING)
    ends: list[tuple[int, int]] = []
    at = opened = 0
    for ring in rings:
        run = ring[opened:]
        bare = run.rstrip(b"]")
        count, odd = divmod(len(bare) + len(between), len(number) + len(between))
        if odd or bare != (number + between) * (count - 1) + number or ring[:opened].strip(b"["):
            return None
        # brackets beyond those that part rings are opened again before the next one
        at, opened = at + count, len(run) - len(bare)
        ends.append((at, opened + 1))
    if opened or any(closed > depth - 2 for _, closed in ends[:-1]):
        return None
    return ends[:-1], position.count(b",") + 1, depth


def _has_gap(text: bytes) -> bool:
    """Whether a number is missing at the begin or the end of brackets."""
    close = text.translate(None, _SPACE) if any(text.find(sign) >= 0 for sign in _SPACE) else text
    return b"[," in close or b",]" in close


def _nested(rows: np.ndarray[Any, Any], ends: list[tuple[int, int]], levels: int) -> Any:  # noqa: ANN401 - as above
    """Rows of numbers, cut where a line or ring ends and put into lists so many levels deep."""
    cut = np.split(rows, [at for at, _ in ends])
    if levels == 0:
        return cut[0]
    if levels == 1:
        return cut
    parts: list[list[Any]] = [[]]
    for ring, closed in zip(cut, [*(closed for _, closed in ends), 0], strict=True):
        parts[-1].append(ring)
        if closed > 1:
            parts.append([])
    return parts
