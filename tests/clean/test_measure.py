"""Areas and distances of the ledger are those on the ellipsoid, however large a shape is and wherever it lies."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from atlas.clean import clean_files, options
from atlas.clean.measure import apart_m, area_m2, is_narrow
from atlas.clean.model import Coordinates

GEOD = Geod(ellps="GRS80")


@pytest.mark.parametrize(
    "ring",
    [
        [[-100, -10], [100, -10], [100, 10], [-100, 10], [-100, -10]],
        [[0, 0], [60, 70], [-40, 80], [0, 0]],
        [[20, -30], [21, -30], [20.5, 60], [20, -30]],
    ],
    ids=["200 degrees wide", "slanting to the north", "thin and tall"],
)
def test_the_area_is_that_of_edges_straight_in_degrees(ring: list[list[float]]) -> None:
    # edges divided so finely that a geodesic between two positions is a straight line in degrees
    fine = shapely.segmentize(shapely.Polygon(ring), 0.01)
    exact = abs(GEOD.geometry_area_perimeter(fine)[0])
    assert area_m2(Coordinates([[np.array(ring, dtype=np.float64)]])) == pytest.approx(exact, rel=2e-5)


@pytest.mark.parametrize("lat", [0.0, 45.0, 70.0])
def test_how_far_an_outline_moved_is_measured_where_it_moved(lat: float) -> None:
    before = shapely.Polygon([[10, -60], [11, -60], [11, lat - 1], [11, lat], [11, lat + 1], [11, 80], [10, 80]])
    moved = shapely.Polygon([[10, -60], [11, -60], [11, lat - 1], [11.01, lat], [11, lat + 1], [11, 80], [10, 80]])
    assert apart_m(before, moved) == pytest.approx(GEOD.inv(11, lat, 11.01, lat)[2], rel=1e-3)


def test_a_width_is_never_taken_for_less_than_it_is() -> None:
    # of a shape that begins far north and is wide at the equator
    wedge = shapely.Polygon([[0, 80], [0.00002, 0], [-0.00002, 0], [0, 80]])
    assert not is_narrow(wedge, 3)
    assert is_narrow(wedge, 6)


def test_rounding_is_measured_with_degrees_as_long_as_they_are(tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [20.1234564999, 80.0]}}
    path = tmp_path / "in.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    clean_files([path], tmp_path / "out.geojson", options(precision=2))
    (change,) = json.loads((tmp_path / "out.ledger.json").read_bytes())["changes"]
    assert change["greatest_displacement_m"] == pytest.approx(GEOD.inv(20.1234564999, 80, 20.12, 80)[2], abs=1e-3)
