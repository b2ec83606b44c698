"""Which projection puts metres into the south of Mexico: said as a likelihood, never taken for granted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyproj
from numpy.typing import NDArray

# west, south, east, north of Mexico's south with the border, in degrees
_SOUTH = (-98.7, 13.0, -86.0, 22.6)
_MOST = 0.9
_CANDIDATES = (
    (32615, "UTM zone 15N"),
    (32616, "UTM zone 16N"),
    (6372, "Mexico ITRF2008 / LCC, INEGI's own"),
    (3857, "Web Mercator"),
    (32614, "UTM zone 14N"),
)


def guess(positions: Sequence[tuple[float, float]]) -> str:
    """A sentence on the projection of positions in metres, with the remedy."""
    fits = [
        f"EPSG:{code} ({name})" for code, name in _CANDIDATES if _share_in_south(code, np.array(positions)) >= _MOST
    ]
    if not fits:
        return "no usual projection puts them into Mexico's south; find out the CRS at the source and reproject."
    if len(fits) == 1:
        return f"looks like {fits[0]}; reproject from it to EPSG:4326."
    return f"looks like {fits[0]}, but {' and '.join(fits[1:])} would fit as well; find out, then reproject."


def _share_in_south(code: int, xy: NDArray[np.float64]) -> float:
    lon, lat = pyproj.Transformer.from_crs(code, 4326, always_xy=True).transform(xy[:, 0], xy[:, 1])
    west, south, east, north = _SOUTH
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return float(np.mean(inside))
