"""How much of a feature of one edition lies in one of the other.

Areas are laid over each other in Lambert's cylindrical equal-area projection, where a part of an area is a part of it
on the ellipsoid too; equal positions stay equal, so that edges which both editions have cut nothing into slivers. Lines
are held against a strip around the other, whose half width is the distance that still counts as the same place; two
points have less in common the farther they are apart, and beyond it nothing.
"""

from __future__ import annotations

from collections.abc import Callable
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
Move = Callable[[Numbers], Numbers]


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


class _Side:
    """The shapes of one edition in metres of one plane, and their sizes; each is brought there when it is asked for."""

    def __init__(self, shapes: NDArray[np.object_], how: Move, dimension: int) -> None:
        self._shapes, self._how, self._dimension = shapes, how, dimension
        self._flat = np.empty(len(shapes), dtype=object)
        self._sizes = np.full(len(shapes), np.nan)
        self._ready = np.zeros(len(shapes), dtype=bool)

    def __getitem__(self, at: Indexes) -> NDArray[np.object_]:
        self._prepare(at)
        return self._flat[at]

    def sizes(self, at: Indexes) -> Numbers:
        """Square metres, metres, or 1 for points."""
        self._prepare(at)
        return np.asarray(self._sizes[at])

    def boxes(self) -> NDArray[np.object_]:
        """The boxes in metres; both planes have straight meridians and parallels, so that a box stays one."""
        corners = shapely.bounds(self._shapes)
        placed = ~np.isnan(corners).any(axis=1)
        boxes = np.empty(len(corners), dtype=object)
        if placed.any():
            low, high = (self._how(corners[placed][:, at]) for at in (slice(0, 2), slice(2, 4)))
            boxes[placed] = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
        return boxes

    def _prepare(self, at: Indexes) -> None:
        wanted = np.unique(at[~self._ready[at]])
        if not len(wanted):
            return
        flat = shapely.transform(shapely.force_2d(self._shapes[wanted]), self._how)
        self._flat[wanted] = _whole(flat) if self._dimension == _AREAS else flat
        self._sizes[wanted] = self._measured(self._flat[wanted])
        self._ready[wanted] = True

    def _measured(self, shapes: NDArray[np.object_]) -> Numbers:
        if self._dimension == _AREAS:
            return np.asarray(shapely.area(shapes))
        return np.asarray(shapely.length(shapes)) if self._dimension == _LINES else np.ones(len(shapes))


class Overlay:
    """Two sets of shapes, to be laid over each other a part at a time."""

    def __init__(self, old: NDArray[np.object_], new: NDArray[np.object_], *, dimension: int, near_m: float) -> None:
        self._dimension, self._near_m = dimension, near_m
        how = _to_equal_area if dimension == _AREAS else _to_metres(old, new)
        self._old, self._new = _Side(old, how, dimension), _Side(new, how, dimension)
        self._tree: shapely.STRtree | None = None

    def candidates(self, old: Indexes) -> tuple[Indexes, Indexes]:
        """Pairs of these old features with all new ones whose boxes meet theirs."""
        if self._tree is None:
            self._tree = shapely.STRtree(self._reach(self._new.boxes()))
        at, new = self._tree.query(self._old.boxes()[old])
        return old[at], new.astype(np.int64)

    def sizes_old(self, old: Indexes) -> Numbers:
        """How large old features are: square metres, metres, or 1 for points."""
        return self._old.sizes(old)

    def sizes_new(self, new: Indexes) -> Numbers:
        """The same of new ones."""
        return self._new.sizes(new)

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
            of_old = np.nan_to_num(both[0] / self.sizes_old(old))
            of_new = np.nan_to_num(both[1] / self.sizes_new(new))
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
        if self._dimension != _AREAS:
            return 0.0
        (one, taken_one), (other,) = kin[np.array([part, taken])], others[np.array([whole])]
        size = float(kin.sizes(np.array([part]))[0])
        ground = shapely.difference(shapely.intersection(one, other), taken_one)
        return float(shapely.area(ground) / size) if size else 0.0

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


def _to_metres(*sets: NDArray[np.object_]) -> Move:
    """Degrees in metres, with the scale of the middle latitude of all."""
    latitudes = np.concatenate([shapely.get_coordinates(shapes)[:, 1] for shapes in sets])
    scale = scale_m(np.array([latitudes.mean() if len(latitudes) else 0.0]))[0]
    return lambda xy: xy * scale


def _to_equal_area(xy: Numbers) -> Numbers:
    return np.column_stack(_equal_area().transform(xy[:, 0], xy[:, 1]))


def _whole(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Areas that cross themselves as what they cover."""
    bad = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    shapes[bad] = shapely.make_valid(shapes[bad], method="structure", keep_collapsed=False)
    return shapes
