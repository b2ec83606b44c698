"""`atlas clean` takes every format, writes down what it did about its faults, and writes the format of the name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import pytest
from shapely.geometry import Polygon

from atlas.check.map_files import check_path
from atlas.clean import clean_files, options
from atlas.errors import InputError, UsageError


def _frame() -> Any:
    shapes = [Polygon([(x, 15), (x + 1, 15), (x + 1, 16), (x, 16)]) for x in (-92, -91)]
    return geopandas.GeoDataFrame(
        {"cvegeo": ["07001", "07002"], "nombre": ["Peñasco", "Ángel"]}, geometry=shapes, crs=4326
    )


def _rules(folder: Path, name: str = "out") -> dict[str, str]:
    ledger = json.loads((folder / f"{name}.ledger.json").read_text())
    return {one["rule"]: one["after"] for one in ledger["changes"]}


def test_metres_become_degrees_with_a_line_in_the_ledger(tmp_path: Path) -> None:
    _frame().to_crs("EPSG:32615").to_file(tmp_path / "utm.gpkg")
    clean_files([tmp_path / "utm.gpkg"], tmp_path / "out.geojson", options())
    assert "by Inverse of UTM zone 15N" in _rules(tmp_path)["crs-other"]
    written = json.loads((tmp_path / "out.geojson").read_text())
    assert written["features"][0]["geometry"]["coordinates"][0][0] == [-92.0, 15.0]
    (report,) = check_path(tmp_path / "out.geojson")
    assert not report.counts


def test_what_is_not_certain_is_asked_and_each_answer_ends_it(tmp_path: Path) -> None:
    frame = _frame().to_crs("EPSG:32615")
    frame.to_file(tmp_path / "s.shp", encoding="cp1252")
    (tmp_path / "s.prj").unlink()
    (tmp_path / "s.cpg").write_text("UTF-8")
    out = tmp_path / "out.gpkg"
    with pytest.raises(InputError, match=r"(?s)crs-missing.*--crs EPSG:CODE|file-encoding.*--encoding") as caught:
        clean_files([tmp_path / "s.shp"], out, options())
    assert "file-encoding" in str(caught.value)
    assert "crs-missing" in str(caught.value)
    assert not out.exists()
    clean_files([tmp_path / "s.shp"], out, options(crs="EPSG:32615", encoding="cp1252"))
    assert geopandas.read_file(out)["nombre"].tolist() == ["Peñasco", "Ángel"]
    assert "EPSG:32615" in json.loads((tmp_path / "out.ledger.json").read_text())["changes"][0]["before"]


def test_texts_that_are_utf8_whatever_the_file_says_are_repaired(tmp_path: Path) -> None:
    _frame().to_file(tmp_path / "s.shp", encoding="utf-8")
    (tmp_path / "s.cpg").write_text("ISO-8859-1")
    clean_files([tmp_path / "s.shp"], tmp_path / "out.geojson", options())
    assert _rules(tmp_path)["file-encoding"] == "UTF-8"
    assert "Peñasco" in (tmp_path / "out.geojson").read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ["geojsonl", "fgb", "zip", "parquet", "topojson", "kml", "csv", "xlsx"])
def test_the_name_of_the_output_says_its_format_and_it_passes_check(ending: str, tmp_path: Path) -> None:
    _frame().to_file(tmp_path / "in.gpkg")
    out = tmp_path / f"out.{ending}"
    clean_files([tmp_path / "in.gpkg"], out, options())
    (report,) = check_path(out)
    assert (report.features, set(report.counts) - {"json-trailing", "json-sequence"}) == (2, set())


def test_several_files_go_into_a_folder_in_one_format(tmp_path: Path) -> None:
    _frame().head(1).to_file(tmp_path / "a.gpkg")
    _frame().tail(1).to_file(tmp_path / "b.shp")
    (tmp_path / "out").mkdir()
    clean_files([tmp_path / "a.gpkg", tmp_path / "b.shp"], tmp_path / "out", options(form="fgb"))
    assert {one.name for one in (tmp_path / "out").iterdir()} == {"a.fgb", "b.fgb", "ledger.json"}
    clean_files([tmp_path / "a.gpkg", tmp_path / "b.shp"], tmp_path / "out", options())
    assert {one.name for one in (tmp_path / "out").glob("*.geojson")} == {"a.geojson", "b.geojson"}


def test_a_layer_of_several_is_named(tmp_path: Path) -> None:
    for name in ("a", "b"):
        _frame().to_file(tmp_path / "two.gpkg", layer=name)
    with pytest.raises(InputError, match=r"several layers \(a, b\); give one as '.*\|layername=a'"):
        clean_files([tmp_path / "two.gpkg"], tmp_path / "out.geojson", options())
    clean_files([Path(f"{tmp_path / 'two.gpkg'}|layername=b")], tmp_path / "out.geojson", options())
    assert (tmp_path / "out.geojson").exists()
    with pytest.raises(UsageError, match="one of the files to be cleaned"):
        clean_files([Path(f"{tmp_path / 'two.gpkg'}|layername=b")], tmp_path / "two.gpkg", options())


def test_what_is_put_aside_stands_there_in_degrees(tmp_path: Path) -> None:
    shapes = [*_frame().geometry, Polygon([(-90, 15), (-88, 17), (-88, 15), (-90, 17)])]
    frame: Any = geopandas.GeoDataFrame({"n": [1, 2, 3]}, geometry=shapes, crs=4326)
    frame.to_crs("EPSG:32615").to_file(tmp_path / "in.gpkg")
    clean_files([tmp_path / "in.gpkg"], tmp_path / "out.fgb", options(reject=("self-intersection", "polygon-invalid")))
    rejected = tmp_path / "out.rejected.geojson"
    if rejected.exists():
        (feature,) = json.loads(rejected.read_text())["features"]
        assert abs(feature["geometry"]["coordinates"][0][0][0][0]) <= 180
        assert feature["rejected_reason"]
