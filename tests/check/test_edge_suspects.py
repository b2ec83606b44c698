"""Areas that GEOS finds fault with are always among those that it is asked about, and it is asked about few."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from atlas.check.coverage_rules import unmatched_edges
from atlas.check.edge_suspects import Widths, edge_suspects

Shapes = NDArray[np.object_]
CHECKED_DEG = 8e-6


def _by_geos(shapes: Shapes, width_deg: float) -> NDArray[np.int64]:
    return np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes, gap_width=width_deg)))


def _cells(chance: np.random.Generator) -> Shapes:
    """Areas that match, some of several parts, with edges that are straight or not."""
    places = shapely.multipoints(chance.random((int(chance.integers(4, 40)), 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(places, extend_to=shapely.box(0, 0, 1, 1)))
    cells = shapely.intersection(cells, shapely.buffer(shapely.Point(0.5, 0.5), 0.5))
    cells = shapely.segmentize(cells, chance.choice([0.01, 0.05, 9.0]))
    group = chance.integers(0, len(cells) // 2 + 1, len(cells))
    cells = np.array([shapely.union_all(cells[group == one]) for one in np.unique(group)], dtype=object)
    decimals = int(chance.integers(3, 9))
    return np.asarray(shapely.transform(cells, lambda xy: np.round(xy + 0.003 * np.sin(37 * xy[:, ::-1]), decimals)))


def _damaged(cells: Shapes, chance: np.random.Generator) -> Shapes:
    shapes = cells.tolist()
    for _ in range(int(chance.integers(0, 6))):
        at, size = int(chance.integers(len(shapes))), 10.0 ** -chance.uniform(2, 7)
        shape = shapes[at]
        middle = shapely.buffer(shape.representative_point(), size)
        ways = [
            lambda shape=shape, size=size: [shapely.buffer(shape, size, join_style="mitre")],
            lambda shape=shape, size=size: [shapely.buffer(shape, -size, join_style="mitre")],
            lambda shape=shape, size=size: [shapely.transform(shape, lambda xy: xy + size)],
            lambda shape=shape: [shapely.segmentize(shape, 0.07)],
            lambda shape=shape, size=size: [shapely.simplify(shape, size)],
            lambda shape=shape, middle=middle: [shape, middle],
            lambda shape=shape, middle=middle: [shapely.difference(shape, middle), middle],
            lambda shape=shape: [shape, shape],
            list,
        ]
        shapes[at : at + 1] = ways[int(chance.integers(len(ways)))]()
        if not shapes:
            return cells
    made = np.array(shapes, dtype=object)
    areal = np.isin(shapely.get_type_id(made), [3, 6]) & ~shapely.is_empty(made)
    return made[areal & shapely.is_valid(made)]


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 120, 40))
def test_whatever_geos_finds_is_among_the_suspects(start: int) -> None:
    """At check's width, at any other, and at two at once."""
    faulty = 0
    for seed in range(start, start + 40):
        chance = np.random.default_rng(seed)
        try:
            shapes = _damaged(_cells(chance), chance)
        except shapely.errors.GEOSException:
            continue
        if len(shapes) < 2:
            continue
        width = 10.0 ** -chance.uniform(1.5, 8)
        for one in (CHECKED_DEG, width):
            wrong = _by_geos(shapes, one)
            faulty += len(wrong)
            assert set(wrong) <= set(edge_suspects(shapes, Widths(one, one))), (seed, one)
        both = np.union1d(_by_geos(shapes, CHECKED_DEG), _by_geos(shapes, max(width, CHECKED_DEG)))
        assert set(both) <= set(edge_suspects(shapes, Widths(CHECKED_DEG, max(width, CHECKED_DEG)))), seed
        assert np.array_equal(np.flatnonzero(~shapely.is_empty(unmatched_edges(shapes, max(width, CHECKED_DEG)))), both)
    assert faulty > 100


def _box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(west, south, east, north)


@pytest.mark.parametrize(
    ("shapes", "suspects"),
    [
        ([_box(0, 0, 1, 1), _box(1, 0, 2, 1)], []),
        # a corner in common, and nothing else
        ([_box(0, 0, 1, 1), _box(1, 1, 2, 2)], []),
        # the one has no position where the other begins
        ([_box(0, 0, 1, 2), _box(1, 0, 2, 1)], [0, 1]),
        # one inside the other, far from all edges; the outer one has nothing wrong for GEOS
        ([_box(0, 0, 3, 3), _box(1, 1, 2, 2)], [1]),
        # the same twice
        ([_box(0, 0, 1, 1), _box(0, 0, 1, 1)], [0, 1]),
        # nearly side by side
        ([_box(0, 0, 1, 1), _box(1 + 5e-6, 0, 2, 1)], [0, 1]),
        ([_box(0, 0, 1, 1), _box(1 + 5e-5, 0, 2, 1)], []),
        # in a hole that it fills
        ([shapely.difference(_box(0, 0, 3, 3), _box(1, 1, 2, 2)), _box(1, 1, 2, 2)], []),
        # a position twice is no edge
        ([shapely.Polygon([(0, 0), (1, 0), (1, 0), (1, 1), (0, 1)]), _box(1, 0, 2, 1)], []),
        # from corner to corner through the other
        ([_box(0, 0, 2, 2), shapely.Polygon([(0, 0), (2, 2), (0, 2.5)])], [0, 1]),
    ],
)
def test_suspects_of_two_areas(shapes: list[shapely.Polygon], suspects: list[int]) -> None:
    """As GEOS judges them."""
    areas = np.array(shapes, dtype=object)
    assert edge_suspects(areas, Widths(CHECKED_DEG, CHECKED_DEG)).tolist() == suspects
    assert _by_geos(areas, CHECKED_DEG).tolist() == suspects


def test_few_areas_are_left_for_geos() -> None:
    """Coasts and junctions are no reason to ask."""
    chance = np.random.default_rng(3)
    places = shapely.multipoints(chance.random((400, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(places, extend_to=shapely.box(0, 0, 1, 1)))
    cells = shapely.transform(shapely.intersection(cells, shapely.box(0, 0, 1, 1)), lambda xy: np.round(xy, 6))
    cells[7] = shapely.segmentize(cells[7], 0.001)
    assert set(edge_suspects(cells, Widths(CHECKED_DEG, CHECKED_DEG))) >= set(_by_geos(cells, CHECKED_DEG))
    assert len(edge_suspects(cells, Widths(CHECKED_DEG, CHECKED_DEG))) < 20
