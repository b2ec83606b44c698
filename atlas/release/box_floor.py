"""How large a piece of ground is, and what it lacks of the floor.

A box keeps the floor **by itself**: of the largest part of its land that hangs together

- the convex hull is at least 10 km wide in every direction,
- the area is at least 79 km² (a circle of 10 km across), and
- a circle of 8 km across fits inside (a hull forgives slivers, this does not);

and of each *guide*, a line that everybody knows some things to lie on (the border, the corridor, and a line that an
earlier release has drawn), it holds nothing or at least 10 km (to 20 m); of each *area* that an earlier release has
drawn it holds nothing, or what keeps the same three measures.

*Why it is right.* Whoever knows a record's box and nothing else knows that the record lies in the box. If it is known
to lie on a guide, it lies on the box's part of the guide. Both are as large as measured here, and nothing later in the
gate makes them smaller, because no later step sees a position (`labels`).

*Invariants*: the measures are of exact polygons in a plane by the scale at the shape's own latitude, good to 0.1 % over
50 km; the margin below is larger than that. `box_proof` measures the same on the ellipsoid, by other means.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.geometry.geodesy import length_km, scale_m

FLOOR_KM, LEAST_KM2, CIRCLE_KM = 10.0, 79.0, 8.0
# the border line itself is known to 100 m; where a reach ends, the middle between two of its positions may be some
# metres off
LINE_KM = FLOOR_KM - 0.02
_MARGIN = 1.002
_TOLERANCE_KM = 0.05


@dataclass(frozen=True, slots=True)
class Size:
    """Measures of a shape's largest part: least width of its hull in km, area in km², largest circle across in km."""

    width_km: float
    area_km2: float
    circle_km: float

    @property
    def lacks(self) -> tuple[str, ...]:
        """What it lacks of the floor."""
        measured = (("width", self.width_km, FLOOR_KM), ("area", self.area_km2, LEAST_KM2))
        lacking = tuple(name for name, size, least in measured if size < least * _MARGIN)
        return lacking or (("circle",) if self.circle_km < CIRCLE_KM * _MARGIN else ())


def plane_km(shape: BaseGeometry) -> BaseGeometry:
    """A shape in degrees as kilometres, by the scale at its middle latitude."""
    _, south, _, north = shapely.bounds(shape)
    scale = np.asarray(scale_m(np.array([(south + north) / 2]))[0]) / 1000
    return shapely.transform(shape, lambda at: at * scale)


def main_part(shape: BaseGeometry) -> BaseGeometry:
    """The largest polygon of a shape; an empty one where there is none."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area, default=shapely.Polygon())


def size_of(shape: BaseGeometry) -> Size:
    """The measures of a shape in degrees; the circle is only looked for where the rest is large enough."""
    part = main_part(shape)
    if part.is_empty:
        return Size(0.0, 0.0, 0.0)
    plane = plane_km(part)
    width, area = least_width(plane), float(plane.area)
    if width < FLOOR_KM * _MARGIN or area < LEAST_KM2 * _MARGIN:
        return Size(width, area, 0.0)
    radius = shapely.length(shapely.maximum_inscribed_circle(plane, tolerance=_TOLERANCE_KM))
    return Size(width, area, 2 * float(radius))


def least_width(plane: BaseGeometry) -> float:
    """Least distance between two parallel lines that hold a shape: one of them lies on an edge of its hull."""
    hull = shapely.convex_hull(plane)
    if hull.geom_type != "Polygon":
        return 0.0
    corners = shapely.get_coordinates(hull)
    steps = np.diff(corners, axis=0)
    lengths = np.hypot(*steps.T)
    steps, lengths = steps[lengths > 0], lengths[lengths > 0]
    normals = np.column_stack([-steps[:, 1], steps[:, 0]]) / lengths[:, None]
    return float(np.ptp(normals @ corners.T, axis=1).min())


@dataclass(frozen=True, slots=True, eq=False)
class Guides:
    """Lines and areas of which a box holds nothing, or as much as the floor, by name; shapes in degrees."""

    lines: Mapping[str, BaseGeometry]
    areas: Mapping[str, BaseGeometry]


def lacking_of_guides(shape: BaseGeometry, guides: Guides) -> tuple[str, ...]:
    """The guides of which a shape holds something, and less than the floor."""
    lacking = []
    for name, line in guides.lines.items():
        if shapely.intersects(line, shape):
            held = lines_km(shapely.intersection(line, shape))
            lacking += [name] if 0 < held < LINE_KM else []
    for name, area in guides.areas.items():
        if shapely.intersects(area, shape):
            held_area = shapely.intersection(area, shape)
            lacking += (
                [name] if not math.isclose(held_area.area, 0.0, abs_tol=1e-9) and size_of(held_area).lacks else []
            )
    return tuple(lacking)


def lines_km(shape: BaseGeometry) -> float:
    """Length in km of what of a shape is lines."""
    parts: Sequence[BaseGeometry] = [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]
    return length_km(shapely.multilinestrings(parts)) if parts else 0.0
