"""Lines and polygons cut at 180° of longitude (RFC 7946, 3.1.9), with whatever else their positions carry.

A shape is first laid out in a plane in which longitudes go on beyond ±180° (``crossings`` says which way). There it
gets a position wherever it passes an odd multiple of 180°; polygons are then divided at these meridians by GEOS, and
the pieces are moved back by whole turns. A ring around a pole is closed along the meridian of 180° and the pole itself.
Positions are rows of longitude, latitude and any further numbers; on a cut these are interpolated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.errors import GeometryError
from atlas.geometry.antimeridian_steps import HALF, WHOLE, Positions, Reading, closes, pole_inside, unwrapped
from atlas.geometry.further_numbers import carried

# beyond the poles, so that what lies along one is not on the edge
_TALL = 100.0
_MILLIMETRES = 3
_DECIMALS = 12
_SAME_AREA = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """What a cut makes: ``parts`` within ±180°, each a line or rings; ``plane`` the same shape before it was cut."""

    parts: list[list[Positions]]
    plane: list[list[Positions]]


def laid_out(run: Positions, reading: Reading) -> Positions:
    """A run in the plane in which it does not jump."""
    if reading is not Reading.ACROSS:
        return run
    plane = unwrapped(run[:, :2])
    # from -180° to 180° is nowhere
    nowhere = np.append([False], (run[1:, 0] != run[:-1, 0]) & (plane[1:] == plane[:-1]).all(axis=1))
    return np.asarray(np.hstack([plane, run[:, 2:]])[~nowhere], dtype=np.float64)


def cut_line(run: Positions, reading: Reading) -> Pieces:
    """A line in pieces, each within ±180°."""
    plane = _with_cuts(laid_out(run, reading))
    turn = _turns(plane)
    starts = np.flatnonzero(np.append([True], np.diff(turn) != 0))
    ends = np.append(starts[1:], len(turn))
    parts = [[_moved_back(plane[start : end + 1], float(turn[start]))] for start, end in zip(starts, ends, strict=True)]
    return Pieces(parts, [[plane]])


def _turns(plane: Positions) -> NDArray[np.float64]:
    """How many turns each step is away from ±180°; one along the cut goes with the step before it."""
    middle = (plane[:-1, 0] + plane[1:, 0]) / 2
    turn = np.floor((middle + HALF) / WHOLE)
    along = np.flatnonzero((plane[:-1, 0] == plane[1:, 0]) & _is_cut(middle))
    for n in along.tolist():
        turn[n] = turn[n - 1] if n else next((one for m, one in enumerate(turn) if m not in along), turn[n] - 1)
    return turn


def _is_cut(lon: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(np.mod(lon - HALF, WHOLE) == 0, dtype=np.bool_)


def _moved_back(run: Positions, turn: float) -> Positions:
    if turn == 0:
        return run
    # a number of twelve decimals is the nearest double again
    lon = np.round(run[:, 0] - turn * WHOLE, _DECIMALS)
    return np.column_stack([lon, run[:, 1:]])


def _with_cuts(plane: Positions) -> Positions:
    """The run with a position wherever it passes an odd multiple of 180°."""
    lon = plane[:, 0]
    low, high = np.minimum(lon[:-1], lon[1:]), np.maximum(lon[:-1], lon[1:])
    first = np.floor((low + HALF) / WHOLE) * WHOLE + HALF
    rows, at = [], []
    for n in np.flatnonzero(first < high).tolist():
        # always from the west, so that neighbours find the same latitude
        eastward = bool(lon[n] < lon[n + 1])
        west, east = (plane[n], plane[n + 1]) if eastward else (plane[n + 1], plane[n])
        cuts = np.arange(first[n], high[n], WHOLE)
        made = west + (east - west) * ((cuts - west[0]) / (east[0] - west[0]))[:, None]
        made[:, 0] = cuts
        made[:, 2:] = np.round(made[:, 2:], _MILLIMETRES)
        rows.extend(made if eastward else made[::-1])
        at.extend([n + 1] * len(made))
    return np.insert(plane, at, np.array(rows), axis=0) if rows else plane


def cut_polygon(rings: Sequence[Positions], reading: Sequence[Reading]) -> Pieces:
    """A polygon in pieces, each within ±180°; what had to be divided is right-handed.

    Raises
    ------
    GeometryError
        Its rings cross, or do not lie in each other: there is no area to be cut.
    """
    plane = [_ring(run, one, hole=n > 0) for n, (run, one) in enumerate(zip(rings, reading, strict=True))]
    turns = {float(turn) for ring in plane for turn in _turns(ring)}
    if len(turns) == 1:
        turn = turns.pop()
        return Pieces([[_moved_back(ring, turn) for ring in plane]], [plane])
    areas = [_divided(ring) for ring in plane]
    shell, *holes = areas
    area = shapely.difference(shell, shapely.union_all(holes)) if holes else shell
    expected = shapely.Polygon(plane[0][:, :2]).area - sum(shapely.Polygon(ring[:, :2]).area for ring in plane[1:])
    if abs(area.area - expected) > _SAME_AREA * max(1.0, expected):
        msg = "a hole is not inside its outer ring, or rings lie on each other, where they go across 180°"
        raise GeometryError(msg)
    back = [_moved_back(ring, turn) for ring in plane for turn in turns]
    parts = [
        carried([shapely.get_coordinates(ring) for ring in (polygon.exterior, *polygon.interiors)], back)
        for polygon in shapely.get_parts(shapely.orient_polygons(area)).tolist()
    ]
    return Pieces(parts, [plane])


def _ring(run: Positions, reading: Reading, *, hole: bool) -> Positions:
    plane = _with_cuts(laid_out(run, reading))
    return plane if closes(plane) or reading is not Reading.ACROSS else _around_pole(plane, hole=hole)


def _around_pole(plane: Positions, *, hole: bool) -> Positions:
    """A ring that does not close, closed along 180° and the pole that it goes around."""
    pole = pole_inside(plane[:, :2], hole=hole)
    turn = plane[-1, 0] - plane[0, 0]
    # from where it comes nearest to the pole on the cut: nothing of it lies between
    on_cut = np.flatnonzero(_is_cut(plane[:-1, 0]))
    start = int(on_cut[np.argmin(np.abs(pole - plane[on_cut, 1]))])
    ahead = plane[1 : start + 1].copy()
    ahead[:, 0] += turn
    path = np.vstack([plane[start:], ahead])
    over = np.vstack([path[-1:], path[:1]])
    over[:, 1] = pole
    return np.vstack([path, over, path[:1]])


def _divided(ring: Positions) -> BaseGeometry:
    """The area in a ring of the plane, moved back to within ±180°."""
    area = shapely.Polygon(ring[:, :2])
    if not shapely.is_valid(area):
        msg = f"the ring is not valid where it goes across 180°: {shapely.is_valid_reason(area)}"
        raise GeometryError(msg)
    pieces: list[BaseGeometry] = []
    for turn in sorted({float(turn) for turn in _turns(ring)}):
        middle = turn * WHOLE
        strip = shapely.box(middle - HALF, -_TALL, middle + HALF, _TALL)
        # where it only touches the meridian, there are points and lines among them
        divided = [one for one in shapely.get_parts(shapely.intersection(area, strip)).tolist() if one.area]
        pieces += [shapely.transform(one, lambda xy, turn=turn: _moved_back(xy, turn)) for one in divided]
    made: BaseGeometry = shapely.multipolygons(pieces)
    if not shapely.is_valid(made):
        # what is a whole turn wide meets itself at the other end
        made = shapely.union_all(pieces)
    if abs(made.area - area.area) > _SAME_AREA * max(1.0, area.area):
        msg = "the ring goes around the globe more than once, and lies on itself"
        raise GeometryError(msg)
    return made
