"""Numbers put into classes by mapclassify, so that the legend says exactly where each class ends."""

from __future__ import annotations

import math
import warnings
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from atlas.cartography.composition import Style
from atlas.errors import UsageError

# Fisher's and Jenks' way takes the square of this many steps
MOST_EXACT = 1500
_MOST_DIGITS = 9
MOST_DECIMALS = 12


@dataclass(frozen=True, slots=True)
class Interval:
    """A class of numbers: above ``low`` (or from it on, where it is the first) up to and with ``high``."""

    low: float
    high: float
    first: bool
    count: int


@dataclass(frozen=True, slots=True)
class Classification:
    """Intervals from the smallest, and how many of them lie below the midpoint and on it.

    Attributes
    ----------
    of
        The number of the interval of each value.
    decimals
        How many decimals tell the ends of the intervals apart.
    single
        Whether each interval holds one value only.
    sampled
        Whether the breaks were sought among a part of the values.
    """

    intervals: tuple[Interval, ...]
    of: tuple[int, ...]
    below: int
    on: int
    decimals: int
    single: bool = False
    sampled: bool = False


def classify(values: Sequence[float], style: Style) -> Classification:
    """Put numbers into classes as a style says.

    Raises
    ------
    UsageError
        Breaks or a midpoint leave no number on either side.
    """
    middle = style.midpoint
    if middle is None:
        parts = [_breaks(values, style, style.classes)]
    else:
        half = max(1, style.classes // 2)
        sides = [v for v in values if v < middle], [v for v in values if v == middle], [v for v in values if v > middle]
        parts = [
            _breaks(side, style, half) if side and n != 1 else [middle] * bool(side) for n, side in enumerate(sides)
        ]
        # where no value stands on it the midpoint itself parts the colours, not the last value before it
        if parts[0] and parts[2] and not parts[1]:
            parts[0][-1] = float(middle)
    uppers = [upper for part in parts for upper in part]
    sampled = style.scheme == "fisher_jenks" and len(values) > MOST_EXACT
    below, on = (len(parts[0]), len(parts[1])) if middle is not None else (0, 0)
    uppers, decimals = _rounded(values, uppers, exact=style.scheme == "user", middle=middle)
    of = tuple(bisect_left(uppers, value) for value in values)
    lows = [min(values), *uppers[:-1]]
    intervals = tuple(
        Interval(low, high, n == 0, of.count(n)) for n, (low, high) in enumerate(zip(lows, uppers, strict=True))
    )
    single = style.scheme != "user" and middle is None and len(set(values)) <= len(uppers)
    return Classification(intervals, of, below, on, decimals, single, sampled)


def _breaks(values: Sequence[float], style: Style, classes: int) -> list[float]:
    """Upper ends of the classes, the last at the greatest value or beyond."""
    distinct = sorted(set(values))
    if style.scheme == "user":
        inner = [upper for upper in style.breaks if distinct[0] <= upper]
        kept = inner if style.midpoint is None else [upper for upper in inner if upper < distinct[-1]]
        return [upper for upper in kept if upper < distinct[-1]] + [distinct[-1]]
    if len(distinct) <= classes:
        return distinct
    return _by_mapclassify(_thinned(values), style.scheme, classes, distinct[-1])


def _by_mapclassify(values: Sequence[float], scheme: str, classes: int, greatest: float) -> list[float]:
    import mapclassify  # noqa: PLC0415 - it loads for seconds

    figures = np.asarray(values, dtype=float)
    with warnings.catch_warnings(action="ignore"):
        made = {
            "quantiles": lambda: mapclassify.Quantiles(figures, k=classes),
            "equal_interval": lambda: mapclassify.EqualInterval(figures, k=classes),
            "fisher_jenks": lambda: mapclassify.FisherJenks(figures, k=classes),
            "head_tail": lambda: mapclassify.HeadTailBreaks(figures),
            "std_mean": lambda: mapclassify.StdMean(figures),
        }[scheme]()
    smallest = float(figures.min())
    # a class that ends below the smallest value would be empty by construction
    ends = sorted({float(upper) for upper in made.bins if smallest <= float(upper) < greatest})
    return [*ends, greatest]


def _thinned(values: Sequence[float]) -> Sequence[float]:
    if len(values) <= MOST_EXACT:
        return values
    ordered = np.sort(np.asarray(values, dtype=float))
    return [float(v) for v in ordered[np.linspace(0, len(ordered) - 1, MOST_EXACT).round().astype(int)]]


def _rounded(
    values: Sequence[float], uppers: list[float], *, exact: bool, middle: float | None
) -> tuple[list[float], int]:
    """Ends with as few decimals as put every value into the same class; what a person gave is kept."""
    of = [bisect_left(uppers, value) for value in values]
    # of billions nobody reads the last digits, and still less the decimals
    greatest = max(abs(value) for value in values)
    spare = MOST_DECIMALS if greatest < 1 else _MOST_DIGITS - len(f"{greatest:.0f}")
    for decimals in range(min(0, spare), MOST_DECIMALS):
        inner = [_shortened(upper, decimals) for upper in uppers[:-1]]
        short = [*inner, uppers[-1]]
        fits = len(set(inner)) == len(inner) and [bisect_left(short, value) for value in values] == of
        kept = inner == uppers[:-1] if exact else _beside(middle, uppers, inner)
        if fits and kept and _close(uppers, inner):
            return short, max(decimals, min(_decimals(uppers[-1]), max(0, spare)))
    return uppers, MOST_DECIMALS


def _shortened(upper: float, decimals: int) -> float:
    """An end with so many decimals; of a very large number the next above, as the end is often a value itself."""
    if decimals >= 0:
        return round(upper, decimals)
    step = 10**-decimals
    return float(math.ceil(upper / step) * step)


def _beside(middle: float | None, uppers: Sequence[float], inner: Sequence[float]) -> bool:
    """Whether rounding left every end on its side of the midpoint, and the midpoint itself where it is."""
    return middle is None or all(
        (a < middle) == (b < middle) and (a == middle) == (b == middle) for a, b in zip(uppers, inner, strict=False)
    )


def _close(uppers: Sequence[float], inner: Sequence[float]) -> bool:
    """Whether rounding moved no end by more than a twentieth of what lies between ends."""
    spread = (uppers[-1] - uppers[0]) / max(1, len(uppers))
    return all(abs(a - b) <= spread / 20 for a, b in zip(uppers, inner, strict=False))


def _decimals(value: float) -> int:
    text = np.format_float_positional(value, trim="-")
    return min(MOST_DECIMALS, len(text.partition(".")[2]))


def symbol_steps(values: Sequence[float]) -> list[float]:
    """Round numbers for the circles of a legend: one near the greatest value, one near a quarter, one small."""
    greatest = max(values, default=0.0)
    if greatest <= 0:
        return []
    steps = [_round_below(greatest / part) for part in (1, 4, 20)]
    return sorted({step for step in steps if step > 0}, reverse=True)


def _round_below(value: float) -> float:
    if value <= 0 or not math.isfinite(value):
        return 0.0
    power = math.floor(math.log10(value))
    step = max(n for n in (1, 2, 5) if n * 10.0**power <= value * (1 + 1e-12))
    return float(f"{step}e{power}")


def require_numbers(values: Sequence[float], field: str) -> None:
    """Raise where a field has no number at all.

    Raises
    ------
    UsageError
        It has none.
    """
    if not values:
        msg = f"the field {field!r} has no number, so there is nothing to put into classes or to draw a size of"
        raise UsageError(msg)
