"""Who gets a gap or an overlap: one side, or each the half that is nearer to it.

The line in the middle is where both edges are equally far. Of a gap the ground nearer to a side's edge becomes that
side's; of an overlap it is the other way round, because there a side's edge is its far end. The edges are sampled
evenly and the cells of the samples (their Voronoi diagram) are put together by side; the zigzag of the cells,
whose height is a fraction of the samples' distance, is straightened.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.edgematch.extension import beyond
from atlas.edgematch.side_contact import mean_width_m, parts_of

_TOUCH_M = 0.002
_SAMPLES_A_WIDTH = 4
_FINEST_M, _COARSEST_M = 0.5, 100.0
_MOST_SAMPLES = 20_000
# samples from a tip within which a line between the sides may end
_NEAR_TIP = 12
# a sample may lie this far from its place
_ASIDE_M = 0.01


class Halves(NamedTuple):
    """The areas of one piece that go to the first side and to the second, in metres of a plane."""

    one: list[BaseGeometry]
    other: list[BaseGeometry]


def halves(piece: BaseGeometry, one: BaseGeometry, other: BaseGeometry, *, overlap: bool) -> Halves:
    """Divide a piece along the line that is as far from the one side's edge as from the other's.

    Parameters
    ----------
    piece
        A gap or an overlap.
    one, other
        The edges of the two sides, as lines.
    overlap
        Whether both cover it.
    """
    edge = shapely.boundary(piece)
    step = min(max(mean_width_m(piece) / _SAMPLES_A_WIDTH, _FINEST_M, edge.length / _MOST_SAMPLES), _COARSEST_M)
    lines = [_lines_of(edge, *pair) for pair in ((one, other), (other, one))]
    samples = [_samples(along, step) for along in lines]
    if min(map(len, samples)) == 0:
        alone = [piece]
        mine = len(samples[0]) > 0
        return Halves(alone, []) if mine != overlap else Halves([], alone)
    part = shapely.intersection(piece, _nearer(samples, piece))
    first = _straightened(piece, part, _tips(*lines), step)
    second = shapely.difference(piece, shapely.union_all(first))
    pair = (first, parts_of(second))
    return Halves(*pair[::-1]) if overlap else Halves(*pair)


def _nearer(samples: list[NDArray[np.float64]], piece: BaseGeometry) -> BaseGeometry:
    """All places that are nearer to a sample of the first kind than to any of the second."""
    xy = np.vstack(samples)
    try:
        cells = _cells(xy, piece)
    except shapely.errors.GEOSException:
        # samples of two parallel edges lie on circles by fours, which GEOS cannot always cut apart
        xy = xy + _ASIDE_M * np.column_stack(
            [np.sin(12.9898 * np.arange(len(xy))), np.cos(78.233 * np.arange(len(xy)))]
        )
        cells = _cells(xy, piece)
    cell, _ = shapely.STRtree(shapely.points(xy[: len(samples[0])])).query(cells, predicate="contains")
    return shapely.union_all(cells[np.unique(cell)])


def _cells(xy: NDArray[np.float64], piece: BaseGeometry) -> NDArray[np.object_]:
    return np.asarray(shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(xy), extend_to=piece)))


def _lines_of(edge: BaseGeometry, side: BaseGeometry, opposite: BaseGeometry) -> list[BaseGeometry]:
    """Those parts of a piece's edge that are one side's edge and not the opposite one's."""
    window = shapely.buffer(shapely.envelope(edge), 1.0)
    strips = [shapely.buffer(shapely.intersection(line, window), _TOUCH_M) for line in (side, opposite)]
    along = shapely.line_merge(shapely.difference(shapely.intersection(edge, strips[0]), strips[1]))
    return [line for line in shapely.get_parts(along) if shapely.length(line) > _TOUCH_M]


def _samples(lines: list[BaseGeometry], step: float) -> NDArray[np.float64]:
    """Positions along lines, their ends left out: those are of both sides."""
    runs = [shapely.get_coordinates(shapely.segmentize(line, step))[1:-1] for line in lines]
    middles = [shapely.get_coordinates(shapely.line_interpolate_point(line, 0.5, normalized=True)) for line in lines]
    return np.unique(np.vstack([*runs, *middles]), axis=0) if lines else np.empty((0, 2))


def _tips(one: list[BaseGeometry], other: list[BaseGeometry]) -> BaseGeometry:
    """Where the edges of the two sides run into each other: there the line between them has to end."""
    ends = [
        shapely.multipoints(np.vstack([shapely.get_coordinates(line)[[0, -1]] for line in lines]))
        for lines in (one, other)
    ]
    return shapely.intersection(ends[0], shapely.buffer(ends[1], 4 * _TOUCH_M))


def _straightened(piece: BaseGeometry, part: BaseGeometry, tips: BaseGeometry, step: float) -> list[BaseGeometry]:
    """The part of a piece, with the edges that are not the piece's own made straight."""
    inner = shapely.line_merge(
        shapely.difference(shapely.boundary(part), shapely.buffer(shapely.boundary(piece), _TOUCH_M))
    )
    lines = [line for line in shapely.get_parts(inner) if shapely.length(line) > step]
    straight = [_led_on(shapely.simplify(line, step / 2), piece, tips, _NEAR_TIP * step) for line in lines]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all([shapely.boundary(piece), *straight])]))
    kept = [face for face in faces if shapely.area(shapely.intersection(face, part)) > face.area / 2]
    return kept if straight else parts_of(part)


def _led_on(line: BaseGeometry, piece: BaseGeometry, tips: BaseGeometry, reach: float) -> BaseGeometry:
    """A line inside a piece led on at both ends: to a tip within reach, else to the piece's edge."""
    xy = shapely.get_coordinates(line)
    if (xy[0] == xy[-1]).all():
        return line
    edge = shapely.boundary(piece)
    places = [shapely.Point(end) for end in (xy[0], xy[-1])]
    targets = [tips if not tips.is_empty and shapely.dwithin(place, tips, reach) else edge for place in places]
    ways = [shapely.shortest_line(*pair) for pair in zip(places, targets, strict=True)]
    ends = [shapely.get_coordinates(beyond(way))[-1:] for way in ways]
    return shapely.LineString(np.vstack([ends[0], xy, ends[1]]))
