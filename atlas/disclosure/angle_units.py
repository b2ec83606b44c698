"""Numbers that are angles in other units than degrees: seconds, minutes, radians, gons, and digits packed together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from atlas.disclosure.candidates import Box, Candidates, Floats, Numbers

_STEPS = (1, 2)
_TURN, _HALF = 360.0, 180.0
_COARSEST = 0.0006
_WIDEST = 0.5
# degrees, and how many of the last unit are one of them
_Reading = Callable[[Floats], tuple[Floats, float]]


def _times(factor: float) -> _Reading:
    return lambda values: (values * factor, 1 / factor)


def _minutes_packed(values: Floats) -> tuple[Floats, float]:
    """Degrees and minutes as ``1437.6429``."""
    degrees, minutes = np.divmod(values, 100)
    return np.where((values >= 100) & (minutes < 60), degrees + minutes / 60, np.nan), 60.0  # noqa: PLR2004 - as it is packed


def _seconds_packed(values: Floats) -> tuple[Floats, float]:
    """Degrees, minutes and seconds as ``143738.6``."""
    degrees, rest = np.divmod(values, 10_000)
    minutes, seconds = np.divmod(rest, 100)
    good = (values >= 10_000) & (minutes < 60) & (seconds < 60)  # noqa: PLR2004 - as it is packed
    return np.where(good, degrees + minutes / 60 + seconds / 3600, np.nan), 3600.0


UNITS: Mapping[str, _Reading] = MappingProxyType(
    {
        "seconds of a degree": _times(1 / 3600),
        "thousandths of a second": _times(1 / 3_600_000),
        "minutes of a degree": _times(1 / 60),
        "gons": _times(0.9),
        "radians": _times(_HALF / math.pi),
        "degrees and minutes packed": _minutes_packed,
        "degrees, minutes and seconds packed": _seconds_packed,
    }
)
# in these only what is a secret to the last digit counts: so many readings come near one by chance
_EASTWARD = "degrees counted eastward"
ONLY_EXACT = frozenset(
    {*UNITS, _EASTWARD, "digits in groups of three", "degrees and decimals in columns", "middles of boxes"}
)


def other_units(numbers: Numbers, box: Box) -> Iterator[Numbers]:
    """Numbers of a text as angles in every unit in which any of them may be in a box."""
    with np.errstate(invalid="ignore"):
        for name, read in UNITS.items():
            degrees, per_degree = read(numbers.values)
            fine = numbers.unit / per_degree
            degrees = np.where(fine <= _COARSEST, degrees, np.nan)
            if box.has_x(degrees).any() and box.has_y(degrees).any():
                yield replace(numbers, how=name, values=degrees, unit=fine, steps=_STEPS)
        east = np.where(numbers.values > _HALF, _TURN - numbers.values, np.nan)
        if box.has_x(east).any():
            turned = np.where(box.has_y(numbers.values), numbers.values, east)
            yield replace(numbers, how=_EASTWARD, values=turned, steps=_STEPS)


def middles(numbers: Numbers, box: Box) -> Candidates:
    """Middles of boxes: of four numbers in a row, twice a longitude and a latitude in either order."""
    values, unit = numbers.values, numbers.unit
    if len(values) < 4:  # noqa: PLR2004 - a box
        none = np.zeros(0)
        return Candidates("middles of boxes", none, none, none, none, np.zeros(0, dtype=np.int64))
    first, second, third, fourth = values[:-3], values[1:-2], values[2:-1], values[3:]
    fine = np.maximum.reduce([unit[:-3], unit[1:-2], unit[2:-1], unit[3:]])
    x, y = (first + third) / 2, (second + fourth) / 2
    with np.errstate(invalid="ignore"):
        small = (np.abs(first - third) <= _WIDEST) & (np.abs(second - fourth) <= _WIDEST) & (fine <= _COARSEST)
    plain = np.flatnonzero(small & box.has_x(x) & box.has_y(y))
    turned = np.flatnonzero(small & box.has_y(x) & box.has_x(y))
    at = np.concatenate([plain, turned])
    longitudes, latitudes = np.concatenate([x[plain], y[turned]]), np.concatenate([y[plain], x[turned]])
    return Candidates("middles of boxes", longitudes, latitudes, fine[at], fine[at], numbers.offsets[at])
