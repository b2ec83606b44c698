"""Two sides of a border made to meet on one line, and nothing else moved.

What it computes: new shapes for the units beside the border, so that the units of both sides together are a valid
coverage. How: what both cover and what lies between them (`side_contact`) is divided (`division`) by who leads; a
side loses what it is not given, and what it gains goes to its units (`extension`); then all units beside the border
are put on one grid together (`weld`). How a line that is given divides them is in `line_matching`.

Why right: gaps and overlaps are all that keeps two coverages from being one, and each is given to exactly one unit.
Invariants: a unit that touches neither gap nor overlap keeps every position; the ground that the two sides cover
together is what they covered before, and the gaps; the leader's edge stays where it was, but for new positions on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.edgematch.contested import Contested, contested_areas
from atlas.edgematch.division import Halves, halves
from atlas.edgematch.extension import given_to_units
from atlas.edgematch.new_spikes import without_new_spikes
from atlas.edgematch.plane import Plane
from atlas.edgematch.side_contact import Contact, contact_of, parts_of
from atlas.edgematch.weld import as_coverage, is_beside
from atlas.errors import GeometryError

Shapes = NDArray[np.object_]
_TOUCH_M = 0.002


class Leader(StrEnum):
    """Whose edge stays."""

    ONE = "one"
    OTHER = "other"
    MIDDLE = "middle"


@dataclass(frozen=True, slots=True)
class Terms:
    """How two sides are matched.

    Attributes
    ----------
    tolerance_m
        How wide a gap may be.
    decisions
        Who gets what both claim, by number from 1 in the order of `contested_areas`.
    fixed
        Shapes in degrees whose positions stay instead of the leader's.
    """

    leader: Leader
    tolerance_m: float
    decisions: Mapping[int, Leader] = field(default_factory=dict)
    fixed: Shapes | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """Two sides that meet.

    Attributes
    ----------
    one, other
        The units of each side in degrees, in their order.
    contact
        What was wrong, in metres of the plane.
    contested
        What both claimed, and asked about or decided.
    """

    one: Shapes
    other: Shapes
    contact: Contact
    contested: Sequence[Contested]


@dataclass(frozen=True, slots=True)
class Dealt:
    """What each side loses and gains, the first side's before the other's, in metres of a plane."""

    lost: tuple[list[BaseGeometry], list[BaseGeometry]] = field(default_factory=lambda: ([], []))
    gained: tuple[list[BaseGeometry], list[BaseGeometry]] = field(default_factory=lambda: ([], []))


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two sides in degrees, what is wrong between them, and what of it has to be decided.

    Attributes
    ----------
    further
        What further sides cover, in metres of the plane.
    """

    one: Shapes
    other: Shapes
    contact: Contact
    contested: Sequence[Contested]
    further: BaseGeometry | None = None


def meeting_of(
    one: Shapes, other: Shapes, plane: Plane, tolerance_m: float, rest: Sequence[BaseGeometry] = ()
) -> Meeting:
    """Look at two sides, each a valid coverage in degrees at the decimals of `plane.DECIMALS`.

    Parameters
    ----------
    rest
        The units of further sides, in degrees.

    Raises
    ------
    GeometryError
        They are nowhere within the tolerance of each other.
    """
    here, there = plane.to_metres(one), plane.to_metres(other)
    further = shapely.union_all(plane.to_metres(np.array(rest, dtype=object))) if len(rest) else None
    contact = contact_of(shapely.union_all(here), shapely.union_all(there), tolerance_m, further)
    if contact is None:
        msg = f"the two do not come within {tolerance_m:g} m of each other"
        raise GeometryError(msg)
    if further is not None:
        # past a tripoint a gap is the third side's; all of one that is no wider lies as near as that to both
        sides = [shapely.union_all(units) for units in (here, there)]
        contact = replace(
            contact, gaps=[part for gap in contact.gaps for part in within_reach(gap, sides, tolerance_m)]
        )
    return Meeting(one, other, contact, contested_areas(list(here), list(there), contact, tolerance_m), further)


def within_reach(area: BaseGeometry, sides: Sequence[BaseGeometry], reach_m: float) -> list[BaseGeometry]:
    """What of an area lies within so many metres of each of some sides."""
    window = shapely.buffer(shapely.envelope(area), 2 * reach_m)
    near = shapely.buffer(shapely.intersection(list(sides), window), reach_m)
    return parts_of(area if shapely.covers(near, area).all() else shapely.intersection_all([area, *near]))


def matched(meeting: Meeting, plane: Plane, terms: Terms) -> Matched:
    """Match two sides.

    Raises
    ------
    GeometryError
        They do not meet afterwards either, or what comes out is no coverage.
    """
    flat = [plane.to_metres(side) for side in (meeting.one, meeting.other)]
    return put_together(meeting, flat, _dealt(flat, meeting, terms), plane, terms)


def put_together(meeting: Meeting, flat: Sequence[Shapes], dealt: Dealt, plane: Plane, terms: Terms) -> Matched:
    """The units of both sides with what they lose and gain, on one grid.

    Parameters
    ----------
    flat
        The units of both sides in metres of the plane.

    Raises
    ------
    GeometryError
        As `matched`.
    """
    old = (meeting.one, meeting.other)
    sides = [_changed(units, dealt.lost[at], dealt.gained[at]) for at, units in enumerate(flat)]
    flags = [_is_changed(new, units) for new, units in zip(sides, flat, strict=True)]
    # where a side has come to lie on the other's long edge, that edge gets its positions too
    beside = [flags[0] | is_beside(sides[0], sides[1], 1.0), flags[1] | is_beside(sides[1], sides[0], 1.0)]
    new = _on_one_grid(old, sides, beside, plane, terms)
    if line_between(*new).is_empty and not (shapely.is_empty(new[0]).any() or shapely.is_empty(new[1]).any()):
        msg = f"the two do not meet: what lies between them is wider than {terms.tolerance_m:g} m"
        raise GeometryError(msg)
    return Matched(*new, meeting.contact, meeting.contested)


def _is_changed(new: Shapes, old: Shapes) -> NDArray[np.bool_]:
    return np.array([a is not b for a, b in zip(new, old, strict=True)], dtype=bool)


def _dealt(flat: Sequence[Shapes], meeting: Meeting, terms: Terms) -> Dealt:
    """What each side loses, and what each gains."""
    numbers = {id(each.area): number for number, each in enumerate(meeting.contested, start=1)}
    overlaps = [
        (area, terms.decisions.get(numbers.get(id(area), 0), terms.leader)) for area in meeting.contact.overlaps
    ]
    return dealt_by_leader(flat, overlaps, [(area, terms.leader) for area in meeting.contact.gaps])


def dealt_by_leader(
    flat: Sequence[Shapes],
    overlaps: Iterable[tuple[BaseGeometry, Leader]],
    gaps: Iterable[tuple[BaseGeometry, Leader]],
) -> Dealt:
    """Deal overlaps and gaps, each with who leads there."""
    edges = [shapely.boundary(shapely.union_all(units)) for units in flat]
    dealt = Dealt()
    for area, leader in overlaps:
        mine, theirs = _shared_out(area, edges, leader, overlap=True)
        dealt.lost[0].extend(theirs)
        dealt.lost[1].extend(mine)
    for area, leader in gaps:
        mine, theirs = _shared_out(area, edges, leader, overlap=False)
        dealt.gained[0].extend(mine)
        dealt.gained[1].extend(theirs)
    return dealt


def _shared_out(area: BaseGeometry, edges: list[BaseGeometry], leader: Leader, *, overlap: bool) -> Halves:
    """Who has a piece afterwards: the leader keeps an overlap, and a gap goes to the other, up to the leader's edge."""
    if leader is Leader.MIDDLE:
        return halves(area, *edges, overlap=overlap)
    return Halves([area], []) if (leader is Leader.ONE) == overlap else Halves([], [area])


def _changed(units: Shapes, lost: list[BaseGeometry], gained: list[BaseGeometry]) -> Shapes:
    """The units less what their side loses, with what it gains; those that nothing befalls are the same objects."""
    changed = units.copy()
    tree = shapely.STRtree(units)
    for piece in lost:
        for index in tree.query(piece, predicate="intersects").tolist():
            if shapely.area(shapely.intersection(changed[index], piece)) > 0:
                changed[index] = _areas_in(shapely.difference(changed[index], piece))
    for piece in gained:
        near = tree.query(piece, predicate="dwithin", distance=_TOUCH_M)
        near = near if len(near) else tree.query_nearest(piece)
        for owner, face in given_to_units(piece, list(changed[near])):
            index = int(near[owner])
            changed[index] = _areas_in(shapely.union(changed[index], face))
    return changed


def _areas_in(shape: BaseGeometry) -> BaseGeometry:
    """A shape without the lines and points to which areas shrink where they only touched."""
    parts = parts_of(shape)
    if not parts:
        return shapely.Polygon()
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def _on_one_grid(
    old: tuple[Shapes, Shapes],
    changed: Sequence[Shapes],
    beside: Sequence[NDArray[np.bool_]],
    plane: Plane,
    terms: Terms,
) -> tuple[Shapes, Shapes]:
    """The units on one grid: those beside the border, then also those whose edge they would leave."""
    count = len(old[0])
    before = np.concatenate(old)
    after = _in_degrees(np.concatenate(changed), before, plane)
    fixed = terms.fixed if terms.fixed is not None else dict(zip(Leader, old, strict=False)).get(terms.leader)
    ranks = np.repeat([0, 1] if terms.leader is not Leader.OTHER else [1, 0], [count, len(old[1])])
    made = without_new_spikes(as_coverage(after, before, np.concatenate(list(beside)), ranks), before, plane, fixed)
    return made[:count], made[count:]


def _in_degrees(changed: Shapes, old: Shapes, plane: Plane) -> Shapes:
    """Shapes back in degrees; where nothing befell one, as it was."""
    metres = plane.to_metres(old)
    back = plane.to_degrees(changed)
    same = np.array([a is b or shapely.equals_exact(a, b) for a, b in zip(changed, metres, strict=True)], dtype=bool)
    return np.where(same, old, back)


def line_between(one: Shapes, other: Shapes) -> BaseGeometry:
    """The line on which two sides meet, as lines in degrees."""
    shared = shapely.intersection(shapely.boundary(shapely.union_all(one)), shapely.boundary(shapely.union_all(other)))
    lines = [part for part in shapely.get_parts(shared) if shapely.get_dimensions(part) == 1]
    return shapely.line_merge(shapely.union_all(lines)) if lines else shapely.MultiLineString()
