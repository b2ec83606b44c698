"""Pairs of numbers that may be positions, whatever they were written as."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

DEGREES = "degrees"
EXACT = 9
_COARSE, _FINEST = 5e-5, 1e-6


class Box(NamedTuple):
    """Where positions can be, in the units of a frame; degrees without their sign."""

    x_min: float
    x_max: float
    y_min: float
    y_max: float

    @property
    def spans(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Least and most of both coordinates, none of them below nothing."""
        x, y = (self.x_min, self.x_max), (self.y_min, self.y_max)
        return (max(0.0, x[0]), max(0.0, x[1])), (max(0.0, y[0]), max(0.0, y[1]))

    def has_x(self, values: Floats) -> Flags:
        """Which values may be a first coordinate."""
        with np.errstate(invalid="ignore"):
            return (values >= self.x_min) & (values <= self.x_max)

    def has_y(self, values: Floats) -> Flags:
        """Which values may be a second coordinate."""
        with np.errstate(invalid="ignore"):
            return (values >= self.y_min) & (values <= self.y_max)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers in the order in which they stand: values, digits after the point, and byte offsets.

    Attributes
    ----------
    step
        How far apart, in numbers, the two of a position may stand.
    unit
        What one in the last digit is, in the units of the frame; for each number.
    """

    how: str
    values: Floats
    unit: Floats
    offsets: Integers
    steps: Sequence[int] = (1,)
    frame: str = DEGREES

    def without(self, gone: Flags) -> Numbers:
        """The same without some of the numbers; the others stay as far apart as they were."""
        kept = np.where(gone, np.nan, self.values)
        return Numbers(self.how, kept, self.unit, self.offsets, self.steps, self.frame)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs that may be positions; ``unit`` is how finely they are written."""

    how: str
    x: Floats
    y: Floats
    unit_x: Floats
    unit_y: Floats
    offsets: Integers
    frame: str = DEGREES

    def only(self, chosen: Flags | Integers) -> Candidates:
        """Some of them."""
        return Candidates(
            self.how,
            self.x[chosen],
            self.y[chosen],
            self.unit_x[chosen],
            self.unit_y[chosen],
            self.offsets[chosen],
            self.frame,
        )


@dataclass(frozen=True)
class PublicPairs:
    """Positions that the project publishes, in one frame: the vertices of its layers and of places made of them.

    They are asked for when something is held against them: most files have nothing that may be one in metres.
    """

    _positions: Callable[[], tuple[Floats, Floats]]
    _known: dict[float, Integers] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, x: Floats, y: Floats) -> PublicPairs:
        """Those at hand."""
        return cls(lambda: (x, y))

    def moved(self, move: Callable[[Floats, Floats], tuple[Floats, Floats]]) -> PublicPairs:
        """The same in another frame, without those that it has no place for."""

        def positions() -> tuple[Floats, Floats]:
            x, y = move(self.x, self.y)
            good = np.isfinite(x) & np.isfinite(y)
            return x[good], y[good]

        return PublicPairs(positions)

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process go the positions, not how they are come by."""
        return PublicPairs.of, (self.x, self.y)

    @cached_property
    def _at(self) -> tuple[Floats, Floats]:
        return self._positions()

    @property
    def x(self) -> Floats:
        """Along the first axis of the frame."""
        return self._at[0]

    @property
    def y(self) -> Floats:
        """Along the second."""
        return self._at[1]

    def has(self, x: Floats, y: Floats, unit: Floats) -> Flags:
        """Which pairs are public positions, written as finely as they are."""
        held = np.zeros(len(x), dtype=bool)
        if not len(x) or not len(self.x):
            return held
        # coarser ones lie near a public position by chance, and must be one to the last digit
        sizes = np.where(unit < _COARSE, np.maximum(unit, _FINEST), _FINEST)
        for size in set(sizes.tolist()):
            here = np.flatnonzero(sizes == size)
            wanted = _keys(x[here], y[here], size)
            keys = self._keys_at(size)
            at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            held[here] = keys[at] == wanted
        return held

    def _keys_at(self, size: float) -> Integers:
        if size not in self._known:
            self._known[size] = np.unique(_keys(self.x, self.y, size))
        return self._known[size]

    def has_single(self, x: Floats, y: Floats) -> Flags:
        """Which pairs are public positions in floats of four bytes."""
        if not len(x) or not len(self.x):
            return np.zeros(len(x), dtype=bool)
        if _SINGLE_KEYS not in self._known:
            self._known[_SINGLE_KEYS] = np.unique(_single_keys(self.x, self.y))
        keys = self._known[_SINGLE_KEYS]
        wanted = _single_keys(x, y)
        return np.asarray(keys[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)] == wanted)


# beside the sizes of cells
_SINGLE_KEYS = -1.0


def _single_keys(x: Floats, y: Floats) -> Integers:
    bits = [values.astype(np.float32).view(np.uint32).astype(np.int64) for values in (x, y)]
    return (bits[0] << 32) | bits[1]


def _keys(x: Floats, y: Floats, size: float) -> Integers:
    scaled_x, scaled_y = np.rint(x / size).astype(np.int64), np.rint(y / size).astype(np.int64)
    return (scaled_x << 32) ^ (scaled_y & 0xFFFFFFFF)


def pairs(numbers: Numbers, box: Box) -> Candidates:
    """All pairs within the steps, in both orders, that may lie in the box."""
    is_x, is_y = box.has_x(numbers.values), box.has_y(numbers.values)
    firsts: list[Integers] = []
    seconds: list[Integers] = []
    for step in numbers.steps:
        if step >= len(numbers.values):
            continue
        here = np.flatnonzero(is_x[:-step] & is_y[step:])
        firsts.append(here)
        seconds.append(here + step)
        here = np.flatnonzero(is_y[:-step] & is_x[step:])
        firsts.append(here + step)
        seconds.append(here)
    first = np.concatenate([np.zeros(0, dtype=np.int64), *firsts])
    second = np.concatenate([np.zeros(0, dtype=np.int64), *seconds])
    unit_x, unit_y = numbers.unit[first], numbers.unit[second]
    # a writer that drops zeros at the end makes one of the two look coarse
    coarse = 0.005
    unit_x, unit_y = (
        np.where(unit_x > coarse, unit_y, unit_x),
        np.where(unit_y > coarse, unit_x, unit_y),
    )
    candidates = Candidates(
        numbers.how,
        numbers.values[first],
        numbers.values[second],
        unit_x,
        unit_y,
        np.minimum(numbers.offsets[first], numbers.offsets[second]),
        numbers.frame,
    )
    return candidates.only((unit_x <= coarse) & (unit_y <= coarse)) if numbers.frame == DEGREES else candidates


def public_numbers(numbers: Numbers, box: Box, public: PublicPairs) -> Flags:
    """Which numbers are part of a position that is public anyway, next to each other in either order."""
    gone = np.zeros(len(numbers.values), dtype=bool)
    step = numbers.steps[0]
    if step >= len(gone):
        return gone
    values = numbers.values
    for first, second in ((values[:-step], values[step:]), (values[step:], values[:-step])):
        here = np.flatnonzero(box.has_x(first) & box.has_y(second))
        unit = np.minimum(numbers.unit[:-step], numbers.unit[step:])[here]
        is_public = public.has(first[here], second[here], unit)
        if numbers.how.startswith("32-bit floats"):
            is_public |= public.has_single(first[here], second[here])
        known = here[is_public]
        gone[known] = True
        gone[known + step] = True
    return gone
