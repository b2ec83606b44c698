"""`atlas check` holds every format against the same rules, and names rows where a text has lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import pytest
from shapely.geometry import Polygon

from atlas.check import check_files, rules_text
from atlas.check.map_files import check_path


@pytest.fixture
def bowtie(tmp_path: Path) -> Path:
    shapes = [
        Polygon([(-92, 15), (-91, 15), (-91, 16), (-92, 16)]),
        Polygon([(-90, 15), (-89, 16), (-89, 15), (-90, 16)]),
    ]
    frame: Any = geopandas.GeoDataFrame({"cvegeo": ["07001", "07002"]}, geometry=shapes, crs="EPSG:4326")
    frame.to_file(tmp_path / "a.gpkg", layer="one")
    return tmp_path / "a.gpkg"


def test_a_geopackage_is_no_text_that_is_not_utf8(bowtie: Path) -> None:
    text, failed = check_files([bowtie])
    assert failed
    assert "encoding" not in text
    assert "row 2 geometry.coordinates" in text
    assert "self-intersection" in text
    document = json.loads(check_files([bowtie], form="json")[0])
    (finding,) = [one for one in document["files"][0]["findings"] if one["rule"] == "self-intersection"]
    assert (finding["line"], finding["row"]) == (None, 2)
    assert "title=self-intersection::row 2 " in check_files([bowtie], form="github")[0]


def test_every_layer_of_a_file_has_a_report(bowtie: Path) -> None:
    geopandas.read_file(bowtie, layer="one").head(1).to_file(bowtie, layer="two")
    reports = check_path(bowtie)
    assert [str(report.path).rpartition("=")[2] for report in reports] == ["one", "two"]
    assert not reports[1].counts


def test_metres_are_looked_at_as_degrees_and_said(bowtie: Path, tmp_path: Path) -> None:
    geopandas.read_file(bowtie).head(1).to_crs("EPSG:32615").to_file(tmp_path / "utm.shp")
    (report,) = check_path(tmp_path / "utm.shp")
    assert dict(report.counts) == {"crs-other": 1}


def test_the_rules_of_other_formats_are_listed() -> None:
    assert "other formats" in rules_text()
    assert "  crs-missing " in rules_text()


@pytest.mark.parametrize("name", ["one.geojsonl", "one.geojson", "one.geojsons"])
def test_a_feature_by_itself_counts_as_one(name: str, tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": {"n": 1}, "geometry": {"type": "Point", "coordinates": [-92, 15]}}
    (tmp_path / name).write_text(json.dumps(feature) + "\n")
    assert [report.features for report in check_path(tmp_path / name)] == [1]
