"""Sides that differ are made to meet: around an enclave, at a tripoint, and with either side or none leading."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from atlas.border_project import Dispute, End, Line, shipped_border
from atlas.borderland.enclosed_gaps import without_enclosed_gaps
from atlas.borderland.side_units import Units
from atlas.borderland.traced_line import Traced, disputed_steps, trace
from atlas.edgematch.plane import Plane
from atlas.errors import GeometryError
from atlas.geometry.coverage import edge_owners
from tests.borderland.made_up import units

NOWHERE = shapely.Polygon()


def traced(
    here: Units,
    *there: Units,
    leader: str = "here",
    start: tuple[float, float] | None = None,
    end: tuple[float, float] | None = None,
) -> Traced:
    ends = [End(kind="coast", name={}, position=at) for at in (start, end)]
    line = Line(
        way="shared edge", file=None, leader=leader, contested="here", tolerance_m=1000.0, start=ends[0], end=ends[1]
    )
    project = replace(shipped_border(), here=here.side, neighbours=tuple(u.side for u in there), line=line)
    return trace(project, here, there, NOWHERE)


def test_a_line_around_an_enclave_is_closed_and_begins_in_the_west() -> None:
    disc = shapely.Point(20.5, -29.5).buffer(0.4, quad_segs=16)
    inner = units(
        "IN", *(shapely.intersection(disc, shapely.box(20 + 0.5 * n, -30, 20.5 + 0.5 * n, -29)) for n in (0, 1))
    )
    outer = units("OUT", shapely.difference(shapely.box(19, -31, 22, -28), shapely.Point(20.5, -29.5).buffer(0.4003)))
    made = traced(inner, outer)
    assert (made.line.positions[0] == made.line.positions[-1]).all()
    assert made.line.positions[0][0] == made.line.positions[:, 0].min()
    assert (edge_owners(made.line.positions, [*made.here.areas]) >= 0).all()
    assert (edge_owners(made.line.positions, [*made.there[0].areas]) >= 0).all()


def test_a_line_along_two_neighbours_passes_their_tripoint() -> None:
    here = units("H", shapely.box(10, 20, 11, 21), shapely.box(10, 21, 11, 22))
    south, north = units("S", shapely.box(11, 20, 12, 20.7)), units("N", shapely.box(11, 20.7, 12, 22))
    made = traced(here, south, north)
    assert made.line.length_km == pytest.approx(221.4, abs=0.5)
    assert set(made.side.tolist()) == {0, 1}
    assert any(np.allclose(at, (11, 20.7), atol=1e-6) for at in made.line.positions)
    assert made.omitted_km == 0


@pytest.mark.parametrize(("leader", "longitude"), [("here", 11.0), ("neighbour", 11.004), ("middle", 11.002)])
def test_who_leads_says_where_the_line_lies(leader: str, longitude: float) -> None:
    made = traced(units("A", shapely.box(10, 20, 11, 22)), units("B", shapely.box(11.004, 20, 12, 22)), leader=leader)
    middle = made.line.at(made.line.length_km / 2)
    assert middle[0] == pytest.approx(longitude, abs=1e-4)
    assert shapely.coverage_is_valid([*made.here.areas, *made.there[0].areas])


def test_a_line_begins_at_the_end_that_is_named() -> None:
    sides = units("A", shapely.box(10, 20, 11, 22)), units("B", shapely.box(11, 20, 12, 22))
    assert traced(*sides, start=(11, 22)).line.positions[0].tolist() == [11, 22]
    with pytest.raises(GeometryError, match="km from the line; write longitude before latitude"):
        traced(*sides, start=(22, 11))


def test_a_line_goes_from_its_start_to_its_end_whichever_way_it_was_found() -> None:
    sides = units("A", shapely.box(10, 20, 11, 22)), units("B", shapely.box(11, 20, 12, 22))
    # both nearer the end at which the line begins by itself
    for start, end in (((11, 20.9), (11, 20.2)), ((11, 20.2), (11, 20.9)), ((11, 21.9), (11, 21.2))):
        line = traced(*_cut_at(sides, (20.2, 20.9, 21.2, 21.9)), start=start, end=end).line.positions
        assert (tuple(line[0]), tuple(line[-1])) == (start, end)


def test_a_closed_line_begins_where_it_is_told_and_ends_there_or_at_its_end() -> None:
    hole = shapely.box(10, 20, 12, 21)
    sides = units("IN", hole), units("OUT", shapely.difference(shapely.box(9, 19, 13, 22), hole))
    whole = traced(*sides, start=(12, 21)).line
    assert whole.positions[0].tolist() == whole.positions[-1].tolist() == [12, 21]
    assert whole.length_km == pytest.approx(traced(*sides).line.length_km)
    # the way over the beginning of the ring is the shorter one
    part = traced(*sides, start=(12, 20), end=(10, 20)).line
    assert part.positions.tolist() == [[12, 20], [10, 20]]
    assert traced(*sides, start=(10, 20), end=(12, 20)).line.positions.tolist() == [[10, 20], [12, 20]]


def test_a_dispute_goes_over_the_beginning_of_a_closed_line() -> None:
    ring = np.array([[10, 20], [11, 20], [12, 20], [12, 21], [11, 21], [10, 21], [10, 20]], dtype=float)
    words = {"en": "x", "es": "x"}
    dispute = Dispute(name=words, start=(11, 20), end=(10, 21), claims=())
    numbers = disputed_steps(replace(shipped_border(), disputes=(dispute,)), ring)
    assert numbers.tolist() == [1, 0, 0, 0, 0, 1]


def _cut_at(sides: tuple[Units, Units], latitudes: tuple[float, ...]) -> list[Units]:
    """Sides with positions on their edge at these latitudes."""
    at = shapely.MultiPoint([(11, lat) for lat in latitudes])
    return [
        one.with_areas(np.array([shapely.snap(shapely.segmentize(area, 0.1), at, 0.02) for area in one.areas]))
        for one in sides
    ]


def test_sides_of_two_borders_are_refused() -> None:
    with pytest.raises(GeometryError, match="no unit of B lies within"):
        traced(units("A", shapely.box(10, 20, 11, 22)), units("B", shapely.box(31, 20, 32, 22)))


def test_a_pocket_that_both_sides_enclose_goes_to_the_one_that_gives_way() -> None:
    left = np.array([shapely.box(10, 20, 10.5, 21)], dtype=object)
    pocket, lake = shapely.box(10.5, 20.2, 10.503, 20.204), shapely.box(10.5, 20.5, 10.55, 20.6)
    right = np.array([shapely.box(10.5, 20, 11, 20.3), shapely.box(10.5, 20.3, 11, 21)], dtype=object)
    right = shapely.difference(right, shapely.union(pocket, lake))
    plane = Plane.around(np.concatenate([left, right]))
    filled = without_enclosed_gaps(left, right, np.array([], dtype=object), plane, 1000)
    assert shapely.equals(filled[0], shapely.box(10.5, 20, 11, 20.3))
    # a lake that is wider than a gap may be is no gap
    assert shapely.equals(filled[1], right[1])
    # pockets within one side are its own
    inner = np.array([shapely.difference(left[0], shapely.box(10.2, 20.2, 10.203, 20.204))], dtype=object)
    assert shapely.area(without_enclosed_gaps(inner, right, left[:0], plane, 1000)[0]) == shapely.area(filled[0])


def test_a_gap_that_goes_on_past_a_tripoint_cuts_no_line() -> None:
    here = units("H", shapely.box(10, 20, 11, 21), shapely.box(10, 21, 11, 22))
    # both neighbours are drawn 50 m away, in files of their own
    south, north = units("S", shapely.box(11.0005, 20, 12, 20.7)), units("N", shapely.box(11.0005, 20.7, 12, 22))
    made = traced(here, south, north)
    assert made.line.length_km == pytest.approx(221.4, abs=0.5)
    assert made.omitted_km == 0
    assert made.moves[0].moved == []
    assert max(unit["most_m"] for side in made.moves[1:] for unit in side.moved) < 60
    assert shapely.coverage_is_valid(np.concatenate([made.here.areas, *(each.areas for each in made.there)]))
    # the limit between the neighbours is led on to the line, where it was
    change = np.flatnonzero(np.diff(made.side))
    assert made.line.positions[change + 1].tolist() == [[11.0, pytest.approx(20.7, abs=1e-4)]]
