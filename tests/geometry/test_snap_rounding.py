"""Rounding keeps edges from crossing, and nothing moves farther than half the diagonal of a cell."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from atlas.geometry.snap_rounding import Grid, Rounding, meeting

HALF = np.hypot(0.5, 0.5)
GRID = Grid(0, np.ones(2))

# ends of borders between municipalities of Oaxaca and Tabasco, in millionths of a degree: narrower than a cell
TIPS = (
    ((-104.72, 159.38), (-0.7, 0.81), (-0.43, 0.4), (-0.71, 0.51), (-405.97, 163.06)),
    ((222.03, 429.67), (0.45, 0.51), (0.37, 0.35), (0.25, 0.52), (-67.62, 95.43)),
)


def _rounded(*areas: BaseGeometry) -> list[BaseGeometry]:
    """Areas on the grid by the steps of cleaning: tips first, then what crosses."""
    rounding, exact = Rounding(GRID), np.array(areas, dtype=object)
    rounding.keep_tips(exact)
    for _ in range(8):
        made = [rounding.area(area) for area in areas]
        if shapely.is_valid(made).all():
            break
        rounding.find_nodes(exact, meeting(one for one in made if not one.is_valid))
    return made


def _farthest(here: BaseGeometry, there: BaseGeometry) -> float:
    return float(shapely.distance(shapely.points(shapely.get_coordinates(here)), shapely.boundary(there)).max())


@pytest.mark.parametrize("tip", TIPS)
def test_a_tip_narrower_than_a_cell_stays_where_it_was(tip: tuple[tuple[float, float], ...]) -> None:
    inner = shapely.Polygon(tip)
    outer = shapely.difference(shapely.box(-900, -900, 900, 900), inner)
    assert not shapely.is_valid(shapely.Polygon(np.round(shapely.get_coordinates(inner))))
    made = _rounded(inner, outer)
    assert shapely.is_valid(made).all()
    assert shapely.coverage_is_valid(made)
    for before, after in zip((inner, outer), made, strict=True):
        assert max(_farthest(before, after), _farthest(after, before)) <= HALF


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 1_000_000))
def test_thin_areas_are_valid_and_near_to_where_they_were(seed: int) -> None:
    chance = np.random.default_rng(seed)
    across = np.arange(0, 30, 1.7)
    low = np.column_stack([across, chance.uniform(-0.6, 0.6, len(across))])
    high = low + np.column_stack([np.zeros(len(low)), chance.uniform(0.05, 1.5, len(low))])
    area = shapely.Polygon(np.vstack([[[-6.0, 12.0], [-6.0, -12.0]], low, high[::-1]]))
    (made,) = _rounded(area)
    assert shapely.is_valid(made)
    xy = shapely.get_coordinates(made)
    assert (xy == np.round(xy)).all()
    # tips may go, but nothing is where nothing was
    assert _farthest(made, area) <= 2 * HALF
