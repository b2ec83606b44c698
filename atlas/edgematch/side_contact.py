"""Where two sides meet badly: what both cover, and what lies between them and belongs to neither.

What both cover is their intersection. What lies between is a *closing*: the two together, widened and narrowed again by
a radius, cover every gap that is not wider than twice the radius. It is taken from small radii to large ones, so that
a narrow gap is closed by a small circle, and of each closing only what touches both sides along some length is kept: a
circle that is rolled into the corner of two coasts fills that corner as well, but touches each only for about
its radius. A gap all of whose edge is theirs is kept whatever its form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

_CRUMB_M2 = 0.01
_TOUCH_M = 0.002
_SCALES = (128, 32, 8, 2)
_LONG = 3.0
_AREAS = 2
_MIDDLE = 0.5


@dataclass(frozen=True, slots=True)
class Contact:
    """What is wrong between two sides, in metres of a plane.

    Attributes
    ----------
    gaps
        Areas that neither covers, between both.
    overlaps
        Areas that both cover.
    usual_width_m
        The median width of these, weighted by the length of their edges.
    """

    gaps: list[BaseGeometry]
    overlaps: list[BaseGeometry]
    usual_width_m: float


def contact_of(
    one: BaseGeometry, other: BaseGeometry, tolerance_m: float, rest: BaseGeometry | None = None
) -> Contact | None:
    """What is wrong between two sides; nothing where they are nowhere within the tolerance of each other.

    Parameters
    ----------
    one, other
        All that each side covers, in metres of a plane.
    tolerance_m
        How wide a gap may be and still be one that nobody meant.
    rest
        What further sides cover.
    """
    edges = [shapely.boundary(side) for side in (one, other)]
    strips = [
        shapely.buffer(shapely.simplify(edge, tolerance_m / 10), 1.5 * tolerance_m, quad_segs=4) for edge in edges
    ]
    zone = shapely.intersection(*strips)
    overlaps = parts_of(shapely.intersection(one, other))
    if zone.is_empty:
        return Contact([], overlaps, _usual_width(overlaps)) if overlaps else None
    gaps = _gaps((one, other, rest or shapely.Polygon()), zone, tolerance_m)
    return Contact(gaps, overlaps, _usual_width(gaps + overlaps))


def parts_of(shape: BaseGeometry) -> list[BaseGeometry]:
    """The areas of a shape that are larger than a crumb of rounding."""
    parts: NDArray[np.object_] = shapely.get_parts(shape)
    nested = shapely.get_parts(parts)
    return [part for part in nested if shapely.get_dimensions(part) == _AREAS and part.area > _CRUMB_M2]


def mean_width_m(area: BaseGeometry) -> float:
    """The width of a narrow area: what it covers by half of its edge."""
    return float(2 * area.area / area.length) if area.length else 0.0


def _gaps(sides: Sequence[BaseGeometry], zone: BaseGeometry, tolerance_m: float) -> list[BaseGeometry]:
    """The gaps, each in one piece: parts of it that closings of several radii filled are put together again."""
    window = shapely.buffer(shapely.envelope(shapely.get_parts(zone)), 2 * tolerance_m)
    near = shapely.union_all(window)
    closed = shapely.union_all([shapely.intersection(side, near) for side in sides])
    edges = [shapely.boundary(side) for side in sides]
    shapely.prepare(edges)
    kept = _narrow_holes(closed, edges, [], tolerance_m)
    closed = shapely.union_all([closed, *kept])
    for divisor in _SCALES:
        radius = tolerance_m / divisor
        wide = shapely.buffer(shapely.buffer(closed, radius, quad_segs=8), -radius, quad_segs=8)
        between = shapely.difference(shapely.intersection(wide, zone), closed)
        around = [*edges, _edge_of(kept)]
        pieces = [
            _to_its_mouth(piece, edges, closed) for piece in parts_of(between) if _is_between(piece, around, radius)
        ]
        if pieces:
            closed = shapely.union_all([closed, *pieces])
            # what is left between a side and what was filled
            rest = _narrow_holes(closed, edges, kept + pieces, tolerance_m)
            closed = shapely.union_all([closed, *rest])
            kept += pieces + rest
    # parts that lie along one edge may miss each other by what computing does, and leave needles where they meet
    return parts_of(shapely.set_precision(shapely.union_all(kept), _TOUCH_M / 2))


def _edge_of(filled: Sequence[BaseGeometry]) -> BaseGeometry:
    edge = shapely.boundary(shapely.union_all(list(filled)))
    shapely.prepare(edge)
    return edge


def _narrow_holes(
    closed: BaseGeometry, edges: Sequence[BaseGeometry], filled: Sequence[BaseGeometry], tolerance_m: float
) -> list[BaseGeometry]:
    """Holes no wider than the tolerance, all around between the sides, or between them and what was filled."""
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(closed).tolist() for ring in part.interiors]
    beside = _edge_of(filled)
    narrow = [hole for hole in holes if shapely.buffer(hole, -tolerance_m / 2, quad_segs=4).is_empty]
    return [hole for hole in narrow if _is_enclosed(hole, [*edges, beside])]


def _to_its_mouth(piece: BaseGeometry, edges: Sequence[BaseGeometry], closed: BaseGeometry) -> BaseGeometry:
    """A gap with its open ends straight: a circle leaves an arc between the two corners that it touches."""
    steps = steps_of(piece)
    middles = shapely.points(steps.mean(axis=1))
    free = ~np.logical_or.reduce([shapely.dwithin(edge, middles, _TOUCH_M) for edge in edges])
    if not free.any():
        return piece
    arcs = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(list(steps[free]))))
    whole = shapely.difference(shapely.union_all([piece, *shapely.convex_hull(arcs)]), closed)
    return max(parts_of(whole), key=lambda part: float(part.area), default=piece)


def _is_between(piece: BaseGeometry, edges: Sequence[BaseGeometry], radius: float) -> bool:
    """Whether a piece lies along both sides, or between them all around; the last edge is of what was filled before."""
    lengths = [shared_length_m(piece, edge) for edge in edges]
    if min(lengths[:2]) <= 0:
        return False
    enclosed = sum(lengths) >= shapely.length(piece) * (1 - 1e-6)
    return bool(enclosed or min(lengths[:2]) >= _LONG * radius)


def _is_enclosed(hole: BaseGeometry, edges: Sequence[BaseGeometry]) -> bool:
    """Whether all around a hole there are edges: of both sides, or of what was filled between them (the last)."""
    lengths = [shared_length_m(hole, edge) for edge in edges]
    between = min(lengths[:2]) > 0 or lengths[-1] > 0
    return bool(between and sum(lengths) >= shapely.length(hole) * (1 - 1e-6))


def shared_length_m(piece: BaseGeometry, edge: BaseGeometry) -> float:
    """How much of a piece's edge lies on an edge that it was cut along; quick where that is prepared."""
    steps = steps_of(piece)
    middles = shapely.points(steps.mean(axis=1))
    on = shapely.dwithin(edge, middles, _TOUCH_M)
    return float(np.hypot(*(steps[on, 1] - steps[on, 0]).T).sum())


def steps_of(area: BaseGeometry) -> NDArray[np.float64]:
    """The steps of all rings of an area, shape (n, 2, 2)."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(area)), return_index=True)
    follows = ring[:-1] == ring[1:]
    return np.stack([xy[:-1][follows], xy[1:][follows]], axis=1)


def _usual_width(areas: list[BaseGeometry]) -> float:
    if not areas:
        return 0.0
    widths, lengths = np.array([mean_width_m(one) for one in areas]), np.array([one.length for one in areas])
    order = np.argsort(widths)
    passed = np.cumsum(lengths[order])
    return float(widths[order][np.searchsorted(passed, passed[-1] * _MIDDLE)])
