"""What the map of a figure shows: the box that the project states, else its line with a margin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.border_project import shipped_border
from atlas.figure.border_line import whole_line
from atlas.figure.frame import Extent
from atlas.figure.plan import Desk

_MARGIN, _LEAST_DEG = 0.12, 0.25
# height by width of the map, in degrees
_FLATTEST, _TALLEST = 0.4, 1.1


def map_extent(desk: Desk, name: str = "border", shapes: Sequence[BaseGeometry] = ()) -> Extent:
    """The extent of a map by its name in ``[figures.*]`` of the project.

    Without one, around some shapes; without these, around the line.
    """
    stated = (desk.release.border or shipped_border()).figures.get(name)
    if stated is not None:
        return Extent(*stated)
    drawn = [shape for shape in shapes if not shape.is_empty]
    return around(drawn or [whole_line(desk.features("border"))])


def around(shapes: Sequence[BaseGeometry]) -> Extent:
    """An extent around shapes, neither too flat nor too tall for a page."""
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object)).tolist()
    pad = max(_MARGIN * max(east - west, north - south), _LEAST_DEG)
    west, south, east, north = west - pad, south - pad, east + pad, north + pad
    wide, tall = east - west, north - south
    more_x, more_y = max(tall / _TALLEST - wide, 0) / 2, max(_FLATTEST * wide - tall, 0) / 2
    return Extent(west - more_x, max(south - more_y, -85.0), east + more_x, min(north + more_y, 85.0))
