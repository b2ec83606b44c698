from __future__ import annotations

import numpy as np
import pytest
import shapely

from atlas.errors import GeometryError
from atlas.geometry import coverage


def _grid() -> list[shapely.Polygon]:
    """Four squares that share their edges, the middle at (1, 1)."""
    return [shapely.box(x, y, x + 1, y + 1) for x in (0, 1) for y in (0, 1)]


def test_neighbours_share_an_edge_and_not_only_a_corner() -> None:
    assert coverage.neighbours_of(_grid()) == [[1, 2], [0, 3], [0, 3], [1, 2]]


def test_the_outer_ring_runs_anticlockwise_around_all() -> None:
    ring = coverage.outer_ring(_grid())
    closed = shapely.polygons(ring)
    assert shapely.is_ccw(shapely.get_exterior_ring(closed))
    assert shapely.area(closed) == 4
    assert not np.array_equal(ring[0], ring[-1])


def test_no_areas_have_no_outer_ring() -> None:
    with pytest.raises(GeometryError, match="no outer ring"):
        coverage.outer_ring([])


def test_a_mismatched_edge_is_named_with_its_place() -> None:
    areas = [shapely.box(0, 0, 1, 1), shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (0.9, 0.5)])]
    faults = coverage.coverage_faults(["07001 A", "07002 B"], areas)
    assert any("07002 B: its edge does not match its neighbour's near" in fault for fault in faults)
    assert coverage.coverage_faults(["a", "b", "c", "d"], _grid()) == []


def test_a_bow_tie_is_named_with_its_place() -> None:
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    (fault,) = coverage.invalid_areas(["07001 A", "07002 B"], [bow, shapely.box(2, 2, 3, 3)])
    assert fault.startswith("07001 A: Self-intersection")
    assert "0.5 0.5" in fault


def test_each_step_finds_its_owner_whichever_way_it_is_walked() -> None:
    line = np.array([[0, 0], [1, 0], [2, 0], [2, 1]], dtype=float)
    assert coverage.edge_owners(line, _grid()).tolist() == [0, 2, 2]
    assert coverage.edge_owners(line[::-1], _grid()).tolist() == [2, 2, 0]


def test_a_step_that_no_area_has_is_said_to_have_none() -> None:
    assert coverage.edge_owners(np.array([[0.0, 0.0], [0.5, 0.5]]), _grid()).tolist() == [-1]


def test_holes_are_rings_too() -> None:
    holed = shapely.difference(shapely.box(0, 0, 4, 4), shapely.box(1, 1, 2, 2))
    assert len(coverage.rings_of(holed)) == 2
    island = shapely.box(1, 1, 2, 2)
    assert coverage.neighbours_of([holed, island]) == [[1], [0]]
