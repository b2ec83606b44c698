"""Borders that two sources drew at random: after matching there is no gap, no spike, and the ledger has it all."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from atlas.check.map_files import check_path
from atlas.edgematch.command import EdgematchOptions, edgematch_files
from atlas.edgematch.division import halves
from atlas.edgematch.new_spikes import without_new_spikes
from atlas.edgematch.plane import Plane
from atlas.errors import InputError
from atlas.geometry.geodesy import scale_m
from tests.edgematch.generated import borders, line_between, tripoint
from tests.edgematch.test_edgematch import layer, shapes_in
from tests.rounds import first

LEADERS = ("A", "B", "middle")


def holes_in(shapes: np.ndarray) -> int:
    return int(sum(len(part.interiors) for part in shapely.get_parts(shapely.union_all(shapes)).tolist()))


def findings(path: Path) -> dict[str, int]:
    counts = {rule: count for report in check_path(path) for rule, count in report.counts.items()}
    return {rule: count for rule, count in counts.items() if not rule.startswith("precision")}


def ledger_lacks(before: np.ndarray, after: np.ndarray, units: list[dict[str, Any]]) -> list[list[float]]:
    """Positions that are off the new edge by more than the grid, and not in the ledger with their metres."""
    lat = shapely.get_coordinates(before)[:, 1].mean()
    scale = scale_m(np.array([lat]))[0]
    lacking = []
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        rows = [row for unit in units if unit["unit"].endswith(f" {number}") for row in unit["positions_moved"]]
        written = {(lon, lat): metres for lon, lat, metres in rows}
        kept = {*map(tuple, shapely.get_coordinates(new).tolist())}
        edge = shapely.transform(shapely.boundary(new), lambda xy: xy * scale)
        for xy in {*map(tuple, shapely.get_coordinates(old).tolist())} - kept:
            metres = shapely.distance(shapely.Point(np.array(xy) * scale), edge)
            # the scale of another latitude differs by some percent
            if metres > 0.1 and abs(written.get(xy, -1.0) - metres) > 0.05 + 0.03 * metres:
                lacking.append([*xy, metres])
    return lacking


@pytest.mark.parametrize(
    ("seed", "leader"),
    first([*((seed, LEADERS[seed % 3]) for seed in range(8)), (18, "A")], product(range(24), LEADERS)),
)
def test_random_borders_meet_without_a_gap_or_a_spike(tmp_path: Path, seed: int, leader: str) -> None:
    north, south = borders(seed, apart_m=(60, 150)[seed % 2])
    paths = [layer(tmp_path / "n.geojson", north, "N"), layer(tmp_path / "s.geojson", south, "S")]
    lakes = holes_in(np.array(north)) + holes_in(np.array(south))
    edgematch_files(paths, tmp_path / "met", EdgematchOptions(leader=leader, contested=leader))
    met = [tmp_path / "met" / path.name for path in paths]
    sides = [shapes_in(path) for path in met]
    together = np.concatenate(sides)
    assert shapely.is_valid(together).all()
    assert shapely.coverage_is_valid(together)
    assert holes_in(together) == lakes
    both = layer(tmp_path / "both.geojson", list(together), "B")
    assert [findings(path) for path in (both, *met)] == [{}, {}, {}]
    ledger = json.loads((tmp_path / "met" / "ledger.json").read_bytes())
    for path, after, entry in zip(paths, sides, ledger["sides"], strict=True):
        assert ledger_lacks(shapes_in(path), after, entry["units"]) == []


# 5 and 12 are lines that turn sharply at an end, 24 and 28 cross an edge at a small angle
@pytest.mark.parametrize("seed", first([1, 5, 12, 24, 28], range(30)))
def test_random_borders_meet_on_a_line_that_is_given(tmp_path: Path, seed: int) -> None:
    apart_m = (60, 150, 400)[seed % 3]
    drawn = borders(seed, apart_m=apart_m)
    paths = [layer(tmp_path / f"{name}.geojson", units, name) for name, units in zip("ns", drawn, strict=True)]
    line = line_between(drawn[0], seed, noise_m=apart_m / 4)
    (tmp_path / "line.geojson").write_text(shapely.to_geojson(line), "utf-8")
    edgematch_files(paths, tmp_path / "met", EdgematchOptions(line=tmp_path / "line.geojson"))
    sides = [shapes_in(tmp_path / "met" / path.name) for path in paths]
    together = np.concatenate(sides)
    assert shapely.is_valid(together).all()
    assert shapely.coverage_is_valid(together)
    assert holes_in(together) == sum(holes_in(np.array(units)) for units in drawn)
    assert [shapely.get_num_geometries(side).sum() for side in sides] == [
        shapely.get_num_geometries(units).sum() for units in drawn
    ]
    (made,) = shapes_in(tmp_path / "met" / "line.geojson")
    assert made.geom_type == "LineString"
    assert shapely.distance(shapely.points(shapely.get_coordinates(made)), line).max() * 111_000 < 0.1
    ledger = json.loads((tmp_path / "met" / "ledger.json").read_bytes())
    for path, after, entry in zip(paths, sides, ledger["sides"], strict=True):
        assert entry["most_m"] <= 1_000
        assert ledger_lacks(shapes_in(path), after, entry["units"]) == []


@pytest.mark.parametrize(
    ("seed", "leader"),
    first([(0, "C"), (2, "middle"), (4, "A"), (0, "line")], product([0, 2, 4, 6], ["A", "B", "C", "middle"])),
)
def test_three_random_sides_are_one_coverage_at_their_tripoint(tmp_path: Path, seed: int, leader: str) -> None:
    drawn = tripoint(seed, apart_m=100)
    paths = [layer(tmp_path / f"{name}.geojson", units, name) for name, units in zip("abc", drawn, strict=True)]
    line = tmp_path / "line.geojson"
    line.write_text(shapely.to_geojson(line_between(drawn[0], seed, noise_m=25)), "utf-8")
    given = {"line": line} if leader == "line" else {"leader": leader}
    made = edgematch_files(paths, tmp_path / "met", EdgematchOptions(**given, contested="A"))
    # where the line is not between two of them, these meet by the leader
    assert [pair["between"] for pair in made.ledger["pairs"]] == ["A and B", "A and C", "B and C"]
    together = np.concatenate([shapes_in(tmp_path / "met" / path.name) for path in paths])
    assert shapely.is_valid(together).all()
    assert shapely.coverage_is_valid(together)
    assert holes_in(together) == sum(holes_in(np.array(units)) for units in drawn)
    assert "spike" not in findings(layer(tmp_path / "all.geojson", list(together), "X"))
    # past the tripoint a gap is the third side's
    assert max(side["most_m"] for side in made.ledger["sides"]) <= 1_000


def test_an_island_beyond_a_line_that_is_given_stays_and_a_side_that_goes_on_beyond_it_is_named(tmp_path: Path) -> None:
    def given(latitude: float, *units: shapely.Polygon) -> np.ndarray:
        north = layer(tmp_path / "n.geojson", [shapely.box(-92, 15, -91, 16), *units], "N")
        south = layer(tmp_path / "s.geojson", [shapely.box(-92, 14, -91, 14.9995)], "S")
        line = shapely.LineString([(-92, 14.9998), (-91.5, latitude), (-91, 14.9998)])
        (tmp_path / "line.geojson").write_text(shapely.to_geojson(line), "utf-8")
        edgematch_files([north, south], tmp_path / "met", EdgematchOptions(line=tmp_path / "line.geojson"))
        return shapes_in(tmp_path / "met" / "n.geojson")

    island = shapely.box(-91.6, 14.993, -91.598, 14.994)
    assert given(14.9998, island)[1].equals(island)
    with pytest.raises(
        InputError, match=r"goes on for more than 1000 m beyond the line near -91.\d+, 15.\d+ .*wider --tol"
    ):
        given(15.02)


@pytest.mark.parametrize("seed", range(10))
def test_halves_are_the_piece_and_have_no_new_tip(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.linspace(0, 20_000, 150)
    upper, lower = (np.cumsum(rng.normal(0, 20, len(x))) for _ in range(2))
    one, other = (shapely.LineString(np.column_stack([x, y])) for y in (upper + 40, lower))
    pieces = shapely.get_parts(shapely.polygonize([shapely.union_all([one, other])]))
    for piece in pieces[shapely.area(pieces) > 100].tolist():
        first, second = halves(piece, one, other, overlap=False)
        both = shapely.union_all([*first, *second])
        assert shapely.area(shapely.symmetric_difference(both, piece)) < 0.01 * shapely.length(piece)
        assert sum(part.area for part in (*first, *second)) == pytest.approx(piece.area, rel=1e-6)
        # half of it each, roughly, and each beside its own side
        assert 0.25 < sum(part.area for part in first) / piece.area < 0.75
        assert all(shapely.dwithin(part, one, 0.01) for part in first)
        assert all(shapely.dwithin(part, other, 0.01) for part in second)


def test_a_strip_in_which_no_line_has_room_is_not_divided() -> None:
    piece = shapely.Polygon([(0, 0), (2_000, 0), (2_000, 0.003), (0, 0.003)])
    one, other = shapely.LineString([(0, 0.003), (2_000, 0.003)]), shapely.LineString([(0, 0), (2_000, 0)])
    assert [len(half) for half in halves(piece, one, other, overlap=False)] == [1, 0]
    assert [len(half) for half in halves(piece, one, other, overlap=True)] == [0, 1]


ZIGZAG = [(0.0, 0.0), (0.006, 0.00001), (0.004, 0.00002), (0.01, 0.0)]


def zigzag(*, fixed: bool = False) -> tuple[np.ndarray, np.ndarray, Plane]:
    """Two units on both sides of a line that goes back and forth, and the same before with a straight one."""
    made, before = (
        np.array(
            [shapely.Polygon([*line, (0.01, y), (0, y)]) for y in (0.01, -0.01)],
            dtype=object,
        )
        for line in (ZIGZAG, ZIGZAG if fixed else [ZIGZAG[0], ZIGZAG[-1]])
    )
    return made, before, Plane.around(made)


def test_a_tip_that_matching_made_is_taken_from_both_sides() -> None:
    made, before, plane = zigzag()
    assert shapely.coverage_is_valid(made)
    one, other = without_new_spikes(made, before, plane)
    assert shapely.coverage_is_valid(np.array([one, other]))
    assert (len(one.exterior.coords), len(other.exterior.coords)) == (6, 6)


def test_a_tip_that_stood_in_a_file_before_or_is_the_leaders_stays() -> None:
    made, before, plane = zigzag(fixed=True)
    assert without_new_spikes(made, before, plane) is made
    made, before, plane = zigzag()
    assert without_new_spikes(made, before, plane, made[:1]) is made
