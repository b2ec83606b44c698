"""Many byte strings looked for at once, at every byte: by their last eight bytes, then the whole.

The last eight bytes of each string are a 64-bit number (the first ones of times, the year and month, stand in every
row of many tables). The data are read as such numbers at each of the eight offsets; a hash of 22 bits (multiplication
by the golden ratio) marks which can be an end at all, a search in the sorted ends tells which are, and only there the
whole string is compared.

*Why it is right.* Every position of the data is where a number begins at one of the eight offsets, so nothing is
missed; a hash that happens to be marked costs a search and finds nothing that is not there.

*Invariants*: strings are eight bytes long or longer; a file without any costs one pass, however many are looked for.
Source: multiple-pattern search by hashed pieces (R. M. Karp and M. O. Rabin, 1987), with D. Knuth's multiplicative
hash.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

TAIL = 8
# of the table of marks: few strings need a small one, which stays near the processor
_FEWEST_BITS, _MOST_BITS, _ROOM = 12, 22, 64
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_MOST_HITS = 5000

Needle = tuple[bytes, str, int]


@dataclass
class Needles:
    """Byte strings of at least eight bytes, each with its kind and the number of its record."""

    needles: Sequence[Needle]
    _tails: NDArray[np.uint64] = field(init=False, repr=False)
    _order: NDArray[np.int64] = field(init=False, repr=False)
    _marks: NDArray[np.bool_] = field(init=False, repr=False)
    _shift: np.uint64 = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Sort the ends, and mark what they hash to."""
        joined = b"".join(needle[-TAIL:] for needle, _, _ in self.needles)
        tails = np.frombuffer(joined, dtype="<u8")
        self._order = np.argsort(tails, kind="stable")
        self._tails = tails[self._order]
        bits = min(_MOST_BITS, max(_FEWEST_BITS, (len(tails) * _ROOM).bit_length()))
        self._shift = np.uint64(64 - bits)
        self._marks = np.zeros(1 << bits, dtype=bool)
        self._marks[self._hashed(tails)] = True

    def _hashed(self, tails: NDArray[np.uint64]) -> NDArray[np.int64]:
        with np.errstate(over="ignore"):
            return ((tails * _FACTOR) >> self._shift).astype(np.int64)

    def search(self, data: bytes) -> Iterator[tuple[Needle, int]]:
        """Every needle that occurs, with an offset; not more than some thousands."""
        if not len(self._tails):
            return
        hits = 0
        for start in range(min(TAIL, max(0, len(data) - TAIL + 1))):
            windows = np.frombuffer(data, dtype="<u8", offset=start, count=(len(data) - start) // TAIL)
            near = np.flatnonzero(self._marks[self._hashed(windows)])
            first = np.searchsorted(self._tails, windows[near], side="left")
            last = np.searchsorted(self._tails, windows[near], side="right")
            for index in np.flatnonzero(last > first).tolist():
                offset = start + int(near[index]) * TAIL
                for number in self._order[first[index] : min(last[index], first[index] + 200)].tolist():
                    needle = self.needles[number]
                    begin = offset + TAIL - len(needle[0])
                    if begin >= 0 and data.startswith(needle[0], begin):
                        hits += 1
                        yield needle, begin
                if hits > _MOST_HITS:
                    return
