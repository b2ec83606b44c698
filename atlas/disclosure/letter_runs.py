"""Where in some bytes runs of certain letters begin: quicker than a pattern that is tried at every byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

DIGITS = b"0123456789"
_STEP = 1 << 22


@cache
def table(letters: bytes) -> NDArray[np.bool_]:
    """Which of all bytes are among some letters."""
    flags = np.zeros(256, dtype=bool)
    flags[list(letters)] = True
    return flags


def edges(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where runs of flags that are set begin and end, in turn."""
    changes = np.flatnonzero(flags[1:] != flags[:-1]) + 1
    first, last = flags[:1].any(), flags[-1:].any()
    return np.concatenate([np.zeros(int(first), dtype=np.int64), changes, np.full(int(last), len(flags))])


def runs(
    data: bytes, letters: bytes, least: int, most: int | None = None, last: bytes | None = None
) -> Iterator[tuple[int, int]]:
    """Start and end of each longest run of so many letters or more, of those that end with one of the last."""
    inside, began = table(letters), None
    lasts = None if last is None else table(last)
    for first in range(0, len(data), _STEP):
        codes = np.frombuffer(data, dtype=np.uint8, offset=first, count=min(_STEP, len(data) - first))
        bounds = edges(inside[codes]) + first
        starts, ends = bounds[::2].copy(), bounds[1::2]
        if began is not None:
            if len(starts) and starts[0] == first:
                starts[0] = began
            else:
                yield from _long(data, np.array([began]), np.array([first]), (least, most), lasts)
        stop = first + len(codes)
        began = int(starts[-1]) if len(ends) and ends[-1] == stop < len(data) else None
        whole = len(starts) - (began is not None)
        yield from _long(data, starts[:whole], ends[:whole], (least, most), lasts)


def _long(
    data: bytes,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    lengths: tuple[int, int | None],
    lasts: NDArray[np.bool_] | None,
) -> Iterator[tuple[int, int]]:
    length = ends - starts
    kept = length >= lengths[0]
    if lengths[1] is not None:
        kept &= length <= lengths[1]
    if lasts is not None:
        kept &= lasts[np.frombuffer(data, dtype=np.uint8)[ends - 1]]
    yield from zip(starts[kept].tolist(), ends[kept].tolist(), strict=True)


def rows_of(data: bytes, *sets: bytes) -> Iterator[int]:
    """Where letters stand of which the first is in the first set, the next in the next, and so on."""
    wide = len(sets)
    for first in range(0, len(data) - wide + 1, _STEP):
        count = min(_STEP + wide - 1, len(data) - first)
        codes = np.frombuffer(data, dtype=np.uint8, offset=first, count=count)
        flags = {letters: table(letters)[codes] for letters in set(sets)}
        good = np.ones(count - wide + 1, dtype=bool)
        for at, letters in enumerate(sets):
            good &= flags[letters][at : at + len(good)]
        yield from (np.flatnonzero(good) + first).tolist()


def after_digits(data: bytes, letters: bytes, following: bytes) -> Iterator[NDArray[np.int64]]:
    """Where one of the letters stands after a digit and before what may follow, stretch after stretch."""
    wanted, digits, gaps, after = table(letters), table(DIGITS), table(b" ,"), table(following)
    for first in range(0, len(data), _STEP):
        stop = min(len(data), first + _STEP + 3)
        codes = np.frombuffer(data, dtype=np.uint8, offset=first, count=stop - first)
        at = np.flatnonzero(wanted[codes[2:-1]]) + 2
        before = digits[codes[at - 1]] | (gaps[codes[at - 1]] & (digits | gaps)[codes[at - 2]])
        yield at[before & after[codes[at + 1]]] + first


def matches(pattern: re.Pattern[bytes], data: bytes, starts: Iterator[int]) -> Iterator[re.Match[bytes]]:
    """What a pattern matches at some bytes, without what another match holds already."""
    done = 0
    for start in starts:
        if start >= done and (match := pattern.match(data, start)) is not None:
            done = match.end()
            yield match
