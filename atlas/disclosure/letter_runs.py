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


def runs(data: bytes, letters: bytes, least: int, most: int | None = None) -> Iterator[tuple[int, int]]:
    """Start and end of each longest run of so many letters or more."""
    inside, began = table(letters), None
    for first in range(0, len(data), _STEP):
        codes = np.frombuffer(data, dtype=np.uint8, offset=first, count=min(_STEP, len(data) - first))
        edges = np.flatnonzero(np.diff(inside[codes].view(np.int8), prepend=0, append=0)) + first
        starts, ends = edges[::2].copy(), edges[1::2]
        if began is not None:
            if len(starts) and starts[0] == first:
                starts[0] = began
            else:
                yield from _long(np.array([began]), np.array([first]), least, most)
        stop = first + len(codes)
        began = int(starts[-1]) if len(ends) and ends[-1] == stop < len(data) else None
        whole = len(starts) - (began is not None)
        yield from _long(starts[:whole], ends[:whole], least, most)


def _long(
    starts: NDArray[np.int64], ends: NDArray[np.int64], least: int, most: int | None
) -> Iterator[tuple[int, int]]:
    length = ends - starts
    kept = length >= least
    if most is not None:
        kept &= length <= most
    yield from zip(starts[kept].tolist(), ends[kept].tolist(), strict=True)


def matches(pattern: re.Pattern[bytes], data: bytes, starts: Iterator[int]) -> Iterator[re.Match[bytes]]:
    """What a pattern matches at some bytes, without what another match holds already."""
    done = 0
    for start in starts:
        if start >= done and (match := pattern.match(data, start)) is not None:
            done = match.end()
            yield match
