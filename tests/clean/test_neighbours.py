"""Gaps and overlaps between neighbours are closed up to a width, and what lies on their edges stays on them."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from atlas.check import check_file
from atlas.clean import clean_files, options
from atlas.errors import InputError

# degrees of latitude; one of longitude is shorter here
METRE = 1 / 110_660
METRE_EAST = METRE / math.cos(math.radians(16.5))
Ring = list[list[float]]


def _feature(feature_id: str, geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": feature_id, "geometry": geometry, "properties": {}}


def _polygon(feature_id: str, ring: Ring) -> dict[str, Any]:
    return _feature(feature_id, {"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


def _line(feature_id: str, line: Ring) -> dict[str, Any]:
    return _feature(feature_id, {"type": "LineString", "coordinates": line})


def _write(path: Path, *features: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def _shapes(path: Path) -> dict[str, Any]:
    return {one["id"]: shape(one["geometry"]) for one in json.loads(path.read_bytes())["features"]}


def _lens(width_m: float, *, overlap: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two neighbours that part, or cover each other, by so many metres in the middle of their common edge."""
    bend = width_m * METRE_EAST * (1 if overlap else -1)
    west = [
        [-90.5, 16.5],
        [-90.4, 16.5],
        [-90.4, 16.52],
        [-90.4 + bend, 16.53],
        [-90.4, 16.54],
        [-90.4, 16.6],
        [-90.5, 16.6],
    ]
    east = [[-90.4, 16.5], [-90.3, 16.5], [-90.3, 16.6], [-90.4, 16.6], [-90.4, 16.54], [-90.4, 16.52]]
    rounded = [[[round(lon, 7), lat] for lon, lat in ring] for ring in (west, east)]
    return _polygon("west", rounded[0]), _polygon("east", rounded[1])


def _edges(geometry: Any) -> set[tuple[Any, ...]]:
    edges = set()
    parts = shapely.get_parts(geometry)
    lines = shapely.get_rings(parts) if parts[0].geom_type == "Polygon" else parts
    for line in lines:
        positions = [tuple(place) for place in shapely.get_coordinates(line).tolist()]
        edges |= {tuple(sorted(pair)) for pair in pairwise(positions)}
    return edges


@pytest.mark.parametrize("overlap", [True, False])
@pytest.mark.parametrize("width_m", [0.2, 0.5, 0.9])
def test_a_strip_narrower_than_the_width_to_snap_is_closed(tmp_path: Path, width_m: float, *, overlap: bool) -> None:
    path, out = _write(tmp_path / "in.geojson", *_lens(width_m, overlap=overlap)), tmp_path / "out.geojson"
    assert {"gap", "overlap"} & set(check_file(path).counts)
    done = clean_files([path], out, options())
    shapes = _shapes(out)
    assert shapely.coverage_is_valid(list(shapes.values()))
    assert shapely.area(shapely.intersection(shapes["west"], shapes["east"])) == 0
    assert shapely.get_num_interior_rings(shapely.union_all(list(shapes.values()))) == 0
    assert 0 < done.total["greatest_displacement_m"] <= width_m + 0.02
    # half of 2,213 m by the width, within what six decimals leave
    assert done.total["area_changed_m2"] == pytest.approx(1106.6 * width_m, rel=0.3)


@pytest.mark.parametrize(("overlap", "rule"), [(True, "overlap"), (False, "gap")])
def test_a_wider_strip_is_asked_about_and_closed_when_told(tmp_path: Path, rule: str, *, overlap: bool) -> None:
    path, out = _write(tmp_path / "in.geojson", *_lens(12, overlap=overlap)), tmp_path / "out.geojson"
    with pytest.raises(InputError, match=rf"{rule}.*--snap-m"):
        clean_files([path], out, options())
    assert not out.exists()
    clean_files([path], out, options(snap_m=15))
    assert not check_file(out).counts
    kept = tmp_path / "kept.geojson"
    clean_files([path], kept, options(keep=("gap", "overlap", "edge-mismatch")))
    assert kept.read_bytes() == path.read_bytes()


def test_a_gap_that_is_open_at_both_ends_is_closed(tmp_path: Path) -> None:
    off = -90.4 + 0.5 * METRE_EAST
    west = _polygon("west", [[-90.5, 16.5], [-90.4, 16.5], [-90.4, 16.6], [-90.5, 16.6]])
    east = _polygon("east", [[off, 16.5], [-90.3, 16.5], [-90.3, 16.6], [off, 16.6]])
    path, out = _write(tmp_path / "in.geojson", west, east), tmp_path / "out.geojson"
    clean_files([path], out, options())
    shapes = _shapes(out)
    assert shapely.length(shapely.intersection(shapes["west"], shapes["east"])) == pytest.approx(0.1)
    assert shapely.coverage_is_valid(list(shapes.values()))
    assert not check_file(out).counts


def test_a_border_line_in_another_file_follows_the_mended_edge(tmp_path: Path) -> None:
    west, east = _lens(0.9, overlap=True)
    line = _line("line", west["geometry"]["coordinates"][0][1:6])
    areas, border = _write(tmp_path / "areas.geojson", west, east), _write(tmp_path / "border.geojson", line)
    out = tmp_path / "out"
    clean_files([areas, border], out, options(precision=7))
    shapes, drawn = _shapes(out / "areas.geojson"), _shapes(out / "border.geojson")["line"]
    shared = _edges(shapes["west"]) & _edges(shapes["east"])
    assert _edges(drawn) == shared
    assert (out / "ledger.json").exists()


def test_a_state_over_municipalities_follows_them(tmp_path: Path) -> None:
    west, east = _lens(0.9, overlap=False)
    ring = east["geometry"]["coordinates"][0][:-1]
    other = [[-90.3, 16.5], [-90.2, 16.5], [-90.2, 16.6], [-90.3, 16.6]]
    third = _polygon("third", other)
    # the state is west alone, with its edge as the municipality has it
    state = _polygon("state", west["geometry"]["coordinates"][0][:-1])
    municipalities = _write(tmp_path / "mun.geojson", west, _polygon("east", ring), third)
    states = _write(tmp_path / "states.geojson", state)
    out = tmp_path / "out"
    clean_files([states, municipalities], out, options(precision=7))
    shapes = _shapes(out / "mun.geojson")
    assert _edges(_shapes(out / "states.geojson")["state"]) == _edges(shapes["west"])
    assert not check_file(out / "mun.geojson").counts


def _grid(chance: np.random.Generator, size: int) -> list[dict[str, Any]]:
    """Squares with wavy common edges, each wave of its own; no two of them cross."""

    def edge(a: list[float], b: list[float], seed: int) -> Ring:
        steps = np.linspace(0, 1, 9)[:-1]
        waves = np.random.default_rng(seed).uniform(-0.0006, 0.0006, 8) * (steps > 0)
        (ax, ay), (bx, by) = a, b
        return [
            [round(ax + (bx - ax) * s + w * (ax == bx), 6), round(ay + (by - ay) * s + w * (ay == by), 6)]
            for s, w in zip(steps.tolist(), waves.tolist(), strict=True)
        ]

    base = int(chance.integers(1_000_000))
    features = []
    for i in range(size):
        for j in range(size):
            corners = [[-90.5 + 0.02 * (i + di), 16.5 + 0.02 * (j + dj)] for di, dj in ((0, 0), (1, 0), (1, 1), (0, 1))]
            ring: Ring = []
            for n in range(4):
                a, b = corners[n], corners[(n + 1) % 4]
                low, high = sorted([a, b])
                seed = base + round(low[0] * 1e3 + 9e4) * 7919 + round(low[1] * 1e3) * 104_729 + (low[0] == high[0])
                line = [*edge(low, high, seed), high]
                ring += (line if a == low else line[::-1])[:-1]
            features.append(_polygon(f"{i}-{j}", [[round(x, 6), round(y, 6)] for x, y in ring]))
    return features


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), jitter_m=st.sampled_from([0.05, 0.15, 0.3]))
@example(seed=1415, jitter_m=0.15)
@example(seed=1500, jitter_m=0.3)
@example(seed=1545, jitter_m=0.3)
@example(seed=1556, jitter_m=0.3)
def test_shaken_neighbours_share_their_edges_again(
    tmp_path_factory: pytest.TempPathFactory, seed: int, jitter_m: float
) -> None:
    folder = tmp_path_factory.mktemp("grid")
    chance = np.random.default_rng(seed)
    features = _grid(chance, 3)
    for one in features:
        ring = np.array(one["geometry"]["coordinates"][0])
        ring[1:-1] += chance.uniform(-jitter_m, jitter_m, ring[1:-1].shape) * METRE
        one["geometry"]["coordinates"] = [np.round(ring, 7).tolist()]
    path, out = _write(folder / "in.geojson", *features), folder / "out.geojson"
    clean_files([path], out, options(precision=6))
    edges = _shapes(out)
    assert list(edges) == [one["id"] for one in features]
    assert shapely.coverage_is_valid(list(edges.values()))
    assert shapely.get_num_interior_rings(shapely.coverage_union_all(list(edges.values()))) == 0
    # whatever an area won or lost is a strip narrower than the width to snap
    before = _shapes(path)
    differing = shapely.symmetric_difference(list(before.values()), list(edges.values()))
    assert shapely.is_empty(shapely.buffer(differing, -0.5 * METRE)).all()
    again = clean_files([out], folder / "again.geojson", options(precision=6))
    assert again.total["changes"] == 0


def _cells(chance: np.random.Generator) -> list[dict[str, Any]]:
    """Cells of any shape and size, each with positions of its own on their common edges, and with shaken corners."""
    size, count = float(chance.choice([0.02, 0.2])), int(chance.integers(4, 40))
    places = np.array([-90.5, 16.5]) + chance.uniform(0, size, (count, 2))
    whole = shapely.box(-90.5, 16.5, -90.5 + size, 16.5 + size)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(places), extend_to=whole))
    apart, shaken_m = size / float(chance.integers(3, 30)), float(chance.choice([0.02, 0.1, 0.2, 0.3]))
    left_out, decimals = float(chance.choice([0.0, 0.1, 0.3])), int(chance.choice([6, 7, 9]))
    features = []
    for number, cell in enumerate(shapely.intersection(cells, whole).tolist()):
        ring = shapely.get_coordinates(shapely.segmentize(cell, apart))[:-1]
        back, ahead = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
        corner = np.abs(back[:, 0] * ahead[:, 1] - back[:, 1] * ahead[:, 0]) > 1e-14
        ring = ring[corner | (chance.uniform(size=len(ring)) >= left_out)]
        ring = np.round(ring + chance.uniform(-shaken_m, shaken_m, ring.shape) * METRE, decimals)
        # what is as narrow as it is shaken may be anything
        assume(not shapely.is_empty(shapely.buffer(cell, -3 * METRE)) and shapely.Polygon(ring).is_valid)
        features.append(_polygon(str(number), ring.tolist()))
    return features


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000))
@example(seed=41)
@example(seed=115)
@example(seed=407)
def test_a_gap_in_which_three_areas_meet_makes_no_needle(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    folder = tmp_path_factory.mktemp("cells")
    features = _cells(np.random.default_rng(seed))
    path, out = _write(folder / "in.geojson", *features), folder / "out.geojson"
    done = clean_files([path], out, options(precision=6))
    assert done.total["greatest_displacement_m"] < 3
    shapes, before = _shapes(out), _shapes(path)
    assert shapely.coverage_is_valid(list(shapes.values()))
    for name, shape_before in before.items():
        assert shapely.hausdorff_distance(shapes[name], shape_before) < 3 * METRE_EAST, name
    assert not set(check_file(out).counts) - {"precision-mixed"}


@pytest.mark.parametrize("tolerance_m", [50, 200, 1500])
def test_simplifying_keeps_layers_together(tmp_path: Path, tolerance_m: float) -> None:
    features = _grid(np.random.default_rng(7), 3)
    areas = _write(tmp_path / "areas.geojson", *features)
    union = shapely.coverage_union_all([shape(one["geometry"]) for one in features])
    ring = [list(place) for place in shapely.get_coordinates(union).tolist()]
    border = _write(tmp_path / "border.geojson", _line("all", ring))
    half = _write(tmp_path / "half.geojson", _line("half", ring[: len(ring) // 2]))
    out = tmp_path / "out"
    done = clean_files([areas, border, half], out, options(simplify_m=tolerance_m))
    shapes = _shapes(out / "areas.geojson")
    assert shapely.coverage_is_valid(list(shapes.values()))
    assert _edges(_shapes(out / "border.geojson")["all"]) == _edges(shapely.coverage_union_all(list(shapes.values())))
    assert _edges(_shapes(out / "half.geojson")["half"]) <= _edges(_shapes(out / "border.geojson")["all"])
    assert 0 < done.total["greatest_displacement_m"] <= tolerance_m
    assert all(set(check_file(path).counts) <= {"precision-mixed"} for path in out.glob("*.geojson"))
    again = clean_files(
        [out / path.name for path in (areas, border, half)], tmp_path / "2", options(simplify_m=tolerance_m)
    )
    assert again.total["changes"] == 0
