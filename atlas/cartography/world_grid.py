"""The grid on which clouds of points stand: Mercator's square in steps of which 256 · 2¹⁸ go around the equator."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from atlas.geometry.geodesy import Positions

# from here on a point is no object of its own on the page
LEAST_POINTS = 50_000
BITS = 26
SIDE = 1 << BITS
# half a step at the equator along both axes: 0.597 m / √2, rounded up
MOST_OFF_M = 0.43
_EDGE_DEG = 85.0511287


def grid_steps(positions: Positions) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Steps eastward from 180° west and southward from 85.05° north, to the nearest step.

    Parameters
    ----------
    positions
        Longitude and latitude in degrees; what lies nearer to a pole than the square is put on its edge. Longitudes
        that go on beyond 180° are steps beyond the square, up to once more around.
    """
    lon, lat = positions[:, 0], np.radians(np.clip(positions[:, 1], -_EDGE_DEG, _EDGE_DEG))
    x = (lon + 180) / 360
    y = 0.5 - np.arcsinh(np.tan(lat)) / (2 * np.pi)
    # a point is in the middle of its step
    turns = 2 if (x > 1).any() else 1
    columns, rows = (np.floor(one * SIDE).astype(np.int64) for one in (x, y))
    return np.clip(columns, 0, turns * SIDE - 1), np.clip(rows, 0, SIDE - 1)
