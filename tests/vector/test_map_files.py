"""A user's layer may be any map file that GDAL reads: it is drawn as the same layer in GeoJSON would be."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas
import pytest
from shapely.geometry import Point

from atlas.admission.user_features import read_user_layer
from atlas.errors import InputError

Save = Callable[..., Path]
NAMES = ["Río Hondo", "La Mesilla", "Peñasco"]


@pytest.fixture
def frame() -> Any:
    columns = {"name": NAMES, "year": [2019, 2020, 2021], "rate": [0.0004, 1.5, None], "code": ["07001", "07002", "7"]}
    return geopandas.GeoDataFrame(columns, geometry=[Point(-92, 15 + n / 10) for n in range(3)], crs="EPSG:4326")


def _name(feature: Any) -> str:
    return str(feature.properties["name"])


def _zipped(folder: Path, frame: Any) -> Path:
    inner = folder / "shape"
    inner.mkdir()
    frame.to_file(inner / "places.shp", encoding="utf-8")
    with zipfile.ZipFile(folder / "places.zip", "w") as packed:
        for part in inner.iterdir():
            packed.write(part, f"data/{part.name}")
    return folder / "places.zip"


@pytest.mark.parametrize("form", ["gpkg", "zip", "shp", "fgb", "projected gpkg"])
def test_a_map_file_is_the_layer_that_its_geojson_is(form: str, frame: Any, tmp_path: Path) -> None:
    frame.to_file(tmp_path / "places.geojson")
    if form == "zip":
        path = _zipped(tmp_path, frame)
    else:
        path = tmp_path / f"places.{form.rpartition(' ')[2]}"
        (frame.to_crs("EPSG:32615") if "projected" in form else frame).to_file(path)
    read, plain = read_user_layer(path), read_user_layer(tmp_path / "places.geojson")
    # FlatGeobuf has an order of its own, by place
    pairs = zip(sorted(read.features, key=_name), sorted(plain.features, key=_name), strict=True)
    for given, expected in pairs:
        assert given.shape == expected.shape
        assert {key: value for key, value in given.properties.items() if key != "id"} == dict(expected.properties)
    assert ("reprojected" in read.notes) is ("projected" in form)


def test_a_layer_of_several_is_named(frame: Any, tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    frame.to_file(path, layer="places")
    frame.head(1).to_file(path, layer="one")
    with pytest.raises(InputError, match=r"several layers \(places, one\); give one as '.*\|layername=places'"):
        read_user_layer(path)
    assert len(read_user_layer(f"{path}|layername=one").features) == 1
    with pytest.raises(InputError, match="no layer 'three'; it has places, one"):
        read_user_layer(f"{path}|layername=three")


def test_a_view_is_not_read(frame: Any, tmp_path: Path) -> None:
    path = tmp_path / "view.gpkg"
    frame.to_file(path, layer="places")
    with closing(sqlite3.connect(path)) as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("ALTER TABLE places RENAME TO hidden")
        database.execute("CREATE VIEW places AS SELECT * FROM hidden")
        database.commit()
    with pytest.raises(InputError, match="'places' is a view, which is not read"):
        read_user_layer(path)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.gpkg", b"SQLite format 3\0", "cannot be read as a map file"),
        ("a.zip", b"PK\x03\x04", "not a readable zip file"),
        ("a.kml", b"<kml", "cannot be read as a map file"),
        ("missing.gpkg", None, "does not exist"),
    ],
)
def test_what_cannot_be_read_is_one_clear_error(name: str, data: bytes | None, words: str, tmp_path: Path) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=words):
        read_user_layer(tmp_path / name)


def test_a_shapefile_without_its_system_is_asked_about(frame: Any, tmp_path: Path) -> None:
    frame.to_file(tmp_path / "bare.shp")
    (tmp_path / "bare.prj").unlink()
    with pytest.raises(InputError, match=r"which coordinate system .*\.prj"):
        read_user_layer(tmp_path / "bare.shp")


@pytest.mark.slow
def test_an_exact_point_is_refused_from_a_map_file_as_from_geojson(repo: Path, frame: Any, tmp_path: Path) -> None:
    import atlas
    from atlas.errors import PolicyError

    frame.assign(sensitivity="restricted").to_file(tmp_path / "secret.gpkg")
    with pytest.raises(PolicyError, match="restricted"):
        atlas.open(repo).map(layer=tmp_path / "secret.gpkg")
    frame.to_file(tmp_path / "open.gpkg")
    html = atlas.open(repo).map(layer=tmp_path / "open.gpkg", fields=["name", "rate"]).html.decode()
    assert json.dumps("Peñasco", ensure_ascii=False)[1:-1] in html
