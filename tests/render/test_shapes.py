"""Simplified shapes stay together: shared edges, one border, nothing further off than promised."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from atlas.geometry.gridded_arcs import GriddedArcs, gridded_arcs
from atlas.geometry.units import METRES_PER_DEGREE_OF_LATITUDE
from atlas.render import packing
from atlas.render.build_context import BuildContext
from atlas.render.shapes import Packed

# 9 m of simplification and half the diagonal of a grid step of 2.2 m
MOST_OFF_M = 9 + 1.6


def _line(packed: Packed, runs: list[Any]) -> NDArray[np.float64]:
    refs = [ref for run in runs for ref in (range(run[0], run[1] + 1) if isinstance(run, list) else [run])]
    return GriddedArcs(packed.arcs, [refs]).coordinates(0)


def _area(packed: Packed, shape: list[Any]) -> shapely.MultiPolygon:
    parts = [[_line(packed, ring) for ring in part] for part in shape[1]]
    return shapely.MultiPolygon([shapely.Polygon(part[0], part[1:]) for part in parts])


@pytest.fixture(scope="module")
def municipalities(edition: BuildContext) -> list[shapely.MultiPolygon]:
    return [_area(edition.packed, shape) for shape in edition.packed.layers["municipalities"] if shape]


def test_municipalities_are_a_coverage_after_simplification(municipalities: list[shapely.MultiPolygon]) -> None:
    assert len(municipalities) == 23
    assert shapely.coverage_is_valid(municipalities)


def test_neighbours_share_their_arcs(edition: BuildContext) -> None:
    rings = [ring for shape in edition.packed.layers["municipalities"] if shape for part in shape[1] for ring in part]
    refs = [
        ref for ring in rings for run in ring for ref in (range(run[0], run[1] + 1) if isinstance(run, list) else [run])
    ]
    assert sum(1 for ref in set(refs) if ~ref in set(refs)) > 20


def test_border_is_the_edge_of_the_municipalities(
    edition: BuildContext, municipalities: list[shapely.MultiPolygon]
) -> None:
    edge = shapely.boundary(shapely.coverage_union_all(municipalities))
    border = shapely.MultiLineString(
        [_line(edition.packed, runs) for shape in edition.packed.layers["border"] if shape for runs in shape[1]],
    )
    assert shapely.difference(border, shapely.buffer(edge, 1e-7)).length == 0


def test_stretches_of_the_border_bring_no_coordinates_of_their_own(edition: BuildContext) -> None:
    lines = {name: edition.packed.layers[name] for name in ("border", "crossings_informal", "crossings_reported")}
    numbers = {
        name: {
            abs(ref) if ref >= 0 else ~ref
            for shape in shapes
            if shape and shape[0] == "l"
            for runs in shape[1]
            for run in runs
            for ref in (range(run[0], run[1] + 1) if isinstance(run, list) else [run])
        }
        for name, shapes in lines.items()
    }
    assert numbers["crossings_informal"] <= numbers["border"]
    assert numbers["crossings_reported"] <= numbers["border"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["border", "municipalities"])
def test_simplified_shapes_stay_within_half_a_pixel_of_zoom_13(edition: BuildContext, name: str) -> None:
    packed = edition.packed
    for shape, drawn in zip(edition.shapes[name], packed.layers[name], strict=True):
        rings = drawn[1] if drawn[0] == "l" else [ring for part in drawn[1] for ring in part]
        simple = shapely.MultiLineString([_line(packed, runs) for runs in rings])
        exact = shape if drawn[0] == "l" else shapely.boundary(shape)
        places = shapely.points(shapely.get_coordinates(exact))
        shapely.prepare(simple)
        assert shapely.distance(places, simple).max() * METRES_PER_DEGREE_OF_LATITUDE <= MOST_OFF_M


def test_packing_is_lossless() -> None:
    arcs = [np.array([[-4_600_000, 730_000], [-4_600_001, 730_045], [0, 0]]), np.array([[5, -5], [5, -5]])]
    steps, sizes = packing.pack(arcs)
    assert [arc.tolist() for arc in packing.unpack(steps, sizes)] == [arc.tolist() for arc in arcs]


def test_rings_that_would_vanish_keep_their_shape() -> None:
    speck = np.array([[0, 0], [0.00006, 0], [0.00006, 0.00006], [0, 0.00006], [0, 0]])
    shared = gridded_arcs([speck], [1000.0])
    assert shapely.Polygon(shared.coordinates(0)).area > 0


def test_a_line_that_folds_back_on_itself_survives() -> None:
    there_and_back = np.array([[0, 0], [1, 0], [1, 1], [1, 0], [0, 0.0]])
    shared = gridded_arcs([there_and_back], [1.0])
    assert shared.coordinates(0).tolist() == there_and_back.tolist()
