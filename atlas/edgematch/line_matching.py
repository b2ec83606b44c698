"""Two sides of a border made to meet on a line that is given.

What it computes: the ground of both sides together, with the gaps between them, is dealt anew in a strip along the
line, as wide as the tolerance on each side of it: of what the line leaves on its far side, a side loses what comes to
the line, and the other side gains it. What does not come to the line, such as an island, and all ground beyond the
line's ends is the leader's matter, as without a line. Nothing but gaps is added to the ground, so that no edge moves
but those that face the other side. All edges are put together and noded once, and what is decided is who gets a face.

A line may go to and fro near its end, so that its last step says nothing of where it goes: it is led on the way that it
took over the last tolerance, and only where both sides end within a quarter of the tolerance beyond it. There the
strip is cut off square.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.edgematch.edge_matching import Dealt, Matched, Meeting, Terms, dealt_by_leader, put_together, within_reach
from atlas.edgematch.plane import Plane
from atlas.edgematch.side_contact import contact_of, parts_of, shared_length_m
from atlas.errors import GeometryError
from atlas.geometry.meridian_frame import MeridianFrame

Shapes = NDArray[np.object_]
Flags = NDArray[np.bool_]
Place = NDArray[np.float64]
_TOUCH_M = 0.002
_GRID_M = 0.001
_SLIT_M = 0.005
# of the tolerance
_LED_ON = 0.25


class LineElsewhereError(GeometryError):
    """A line does not lie between two sides."""

    def __init__(self) -> None:
        super().__init__("the line does not lie between the two sides: all of the strip along it is on one of them")


class Strip(NamedTuple):
    """A strip along a line, in metres of a plane.

    Attributes
    ----------
    halves
        What is the first side's of it, and the other's.
    far
        Its edges beside the line.
    cuts
        The lines that cut it off at its ends.
    """

    line: BaseGeometry
    halves: tuple[BaseGeometry, BaseGeometry]
    far: BaseGeometry
    cuts: BaseGeometry


def matched_to_line(meeting: Meeting, line: BaseGeometry, plane: Plane, terms: Terms) -> Matched:
    """Match both sides with a line that is given, in degrees.

    Raises
    ------
    GeometryError
        As `matched`; or the line does not lie between the sides, or a side goes on beyond it.
    """
    lines = np.empty(1, dtype=object)
    lines[0] = line
    flat = [plane.to_metres(units) for units in (meeting.one, meeting.other)]
    sides = [shapely.union_all(units) for units in flat]
    strip = _strip(plane.to_metres(lines)[0], sides, terms.tolerance_m)
    gaps = [*meeting.contact.gaps, *_wide_gaps(sides, strip, meeting.further, terms.tolerance_m)]
    if meeting.further is not None:
        gaps = _of_these(gaps, strip, sides, terms.tolerance_m)
    faces = _faces(sides, strip, gaps)
    try:
        dealt = _dealt(faces, strip, flat, terms)
    except _BeyondStripError as error:
        lon, lat = error.place / plane.scale
        where = f"{MeridianFrame.within(lon):.5f}, {lat:.5f} (lon lat)"
        msg = f"one of them goes on for more than {terms.tolerance_m:g} m beyond the line near {where}"
        raise GeometryError(msg) from error
    return put_together(meeting, flat, dealt, plane, replace(terms, fixed=lines))


def _of_these(
    gaps: Sequence[BaseGeometry], strip: Strip, sides: Sequence[BaseGeometry], tolerance_m: float
) -> list[BaseGeometry]:
    """Gaps without what a third side is to fill: in its half of the strip a side gains what is within the tolerance."""
    whole = shapely.union_all(list(gaps))
    inside = [
        part
        for half, side in zip(strip.halves, sides, strict=True)
        for part in within_reach(shapely.intersection(whole, half), [side], tolerance_m)
    ]
    return [*inside, *parts_of(shapely.difference(whole, shapely.union_all([*strip.halves])))]


def _wide_gaps(
    sides: Sequence[BaseGeometry], strip: Strip, further: BaseGeometry | None, tolerance_m: float
) -> list[BaseGeometry]:
    """Gaps in the strip that are wider than the tolerance, but not so on either side of the line."""
    contact = contact_of(sides[0], sides[1], 2 * tolerance_m, further)
    wide = shapely.union_all(contact.gaps if contact else [])
    return parts_of(shapely.intersection(wide, shapely.union_all([*strip.halves])))


class _BeyondStripError(Exception):
    """A side has ground beyond the strip, at a place in metres of the plane."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.place = place


class Faces(NamedTuple):
    """The ground cut along all edges and the line, so that each face lies wholly in what it lies in.

    Attributes
    ----------
    sides, halves
        Which faces lie in each side, and in each half of the strip.
    gap
        Those that lie in a gap.
    """

    areas: Shapes
    sides: tuple[Flags, Flags]
    halves: tuple[Flags, Flags]
    gap: Flags

    def parts(self, which: Flags) -> list[BaseGeometry]:
        """Some of the faces, those that share edges in one."""
        return parts_of(shapely.coverage_union_all(self.areas[which])) if which.any() else []

    def of_parts(self, parts: Sequence[BaseGeometry]) -> Flags:
        """The faces that lie in such parts."""
        flags = np.zeros(len(self.areas), dtype=bool)
        inside = shapely.point_on_surface(self.areas)
        flags[np.unique(shapely.STRtree(inside).query(np.array(parts, dtype=object), predicate="intersects")[1])] = True
        return flags


def _faces(sides: Sequence[BaseGeometry], strip: Strip, gaps: Sequence[BaseGeometry]) -> Faces:
    edges = shapely.boundary([*sides, *gaps, *strip.halves])
    areas = shapely.get_parts(shapely.polygonize([shapely.union_all([*edges, strip.line], grid_size=_GRID_M)]))
    tree = shapely.STRtree(shapely.point_on_surface(areas))

    def within(*shapes: BaseGeometry) -> Flags:
        flags = np.zeros(len(areas), dtype=bool)
        flags[tree.query(np.array(shapes, dtype=object), predicate="intersects")[1]] = True
        return flags

    one, other = (within(side) for side in sides)
    halves = (within(strip.halves[0]), within(strip.halves[1]))
    # gaps may miss the sides by what computing does
    slits = 2 * shapely.area(areas) < _SLIT_M * shapely.length(areas)
    return Faces(areas, (one, other), halves, (within(*gaps) | slits) & ~one & ~other)


def _dealt(faces: Faces, strip: Strip, flat: Sequence[Shapes], terms: Terms) -> Dealt:
    """Deal the ground by the line, and what that leaves by the leader."""
    taken = [_taken(faces, strip, at) for at in (0, 1)]
    filled = [faces.gap & half for half in faces.halves]
    reached = [_reached(faces, at, taken[1 - at] | filled[at]) for at in (0, 1)]
    # what would lie apart from the side that the line gives it to stays with the other
    taken = [taken[at] & reached[1 - at] for at in (0, 1)]
    claimed = faces.sides[0] & faces.sides[1] & ~taken[0] & ~taken[1]
    beyond = faces.gap & ~faces.halves[0] & ~faces.halves[1]
    leader = terms.leader
    dealt = dealt_by_leader(
        flat, [(area, leader) for area in faces.parts(claimed)], [(area, leader) for area in faces.parts(beyond)]
    )
    for at in (0, 1):
        dealt.lost[at].extend(faces.parts(taken[at]))
        gained = taken[1 - at] | (filled[at] & reached[at]) | (filled[1 - at] & ~reached[1 - at])
        dealt.gained[at].extend(faces.parts(gained & ~faces.sides[at]))
    return dealt


def _reached(faces: Faces, side: int, more: Flags) -> Flags:
    """The faces that share an edge with a side, at once or by other ground that it gets."""
    ground = faces.parts(faces.sides[side] | more)
    inside = shapely.multipoints(shapely.point_on_surface(faces.areas[faces.sides[side]]))
    return faces.of_parts([part for part in ground if shapely.intersects(part, inside)])


def _taken(faces: Faces, strip: Strip, side: int) -> Flags:
    """What a side loses to the far half of the strip.

    Raises
    ------
    _BeyondStripError
        It goes on beyond the strip, and not at the end of the line.
    """
    taken = []
    for piece in faces.parts(faces.sides[side] & faces.halves[1 - side]):
        if not shared_length_m(piece, strip.line):
            continue
        if shared_length_m(piece, strip.far) <= 0:
            taken.append(piece)
        elif not _is_at_end(piece, strip):
            raise _BeyondStripError(shapely.get_coordinates(shapely.point_on_surface(piece))[0])
    return faces.of_parts(taken)


def _is_at_end(piece: BaseGeometry, strip: Strip) -> bool:
    """Whether a piece lies where the strip is cut off, beyond which the border may go on another way."""
    return shared_length_m(piece, strip.cuts) > 0


def _strip(line: BaseGeometry, sides: Sequence[BaseGeometry], tolerance_m: float) -> Strip:
    """The strip along a line.

    Raises
    ------
    LineElsewhereError
        The line does not lie between the two sides.
    """
    ground = shapely.union_all(list(sides))
    ends = [] if line.is_ring else [_led_on(*end, ground, tolerance_m) for end in _ends(line, tolerance_m)]
    whole = shapely.union_all(
        [line, *(shapely.LineString([end, last]) for end, last, _ in ends if (end != last).any())]
    )
    around = shapely.buffer(whole, tolerance_m)
    ahead = [shapely.LineString([last, last + 2 * tolerance_m * way]) for _, last, way in ends]
    across = [_across(last, way, 2 * tolerance_m) for _, last, way in ends]
    cuts = shapely.union_all([shapely.boundary(around), whole, *ahead, *across])
    beyond = shapely.union_all(ahead)
    pieces = [
        piece
        for piece in shapely.get_parts(shapely.polygonize([cuts])).tolist()
        if shapely.contains_properly(around, shapely.point_on_surface(piece)) and not shared_length_m(piece, beyond)
    ]
    one, other = (shapely.union_all(half) for half in _halved(pieces, sides))
    return Strip(whole, (one, other), shapely.boundary(around), shapely.union_all(across))


def _halved(pieces: Sequence[BaseGeometry], sides: Sequence[BaseGeometry]) -> list[list[BaseGeometry]]:
    """The pieces of a strip, by the side that covers more of them; of two one is each side's, whose more it is.

    Raises
    ------
    LineElsewhereError
        The line does not lie between the two sides.
    """
    covered = np.array([shapely.area(shapely.intersection(piece, sides)) for piece in pieces]).reshape(-1, 2)
    more = covered[:, 1] - covered[:, 0]
    is_others = more > (more.mean() if len(pieces) == len(sides) else 0)
    theirs, mine = covered[is_others].sum(axis=0), covered[~is_others].sum(axis=0)
    # a third side may lie on the other side of the line
    if not (mine[0] > theirs[0] and theirs[1] > mine[1]):
        raise LineElsewhereError
    return [[piece for piece, flag in zip(pieces, is_others, strict=True) if flag == of] for of in (False, True)]


def _across(place: Place, way: Place, by_m: float) -> BaseGeometry:
    aside = np.array([-way[1], way[0]]) * by_m
    return shapely.LineString([place - aside, place + aside])


def _led_on(end: Place, way: Place, ground: BaseGeometry, tolerance_m: float) -> tuple[Place, Place, Place]:
    """An end of a line, where the line led on ends, and its way."""
    last = end + way * _LED_ON * tolerance_m
    return end, (last if shapely.disjoint(ground, shapely.Point(last)) else end), way


def _ends(line: BaseGeometry, reach_m: float) -> Iterator[tuple[Place, Place]]:
    """Both ends of a line, each with the direction in which the line came there over the last so many metres."""
    length = float(shapely.length(line))
    reach = min(reach_m, length / 2)
    for at, before in ((0.0, reach), (length, length - reach)):
        end, start = (shapely.get_coordinates(shapely.line_interpolate_point(line, along))[0] for along in (at, before))
        way = end - start
        yield end, way / max(float(np.hypot(*way)), _TOUCH_M)
