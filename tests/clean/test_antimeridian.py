"""What crosses 180° is cut there without losing anything; what is not shown to cross is asked about or left alone."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import shape

from atlas.check import RULES, Severity, check_file
from atlas.clean import Options, clean_files, options
from atlas.errors import InputError

GEOD = Geod(ellps="GRS80")
CUT = options(repair=("antimeridian",))


def _box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    """A ring as its numbers go: anticlockwise when west is less than east."""
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _feature(kind: str, coordinates: Any, **members: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, **members, "geometry": {"type": kind, "coordinates": coordinates}}


def _write(path: Path, features: list[dict[str, Any]], **members: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", **members, "features": features}), encoding="utf-8")
    return path


def _clean(
    folder: Path, features: list[dict[str, Any]], answers: Options | None = None, **members: Any
) -> dict[str, Any]:
    """The cleaned file, its ledger and what was put aside; what is written passes check and stays as it is."""
    path, out, again = _write(folder / "in.geojson", features, **members), folder / "out.geojson", folder / "2.geojson"
    answers = replace(answers or options(), allow_empty=True)
    done = clean_files([path], out, answers)
    left = {rule for rule in check_file(out).counts if RULES[rule].severity is not Severity.INFO}
    assert not left
    assert clean_files([out], again, answers).total["changes"] == 0
    assert again.read_bytes() == out.read_bytes()
    aside = folder / "out.rejected.geojson"
    return {
        "features": json.loads(out.read_bytes())["features"],
        "root": json.loads(out.read_bytes()),
        "same": out.read_bytes() == path.read_bytes(),
        "ledger": json.loads((folder / "out.ledger.json").read_bytes())["changes"],
        "aside": json.loads(aside.read_bytes())["features"] if aside.exists() else [],
        "rejected": done.rejected,
    }


def _geodesic_m2(geometry: dict[str, Any]) -> float:
    oriented = shapely.orient_polygons(shape(geometry))
    return float(sum(abs(GEOD.geometry_area_perimeter(part)[0]) for part in shapely.get_parts(oriented).tolist()))


# as its numbers go, anticlockwise: nothing but what RFC 7946 says
STRAIGHT = {
    "200 degrees wide": ("Polygon", [_box(-100, -10, 100, 10)]),
    "exactly 180 degrees wide": ("Polygon", [_box(-90, -10, 90, 10)]),
    "the world": ("Polygon", [_box(-180, -90, 180, 90)]),
    "the world without poles": ("Polygon", [_box(-180, -80, 180, 80)]),
    "almost the world": ("Polygon", [_box(-179.9, -80, 179.9, 80)]),
    "a low band around the world": ("Polygon", [_box(-178, -18, 179, -16)]),
    "a triangle": ("Polygon", [[[-100, 10], [100, 10], [0, 40], [-100, 10]]]),
    "a triangle to the pole": ("Polygon", [[[-100, 60], [100, 60], [0, 90], [-100, 60]]]),
    "with a wide hole": ("Polygon", [_box(-170, -50, 170, 50), _box(-160, -40, 160, 40)[::-1]]),
    "the world with a wide hole": ("Polygon", [_box(-180, -80, 180, 80), _box(-160, -40, 160, 40)[::-1]]),
    "parts on both sides": ("MultiPolygon", [[_box(170, 0, 180, 10)], [_box(-180, 0, -170, 10)]]),
    "a part between others": (
        "MultiPolygon",
        [[_box(170, 0, 180, 10)], [_box(-180, 0, -170, 10)], [_box(-160, 20, 160, 30)]],
    ),
    "the pole's edge": (
        "Polygon",
        [[[-180, -90], [180, -90], [180, -70], [90, -68], [0, -70], [-90, -72], [-180, -70], [-180, -90]]],
    ),
    "a whole parallel": ("LineString", [[-180, 10], [180, 10]]),
    "through a pole": ("LineString", [[-170, 80], [-170, 90], [170, 90], [170, 80]]),
    "along 180": ("LineString", [[180, 10], [180, 20]]),
    "points": ("MultiPoint", [[-180, 10], [180, 10], [179, 1], [-179, 1]]),
}


@pytest.mark.parametrize("name", STRAIGHT)
def test_a_step_is_the_straight_line_of_the_rfc(tmp_path: Path, name: str) -> None:
    kind, coordinates = STRAIGHT[name]
    assert _clean(tmp_path, [_feature(kind, coordinates)])["same"]


UNSURE = {
    "a line from one convention into the other": ("LineString", [[-10, 1], [190, 1]]),
    "a box from one convention into the other": ("Polygon", [_box(-10, -10, 190, 10)[::-1]]),
    "a line": ("LineString", [[170, 1], [-170, 1]]),
    "a line with heights": ("LineString", [[170, 10, 5], [-170, 12, 6]]),
    "a line with fourth numbers": ("LineString", [[170, 10, 5, 7], [-170, 12, 6, 8]]),
    "a line across and back": ("LineString", [[170, 0], [-170, 5], [170, 10]]),
    "a wide box clockwise": ("Polygon", [_box(-100, -10, 100, 10)[::-1]]),
    "almost the world, clockwise": ("Polygon", [_box(-179.9, -80, 179.9, 80)[::-1]]),
    "around a pole": ("Polygon", [[[-150, -70], [-90, -72], [0, -71], [90, -68], [150, -70], [-150, -70]]]),
    "around a pole from 180": ("Polygon", [[[-180, -70], [-90, -72], [0, -70], [90, -68], [180, -70], [-180, -70]]]),
    "a bowtie": ("Polygon", [[[178, -10], [-178, -8], [-178, -10], [178, -8], [178, -10]]]),
    "0 to 360": ("LineString", [[350, 1], [10, 1]]),
}


@pytest.mark.parametrize("name", UNSURE)
def test_what_is_not_shown_to_cross_is_asked_and_each_answer_ends_the_question(tmp_path: Path, name: str) -> None:
    feature = _feature(*UNSURE[name])
    path = _write(tmp_path / "in.geojson", [feature])
    with pytest.raises(InputError, match=r"--repair antimeridian.*--reject antimeridian.*--keep antimeridian"):
        clean_files([path], tmp_path / "out.geojson", options())
    assert not (tmp_path / "out.geojson").exists()
    cut = _clean(tmp_path, [feature], CUT)
    assert len(cut["features"]) + len(cut["aside"]) == 1
    aside = _clean(tmp_path, [feature], options(reject=("antimeridian",)))
    assert aside["aside"][0]["geometry"] == feature["geometry"]
    assert aside["aside"][0]["rejected_rule"] == "antimeridian"
    kept = clean_files([path], tmp_path / "kept.geojson", options(keep=("antimeridian",)))
    if name != "0 to 360" and "convention" not in name:
        assert (tmp_path / "kept.geojson").read_bytes() == path.read_bytes()
    assert kept.rejected == 0


FIJI = _box(178, -18, -179, -16)
CROSSING: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "by winding": (_feature("Polygon", [FIJI]), {}),
    "by winding and heights": (_feature("Polygon", [[[*xy, n % 4] for n, xy in enumerate(FIJI)]]), {}),
    "by the feature's box": (_feature("Polygon", [FIJI[::-1]], bbox=[178, -18, -179, -16]), {}),
    "by the file's box": (_feature("LineString", [[170, 1], [-170, 1]]), {"bbox": [170, 0, -170, 2]}),
    "by the box of the geometry": (
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "LineString", "coordinates": [[170, 1], [-170, 2]], "bbox": [170, 1, -170, 2]},
        },
        {},
    ),
    "by its parts": (
        _feature("MultiLineString", [[[160, 1], [170, 1]], [[170, 1], [-170, 1]], [[-170, 1], [-160, 1]]]),
        {},
    ),
    "by its steps": (_feature("LineString", [[170, 1], [175, 2], [-179, 3], [-174, 4]]), {}),
    "twice by its steps": (_feature("LineString", [[178, 1], [-179, 2], [-177, 3], [-179, 4], [178, 5], [176, 6]]), {}),
    "a hole across": (_feature("Polygon", [_box(170, -20, -170, 20), _box(178, -2, -178, 2)[::-1]]), {}),
    "a hole beside": (_feature("Polygon", [_box(170, -20, -170, 20), _box(-178, -2, -177, 2)[::-1]]), {}),
    "a hole of the world": (_feature("Polygon", [_box(-180, -80, 180, 80), _box(178, -2, -178, 2)[::-1]]), {}),
    "exactly at 180": (_feature("Polygon", [_box(178, -18, -180, -16)]), {}),
    "175 to 185": (_feature("Polygon", [_box(175, 10, 185, 15)]), {}),
    "-185 to -175": (_feature("Polygon", [_box(-185, 10, -175, 15)]), {}),
    "a line of 0 to 360": (_feature("LineString", [[170, 1, 9], [190, 3, 11]]), {}),
    "350 to 10": (_feature("Polygon", [_box(350, 0, 10, 5)]), {}),
    "all of 0 to 360": (_feature("Polygon", [_box(0, 0, 360, 5)]), {}),
    "points of 0 to 360": (_feature("MultiPoint", [[200, 1], [10, 1]]), {}),
}


@pytest.mark.parametrize("name", CROSSING)
def test_what_is_shown_to_cross_is_cut_with_its_area_and_where_it_was(tmp_path: Path, name: str) -> None:
    feature, members = CROSSING[name]
    done = _clean(tmp_path, [feature], **members)
    geometry = done["features"][0]["geometry"]
    lon = shapely.get_coordinates(shape(geometry))[:, 0]
    assert np.abs(lon).max() <= 180
    (change,) = [one for one in done["ledger"] if one["rule"] in {"antimeridian", "position-range"}]
    assert change["greatest_displacement_m"] < 0.1
    assert abs(change["area_change_m2"]) < 1e6
    if "Polygon" in geometry["type"] and name not in {"a hole of the world", "all of 0 to 360"}:
        assert _geodesic_m2(geometry) < 2e13
    # every position is still there, a turn away at most, with its heights
    rows = {(round(math.remainder(row[0], 360), 9) % 360, *row[1:]) for row in _rows(geometry["coordinates"])}
    for row in _rows(feature["geometry"]["coordinates"]):
        assert (round(math.remainder(row[0], 360), 9) % 360, *row[1:]) in rows


def _rows(value: Any) -> list[list[float]]:
    return [value] if isinstance(value[0], int | float) else [row for one in value for row in _rows(one)]


def test_the_cut_is_where_the_line_passes(tmp_path: Path) -> None:
    done = _clean(tmp_path, [_feature("LineString", [[170, 10, 5], [-170, 12, 6]])], CUT)
    assert done["features"][0]["geometry"] == {
        "type": "MultiLineString",
        "coordinates": [[[170, 10, 5], [180, 11, 5.5]], [[-180, 11, 5.5], [-170, 12, 6]]],
    }


def test_fourth_numbers_that_are_kept_are_cut_too(tmp_path: Path) -> None:
    feature = _feature("LineString", [[170, 10, 5, 100], [-170, 12, 6, 200]], bbox=[170, 10, -170, 12])
    path, out = _write(tmp_path / "in.geojson", [feature]), tmp_path / "out.geojson"
    clean_files([path], out, options())
    assert json.loads(out.read_bytes())["features"][0]["geometry"]["coordinates"] == [
        [[170, 10, 5, 100], [180, 11, 5.5, 150]],
        [[-180, 11, 5.5, 150], [-170, 12, 6, 200]],
    ]


def test_parts_with_and_without_heights_stay_together(tmp_path: Path) -> None:
    bowtie = [[176, -10, 1], [-178, -8, 1], [-178, -10, 1], [176, -8, 1], [176, -10, 1]]
    done = _clean(tmp_path, [_feature("MultiPolygon", [[[[*xy, 3] for xy in _box(160, 0, 165, 5)]], [bowtie]])], CUT)
    assert shape(done["features"][0]["geometry"]).area == pytest.approx(25 + 6)


def test_fiji_has_its_area_before_and_after(tmp_path: Path) -> None:
    done = _clean(tmp_path, [_feature("Polygon", [FIJI])])
    true_m2 = 2 * _geodesic_m2({"type": "Polygon", "coordinates": [_box(-179, -18, -177.5, -16)]})
    assert _geodesic_m2(done["features"][0]["geometry"]) == pytest.approx(true_m2, rel=1e-4)
    assert done["ledger"][0]["area_change_m2"] == pytest.approx(0, abs=1)
    # 3 by 2 degrees at 17° south
    assert "70,704.7 km²" in done["ledger"][0]["before"]
    assert "km²" in done["ledger"][0]["after"]


def test_a_ring_around_a_pole_is_closed_along_it(tmp_path: Path) -> None:
    coast = [[lon, -70 - lon % 2] for lon in range(175, -180, -15)]
    done = _clean(tmp_path, [_feature("Polygon", [[*coast, coast[0]]])])
    geometry = done["features"][0]["geometry"]
    assert shape(geometry).is_valid
    assert shape(geometry).bounds == (-180, -90, 180, pytest.approx(-70, abs=1))
    # a cap south of 70.5°
    assert _geodesic_m2(geometry) == pytest.approx(1.45e13, rel=0.1)


def test_no_part_is_dropped_beside_one_that_crosses(tmp_path: Path) -> None:
    bowtie = [[170, -10], [172, -8], [172, -10], [170, -8], [170, -10]]
    done = _clean(tmp_path, [_feature("MultiPolygon", [[FIJI[::1]], [bowtie]])])
    west, south, east, north = (
        shape(done["features"][0]["geometry"]).buffer(0).intersection(shapely.box(169, -11, 173, -7)).bounds
    )
    assert (west, south, east, north) == (170, -10, 172, -8)


def test_rings_that_cross_each_other_across_180_are_asked_about_and_put_aside_whole(tmp_path: Path) -> None:
    star = [[176, -10], [-178, 8], [172, -2], [-176, -2], [178, 8], [176, -10]]
    feature = _feature("MultiPolygon", [[_box(160, 0, 165, 5)], [star]])
    path = _write(tmp_path / "in.geojson", [feature])
    with pytest.raises(InputError, match="--repair self-intersection"):
        clean_files([path], tmp_path / "out.geojson", CUT)
    filled = _clean(tmp_path, [feature], options(repair=("antimeridian", "self-intersection")))
    assert shape(filled["features"][0]["geometry"]).area > 25
    answers = options(repair=("antimeridian",), reject=("self-intersection",), allow_empty=True)
    done = clean_files([path], tmp_path / "out.geojson", answers)
    assert done.rejected == 1
    (aside,) = json.loads((tmp_path / "out.rejected.geojson").read_bytes())["features"]
    assert aside["geometry"] == feature["geometry"]


def test_nested_collections_keep_points_lines_and_areas(tmp_path: Path) -> None:
    inner = [
        {"type": "Point", "coordinates": [175, 1]},
        {"type": "LineString", "coordinates": [[170, 1], [-170, 1]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": [FIJI]}]},
    ]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "GeometryCollection", "geometries": inner}}
    done = _clean(tmp_path, [feature], CUT)
    kinds = [one["type"] for one in done["features"][0]["geometry"]["geometries"]]
    assert kinds == ["Point", "MultiLineString", "MultiPolygon"]


def test_boxes_follow_across_180(tmp_path: Path) -> None:
    feature = _feature("Polygon", [_box(175, 10, 185, 15)], bbox=[175, 10, 185, 15])
    naive = _feature("Polygon", [FIJI], bbox=[-179, -18, 178, -16])
    done = _clean(tmp_path, [feature, naive], bbox=[175, -18, 185, 15])
    assert [one["bbox"] for one in done["features"]] == [[175, 10, -175, 15], [178, -18, -179, -16]]
    assert done["root"]["bbox"] == [175, -18, -175, 15]


def test_what_is_beyond_180_by_rounding_only_is_moved_there(tmp_path: Path) -> None:
    done = _clean(
        tmp_path, [_feature("Polygon", [_box(179, 10, 180.0000001, 15)]), _feature("Point", [180.0000001, 1])]
    )
    assert [one["geometry"]["type"] for one in done["features"]] == ["Polygon", "Point"]
    assert all(0 < one["greatest_displacement_m"] < 0.02 for one in done["ledger"])


@pytest.mark.parametrize("position", [[-905, 16], [190, 95], [400, 10]])
def test_what_is_off_the_globe_is_put_aside(tmp_path: Path, position: list[float]) -> None:
    assert _clean(tmp_path, [_feature("Point", position)])["rejected"] == 1


def test_a_number_that_is_beyond_180_among_others_that_are_not_is_asked_about(tmp_path: Path) -> None:
    line = _feature("LineString", [[-90.5, 16.5], [190.6, 17]])
    with pytest.raises(InputError, match="--repair antimeridian"):
        _clean(tmp_path, [line])
    assert _clean(tmp_path, [line], options(reject=("antimeridian",)))["rejected"] == 1


def test_a_spike_across_180_is_removed_with_what_it_was_in_the_ledger(tmp_path: Path) -> None:
    spiked = [*FIJI[:2], [-179, -17], [-170, -17], [-179, -17], *FIJI[2:]]
    done = _clean(tmp_path, [_feature("Polygon", [spiked])])
    (spike,) = [one for one in done["ledger"] if one["rule"] == "spike"]
    assert spike["after"].endswith("without a tip of 958.3 km at (-170, -17)")
    assert spike["greatest_displacement_m"] == pytest.approx(958_300, rel=1e-3)
    assert shape(done["features"][0]["geometry"]).area == pytest.approx(6)


def test_left_handed_parts_on_both_sides_show_a_crossing(tmp_path: Path) -> None:
    parts = [[_box(*FIJI[0], *FIJI[2])[::-1]], [_box(-178, -18, -177, -17)[::-1]], [_box(175, -18, 177, -17)[::-1]]]
    done = _clean(tmp_path, [_feature("MultiPolygon", parts)])
    assert shape(done["features"][0]["geometry"]).area == pytest.approx(6 + 1 + 2)


def test_axes_are_swapped_before_a_shape_is_cut(tmp_path: Path) -> None:
    feature = _feature("Polygon", [[xy[::-1] for xy in FIJI]])
    with pytest.raises(InputError, match="--swap-axes"):
        _clean(tmp_path, [feature])
    done = _clean(tmp_path, [feature], options(swap_axes=True))
    assert shape(done["features"][0]["geometry"]).area == pytest.approx(6)


def test_other_left_handed_rings_make_winding_say_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--repair antimeridian"):
        _clean(tmp_path, [_feature("Polygon", [_box(10, 10, 20, 20)[::-1]]), _feature("Polygon", [FIJI])])


def test_neighbours_find_the_same_latitude_on_the_cut(tmp_path: Path) -> None:
    shared = [[178.123457, -17.333333], [-178.765433, -16.111111]]
    north = [*shared, [-178.765433, -10], [178.123457, -10], shared[0]]
    south = [[178.123457, -20], [-178.765433, -20], *shared[::-1], [178.123457, -20]]
    _clean(tmp_path, [_feature("Polygon", [north]), _feature("Polygon", [south])])


# one property: whatever the extent, nothing of a shape is lost
degrees = st.integers(-1790, 1790).map(lambda tenths: tenths / 10)
latitudes = st.integers(-890, 890).map(lambda tenths: tenths / 10)


@st.composite
def valid_areas(draw: st.DrawFn) -> list[list[list[list[float]]]]:
    """Valid right-handed polygons of any extent, some with a hole."""
    count = draw(st.integers(1, 3))
    lows = sorted(draw(st.lists(latitudes, min_size=2 * count, max_size=2 * count, unique=True)))
    made = []
    for n in range(count):
        west, east = sorted(draw(st.lists(degrees, min_size=2, max_size=2, unique=True)))
        south, north = lows[2 * n], lows[2 * n + 1]
        ring = _box(west, south, east, north)
        middle = [(west + east) / 2, north]
        shape_of = draw(st.sampled_from(["box", "triangle", "hole"]))
        if shape_of == "triangle":
            ring = [ring[0], ring[1], middle, ring[0]]
        part = [ring]
        if shape_of == "hole":
            inner = [(3 * west + east) / 4, (3 * south + north) / 4, (west + 3 * east) / 4, (south + 3 * north) / 4]
            part.append([[round(x, 6), round(y, 6)] for x, y in _box(*inner)[::-1]])
        made.append(part)
    return made


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(parts=valid_areas())
def test_valid_areas_of_any_extent_come_back_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, parts: list[Any]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    assume(not _is_thin(folder, parts))
    assert _clean(folder, [_feature("MultiPolygon", parts)])["same"]


def _is_thin(folder: Path, parts: list[Any]) -> bool:
    """Whether check takes a narrow triangle for a spike, wherever it lies."""
    return bool(
        {"spike", "sliver"} & set(check_file(_write(folder / "in.geojson", [_feature("MultiPolygon", parts)])).counts)
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(parts=valid_areas(), west=st.integers(-180, 180), heights=st.booleans())
def test_areas_moved_across_180_keep_parts_positions_and_area(
    tmp_path_factory: pytest.TempPathFactory, parts: list[Any], west: int, *, heights: bool
) -> None:
    folder = tmp_path_factory.getbasetemp()
    # half as wide, and moved: numbers of 0 to 360 or of -360 to 0
    moved = [
        [
            [[round(lon / 2 + west, 6), lat, *([n] if heights else [])] for n, (lon, lat) in enumerate(ring)]
            for ring in part
        ]
        for part in parts
    ]
    # the last position is the first
    moved = [[[*ring[:-1], ring[0]] for ring in part] for part in moved]
    assume(not _is_thin(folder, moved))
    done = _clean(folder, [_feature("MultiPolygon", moved)])
    after = done["features"][0]["geometry"]
    flat = [[[xy[:2] for xy in ring] for ring in part] for part in moved]
    before = shape({"type": "MultiPolygon", "coordinates": flat})
    # latitudes on the cut are rounded to 0.1 m
    assert shape(after).area == pytest.approx(before.area, rel=1e-6, abs=3e-4)
    assert len(shapely.get_parts(shape(after))) >= len(parts)
    rows = {(round(row[0] % 360, 6) % 360, *row[1:]) for row in _rows(after["coordinates"])}
    for row in _rows(moved):
        assert (round(row[0] % 360, 6) % 360, *row[1:]) in rows
    for change in done["ledger"]:
        assert change["greatest_displacement_m"] < 0.1


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(line=st.lists(st.tuples(degrees, latitudes).map(list), min_size=2, max_size=6))
def test_lines_that_are_cut_keep_their_positions_in_order(
    tmp_path_factory: pytest.TempPathFactory, line: list[list[float]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    answers = options(
        repair=("antimeridian",), keep=("spike", "vertex-repeated", "null-island", "axes-swapped"), allow_empty=True
    )
    path, out = _write(folder / "in.geojson", [_feature("LineString", line)]), folder / "out.geojson"
    done = clean_files([path], out, answers)
    assert "antimeridian" not in check_file(out).counts
    if not done.rejected:
        (feature,) = json.loads(out.read_bytes())["features"]
        rows = [row for row in _rows(feature["geometry"]["coordinates"]) if abs(row[0]) < 180]
        assert rows == line


@pytest.mark.parametrize("ring", [_box(-180, -90, 180, -60), _box(-180, 60, 180, 90)])
def test_a_cap_around_a_pole_is_what_it_is_in_either_direction(tmp_path: Path, ring: list[list[float]]) -> None:
    parts = [[ring[::-1]], [_box(-90, 15, -89, 16)]]
    done = _clean(tmp_path, [_feature("MultiPolygon", parts)])
    assert [one["rule"] for one in done["ledger"]] == ["ring-winding"]
    assert shape(done["features"][0]["geometry"]).area == 360 * 30 + 1


@pytest.mark.parametrize("beside", [[], [[_box(-90, 15, -89, 16)]]])
@pytest.mark.parametrize("ring", [_box(-10, -10, 190, 10), _box(0, -10, 359, 10), _box(0, -10, 360, 10)])
def test_a_ring_beyond_180_is_cut_whatever_its_other_numbers(
    tmp_path: Path, ring: list[list[float]], beside: list[Any]
) -> None:
    done = _clean(tmp_path, [_feature("MultiPolygon", [[ring], *beside])], options(repair=("overlap-parts",)))
    assert not done["aside"]
    assert shape(done["features"][0]["geometry"]).area >= (ring[1][0] - ring[0][0]) * 20 - 1e-6
