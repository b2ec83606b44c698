"""The border line of a project: from the edge that both sides share, this side's outer edge, or a line that is given.

Of several pieces the longest is the line; what is left out is said in the notes of a refresh. It runs from the end that
the project names as its start, else from the western one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.border_project import BorderProject, End
from atlas.border_project.model import GIVEN_LINE, SHARED_EDGE
from atlas.borderland.match_ledger import SideMoves
from atlas.borderland.outer_edge import outer_edge
from atlas.borderland.side_units import Units, checked_file
from atlas.borderland.two_sides import alone, met_sides, with_decimals
from atlas.edgematch.sides import read_line
from atlas.errors import GeometryError
from atlas.geometry.antimeridian_steps import HALF, WHOLE
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.coverage import edge_owners
from atlas.geometry.geodesy import Positions, distance_m, length_km, step_lengths_m
from atlas.geometry.meridian_frame import MeridianFrame

_END_M = 5_000
_TOUCH_DEG = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """The measured line, the units that have it as an edge on each side, and whose edge each step is.

    ``there`` has -1 where the other side has no outline; ``omitted_km`` is the length of pieces that are not joined;
    ``moves`` is what making both sides meet has moved.
    """

    line: MeasuredLine
    here: Units
    there: tuple[Units, ...]
    owner: NDArray[np.int64]
    other: NDArray[np.int64]
    side: NDArray[np.int64]
    omitted_km: float
    moves: tuple[SideMoves, ...] = ()


def trace(project: BorderProject, here: Units, there: Sequence[Units], land: BaseGeometry) -> Traced:
    """The line of a project; ``land`` is the land of the region, by which an outer edge is told from a coast.

    Raises
    ------
    GeometryError
        There is no line, or its ends are not where the project says.
    SourceError
        The outlines do not fit together.
    """
    moves: tuple[SideMoves, ...] = ()
    if there and project.line.way in {SHARED_EDGE, GIVEN_LINE}:
        sides = met_sides(project, here, there)
        whole, here, there, moves = sides.line, sides.here, sides.there, sides.moves
    elif project.line.file is not None:
        whole, here = (
            with_decimals(read_line(checked_file(project.line.file), MeridianFrame(project.frame_start))),
            alone(here),
        )
    else:
        whole, here = outer_edge(here, land)
    parts = sorted(shapely.get_parts(whole), key=shapely.length, reverse=True)
    positions = _cut(project, _directed(project, _opened(parts[0])))
    _closed(project, positions)
    omitted_km = sum(length_km(part) for part in parts[1:])
    return replace(_owned(MeasuredLine.of(positions), here, tuple(there), omitted_km), moves=moves)


def _opened(line: BaseGeometry) -> Positions:
    positions: Positions = shapely.get_coordinates(line)
    if not (positions[0] == positions[-1]).all():
        return positions
    # a closed line begins at its westernmost position, wherever its file began
    ring = positions[:-1]
    ring = np.roll(ring, -int(np.lexsort((ring[:, 1], ring[:, 0]))[0]), axis=0)
    return np.vstack([ring, ring[:1]])


def _directed(project: BorderProject, line: Positions) -> Positions:
    start, end = project.line.start.position, project.line.end.position
    if start is not None:
        return line[::-1] if _far(line[-1], start) < _far(line[0], start) else line
    if end is not None:
        return line[::-1] if _far(line[0], end) < _far(line[-1], end) else line
    return line[::-1] if tuple(line[-1]) < tuple(line[0]) else line


def _closed(project: BorderProject, line: Positions) -> None:
    """Refuse an end that closes a line which does not close."""
    ends = {"start": project.line.start, "end": project.line.end}
    if not (line[0] == line[-1]).all() and (wrong := [name for name, end in ends.items() if end.kind == "closed"]):
        msg = f'[border.{wrong[0]}] kind = "closed", but the line has two ends; write kind = "coast" or "tripoint"'
        raise GeometryError(msg)


def _cut(project: BorderProject, line: Positions) -> Positions:
    """The line from its start to its end, in this direction whichever way its file goes."""
    if (line[0] == line[-1]).all():
        return _cut_ring(project, line)
    first = _index(project.line.start, line, "border.start", 0)
    last = _index(project.line.end, line, "border.end", len(line) - 1)
    _refuse_one_place(first, last)
    return line[first : last + 1] if first < last else line[last : first + 1][::-1]


def _cut_ring(project: BorderProject, ring: Positions) -> Positions:
    """A closed line from its start: all around, or the shorter way to its end where both are named."""
    start, end = project.line.start, project.line.end
    if start.position is None and end.position is None:
        return ring
    named, which = (start, "border.start") if start.position is not None else (end, "border.end")
    ring = np.roll(ring[:-1], -_index(named, ring[:-1], which, 0), axis=0)
    ring = np.vstack([ring, ring[:1]])
    if start.position is None or end.position is None:
        return ring
    last = _index(end, ring[:-1], "border.end", 0)
    _refuse_one_place(0, last)
    one, other = ring[: last + 1], ring[last:][::-1]
    return one if length_km(shapely.linestrings(one)) <= length_km(shapely.linestrings(other)) else other


def _refuse_one_place(first: int, last: int) -> None:
    if first == last:
        msg = "both ends of [border] are the same place of the line; correct position of start or end"
        raise GeometryError(msg)


def _index(end: End, line: Positions, which: str, default: int) -> int:
    if end.position is None:
        return default
    # in whichever frame the line is: a step around the earth is none
    across = np.remainder(line[:, 0] - end.position[0] + HALF, WHOLE) - HALF
    index = int(np.argmin(np.hypot(across, line[:, 1] - end.position[1])))
    metres = _far(line[index], end.position)
    if metres > _END_M:
        msg = (
            f"[{which}] position {end.position[0]:g}, {end.position[1]:g} is {metres / 1000:.1f} km from the "
            "line; write longitude before latitude, and a place on the line"
        )
        raise GeometryError(msg)
    return index


def disputed_steps(project: BorderProject, line: Positions) -> NDArray[np.int64]:
    """For each step of the line the number of the dispute that it lies in, from 1; 0 for none.

    Raises
    ------
    GeometryError
        A place of a dispute does not lie on the line, or two disputes overlap.
    """
    number = np.zeros(len(line) - 1, dtype=np.int64)
    for n, dispute in enumerate(project.disputes, start=1):
        ends = [End(kind="given point", name={}, position=at) for at in (dispute.start, dispute.end)]
        first, last = sorted(
            _index(end, line, f"disputes {n}", default) for end, default in zip(ends, (0, len(line) - 1), strict=True)
        )
        if first == last:
            msg = f"[disputes {n}] from and to are the same place of the line; correct one of them"
            raise GeometryError(msg)
        within = _within(line, first, last)
        if number[within].any():
            msg = f"[disputes {n}] lies on a stretch of [disputes {number[within].max()}]; correct from or to"
            raise GeometryError(msg)
        number[within] = n
    return number


def _within(line: Positions, first: int, last: int) -> NDArray[np.bool_]:
    """Steps from one position to a later one; on a closed line the shorter way, which may go over its beginning."""
    steps = np.arange(len(line) - 1)
    within: NDArray[np.bool_] = (steps >= first) & (steps < last)
    lengths_m = step_lengths_m(line)
    is_longer = lengths_m[within].sum() > lengths_m[~within].sum() and not within.all()
    return ~within if is_longer and (line[0] == line[-1]).all() else within


def _far(position: Positions, place: tuple[float, float]) -> float:
    return distance_m((float(position[0]), float(position[1])), place)


def _owned(line: MeasuredLine, here: Units, there: tuple[Units, ...], omitted_km: float) -> Traced:
    owner = _owners(line, here)
    touching = sorted(set(owner.tolist()))
    here = here.where([i in touching for i in range(len(here.codes))])
    owner = np.searchsorted(np.array(touching), owner)
    if not there:
        nobody = np.full(len(owner), -1, dtype=np.int64)
        return Traced(line, here, (), owner, nobody, np.zeros(len(owner), dtype=np.int64), omitted_km)
    other = _owners_of_all(line, there)
    side = np.repeat(np.arange(len(there)), [len(units.codes) for units in there])[other]
    kept = sorted(set(other.tolist()))
    starts = np.cumsum([0, *(len(units.codes) for units in there)])
    picked = [units.where([starts[n] + i in kept for i in range(len(units.codes))]) for n, units in enumerate(there)]
    return Traced(line, here, tuple(picked), owner, np.searchsorted(np.array(kept), other), side, omitted_km)


def _owners_of_all(line: MeasuredLine, there: Sequence[Units]) -> NDArray[np.int64]:
    return _owners_in(line, np.concatenate([units.areas for units in there]))


def _owners(line: MeasuredLine, units: Units) -> NDArray[np.int64]:
    return _owners_in(line, units.areas)


def _owners_in(line: MeasuredLine, areas: NDArray[np.object_]) -> NDArray[np.int64]:
    """Whose edge each step is; a step that is no edge, as of a line that is given, goes to the nearest area."""
    owner = edge_owners(line.positions, list(areas))
    loose = np.flatnonzero(owner < 0)
    if len(loose):
        middles = shapely.points((line.positions[loose] + line.positions[loose + 1]) / 2)
        index, distance = shapely.STRtree(areas).query_nearest(middles, return_distance=True, all_matches=False)
        if float(distance.max()) > _TOUCH_DEG:
            lon, lat = line.positions[loose[int(np.argmax(distance))]]
            msg = (
                f"the line is {distance.max() * 111:.1f} km from every unit near {lon:.4f}, {lat:.4f}; give a line "
                "along these outlines, or outlines that reach it"
            )
            raise GeometryError(msg)
        owner[loose] = index[1]
    return owner
