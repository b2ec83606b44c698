"""Arcs as short text: differences of grid steps, five bits a character."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
BITS = 5
MORE = 1 << BITS


def pack(arcs: Sequence[NDArray[np.int64]]) -> tuple[str, str]:
    """All arcs as one run of steps, longitude and latitude in turn, and how many positions each arc has."""
    if not arcs:
        return "", ""
    positions = np.concatenate([np.zeros((1, 2), dtype=np.int64), *arcs])
    return _encode((positions[1:] - positions[:-1]).ravel()), _encode(np.array([len(arc) for arc in arcs]))


def unpack(steps: str, sizes: str) -> list[NDArray[np.int64]]:
    """The reverse of ``pack``; the browser has its own, this one is for checking."""
    positions = np.cumsum(_decode(steps).reshape(-1, 2), axis=0)
    return np.split(positions, np.cumsum(_decode(sizes))[:-1])


def _encode(values: NDArray[np.int64]) -> str:
    folded = np.where(values < 0, -2 * values - 1, 2 * values)
    widest = max(1, -(-int(folded.max()).bit_length() // BITS))
    # half as wide where that is enough, as it is for all but sums of many turns
    kind = np.uint32 if widest * BITS <= 32 else np.uint64  # noqa: PLR2004 - bits
    rest = folded.astype(kind)[:, None] >> (BITS * np.arange(widest)).astype(kind)
    groups = (rest & kind(MORE - 1)).astype(np.uint8)
    used = rest > 0
    used[:, 0] = True
    groups[:, :-1] |= np.where(used[:, 1:], np.uint8(MORE), np.uint8(0))
    letters = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
    text: str = letters[groups[used]].tobytes().decode()
    return text


def _decode(text: str) -> NDArray[np.int64]:
    values: list[int] = []
    value = shift = 0
    for letter in text:
        group = ALPHABET.index(letter)
        value |= (group & (MORE - 1)) << shift
        shift += BITS
        if not group & MORE:
            values.append(-(value + 1) // 2 if value & 1 else value // 2)
            value = shift = 0
    return np.array(values, dtype=np.int64)
