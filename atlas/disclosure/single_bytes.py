"""Bytes written one by one: ``2d 39 32``, ``0x2d, 0x39``, ``45,57,50``, ``00101101 00111001``."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from atlas.disclosure.letter_runs import DIGITS, edges, runs, table

_MARKS = b" ,:;-\n\r\t"
# from one mark to the next: two or three letters, `0x` before them, eight bits; and a blank behind a comma
_STEPS = bytes((1, 3, 4, 5, 6, 9))
_FEWEST, _STRETCH = 11, 1 << 22
_HEXES = DIGITS + b"ABCDEFabcdef"
_LETTERS = DIGITS + b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\\"
_TWO, _FEW_DIGITS, _FOUR, _EIGHT, _HEX_MARK = 2, 3, 4, 8, ord("x")
_TOKENS = re.compile(rb"[0-9A-Za-z\\]+")
_HEX = re.compile(rb"(?:0x|\\x)?([0-9A-Fa-f]{2})")
_NUMBER = re.compile(rb"()(\d{1,3})")
_BITS = re.compile(rb"()()([01]{8})")
_BASES = (0, 16, 10, 2)
_PRINTED = bytes(range(32, 127)) + b"\t\n\r"
_MOSTLY = 0.9
_NO_BYTE = 256


class _Letters(dict[bytes, str]):
    """The letter of each token that is a byte of one kind; tables have the same short cells again and again."""

    def __init__(self, kind: re.Pattern[bytes]) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, token: bytes) -> str:
        """Read a token, and remember it."""
        match = self._kind.fullmatch(token)
        value = _NO_BYTE
        if match is not None and match.lastindex is not None:
            value = min(_NO_BYTE, int(match.group(match.lastindex), _BASES[match.lastindex]))
        self[token] = chr(value)
        return self[token]


def single_bytes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Texts that are written byte by byte, and where each begins."""
    kinds = [_Letters(kind) for kind in (_HEX, _NUMBER, _BITS)]
    for start, end in _spans(data):
        tokens = _TOKENS.findall(data, start, end)
        for letters in kinds:
            if (plain := _read(tokens, letters)) and len(plain.translate(None, _PRINTED)) <= len(plain) * (1 - _MOSTLY):
                yield start, plain


def _read(tokens: list[bytes], letters: _Letters) -> bytes:
    """The longest row of tokens that are bytes of one kind."""
    best = max("".join(map(letters.__getitem__, tokens)).split(chr(_NO_BYTE)), key=len)
    return best.encode("latin-1") if len(best) >= _FEWEST else b""


def _spans(data: bytes) -> Iterator[tuple[int, int]]:
    """Where marks stand as far apart as between bytes, a dozen times in a row, with tokens that may be bytes."""
    for first in range(0, len(data), _STRETCH):
        stop = min(len(data), first + _STRETCH + _STRETCH // 256)
        codes = np.frombuffer(data, dtype=np.uint8, offset=first, count=stop - first)
        at = np.flatnonzero(table(_MARKS)[codes])
        if len(at) < _FEWEST:
            continue
        steps = np.minimum(np.diff(at), 255).astype(np.uint8).tobytes()
        spans = np.array(list(runs(steps, _STEPS, _FEWEST)), dtype=np.int64).reshape(-1, 2)
        if not len(spans):
            continue
        starts, ends = np.maximum(0, at[spans[:, 0]] - 8), np.minimum(at[spans[:, 1]] + 9, len(codes))
        row_starts, row_ends = _rows(codes)
        after = np.searchsorted(row_ends, starts, side="right")
        kept = after < len(row_ends)
        kept[kept] = row_starts[after[kept]] < ends[kept]
        yield from zip((first + starts[kept]).tolist(), (first + ends[kept]).tolist(), strict=True)


def _rows(codes: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where rows of a dozen tokens begin and end of which each is a byte of some kind, by its length and letters."""
    bounds = edges(table(_LETTERS)[codes])
    starts, ends = bounds[::2], bounds[1::2]
    lengths = ends - starts
    digits, hexes = (
        counted[ends] - counted[starts]
        for counted in (np.append(0, np.cumsum(table(letters)[codes], dtype=np.int32)) for letters in (DIGITS, _HEXES))
    )
    second = codes[np.minimum(starts + 1, len(codes) - 1)]
    good = (digits == lengths) & ((lengths <= _FEW_DIGITS) | (lengths == _EIGHT))
    good |= ((lengths == _TWO) & (hexes == _TWO)) | ((lengths == _FOUR) & (second == _HEX_MARK))
    tokens = edges(good)
    first, last = tokens[::2], tokens[1::2]
    long = last - first >= _FEWEST
    return starts[first[long]], ends[last[long] - 1]
