"""Who gets a gap or an overlap: one side, or each the half that is nearer to it.

Of a gap the ground nearer to a side's edge becomes that side's; of an overlap it is the other way round, because there
a side's edge is its far end. The piece is cut into triangles between the positions of its edge, of which the edges of
the sides get many (a constrained Delaunay triangulation). A triangle with corners of one side is that side's; one that
reaches across is cut through the middles of its edges that do. This chordal axis is the line between the sides; it is
made smoother by Visvalingam's rule, which keeps it inside the piece.

*Why it is right.* The line runs from edge to edge of triangles that fill the piece, so that it stays inside, crosses
nothing, and ends where the edges of the sides meet, or in an open end of the piece. *Invariants*
(`tests/edgematch/test_random_borders.py`): the halves are the piece, and leave no spike.
Source: L. Prasad, CNLS Newsletter 139 (1997); Visvalingam and Whyatt, Cartographic Journal 30 (1993).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.edgematch.side_contact import mean_width_m, parts_of

_TOUCH_M = 0.002
_SAMPLES_A_WIDTH = 2
_FINEST_M, _COARSEST_M = 0.5, 100.0
# cutting into triangles takes time with the square of these; a piece as long as that is no better for more
_MOST_SAMPLES = 2_000
# a line that goes on in a grid of a centimetre has no room in what is narrower
_DIVISIBLE_M = 0.1
# a tenth of a millimetre: what lies on a line
_ON_LINE_M = 1e-4
_ONE, _OTHER, _BOTH = 0, 1, 2

Corners = NDArray[np.float64]
Labels = NDArray[np.int64]


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
    width, around = mean_width_m(piece), shapely.length(piece)
    step = min(max(width / _SAMPLES_A_WIDTH, _FINEST_M, around / _MOST_SAMPLES), _COARSEST_M)
    if width < _DIVISIBLE_M:
        return Halves([], [piece]) if overlap else Halves([piece], [])
    for area in _triangulable(piece, step):
        xy = np.unique(shapely.get_coordinates(area), axis=0)
        labels = _labels(xy, piece, one, other)
        if _ONE not in labels or _OTHER not in labels:
            break
        try:
            triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(area))
        except shapely.errors.GEOSException:
            continue
        pair = _smoothed(_divided(triangles, xy, labels), step)
        return Halves(*pair[::-1]) if overlap else Halves(*pair)
    alone = [piece]
    return Halves(alone, []) if (np.sum(labels == _ONE) > np.sum(labels == _OTHER)) != overlap else Halves([], alone)


def _triangulable(piece: BaseGeometry, step: float) -> Iterator[BaseGeometry]:
    """A piece with many positions, and where GEOS cannot cut that into triangles, with fewer or rounded ones."""
    dense = shapely.segmentize(piece, step)
    yield dense
    for area in (dense, piece):
        parts = parts_of(shapely.set_precision(area, _TOUCH_M / 2))
        if len(parts) == 1:
            yield parts[0]
    yield piece


def _labels(xy: Corners, piece: BaseGeometry, one: BaseGeometry, other: BaseGeometry) -> Labels:
    """Whose edge each position is on, or nearer to in an open end; both's where the edges meet."""
    # the same lines for each piece, so that they are prepared once
    shapely.prepare([one, other])
    points = shapely.points(xy)
    on = [shapely.dwithin(edge, points, _TOUCH_M) for edge in (one, other)]
    labels = np.where(on[0] & on[1], _BOTH, np.where(on[1], _OTHER, _ONE))
    if len(free := np.flatnonzero(~on[0] & ~on[1])):
        window = shapely.bounds(piece) + np.array([-1.0, -1.0, 1.0, 1.0])
        apart = [shapely.distance(points[free], shapely.clip_by_rect(line, *window)) for line in (one, other)]
        nearer = apart[0] <= apart[1]
        labels[free] = np.where(nearer, _ONE, _OTHER)
    return labels


def _divided(triangles: NDArray[np.object_], xy: Corners, labels: Labels) -> list[BaseGeometry]:
    """What is the first side's and what the second's of triangles whose corners are all among ``xy``."""
    corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[:, :3]
    keys = xy[:, 0] + 1j * xy[:, 1]
    of = labels[np.searchsorted(keys, corners[..., 0] + 1j * corners[..., 1])]
    ones, others, boths = ((of == label).sum(axis=1) for label in (_ONE, _OTHER, _BOTH))
    across = (ones > 0) & (others > 0)
    held: list[list[BaseGeometry]] = [[*triangles[~across & (others == 0)]], [*triangles[~across & (others > 0)]]]
    for mask, lone in (
        (across & (boths == 1), _BOTH),
        (across & (boths == 0) & (ones == 1), _ONE),
        (across & (boths == 0) & (others == 1), _OTHER),
    ):
        first, second, third, after = _turned(corners[mask], of[mask], lone)
        if lone == _BOTH:
            middle = (second + third) / 2
            _deal(held, [first, second, middle], after)
            _deal(held, [first, middle, third], 1 - after)
        else:
            near, far = (first + second) / 2, (first + third) / 2
            _deal(held, [first, near, far], np.full(len(first), lone))
            _deal(held, [near, second, third, far], np.full(len(first), 1 - lone))
    return [shapely.coverage_union_all(areas) for areas in held]


def _turned(corners: Corners, of: Labels, lone: int) -> tuple[Corners, Corners, Corners, Labels]:
    """The corners of triangles, beginning with the one that has a label, and the label of the next."""
    start = np.argmax(of == lone, axis=1)
    rows = np.arange(len(of))
    first, second, third = (corners[rows, (start + n) % 3] for n in range(3))
    return first, second, third, of[rows, (start + 1) % 3]


def _deal(held: list[list[BaseGeometry]], rings: list[Corners], side: Labels) -> None:
    areas = shapely.polygons(np.stack(rings, axis=1))
    for label in (_ONE, _OTHER):
        held[label].extend(areas[side == label])


def _smoothed(pair: list[BaseGeometry], step: float) -> tuple[list[BaseGeometry], list[BaseGeometry]]:
    """Two halves, with the line between them made smoother, and without the positions that were put on the edges."""
    smooth = shapely.coverage_simplify(np.array(pair, dtype=object), step / 2, simplify_boundary=False)
    one, other = (parts_of(shapely.simplify(half, _ON_LINE_M)) for half in smooth)
    return one, other
