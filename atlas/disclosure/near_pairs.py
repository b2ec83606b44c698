"""Which pairs of numbers are a secret position, and which only look like one by chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely

from atlas.disclosure.candidates import (
    DEGREES,
    EXACT,
    Box,
    Candidates,
    Flags,
    Floats,
    Integers,
    Numbers,
    PublicPairs,
)
from atlas.disclosure.chance import tail
from atlas.disclosure.false_alarms import SINGLE, Clue
from atlas.geometry.units import METRES_PER_DEGREE

_CELL: Mapping[str, float] = {DEGREES: 0.002}
_CELL_METRES = 200.0
_MOST_CELLS = 40_000_000
_MARGIN = 1e-9
_AROUND = 25
# moves by which it is found out how often pairs hit by chance, in cells of the grid
_SHIFTS = ((5.3, 3.1), (-4.7, 6.9), (7.1, -3.7), (-8.3, -5.9), (11.7, 2.3), (-2.9, 13.1), (3.3, -12.7), (-14.9, 1.7))
_FINE_ENOUGH = 1.1e-5


@dataclass(frozen=True)
class Frame:
    """Secret positions in one frame, ready to be searched.

    Attributes
    ----------
    allowed
        The coarsest that may be published of each, as a unit of its last digit; none may: infinite.
    """

    name: str
    x: Floats
    y: Floats
    allowed: Floats
    owner: Integers
    public: PublicPairs = field(default_factory=lambda: PublicPairs.of(np.zeros(0), np.zeros(0)))

    @cached_property
    def box(self) -> Box:
        """Where the secrets are, with a margin: of one alone, too, much that is near it is none."""
        margin = _AROUND * self.cell
        return Box(
            float(self.x.min() - margin),
            float(self.x.max() + margin),
            float(self.y.min() - margin),
            float(self.y.max() + margin),
        )

    @cached_property
    def cell(self) -> float:
        """Edge of a cell of the grid, in the frame's unit; larger where the secrets lie far apart."""
        wide, high = np.ptp(self.x), np.ptp(self.y)
        return max(_CELL.get(self.name, _CELL_METRES), math.sqrt(float(wide * high) / _MOST_CELLS))

    @cached_property
    def _grid(self) -> Flags:
        columns = int((self.box.x_max - self.box.x_min) / self.cell) + 3
        rows = int((self.box.y_max - self.box.y_min) / self.cell) + 3
        grid = np.zeros((columns, rows), dtype=bool)
        column, row = self._cells(self.x, self.y)
        for right in (-1, 0, 1):
            for up in (-1, 0, 1):
                grid[np.clip(column + right, 0, columns - 1), np.clip(row + up, 0, rows - 1)] = True
        return grid

    def _cells(self, x: Floats, y: Floats) -> tuple[Integers, Integers]:
        column = ((x - self.box.x_min) / self.cell).astype(np.int64)
        return column, ((y - self.box.y_min) / self.cell).astype(np.int64)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(shapely.points(self.x, self.y))

    @cached_property
    def _sorted(self) -> tuple[tuple[Integers, Floats], ...]:
        """Order of the secrets by each coordinate, and the coordinates in it: once for thousands of views."""
        orders = [np.argsort(coordinate) for coordinate in (self.x, self.y)]
        return tuple((order, of[order]) for order, of in zip(orders, (self.x, self.y), strict=True))

    def search(self, candidates: Candidates) -> Clue | None:
        """The candidates that are secrets, with how likely chance gives as many."""
        near = _distinct(candidates.only(self._near(candidates.x, candidates.y)))
        if not len(near.x):
            return None
        candidate, secret = self._match(near, 0.0, 0.0)
        if not len(candidate):
            return None
        chance = tail(self._clues(candidate, secret), self._expected(_distinct(candidates)))
        scale = METRES_PER_DEGREE if self.name == DEGREES else 1.0
        across = math.cos(math.radians(float(self.y.mean()))) if self.name == DEGREES else 1.0
        dx = (near.x[candidate] - self.x[secret]) * scale * across
        dy = (near.y[candidate] - self.y[secret]) * scale
        return Clue(candidates.how, secret, near.offsets[candidate], np.hypot(dx, dy), chance, exact=True)

    def may_hold(self, candidates: Candidates) -> bool:
        """Whether any candidate, of whichever of the files that were put together, is a secret."""
        near = candidates.only(self._near(candidates.x, candidates.y))
        return bool(len(near.x)) and bool(len(self._match(near, 0.0, 0.0)[0]))

    def may_hold_single(self, numbers: Numbers) -> bool:
        """Whether any number, of whichever of the files that were put together, is a coordinate of a secret."""
        fine = _fine(numbers)
        return any(
            self._equal(numbers, fine[inside(numbers.values[fine])], sort)[1].any()
            for sort, inside in zip(self._sorted, (self.box.has_x, self.box.has_y), strict=True)
        )

    def _equal(self, numbers: Numbers, here: Integers, sort: tuple[Integers, Floats]) -> tuple[Integers, Flags]:
        """The secret whose coordinate comes nearest to some of the numbers, and whether it is the same."""
        order, kept = sort
        at, gap = _nearest(kept, numbers.values[here])
        equal = gap <= numbers.unit[here] / 2 + 10.0**-EXACT / 2
        secret = order[at]
        return secret, equal & (numbers.unit[here] < self.allowed[secret] * 0.99)

    def _near(self, x: Floats, y: Floats) -> Flags:
        inside = self.box.has_x(x) & self.box.has_y(y)
        column, row = self._cells(np.where(inside, x, self.box.x_min), np.where(inside, y, self.box.y_min))
        near: Flags = inside & self._grid[column, row]
        return near

    def _match(self, candidates: Candidates, dx: float, dy: float) -> tuple[Integers, Integers]:
        x, y = candidates.x + dx, candidates.y + dy
        reach_x, reach_y = candidates.unit_x + _MARGIN, candidates.unit_y + _MARGIN
        boxes = shapely.box(x - reach_x, y - reach_y, x + reach_x, y + reach_y)
        candidate, secret = self._tree.query(boxes)
        fine = np.maximum(candidates.unit_x, candidates.unit_y)[candidate]
        is_finer = fine < self.allowed[secret] * 0.99
        return candidate[is_finer], secret[is_finer]

    def _clues(self, candidate: Integers, secret: Integers) -> int:
        """How many pairs and records have to do with each other: of a pair among many records, one."""
        return min(len(np.unique(candidate)), len(np.unique(self.owner[secret])))

    def _expected(self, candidates: Candidates) -> float:
        """How many secrets as many random pairs would hit: by moving these, and by the room that they fill."""
        shifted = []
        for right, up in _SHIFTS:
            moved = candidates.only(self._near(candidates.x + right * self.cell, candidates.y + up * self.cell))
            hit = self._match(moved, right * self.cell, up * self.cell) if len(moved.x) else None
            shifted.append(0 if hit is None else self._clues(*hit))
        room = max((self.box.x_max - self.box.x_min) * (self.box.y_max - self.box.y_min), 1e-12)
        covered = float((4 * candidates.unit_x * candidates.unit_y).sum()) * len(self.x) / room
        return max(float(np.mean(shifted)), covered)

    def singles(self, numbers: Numbers) -> Clue | None:
        """Single coordinates of secrets, such as a bounding box gives, with how likely chance gives as many."""
        fine = _fine(numbers)
        hits: list[tuple[Integers, Integers]] = []
        expected = 0.0
        for sort, inside in zip(self._sorted, (self.box.has_x, self.box.has_y), strict=True):
            kept = sort[1]
            here = fine[inside(numbers.values[fine])]
            # the same number many times is one clue
            _, first = np.unique(numbers.values[here], return_index=True)
            here = here[first]
            secret, equal = self._equal(numbers, here, sort)
            _, once = np.unique(self.owner[secret[equal]], return_index=True)
            hits.append((secret[equal][once], numbers.offsets[here[equal]][once]))
            wide = max(float(np.ptp(kept)), 1e-6)
            expected += float(numbers.unit[here].sum()) * len(kept) / wide
            expected += _by_moving(kept, numbers.values[here], numbers.unit[here])
        secret = np.concatenate([one for one, _ in hits])
        if not len(secret):
            return None
        offsets = np.concatenate([two for _, two in hits])
        chance = tail(len(secret), expected)
        return Clue(f"{SINGLE}{numbers.how}", secret, offsets, np.full(len(secret), np.nan), chance, exact=True)


def _fine(numbers: Numbers) -> Integers:
    """Which are fine enough to tell a coordinate by itself."""
    return np.flatnonzero((numbers.unit <= _FINE_ENOUGH) & ~np.isnan(numbers.values))


def _distinct(candidates: Candidates) -> Candidates:
    """Each pair once: the same many times is one clue."""
    return candidates.only(np.unique(candidates.x + 1j * candidates.y, return_index=True)[1])


def _nearest(kept: Floats, values: Floats) -> tuple[Integers, Floats]:
    after = np.clip(np.searchsorted(kept, values), 0, len(kept) - 1)
    before = np.maximum(after - 1, 0)
    at = np.where(np.abs(kept[after] - values) < np.abs(kept[before] - values), after, before)
    return at, np.abs(kept[at] - values)


def _by_moving(kept: Floats, values: Floats, unit: Floats) -> float:
    counts = [
        np.count_nonzero(_nearest(kept, values + sign * move * 0.00137)[1] <= unit / 2)
        for sign in (-1, 1)
        for move in range(1, 17)
    ]
    return float(np.mean(counts))
