"""Which of many areas each of millions of positions lies in: cells that no edge passes are asked once.

*Why it is right.* A cell that no edge of an area passes lies wholly inside of it or wholly outside, so its middle
answers for all of it, and for those beside it in its row up to the next that is passed. A cell counts as passed by an
edge if the boxes of the edge's pieces, widened by a millionth of a cell, touch it, which is never too few. Positions of
cells that are passed are asked of the shapes themselves, and those on no cell lie in none; of several areas the first
in their order counts, as in `Placer`.

*Invariants* (`tests/points/test_quick_locator.py`): for any positions, also on edges and corners, the answers are
those of the shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.geometry.geodesy import Positions

NOWHERE = -1
_ASK = -2
_MOST_CELLS = 1_000_000
_FINEST_DEG = 0.01

Indexes = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class AreaFinder:
    """Areas that millions of positions are held against."""

    areas: tuple[BaseGeometry, ...]

    @classmethod
    def of(cls, areas: Sequence[BaseGeometry]) -> AreaFinder:
        """Prepare areas."""
        shapely.prepare(list(areas))
        return cls(tuple(areas))

    def find(self, points: Positions) -> Indexes:
        """Index of the first area that holds each finite position; -1 for none. Degrees, shape (n, 2)."""
        if not self.areas:
            return np.full(len(points), NOWHERE, dtype=np.int32)
        west, south, size, columns, rows, cells = self._cells
        across = np.floor((points[:, 0] - west) / size)
        up = np.floor((points[:, 1] - south) / size)
        inside = (across >= 0) & (up >= 0) & (across < columns) & (up < rows)
        # what lies on no cell is outside of the bounds of all
        answers = np.full(len(points), NOWHERE, dtype=np.int32)
        answers[inside] = cells[(up[inside] * columns + across[inside]).astype(np.int64)]
        open_rows = np.flatnonzero(answers == _ASK)
        answers[open_rows] = self.ask(points[open_rows])
        return answers

    def ask(self, points: Positions) -> Indexes:
        """The same, asked of the shapes alone."""
        answers = np.full(len(points), len(self.areas), dtype=np.int32)
        if not len(points):
            return answers
        pairs = self._tree.query(shapely.points(points))
        order = np.argsort(pairs[1], kind="stable")
        at, areas = pairs[0][order], pairs[1][order]
        bounds = np.flatnonzero(np.diff(areas, prepend=-1, append=-1))
        for start, end in pairwise(bounds.tolist()):
            area = int(areas[start])
            rows = at[start:end]
            rows = rows[answers[rows] > area]
            hit = rows[shapely.intersects_xy(self.areas[area], points[rows])]
            answers[hit] = area
        answers[answers == len(self.areas)] = NOWHERE
        return answers

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.areas)

    @cached_property
    def _cells(self) -> tuple[float, float, float, int, int, Indexes]:
        west, south, east, north = shapely.total_bounds(np.array(self.areas, dtype=object))
        extent = max(east - west, _FINEST_DEG) * max(north - south, _FINEST_DEG)
        size = max(_FINEST_DEG, float(np.sqrt(extent / _MOST_CELLS)))
        west, south = west - size, south - size
        columns, rows = int(np.ceil((east - west) / size)) + 1, int(np.ceil((north - south) / size)) + 1
        passed = np.zeros((rows, columns), dtype=bool)
        low, high = self._pieces(size)
        first = np.floor((low - (west, south)) / size - 1e-6).astype(np.int64)
        last = np.floor((high - (west, south)) / size + 1e-6).astype(np.int64)
        # a piece is no longer than a cell, so it touches three cells a way at most
        for dx, dy in product(range(3), repeat=2):
            passed[np.minimum(first[:, 1] + dy, last[:, 1]), np.minimum(first[:, 0] + dx, last[:, 0])] = True
        cells = np.full(rows * columns, _ASK, dtype=np.int32)
        clear = ~passed
        # of neighbours in a row that no edge passes, the first answers for all
        begins = clear & ~np.pad(clear, ((0, 0), (1, 0)))[:, :-1]
        first_up, first_across = np.nonzero(begins)
        middles = np.column_stack([west + (first_across + 0.5) * size, south + (first_up + 0.5) * size])
        run = np.cumsum(begins.ravel()) - 1
        cells[clear.ravel()] = self.ask(middles)[run[clear.ravel()]]
        return float(west), float(south), size, columns, rows, cells

    def _pieces(self, size: float) -> tuple[Positions, Positions]:
        """The low and high corners of the boxes around pieces of all edges, each at most a cell long."""
        rings = shapely.get_rings(shapely.get_parts(np.array(self.areas, dtype=object)))
        corners, ring = shapely.get_coordinates(rings, return_index=True)
        keep = np.flatnonzero(np.diff(ring) == 0)
        starts, ends = corners[keep], corners[keep + 1]
        counts = np.maximum(1, np.ceil(np.abs(ends - starts).max(axis=1) / size)).astype(np.int64)
        owner = np.repeat(np.arange(len(keep)), counts)
        number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
        step = (ends - starts)[owner] / counts[owner][:, None]
        a = starts[owner] + step * number[:, None]
        b = a + step
        return np.minimum(a, b), np.maximum(a, b)
