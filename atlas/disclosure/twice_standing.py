"""Which of many short pieces stand in some bytes in two places: in one pass, however many they are.

The first eight bytes of each piece are a 64-bit number. The data are read as such numbers at each of the eight offsets;
a hash of 22 bits marks which can be a beginning at all, and only these are held against the sorted pieces, as in
`atlas.disclosure.multi_pattern`. Of each piece the first and the last place are kept, which tell whether it stands
twice without standing in itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SIZE = 10
_HEAD, _BITS = 8, 22
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - _BITS)
# numbers that are held against the marks at once
_MANY = 1 << 19


def standing_twice(data: bytes, pieces: Sequence[bytes]) -> NDArray[np.bool_]:
    """For each piece of ten bytes, whether it stands in the data in two places that don't overlap."""
    listed = np.frombuffer(b"".join(pieces), dtype=np.uint8).reshape(-1, SIZE)
    heads, head_of = np.unique(np.ascontiguousarray(listed[:, :_HEAD]).view("<u8").ravel(), return_inverse=True)
    ends = _tails(listed.ravel(), np.arange(len(listed)) * SIZE)
    keys, key_of = np.unique(head_of.ravel() << 16 | ends, return_inverse=True)
    marks = np.zeros(1 << _BITS, dtype=bool)
    marks[_hashed(heads)] = True
    first, last = np.full(len(keys), len(data)), np.full(len(keys), -1)
    whole = np.frombuffer(data, dtype=np.uint8)
    for start in range(0, len(data), _HEAD * _MANY):
        for at in range(start, start + _HEAD):
            count = min(_MANY, (len(data) - at - SIZE) // _HEAD + 1)
            if count <= 0:
                continue
            numbers = np.frombuffer(data, dtype="<u8", count=count, offset=at)
            near = np.flatnonzero(marks[_hashed(numbers)])
            which = np.minimum(np.searchsorted(heads, numbers[near]), len(heads) - 1)
            near, which = near[heads[which] == numbers[near]], which[heads[which] == numbers[near]]
            places = at + near * _HEAD
            stated = which << 16 | _tails(whole, places)
            key = np.minimum(np.searchsorted(keys, stated), len(keys) - 1)
            places, key = places[keys[key] == stated], key[keys[key] == stated]
            np.minimum.at(first, key, places)
            np.maximum.at(last, key, places)
    return np.asarray((last >= first + SIZE)[key_of.ravel()])


def _hashed(numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
    with np.errstate(over="ignore"):
        return ((numbers * _FACTOR) >> _SHIFT).astype(np.int64)


def _tails(data: NDArray[np.uint8], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The two bytes after the head of each piece as a number."""
    return data[places + _HEAD].astype(np.int64) << 8 | data[places + _HEAD + 1]
