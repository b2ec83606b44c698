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

_SHORE_DEG, _WET_DEG, _POND_DEG = 0.015, 0.003, 0.15
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
    # edges between units beside the run and those behind them are no outer edge
    meant = shapely.dwithin(shapely.points(ring), run, 3 * _COARSE_DEG)
    core, sea_deg = _inland(ring, land)
    return _longest_run(ring, core & meant, sea_deg), near


def coarse_ring(areas: NDArray[np.object_], coarse_deg: float = _COARSE_DEG) -> Positions:
    """Positions around the largest part of the units made coarse, the first one not repeated."""
    coarse = shapely.make_valid(shapely.simplify(areas, coarse_deg))
    union = shapely.union_all(coarse, grid_size=coarse_deg / 100)
    parts = [part for part in shapely.get_parts(union) if part.geom_type == "Polygon"]
    largest = shapely.orient_polygons(max(parts, key=lambda part: float(shapely.area(part))))
    # so many positions that a run can end wherever a coast begins
    dense = shapely.segmentize(shapely.get_exterior_ring(largest), _BESIDE_DEG)
    ring: Positions = shapely.get_coordinates(dense)[:-1]
    return ring


def inland_run(ring: Positions, land: BaseGeometry) -> BaseGeometry:
    """The longest run of a ring that is no coast."""
    return _longest_run(ring, *_inland(ring, land))


def _inland(ring: Positions, land: BaseGeometry) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which positions lie well within the land, and how far each is from the sea, in degrees."""
    inland = shapely.buffer(shapely.simplify(land, _SHORE_DEG / 10), -_SHORE_DEG)
    shapely.prepare([inland, land])
    core = shapely.contains_xy(inland, ring)
    sea_deg = np.where(shapely.contains_xy(land, ring), _SHORE_DEG, 0.0)
    near = np.flatnonzero(~core & (sea_deg > 0))
    sea_deg[near] = _to_lines(shapely.points(ring[near]), shapely.boundary(land))
    return core, sea_deg


def _to_lines(points: NDArray[np.object_], lines: BaseGeometry) -> NDArray[np.float64]:
    """How far each point is from the nearest of the lines, step by step of these: they may have many positions."""
    positions, part = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    within = part[1:] == part[:-1]
    steps = shapely.linestrings(np.stack([positions[:-1][within], positions[1:][within]], axis=1))
    nearest, distance = shapely.STRtree(steps).query_nearest(points, return_distance=True, all_matches=False)
    made = np.zeros(len(points))
    made[nearest[0]] = distance
    return made


def _longest_run(ring: Positions, core: NDArray[np.bool_], sea_deg: NDArray[np.float64]) -> BaseGeometry:
    if core.all():
        return shapely.linestrings(_closed(ring))
    if not core.any():
        msg = "the outer edge of the outlines is coast everywhere; give a neighbour's outlines or a line (--line)"
        raise GeometryError(msg)
    # begin where the widest stretch of coast ends, so that no run goes over the first position
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(_closed(ring), axis=0).T))])
    inner = np.flatnonzero(core)
    gaps = np.diff(walked[np.append(inner, inner[0] + len(ring)) % len(ring)]) % walked[-1]
    gaps[gaps == 0] = walked[-1]
    first = int(inner[(int(np.argmax(gaps)) + 1) % len(inner)])
    if gaps.max() <= _POND_DEG:
        return shapely.linestrings(_closed(ring))
    ring, sea_deg = np.roll(ring, -first, axis=0), np.roll(sea_deg, -first)
    inner = (inner - first) % len(ring)
    inner.sort()
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(_closed(ring), axis=0).T))])
    # a lake or lagoon beside the line does not end it
    breaks = np.flatnonzero(np.diff(lengths[inner]) > _POND_DEG)
    runs = zip(inner[np.append(0, breaks + 1)].tolist(), inner[np.append(breaks, len(inner) - 1)].tolist(), strict=True)
    start, end = max(runs, key=lambda run: float(lengths[run[1]] - lengths[run[0]]))
    start, end = _to_sea(sea_deg, start, -1), _to_sea(sea_deg, end, 1)
    return shapely.linestrings(ring[np.arange(start, end + 1) % len(ring)])


def _to_sea(sea_deg: NDArray[np.float64], index: int, step: int) -> int:
    """The position at which the sea is reached: the first one beside it, or those next to it while they are nearer."""
    count = len(sea_deg)
    for _ in range(count):
        here, after = sea_deg[index % count], sea_deg[(index + step) % count]
        if here == 0 or (here <= _WET_DEG and after >= here):
            break
        index += step
    return index


def _closed(ring: Positions) -> Positions:
    return np.vstack([ring, ring[:1]])
