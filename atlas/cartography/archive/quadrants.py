"""Keys of the grid's steps along a curve of nested quarters, so that each tile of a map is one span of keys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from atlas.cartography.world_grid import BITS

Keys = NDArray[np.uint64]

_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def quadrant_keys(x: NDArray[np.int64], y: NDArray[np.int64]) -> Keys:
    """Bits of x and y by turns, the highest first and those of y before those of x."""
    return _spread(x) | (_spread(y) << np.uint64(1))


def steps_of(keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The steps that keys were made of."""
    return _gathered(keys), _gathered(keys >> np.uint64(1))


def span_of(zoom: int, quadrant: int) -> tuple[int, int]:
    """The first key of a tile, which is the ``quadrant``-th of its zoom along the curve, and the one after its last."""
    shift = 2 * (BITS - zoom)
    return quadrant << shift, (quadrant + 1) << shift


def tile_of(quadrant: int) -> tuple[int, int]:
    """The column and the row of a tile."""
    x, y = steps_of(np.array([quadrant], np.uint64))
    return int(x[0]), int(y[0])


def _spread(values: NDArray[np.int64]) -> Keys:
    out = values.astype(np.uint64)
    for shift, mask in _SPREAD:
        out = (out | (out << np.uint64(shift))) & np.uint64(mask)
    return out


def _gathered(keys: Keys) -> NDArray[np.int64]:
    out = keys & np.uint64(_SPREAD[-1][1])
    masks = [*(mask for _, mask in reversed(_SPREAD[:-1])), 0x00000000FFFFFFFF]
    for (shift, _), mask in zip(reversed(_SPREAD), masks, strict=True):
        out = (out | (out >> np.uint64(shift))) & np.uint64(mask)
    return out.astype(np.int64)
