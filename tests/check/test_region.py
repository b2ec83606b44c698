"""The region that files are expected in is the project's: swapped axes, zones and grids are those of its border."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from atlas.border_project import shipped_border
from atlas.border_project.expected_region import Region, region, region_of
from atlas.check import check_file

BORDER = shipped_border()
RHINE = replace(BORDER, box=(5.0, 46.0, 9.0, 50.0), around=(5.0, 46.0, 9.0, 50.0), projections=())
RHINE_FILE = """
[project]
title = { en = "Rhine", es = "Rin" }
box = [5.0, 46.0, 9.0, 50.0]
[here]
code = "DEU"
name = { en = "Germany", es = "Alemania" }
source = "here"
[[neighbours]]
code = "FRA"
name = { en = "France", es = "Francia" }
source = "there"
[border]
way = "shared edge"
[sources.here]
file = "here.geojson"
[sources.there]
file = "there.geojson"
"""
PLATA = replace(BORDER, box=(-62.0, -35.0, -53.0, -30.0), around=(-62.0, -35.0, -53.0, -30.0), projections=())


def _points(path: Path, *places: tuple[float, float]) -> Path:
    features = [
        {"type": "Feature", "properties": {"n": n}, "geometry": {"type": "Point", "coordinates": list(place)}}
        for n, place in enumerate(places)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_axes_swapped_in_the_projects_region_are_found(tmp_path: Path) -> None:
    path = _points(tmp_path / "in.geojson", (48.51234, 7.61234))
    assert "axes-swapped" not in check_file(path).counts
    with region_of(RHINE):
        assert check_file(path).counts["axes-swapped"] == 1
        assert "axes-swapped" not in check_file(_points(path, (7.61234, 48.51234))).counts
    assert region() == Region.of(BORDER)


def test_what_is_in_the_region_either_way_is_left_alone(tmp_path: Path) -> None:
    wide = replace(BORDER, around=(-10.0, 30.0, 50.0, 60.0))
    with region_of(wide):
        assert "axes-swapped" not in check_file(_points(tmp_path / "in.geojson", (35.51234, 31.51234))).counts


@pytest.mark.parametrize(
    ("border", "at", "proposed"),
    [
        (BORDER, (580_123.0, 1_650_456.0), "looks like EPSG:32615 (UTM zone 15N), but EPSG:32616"),
        (RHINE, (410_123.0, 5_370_456.0), "looks like EPSG:32632 (UTM zone 32N); elsewhere"),
        (PLATA, (610_123.0, 6_170_456.0), "looks like EPSG:32721 (UTM zone 21S)"),
    ],
)
def test_zones_are_those_of_the_region(tmp_path: Path, border: object, at: tuple[float, float], proposed: str) -> None:
    path = _points(tmp_path / "in.geojson", at)
    with region_of(border):  # type: ignore[arg-type]
        finding = next(one for one in check_file(path).findings if one.rule == "crs-projected")
    assert proposed in finding.message


def test_the_shipped_border_names_its_zones_first() -> None:
    codes = [code for code, _ in Region.of(BORDER).projections]
    assert codes == [32615, 32616, 6372, 3857, 32614]


def test_check_takes_the_region_of_the_project_that_it_runs_in(
    tmp_path: Path, command_line: Callable[..., subprocess.CompletedProcess[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _points(tmp_path / "in.geojson", (48.51234, 7.61234))
    assert command_line("check", path).returncode == 0
    (tmp_path / "atlas.toml").write_text(RHINE_FILE, encoding="utf-8")
    for name in ("here", "there"):
        (tmp_path / f"{name}.geojson").touch()
    monkeypatch.chdir(tmp_path)
    done = command_line("check", path)
    assert (done.returncode, "axes-swapped" in done.stdout) == (1, True)
    # the next file is no part of that project
    monkeypatch.chdir("/")
    assert command_line("check", path).returncode == 0
    assert "axes-swapped" not in check_file(path).counts
