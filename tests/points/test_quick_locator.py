"""The quick locator says of every point what the slow one says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.field.place import Placer
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.line_finder import LEFT, LineFinder
from atlas.geometry.locate import LineLocator
from atlas.points.places import BorderPlaces
from atlas.project import find_project

_STEP = st.tuples(st.floats(-0.4, 0.4), st.floats(-0.4, 0.4)).filter(lambda step: abs(step[0]) + abs(step[1]) > 1e-4)
LINES = st.lists(_STEP, min_size=1, max_size=700).map(
    lambda steps: MeasuredLine.of(np.cumsum([(-92.0, 15.0), *steps], axis=0))
)


@pytest.fixture(scope="module")
def placer(repo: Path) -> Placer:
    return Placer.of(find_project(repo))


@pytest.fixture(scope="module")
def places(repo: Path) -> BorderPlaces:
    return BorderPlaces.of(find_project(repo))


def _hard_points(placer: Placer, seed: int, count: int) -> np.ndarray:
    """On corners and edges, at ends, beside them by the last bit and by metres, far away, at poles and everywhere."""
    random = np.random.default_rng(seed)
    line = placer.locator.line.positions
    corners = line[random.integers(0, len(line), count)]
    share = random.uniform(0, 1, (count, 1))
    step = random.integers(0, len(line) - 1, count)
    edges = line[step] + (line[step + 1] - line[step]) * share
    import shapely

    outline = shapely.get_coordinates(np.array(placer.areas, dtype=object))
    pick = outline[random.integers(0, len(outline) - 1, count)]
    return np.vstack(
        [
            corners,
            np.nextafter(corners, 0),
            corners + random.normal(0, 1e-6, corners.shape),
            edges,
            edges + random.normal(0, 1e-3, edges.shape),
            edges + random.normal(0, 0.2, edges.shape),
            pick,
            (pick + outline[random.integers(0, len(outline) - 1, count)]) / 2,
            np.round(random.uniform((-93, 14), (-87, 19), (count, 2)), 2),
            random.uniform((-93, 14), (-87, 19), (count, 2)),
            random.uniform((-180, -90), (180, 90), (count, 2)),
            line[[0, -1]],
            line[[0, -1]] + 1e-9,
            [(0, 90), (0, -90), (180, 0), (-180, 0), (88, -16.5), (0, 0), (-92, 90), (180, -90)],
        ]
    )


@pytest.mark.slow
def test_every_column_is_that_of_the_slow_locator(placer: Placer, places: BorderPlaces) -> None:
    points = _hard_points(placer, 11, 900)
    slow = placer.places(points)
    quick = {name: column.to_pylist() for name, column in places.columns(points).items()}
    for name, held in (
        ("cvegeo", "municipality_cvegeo"),
        ("name", "municipality_name"),
        ("reach", "nearest_reach"),
        ("chainage_km", "chainage_km"),
        ("border_distance_m", "border_distance_m"),
    ):
        expected = [getattr(one, held) for one in slow]
        assert [
            (i, points[i].tolist(), a, b) for i, (a, b) in enumerate(zip(quick[name], expected, strict=True)) if a != b
        ] == []


@settings(max_examples=60, deadline=None)
@given(line=LINES, seed=st.integers(0, 1000))
@pytest.mark.parametrize("compiled", [True, False])
def test_any_line_gives_the_rounded_places_of_its_own_locator(*, compiled: bool, line: MeasuredLine, seed: int) -> None:
    pytest.importorskip("numba", reason="the extra scale is not installed") if compiled else None
    locator = LineLocator.of(line)
    low, high = line.positions.min(axis=0) - 1, line.positions.max(axis=0) + 1
    points = np.vstack([np.random.default_rng(seed).uniform(low, high, (40, 2)), line.positions[:20]])
    if not (np.abs(points) < (180, 80)).all():
        return
    slow, quick = locator.locate(points), LineFinder(locator, compiled=compiled).places(points, 10.0)
    assert quick.chainage_km.tolist() == [round(one, 3) for one in slow.chainage_km.tolist()]
    assert quick.distance_m.tolist() == [round(one, 1) for one in slow.distance_m.tolist()]


def test_a_position_that_is_none_has_no_place_and_keeps_its_row(places: BorderPlaces) -> None:
    nan, inf = float("nan"), float("inf")
    points = np.array([(nan, 15), (-92, nan), (inf, 15), (-92.1, 14.9), (-181, 15), (-92, 90.5), (-92, -inf)])
    columns = places.columns(points)
    assert [value is None for value in columns["chainage_km"].to_pylist()] == [True] * 3 + [False] + [True] * 3
    assert {len(column) for column in columns.values()} == {7}
    assert all(len(column) == 0 for column in places.columns(np.empty((0, 2))).values())


def test_the_side_is_that_of_the_country(places: BorderPlaces) -> None:
    towns = {
        (-92.26, 14.90): "MEX",  # Tapachula
        (-91.52, 14.83): "GTM",  # Quetzaltenango
        (-89.89, 16.93): "GTM",  # Flores
        (-88.77, 17.25): "BLZ",  # Belmopan
        (-88.55, 18.09): "BLZ",  # Orange Walk
        (-88.30, 18.50): "MEX",  # Chetumal
        (-90.14, 19.85): "MEX",  # inland of Campeche
    }
    assert places.columns(np.array(list(towns)))["side"].to_pylist() == list(towns.values())
    line = places.finder.locator.line.positions
    # on the line, and beyond both of its ends, there is no side
    assert places.columns(np.array([(-100.0, 10.0), (-85.0, 18.6)]))["side"].to_pylist() == [None, None]
    assert (places.finder.places(line[5:9], 10.0).sides == 0).all()


def test_at_a_sharp_corner_the_side_is_that_of_both_steps() -> None:
    line = MeasuredLine.of(np.array([(0.0, 0.0), (1.0, 0.0), (0.1, 0.1)]))
    finder = LineFinder(LineLocator.of(line))
    sides = finder.places(np.array([(1.1, 0.02), (1.05, -0.01), (0.9, 0.004)]), 10.0).sides
    assert sides.tolist() == [-LEFT, -LEFT, LEFT]
