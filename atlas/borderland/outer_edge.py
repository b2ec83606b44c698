"""The outer edge of one side that is no coast: the longest run of its outer ring that lies inland.

A country may have thousands of units, of which a tenth lies on the border, and a fault in any other is none of the
border's. So the ring is looked for on units made coarse; only those beside its inland run are taken exactly.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.borderland.side_units import Units
from atlas.borderland.two_sides import alone
from atlas.errors import GeometryError
from atlas.geometry.coverage import outer_ring
from atlas.geometry.geodesy import Positions

_SHORE_DEG, _WET_DEG = 0.015, 0.001
_COARSE_DEG, _BESIDE_DEG = 0.001, 0.02


def outer_edge(here: Units, land: BaseGeometry) -> tuple[BaseGeometry, Units]:
    """The longest inland run of the outer ring, led on to where it leaves the land, and the units beside it.

    Parameters
    ----------
    here
        The units of this side, in degrees.
    land
        The land of the region, by which an edge is told from a coast.

    Raises
    ------
    GeometryError
        The ring is coast everywhere.
    SourceError
        Units beside the run are no coverage.
    """
    whole = coarse_ring(here.areas)
    run = inland_run(whole, land)
    beside = shapely.STRtree(here.areas).query(run, predicate="dwithin", distance=_BESIDE_DEG)
    near = alone(here.where(np.isin(np.arange(len(here.areas)), beside)))
    ring = outer_ring(list(near.areas))
    points = shapely.points(ring)
    # edges between units beside the run and those behind them are no outer edge
    outer = shapely.dwithin(points, shapely.linestrings(_closed(whole)), 3 * _COARSE_DEG)
    meant = outer & shapely.dwithin(points, run, 3 * _COARSE_DEG)
    core, free = _inland(ring, land)
    return _longest_run(ring, core & meant, free & outer), near


def coarse_ring(areas: NDArray[np.object_]) -> Positions:
    """Positions around the largest part of the units made coarse, the first one not repeated."""
    coarse = shapely.make_valid(shapely.simplify(areas, _COARSE_DEG))
    union = shapely.union_all(coarse, grid_size=_COARSE_DEG / 100)
    parts = [part for part in shapely.get_parts(union) if part.geom_type == "Polygon"]
    largest = shapely.orient_polygons(max(parts, key=lambda part: float(shapely.area(part))))
    # so many positions that a run can end wherever a coast begins
    dense = shapely.segmentize(shapely.get_exterior_ring(largest), _BESIDE_DEG)
    ring: Positions = shapely.get_coordinates(dense)[:-1]
    return ring


def inland_run(ring: Positions, land: BaseGeometry) -> BaseGeometry:
    """The longest run of a ring that is no coast."""
    return _longest_run(ring, *_inland(ring, land))


def _inland(ring: Positions, land: BaseGeometry) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which positions lie well within the land, and which lie on it at all."""
    inland = shapely.buffer(shapely.simplify(land, _SHORE_DEG / 10), -_SHORE_DEG)
    shore = shapely.boundary(land)
    shapely.prepare([inland, land, shore])
    dry = shapely.contains_xy(land, ring) & ~shapely.dwithin(shore, shapely.points(ring), _WET_DEG)
    return shapely.contains_xy(inland, ring), dry


def _longest_run(ring: Positions, core: NDArray[np.bool_], free: NDArray[np.bool_]) -> BaseGeometry:
    if core.all():
        return shapely.linestrings(_closed(ring))
    if not core.any():
        msg = "the outer edge of the outlines is coast everywhere; give a neighbour's outlines or a line (--line)"
        raise GeometryError(msg)
    first = int(np.argmin(core))
    ring, core, free = (np.roll(each, -first, axis=0) for each in (ring, core, free))
    steps = np.diff(np.concatenate([[0], core.astype(np.int8), [0]]))
    runs = list(zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True))
    start, end = max(runs, key=lambda run: float(np.hypot(*np.diff(ring[run[0] : run[1]], axis=0).T).sum()))
    while start > 0 and free[start - 1]:
        start -= 1
    while end < len(ring) and free[end]:
        end += 1
    return shapely.linestrings(ring[start:end])


def _closed(ring: Positions) -> Positions:
    return np.vstack([ring, ring[:1]])
