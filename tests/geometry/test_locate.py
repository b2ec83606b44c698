from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.errors import GeometryError
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.locate import LineLocator

_STEP = st.tuples(st.floats(-0.4, 0.4), st.floats(-0.4, 0.4)).filter(lambda step: abs(step[0]) + abs(step[1]) > 1e-4)
LINES = st.lists(_STEP, min_size=1, max_size=700).map(
    lambda steps: MeasuredLine.of(np.cumsum([(-92.0, 15.0), *steps], axis=0))
)


def _same(line: MeasuredLine, points: np.ndarray) -> None:
    located = LineLocator.of(line).locate(points)
    singly = np.array([line.project((float(lon), float(lat))) for lon, lat in points])
    np.testing.assert_allclose(located.distance_m, singly[:, 1], atol=1e-3)
    np.testing.assert_allclose(located.chainage_km, singly[:, 0], atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(line=LINES, seed=st.integers(0, 1000))
def test_many_positions_are_found_where_each_is_found_alone(line: MeasuredLine, seed: int) -> None:
    low, high = line.positions.min(axis=0) - 1, line.positions.max(axis=0) + 1
    points = np.random.default_rng(seed).uniform(low, high, (20, 2))
    if (np.abs(points) < (180, 80)).all():
        _same(line, points)


def test_positions_near_and_far_from_the_border_are_found_where_each_is_found_alone(border_line: MeasuredLine) -> None:
    random = np.random.default_rng(3)
    near = np.array([border_line.at(km) for km in random.uniform(0, border_line.length_km, 150)])
    beside = near + random.normal(0, 0.01, near.shape)
    far = random.uniform((-120, -5), (-60, 40), (150, 2))
    _same(border_line, np.vstack([border_line.positions[::37], near, beside, far]))


def test_the_order_and_the_company_of_positions_change_nothing(border_line: MeasuredLine) -> None:
    points = np.random.default_rng(4).uniform((-93, 14), (-88, 19), (5_000, 2))
    locator = LineLocator.of(border_line)
    whole, back = locator.locate(points), locator.locate(points[::-1])
    assert (whole.chainage_km == back.chainage_km[::-1]).all()
    assert (whole.distance_m[:7] == locator.locate(points[:7]).distance_m).all()


def test_no_positions_are_located_nowhere(border_line: MeasuredLine) -> None:
    located = LineLocator.of(border_line).locate(np.empty((0, 2)))
    assert located.chainage_km.shape == located.distance_m.shape == (0,)


@pytest.mark.parametrize("points", [[[-92.0, float("nan")]], [[-92.0, 15.0, 3.0]], [-92.0, 15.0]])
def test_positions_of_another_shape_or_without_numbers_are_refused(border_line: MeasuredLine, points: object) -> None:
    with pytest.raises(GeometryError, match=r"finite longitudes and latitudes of shape \(n, 2\)"):
        LineLocator.of(border_line).locate(np.array(points))
