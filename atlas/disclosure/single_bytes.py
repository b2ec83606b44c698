"""Bytes written one by one: ``2d 39 32``, ``0x2d, 0x39``, ``45,57,50``, ``00101101 00111001``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

import numpy as np

from atlas.disclosure.letter_runs import runs, table

_MARKS = b" ,:;-\n\r\t"
# from one mark to the next: two or three letters, `0x` before them, eight bits; and a blank behind a comma
_STEPS = bytes((1, 3, 4, 5, 6, 9))
_FEWEST, _STRETCH = 11, 1 << 22
_TOKENS = re.compile(rb"[0-9A-Za-z\\]+")
_HEX = re.compile(rb"(?:0x|\\x)?([0-9A-Fa-f]{2})")
_NUMBER = re.compile(rb"()(\d{1,3})")
_BITS = re.compile(rb"()()([01]{8})")
_BASES = (0, 16, 10, 2)
_PRINTED = bytes(range(32, 127)) + b"\t\n\r"
_MOSTLY = 0.9


def single_bytes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Texts that are written byte by byte, and where each begins."""
    for start, end in _spans(data):
        tokens = _TOKENS.findall(data, start, end)
        for pattern in (_HEX, _NUMBER, _BITS):
            if (plain := _read(tokens, pattern)) and len(plain.translate(None, _PRINTED)) <= len(plain) * (1 - _MOSTLY):
                yield start, plain


def _read(tokens: list[bytes], pattern: re.Pattern[bytes]) -> bytes:
    """The longest row of tokens that are bytes of one kind."""
    values = [_value(pattern.fullmatch(token)) for token in tokens]
    rows = [[value for value in row if value is not None] for whole, row in groupby(values, _is_byte) if whole]
    best = max(rows, key=len, default=[])
    return bytes(best) if len(best) >= _FEWEST else b""


def _value(match: re.Match[bytes] | None) -> int | None:
    if match is None or match.lastindex is None:
        return None
    return int(match.group(match.lastindex), _BASES[match.lastindex])


def _is_byte(value: int | None) -> bool:
    return value is not None and value < 256  # noqa: PLR2004 - a byte


def _spans(data: bytes) -> Iterator[tuple[int, int]]:
    """Where marks stand as far apart as between bytes, a dozen times in a row."""
    for first in range(0, len(data), _STRETCH):
        stop = min(len(data), first + _STRETCH + _STRETCH // 256)
        codes = np.frombuffer(data, dtype=np.uint8, offset=first, count=stop - first)
        at = np.flatnonzero(table(_MARKS)[codes])
        if len(at) < _FEWEST:
            continue
        steps = np.minimum(np.diff(at), 255).astype(np.uint8).tobytes()
        for begin, end in runs(steps, _STEPS, _FEWEST):
            yield first + max(0, int(at[begin]) - 8), first + min(int(at[end]) + 9, len(codes))
