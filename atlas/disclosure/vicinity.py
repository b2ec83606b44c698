"""Positions that lie nearer to a secret than the policy's floor, whatever their last digit says.

A position is rounded, cut off or moved before it is published, and leads to its record all the same. What lies near a
secret is a leak unless chance or what is public anyway explains it. How likely that is stands in each finding, and is
computed from the file and the area:

- A position that has nothing to do with the records stands, as likely as not, anywhere in the area (the cells of a
  hundredth of a degree in which the project publishes anything), or where the project publishes something. The chance
  ``p`` that it comes within the reach of a secret is the mean of the reach's share of the area and of the share of
  public cells within the reach. Not covered are positions taken from the vertices that the project publishes, of which
  some cells have thousands: rounded to two decimals, they come near a secret that lies beside such vertices too, up to
  sixteen times as often as is said (``docs/release-gate.md``). To measure chance by vertices would miss one record
  whose position was rounded, which is worse.
- A file with ``n`` different pairs of numbers comes near ``n * p`` secrets by chance, summed over the secrets. Where
  pairs stand close together around a secret, as those along a river do, as many as their density gives are expected.
- The chance is that of a Poisson variable with this mean to be as large as what was counted. It is reported where it is
  at most this reading's part of the file's chance of a false alarm (``false_alarms``).

Positions of one decimal (11 km) are as coarse as the least floor and are not looked at.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely

from atlas.disclosure.candidates import Box, Candidates, Flags, Floats, Integers, Numbers, PublicPairs
from atlas.disclosure.chance import tail
from atlas.disclosure.false_alarms import Clue
from atlas.disclosure.letter_runs import table
from atlas.geometry.units import METRES_PER_DEGREE

FINE = 5e-4
_COARSEST = 0.02
_AROUND = 1.0
_REACHES_M = (150.0, 600.0)
_PUBLIC_M = 10.0
# rounded and cut off are two tries
_TRIES = 2
# of the width of a cell, and a little for rounding
_HALF_CELL = 0.51
_CELLS_ROOM, _MOST_CELLS = 1.1, 20_000_000
_AREA_CELL, _FINE_CELL = 0.01, 0.001
_FEWEST_CELLS = 500
_RING = 15
_MOST = 2_000_000
_WEST = re.compile(rb"[\d.,]{1,24}\s?(?:\xc2[\xb0\xba]|&deg;|[\xb0\xba])?\s?[WwOo]\b")
_ASKED = 50_000
_MINUS, _LONG_MINUS = 45, b"\xe2\x88\x92"
_MARKS = b"WwOo-\x92"
# a letter stands behind 24 digits and a sign of degrees at the most, or three bytes before
_BEFORE, _MARK_WITHIN = 3, 32


@dataclass(frozen=True)
class Vicinity:
    """Secrets around which nothing may stand: degrees without their sign, and the record of each."""

    lon: Floats
    lat: Floats
    owner: Integers
    public: PublicPairs
    _shares: dict[tuple[float, float], Floats] = field(default_factory=dict, repr=False)

    @cached_property
    def box(self) -> Box:
        """Where positions are counted: a degree around the secrets."""
        return Box(
            float(self.lon.min() - _AROUND),
            float(self.lon.max() + _AROUND),
            float(self.lat.min() - _AROUND),
            float(self.lat.max() + _AROUND),
        )

    @cached_property
    def _across(self) -> float:
        return METRES_PER_DEGREE * math.cos(math.radians(float(self.lat.mean())))

    @cached_property
    def _public(self) -> tuple[Floats, Floats]:
        here = self.box.has_x(self.public.x) & self.box.has_y(self.public.y)
        return self.public.x[here], self.public.y[here]

    @cached_property
    def _public_tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._points(*self._public))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._points(self.lon, self.lat))

    @cached_property
    def _cells_near(self) -> tuple[float, Flags]:
        """Width of a cell, and for each in the box whether anything in it can be within reach of a secret."""
        width = max(_COARSEST, (max(_REACHES_M) + 1.0) / max(self._across, 1.0)) * _CELLS_ROOM
        shape = [int((high - low) / width) + 3 for low, high in (self.box[:2], self.box[2:])]
        if shape[0] * shape[1] > _MOST_CELLS:
            return width, np.zeros((0, 0), dtype=bool)
        near = np.zeros(shape, dtype=bool)
        column, row = self._cell_of(self.lon, self.lat, width)
        for right in (-1, 0, 1):
            for up in (-1, 0, 1):
                near[column + right, row + up] = True
        return width, near

    def _cell_of(self, x: Floats, y: Floats, width: float) -> tuple[Integers, Integers]:
        # a row of cells around the box
        column = np.floor((x - self.box.x_min) / width).astype(np.int64) + 1
        return column, np.floor((y - self.box.y_min) / width).astype(np.int64) + 1

    def _around(self, given: Candidates) -> Candidates:
        """Those in a cell that has a secret in it or beside it: quicker than a distance to each."""
        given = given.only(self.box.has_x(given.x) & self.box.has_y(given.y))
        width, near = self._cells_near
        return given.only(near[self._cell_of(given.x, given.y, width)]) if near.size else given

    def _points(self, x: Floats, y: Floats) -> np.ndarray:
        return np.asarray(shapely.points(x * self._across, y * METRES_PER_DEGREE))

    def _cells(self, size: float) -> tuple[Floats, Floats]:
        """Middles of the cells of a size in which the project publishes something."""
        x, y = self._public
        cells = np.unique(np.rint(x / size) + 1j * np.rint(y / size))
        return cells.real * size, cells.imag * size

    @cached_property
    def _area_m2(self) -> float:
        count = len(self._cells(_AREA_CELL)[0])
        if count < _FEWEST_CELLS:
            wide, high = self.box.x_max - self.box.x_min, self.box.y_max - self.box.y_min
            return wide * self._across * high * METRES_PER_DEGREE
        return count * _AREA_CELL**2 * self._across * METRES_PER_DEGREE

    def _chances(self, reach_m: float, cell: float) -> Floats:
        """For each secret, the chance that a position which has nothing to do with it is within reach."""
        key = (reach_m, cell)
        if key not in self._shares:
            x, y = self._cells(cell)
            counts = np.zeros(len(self.lon))
            if len(x):
                _, secret = self._tree.query(self._points(x, y), predicate="dwithin", distance=reach_m)
                counts = np.bincount(secret, minlength=len(self.lon)) / len(x)
            self._shares[key] = (counts + (2 * reach_m) ** 2 / self._area_m2) / 2
        return self._shares[key]

    def search(self, given: Candidates) -> Clue | None:
        """The secrets that positions come near to, in the way that chance explains least."""
        if not len(given.x) or len(given.x) > _MOST:
            return None
        given = given.only(np.unique(given.x + 1j * given.y, return_index=True)[1])
        return min(filter(None, self._tries(given)), key=lambda one: one.chance, default=None)

    def _tries(self, given: Candidates) -> Iterator[Clue | None]:
        unit = np.maximum(given.unit_x, given.unit_y)
        fine = given.only(unit < FINE * 10)
        for reach_m in _REACHES_M:
            yield self._try(fine, reach_m, _FINE_CELL, len(_REACHES_M))
        if (coarse := given.only(unit >= FINE * 10)) and len(coarse.x):
            size = float(np.max(np.maximum(coarse.unit_x, coarse.unit_y)))
            reach_m = size * METRES_PER_DEGREE * _HALF_CELL
            yield self._try(coarse, reach_m, size, _TRIES, square=True)
            yield self._try(_cut_off(coarse, size), reach_m, size, _TRIES, square=True)

    def _try(self, given: Candidates, reach_m: float, cell: float, tries: int, *, square: bool = False) -> Clue | None:
        if not len(given.x):
            return None
        points = self._points(given.x, given.y)
        candidate, secret, distance = self._within(given, points, reach_m, square=square)
        if not len(candidate):
            return None
        clues = min(len(np.unique(candidate)), len(np.unique(self.owner[secret])))
        expected = self._chances(reach_m, cell) * len(given.x)
        hit = np.unique(secret)
        expected[hit] = np.maximum(expected[hit], self._crowd(points, candidate, hit, reach_m))
        chance = min(1.0, tail(clues, float(expected.sum())) * tries)
        return Clue(given.how, secret, given.offsets[candidate], distance, chance, exact=False)

    def _within(
        self, given: Candidates, points: np.ndarray, reach_m: float, *, square: bool
    ) -> tuple[Integers, Integers, Floats]:
        """Which positions lie within reach of which secrets, and how far away, without what is public."""
        candidate, secret = self._tree.query(
            points, predicate="dwithin", distance=reach_m * (math.sqrt(2) if square else 1)
        )
        dx = (given.x[candidate] - self.lon[secret]) * self._across
        dy = (given.y[candidate] - self.lat[secret]) * METRES_PER_DEGREE
        across = reach_m * self._across / METRES_PER_DEGREE
        kept = (np.abs(dx) <= across) & (np.abs(dy) <= reach_m) if square else np.ones(len(dx), dtype=bool)
        if not square and len(candidate):
            kept &= ~self._is_public(given, candidate)
        return candidate[kept], secret[kept], np.hypot(dx, dy)[kept]

    def may_hold(self, given: Candidates) -> bool:
        """Whether any position, of whichever of the files that were put together, lies within reach of a secret."""
        if len(given.x) > _MOST:
            return False
        given = self._around(given)
        unit = np.maximum(given.unit_x, given.unit_y)
        tries = [(given.only(unit < FINE * 10), max(_REACHES_M), False)]
        for size in np.unique(unit[unit >= FINE * 10]).tolist():
            # the coarsest of a file decides for all that are coarse
            coarse = given.only((unit >= FINE * 10) & (unit <= size))
            tries += [(one, size * METRES_PER_DEGREE * _HALF_CELL, True) for one in (coarse, _cut_off(coarse, size))]
        return any(
            len(one.x) and len(self._within(one, self._points(one.x, one.y), reach_m, square=square)[0])
            for one, reach_m, square in tries
        )

    def _is_public(self, given: Candidates, candidate: Integers) -> Flags:
        """Which are where the project publishes something, but for how it was rounded."""
        points = self._points(given.x[candidate], given.y[candidate])
        near, _ = self._public_tree.query(points, predicate="dwithin", distance=_PUBLIC_M)
        gone = np.zeros(len(candidate), dtype=bool)
        gone[near] = True
        return gone

    def _crowd(self, points: np.ndarray, near: Integers, secrets: Integers, reach_m: float) -> Floats:
        """How many positions the density of those around each secret gives, as along a line."""
        others = np.delete(points, np.unique(near))
        if not len(others):
            return np.zeros(len(secrets))
        tree = shapely.STRtree(others)
        around = self._points(self.lon[secrets], self.lat[secrets])
        index, _ = tree.query(around, predicate="dwithin", distance=reach_m * _RING)
        return np.bincount(index, minlength=len(secrets)) / (_RING - 1)


def _cut_off(coarse: Candidates, size: float) -> Candidates:
    """Middles of the cells in which positions were that lost their last digits."""
    x, y = coarse.x + size / 2, coarse.y + size / 2
    return Candidates(coarse.how, x, y, coarse.unit_x, coarse.unit_y, coarse.offsets)


def neighbours(numbers: Numbers, box: Box, *, both: bool = False) -> Candidates:
    """Pairs of numbers that stand next to each other; where the order is open, as most have it, or in both."""
    is_x, is_y = box.has_x(numbers.values), box.has_y(numbers.values)
    orders = [(np.flatnonzero(is_x[:-1] & is_y[1:]), 0), (np.flatnonzero(is_y[:-1] & is_x[1:]), 1)]
    (most, most_first), (fewer, fewer_first) = sorted(orders, key=lambda one: -len(one[0]))
    used = np.zeros(len(numbers.values) + 1, dtype=bool)
    used[most] = used[most + 1] = True
    if not both:
        fewer = fewer[~(used[fewer] | used[fewer + 1])]
    first = np.concatenate([most + most_first, fewer + fewer_first])
    second = np.concatenate([most + 1 - most_first, fewer + 1 - fewer_first])
    unit_x, unit_y = numbers.unit[first], numbers.unit[second]
    # a writer that drops zeros at the end makes one of the two look coarse
    unit = np.minimum(unit_x, unit_y)
    given = Candidates(
        numbers.how,
        numbers.values[first],
        numbers.values[second],
        unit,
        unit,
        np.minimum(numbers.offsets[first], numbers.offsets[second]),
    )
    return given.only(unit <= _COARSEST)


def westward(data: bytes, numbers: Numbers, box: Box) -> Numbers:
    """Numbers without those that would be a longitude if they were negative, or followed by a letter for west."""
    asked = np.flatnonzero(box.has_x(numbers.values))
    letters = np.frombuffer(data, dtype=np.uint8)
    signed = letters[np.maximum(numbers.offsets[asked] - 1, 0)] == _MINUS
    if len(asked) <= _ASKED:
        marked = np.flatnonzero(~signed & _has_mark(letters, numbers.offsets[asked]))
        signed[marked] = [_is_west(data, at) for at in numbers.offsets[asked[marked]].tolist()]
    gone = np.zeros(len(numbers.values), dtype=bool)
    gone[asked[~signed]] = True
    return numbers.without(gone)


def _has_mark(letters: np.ndarray, starts: Integers) -> Flags:
    """Which numbers have a letter for west or the end of a long minus near them: the others need not be asked."""
    marks = np.append(np.flatnonzero(table(_MARKS)[letters]), len(letters) + _MARK_WITHIN)
    return np.asarray(marks[np.searchsorted(marks, starts - _BEFORE)] - starts <= _MARK_WITHIN)


def _is_west(data: bytes, at: int) -> bool:
    before = data[max(0, at - 3) : at]
    return before.endswith((b"-", b"W ", b"W", b"O ")) or before == _LONG_MINUS or _WEST.match(data, at) is not None
