"""What an area with crossing rings can have meant: the one answer, or the two that GEOS gives."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import reduce

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.clean.measure import is_narrow

_TINY_DEG2 = 1e-12
# of a ring's area: what is left of nothing, or of all, when doubles are cut
_SHARE = 1e-9


class Filling(StrEnum):
    """How crossing rings are filled.

    ``STRUCTURE``: all that an outline goes around is inside; rings are outlines or holes as they lie in each other, and
    parts are merged. ``LINEWORK``: what is gone around an even number of times is outside.
    """

    STRUCTURE = "structure"
    LINEWORK = "linework"


def filled(area: BaseGeometry, filling: Filling) -> BaseGeometry | None:
    """The valid area by one way of filling; nothing where that leaves nothing."""
    if shapely.is_empty(area):
        return None
    made = _by_turns(area) if filling is Filling.LINEWORK else _by_outlines(area)
    return None if shapely.is_empty(made) else made


def unambiguous(area: BaseGeometry, snap_m: float) -> BaseGeometry | None:
    """The valid area, where filling by turns and filling by outlines differ by less than the width to snap."""
    if shapely.is_empty(area):
        return None
    by_outlines = shapely.make_valid(area, method="structure", keep_collapsed=False)
    # nothing is counted twice or taken off: a crossing as small as rounding makes them
    if not shapely.is_empty(by_outlines) and abs(area.area - by_outlines.area) < _TINY_DEG2:
        return by_outlines
    by_turns = _by_turns(area)
    if shapely.is_empty(by_outlines) or shapely.is_empty(by_turns):
        return None
    if not is_narrow(_areal(shapely.symmetric_difference(by_turns, by_outlines)), snap_m):
        return None
    return by_outlines


def _by_turns(area: BaseGeometry) -> BaseGeometry:
    rings = [shapely.make_valid(shapely.Polygon(ring)) for ring in shapely.get_rings(shapely.get_parts(area)).tolist()]
    return _areal(reduce(shapely.symmetric_difference, [_areal(ring) for ring in rings]))


def _by_outlines(area: BaseGeometry) -> BaseGeometry:
    parts = [_arranged(part) for part in shapely.get_parts(area).tolist()]
    return _areal(shapely.union_all(parts))


def _arranged(polygon: BaseGeometry) -> BaseGeometry:
    """A polygon whose rings are what they are by how they lie in each other, the largest first."""
    outlines: list[tuple[BaseGeometry, bool]] = []
    for n, ring in enumerate(shapely.get_rings(polygon).tolist()):
        outline = shapely.make_valid(shapely.Polygon(ring), method="structure", keep_collapsed=False)
        if not shapely.is_empty(outline) and not any(shapely.equals(outline, known) for known, _ in outlines):
            outlines.append((outline, n == 0))
    made: BaseGeometry = shapely.Polygon()
    for outline, is_first in sorted(outlines, key=lambda pair: -float(pair[0].area)):
        shared = shapely.intersection(made, outline).area
        apart, covered = shared <= _SHARE * outline.area, shared >= (1 - _SHARE) * outline.area
        join = apart or (is_first and not covered)
        made = shapely.union(made, outline) if join else shapely.difference(made, outline)
    return _areal(made)


def _areal(shape: BaseGeometry) -> BaseGeometry:
    """What is area of a shape, without the lines and points that are left where it fell together."""
    return shapely.union_all([part for part in _parts(shape) if part.geom_type == "Polygon"])


def _parts(shape: BaseGeometry) -> Iterable[BaseGeometry]:
    """All parts, those of collections too."""
    for part in shapely.get_parts(shape).tolist():
        yield from shapely.get_parts(part).tolist()
