"""Lines in Google's encoding, wherever they stand in a text: steps between positions, five bits a letter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from atlas.disclosure.binary import steps_of
from atlas.disclosure.letter_runs import runs

# longitude, latitude, and how many decimals they have
Position = tuple[float, float, int]

_SHORTEST = 6
_ENCODED = bytes(range(63, 127))
# of the letters, those with which a step ends
_HALF = 32
_PRECISIONS = (5, 6)
_MOST, _AT_ONCE = 400_000, 10_000


def polylines(data: bytes) -> Iterator[tuple[int, list[Position]]]:
    """Lines of Google's encoding, of five or six decimals, latitude first; all letters may be one."""
    plain = data.replace(b"\\\\", b"\\") if b"\\\\" in data else data
    # each step has an end: the last letter is one of the lower half
    where = list(runs(plain, _ENCODED, _SHORTEST, last=bytes(range(_ENCODED[0], _ENCODED[0] + _HALF))))
    for first in range(0, len(where), _AT_ONCE):
        yield from _decoded_lines(plain, where[first : first + _AT_ONCE])


def _decoded_lines(data: bytes, where: list[tuple[int, int]]) -> Iterator[tuple[int, list[Position]]]:
    """Some runs of letters as lines, those that are on the earth: decoded all at once, since many a word is a run."""
    letters = b"".join(data[start:end] for start, end in where)
    steps = steps_of(letters, _ENCODED[0])
    ends = np.cumsum(np.frombuffer(letters, dtype=np.uint8) < _ENCODED[0] + _HALF)
    counts = np.diff(ends[np.cumsum([end - start for start, end in where]) - 1], prepend=0)
    whole = (counts % 2 == 0) & (counts <= _MOST)
    line = np.cumsum(steps[np.repeat(whole, counts)].reshape(-1, 2), axis=0)
    lengths = counts[whole] // 2
    first = np.cumsum(lengths) - lengths
    # each run begins anew
    line -= np.repeat(np.vstack([np.zeros((1, 2), dtype=np.int64), line])[first], lengths, axis=0)
    furthest = np.maximum.reduceat(np.abs(line), first) if len(first) else line
    starts = [start for (start, _), kept in zip(where, whole.tolist(), strict=True) if kept]
    for precision in _PRECISIONS:
        on_earth = (furthest <= np.array((90, 180)) * 10**precision).all(axis=1)
        for at in np.flatnonzero(on_earth).tolist():
            degrees = line[first[at] : first[at] + lengths[at]] / 10**precision
            yield starts[at], [(lon, lat, precision) for lat, lon in degrees.tolist()]
