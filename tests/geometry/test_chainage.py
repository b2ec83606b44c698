from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.errors import GeometryError
from atlas.geometry.chainage import MeasuredLine

GEOD = pyproj.Geod(ellps="GRS80")


def _walk(headings: list[tuple[float, float]]) -> MeasuredLine:
    """A line from Tapachula on, by steps of azimuth in degrees and length in metres."""
    positions = [(-92.26, 14.9)]
    for azimuth, metres in headings:
        lon, lat, _ = GEOD.fwd(*positions[-1], azimuth, metres)
        positions.append((lon, lat))
    return MeasuredLine.of(np.array(positions))


# forward only, so that no two places of the line lie on each other and a chainage is unique
WALKS = st.lists(st.tuples(st.floats(0, 85), st.floats(5, 60_000)), min_size=1, max_size=12).map(_walk)


@settings(max_examples=200, deadline=None)
@given(line=WALKS, share=st.floats(0, 1))
def test_a_position_on_the_line_is_found_again_to_a_metre(line: MeasuredLine, share: float) -> None:
    chainage = share * line.length_km
    chainage_km, off = line.project(line.at(chainage))
    assert off < 0.01
    assert chainage_km == pytest.approx(chainage, abs=0.001)


@settings(max_examples=100, deadline=None)
@given(line=WALKS, share=st.floats(0.001, 1))
def test_a_chainage_is_the_geodesic_way_from_the_start(line: MeasuredLine, share: float) -> None:
    chainage = share * line.length_km
    part = line.between(0, chainage)
    lon, lat = shapely.get_coordinates(part).T
    assert GEOD.line_length(lon, lat) / 1000 == pytest.approx(chainage, abs=0.001)


@settings(max_examples=60, deadline=None)
@given(line=WALKS, share=st.floats(0, 1), side=st.floats(0, 360), off=st.floats(0, 5_000))
def test_the_nearest_position_is_not_beaten_by_any_other(
    line: MeasuredLine, share: float, side: float, off: float
) -> None:
    lon, lat, _ = GEOD.fwd(*line.at(share * line.length_km), side, off)
    _, distance = line.project((lon, lat))
    tries = np.array([line.at(km) for km in np.linspace(0, line.length_km, 400)])
    others = GEOD.inv(np.full(len(tries), lon), np.full(len(tries), lat), tries[:, 0], tries[:, 1])[2]
    assert distance <= others.min() * 1.001 + 0.5


def test_the_real_border_gives_every_chainage_back_to_a_metre(border_line: MeasuredLine) -> None:
    tries = np.random.default_rng(7).uniform(0, border_line.length_km, 400)
    missed = [km for km in tries if abs(border_line.project(border_line.at(km))[0] - km) > 0.001]
    assert not missed


def test_the_ends_of_the_real_border_are_its_ends(border_line: MeasuredLine) -> None:
    assert border_line.project(border_line.at(0))[0] == 0
    assert border_line.project(border_line.at(border_line.length_km))[0] == pytest.approx(border_line.length_km)


def test_a_stretch_begins_and_ends_where_it_says(border_line: MeasuredLine) -> None:
    lon, lat = shapely.get_coordinates(border_line.between(123.4, 567.8)).T
    assert GEOD.line_length(lon, lat) / 1000 == pytest.approx(567.8 - 123.4, abs=0.001)
    assert (lon[0], lat[0]) == border_line.at(123.4)
    assert (lon[-1], lat[-1]) == border_line.at(567.8)


def test_consecutive_stretches_meet_in_one_position(border_line: MeasuredLine) -> None:
    first, second = border_line.between(100, 110), border_line.between(110, 120)
    assert tuple(first.coords[-1]) == tuple(second.coords[0])


@pytest.mark.parametrize("chainage", [-0.1, 10_000.0, float("nan")])
def test_a_chainage_off_the_line_is_refused(border_line: MeasuredLine, chainage: float) -> None:
    with pytest.raises(GeometryError, match=r"off the line, which runs from km 0 to km 1\d\d\d\."):
        border_line.at(chainage)


@pytest.mark.parametrize(("start", "end"), [(5.0, 5.0), (6.0, 5.0)])
def test_an_empty_or_reversed_stretch_is_refused(border_line: MeasuredLine, start: float, end: float) -> None:
    with pytest.raises(GeometryError, match="the second must be larger"):
        border_line.between(start, end)


def test_a_line_of_one_position_is_refused() -> None:
    with pytest.raises(GeometryError, match="two positions or more"):
        MeasuredLine.of(np.array([[-92.0, 15.0]]))


def test_a_repeated_position_is_refused_and_named() -> None:
    with pytest.raises(GeometryError, match=r"repeats the position \(.*-91\.0.*15\.0"):
        MeasuredLine.of(np.array([[-92.0, 15.0], [-91.0, 15.0], [-91.0, 15.0]]))
