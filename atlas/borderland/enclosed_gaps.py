"""Gaps between two sides that were made to meet: what both enclose and nobody has goes to the side that gives way.

Matching fills each gap from the units of one side. Where these leave room among themselves, a pocket may stay between
the sides, and the line would end at it. A pocket is a hole of all units together that has an edge of either side; one
that is wider than a gap may be, such as a lake that both sides leave out, stays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.edgematch.plane import Plane

Shapes = NDArray[np.object_]


def without_enclosed_gaps(leading: Shapes, led: Shapes, others: Shapes, plane: Plane, tolerance_m: float) -> Shapes:
    """The units of the side that gives way, with the pockets between it and the leading side.

    Parameters
    ----------
    leading, led, others
        Units of the side whose edge stays, of the one that gives way, and of all other sides, in degrees.
    tolerance_m
        How wide a gap may be, in metres.
    """
    filled = led.copy()
    for hole in _holes(np.concatenate([leading, led, others])):
        if _is_wide(hole, plane, tolerance_m) or not max(_shared(leading, hole), default=0):
            continue
        shares = _shared(filled, hole)
        if max(shares, default=0):
            most = int(np.argmax(shares))
            filled[most] = shapely.union(filled[most], hole)
    return filled


def _holes(areas: Shapes) -> list[BaseGeometry]:
    parts = shapely.get_parts(shapely.union_all(areas))
    rings = [ring for part in parts for ring in shapely.get_rings(part)[1:]]
    return [shapely.polygons(ring) for ring in rings]


def _is_wide(hole: BaseGeometry, plane: Plane, tolerance_m: float) -> bool:
    metres = shapely.transform(hole, lambda xy: xy * plane.scale)
    return not shapely.is_empty(shapely.buffer(metres, -tolerance_m / 2))


def _shared(areas: Sequence[BaseGeometry] | Shapes, hole: BaseGeometry) -> list[float]:
    """The length of edge that each area shares with a hole."""
    edge = shapely.boundary(hole)
    touching = shapely.intersects(np.asarray(areas, dtype=object), hole)
    return [
        float(shapely.length(shapely.intersection(shapely.boundary(area), edge))) if touches else 0.0
        for area, touches in zip(areas, touching, strict=True)
    ]
