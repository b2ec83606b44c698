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

from atlas.edgematch.plane import GRID_DEG
from atlas.errors import GeometryError
from atlas.geometry.coverage import uncovered_edges

Shapes = NDArray[np.object_]
# half a metre
_CRUMB_DEG = 5e-6
# two cells: what rounding can make of two edges that lie on one another
_ROUNDING_DEG = 2 * GRID_DEG


def is_beside(units: Shapes, others: Shapes, within: float) -> NDArray[np.bool_]:
    """The units that touch others, by so much: they get their positions on their edge."""
    edge = shapely.boundary(shapely.union_all(others))
    shapely.prepare(edge)
    return np.asarray(shapely.dwithin(edge, units, within))


def as_coverage(after: Shapes, before: Shapes, flags: NDArray[np.bool_], ranks: NDArray[np.int_]) -> Shapes:
    """Units of which some are welded: those that are flagged, then also those whose edge they would leave.

    Parameters
    ----------
    after, before
        The units in degrees; of those that are not welded, or do not change, what was before is given.
    ranks
        As for `welded`.

    Raises
    ------
    GeometryError
        What comes out is no coverage.
    """
    while True:
        new = before.copy()
        new[flags] = _as_before(welded(after[flags], ranks[flags]), before[flags])
        faults = ~shapely.is_empty(uncovered_edges(new)) | ~shapely.is_valid(new)
        if not faults.any():
            return new
        if flags[faults].all():
            break
        flags = flags | faults
    lon, lat = shapely.get_coordinates(uncovered_edges(new)[faults])[0]
    msg = f"what comes out is no coverage near {lon:.5f}, {lat:.5f} (lon lat); run `atlas clean` on both first"
    raise GeometryError(msg)


def _as_before(made: Shapes, before: Shapes) -> Shapes:
    """Shapes that have all positions which they had before are given as they were."""
    same = shapely.equals_exact(shapely.normalize(made), shapely.normalize(before))
    return np.where(same, before, made)


def welded(units: Shapes, ranks: Sequence[int] | NDArray[np.int_]) -> Shapes:
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
    widths = _widths(faces)
    rounded = (widths < _ROUNDING_DEG) & ~np.isin(owner, _thin_units(units))
    owner[rounded] = -1
    _give_crumbs(faces, np.flatnonzero((owner < 0) & (widths < _CRUMB_DEG)), owner)
    made = np.empty(len(units), dtype=object)
    for index in range(len(units)):
        held = faces[owner == index]
        made[index] = shapely.coverage_union_all(held) if len(held) else shapely.Polygon()
    return made


def _give_crumbs(faces: Shapes, crumbs: NDArray[np.int_], owner: NDArray[np.int_]) -> None:
    """Give each crumb to a unit beside it, those among other crumbs after these."""
    while len(crumbs):
        owner[crumbs] = _beside_most(faces, crumbs, owner)
        left = crumbs[owner[crumbs] < 0]
        if len(left) == len(crumbs):
            return
        crumbs = left


def _widths(areas: Shapes) -> NDArray[np.float64]:
    """The mean widths of narrow areas; what rounding leaves between others is narrow enough to tell."""
    return np.asarray(2 * shapely.area(areas) / np.maximum(shapely.length(areas), GRID_DEG))


def _thin_units(units: Shapes) -> NDArray[np.int_]:
    """Units that would be lost as crumbs."""
    return np.flatnonzero(_widths(units) < 2 * _ROUNDING_DEG)


def _beside_most(faces: Shapes, crumbs: NDArray[np.int_], owner: NDArray[np.int_]) -> NDArray[np.int_]:
    """For each crumb the unit that has most of its edge, by the faces beside it; -1 where none has any."""
    tree = shapely.STRtree(faces)
    crumb, near = tree.query(shapely.boundary(faces[crumbs]), predicate="intersects")
    held = owner[near] >= 0
    crumb, near = crumb[held], near[held]
    shared = shapely.length(shapely.intersection(shapely.boundary(faces[crumbs[crumb]]), shapely.boundary(faces[near])))
    best = np.full(len(crumbs), -1)
    best_m = np.zeros(len(crumbs))
    lengths: dict[tuple[int, int], float] = {}
    for index, unit, length in zip(crumb.tolist(), owner[near].tolist(), shared.tolist(), strict=True):
        lengths[index, unit] = lengths.get((index, unit), 0.0) + length
    for (index, unit), length in lengths.items():
        if length > best_m[index]:
            best[index], best_m[index] = unit, length
    return best
