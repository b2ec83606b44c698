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
    holes = holes_of(np.array([shapely.coverage_union_all(shapes)], dtype=object))
    waiting: dict[int, list[BaseGeometry]] = {}
    # holes of a union share no edge, so that the ones between branching strips go to their areas together
    for strip in holes[thin(holes, width)].tolist() if len(holes) else []:
        home = _home(shapes, strip, width)
        if home is None:
            continue
        owner, _, rest = home
        if rest:
            _join(shapes, waiting, width)
            give(shapes, strip, width)
        else:
            waiting.setdefault(owner, []).append(strip)
    _join(shapes, waiting, width)
    return shapes


def _join(shapes: Shapes, waiting: dict[int, list[BaseGeometry]], width: float) -> None:
    """Join strips to their areas; where all of an area's make it invalid, one by one."""
    for owner, strips in waiting.items():
        joined = shapely.coverage_union_all([shapes[owner], *strips])
        if shapely.is_valid(joined):
            shapes[owner] = joined
            continue
        for strip in strips:
            give(shapes, strip, width)
    waiting.clear()


def give(shapes: Shapes, strip: BaseGeometry, width: float) -> None:
    """Join a strip to the area with most of its edge, and what lies beside others only to the next of them.

    A strip in which three areas meet has branches: given to one area as a whole, it would be a needle between the
    others.
    """
    home = _home(shapes, strip, width)
    if home is None:
        return
    owner, here, rest = home
    joined = shapely.coverage_union_all([shapes[owner], *here])
    if not shapely.is_valid(joined):
        return
    shapes[owner] = joined
    for branch in rest:
        give(shapes, branch, width)


def _home(
    shapes: Shapes, strip: BaseGeometry, width: float
) -> tuple[int, list[BaseGeometry], list[BaseGeometry]] | None:
    """The area that a strip goes to, what of it goes there, and the branches that don't; nothing where it stays."""
    near = shapely.STRtree(shapes).query(strip, predicate="intersects")
    if len(near) < 2:  # noqa: PLR2004 - it lies between two
        return None
    # of long outlines only what is around the strip is looked at
    west, south, east, north = shapely.bounds(strip).tolist()
    around = shapely.clip_by_rect(
        shapely.boundary(shapes[near]), west - width, south - width, east + width, north + width
    )
    shared = shapely.length(shapely.intersection(around, shapely.boundary(strip)))
    owners = near[np.argsort(-shared)][: np.count_nonzero(shared)].tolist()
    if not owners:
        return None
    split = ((owner, *_beside(strip, shapes[owner], width)) for owner in owners)
    return next((gap for gap in split if gap[1]), (owners[0], [strip], []))


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
