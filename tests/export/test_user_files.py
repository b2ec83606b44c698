"""`atlas export FILE… -o OUT`: a user's own file in another format, through the door that a map has."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import geopandas
import pytest
from shapely.geometry import Point

from atlas.api import Atlas
from atlas.cli.file_commands import files_among
from atlas.errors import InputError, PolicyError, UsageError

pytestmark = pytest.mark.slow


def _frame(**columns: Any) -> Any:
    held = {"cvegeo": ["07001", "07002"], "nombre": ["Peñasco", "Ángel"], **columns}
    return geopandas.GeoDataFrame(held, geometry=[Point(-92, 15), Point(-91, 16)], crs=4326)


def test_one_file_by_the_ending_of_the_output(opened: Atlas, tmp_path: Path) -> None:
    _frame().to_crs("EPSG:32615").to_file(tmp_path / "in.shp")
    made = opened.export_files([tmp_path / "in.shp"], tmp_path / "out.gpkg")
    assert list(made.sizes) == ["out.gpkg"]
    again = geopandas.read_file(tmp_path / "out.gpkg")
    assert again["cvegeo"].tolist() == ["07001", "07002"]
    assert again.geometry.iloc[0].equals_exact(Point(-92, 15), 1e-7)
    assert opened.export_files([tmp_path / "in.shp"], tmp_path / "out.gpkg").changed == ()


def test_all_formats_into_a_folder_and_what_was_left_out(opened: Atlas, tmp_path: Path) -> None:
    _frame(text=["x" * 40_000, ""]).to_file(tmp_path / "in.gpkg")
    made = opened.export_files([tmp_path / "in.gpkg"], tmp_path / "out", formats=["all"])
    assert "in.pmtiles" in made.sizes
    assert "in.xlsx" not in made.sizes
    assert any("left out in.xlsx: feature 1, text: a cell of a workbook holds 32,767" in note for note in made.notes)
    with pytest.raises(InputError, match="a cell of a workbook holds"):
        opened.export_files([tmp_path / "in.gpkg"], tmp_path / "out", formats=["xlsx", "csv"])


def test_what_is_restricted_goes_nowhere(opened: Atlas, tmp_path: Path) -> None:
    _frame(sensitivity=["open", "restricted"]).to_file(tmp_path / "in.gpkg")
    with pytest.raises(PolicyError, match="'restricted'"):
        opened.export_files([tmp_path / "in.gpkg"], tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_a_file_without_its_system_is_asked_about(opened: Atlas, tmp_path: Path) -> None:
    _frame().to_file(tmp_path / "in.shp")
    (tmp_path / "in.prj").unlink()
    with pytest.raises(InputError, match=r"which coordinate system .*atlas clean .* --crs EPSG:CODE"):
        opened.export_files([tmp_path / "in.shp"], tmp_path / "out.csv")


@pytest.mark.parametrize(
    ("output", "formats", "words"),
    [("out.shp", [], "name a .zip"), ("in.gpkg", [], "one of the files"), ("out", ["dxf"], "'dxf' is no format")],
)
def test_a_wrong_word_is_named(opened: Atlas, output: str, formats: list[str], words: str, tmp_path: Path) -> None:
    _frame().to_file(tmp_path / "in.gpkg")
    with pytest.raises(UsageError, match=words):
        opened.export_files([tmp_path / "in.gpkg"], tmp_path / output, formats=formats)


def test_files_are_told_from_layers(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    words = ["a.shp", f"{tmp_path / 'folder'}", "x.gpkg|layername=a"]
    assert files_among(words, {"border"}) == [Path(word) for word in words]
    assert files_among(["border", "rivers"], {"border"}) == []
    with pytest.raises(UsageError, match="'border' is no file"):
        files_among(["border", "a.shp"], {"border"})


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"])
def test_a_member_crs_that_says_degrees_is_no_other_system(opened: Atlas, name: str, tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [-92, 15]}}
    crs = {"type": "name", "properties": {"name": name}}
    path = tmp_path / "places.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}), encoding="utf-8")
    opened.export_files([path], tmp_path / "places.gpkg", sensitivity_field="none")
    assert geopandas.read_file(tmp_path / "places.gpkg").geometry.tolist() == [Point(-92, 15)]


def test_the_flat_edition_of_a_file_has_a_file_for_each_kind_of_shape(opened: Atlas, tmp_path: Path) -> None:
    area = {"type": "Polygon", "coordinates": [[[-92, 15], [-91, 15], [-91, 16], [-92, 15]]]}
    point = {"type": "Point", "coordinates": [-92, 15]}
    geometries = [point, area, None, {"type": "GeometryCollection", "geometries": [point, area]}]
    rows = [
        {"type": "Feature", "geometry": one, "properties": {"n": n, "list": ["a"], "day": "2024-05-31"}}
        for n, one in enumerate(geometries)
    ]
    path = tmp_path / "mine.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), "utf-8")
    made = opened.export_files([path], tmp_path / "flat", flat=True, formats=["gpkg", "fgb"])
    stems = ("mine_points", "mine_areas", "mine_unplaced")
    assert set(made.sizes) == {f"{stem}.{ending}" for stem in stems for ending in ("gpkg", "fgb")}
    assert any("1 features of several kinds" in note for note in made.notes)
    counts = {}
    for stem in stems[:2]:
        frame = geopandas.read_file(tmp_path / "flat" / f"{stem}.gpkg")
        assert {kind.removeprefix("Multi") for kind in frame.geom_type} == {"Point" if stem == stems[0] else "Polygon"}
        counts[stem] = [feature["properties"]["n"] for feature in json.loads(frame.to_json())["features"]]
        assert frame["list"].tolist() == ['["a"]'] * 2
        assert frame["day"].tolist() == ["2024-05-31"] * 2
    assert counts == {"mine_points": [0, 3], "mine_areas": [1, 3]}
    with pytest.raises(UsageError, match="no format of the flat edition"):
        opened.export_files([path], tmp_path / "other", flat=True, formats=["kml"])


def test_a_file_is_taken_from_standard_input_and_written_to_standard_output(repo: Path) -> None:
    point = b'{"type":"Feature","geometry":{"type":"Point","coordinates":[-92,15]},"properties":{"a":"x"}}'
    words = [sys.executable, "-m", "atlas", "export", "-", "--format", "csv", "-o", "-", "--project", str(repo)]
    done = subprocess.run(words, input=point, capture_output=True, check=True)
    assert done.stdout == b'"a","wkt"\r\n"x","POINT (-92 15)"\r\n'
