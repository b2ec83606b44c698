"""Many small areas as bytes, compared neighbourhood by neighbourhood: only whether all is well, never what is wrong.

Areas are held as WKB with their boxes, a fraction of what shapes take; shapes are made of a tile with all around it.

*Why it is right.* Whether the edges of an area match is told by it and the areas whose boxes touch its own. Where all
match, nothing overlaps, and a hole in the union is among areas that are linked by touching boxes: mostly the edges that
stand once show that there is none, otherwise each such group is united. A gap that is open at an end is between areas
that are farther apart; it needs edges that face each other long enough. A tile may have edges that the whole file does
not leave single, and never fewer, so that no gap is missed.

*Invariants* (`tests/clean/test_feature_stream.py`): a file that is not doubtful comes out of a cleaning as a whole with
the same bytes; how large tiles are changes nothing. Where anything is doubtful the answer is that it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.check.coverage_rules import Coverage, unmatched_edges
from atlas.check.open_gaps import may_have_open_gaps
from atlas.check.outer_edges import has_holes, single_edges_of
from atlas.check.polygon_rules import Shapes
from atlas.check.position_batch import Parts
from atlas.check.strips import WIDEST_M, gap_strips
from atlas.clean.neighbours import degrees_of
from atlas.geojson.model import Mark

# areas that are looked at together
_TOGETHER = 1_000
_NOBODY = Mark(None, None, None, ())

Indexes = NDArray[np.int64]
Boxes = NDArray[np.float64]


@dataclass(slots=True)
class SmallAreas(Coverage):
    """Collects areas as bytes; in the end ``doubtful`` says whether gaps, overlaps or edges have to be looked at."""

    snap_m: float = 1.0
    doubtful: bool = False
    _texts: list[bytes] = field(default_factory=list)
    _sizes: list[Indexes] = field(default_factory=list)
    _boxes: list[Boxes] = field(default_factory=list)

    def check(self, parts: Parts, areas: Shapes, items: NDArray[np.int64]) -> None:  # noqa: ARG002 - as in the base
        """Take the sound areas of a batch."""
        self._count(parts)
        inside = areas[(np.abs(shapely.bounds(areas)) <= [180, 90, 180, 90]).all(axis=1)]
        if not len(inside):
            return
        texts = shapely.to_wkb(inside).tolist()
        self._texts.append(b"".join(texts))
        self._sizes.append(np.fromiter(map(len, texts), dtype=np.int64))
        self._boxes.append(shapely.bounds(inside))

    def finish(self) -> None:
        """Tell whether there is any doubt."""
        if not self._fits:
            self._note()
        if not self._boxes:
            return
        boxes, text = np.concatenate(self._boxes), b"".join(self._texts)
        ends = np.cumsum(np.concatenate(self._sizes))
        self.forget()
        self.doubtful = len(boxes) > 1 and _Areas(boxes, text, ends).are_doubtful(self.snap_m, gaps=self._fits)

    def forget(self) -> None:
        """Drop all areas: nobody wants to know."""
        self._boxes, self._texts, self._sizes = [], [], []


@dataclass(frozen=True, slots=True, eq=False)
class _Areas:
    """All areas: their boxes, and where their texts end in one."""

    boxes: Boxes
    text: bytes
    ends: Indexes

    def shapes(self, chosen: Indexes) -> Shapes:
        """Some of them."""
        starts = np.where(chosen > 0, self.ends[chosen - 1], 0).tolist()
        texts = [self.text[a:b] for a, b in zip(starts, self.ends[chosen].tolist(), strict=True)]
        return np.asarray(shapely.from_wkb(np.array(texts, dtype=object)), dtype=object)

    def are_doubtful(self, snap_m: float, *, gaps: bool) -> bool:
        """Whether anything is to be mended, or asked about if there may be ``gaps``."""
        south, north = float(self.boxes[:, 1].min()), float(self.boxes[:, 3].max())
        beside, widest = degrees_of(south, north, snap_m), degrees_of(south, north, 1.01 * WIDEST_M)
        touching: list[Indexes] = []
        for some, around in self._tiles(max(widest, 2 * beside)):
            pairs = _meeting(self.boxes, some, around, 2 * beside)
            if len(pairs) and self._has_faults(pairs, beside):
                return True
            touching.append(pairs[pairs[:, 0] < pairs[:, 1]])
            near = np.unique(_meeting(self.boxes, some, around, widest)) if gaps else pairs[:0]
            if len(near) and may_have_open_gaps(self.shapes(near), WIDEST_M, max(abs(south), abs(north))):
                return True
        return gaps and self._has_holes(np.concatenate(touching))

    def _has_faults(self, pairs: Indexes, beside_deg: float) -> bool:
        """Whether one of some areas has edges that do not match those around it, or may be the same as another."""
        if (self.boxes[pairs[:, 0]] == self.boxes[pairs[:, 1]]).all(axis=1).any():
            return True
        wrong = unmatched_edges(self.shapes(near := np.unique(pairs)), beside_deg)
        return not bool(shapely.is_empty(wrong[np.isin(near, pairs[:, 0])]).all())

    def _has_holes(self, pairs: Indexes) -> bool:
        """Whether areas that match leave a gap between them that is closed on all sides."""
        linked = np.unique(pairs)
        if not len(linked):
            return False
        portions = np.array_split(linked, len(linked) // _TOGETHER + 1)
        # mostly there is no hole at all
        if has_holes(single_edges_of(portions, self.shapes)) is False:
            return False
        return any(_has_gap(self.shapes(group)) for group in _groups(pairs, linked, len(self.boxes)))

    def _tiles(self, width: float) -> Iterator[tuple[Indexes, Indexes]]:
        """Areas in columns and rows, so many at a time, with those that may be near them."""
        order = np.argsort(self.boxes[:, 0], kind="stable")
        high = math.isqrt(len(order) * _TOGETHER) + 1
        for column in (order[start : start + high] for start in range(0, len(order), high)):
            upward = column[np.argsort(self.boxes[column, 1], kind="stable")]
            for some in (upward[start : start + _TOGETHER] for start in range(0, len(upward), _TOGETHER)):
                low, far = self.boxes[some, :2].min(axis=0) - width, self.boxes[some, 2:].max(axis=0) + width
                yield some, np.flatnonzero(((self.boxes[:, :2] <= far) & (self.boxes[:, 2:] >= low)).all(axis=1))


def _meeting(boxes: Boxes, some: Indexes, around: Indexes, width: float) -> Indexes:
    """Pairs of some boxes and others that are no farther from them than a width, of shape (n, 2)."""
    tree = shapely.STRtree(shapely.box(*boxes[around].T))
    near, far = tree.query(shapely.box(*(boxes[some] + [-width, -width, width, width]).T))
    pairs = np.column_stack([some[near], around[far]])
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1]])


def _groups(pairs: Indexes, linked: Indexes, count: int) -> Iterator[Indexes]:
    """Areas that are linked by pairs, small groups together."""
    labels = np.arange(count)
    while True:
        least = np.minimum(labels[pairs[:, 0]], labels[pairs[:, 1]])
        if (labels[pairs] == least[:, None]).all():
            break
        np.minimum.at(labels, pairs.ravel(), np.repeat(least, 2))
        labels = labels[labels]
    order = linked[np.argsort(labels[linked], kind="stable")]
    firsts = np.flatnonzero(np.diff(labels[order], prepend=-1))
    start = 0
    for end in [*firsts[1:].tolist(), len(order)]:
        if end - start >= _TOGETHER or end == len(order):
            yield order[start:end]
            start = end


def _has_gap(shapes: Shapes) -> bool:
    union = shapely.coverage_union_all(shapes)
    return any(True for _ in gap_strips(shapes, [_NOBODY] * len(shapes), union))
