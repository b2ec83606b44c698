"""Makes places and times coarser until at least k records share each of them.

All that is alike is one cell with a number. From the smallest number up to k, cells that too few share go one step
up: to the next place of their chain, or from month to year to no time. As steps are only ever taken upwards, a larger
k never gives a finer result, and a cell that enough records share stays where it is whatever is added elsewhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from atlas.release.earlier import Used, keep_coarse
from atlas.release.places import Place

Time = tuple[int | None, int | None]
_NO_TIME: Time = (None, None)


@dataclass(slots=True, eq=False)
class Cell:
    """Records that are alike: their number, the chain of their place, and how far up it they have gone."""

    category: str
    chain: tuple[Place, ...]
    year: int | None
    month: int | None
    count: int
    step: int = 0

    @property
    def place(self) -> Place | None:
        """Where they are published; nowhere at the end of the chain."""
        return self.chain[self.step] if self.step < len(self.chain) else None

    @property
    def where(self) -> tuple[str, str]:
        """What they share: name of the place, and category."""
        return self.chain[self.step].ident, self.category

    @property
    def time(self) -> Time:
        """When it was, as published."""
        return self.year, self.month


def share(cells: Iterable[Cell], *, k: int, floor_m: float, extra: int = 0, before: Iterable[Used] = ()) -> None:
    """Take cells up until each place, category and time that is left has ``k`` records, and each place its size.

    Parameters
    ----------
    floor_m
        Least size of a place in metres.
    extra
        Steps that every cell goes up besides.
    before
        Places and categories in use in earlier releases: what was coarse there stays coarse.
    """
    cells, before = list(cells), tuple(before)
    groups = _grouped(cells)
    while groups and (fewest := min(group.fewest for group in groups.values())) < k:
        _share_places(groups, fewest + 1)
        for group in groups.values():
            if group.fewest <= fewest:
                _share_times(group, fewest + 1)
    # merging what has enough records gives what has enough records
    for cell in cells:
        while cell.place is not None and cell.place.size_m < floor_m:
            cell.step += 1
        cell.step = _as_before(cell, cell.step + extra, before)
    keep_coarse(cells, before)


def _as_before(cell: Cell, step: int, before: Sequence[Used]) -> int:
    """The step from which on no earlier release, where it had the cell's chain in use, was coarser."""
    for used in before:
        later = [at for at in range(step, len(cell.chain)) if (cell.chain[at].ident, cell.category) in used]
        if later and later[0] > step:
            return _as_before(cell, later[0], before)
    return step


@dataclass(slots=True, eq=False)
class _Group:
    """Cells that share place and category, and how many records have each time."""

    cells: list[Cell] = field(default_factory=list)
    numbers: Counter[Time] = field(default_factory=Counter)

    @property
    def fewest(self) -> int:
        """How many records share the time that fewest share."""
        return min(self.numbers.values())

    @property
    def height(self) -> int:
        """How many places there are from here on, up its chain."""
        return len(self.cells[0].chain) - self.cells[0].step


def _grouped(cells: Iterable[Cell]) -> defaultdict[tuple[str, str], _Group]:
    groups: defaultdict[tuple[str, str], _Group] = defaultdict(_Group)
    for cell in cells:
        if cell.place is not None:
            group = groups[cell.where]
            group.cells.append(cell)
            group.numbers[cell.time] += cell.count
    return groups


def _share_places(groups: defaultdict[tuple[str, str], _Group], least: int) -> None:
    """Take groups that are too small one place up, those with the longest way up first."""
    for height in range(max((group.height for group in groups.values()), default=0), 0, -1):
        small = [
            where for where, group in groups.items() if group.height == height and sum(group.numbers.values()) < least
        ]
        for where in small:
            group = groups.pop(where)
            for cell in group.cells:
                cell.step += 1
            if height > 1:
                coarser = groups[group.cells[0].where]
                coarser.cells += group.cells
                coarser.numbers.update(group.numbers)


def _share_times(group: _Group, least: int) -> None:
    coarser = _coarser_times(group.numbers, least)
    for cell in group.cells:
        cell.year, cell.month = coarser(cell.time)


def _coarser_times(numbers: Counter[Time], least: int) -> Callable[[Time], Time]:
    """To which time each goes so that enough records share every one; ``numbers`` says how many have each."""
    up: dict[Time, Time] = {}

    def take(time: Time, to: Time) -> None:
        up[time] = to
        numbers[to] += numbers.pop(time)

    def fill(rest: Time, others: Sequence[Time]) -> None:
        # where a rest is too small, the smallest of the others go to it, as long as there are any
        waiting = sorted(others, key=lambda time: (numbers[time], str(time)), reverse=True)
        while 0 < numbers[rest] < least and waiting:
            take(waiting.pop(), rest)

    for year, month in [time for time, number in numbers.items() if time[1] is not None and number < least]:
        take((year, month), (year, None))
    for year in {year for year, _ in numbers if year is not None}:
        fill((year, None), [time for time in numbers if time[0] == year and time[1] is not None])
    for time in [time for time, number in numbers.items() if time[0] is not None and time[1] is None]:
        if numbers[time] < least:
            take(time, _NO_TIME)
    fill(_NO_TIME, [time for time in numbers if time[0] is not None])

    def taken(time: Time) -> Time:
        while time in up:
            time = up[time]
        return time

    return taken
