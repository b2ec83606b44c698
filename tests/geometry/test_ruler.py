from __future__ import annotations

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.errors import GeometryError
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.ruler import walk

GEOD = pyproj.Geod(ellps="GRS80")


@pytest.fixture(scope="module")
def guatemala(border_features: list[dict]) -> np.ndarray:
    """The line with Guatemala at full resolution, each position once."""
    parts = [f["geometry"]["coordinates"] for f in border_features if f["properties"]["neighbour"] == "GTM"]
    coordinates = [position for part in parts for position in part]
    return np.array([p for i, p in enumerate(coordinates) if i == 0 or p != coordinates[i - 1]])


def _zigzag(legs: list[tuple[float, float]]) -> np.ndarray:
    positions = [(-91.0, 16.0)]
    for azimuth, metres in legs:
        lon, lat, _ = GEOD.fwd(*positions[-1], azimuth, metres)
        positions.append((lon, lat))
    return np.array(positions)


LINES = st.lists(st.tuples(st.floats(0, 360), st.floats(50, 5_000)), min_size=1, max_size=25).map(_zigzag)


@settings(max_examples=150, deadline=None)
@given(line=LINES, ruler_m=st.floats(40, 8_000))
def test_every_step_is_one_ruler_long_and_no_step_is_missing(line: np.ndarray, ruler_m: float) -> None:
    done = walk(line, ruler_m=ruler_m)
    lon, lat = done.points.T
    lengths = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    assert lengths[:-1] == pytest.approx(np.full(done.steps, ruler_m), rel=2e-4)
    assert lengths[-1] == pytest.approx(done.rest_m, rel=2e-4, abs=0.2)
    assert done.rest_m < ruler_m + 0.05


@settings(max_examples=100, deadline=None)
@given(line=LINES, ruler_m=st.floats(40, 8_000))
def test_a_ruler_never_makes_a_line_longer(line: np.ndarray, ruler_m: float) -> None:
    assert walk(line, ruler_m=ruler_m).length_km <= GEOD.line_length(*line.T) / 1000 + 1e-5


def test_steps_end_where_the_line_first_leaves_the_circle() -> None:
    # out 1,200 m, back 900 m, out again: the way back is walked too
    done = walk(_zigzag([(90, 1_200), (270, 900), (90, 2_000)]), ruler_m=500)
    lon, lat = done.points.T
    east = GEOD.inv(np.full(len(lon), -91.0), np.full(len(lat), 16.0), lon, lat)[2]
    assert east == pytest.approx([0, 500, 1_000, 500, 1_000, 1_500, 2_000, 2_300], abs=1)
    assert done.length_km == pytest.approx(3.3, abs=0.001)


def test_a_short_ruler_finds_the_length_that_the_ellipsoid_gives(border_line: MeasuredLine) -> None:
    done = walk(border_line.positions, ruler_m=50)
    assert done.length_km == pytest.approx(border_line.length_km, rel=0.003)


def test_the_published_869_km_is_what_rulers_of_2600_to_3500_m_give(guatemala: np.ndarray) -> None:
    """540 miles: a ruler of 2.5 km, which an earlier note named, gives 13 km more."""
    assert walk(guatemala, ruler_m=2_500).length_km == pytest.approx(882, abs=1)
    rulers = np.arange(2_400, 3_700, 20.0)
    lengths = np.array([walk(guatemala, ruler_m=ruler).length_km for ruler in rulers])
    assert rulers[lengths <= 869][0] == pytest.approx(2_600, abs=20)
    assert rulers[lengths >= 869][-1] == pytest.approx(3_480, abs=20)


def test_the_longest_ruler_cuts_a_third_off(guatemala: np.ndarray) -> None:
    assert walk(guatemala, ruler_m=100_000).length_km == pytest.approx(694.8, abs=1)


def test_a_line_shorter_than_the_ruler_is_its_own_chord() -> None:
    line = _zigzag([(0, 300), (90, 400)])
    done = walk(line, ruler_m=1_000)
    assert (done.steps, len(done.points)) == (0, 2)
    assert done.length_km == pytest.approx(0.5, abs=0.001)


@pytest.mark.parametrize("ruler_m", [0, -5.0, float("nan"), float("inf")])
def test_a_ruler_without_length_is_refused(ruler_m: float) -> None:
    with pytest.raises(GeometryError, match="cannot be walked; give a length above 0"):
        walk(_zigzag([(0, 300)]), ruler_m=ruler_m)


def test_a_line_of_one_position_is_refused() -> None:
    with pytest.raises(GeometryError, match="two positions or more, got 1"):
        walk(np.array([[-92.0, 15.0]]), ruler_m=100)
