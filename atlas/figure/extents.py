"""What the map of a figure shows: the box that the project states, else its line with a margin."""

from __future__ import annotations

import shapely

from atlas.border_project import shipped_border
from atlas.figure.border_line import whole_line
from atlas.figure.frame import Extent
from atlas.figure.plan import Desk

_MARGIN, _LEAST_DEG = 0.12, 0.25
# height by width of the map, in degrees
_FLATTEST, _TALLEST = 0.4, 1.1


def map_extent(desk: Desk, name: str = "border") -> Extent:
    """The extent of a map by its name in ``[figures.*]`` of the project; without one, around the line."""
    stated = (desk.release.border or shipped_border()).figures.get(name)
    return around_line(desk) if stated is None else Extent(*stated)


def around_line(desk: Desk) -> Extent:
    """An extent around the project's line, neither too flat nor too tall for a page."""
    line = whole_line(desk.features("border"))
    west, south, east, north = shapely.bounds(line).tolist()
    pad = max(_MARGIN * max(east - west, north - south), _LEAST_DEG)
    west, south, east, north = west - pad, south - pad, east + pad, north + pad
    wide, tall = east - west, north - south
    more_x, more_y = max(tall / _TALLEST - wide, 0) / 2, max(_FLATTEST * wide - tall, 0) / 2
    return Extent(west - more_x, max(south - more_y, -85.0), east + more_x, min(north + more_y, 85.0))
