"""How much of a feature of one edition lies in one of the other.

Areas are laid over each other in Lambert's cylindrical equal-area projection, where a part of an area is a part of it
on the ellipsoid too; equal positions stay equal, so that edges which both editions have cut nothing into slivers. Lines
are held against a strip around the other, whose half width is the distance that still counts as the same place; two
points have less in common the farther they are apart, and beyond it nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from atlas.geometry.geodesy import scale_m

_AREAS, _LINES = 2, 1
_NOTHING_M = 1e-6

Indexes = NDArray[np.int64]
Numbers = NDArray[np.float64]


@cache
def _equal_area() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", "+proj=cea +ellps=GRS80 +units=m +over", always_xy=True)


@dataclass(frozen=True, slots=True)
class Shares:
    """Pairs of an old and a new feature that have ground in common, and how much.

    Attributes
    ----------
    old, new
        Indexes of the two features of each pair.
    of_old, of_new
        Which part of each lies in the other, 0 to 1.
    shared
        What they have in common: square metres, metres, or for points how near they are, 1 to 0.
    """

    old: Indexes
    new: Indexes
    of_old: Numbers
    of_new: Numbers
    shared: Numbers


class Overlay:
    """Two sets of shapes, to be laid over each other a part at a time."""

    def __init__(self, old: NDArray[np.object_], new: NDArray[np.object_], *, dimension: int, near_m: float) -> None:
        self._dimension, self._near_m = dimension, near_m
        self._old, self._new = self._flat(old, new)
        self.sizes_old, self.sizes_new = self._sizes(self._old), self._sizes(self._new)
        self._tree: shapely.STRtree | None = None

    def candidates(self, old: Indexes) -> tuple[Indexes, Indexes]:
        """Pairs of these old features with all new ones whose boxes meet theirs."""
        if self._tree is None:
            self._tree = shapely.STRtree(self._reach(self._new))
        at, new = self._tree.query(shapely.envelope(self._old[old]))
        return old[at], new.astype(np.int64)

    def shares(self, old: Indexes, new: Indexes) -> Shares:
        """What each pair has in common."""
        here, there = self._old[old], self._new[new]
        if self._dimension == _AREAS:
            shared = shapely.area(shapely.intersection(here, there))
            both = (shared, shared)
        elif self._dimension == _LINES:
            both = tuple(
                shapely.length(shapely.intersection(one, shapely.buffer(other, self._near_m)))
                for one, other in ((here, there), (there, here))
            )
        else:
            shared = np.clip(1 - shapely.distance(here, there) / max(self._near_m, _NOTHING_M), 0, 1)
            both = (shared, shared)
        with np.errstate(divide="ignore", invalid="ignore"):
            of_old = np.nan_to_num(both[0] / self.sizes_old[old])
            of_new = np.nan_to_num(both[1] / self.sizes_new[new])
        return Shares(old, new, np.minimum(of_old, 1.0), np.minimum(of_new, 1.0), np.minimum(*both))

    def left_over(self, part: int, whole: int, taken: int, *, old_part: bool) -> float:
        """Which part of an area lies in a whole of the other edition, less what the whole's own successor covers.

        Parameters
        ----------
        part, whole, taken
            Indexes: the area in question, the one of the other edition, and what that one became (or was).
        old_part
            Whether ``part`` is of the old edition.
        """
        kin, others = (self._old, self._new) if old_part else (self._new, self._old)
        sizes = self.sizes_old if old_part else self.sizes_new
        if self._dimension != _AREAS:
            return 0.0
        ground = shapely.difference(shapely.intersection(kin[part], others[whole]), kin[taken])
        return float(shapely.area(ground) / sizes[part]) if sizes[part] else 0.0

    def box_likeness(self, old: Indexes, new: Indexes) -> Numbers:
        """How much the boxes of each pair are one: what they share of what they cover, 0 to 1."""
        a, b = shapely.bounds(self._old[old]), shapely.bounds(self._new[new])
        width = np.minimum(a[:, 2], b[:, 2]) - np.maximum(a[:, 0], b[:, 0])
        height = np.minimum(a[:, 3], b[:, 3]) - np.maximum(a[:, 1], b[:, 1])
        shared = np.clip(width, 0, None) * np.clip(height, 0, None)
        of_both = [(box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1]) for box in (a, b)]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.nan_to_num(shared / (of_both[0] + of_both[1] - shared)))

    def _reach(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        if self._dimension == _AREAS:
            return shapes
        bounds = shapely.bounds(shapes) + np.array([-1, -1, 1, 1]) * self._near_m
        boxes: NDArray[np.object_] = shapely.box(*bounds.T)
        return boxes

    def _sizes(self, shapes: NDArray[np.object_]) -> Numbers:
        if self._dimension == _AREAS:
            return np.asarray(shapely.area(shapes))
        if self._dimension == _LINES:
            return np.asarray(shapely.length(shapes))
        return np.ones(len(shapes))

    def _flat(self, *sets: NDArray[np.object_]) -> list[NDArray[np.object_]]:
        """The shapes in metres of one plane; areas that cross themselves are read as what they cover."""
        if self._dimension == _AREAS:
            flat = [_moved(shapes, _to_equal_area) for shapes in sets]
            return [_whole(shapes) for shapes in flat]
        latitudes = np.concatenate([shapely.get_coordinates(shapes)[:, 1] for shapes in sets])
        scale = scale_m(np.array([latitudes.mean() if len(latitudes) else 0.0]))[0]
        return [_moved(shapes, lambda xy: xy * scale) for shapes in sets]


def _to_equal_area(xy: Numbers) -> Numbers:
    return np.column_stack(_equal_area().transform(xy[:, 0], xy[:, 1]))


def _moved(shapes: NDArray[np.object_], how: object) -> NDArray[np.object_]:
    moved: NDArray[np.object_] = shapely.transform(shapely.force_2d(shapes), how)
    return moved


def _whole(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    bad = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    shapes[bad] = shapely.make_valid(shapes[bad], method="structure", keep_collapsed=False)
    return shapes
