"""Narrow gaps between areas that share their edges otherwise, given to the areas beside them.

A hole in the union of a valid coverage is narrow if no circle of the width fits into it. It is joined to the area with
most of its edge; if three areas meet in it, it has branches, and each is joined to the area beside it. A strip is cut
into branches along the triangles of its constrained Delaunay triangulation, which has no position that the strip
doesn't have.

*Why it is right.* What is joined is bounded by positions that both sides have already, so that the areas share their
edges afterwards as they did before, and no new position has to be rounded. Each branch goes to one area or stays.

*Invariants* (`tests/clean/test_neighbours.py`): the sum of all areas grows by the gaps that were filled and by nothing
else; a result that is not valid is not taken. Source: merging of slivers with the neighbour of the longest common edge
("eliminate" in most GIS programs); the branches are our own.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

_TRIANGLE = 4

Shapes = NDArray[np.object_]


def filled(shapes: Shapes, width: float) -> Shapes:
    """Areas that share their edges, with narrow holes between them given to the neighbour with most of the edge."""
    if not shapely.is_valid(shapes).all() or not shapely.coverage_is_valid(shapes):
        return shapes
    union = shapely.coverage_union_all(shapes)
    for hole in holes_of(np.array([union], dtype=object)).tolist():
        if thin(hole, width):
            give(shapes, hole, width)
    return shapes


def give(shapes: Shapes, strip: BaseGeometry, width: float) -> None:
    """Join a strip to the area with most of its edge, and what lies beside others only to the next of them.

    A strip in which three areas meet has branches: given to one area as a whole, it would be a needle between the
    others.
    """
    near = shapely.STRtree(shapes).query(strip, predicate="intersects")
    shared = shapely.length(shapely.intersection(shapely.boundary(shapes[near]), shapely.boundary(strip)))
    owners = near[np.argsort(-shared)][: np.count_nonzero(shared)].tolist()
    if len(near) < 2 or not owners:  # noqa: PLR2004 - it lies between two
        return
    split = ((owner, *_beside(strip, shapes[owner], width)) for owner in owners)
    owner, here, rest = next((gap for gap in split if gap[1]), (owners[0], [strip], []))
    joined = shapely.coverage_union_all([shapes[owner], *here])
    if not shapely.is_valid(joined):
        return
    shapes[owner] = joined
    for branch in rest:
        give(shapes, branch, width)


def _beside(strip: BaseGeometry, area: BaseGeometry, width: float) -> tuple[list[BaseGeometry], list[BaseGeometry]]:
    """The parts of a strip that lie beside an area, and the others; without a position that the strip doesn't have."""
    # of a narrow corner the tip may be a little farther away than the width
    most = 2 * width
    if shapely.distance(shapely.points(shapely.get_coordinates(strip)), area).max() <= most:
        return [strip], []
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(strip))
    corners = shapely.points(shapely.get_coordinates(triangles)).reshape(len(triangles), _TRIANGLE)
    near = (shapely.distance(corners, area) <= most).all(axis=1)
    if not near.any():
        return [], [strip]
    parts = shapely.get_parts(shapely.coverage_union_all(triangles[near]))
    touching = shapely.length(shapely.intersection(shapely.boundary(parts), shapely.boundary(area))) > 0
    left = [*parts[~touching].tolist(), *triangles[~near].tolist()]
    rest = shapely.get_parts(shapely.coverage_union_all(left)).tolist() if left else []
    return parts[touching].tolist(), rest


def holes_of(shapes: Shapes) -> Shapes:
    """The holes of areas as areas."""
    parts = shapely.get_parts(shapes).tolist()
    return np.array([shapely.Polygon(ring) for part in parts for ring in part.interiors], dtype=object)


def thin(shapes: Shapes | BaseGeometry, width: float) -> NDArray[np.bool_]:
    """Areas into which no circle as wide fits."""
    return np.asarray(shapely.is_empty(shapely.buffer(shapes, -width / 2)))
