"""Outlines on both sides of 180° of longitude are neighbours as any others, and what is written is cut there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from atlas.check import check_file
from atlas.edgematch.command import EdgematchOptions, edgematch_files
from atlas.errors import InputError


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


# the boxes of each unit, of A and of B
CASES = {
    "a border along 180": ([[box(178, -18, 180, -16)]], [[box(-180, -18, -178, -16)]]),
    "a gap around 180": ([[box(178, -18, 179.998, -16)]], [[box(-179.999, -18, -178, -16)]]),
    "a gap beside 180": (
        [[box(178, -18, 180, -16), box(-180, -18, -179.5, -16)]],
        [[box(-179.497, -18, -178, -16)]],
    ),
    "an overlap at 180": (
        [[box(178, -18, 180, -16), box(-180, -18, -179.998, -16)]],
        [[box(-180, -18, -178, -16)]],
    ),
    "a border that goes across": (
        [[box(178, -18, 180, -16), box(-180, -18, -178, -16)]],
        [[box(178, -15.997, 180, -14), box(-180, -15.997, -178, -14)]],
    ),
    "two units a side": (
        [[box(178, -18, 180, -17), box(-180, -18, -178, -17)], [box(178, -17, 180, -16), box(-180, -17, -178, -16)]],
        [[box(178, -15.997, 179, -14)], [box(179, -15.997, 180, -14), box(-180, -15.997, -178, -14)]],
    ),
}


def _written(path: Path, units: list[list[list[list[float]]]]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"{path.stem}{n}"},
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]},
        }
        for n, rings in enumerate(units)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def _units(path: Path) -> list[Any]:
    return [shape(one["geometry"]) for one in json.loads(path.read_bytes())["features"]]


@pytest.mark.parametrize("name", CASES)
def test_neighbours_meet_across_180(tmp_path: Path, name: str) -> None:
    paths = [_written(tmp_path / f"{letter}.geojson", units) for letter, units in zip("ab", CASES[name], strict=True)]
    done = edgematch_files(paths, tmp_path / "met", EdgematchOptions(leader="A"))
    (pair,) = done.ledger["pairs"]
    assert pair["contested"] == []
    met = [_units(tmp_path / "met" / path.name) for path in paths]
    for path in paths:
        assert not set(check_file(tmp_path / "met" / path.name).counts) - {"geometry-mixed", "precision-mixed"}
    both = np.array([unit for units in met for unit in units], dtype=object)
    assert shapely.coverage_is_valid(both)
    assert shapely.total_bounds(both).tolist() == [-180, -18, 180, shapely.total_bounds(met[1])[3]]
    # nothing but the ends of an open gap stays open: less than 3 m at its mouths
    assert shapely.union_all(both).area == pytest.approx(
        shapely.box(178, -18, 182, shapely.total_bounds(both)[3]).area, abs=1e-6
    )
    places = [place for side in done.ledger["sides"] for unit in side["units"] for place in unit["positions_moved"]]
    assert all(-180 <= place[0] <= 180 for place in places)
    line = json.loads((tmp_path / "met" / "line.geojson").read_bytes())["features"][0]
    assert abs(np.array(shapely.total_bounds(shape(line["geometry"])))[[0, 2]]).max() <= 180


def test_of_a_unit_that_did_not_move_every_position_stays(tmp_path: Path) -> None:
    a, b = CASES["an overlap at 180"]
    paths = [_written(tmp_path / "a.geojson", a), _written(tmp_path / "b.geojson", b)]
    edgematch_files(paths, tmp_path / "met")
    assert _units(tmp_path / "met" / "a.geojson") == _units(paths[0])


def test_a_given_line_may_cross_180(tmp_path: Path) -> None:
    a, b = CASES["a border that goes across"]
    paths = [_written(tmp_path / "a.geojson", a), _written(tmp_path / "b.geojson", b)]
    line = tmp_path / "line.geojson"
    parts = [[[177.5, -15.9985], [180, -15.9985]], [[-180, -15.9985], [-177.5, -15.9985]]]
    geometry = {"type": "MultiLineString", "coordinates": parts}
    line.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": geometry}), encoding="utf-8")
    edgematch_files(paths, tmp_path / "met", EdgematchOptions(line=line))
    for path in paths:
        (unit,) = _units(tmp_path / "met" / path.name)
        lat = shapely.get_coordinates(unit)[:, 1]
        assert (lat == -15.9985).sum() >= 4


@pytest.mark.parametrize("leader", ["A", "middle", "line"])
def test_three_sides_meet_at_a_tripoint_beside_180(tmp_path: Path, leader: str) -> None:
    units = (
        [[box(178, -16, 180, -14), box(-180, -16, -178, -14)]],
        [[box(178, -18, 180, -16.001), box(-180, -18, -179.99, -16.001)]],
        [[box(-179.989, -18, -178, -16.0015)]],
    )
    paths = [_written(tmp_path / f"{letter}.geojson", side) for letter, side in zip("abc", units, strict=True)]
    parts = [[[177.9, -16.0005], [180, -16.0005]], [[-180, -16.0005], [-177.9, -16.0005]]]
    line = tmp_path / "line.geojson"
    geometry = {"type": "MultiLineString", "coordinates": parts}
    line.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": geometry}), encoding="utf-8")
    options = EdgematchOptions(line=line) if leader == "line" else EdgematchOptions(leader=leader)
    done = edgematch_files(paths, tmp_path / "met", options)
    assert [pair["between"] for pair in done.ledger["pairs"]] == ["A and B", "A and C", "B and C"]
    met = np.array([unit for path in paths for unit in _units(tmp_path / "met" / path.name)], dtype=object)
    assert shapely.coverage_is_valid(met)
    assert shapely.total_bounds(met).tolist() == [-180, -18, 180, -14]
    # but for the mouths of the open gaps
    assert shapely.union_all(met).area == pytest.approx(16, abs=1e-6)
    assert max(side["most_m"] for side in done.ledger["sides"]) <= 1_000


def test_what_crosses_180_uncut_is_refused_with_the_remedy(tmp_path: Path) -> None:
    a = _written(tmp_path / "a.geojson", [[box(178, -18, -179.5, -16)]])
    b = _written(tmp_path / "b.geojson", [[box(-179.497, -18, -178, -16)]])
    with pytest.raises(InputError, match="across 180° uncut; repair it with `atlas clean"):
        edgematch_files([a, b], tmp_path / "met")
