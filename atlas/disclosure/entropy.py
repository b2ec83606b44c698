"""Whether bytes look as if they were compressed or encrypted: each value comes about as often as any other."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from atlas.disclosure import binary

_LETTERS = 64
# the base64 of a SHA-512 has 88
_FEWEST_LETTERS, _FEWEST_BYTES = 100, 256
_SHARE_LETTERS, _SHARE_BYTES = 0.92, 0.95
_HALF_TURN = 180.0


def noisy_code(text: bytes) -> bool:
    """Whether the letters of a base64 are spread as evenly as those of something compressed; words are not."""
    return len(text) >= _FEWEST_LETTERS and _evenness(text, _LETTERS) > _SHARE_LETTERS


def noisy_bytes(data: bytes) -> bool:
    """Whether bytes are spread as evenly as those of something compressed; shapes and numbers are not."""
    return len(data) >= _FEWEST_BYTES and _evenness(data, 256) > _SHARE_BYTES


def _evenness(data: bytes, kinds: int) -> float:
    """Entropy as a share of what so many random values have."""
    size = len(data)
    entropy = -sum(count / size * math.log2(count / size) for count in Counter(data).values())
    # a sample has a little less than its source
    return entropy / (math.log2(kinds) - (kinds - 1) / (2 * size * math.log(2)))


def grid_starts(data: bytes) -> frozenset[int]:
    """Where in a page the packed arcs of the atlas stand: long codes that are read as positions, all on earth."""
    starts = set()
    for arcs in binary.grids(data):
        if np.abs(arcs.x).max() <= _HALF_TURN and np.abs(arcs.y).max() <= _HALF_TURN / 2:
            starts.add(int(arcs.offsets[0]))
    return frozenset(starts)
