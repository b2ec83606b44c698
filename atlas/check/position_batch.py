"""Positions of many features in one array, so that the rules on coordinates run over thousands of shapes at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atlas.geojson.model import Item, JsonPath

_LARGEST_POSITIONS = 50_000
_LARGEST_ITEMS = 2_500
_LARGEST_CHARS = 8_000_000
# positions that are computed with at a time, since one feature may have millions
_PORTION = 200_000
_POINT = ("geometry", "coordinates")


def portions(count: int) -> Iterator[slice]:
    """So many rows a portion at a time."""
    for start in range(0, count, _PORTION):
        yield slice(start, min(start + _PORTION, count))


class Kind(IntEnum):
    """What a part is: a point, several points, a line, an outer ring or a hole."""

    POINT = 0
    POINTS = 1
    LINE = 2
    SHELL = 3
    HOLE = 4


@dataclass(slots=True)
class Batch:
    """Features, and the parts that their geometries are made of; parts are runs in ``numbers``."""

    items: list[Item] = field(default_factory=list)
    numbers: array[float] = field(default_factory=lambda: array("d"))
    ends: list[int] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    polygons: list[int] = field(default_factory=list)
    paths: list[JsonPath] = field(default_factory=list)
    # of geometries inside features: the feature, the way to the geometry, and its box
    boxes: list[tuple[int, JsonPath, tuple[float, float, float, float]]] = field(default_factory=list)
    polygon_count: int = 0
    chars: int = 0

    def begin(self, item: Item) -> None:
        """Take a feature; the parts added next are its own."""
        self.items.append(item)
        self.chars += len(item.text)

    def add_point(self, item: Item) -> None:
        """Take a feature that is known to be a point with nothing wrong in its form."""
        value: Any = item.value
        self.numbers.extend(value["geometry"]["coordinates"])
        self.ends.append(len(self.numbers) // 2)
        self.owners.append(len(self.items))
        self.items.append(item)
        self.chars += len(item.text)
        self.kinds.append(Kind.POINT)
        self.polygons.append(self.polygon_count - 1)
        self.paths.append(_POINT)

    def add(self, kind: Kind, positions: list[list[float]], path: JsonPath) -> None:
        """Take a part of the last feature; its positions are sound lists of two numbers."""
        self.numbers.extend(chain.from_iterable(positions))
        self._end(kind, path)

    def add_array(self, kind: Kind, positions: NDArray[np.float64], path: JsonPath) -> None:
        """The same with positions of shape (n, 2)."""
        self.numbers.frombytes(np.ascontiguousarray(positions).tobytes())
        self._end(kind, path)

    def _end(self, kind: Kind, path: JsonPath) -> None:
        self.ends.append(len(self.numbers) // 2)
        self.kinds.append(kind)
        self.owners.append(len(self.items) - 1)
        self.polygons.append(self.polygon_count - 1)
        self.paths.append(path)

    @property
    def full(self) -> bool:
        """Whether it is time to look at it."""
        enough = len(self.numbers) >= 2 * _LARGEST_POSITIONS or self.chars >= _LARGEST_CHARS
        return enough or len(self.items) >= _LARGEST_ITEMS

    def arrays(self) -> Parts:
        """The same as arrays."""
        return Parts(self)


class Parts:
    """A batch as arrays: ``xy`` of shape (n, 2) in the order of the file, and where each part starts and ends in it."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.xy: NDArray[np.float64] = np.frombuffer(batch.numbers, dtype=np.float64).reshape(-1, 2)
        self.ends: NDArray[np.int64] = np.array(batch.ends, dtype=np.int64)
        self.starts: NDArray[np.int64] = np.concatenate([[0], self.ends])[:-1].astype(np.int64)
        self.sizes: NDArray[np.int64] = self.ends - self.starts
        self.kinds: NDArray[np.int64] = np.array(batch.kinds, dtype=np.int64)
        self.owners: NDArray[np.int64] = np.array(batch.owners, dtype=np.int64)
        self.polygons: NDArray[np.int64] = np.array(batch.polygons, dtype=np.int64)
        self.part_of: NDArray[np.int64] = np.repeat(np.arange(len(self.ends)), self.sizes)
        # a part is sound until a rule says that shapes cannot be made of it
        self.sound: NDArray[np.bool_] = np.ones(len(self.ends), dtype=np.bool_)
        # what crosses 180° uncut, or may do so, is no shape of the plane that rules could be held against
        self.crossing: NDArray[np.bool_] = np.zeros(len(self.ends), dtype=np.bool_)

    @property
    def count(self) -> int:
        """How many parts there are."""
        return len(self.ends)

    @property
    def rings(self) -> NDArray[np.bool_]:
        """Which parts are rings."""
        return np.asarray(self.kinds >= Kind.SHELL, dtype=np.bool_)

    def any_of(self, flags: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Parts in which a flag, one for each position, is set."""
        return distinct(self.part_of[flags])

    def first_of(self, flags: NDArray[np.bool_], part: int) -> tuple[int, int]:
        """Offset of the first flagged position in a part, and how many are flagged."""
        indexes = np.flatnonzero(flags[self.starts[part] : self.ends[part]])
        return int(indexes[0]), len(indexes)

    def item(self, part: int) -> Item:
        """The feature that a part belongs to."""
        return self.batch.items[self.batch.owners[part]]

    def path(self, part: int, offset: int) -> JsonPath:
        """The way from the feature to one of a part's positions."""
        path = self.batch.paths[part]
        return path if self.kinds[part] == Kind.POINT else (*path, offset)

    def boxes(self) -> NDArray[np.float64]:
        """West, south, east, north of each part, of shape (count, 4)."""
        low = np.minimum.reduceat(self.xy, self.starts, axis=0)
        high = np.maximum.reduceat(self.xy, self.starts, axis=0)
        return np.hstack([low, high])

    def item_boxes(self) -> NDArray[np.float64]:
        """The same of each feature; nan where it has no positions."""
        bounds = np.full((len(self.batch.items), 4), np.nan)
        boxes = self.boxes()
        # the parts of a feature follow each other
        owners, first = np.unique(self.owners, return_index=True)
        bounds[owners, :2] = np.minimum.reduceat(boxes[:, :2], first, axis=0)
        bounds[owners, 2:] = np.maximum.reduceat(boxes[:, 2:], first, axis=0)
        return bounds

    def position(self, index: int) -> tuple[float, float]:
        """A position by its index in ``xy``."""
        lon, lat = self.xy[index].tolist()
        return lon, lat


def distinct(ordered: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each of some indexes once; they stand in order and are not below zero."""
    return ordered[np.flatnonzero(np.diff(ordered, prepend=-1))]
