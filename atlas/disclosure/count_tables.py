"""Tables of counts: whether suppressed cells follow from the others, within a release or from one to the next.

1. *Bounds*: every cell is between 0 and infinity; each total tightens its parts, and they it, until nothing changes.
2. *Equations*: all totals together are a system of linear equations in the suppressed cells. A cell has one value only
   if no direction that leaves all sums as they are moves it (the null space of the system has a 0 there).
3. *Differences*: a cell suppressed in one release and printed in another is known if a sum that it is in, with all its
   other cells, is the same in both.

*Why it is right.* The bounds are those of interval propagation: each holds whatever the other cells are, so a cell
whose bounds are less than 1 apart is known. They may be wider than the true ones (a linear program's), which is why the
equations are asked as well; together they find every cell that is fixed by equations, and those that only
non-negativity fixes as far as propagation reaches.

*Invariants* (`tests/disclosure/test_attacks.py`): a suppressed cell that a total gives back is found; numbers that are
printed change nothing of each other. Source: auditing of cell suppression (L. H. Cox, JASA 75 (1980) 377–385).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from atlas.disclosure.audit_report import Attack
from atlas.disclosure.finding import Finding
from atlas.disclosure.past_releases import COUNTS, PastRelease

_TOTALS = frozenset({"total", "all", "todos", "todas", "suma", "sum"})
_LABELS = frozenset({"area_name", "municipality_name", "name", "nombre"})
_ROUNDS = 200
_LARGEST = 4_000
Key = tuple[str, ...]
Bounds = tuple[float, float]


@dataclass
class CountTable:
    """Cells by their coordinates; a suppressed one has no number."""

    cells: dict[Key, float | None] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]]) -> CountTable:
        """A table from rows of text: coordinates, then the number in the last column."""
        names = [name.strip().lower() for name in rows[0]]
        kept = [at for at, name in enumerate(names[:-1]) if name not in _LABELS]
        table = cls()
        for row in rows[1:]:
            if len(row) == len(names):
                table.cells[tuple(row[at].strip() for at in kept)] = _number(row[-1])
        return table

    def sums(self) -> Iterator[tuple[Key, list[Key]]]:
        """Every total with the cells that it is the sum of."""
        for key in self.cells:
            for place, word in enumerate(key):
                if word.lower() in _TOTALS:
                    parts = self._parts(place)[key[:place] + key[place + 1 :]]
                    if len(parts) > 1 or (parts and self.cells[key] is not None):
                        yield key, parts

    def _parts(self, place: int) -> Mapping[Key, list[Key]]:
        if place not in self._index:
            index: defaultdict[Key, list[Key]] = defaultdict(list)
            for key in self.cells:
                if key[place].lower() not in _TOTALS:
                    index[key[:place] + key[place + 1 :]].append(key)
            self._index[place] = index
        return self._index[place]

    _index: dict[int, defaultdict[Key, list[Key]]] = field(default_factory=dict)

    @property
    def hidden(self) -> list[Key]:
        """The suppressed cells."""
        return [key for key, value in self.cells.items() if value is None]

    def bounds(self) -> Mapping[Key, Bounds]:
        """Least and greatest value of each suppressed cell, as far as the sums say."""
        limits: dict[Key, Bounds] = {
            key: (0.0, math.inf) if value is None else (value, value) for key, value in self.cells.items()
        }
        sums = list(self.sums())
        for _ in range(_ROUNDS):
            before = dict(limits)
            for total, parts in sums:
                _tighten(limits, total, parts)
            if limits == before:
                break
        return {key: limits[key] for key in self.hidden}

    def solved(self) -> set[Key]:
        """Suppressed cells that have one value only, by the sums taken together."""
        hidden = self.hidden
        if not hidden or len(hidden) > _LARGEST:
            return set()
        column = {key: at for at, key in enumerate(hidden)}
        rows = [line for total, parts in self.sums() if (line := _line(total, parts, column)) is not None]
        if not rows:
            return set()
        # a cell is known when nothing that leaves all sums as they are can change it
        _, values, directions = np.linalg.svd(np.array(rows), full_matrices=True)
        rank = int((values > 1e-9).sum())  # noqa: PLR2004 - of sums of zeros and ones
        free = np.abs(directions[rank:]).max(axis=0) if rank < len(hidden) else np.zeros(len(hidden))
        return {key for key, at in column.items() if free[at] < 1e-9}  # noqa: PLR2004 - as above


def _line(total: Key, parts: Sequence[Key], column: Mapping[Key, int]) -> np.ndarray | None:
    line = np.zeros(len(column))
    for key, sign in ((total, -1.0), *((part, 1.0) for part in parts)):
        if key in column:
            line[column[key]] = sign
    return line if line.any() else None


def _tighten(limits: dict[Key, Bounds], total: Key, parts: Sequence[Key]) -> None:
    least, most = math.fsum(limits[key][0] for key in parts), sum(limits[key][1] for key in parts)
    low, high = limits[total]
    low, high = limits[total] = max(low, least), min(high, most)
    unbounded = [key for key in parts if math.isinf(limits[key][1])]
    for key in parts:
        part_low, part_high = limits[key]
        others = 0.0 if unbounded == [key] else math.inf if unbounded else most - part_high
        if unbounded == [key]:
            others = sum(limits[other][1] for other in parts if other != key)
        limits[key] = max(part_low, low - others), min(part_high, high - (least - part_low))
        least += limits[key][0] - part_low
        most = math.inf if unbounded else most + limits[key][1] - part_high


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def differenced(releases: Sequence[PastRelease], k: int) -> Iterator[tuple[Attack, list[Finding]]]:
    """Suppressed cells that totals, or another release, give back; and small numbers that are not suppressed."""
    tables = [(one.name, CountTable.of(one.counts)) for one in releases if len(one.counts) > 1]
    for name, table in tables:
        bounds = table.bounds()
        known = {key for key, (low, high) in bounds.items() if high - low < 1} | table.solved()
        small = [key for key, value in table.cells.items() if value is not None and 0 < value < k]
        findings = [_finding(name, "follow from the totals", known)] if known else []
        findings += [_finding(name, f"are smaller than {k} and not suppressed", set(small))] if small else []
        widest = min((high - low for low, high in bounds.values()), default=math.inf)
        what = f"{name}: {len(bounds)} cells suppressed, {len(known)} recovered"
        what += f", the closest known to within {widest:,.0f}" if math.isfinite(widest) else ""
        yield Attack("differencing totals", what, k=1 if known else None), findings
    for (name, table), (other_name, other) in pairwise(tables):
        known = _given_away(table, other) | _given_away(other, table)
        what = f"{name} and {other_name}: {len(known)} suppressed cells recovered"
        why = "are printed in the other release, all else being equal"
        recovered = [_finding(f"{name}, {other_name}", why, known)] if known else []
        yield Attack("differencing releases", what, k=1 if known else None), recovered


def _given_away(table: CountTable, other: CountTable) -> set[Key]:
    """Cells suppressed here and printed there, where every sum that they are in is the same in both."""
    shown = {key for key in table.hidden if other.cells.get(key) is not None}
    if not shown:
        return set()
    unchanged: defaultdict[Key, list[bool]] = defaultdict(list)
    for total, parts in table.sums():
        same = all(_same(table, other, key) for key in (total, *parts) if table.cells[key] is not None)
        for key in shown.intersection(parts):
            unchanged[key].append(same and table.cells[total] is not None)
    return {key for key, same in unchanged.items() if any(same)}


def _same(table: CountTable, other: CountTable, key: Key) -> bool:
    there = other.cells.get(key)
    return there is not None and there == table.cells[key]


def _finding(name: str, what: str, cells: set[Key]) -> Finding:
    first = " · ".join(min(cells))
    return Finding("counts", name, COUNTS, f"{len(cells)} cells {what}, such as {first}", len(cells), k=1)
