"""Positions on a grid of decimals: rounded the same way at any scale, compared as one number, without repetition."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.float64]


def nearest(xy: Positions, decimals: int) -> Positions:
    """Positions at so many decimals.

    What lies halfway is not left to the last bit of a double, so that it goes the same way after a change of scale.
    """
    return np.asarray(np.round(xy + 10.0 ** (-decimals - 4), decimals) + 0.0)


def packed(xy: Positions) -> NDArray[np.complex128]:
    """Positions as one number each, which numpy compares in one go."""
    return np.ascontiguousarray(xy[:, :2] + 0.0).view(np.complex128)[:, 0]


def without_repeats(run: Positions) -> Positions:
    """The run without positions that are the same as the one before."""
    same = (np.diff(run[:, :2], axis=0) == 0).all(axis=1)
    return run[np.append([True], ~same)] if same.any() else run
