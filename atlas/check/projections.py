"""Which projection positions in metres may be in, anywhere on Earth: said as a likelihood, never taken for granted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from atlas.border_project.expected_region import region

if TYPE_CHECKING:
    from pyproj import Transformer

_MOST = 0.9
_SHOWN = 6
# grids of countries and continents that files come in, with the area in which each is used
_ELSEWHERE = (
    (6372, "INEGI, LCC"),
    (2154, "France, Lambert-93"),
    (27700, "Great Britain, National Grid"),
    (2157, "Ireland, ITM"),
    (28992, "Netherlands, RD New"),
    (31370, "Belgium, Lambert 72"),
    (3812, "Belgium, Lambert 2008"),
    (2056, "Switzerland, LV95"),
    (21781, "Switzerland, LV03"),
    (31467, "Germany, Gauss-Krüger zone 3"),
    (31468, "Germany, Gauss-Krüger zone 4"),
    (31287, "Austria, Lambert"),
    (2180, "Poland, 1992"),
    (5514, "Czechia and Slovakia, Krovak"),
    (23700, "Hungary, EOV"),
    (3006, "Sweden, SWEREF 99 TM"),
    (3067, "Finland, TM35FIN"),
    (3763, "Portugal, TM06"),
    (3844, "Romania, Stereo 70"),
    (2100, "Greece, GGRS87"),
    (3035, "Europe, LAEA"),
    (2039, "Israel, TM Grid"),
    (5070, "United States, Albers"),
    (3347, "Canada, Lambert"),
    (3978, "Canada, Atlas Lambert"),
    (5880, "Brazil, Polyconic"),
    (9377, "Colombia, Origen-Nacional"),
    (5367, "Costa Rica, CRTM05"),
    (7755, "India, LCC"),
    (3414, "Singapore, SVY21"),
    (2326, "Hong Kong 1980"),
    (3826, "Taiwan, TWD97"),
    (5179, "Korea, Unified"),
    (2193, "New Zealand, NZTM"),
    (3577, "Australia, Albers"),
    (3112, "Australia, Lambert"),
    (3857, "Web Mercator"),
)
_EASTING = (100_000.0, 900_000.0)
_NORTHING = (0.0, 10_000_000.0)
_FARTHEST_LAT = 84.0

Positions = NDArray[np.float64]


def guess(positions: Sequence[tuple[float, float]], longitude: float | None = None) -> str:
    """A sentence on the projection of positions in metres, with the remedy.

    Parameters
    ----------
    positions
        As they stand in the file.
    longitude
        About where they are, in degrees, where that is known otherwise.
    """
    xy, near = np.array(positions, dtype=np.float64), region().near
    if longitude is None and (
        here := [f"EPSG:{code} ({name})" for code, name in region().projections if _share(code, xy, near) >= _MOST]
    ):
        others = f", but {' and '.join(here[1:])} would fit as well" if len(here) > 1 else ""
        elsewhere = "" if _utm(xy, None) is None else f"; elsewhere on Earth {_ZONES} does"
        return f"looks like {here[0]}{others}{elsewhere}; find out, then reproject."
    fits = [fit for fit in (_utm(xy, longitude), *_grids(xy)) if fit is not None][:_SHOWN]
    if not fits and (
        turned := [fit for fit in (_utm(xy[:, ::-1], longitude), *_grids(xy[:, ::-1])) if fit is not None]
    ):
        return (
            f"with northing before easting it looks like {turned[0]}; find out, swap the two numbers, then reproject."
        )
    if not fits:
        return "no usual projection puts them onto land; find out the CRS at the source and reproject."
    others = f", or {', '.join(fits[1:])}" if len(fits) > 1 else ""
    return f"looks like {fits[0]}{others}; find out, then reproject."


_ZONES = "EPSG:326ZZ north and EPSG:327ZZ south of the equator, with ZZ = (longitude + 180) / 6 + 1 rounded down (UTM),"


def _utm(xy: Positions, longitude: float | None) -> str | None:
    """UTM zones that the numbers may be in: all of them look the same, only the longitude tells them apart."""
    east, north = xy.T
    inside = (east >= _EASTING[0]) & (east <= _EASTING[1]) & (north >= _NORTHING[0]) & (north <= _NORTHING[1])
    if inside.mean() < _MOST:
        return None
    middle = np.median(xy, axis=0)[None, :]
    lats = [float(_degrees(code, middle)[0, 1]) for code in (32601, 32701)]
    places = [f"{abs(lat):.1f}° {'north' if lat >= 0 else 'south'}" for lat in lats if 0 < abs(lat) <= _FARTHEST_LAT]
    if not places:
        return None
    if longitude is not None:
        zone = min(60, int((longitude + 180) // 6) + 1)
        codes = f"EPSG:{32600 + zone} (UTM zone {zone}N) or EPSG:{32700 + zone} ({zone}S)"
        return f"{codes}, at latitude {' or '.join(places)}"
    return f"{_ZONES} at latitude {' or '.join(places)}"


def _grids(xy: Positions) -> list[str]:
    """Grids of countries in whose area the numbers come to lie."""
    fits = []
    for code, name in _ELSEWHERE:
        bounds = _area_of_use(code)
        if bounds is not None and _share(code, xy, bounds) >= _MOST:
            fits.append((bounds, f"EPSG:{code} ({name})"))
    # the smaller its area, the less it is chance
    return [text for bounds, text in sorted(fits, key=lambda fit: (fit[0][2] - fit[0][0]) * (fit[0][3] - fit[0][1]))]


def _share(code: int, xy: Positions, bounds: tuple[float, float, float, float]) -> float:
    lonlat = _degrees(code, xy)
    west, south, east, north = bounds
    with np.errstate(invalid="ignore"):
        inside = (lonlat >= [west, south]).all(axis=1) & (lonlat <= [east, north]).all(axis=1)
    return float(np.mean(inside))


def _degrees(code: int, xy: Positions) -> Positions:
    """Longitude and latitude; infinite where the projection has none."""
    from pyproj.exceptions import ProjError  # noqa: PLC0415 - loaded only where positions are in metres

    try:
        return np.column_stack(_to_degrees(code).transform(xy[:, 0], xy[:, 1]))
    except ProjError:
        return np.full_like(xy, np.inf)


# PROJ looks for the ways between two systems in its database, which takes longer than all positions of a guess
@cache
def _to_degrees(code: int) -> Transformer:
    import pyproj  # noqa: PLC0415 - as above

    return pyproj.Transformer.from_crs(code, 4326, always_xy=True)


@cache
def _area_of_use(code: int) -> tuple[float, float, float, float] | None:
    """West, south, east and north, in degrees."""
    import pyproj  # noqa: PLC0415 - as above

    area = pyproj.CRS.from_epsg(code).area_of_use
    return None if area is None else area.bounds
