"""What an area with crossing rings can only have meant."""

from __future__ import annotations

from functools import reduce

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.clean.measure import is_narrow

_TINY_DEG2 = 1e-12


def unambiguous(area: BaseGeometry, snap_m: float) -> BaseGeometry | None:
    """The valid area, where filling by turns and filling by outlines differ by less than the width to snap."""
    if shapely.is_empty(area):
        return None
    by_outlines = shapely.make_valid(area, method="structure", keep_collapsed=False)
    # nothing is counted twice or taken off: a crossing as small as rounding makes them
    if not shapely.is_empty(by_outlines) and abs(area.area - by_outlines.area) < _TINY_DEG2:
        return by_outlines
    rings = [shapely.make_valid(shapely.Polygon(ring)) for ring in shapely.get_rings(shapely.get_parts(area)).tolist()]
    by_turns = reduce(shapely.symmetric_difference, [_areal(ring) for ring in rings])
    if shapely.is_empty(by_outlines) or shapely.is_empty(by_turns):
        return None
    if not is_narrow(_areal(shapely.symmetric_difference(by_turns, by_outlines)), snap_m):
        return None
    return by_outlines


def _areal(shape: BaseGeometry) -> BaseGeometry:
    """What is area of a shape, without the lines and points that are left where it fell together."""
    return shapely.union_all([part for part in shapely.get_parts(shape).tolist() if part.geom_type.endswith("Polygon")])
