"""Ground that a side gains, given to its units: each inner limit is led on, the shortest way, to the new edge.

A limit between two units ends somewhere on the side's old edge, and the gained ground lies between this edge and the
new one. From that end the shortest way over the ground to its far edge divides it, and each piece goes to the unit with
which it shares most of its edge. Nothing else moves, and no limit is drawn where there was none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

_TOUCH_M = 0.002


def given_to_units(ground: BaseGeometry, units: Sequence[BaseGeometry]) -> list[tuple[int, BaseGeometry]]:
    """The pieces of gained ground, each with the index of the unit that gets it.

    Parameters
    ----------
    ground
        A polygon beside the side, in metres of a plane.
    units
        The units of the side near it.
    """
    edge = shapely.boundary(ground)
    window = shapely.buffer(shapely.envelope(ground), 1.0)
    beside = [shapely.intersection(shapely.boundary(unit), window) for unit in units]
    old = [shapely.intersection(edge, shapely.buffer(line, _TOUCH_M)) for line in beside]
    far = shapely.difference(edge, shapely.buffer(shapely.union_all(old), 2 * _TOUCH_M))
    faces = _faces(ground, edge, _cuts(old, far))
    return [(_owner(face, old, units), face) for face in faces]


def _cuts(old: Sequence[BaseGeometry], far: BaseGeometry) -> list[BaseGeometry]:
    """The shortest ways from where two units meet on the old edge to the far edge."""
    if far.is_empty:
        return []
    meeting = [
        shapely.intersection(shapely.buffer(old[a], _TOUCH_M), old[b])
        for a in range(len(old))
        for b in range(a)
        if shapely.distance(old[a], old[b]) <= _TOUCH_M
    ]
    places = [shapely.centroid(part) for shape in meeting for part in shapely.get_parts(shape) if not part.is_empty]
    return [beyond(shapely.shortest_line(place, far)) for place in places]


def beyond(line: BaseGeometry) -> BaseGeometry:
    """A way a little beyond its ends, so that it crosses the edges that it goes between."""
    (x0, y0), (x1, y1) = shapely.get_coordinates(line)
    length = float(np.hypot(x1 - x0, y1 - y0))
    if length == 0:
        return line
    ahead = np.array([x1 - x0, y1 - y0]) / length * 5 * _TOUCH_M
    return shapely.LineString([np.array([x0, y0]) - ahead, np.array([x1, y1]) + ahead])


def _faces(ground: BaseGeometry, edge: BaseGeometry, cuts: list[BaseGeometry]) -> list[BaseGeometry]:
    if not cuts:
        return [ground]
    faces: NDArray[np.object_] = shapely.get_parts(shapely.polygonize([shapely.union_all([edge, *cuts])]))
    inside = [face for face in faces if shapely.covers(shapely.buffer(ground, _TOUCH_M), face)]
    return inside or [ground]


def _owner(face: BaseGeometry, old: Sequence[BaseGeometry], units: Sequence[BaseGeometry]) -> int:
    edge = shapely.buffer(shapely.boundary(face), _TOUCH_M)
    shared = [shapely.length(shapely.intersection(part, edge)) for part in old]
    if max(shared, default=0) > 0:
        return int(np.argmax(shared))
    return int(np.argmin(shapely.distance(np.array(units, dtype=object), face)))
