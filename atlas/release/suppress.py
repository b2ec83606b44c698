"""Tables with small counts taken out so that totals do not give them back.

Rows and columns whose totals are too small are put together; then all totals can stand. Of the cells, the small ones
are suppressed, and more of them until nobody who knows all totals and all other cells can say any suppressed one more
closely than a range as wide as k. What such a reader can say is found exactly: in a table with fixed totals the least
and the greatest value of a cell are those of a flow through the suppressed cells.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Cell = tuple[str, str]
Table = Mapping[Cell, int]
Cells = frozenset[Cell]
Lines = dict[Cell, list[Cell]]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A table as it may be published: its rows and columns, what is in its cells, and which are not shown."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Table
    hidden: Cells

    def shown(self, row: str, column: str) -> int | None:
        """What is printed in a cell; nothing where it is suppressed."""
        return None if (row, column) in self.hidden else self.counts.get((row, column), 0)

    def row_total(self, row: str) -> int:
        """Total of a row, suppressed cells included."""
        return sum(self.counts.get((row, column), 0) for column in self.columns)

    def column_total(self, column: str) -> int:
        """Total of a column, suppressed cells included."""
        return sum(self.counts.get((row, column), 0) for row in self.rows)


def suppressed(counts: Table, *, k: int, rest: str) -> Suppressed | None:
    """A table that may be published; nothing when all of it together is less than ``k``.

    Parameters
    ----------
    rest
        Name of the row or column that small ones are put together in.
    """
    if sum(counts.values()) < k:
        return None
    pooled = _transposed(_pooled(_transposed(_pooled(counts, k, rest)), k, rest))
    rows = tuple(sorted({row for row, _ in pooled}, key=lambda name: (name == rest, name)))
    columns = tuple(sorted({column for _, column in pooled}, key=lambda name: (name == rest, name)))
    return Suppressed(rows, columns, pooled, _hidden(rows, columns, pooled, k))


def _transposed(counts: Table) -> Table:
    return {(column, row): count for (row, column), count in counts.items()}


def _pooled(counts: Table, k: int, rest: str) -> Table:
    """The table with rows of too small a total put together, with the smallest of the others if need be."""
    totals: dict[str, int] = {}
    for (row, _), count in counts.items():
        totals[row] = totals.get(row, 0) + count
    small = {row for row, total in totals.items() if total < k}
    others = sorted((total, row) for row, total in totals.items() if row not in small)
    pool = sum(totals[row] for row in small)
    while 0 < pool < k and others:
        total, row = others.pop(0)
        small.add(row)
        pool += total
    merged: dict[Cell, int] = {}
    for (row, column), count in counts.items():
        key = (rest if row in small else row, column)
        merged[key] = merged.get(key, 0) + count
    return {key: count for key, count in merged.items() if count}


def _hidden(rows: Sequence[str], columns: Sequence[str], counts: Table, k: int) -> Cells:
    """The cells not to be shown: the small ones, and the smallest others until all are hidden well enough."""
    hidden = {cell for cell, count in counts.items() if 0 < count < k}
    every = [(row, column) for row in rows for column in columns]
    while exposed := next((cell for cell in sorted(hidden) if not _is_safe(cell, hidden, counts, k)), None):
        row, column = exposed
        beside = [cell for cell in every if cell not in hidden and counts.get(cell, 0)]
        if not beside:
            # all is hidden and a total gives it away all the same: nothing of the inside can stand
            return frozenset(every)
        hidden.add(min(beside, key=lambda cell: (cell[0] != row and cell[1] != column, counts.get(cell, 0), cell)))
    return frozenset(hidden)


def _is_safe(cell: Cell, hidden: set[Cell], counts: Table, k: int) -> bool:
    above = _room(cell, hidden, counts, up=True, most=k)
    return above >= k or above + _room(cell, hidden, counts, up=False, most=k) >= k


def bounds(cell: Cell, hidden: set[Cell] | Cells, counts: Table) -> tuple[int, int]:
    """Least and greatest value that a suppressed cell can have for somebody who knows everything that is shown."""
    count = counts.get(cell, 0)
    most = sum(counts.values())
    return count - _room(cell, hidden, counts, up=False, most=most), count + _room(
        cell, hidden, counts, up=True, most=most
    )


def _room(cell: Cell, hidden: set[Cell] | Cells, counts: Table, *, up: bool, most: int) -> int:
    """By how much a cell can change while all totals stay, the others taking up the difference.

    To raise the cell, the others of its row must sink, others of their columns rise, and so on to its own column: a
    flow from the row to the column in which a cell can rise without limit and sink to nothing.
    """
    row, column = cell
    count = counts.get(cell, 0)
    limit = most if up else min(count, most)
    left = {other: counts.get(other, 0) for other in hidden if other != cell}
    lines: Lines = {}
    for other in left:
        lines.setdefault(("row", other[0]), []).append(other)
        lines.setdefault(("column", other[1]), []).append(other)
    moved = 0
    while moved < limit and (path := _path(lines, left, row, column, up=up)):
        step = min([limit - moved, *(left[other] for other, sinks in path if sinks)])
        for other, sinks in path:
            left[other] += -step if sinks else step
        moved += step
    return moved


def _path(lines: Lines, left: Mapping[Cell, int], row: str, column: str, *, up: bool) -> list[tuple[Cell, bool]] | None:
    """Suppressed cells from a row to a column, in turn sinking and rising; the first sinks if the cell is to rise."""
    came: dict[Cell, tuple[Cell, Cell, bool] | None] = {("row", row): None}
    waiting = deque(came)
    while waiting and ("column", column) not in came:
        at = waiting.popleft()
        across = at[0] == "row"
        sinks = up if across else not up
        for other in lines.get(at, ()):
            there = ("column", other[1]) if across else ("row", other[0])
            if there not in came and (left[other] or not sinks):
                came[there] = (at, other, sinks)
                waiting.append(there)
    return _walked(came, ("column", column))


def _walked(came: Mapping[Cell, tuple[Cell, Cell, bool] | None], end: Cell) -> list[tuple[Cell, bool]] | None:
    if end not in came:
        return None
    path = []
    at = end
    while (step := came[at]) is not None:
        at, cell, sinks = step
        path.append((cell, sinks))
    return path[::-1]
