"""`atlas edgematch`: neighbours from different sources meet on one line, and nothing else moves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry
from typer.testing import CliRunner

from atlas.check import check_files
from atlas.cli import app
from atlas.edgematch.command import EdgematchOptions, edgematch_files
from atlas.errors import InputError, UsageError

LON = np.round(np.linspace(-92, -91, 201), 7)
COAST = 15 + 0.0015 * np.sin(9 * LON)
# up to some 90 m off, crossing it about every 5 km
OTHER_DRAWING = COAST + 0.0008 * np.sin(70 * LON)
METRES = 110_650.0


def side(edge: np.ndarray, latitude: float, cuts: Sequence[float]) -> list[BaseGeometry]:
    """Units between a line and a latitude, cut at some longitudes, as one coverage."""
    corners = [(-91, latitude), (-92, latitude)]
    whole = shapely.Polygon([*zip(LON, np.round(edge, 7), strict=True), *corners])
    bounds = [-92, *cuts, -91]
    units = [shapely.intersection(whole, shapely.box(a, 10, b, 20)) for a, b in pairwise(bounds)]
    return list(shapely.transform(np.array(units, dtype=object), lambda xy: np.round(xy, 7)))


def layer(path: Path, units: Sequence[BaseGeometry], prefix: str) -> Path:
    features = [
        {
            "type": "Feature",
            "id": f"{prefix}-{n}",
            "properties": {"code": f"0{n}", "name": f"{prefix} {n}", "tags": [1, 2.5], "none": None},
            "geometry": json.loads(shapely.to_geojson(shapely.orient_polygons(unit))),
        }
        for n, unit in enumerate(units)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


NORTH = side(COAST, 16, (-91.75, -91.4))
SOUTH = side(OTHER_DRAWING, 14, (-91.62,))


@pytest.fixture
def pair(tmp_path: Path) -> list[Path]:
    return [layer(tmp_path / "north.geojson", NORTH, "N"), layer(tmp_path / "south.geojson", SOUTH, "S")]


def shapes_in(path: Path) -> np.ndarray:
    features = json.loads(path.read_text("utf-8"))["features"]
    return shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])


def met(folder: Path, *names: str) -> list[np.ndarray]:
    """The sides, after they were seen to be one coverage together."""
    sides = [shapes_in(folder / name) for name in names]
    together = np.concatenate(sides)
    assert shapely.coverage_is_valid(together)
    assert shapely.is_valid(together).all()
    return sides


@pytest.mark.slow
@pytest.mark.parametrize("leader", ["A", "B", "middle"])
def test_both_sides_are_one_coverage_and_cover_what_they_did(pair: list[Path], tmp_path: Path, leader: str) -> None:
    edgematch_files(pair, tmp_path / "met", EdgematchOptions(leader=leader))
    north, south = met(tmp_path / "met", "north.geojson", "south.geojson")
    whole = shapely.union_all(np.concatenate([north, south]))
    # no hole and no strip is left between them
    assert shapely.area(whole) == pytest.approx(2.0, abs=1e-9)
    assert [len(north), len(south)] == [3, 2]


@pytest.mark.parametrize(("leader", "kept"), [("A", COAST), ("B", OTHER_DRAWING)])
def test_the_leaders_edge_stays_and_is_the_line(
    pair: list[Path], tmp_path: Path, leader: str, kept: np.ndarray
) -> None:
    edgematch_files(pair, tmp_path / "met", EdgematchOptions(leader=leader))
    drawn = shapely.LineString(np.column_stack([LON, kept]))
    (line,) = shapes_in(tmp_path / "met" / "line.geojson")
    assert shapely.hausdorff_distance(line, drawn) * METRES < 0.05
    ledger = json.loads((tmp_path / "met" / "ledger.json").read_text("utf-8"))
    assert {entry["letter"]: entry["moved"] for entry in ledger["sides"]}[leader] == 0


@pytest.mark.slow
def test_in_the_middle_both_give_way_by_half(pair: list[Path], tmp_path: Path) -> None:
    edgematch_files(pair, tmp_path / "met", EdgematchOptions(leader="middle"))
    (line,) = shapes_in(tmp_path / "met" / "line.geojson")
    half = shapely.LineString(np.column_stack([LON, (COAST + OTHER_DRAWING) / 2]))
    apart = shapely.distance(shapely.points(shapely.get_coordinates(line)), half) * METRES
    # of 90 m between the two drawings
    assert np.quantile(apart, 0.95) < 12
    assert apart.max() < 25


def test_every_moved_position_is_in_the_ledger(pair: list[Path], tmp_path: Path) -> None:
    edgematch_files(pair, tmp_path / "met")
    ledger = json.loads((tmp_path / "met" / "ledger.json").read_text("utf-8"))
    south = next(entry for entry in ledger["sides"] if entry["letter"] == "B")
    rows = [row for unit in south["units"] for row in unit["positions_moved"]]
    line = shapely.LineString(np.column_stack([LON, COAST]))
    old = np.unique(np.vstack([shapely.get_coordinates(unit) for unit in SOUTH]), axis=0)
    new = shapely.get_coordinates(shapes_in(tmp_path / "met" / "south.geojson"))
    lost = {tuple(xy) for xy in old.tolist()} - {tuple(xy) for xy in new.tolist()}
    far = {xy for xy in lost if shapely.distance(shapely.Point(xy), line) * METRES > 0.1}
    assert far <= {(lon, lat) for lon, lat, _ in rows}
    assert south["moved"] == len(rows)
    assert south["most_m"] == pytest.approx(0.0008 * METRES, rel=0.05)


def test_attributes_codes_and_ids_are_untouched(pair: list[Path], tmp_path: Path) -> None:
    edgematch_files(pair, tmp_path / "met")
    for path in pair:
        before, after = (json.loads(one.read_text("utf-8"))["features"] for one in (path, tmp_path / "met" / path.name))
        assert [(f["id"], f["properties"]) for f in before] == [(f["id"], f["properties"]) for f in after]


def test_units_away_from_the_border_keep_every_position(tmp_path: Path) -> None:
    inland = [shapely.box(-92 + n / 4, 16, -91.75 + n / 4, 16.5) for n in range(4)]
    # the units beside them have these corners as well
    beside = [shapely.segmentize(unit, 0.05) for unit in NORTH]
    grid = shapely.transform(
        np.array([*beside, *(shapely.segmentize(box, 0.05) for box in inland)], dtype=object),
        lambda xy: np.round(xy, 7),
    )
    north = [unit for unit in grid if shapely.bounds(unit)[1] >= 16]
    paths = [layer(tmp_path / "a.geojson", north, "I"), layer(tmp_path / "b.geojson", SOUTH, "S")]
    with pytest.raises(InputError, match="do not come within 1000 m of each other"):
        edgematch_files(paths, tmp_path / "met")


def test_a_given_line_is_where_both_end(pair: list[Path], tmp_path: Path) -> None:
    treaty = COAST + 0.0004 * np.cos(50 * LON)
    line = shapely.LineString(np.column_stack([LON, np.round(treaty, 7)]))
    path = tmp_path / "treaty.geojson"
    path.write_text(shapely.to_geojson(line), "utf-8")
    edgematch_files(pair, tmp_path / "met", EdgematchOptions(line=path))
    met(tmp_path / "met", "north.geojson", "south.geojson")
    (made,) = shapes_in(tmp_path / "met" / "line.geojson")
    assert shapely.distance(shapely.points(shapely.get_coordinates(made)), line).max() * METRES < 0.05


def test_three_sides_meet_at_a_tripoint(tmp_path: Path) -> None:
    west = shapely.box(-92, 14, -91.5, 15)
    east = shapely.box(-91.499, 14, -91, 15.0005)
    paths = [
        layer(tmp_path / "north.geojson", side(COAST, 16, (-91.7,)), "N"),
        layer(tmp_path / "west.geojson", [west], "W"),
        layer(tmp_path / "east.geojson", [east], "E"),
    ]
    edgematch_files(paths, tmp_path / "met", EdgematchOptions(contested="A"))
    sides = met(tmp_path / "met", *(path.name for path in paths))
    whole = shapely.union_all(np.concatenate(sides))
    assert shapely.get_num_interior_rings(whole) == 0
    ledger = json.loads((tmp_path / "met" / "ledger.json").read_text("utf-8"))
    assert [pair["between"] for pair in ledger["pairs"]] == ["A and B", "A and C", "B and C"]


@pytest.mark.slow
def test_an_island_that_both_claim_is_asked_about_and_given(tmp_path: Path) -> None:
    island = shapely.box(-91.3, 15.01, -91.295, 15.013)
    hole = shapely.difference(np.array(side(COAST, 16, ()), dtype=object), shapely.box(-91.31, 15.005, -91.29, 15.02))
    paths = [
        layer(tmp_path / "north.geojson", [*hole, island], "N"),
        layer(tmp_path / "south.geojson", [*SOUTH, island], "S"),
    ]
    with pytest.raises(InputError, match=r"AB1: an island of \d+\.\d ha at -91\.29750") as caught:
        edgematch_files(paths, tmp_path / "met", EdgematchOptions(tolerance_m=300))
    assert "--give NAME=A" in str(caught.value)
    assert not (tmp_path / "met").exists()
    with pytest.raises(InputError, match="nothing would be left of 02 S 2"):
        edgematch_files(paths, tmp_path / "met", EdgematchOptions(tolerance_m=300, give={"AB1": "A"}))
    paths[1] = layer(tmp_path / "south.geojson", [shapely.multipolygons([SOUTH[0], island]), SOUTH[1]], "S")
    edgematch_files(paths, tmp_path / "met", EdgematchOptions(tolerance_m=300, give={"AB1": "A"}))
    north, south = met(tmp_path / "met", "north.geojson", "south.geojson")
    assert shapely.contains(shapely.union_all(north), shapely.Point(-91.2975, 15.0115))
    assert not shapely.intersects(shapely.union_all(south), shapely.Point(-91.2975, 15.0115))


def test_a_gap_wider_than_the_tolerance_stays(tmp_path: Path) -> None:
    lake = shapely.difference(np.array(SOUTH, dtype=object), shapely.box(-91.2, 14.9, -91.15, 15.1))
    paths = [layer(tmp_path / "north.geojson", NORTH, "N"), layer(tmp_path / "south.geojson", list(lake), "S")]
    edgematch_files(paths, tmp_path / "met")
    north, south = met(tmp_path / "met", "north.geojson", "south.geojson")
    assert not shapely.intersects(shapely.union_all(np.concatenate([north, south])), shapely.Point(-91.175, 14.95))


@pytest.mark.slow
def test_what_is_written_passes_check_and_is_the_same_each_time(pair: list[Path], tmp_path: Path) -> None:
    for name in ("one", "two"):
        edgematch_files(pair, tmp_path / name, EdgematchOptions(leader="middle"))
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
        if path.suffix == ".geojson":
            text, failed = check_files([path])
            assert not failed, text


def test_matching_what_meets_changes_nothing(pair: list[Path], tmp_path: Path) -> None:
    edgematch_files(pair, tmp_path / "one")
    again = [tmp_path / "one" / path.name for path in pair]
    edgematch_files(again, tmp_path / "two")
    assert all((tmp_path / "two" / path.name).read_bytes() == path.read_bytes() for path in again)


def test_a_corner_above_the_others_edge_claims_nothing_of_it(tmp_path: Path) -> None:
    west, east = shapely.box(-92, 15, -91.5, 16), shapely.box(-91.4998, 15.0002, -91, 16.0002)
    paths = [layer(tmp_path / "w.geojson", [west], "W"), layer(tmp_path / "e.geojson", [east], "E")]
    edgematch_files(paths, tmp_path / "met")
    _, new = met(tmp_path / "met", "w.geojson", "e.geojson")
    # the gap is 21 m wide; its corners are cut by about as much
    assert shapely.hausdorff_distance(new[0], east) * METRES < 40


def test_an_area_inside_the_other_side_is_asked_about_and_cut_out(tmp_path: Path) -> None:
    paths = [
        layer(tmp_path / "a.geojson", [shapely.box(-92, 15, -91.5, 15.5)], "A"),
        layer(tmp_path / "b.geojson", [shapely.box(-91.9, 15.1, -91.8, 15.2)], "B"),
    ]
    with pytest.raises(InputError, match="AB1: an area of"):
        edgematch_files(paths, tmp_path / "met")
    # to let B lead would not help: A was given what both claim
    with pytest.raises(InputError, match=r"nothing would be left of .*; let B have it by --contested B"):
        edgematch_files(paths, tmp_path / "met", EdgematchOptions(contested="A"))
    edgematch_files(paths, tmp_path / "met", EdgematchOptions(contested="B"))
    outer, _ = met(tmp_path / "met", "a.geojson", "b.geojson")
    assert shapely.get_num_interior_rings(outer[0]) == 1


def test_a_gap_that_stays_open_is_no_success(tmp_path: Path) -> None:
    west, east = shapely.box(-92, 15, -91.5, 16), shapely.box(-91.4998, 15, -91, 16)
    paths = [layer(tmp_path / "w.geojson", [west], "W"), layer(tmp_path / "e.geojson", [east], "E")]
    with pytest.raises(InputError, match=r"wider than 10 m.*give a wider --tolerance-m"):
        edgematch_files(paths, tmp_path / "met", EdgematchOptions(tolerance_m=10))


def test_what_moved_and_what_was_added_are_not_mixed_up(pair: list[Path], tmp_path: Path) -> None:
    done = edgematch_files(pair, tmp_path / "met")
    south = done.ledger["sides"][1]
    assert f"{south['moved']:,} positions moved and {south['added']:,} added in 2 of 2 units" in done.summary()


def test_a_side_that_is_no_coverage_is_sent_to_clean(pair: list[Path], tmp_path: Path) -> None:
    layer(pair[1], [SOUTH[0], shapely.transform(SOUTH[1], lambda xy: xy - np.array([0.001, 0]))], "S")
    with pytest.raises(InputError, match=r"does not match its neighbour's near .*atlas clean"):
        edgematch_files(pair, tmp_path / "met")


@pytest.mark.parametrize(
    ("options", "match"),
    [
        (EdgematchOptions(leader="C"), "--leader C: give one of A, B"),
        (EdgematchOptions(tolerance_m=0), "--tolerance-m 0 is no width"),
        (EdgematchOptions(give={"AB1": "Z"}), "AB1 Z: give one of"),
    ],
)
def test_options_that_mean_nothing_are_refused(
    pair: list[Path], tmp_path: Path, options: EdgematchOptions, match: str
) -> None:
    with pytest.raises(UsageError, match=match):
        edgematch_files(pair, tmp_path / "met", options)


def test_the_command_says_what_moved(pair: list[Path], tmp_path: Path) -> None:
    arguments: list[Any] = ["edgematch", *map(str, pair), "-o", str(tmp_path / "met"), "--leader", "B"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "A (north.geojson)" in result.output
    assert "positions moved" in result.output


def _lift(path: Path, height: float) -> Path:
    """The same file with heights: so many metres, and a tenth of a metre for each 0.01° of longitude east of -92°."""
    text = json.loads(path.read_text("utf-8"))
    for feature in text["features"]:
        rings = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [
            [[lon, lat, round(height + 10 * (lon + 92), 7)] for lon, lat in ring] for ring in rings
        ]
    path.write_text(json.dumps(text), "utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("leader", ["A", "B", "middle"])
def test_heights_of_units_that_move_are_kept(pair: list[Path], tmp_path: Path, leader: str) -> None:
    """A new position has the height of its place on the unit's own edge."""
    north, south = _lift(pair[0], 100.0), _lift(pair[1], 500.0)
    made = edgematch_files([north, south], tmp_path / "met", EdgematchOptions(leader=leader))
    assert [side["heights_lost"] for side in made.ledger["sides"]] == [0, 0]
    assert "lost the heights" not in made.summary()
    for name, height in (("north.geojson", 100.0), ("south.geojson", 500.0)):
        for unit in shapes_in(tmp_path / "met" / name):
            places = shapely.get_coordinates(unit, include_z=True)
            assert np.isfinite(places).all()
            # where an edge is steep, the nearest place on it is a little east or west
            assert np.abs(places[:, 2] - height - 10 * (places[:, 0] + 92)).max() < 0.01


def test_a_side_without_heights_gets_none_of_the_other_sides(pair: list[Path], tmp_path: Path) -> None:
    """Its outline may go along the other's, but its heights are nobody's."""
    edgematch_files([_lift(pair[0], 100.0), pair[1]], tmp_path / "met")
    assert not shapely.has_z(shapes_in(tmp_path / "met" / "south.geojson")).any()
    assert shapely.has_z(shapes_in(tmp_path / "met" / "north.geojson")).all()


def test_heights_that_only_some_positions_have_are_left_out_and_that_is_said(pair: list[Path], tmp_path: Path) -> None:
    north = _lift(pair[0], 100.0)
    text = json.loads(north.read_text("utf-8"))
    text["features"][0]["geometry"]["coordinates"][0][1].pop()
    north.write_text(json.dumps(text), "utf-8")
    made = edgematch_files([north, pair[1]], tmp_path / "met")
    assert [side["numbers_left_out"] for side in made.ledger["sides"]] == [1, 0]
    assert "note: 1 unit of A had heights in some positions only" in made.summary()


def _straight(longitudes: Sequence[float], sign: int, off: float, lean: float) -> list[BaseGeometry]:
    """Units along a slanting straight line, each with two corners on it."""
    units = []
    for west, east in pairwise(longitudes):
        edge = [(lon, 54.0556436 + 0.26919 * (lon - 2.3643249) + off) for lon in (west, east)]
        units.append(shapely.Polygon(np.round([*edge, *((lon + lean, lat + sign) for lon, lat in edge[::-1])], 7)))
    return units


@pytest.mark.parametrize("leader", ["A", "B", "middle"])
@pytest.mark.parametrize("off", [-0.0002393, 0.0002393])
def test_where_a_limit_meets_a_long_edge_both_sides_have_its_corner(leader: str, off: float, tmp_path: Path) -> None:
    north = _straight([2.3643249, 2.8976583, 3.4309916, 3.9643249], 1, 0, -0.1129012)
    south = _straight([2.3643249, 2.681258, 3.017433, 3.3206929, 3.6463087, 3.9643249], -1, off, -0.2834645)
    sides = [layer(tmp_path / "north.geojson", north, "N"), layer(tmp_path / "south.geojson", south, "S")]
    edgematch_files(sides, tmp_path / "met", EdgematchOptions(leader=leader))
    met = np.concatenate([shapes_in(tmp_path / "met" / side.name) for side in sides])
    assert not shapely.get_num_interior_rings(shapely.union_all(met)).any()
    line = shapes_in(tmp_path / "met" / "line.geojson")
    corners = {tuple(xy) for xy in shapely.get_coordinates(line).tolist()}
    for side in sides:
        units = shapes_in(tmp_path / "met" / side.name)
        assert corners <= {tuple(xy) for xy in shapely.get_coordinates(units).tolist()}
        assert shapely.is_valid(units).all()
