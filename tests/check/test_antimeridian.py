"""A step of more than 180° of longitude is mentioned where the shape may cross 180°, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from atlas.check import Report, check_file


def _check(tmp_path: Path, *geometries: tuple[str, Any], **members: Any) -> Report:
    features = [
        {"type": "Feature", "properties": {"n": n}, "geometry": {"type": kind, "coordinates": coordinates}}
        for n, (kind, coordinates) in enumerate(geometries)
    ]
    path = tmp_path / "made.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", **members, "features": features}), encoding="utf-8")
    return check_file(path)


def _box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def test_wide_areas_and_edges_along_a_pole_are_no_finding(tmp_path: Path) -> None:
    pole = [[-180, -90], [180, -90], [180, -70], [90, -68], [0, -70], [-90, -72], [-180, -70], [-180, -90]]
    report = _check(
        tmp_path,
        ("Polygon", [_box(-100, -10, 100, 10)]),
        ("Polygon", [_box(-180, 20, 180, 30)]),
        ("Polygon", [pole]),
        ("Polygon", [[[-100, 60], [100, 60], [0, 90], [-100, 60]]]),
    )
    assert dict(report.counts) == {}


def test_what_crosses_is_not_held_against_rules_of_the_plane_too(tmp_path: Path) -> None:
    coast = [[178, -18], [-179, -18], [179, -17], [-179, -16], [178, -16], [178, -18]]
    report = _check(tmp_path, ("Polygon", [coast]))
    assert dict(report.counts) == {"antimeridian": 1}
    # the other parts are
    bowtie = [[170, -10], [172, -8], [172, -10], [170, -8], [170, -10]]
    report = _check(tmp_path, ("MultiPolygon", [[coast], [bowtie]]))
    assert dict(report.counts) == {"antimeridian": 1, "self-intersection": 1}


@pytest.mark.parametrize("box", [[170, 0, -170, 5], [170, 0, 0, -170, 5, 9]])
def test_a_box_of_the_file_across_180_speaks_against_a_wide_area(tmp_path: Path, box: list[float]) -> None:
    band = ("Polygon", [_box(-170, 0, 170, 5)])
    assert dict(_check(tmp_path, band).counts) == {}
    assert dict(_check(tmp_path, band, bbox=box).counts) == {"antimeridian": 1}


def test_axes_of_a_shape_across_180_are_swapped_and_not_off_the_globe(tmp_path: Path) -> None:
    report = _check(tmp_path, ("Polygon", [[xy[::-1] for xy in _box(178, -18, -179, -16)]]))
    assert dict(report.counts) == {"axes-swapped": 1}


def test_an_area_may_have_a_corner_at_0_0(tmp_path: Path) -> None:
    assert dict(_check(tmp_path, ("Polygon", [_box(0, 0, 1, 1)])).counts) == {}
    assert dict(_check(tmp_path, ("Point", [0, 0])).counts) == {"null-island": 1}
