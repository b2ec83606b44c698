"""Classes for a map of figures: where one colour ends and the next begins.

Equal counts are quantiles. Natural breaks are, of all ways to cut the sorted figures into so many classes, the one with
the least sum of squared differences from the classes' means.

*Why it is right.* The best way to make *n* classes of the first *i* figures ends with some class; what is before it is
the best way to make *n* - 1 classes of fewer figures. So all ways are covered by a table of the best for each *n* and
each end (dynamic programming), and nothing is sampled. A class may end only where figures differ, so that equal figures
have one colour.

*Invariants* (`tests/render/test_classes.py`): no other way to cut is better, as all are tried for small sets; an
unknown figure has no class. Source: W. D. Fisher, JASA 53 (1958) 789–798, in cartography G. F. Jenks (1977).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

CLASSES = 5


@dataclass(frozen=True, slots=True)
class Classes:
    """Figures put into classes, smallest first; equal figures are always in one class.

    Attributes
    ----------
    of
        The number of the class of each figure, ``None`` for an unknown one.
    ranges
        Smallest and greatest figure of each class.
    counts
        How many figures each class has.
    fit
        Share of the spread that lies between the classes rather than inside them (goodness of variance fit).
    """

    of: tuple[int | None, ...]
    ranges: tuple[tuple[float, float], ...]
    counts: tuple[int, ...]
    fit: float


def equal_counts(values: Sequence[float | None], *, wanted: int = CLASSES) -> Classes:
    """Quantiles: each class has as many figures as the next one, as far as ties and the number of figures allow."""
    known = sorted(value for value in values if value is not None)
    below = {value: rank for rank, value in reversed(list(enumerate(known)))}
    number = {value: wanted * rank // len(known) for value, rank in below.items()}
    return _classes(values, [value for value, after in pairwise(sorted(number)) if number[value] != number[after]])


def natural_breaks(values: Sequence[float | None], *, wanted: int = CLASSES) -> Classes:
    """Fisher's and Jenks' breaks: of all ways to make so many classes, the one with the least spread inside them."""
    known = sorted(value for value in values if value is not None)
    ends = [rank for rank, (value, after) in enumerate(pairwise(known)) if value != after]
    # a class may end only where figures differ, so that equal ones stay together
    steps = [*ends, len(known) - 1] if known else []
    spread = _spreads(known)
    best: dict[int, tuple[float, tuple[int, ...]]] = {end: (spread(0, end), ()) for end in steps}
    for _ in range(min(wanted, len(steps)) - 1):
        best = {
            end: min([best[end], *((best[cut][0] + spread(cut + 1, end), (*best[cut][1], cut)) for cut in earlier)])
            for end, earlier in ((end, steps[:index]) for index, end in enumerate(steps))
        }
    cuts: tuple[int, ...] = best[steps[-1]][1] if steps else ()
    return _classes(values, [known[cut] for cut in cuts])


def _classes(values: Sequence[float | None], uppers: Sequence[float]) -> Classes:
    of = tuple(None if value is None else sum(value > upper for upper in uppers) for value in values)
    members: list[list[float]] = [[] for _ in range(len(uppers) + 1)]
    for value, number in zip(values, of, strict=True):
        if value is not None and number is not None:
            members[number].append(value)
    members = [sorted(group) for group in members if group]
    known = sorted(value for group in members for value in group)
    whole = _spreads(known)(0, len(known) - 1) if known else 0.0
    inside = sum(_spreads(group)(0, len(group) - 1) for group in members)
    return Classes(
        of,
        tuple((group[0], group[-1]) for group in members),
        tuple(len(group) for group in members),
        1 - inside / whole if whole else 1.0,
    )


class _spreads:  # noqa: N801 - it is called like a function
    """Sum of squared differences from the mean, for any run of sorted figures."""

    def __init__(self, values: Sequence[float]) -> None:
        # figures are taken from their middle one, so that large ones keep their digits
        middle = values[len(values) // 2] if values else 0.0
        self._sums = [0.0, *accumulate(value - middle for value in values)]
        self._squares = [0.0, *accumulate((value - middle) ** 2 for value in values)]

    def __call__(self, first: int, last: int) -> float:
        total = self._sums[last + 1] - self._sums[first]
        return self._squares[last + 1] - self._squares[first] - total**2 / (last + 1 - first)
