"""Tiles from the whole world down to where few enough points are left to be a tile of single points.

A tile with more points than that has their counts by square, and up to four tiles below it. So each point is counted at
every zoom, and is itself in one tile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from atlas.cartography.archive.pmtiles import TileWriter
from atlas.cartography.archive.quadrants import Keys, span_of, tile_of
from atlas.cartography.archive.sorted_runs import SortedRuns
from atlas.cartography.archive.tile_bytes import SQUARE_BITS, Integers, Squares, TilePoints, squares_of, tile_bytes
from atlas.cartography.value_coding import texts_of
from atlas.cartography.world_grid import BITS

# a tile of single points has some tens of kilobytes for each field
MOST_IN_TILE = 8_192
DEEPEST = 18
_CLASSED_ROWS = 65_536

Numbers = Callable[[pa.Table], tuple[Integers, Integers]]


@dataclass(slots=True)
class TileTree:
    """Writes the tiles of sorted points.

    Attributes
    ----------
    numbers
        The class and the bin of time of each row.
    fields
        Columns that a reader may see.
    counted_only
        How many points are counted but cannot be asked: of more than a tile holds on a spot of 150 m.
    """

    runs: SortedRuns
    writer: TileWriter
    numbers: Numbers
    fields: tuple[str, ...]
    share: Callable[[float], None]
    most: int = MOST_IN_TILE
    counted_only: int = 0
    _done: int = 0

    def write(self) -> Squares | None:
        """Write all tiles; the counts of the whole world, or nothing where there are no points."""
        return self._tile(0, 0)

    def _tile(self, zoom: int, quadrant: int) -> Squares | None:
        low, high = span_of(zoom, quadrant)
        count = self.runs.span(low, high)
        if not count:
            return None
        corner = tile_of(quadrant)
        if count <= self.most:
            points = self._points(*self.runs.rows(low, high))
            self.writer.add(zoom, *corner, tile_bytes(zoom, corner, None, points))
            self._tell(count)
            return _counted(points, zoom)
        if zoom == DEEPEST:
            return self._crowd(quadrant, count)
        below = [self._tile(zoom + 1, 4 * quadrant + quarter) for quarter in range(4)]
        squares = squares_of([one for one in below if one is not None], 1)
        self.writer.add(zoom, *corner, tile_bytes(zoom, corner, squares, None))
        return squares

    def _crowd(self, quadrant: int, count: int) -> Squares:
        """More points than a tile holds, and no room to part them: all counted, some listed."""
        low, high = span_of(DEEPEST, quadrant)
        parts: list[Squares] = []
        listed: TilePoints | None = None
        for keys, rows in self.runs.pieces(low, high):
            for first in range(0, len(keys), _CLASSED_ROWS):
                part = self._points(keys[first : first + _CLASSED_ROWS], rows.slice(first, _CLASSED_ROWS))
                parts = [squares_of([*parts, _counted(part, DEEPEST)], 0)]
                listed = listed or _first(part, self.most)
        corner = tile_of(quadrant)
        self.writer.add(DEEPEST, *corner, tile_bytes(DEEPEST, corner, parts[0], listed))
        self.counted_only += count - (0 if listed is None else len(listed.keys))
        self._tell(count)
        return parts[0]

    def _points(self, keys: Keys, rows: pa.Table) -> TilePoints:
        classes, bins = self.numbers(rows)
        return TilePoints(keys, classes, bins, {name: texts_of(rows[name]) for name in self.fields})

    def _tell(self, count: int) -> None:
        self._done += count
        self.share(self._done / self.runs.count)


def _counted(points: TilePoints, zoom: int) -> Squares:
    """Single points as counts in the squares of their tile."""
    levels = BITS - zoom - SQUARE_BITS
    each = Squares(points.keys, points.classes, points.bins, np.ones(len(points.keys), np.int64))
    return squares_of([each], levels)


def _first(points: TilePoints, most: int) -> TilePoints:
    texts = {name: column.slice(0, most) for name, column in points.texts.items()}
    return TilePoints(points.keys[:most], points.classes[:most], points.bins[:most], texts)
