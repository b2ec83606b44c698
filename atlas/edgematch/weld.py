"""Units of all sides made one coverage: every edge once, on one grid, with the same positions for both who have it.

All edges are put together and noded on the grid by GEOS' snap rounding, so that they meet only in positions of it; the
faces that they enclose are given to the unit in which they lay, and each unit is the union of its faces. Two
units that share an edge have it from the same faces, so that what comes out is a valid coverage whatever went in.
No position moves by more than half a cell's diagonal, 8 mm on the ground.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.edgematch.plane import GRID_DEG

Shapes = NDArray[np.object_]
# half a metre
_CRUMB_DEG = 5e-6


def welded(units: Shapes, ranks: Sequence[int]) -> Shapes:
    """The units as one coverage.

    Parameters
    ----------
    units
        Areas in degrees; they may overlap and miss each other by what rounding does.
    ranks
        Where units overlap, the one with the lowest rank has the ground.
    """
    edges = shapely.union_all(shapely.boundary(units), grid_size=GRID_DEG)
    faces = shapely.get_parts(shapely.polygonize([edges]))
    inside = shapely.point_on_surface(faces)
    face, unit = shapely.STRtree(units).query(inside, predicate="intersects")
    order = np.lexsort((np.asarray(ranks)[unit], face))
    owner = np.full(len(faces), -1)
    # the first of each face is the one with the lowest rank
    first = np.unique(face[order], return_index=True)[1]
    owner[face[order][first]] = unit[order][first]
    for crumb in np.flatnonzero((owner < 0) & _is_crumb(faces)).tolist():
        owner[crumb] = _beside_most(faces[crumb], units)
    made = np.empty(len(units), dtype=object)
    for index in range(len(units)):
        held = faces[owner == index]
        made[index] = shapely.coverage_union_all(held) if len(held) else shapely.Polygon()
    return made


def _is_crumb(faces: Shapes) -> NDArray[np.bool_]:
    """Whether a face is so narrow that only rounding can have left it between others."""
    return np.asarray(2 * shapely.area(faces) / shapely.length(faces) < _CRUMB_DEG)


def _beside_most(face: BaseGeometry, units: Shapes) -> int:
    """The unit that has most of a face's edge; none where it has no neighbour."""
    near = shapely.STRtree(units).query(face, predicate="dwithin", distance=GRID_DEG)
    strip = shapely.buffer(shapely.boundary(face), GRID_DEG)
    shared = shapely.length(shapely.intersection(shapely.boundary(units[near]), strip))
    return int(near[np.argmax(shared)]) if len(near) else -1
