"""Gaps that are open at an end are seen and closed; gaps and overlaps come out as a layer of their own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import shape

from atlas.check import RULES, Severity, check_file
from atlas.check.command import check_files
from atlas.check.map_files import check_path
from atlas.clean import Beside, clean_files, options
from atlas.errors import InputError, UsageError

# of a degree, 9.7 m at 15° north
APART = 9e-5


def _box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _coast(lon: float, count: int = 40) -> list[list[float]]:
    """A winding line northward."""
    return [[round(lon + 1e-3 * (n * n % 7), 6), round(15 + n * 0.5 / count, 6)] for n in range(count + 1)]


def _write(path: Path, *rings: list[list[float]]) -> Path:
    features = [
        {"type": "Feature", "properties": {"n": n}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for n, ring in enumerate(rings)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


WEST = _box(-92, 15, -91.5, 15.5)
WINDING = [[-92, 15], *_coast(-91.5), [-92, 15.5], [-92, 15]]
NEIGHBOURS = {
    "along the whole edge": (WEST, _box(-91.5 + APART, 15, -91, 15.5)),
    "a wedge": (WEST, [[-91.5, 15], [-91, 15], [-91, 15.5], [-91.5 + APART, 15.5], [-91.5, 15]]),
    "beyond the end": (WEST, _box(-91.5 + APART, 15.2, -91, 15.9)),
    "within the edge": (WEST, _box(-91.5 + APART, 15.1, -91, 15.4)),
    "east and west": (WEST, [[lon, lat + APART] for lon, lat in _box(-92, 15.5, -91.5, 16)]),
    "winding": (WINDING, [[-91, 15], [-91, 15.5], *_coast(-91.5 + APART)[::-1], [-91, 15]]),
    "of three": (
        WEST,
        _box(-91.5 + APART, 15, -91, 15.5),
        [[-92, 14.5], [-91, 14.5], [-91, 15], [-91.5 + APART, 15], [-91.5, 15], [-92, 15], [-92, 14.5]],
    ),
}


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_a_gap_open_at_an_end_is_asked_about_and_closed_below_the_width_to_snap(tmp_path: Path, name: str) -> None:
    path, out = _write(tmp_path / "in.geojson", *NEIGHBOURS[name]), tmp_path / "out.geojson"
    assert dict(check_file(path).counts) == {"gap": 1}
    with pytest.raises(InputError, match=r"gap: A gap .* open at an end.*--snap-m METRES.*--keep gap") as caught:
        clean_files([path], out, options())
    enough = re.search(r"at most ([0-9.]+) m wide", str(caught.value))
    assert enough
    done = clean_files([path], out, options(snap_m=float(enough[1])))
    assert done.rejected == 0
    assert not {rule for rule in check_file(out).counts if RULES[rule].severity is not Severity.INFO}
    areas = [shape(one["geometry"]) for one in json.loads(out.read_bytes())["features"]]
    assert shapely.coverage_is_valid(areas, gap_width=1e-4)
    shared = shapely.length(shapely.intersection(areas[0].boundary, areas[1].boundary))
    assert shared > 0.25
    assert clean_files([out], tmp_path / "again.geojson", options(snap_m=15)).total["changes"] == 0


@pytest.mark.parametrize(
    "rings",
    [
        [_box(-92, 15, -91.99, 15.01), _box(-91.9899, 15, -91.98, 15.01)],
        [_box(-92, 15, -91.5, 15.5), _box(-91.49, 15, -91, 15.5)],
        [_box(-92 + n * 2e-4, 15, -92 + n * 2e-4 + 1.5e-4, 15.0002) for n in range(12)],
        [_box(-92, 15, -91.5, 15.5), _box(-91.5, 15, -91, 15.5)],
        [_box(-92, 15, -91.5, 15.5), _box(-91.5 + 1e-14, 15, -91, 15.5)],
    ],
    ids=["blocks along a street", "a kilometre apart", "houses", "side by side", "the last bit of a double"],
)
def test_what_is_meant_to_be_apart_is_no_gap(tmp_path: Path, rings: list[list[list[float]]]) -> None:
    assert "gap" not in check_file(_write(tmp_path / "in.geojson", *rings)).counts


def _layer(path: Path) -> list[dict[str, Any]]:
    report = check_file(path)
    assert not {rule for rule in report.counts if RULES[rule].severity is Severity.ERROR}
    return [one["properties"] for one in json.loads(path.read_bytes())["features"]]


def test_gaps_and_overlaps_are_a_layer_of_their_own(tmp_path: Path) -> None:
    rings = [WEST, _box(-91.5 + APART, 15, -91, 15.5), _box(-91 - 2 * APART, 15, -90.5, 15.5)]
    path, gaps = _write(tmp_path / "in.geojson", *rings), tmp_path / "gaps.geojson"
    _, failed = check_files([path], gaps=gaps)
    assert failed
    overlap, gap = _layer(gaps)
    assert (gap["kind"], gap["between"], gap["is_open"]) == ("gap", "features[0], features[1]", True)
    assert gap["width_m"] == pytest.approx(9.67, abs=0.01)
    assert gap["area_m2"] == pytest.approx(534_900, abs=100)
    assert (overlap["kind"], overlap["between"]) == ("overlap", "features[1], features[2]")
    clean_files([path], tmp_path / "out.geojson", options(snap_m=15, keep=("overlap",)), beside=Beside(gaps=gaps))
    assert {one["kind"]: one["state"] for one in _layer(gaps)} == {"gap": "closed", "overlap": "left"}
    clean_files([path], tmp_path / "out.geojson", options(snap_m=25), beside=Beside(gaps=gaps))
    assert {one["kind"]: one["state"] for one in _layer(gaps)} == {"gap": "closed", "overlap": "settled"}


def test_a_layer_without_gaps_is_empty_and_no_file_is_written_over(tmp_path: Path) -> None:
    path, gaps = _write(tmp_path / "in.geojson", WEST), tmp_path / "gaps.geojson"
    check_files([path], gaps=gaps)
    assert json.loads(gaps.read_bytes()) == {"type": "FeatureCollection", "features": []}
    with pytest.raises(UsageError, match="write somewhere else"):
        check_files([path], gaps=path)
    with pytest.raises(UsageError, match="same file"):
        clean_files([path], tmp_path / "out.geojson", options(), beside=Beside(gaps=tmp_path / "out.geojson"))


def test_gaps_of_every_format_are_written_in_the_format_that_the_name_says(tmp_path: Path) -> None:
    path, gpkg = _write(tmp_path / "in.geojson", WEST, _box(-91.5 + APART, 15, -91, 15.5)), tmp_path / "in.gpkg"
    clean_files([path], gpkg, options(keep=("gap",)))
    gaps = tmp_path / "gaps.gpkg"
    check_files([gpkg], gaps=gaps)
    assert gaps.read_bytes().startswith(b"SQLite format 3")
    assert [report.features for report in check_path(gaps)] == [1]
    clean_files([gpkg], tmp_path / "out.geojson", options(snap_m=15), beside=Beside(gaps=gaps))
    assert gaps.read_bytes().startswith(b"SQLite format 3")
    with pytest.raises(UsageError, match=r"name a \.zip"):
        clean_files([gpkg], tmp_path / "out.geojson", options(), beside=Beside(gaps=tmp_path / "gaps.shp"))
    with pytest.raises(UsageError, match=r"name a \.geojson file"):
        clean_files([gpkg], tmp_path / "out.geojson", options(), beside=Beside(rejected=tmp_path / "aside.gpkg"))


def test_a_gap_that_others_close_at_its_ends_is_one(tmp_path: Path) -> None:
    east, north = _box(-91.5 + APART, 15, -91, 15.5), _box(-92, 15.5, -91, 16)
    path, gaps = _write(tmp_path / "in.geojson", WEST, east, north, _box(-92, 14, -91, 15)), tmp_path / "gaps.geojson"
    check_files([path], gaps=gaps)
    (gap,) = _layer(gaps)
    assert gap["is_open"] is False


def test_what_is_kept_is_not_said_to_have_been_there(tmp_path: Path) -> None:
    done = clean_files([_write(tmp_path / "in.geojson", WEST)], tmp_path / "out.geojson", options(keep=("gap",)))
    assert "gap, where there is any, was left as it is" in done.summary()
