"""Points in columns of shapes, other people's polygons in any map file, and one file named twice."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

import atlas
from atlas.errors import InputError, OutputError, UsageError
from atlas.project import Project

AT = [(-92.26, 14.9), (-92.27, 14.91)]


@pytest.fixture
def opened(project: Project) -> atlas.Atlas:
    return atlas.Atlas(project)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text("lon,lat\n" + "".join(f"{lon},{lat}\n" for lon, lat in AT))
    return path


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary()])
@pytest.mark.parametrize("name", ["geometry", "geom"])
def test_a_column_of_binary_shapes_is_read_though_nothing_states_it(
    opened: atlas.Atlas, tmp_path: Path, kind: pa.DataType, name: str
) -> None:
    shapes = [*shapely.to_wkb(shapely.points(AT)), None, shapely.to_wkb(shapely.Point())]
    pq.write_table(pa.table({name: pa.array(shapes, kind), "id": [1, 2, 3, 4]}), tmp_path / "in.parquet")
    done = opened.locate(tmp_path / "in.parquet", tmp_path / "out.csv")
    assert (done.rows, done.without_position) == (4, 2)
    assert pd.read_csv(tmp_path / "out.csv", dtype=str)["name"].fillna("").tolist() == [
        "Tapachula",
        "Tapachula",
        "",
        "",
    ]


def test_an_empty_point_has_no_position(opened: atlas.Atlas, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"id": [1, 2, 3]}, geometry=[shapely.Point(AT[0]), shapely.Point(), None], crs=4326)
    frame.to_parquet(tmp_path / "in.parquet")
    done = opened.locate(tmp_path / "in.parquet", tmp_path / "out")
    assert (done.rows, done.without_position) == (3, 2)


def _areas(path: Path, crs: int = 4326) -> Path:
    halves = [shapely.box(-93, 14, -92.265, 18), shapely.box(-92.28, 14, -90, 18)]
    frame = gpd.GeoDataFrame({"CODE": ["west", "east"]}, geometry=halves, crs=4326)
    frame.to_crs(crs).to_file(path)
    return path


@pytest.mark.parametrize(("name", "crs"), [("a.geojson", 4326), ("a.gpkg", 4326), ("a.gpkg", 32615), ("a.shp", 4326)])
def test_areas_of_any_map_file_are_joined_and_the_first_of_two_counts(
    opened: atlas.Atlas, tmp_path: Path, table: Path, name: str, crs: int
) -> None:
    areas = _areas(tmp_path / name, crs)
    opened.locate(table, tmp_path / "out.csv", areas=areas, key="CODE")
    # the second point lies in both
    assert pd.read_csv(tmp_path / "out.csv")["CODE"].tolist() == ["east", "west"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type":"FeatureCollection","features":[]}', "holds no polygons"),
        ('{"type":"FeatureCollection"}', "no GeoJSON with a list of features"),
        ('{"type":"FeatureCollection","features":[7]}', "feature 1 is no feature"),
        (
            '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[["a"]]}}]}',
            "feature 1 is no feature with a shape",
        ),
        ('{"type":"FeatureCollection","features":[', "is not JSON"),
        ('{"crs":{"properties":{"name":"EPSG:32615"}},"features":[],"type":"FeatureCollection"}', "in another system"),
    ],
)
def test_areas_that_cannot_be_used_are_one_clear_error(
    opened: atlas.Atlas, tmp_path: Path, table: Path, text: str, message: str
) -> None:
    (tmp_path / "a.geojson").write_text(text)
    with pytest.raises(InputError, match=message):
        opened.locate(table, tmp_path / "out.csv", areas=tmp_path / "a.geojson", key="CODE")
    assert not (tmp_path / "out.csv").exists()


def test_a_file_that_is_named_twice_is_read_once(opened: atlas.Atlas, tmp_path: Path, table: Path) -> None:
    (tmp_path / "link.csv").symlink_to(table)
    done = opened.locate([table, f"{tmp_path}/*.csv"], tmp_path / "out")
    assert (done.rows, done.files) == (2, 1)


def test_one_column_alone_is_no_position(opened: atlas.Atlas, tmp_path: Path, table: Path) -> None:
    with pytest.raises(UsageError, match="go together"):
        opened.locate(table, tmp_path / "out.csv", lon="lon")


def test_the_note_of_a_system_in_degrees_is_taken(opened: atlas.Atlas, tmp_path: Path, table: Path) -> None:
    areas = json.loads(_areas(tmp_path / "a.geojson").read_text())
    areas["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    (tmp_path / "a.geojson").write_text(json.dumps(areas))
    opened.locate(table, tmp_path / "out.csv", areas=tmp_path / "a.geojson", key="CODE")
    assert (tmp_path / "out.csv").read_text().count("west") == 1


def test_a_full_disk_is_foreseen_before_any_row_is_read(opened: atlas.Atlas, tmp_path: Path) -> None:
    small = tmp_path / "small.parquet"
    pq.write_table(pa.table({"lon": [-92.26], "lat": [14.9]}), small)
    path = tmp_path / "in.parquet"
    with path.open("wb") as stream:
        stream.write(b"PAR1")
        # a hole of four terabytes, and where a Parquet file says what is in it, its end
        stream.seek(4_000_000_000_000)
        stream.write(small.read_bytes()[4:])
    with pytest.raises(OutputError, match=r"would take 2,000\.0 GB or more, and .* GB left"):
        opened.locate(path, tmp_path / "out" / "folder")
    assert not (tmp_path / "out").exists()
