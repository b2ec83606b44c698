from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.errors import GeometryError
from atlas.geometry import geodesy
from atlas.geometry.chainage import MeasuredLine

GEOD = pyproj.Geod(ellps="GRS80")
MEXICO = st.tuples(st.floats(-98, -86), st.floats(13, 22))


@settings(max_examples=100, deadline=None)
@given(positions=st.lists(MEXICO, min_size=2, max_size=20, unique=True))
def test_lengths_are_those_of_the_geodesic(positions: list[tuple[float, float]]) -> None:
    lon, lat = zip(*positions, strict=True)
    whole = shapely.linestrings(positions)
    assert geodesy.length_km(whole) == pytest.approx(GEOD.line_length(lon, lat) / 1000, rel=1e-9)


def test_lengths_of_several_lines_add_up_and_gaps_do_not_count() -> None:
    one, other = shapely.linestrings([[-92, 15], [-92, 16]]), shapely.linestrings([[-90, 17], [-89, 17]])
    both = shapely.multilinestrings([one, other])
    assert geodesy.length_km(both) == pytest.approx(geodesy.length_km(one) + geodesy.length_km(other))


def test_an_area_is_right_whichever_way_its_ring_runs_and_without_its_hole() -> None:
    ring, hole = shapely.box(-92, 15, -91, 16), shapely.box(-91.6, 15.4, -91.4, 15.6)
    holed = shapely.difference(ring, hole)
    expected = [abs(GEOD.polygon_area_perimeter(*np.array(a.exterior.coords).T)[0]) / 1e6 for a in (ring, hole)]
    assert geodesy.area_km2(holed) == pytest.approx(expected[0] - expected[1], rel=1e-9)
    assert geodesy.area_km2(shapely.reverse(holed)) == pytest.approx(geodesy.area_km2(holed), rel=1e-12)


def test_one_degree_on_the_ellipsoid_is_what_the_tables_say() -> None:
    # a degree of the meridian between 14.5 and 15.5 north, and of the parallel of 15 north, on GRS 80
    assert geodesy.distance_m((-92, 14.5), (-92, 15.5)) == pytest.approx(110_649, abs=2)
    assert geodesy.distance_m((-92.5, 15), (-91.5, 15)) == pytest.approx(107_550, abs=6)


def test_an_azimuth_is_clockwise_from_north() -> None:
    assert geodesy.azimuth((-92, 15), (-92, 16)) == pytest.approx(0)
    assert geodesy.azimuth((-92, 15), (-93, 15)) == pytest.approx(270, abs=0.2)


@settings(max_examples=60, deadline=None)
@given(origin=MEXICO, azimuth=st.floats(0, 360), metres=st.floats(1, 20_000))
def test_the_local_plane_keeps_lengths_and_directions(
    origin: tuple[float, float], azimuth: float, metres: float
) -> None:
    lon, lat, _ = GEOD.fwd(*origin, azimuth, metres)
    east, north = geodesy.plane_m(np.array([[lon, lat]]), origin)[0]
    assert math.hypot(east, north) == pytest.approx(metres, rel=2e-3)
    assert east == pytest.approx(metres * math.sin(math.radians(azimuth)), abs=metres * 3e-3)


@settings(max_examples=60, deadline=None)
@given(positions=st.lists(MEXICO, min_size=2, max_size=6, unique=True), step=st.floats(5_000, 200_000))
def test_densifying_keeps_every_position_and_leaves_no_longer_step(
    positions: list[tuple[float, float]], step: float
) -> None:
    line = np.array(positions)
    fine = geodesy.densified(line, step_m=step)
    assert {tuple(p) for p in line.tolist()} <= {tuple(p) for p in fine.tolist()}
    assert geodesy.step_lengths_m(fine).max() <= step * 1.02


@pytest.mark.slow
def test_every_position_of_a_belt_is_at_its_distance_from_the_real_border(border_line: MeasuredLine) -> None:
    inland, metres = shapely.box(-97, 14.6, -91.5, 21.5), 50_000
    belt = geodesy.offset_line(border_line.positions, distance_km=metres / 1000, area=inland)
    fine = geodesy.densified(border_line.positions, step_m=100)
    for lon, lat in shapely.get_coordinates(belt):
        # every position of the line is tried, none is preferred
        tries = GEOD.inv(np.full(len(fine), lon), np.full(len(fine), lat), fine[:, 0], fine[:, 1])[2]
        assert tries.min() == pytest.approx(metres, abs=3)
    assert geodesy.length_km(belt) > 100


def test_a_belt_around_a_short_line_goes_all_the_way_round() -> None:
    line = np.array([[-92.0, 16.0], [-91.9, 16.0]])
    belt = geodesy.offset_line(line, distance_km=50, area=shapely.box(-98, 13, -86, 22))
    expected = 2 * math.pi * 50 + 2 * geodesy.distance_m((-92, 16), (-91.9, 16)) / 1000
    assert geodesy.length_km(belt) == pytest.approx(expected, rel=0.01)


def test_an_area_that_no_belt_reaches_is_refused(border_line: MeasuredLine) -> None:
    with pytest.raises(GeometryError, match=r"no position in the area lies 5000 km from the line"):
        geodesy.offset_line(border_line.positions, distance_km=5000, area=shapely.box(-92, 15, -91, 16))
