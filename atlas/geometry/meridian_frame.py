"""Shapes on both sides of 180° of longitude laid side by side, and cut there again after they were compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.geometry.antimeridian import cut_line, cut_polygon
from atlas.geometry.antimeridian_steps import HALF, WHOLE, Reading

# a number of twelve decimals is the nearest double again
_EXACT = 12
# two sides farther apart than this across 180° are no neighbours there
_NEAR_DEG = 10.0

Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class MeridianFrame:
    """Longitudes below ``start`` go on beyond 180°; nothing does where that is nothing."""

    start: float | None

    @classmethod
    def around(cls, shapes: Shapes) -> MeridianFrame:
        """The frame in which shapes in degrees, none of them across 180° uncut, lie closest together."""
        boxes = shapely.bounds(shapely.get_parts(shapes))
        boxes = boxes[~np.isnan(boxes).any(axis=1)]
        if not len(boxes):
            return cls(None)
        boxes = boxes[np.argsort(boxes[:, 0])]
        reached = np.maximum.accumulate(boxes[:, 2])
        across = WHOLE - (reached[-1] - boxes[0, 0])
        gaps = boxes[1:, 0] - reached[:-1]
        if not len(gaps) or across > _NEAR_DEG or gaps.max() <= across:
            return cls(None)
        widest = int(gaps.argmax())
        return cls(float(reached[widest] + gaps[widest] / 2))

    def turned(self, shapes: Shapes) -> Shapes:
        """Shapes within ±180° in this frame, parts that meet on 180° as one."""
        if self.start is None:
            return shapes
        start = self.start

        def shifted(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            west = xy[:, 0] < start
            return np.column_stack([np.where(west, np.round(xy[:, 0] + WHOLE, _EXACT), xy[:, 0]), xy[:, 1]])

        new: Shapes = np.array([*shapely.transform(shapes, shifted), None], dtype=object)[:-1]
        for n, shape in enumerate(new):
            west, _, east, _ = shapely.bounds(shape)
            if west < HALF < east and shapely.get_num_geometries(shape) > 1:
                new[n] = _joined(shape)
        return new

    def back(self, shapes: Iterable[BaseGeometry], decimals: int) -> Shapes:
        """Shapes of this frame within ±180°, cut at 180° at so many decimals."""
        if self.start is None:
            return np.array([*shapes, None], dtype=object)[:-1]
        return np.array([*(_cut(shape, decimals) for shape in shapes), None], dtype=object)[:-1]

    @staticmethod
    def within(degrees: float) -> float:
        """A longitude of any frame within ±180°."""
        return round(degrees - WHOLE, _EXACT) if degrees > HALF else degrees

    def located(self, value: Any) -> Any:  # noqa: ANN401 - a ledger
        """A ledger whose places, lists that begin with longitude and latitude, are within ±180°."""
        if isinstance(value, dict):
            return {key: self.located(one) for key, one in value.items()}
        if not isinstance(value, list):
            return value
        if len(value) > 1 and all(isinstance(one, float) for one in value):
            return [self.within(value[0]), *value[1:]]
        return [self.located(one) for one in value]


def _joined(shape: BaseGeometry) -> BaseGeometry:
    """Parts that meet on 180° as one; lines keep their direction."""
    if shapely.get_dimensions(shape) > 1:
        return shapely.union_all(shapely.get_parts(shape))
    if shapely.get_dimensions(shape) == 1:
        return shapely.line_merge(shape, directed=True)
    return shape


def _cut(shape: BaseGeometry, decimals: int) -> BaseGeometry:
    if shapely.is_empty(shape) or shapely.bounds(shape)[2] <= HALF:
        return shape
    if shapely.get_dimensions(shape) == 0:
        return shapely.transform(shape, _within)
    areal = shapely.get_dimensions(shape) > 1
    made: list[BaseGeometry] = []
    for part in shapely.get_parts(shape).tolist():
        if areal:
            rings = [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]
            pieces = cut_polygon(rings, [Reading.PLAIN] * len(rings)).parts
            near = [[_rounded(run, decimals) for run in runs] for runs in pieces]
            made += [shapely.Polygon(runs[0], runs[1:]) for runs in near]
        else:
            pieces = cut_line(shapely.get_coordinates(part), Reading.PLAIN).parts
            made += [shapely.LineString(_rounded(runs[0], decimals)) for runs in pieces]
    if len(made) == 1:
        return made[0]
    return shapely.MultiPolygon(made) if areal else shapely.MultiLineString(made)


def _within(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([np.where(xy[:, 0] > HALF, np.round(xy[:, 0] - WHOLE, _EXACT), xy[:, 0]), xy[:, 1]])


def _rounded(run: NDArray[np.float64], decimals: int) -> NDArray[np.float64]:
    return np.asarray(np.round(run[:, :2], decimals) + 0.0)
