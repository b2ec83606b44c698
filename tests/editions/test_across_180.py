"""What lies on both sides of 180° of longitude is near each other, whatever its numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import Geod
from shapely.geometry import mapping

from atlas.editions.changes import Kind
from atlas.editions.command import diff_files

GEOD = Geod(ellps="GRS80")


def _written(path: Path, shape: Any) -> Path:
    feature = {"type": "Feature", "properties": {"name": "a"}, "geometry": mapping(shape)}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


PAIRS = {
    "a point": (shapely.Point(179.9999, 10), shapely.Point(-179.9999, 10)),
    "an area": (
        shapely.box(179, 10, 179.9999, 11),
        shapely.MultiPolygon([shapely.box(179, 10, 180, 11), shapely.box(-180, 10, -179.9999, 11)]),
    ),
    "an area that leaves one side": (
        shapely.box(179.5, 10, 180, 11),
        shapely.MultiPolygon([shapely.box(179.5002, 10, 180, 11), shapely.box(-180, 10, -179.9998, 11)]),
    ),
    "a line": (
        shapely.LineString([(179, 10), (179.9999, 10)]),
        shapely.MultiLineString([[(179, 10), (180, 10)], [(-180, 10), (-179.9999, 10)]]),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_move_across_180_is_as_long_as_it_is(tmp_path: Path, name: str) -> None:
    old, new = PAIRS[name]
    paths = [_written(tmp_path / f"{n}.geojson", shape) for n, shape in enumerate((old, new))]
    (change,) = diff_files(*paths, tmp_path / "diff").comparison.changes
    assert change.kinds == (Kind.MOVED,)
    assert change.displacement_m == pytest.approx(GEOD.inv(0, 10.5, 0.0002, 10.5)[2], rel=0.02)
    if change.share_of_old is not None and "area" in name:
        assert change.share_of_old > 0.99
    for value in json.loads((tmp_path / "diff" / "changes.geojson").read_bytes())["features"]:
        assert abs(shapely.get_coordinates(shapely.from_geojson(json.dumps(value["geometry"])))[:, 0]).max() <= 180
