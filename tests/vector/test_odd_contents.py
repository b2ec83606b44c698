"""What stands in a file beside the features, or in a place of its own, is read or said."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from atlas.check import check_path
from atlas.clean import Options, clean_files
from atlas.editions.command import diff_files
from atlas.errors import InputError
from atlas.vector.coordinate_system import known_system
from atlas.vector.layer import VectorLayer
from atlas.vector.source import open_sources, read_source
from tests.vector.odd_files import ESRI, GML, TOPOLOGY, areas, points, shapefile, written
from tests.vector.test_positions_of_xml import GPX, KML

LINK = "<NetworkLink><Link><href>{}</href></Link></NetworkLink>"
MARK = "<Placemark><Point><coordinates>-92.1,15.5</coordinates></Point></Placemark>"
PICTURE = (
    "<GroundOverlay><Icon><href>a.png</href></Icon><LatLonBox><north>16</north><south>15</south><east>-91</east>"
    "<west>-92</west></LatLonBox></GroundOverlay>"
)
TRACK = (
    "<Placemark><gx:Track><when>2024-05-31</when><gx:coord>-92 15 1</gx:coord><gx:coord>-91 15 1</gx:coord></gx:Track>"
    "</Placemark>"
)


def _layers(path: Path) -> list[VectorLayer]:
    with open_sources(path) as sources:
        return [one for source in sources for one in read_source(source, every=True)]


@pytest.mark.parametrize(
    ("content", "rule", "words"),
    [
        (LINK.format("https://example.org/more.kml"), "link-unfollowed", "https://example.org/more.kml"),
        (MARK + LINK.format("b.kml") * 2, "link-unfollowed", "2 links lead"),
        (MARK + PICTURE, "picture-outline", "1 picture"),
        (TRACK, "measures-lost", "have times"),
        ("<Placemark><Model/></Placemark>", "shape-lost", "Model"),
    ],
)
def test_what_kml_has_beside_shapes_is_said(content: str, rule: str, words: str, tmp_path: Path) -> None:
    (layer,) = _layers(written(tmp_path / "a.kml", KML.format(content)))
    (fault,) = layer.faults
    assert fault.rule == rule
    assert words in fault.message


def test_a_link_to_a_part_of_the_same_kmz_is_none_to_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("doc.kml", KML.format(MARK + LINK.format("parts/b.kml")))
        archive.writestr("parts/b.kml", KML.format(MARK))
    assert [fault for layer in _layers(path) for fault in layer.faults] == []


@pytest.mark.parametrize(("used", "lost"), [(True, 1), (False, 0)])
def test_an_arc_that_is_null_harms_only_the_shapes_that_have_it(used: bool, lost: int, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    topology = json.loads(json.dumps(TOPOLOGY))
    topology["arcs"][1 if used else len(topology["arcs"]) :] = [None, *topology["arcs"][2:]] if used else [None]
    (layer,) = _layers(written(tmp_path / "a.topojson", topology))
    assert [fault.rule for fault in layer.faults] == ["shape-lost"] * lost
    assert sum(one is None for one in layer.geometries) == 1 + lost


def test_esri_json_says_what_codes_mean(tmp_path: Path) -> None:
    domain = {"type": "codedValue", "codedValues": [{"code": 1, "name": "Pavimentado"}]}
    document = {**ESRI, "fields": [{"name": "name", "domain": domain}]}
    (layer,) = _layers(written(tmp_path / "a.json", document))
    assert {fault.rule for fault in layer.faults} == {"code-meaning"}
    assert "1 = Pavimentado" in layer.faults[0].message


def test_a_shape_of_esri_json_is_read_in_the_system_that_it_names(tmp_path: Path) -> None:
    points: list[dict[str, Any]] = [
        {"x": -92.1, "y": 15.5, "spatialReference": {"wkid": 4326}},
        {"x": -10252525.09, "y": 1745737.26},
    ]
    rows = [{"attributes": {"n": n}, "geometry": point} for n, point in enumerate(points)]
    (layer,) = _layers(written(tmp_path / "a.json", {**ESRI, "features": rows}))
    first, second = (row["geometry"]["coordinates"] for row in layer.features())
    assert first == [-92.1, 15.5]
    assert second == pytest.approx([-92.1, 15.4907], abs=1e-3)
    assert [fault.rule for fault in layer.faults] == ["crs-other"]


def test_an_answer_of_a_server_without_shapes_is_a_table(tmp_path: Path) -> None:
    answer = {"objectIdFieldName": "OID", "fields": [], "features": [{"attributes": {"a": "x"}}]}
    (layer,) = _layers(written(tmp_path / "a.json", answer))
    assert not layer.has_shapes
    assert layer.faults == []


def test_a_view_that_is_no_layer_is_neither_offered_nor_run(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    areas().to_file(path, layer="mun")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE VIEW v AS SELECT * FROM mun")
    (layer,) = _layers(path)
    assert layer.faults == []
    with pytest.raises(InputError, match="has no layer 'v'"):
        _layers(Path(f"{path}|layername=v"))


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ("word/document.xml", "text of Word"),
        ("mimetype", "OpenDocument"),
        ("inner/layer.zip", r"inner/layer\.zip\).*unpack a zip"),
    ],
)
def test_a_zip_without_a_map_says_what_it_is(member: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "x")
    with pytest.raises(InputError, match=words):
        _layers(path)


def test_a_geodatabase_whose_folder_has_another_name_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "a.gdb"
    areas().astype({"hogares": "int32"}).to_file(folder, driver="OpenFileGDB", layer="mun")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in folder.iterdir():
            archive.write(part, part.name)
    (layer,) = _layers(path)
    assert len(layer) == 3


def test_rings_of_a_shapefile_turn_as_they_should_also_where_its_system_is_missing(tmp_path: Path) -> None:
    shapefile(tmp_path).with_suffix(".prj").unlink()
    (report,) = check_path(tmp_path)
    assert {finding.rule for finding in report.findings} == {"crs-missing"}


def test_a_layer_of_one_of_several_files_is_named_as_it_is_shown(tmp_path: Path) -> None:
    folders = "".join(f"<Folder><name>{name}</name>{MARK}</Folder>" for name in ("Cruces", "Retenes"))
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.kml", "b.kml"):
            archive.writestr(name, KML.format(folders))
    titles = [layer.title for layer in _layers(path)]
    assert titles[0] == f"{path}|layername=a/Cruces"
    assert [layer.title for title in titles for layer in _layers(Path(title))] == titles
    with open_sources(Path(f"{path}|layername=a")) as (source,), pytest.raises(InputError, match="layername=a/Cruces'"):
        read_source(source)


@pytest.mark.parametrize("name", ["a.csv", "a.gml"])
def test_latitude_first_is_one_question(name: str, tmp_path: Path) -> None:
    gml = GML.format(srs="", pos="15.5 -92.1").replace(' srsName=""', "")
    path = written(tmp_path / name, gml if name == "a.gml" else "id,lat,lon\n1,-92.1,15.5\n")
    options = Options(swap_axes=True, crs=known_system("EPSG:4326") if name == "a.gml" else None)
    clean_files([path], tmp_path / "clean.geojson", options)
    (feature,) = json.loads((tmp_path / "clean.geojson").read_text("utf-8"))["features"]
    assert feature["geometry"]["coordinates"] == [-92.1, 15.5]


def test_what_is_said_of_a_file_is_said_by_diff(tmp_path: Path) -> None:
    topology = {**TOPOLOGY, "arcs": [*TOPOLOGY["arcs"][:2], None]}
    areas_only = TOPOLOGY["objects"]["mun"]["geometries"][:2]
    topology["objects"] = {"mun": {**TOPOLOGY["objects"]["mun"], "geometries": areas_only}}
    path = written(tmp_path / "a.topojson", topology)
    diff = diff_files(path, path, tmp_path / "diff")
    assert "note: " in diff.summary()
    assert "row 2: The shape cannot be put together (arc 2" in diff.summary()


def test_codes_of_gpx_keep_their_zeros(tmp_path: Path) -> None:
    mark = (
        '<wpt lat="15.5" lon="-92.1"><extensions><x:clave xmlns:x="urn:x">{}</x:clave><x:n xmlns:x="urn:x">{}</x:n>'
        "</extensions></wpt>"
    )
    text = GPX.format(mark.format("007", 12) + mark.format("123", 7))
    (layer,) = _layers(written(tmp_path / "a.gpx", text))
    assert layer.columns == {"x_clave": ["007", "123"], "x_n": [12, 7]}


def test_other_shapes_and_bytes_of_parquet_are_said(tmp_path: Path) -> None:
    frame = areas()
    frame["centro"] = points().geometry
    frame["foto"] = [b"x", b"y", None]
    frame.to_parquet(tmp_path / "a.parquet")
    (layer,) = _layers(tmp_path / "a.parquet")
    assert {fault.rule: fault.field for fault in layer.faults} == {"shape-second": "centro", "value-lost": "foto"}
    assert layer.columns["centro"][0] == "POINT (-91.5 15.5)"
    assert "foto" not in layer.columns
