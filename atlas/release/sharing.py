"""Makes places and times coarser until at least k records share each of them.

All that is alike is one cell with a number. From the smallest number up to k, cells that too few share go one step
up: to the next place of their chain, or from month to year to no time. As steps are only ever taken upwards, a larger
k never gives a finer result, and a cell that enough records share stays where it is whatever is added elsewhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from atlas.release.places import Place

Time = tuple[int | None, int | None]
Used = frozenset[tuple[str, str]]


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
    while (fewest := _fewest(cells)) is not None and fewest < k:
        _share_places(cells, fewest + 1)
        _share_times(cells, fewest + 1)
    # merging what has enough records gives what has enough records
    for cell in cells:
        while cell.place is not None and cell.place.size_m < floor_m:
            cell.step += 1
        cell.step = _as_before(cell, cell.step + extra, before)


def _as_before(cell: Cell, step: int, before: Sequence[Used]) -> int:
    """The step from which on no earlier release, where it had the cell's chain in use, was coarser."""
    for used in before:
        later = [at for at in range(step, len(cell.chain)) if (cell.chain[at].ident, cell.category) in used]
        if later and later[0] > step:
            return _as_before(cell, later[0], before)
    return step


def _fewest(cells: Iterable[Cell]) -> int | None:
    """How many records share the place, category and time that fewest share; nothing where there are none."""
    found: Counter[Hashable] = Counter()
    for cell in cells:
        if cell.place is not None:
            found[cell.where, cell.time] += cell.count
    return min(found.values(), default=None)


def _share_places(cells: list[Cell], least: int) -> None:
    """Take groups that are too small one place up, those with the longest way up first."""
    tallest = max((len(cell.chain) for cell in cells), default=0)
    for height in range(tallest, 0, -1):
        here = [cell for cell in cells if len(cell.chain) - cell.step == height]
        for group in _grouped(here, lambda cell: cell.where).values():
            if _number(group) < least:
                for cell in group:
                    cell.step += 1


def _share_times(cells: list[Cell], least: int) -> None:
    for group in _grouped((cell for cell in cells if cell.place is not None), lambda cell: cell.where).values():
        if (_fewest(group) or least) >= least:
            continue
        for cell in _too_few(group, least, lambda cell: cell.month is not None):
            cell.month = None
        for year in {cell.year for cell in group if cell.year is not None}:
            same = [cell for cell in group if cell.year == year]
            _fill([cell for cell in same if cell.month is None], same, least, _without_month)
        for cell in _too_few(group, least, lambda cell: cell.year is not None and cell.month is None):
            cell.year = None
        _fill([cell for cell in group if cell.year is None], group, least, _without_time)


def _too_few(group: Iterable[Cell], least: int, wanted: Callable[[Cell], bool]) -> list[Cell]:
    """The cells whose time too few records of the group share."""
    times = _grouped((cell for cell in group if wanted(cell)), lambda cell: cell.time)
    return [cell for same in times.values() if _number(same) < least for cell in same]


def _fill(rest: list[Cell], group: list[Cell], least: int, coarser: Callable[[Cell], None]) -> None:
    """Where a rest is too small, take the smallest of the others to it, as long as there are any."""
    resting = {id(cell) for cell in rest}
    others = _grouped((cell for cell in group if id(cell) not in resting), lambda cell: cell.time)
    waiting = sorted(others.items(), key=lambda item: (_number(item[1]), str(item[0])), reverse=True)
    number = _number(rest)
    while 0 < number < least and waiting:
        _, smallest = waiting.pop()
        for cell in smallest:
            coarser(cell)
        number += _number(smallest)


def _without_month(cell: Cell) -> None:
    cell.month = None


def _without_time(cell: Cell) -> None:
    cell.year = cell.month = None


def _grouped(cells: Iterable[Cell], key: Callable[[Cell], Hashable]) -> Mapping[Hashable, list[Cell]]:
    groups: defaultdict[Hashable, list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[key(cell)].append(cell)
    return groups


def _number(cells: Iterable[Cell]) -> int:
    return sum(cell.count for cell in cells)
