"""Stretches of the border cut out of the one border line, so that their coordinates are sent once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.geojson.geometries import line_of

Coordinates = NDArray[np.float64]

# positions carry six decimals; a cut point lies within half a unit of the line
ON_LINE_DEG = 2e-6
SAME_DEG = 5e-7


class Spine:
    """The border as one directed line, with a vertex wherever a stretch begins or ends.

    Parameters
    ----------
    border
        The features of the layer ``border``; their lines join end to end in the order of ``chainage_from_km``.
    stretches
        Lines (longitude, latitude in degrees) that may lie on the border; those that do not are left alone.
    """

    def __init__(self, border: Sequence[Mapping[str, Any]], stretches: Sequence[BaseGeometry]) -> None:
        self._inserts: dict[tuple[int, int], Coordinates] = {}
        self._spans: dict[bytes, tuple[int, int]] = {}
        self.positions = _joined(border)
        if len(self.positions):
            self._cut(stretches)

    def _cut(self, stretches: Sequence[BaseGeometry]) -> None:
        on_line = _on_line(stretches, self.positions)
        if not on_line:
            return
        ends = np.array([[line.coords[0], line.coords[-1]] for line in on_line]).reshape(-1, 2)
        steps = np.hypot(*np.diff(self.positions, axis=0).T)
        reached = np.concatenate([[0.0], np.cumsum(steps)])
        along = _measured(ends, self.positions, reached)
        fresh = _fresh(along, ends, reached)
        segment = np.searchsorted(reached, fresh[:, 0], side="right") - 1
        for number in np.unique(segment):
            self._inserts[_edge(self.positions[number], self.positions[number + 1])] = fresh[segment == number, 1:]
        at = np.concatenate([reached, fresh[:, 0]])
        order = np.argsort(at, kind="stable")
        self.positions = np.concatenate([self.positions, fresh[:, 1:]])[order]
        places = _nearest(at[order], along).reshape(-1, 2)
        for line, (start, end) in zip(on_line, places.tolist(), strict=True):
            self._spans[line.wkb] = (start, end)

    def span_of(self, line: BaseGeometry) -> tuple[int, int] | None:
        """Numbers of the first and last vertex of a stretch of the border; nothing for a line that lies elsewhere."""
        return self._spans.get(line.wkb)

    def between(self, start: int, end: int) -> Coordinates:
        """The border from one vertex to another, in that direction."""
        return self.positions[start : end + 1] if start <= end else self.positions[end : start + 1][::-1]

    def with_cuts(self, positions: Coordinates) -> Coordinates:
        """The same line with the cut points of the border put in where it runs along the border."""
        if not self._inserts:
            return positions
        keys = _keys(positions)
        starts = np.array([key for edge in self._inserts for key in edge])
        pieces: list[Coordinates] = []
        last = 0
        for index in np.flatnonzero(np.isin(keys[:-1], starts)).tolist():
            pair = (int(keys[index]), int(keys[index + 1]))
            extra = self._inserts.get(pair)
            if extra is None and (backwards := self._inserts.get(pair[::-1])) is not None:
                extra = backwards[::-1]
            if extra is not None:
                pieces += [positions[last : index + 1], extra]
                last = index + 1
        return np.concatenate([*pieces, positions[last:]])


def _joined(border: Sequence[Mapping[str, Any]]) -> Coordinates:
    ordered = sorted(border, key=lambda feature: feature["properties"]["chainage_from_km"])
    lines = [np.array(line_of(feature), dtype=float) for feature in ordered]
    if not lines:
        return np.empty((0, 2))
    joined = np.concatenate(lines)
    keep = np.ones(len(joined), dtype=bool)
    keep[1:] = np.abs(np.diff(joined, axis=0)).max(axis=1) > SAME_DEG
    return joined[keep]


def _on_line(stretches: Sequence[BaseGeometry], border: Coordinates) -> list[BaseGeometry]:
    """The lines whose inner vertices are vertices of the border, and whose ends lie on it."""
    if not stretches:
        return []
    positions, owner = shapely.get_coordinates(stretches, return_index=True)
    end = np.append(owner[1:] != owner[:-1], [True]) | np.append([True], owner[1:] != owner[:-1])
    known = np.isin(_keys(positions), _keys(border))
    segments = shapely.linestrings(np.stack([border[:-1], border[1:]], axis=1))
    loose = np.flatnonzero(end & ~known)
    near = shapely.STRtree(segments).query(shapely.points(positions[loose]), predicate="dwithin", distance=ON_LINE_DEG)
    known[loose[np.unique(near[0])]] = True
    strays = set(owner[~known].tolist())
    return [line for number, line in enumerate(stretches) if number not in strays]


def _measured(places: Coordinates, border: Coordinates, reached: Coordinates) -> NDArray[np.float64]:
    """How far along the border places lie, in degrees of its drawing; only those that are no vertex are projected."""
    keys = _keys(border)
    order = np.argsort(keys, kind="stable")
    indexes = order[np.clip(np.searchsorted(keys[order], _keys(places)), 0, len(keys) - 1)]
    along = reached[indexes].copy()
    loose = keys[indexes] != _keys(places)
    spots, which = np.unique(places[loose], axis=0, return_inverse=True)
    along[loose] = shapely.line_locate_point(shapely.LineString(border), shapely.points(spots))[which.ravel()]
    return along


def _fresh(along: Coordinates, ends: Coordinates, reached: Coordinates) -> Coordinates:
    """Cut points that are not vertices yet: distance along the line, longitude, latitude; sorted, each once."""
    gap = np.abs(reached[_nearest(reached, along)] - along)
    rows = np.column_stack([along, ends])[gap > SAME_DEG]
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    keep = np.ones(len(rows), dtype=bool)
    keep[1:] = np.diff(rows[:, 0]) > SAME_DEG
    return rows[keep]


def _nearest(sorted_values: Coordinates, wanted: Coordinates) -> NDArray[np.int64]:
    right = np.clip(np.searchsorted(sorted_values, wanted), 1, len(sorted_values) - 1)
    left = right - 1
    closer = np.abs(sorted_values[left] - wanted) <= np.abs(sorted_values[right] - wanted)
    return np.where(closer, left, right)


def _keys(positions: Coordinates) -> NDArray[np.int64]:
    units = np.round(positions * 1e6).astype(np.int64)
    keys: NDArray[np.int64] = (units[:, 0] << 32) + units[:, 1]
    return keys


def _edge(start: Coordinates, end: Coordinates) -> tuple[int, int]:
    first, second = _keys(np.stack([start, end])).tolist()
    return first, second
