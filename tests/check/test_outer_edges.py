"""Edges that stand once among areas that match are those of their union, and tell whether it has holes."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from atlas.check import check_file
from atlas.check.open_gaps import has_gaps, open_gaps
from atlas.check.outer_edges import edges_around, has_holes, single_edges
from atlas.check.strips import WIDEST_M

_SIDE = 0.01
_MOST_S = 20.0


def _grid(width: int, height: int, *, without: tuple[int, ...] = (), turned: bool = False) -> NDArray[np.object_]:
    """Squares beside each other, but for some, by their number."""
    boxes = [
        shapely.box(x * _SIDE, y * _SIDE, (x + 1) * _SIDE, (y + 1) * _SIDE, ccw=not turned)
        for y in range(height)
        for x in range(width)
        if y * width + x not in without
    ]
    return np.array(boxes, dtype=object)


_LAKE = shapely.Polygon(shapely.box(0, 0, 1, 1).exterior, [shapely.box(0.4, 0.4, 0.5, 0.5).exterior.coords])


@pytest.mark.parametrize(
    ("areas", "holes"),
    [
        (_grid(5, 4), False),
        (_grid(5, 4, turned=True), False),
        (_grid(5, 4, without=(7,)), True),
        (_grid(5, 4, without=(7,), turned=True), True),
        # open at the edge of all
        (_grid(5, 4, without=(2,)), False),
        (np.array([_LAKE]), True),
        (np.array([_LAKE, shapely.box(0.4, 0.4, 0.5, 0.5)]), False),
        (np.array([_LAKE, shapely.box(2, 2, 3, 3)]), True),
        (np.array([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]), False),
    ],
)
def test_edges_that_stand_once_are_those_of_the_union(areas: NDArray[np.object_], holes: bool) -> None:  # noqa: FBT001 - a parameter
    union = shapely.coverage_union_all(areas)
    around, single = edges_around(areas, union, 10_000), single_edges(areas)
    assert around is not None
    for one in (around, single):
        assert has_holes(one) is holes
    pairs = [sorted(map(str, zip(one.ends.tolist(), one.owners.tolist(), strict=True))) for one in (around, single)]
    assert pairs[0] == pairs[1]


def test_areas_that_touch_at_a_corner_leave_it_to_the_union() -> None:
    # two holes that share a corner, and a hole that touches the outside
    for without in ((6, 12), (7, 1)):
        areas = _grid(5, 4, without=without)
        assert has_holes(single_edges(areas)) is None
        holes = shapely.get_num_interior_rings(shapely.get_parts(shapely.coverage_union_all(areas)))
        assert has_gaps(areas, WIDEST_M) is bool(holes.any())


@pytest.mark.slow
def test_many_squares_apart_take_time_in_proportion() -> None:
    """Each lies 50 m from its neighbours: no gap, and hundreds of edges around each edge."""
    x, y = np.meshgrid(np.arange(100) * 0.0015, np.arange(100) * 0.0015)
    areas = shapely.box(x.ravel(), y.ravel(), x.ravel() + 0.001, y.ravel() + 0.001)
    started = process_time()
    assert open_gaps(areas, shapely.union_all(areas), WIDEST_M) == []
    assert process_time() - started < _MOST_S


def test_an_edge_that_begins_where_a_neighbours_hole_touches_its_outer_ring_is_no_fault(tmp_path: Path) -> None:
    """GEOS alone takes it for one that goes through the neighbour."""
    ring = [(-92, 15), (-91, 15), (-91, 16), (-92, 16)]
    hole = [(-91, 16), (-91.2, 15.7), (-91.3, 15.8)]
    beyond = [(-91, 16), (-90.8, 16.2), (-90.6, 15.5), (-91, 15)]
    areas = [shapely.Polygon(ring, [hole]), shapely.Polygon(hole), shapely.Polygon(beyond)]
    assert not shapely.coverage_is_valid(areas)
    path = tmp_path / "a.geojson"
    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shapely.orient_polygons(one)))}
        for one in areas
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    assert not check_file(path).counts
