"""Two sides of a border made to meet on a line that is given.

What it computes: the ground of both sides together, with the gaps between them, is dealt anew in a strip along the
line, as wide as the tolerance on each side of it: of what the line leaves on its far side, a side loses what comes to
the line, and the other side gains it. What does not come to the line, such as an island, and all ground beyond the
line's ends is the leader's matter, as without a line. Nothing but gaps is added to the ground, so that no edge moves
but those that face the other side. All edges are put together and noded once, and what is decided is who gets a face.
What the strip is, says `line_strip`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.edgematch.edge_matching import Dealt, Matched, Meeting, Terms, dealt_by_leader, put_together, within_reach
from atlas.edgematch.line_strip import Strip, strip_along
from atlas.edgematch.plane import Plane
from atlas.edgematch.side_contact import contact_of, parts_of, shared_length_m
from atlas.errors import GeometryError
from atlas.geometry.meridian_frame import MeridianFrame

Shapes = NDArray[np.object_]
Flags = NDArray[np.bool_]
Place = NDArray[np.float64]
_GRID_M = 0.001
_SLIT_M = 0.005


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
    strip = strip_along(plane.to_metres(lines)[0], sides, terms.tolerance_m)
    gaps = [*meeting.contact.gaps, *_wide_gaps(sides, strip, meeting.further, terms.tolerance_m)]
    if meeting.further is not None:
        gaps = _of_these(gaps, strip, sides, terms.tolerance_m)
    faces = _faces(sides, strip, gaps)
    try:
        dealt = _dealt(faces, strip, flat, terms)
        for gained, side in zip(dealt.gained, sides, strict=True):
            _refuse_far(gained, side, terms.tolerance_m)
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


def _refuse_far(gained: Sequence[BaseGeometry], side: BaseGeometry, tolerance_m: float) -> None:
    """Refuse what a side gains far from where it was, as beside a tripoint, from which a line goes another way.

    Raises
    ------
    _BeyondStripError
        A corner of it is farther off than the tolerance.
    """
    near = shapely.buffer(side, tolerance_m + _GRID_M)
    for piece in gained:
        if not shapely.covers(near, piece):
            corners = shapely.get_coordinates(piece)
            away = shapely.distance(shapely.points(corners), side)
            if away.max() > tolerance_m + _GRID_M:
                raise _BeyondStripError(corners[int(np.argmax(away))])


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
