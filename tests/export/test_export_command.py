"""The command and the library: what goes wrong is said in one sentence, and nothing is left half done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import geopandas
import pytest
import shapely

from atlas.api import Atlas
from atlas.errors import InputError, OutputError, UsageError
from atlas.export import Layer
from atlas.export.kml_file import kml
from atlas.export.layer_tables import whole_table
from atlas.export.reprojection import places

pytestmark = pytest.mark.slow


Command = Callable[..., subprocess.CompletedProcess[str]]


def test_a_layer_from_the_command_line(command_line: Command, repo: Path, tmp_path: Path) -> None:
    done = command_line("export", "--project", repo, "corridor", "--format", "csv", "-o", str(tmp_path / "gis"))
    assert done.returncode == 0, done.stderr
    assert "csv/corridor.csv" in done.stdout
    assert "Exported 7 files" in done.stdout


def test_a_wrong_word_on_the_command_line_is_exit_2(command_line: Command, repo: Path, tmp_path: Path) -> None:
    done = command_line("export", "--project", repo, "corridor", "--format", "dxf", "-o", str(tmp_path / "gis"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "'dxf' is no format" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "gis").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layers": ["rivers"]}, "there is no layer 'rivers'"),
        ({"formats": []}, "nothing is no format"),
        ({"formats": ["csv", "dxf"]}, "'dxf' is no format"),
        ({"crs": "EPSG:1"}, "'EPSG:1' is not known; give a code such as EPSG:32615"),
        ({"crs": "metres"}, "'metres' is not known"),
        ({"crs": "EPSG:4978"}, "not a plane nor longitude and latitude"),
        ({"crs": "EPSG:4979"}, "not a plane nor longitude and latitude"),
        ({"crs": "+proj=lcc +lat_1=17 +lat_2=29"}, "no code of its own"),
        ({"crs": "EPSG:6372", "formats": ["kml"]}, "does not go with --format kml"),
    ],
)
def test_a_wrong_word_is_named(opened: Atlas, tmp_path: Path, options: dict[str, list[str]], message: str) -> None:
    with pytest.raises(UsageError, match=message.replace("+", r"\+")):
        opened.export(tmp_path / "gis", **options)  # type: ignore[arg-type]
    assert not (tmp_path / "gis").exists()


def test_a_file_in_place_of_the_folder_is_named(opened: Atlas, tmp_path: Path) -> None:
    (tmp_path / "gis").write_text("mine")
    with pytest.raises(UsageError, match="is a file; name a folder"):
        opened.export(tmp_path / "gis", layers=["corridor"], formats=["csv"])
    assert (tmp_path / "gis").read_text() == "mine"


def test_a_readme_that_no_export_wrote_is_not_replaced(opened: Atlas, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("of our repository")
    with pytest.raises(UsageError, match=r"has a file README\.md that no export wrote.*; name another folder with -o"):
        opened.export(tmp_path, layers=["corridor"], formats=["csv"])
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    (tmp_path / "README.md").unlink()
    for form in ("csv", "geojson", "csv"):
        opened.export(tmp_path, layers=["corridor"], formats=[form])
    (tmp_path / "CITATION.cff").write_text("cite us")
    with pytest.raises(UsageError, match=r"has a file CITATION\.cff"):
        opened.export(tmp_path, layers=["corridor"], formats=["geojson"])
    assert (tmp_path / "CITATION.cff").read_text() == "cite us"


def test_an_export_is_not_written_over_a_deposit(opened: Atlas, tmp_path: Path) -> None:
    sums = "".join(f"{'0' * 64}  {name}\n" for name in ("datapackage.json", "ro-crate-metadata.json"))
    (tmp_path / "checksums.sha256").write_text(sums)
    with pytest.raises(UsageError, match=r"has a file checksums\.sha256 that no export wrote"):
        opened.export(tmp_path, layers=["corridor"], formats=["csv"])
    assert (tmp_path / "checksums.sha256").read_text() == sums


def test_a_folder_in_place_of_a_file_leaves_everything_as_it_was(opened: Atlas, tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").mkdir()
    with pytest.raises(OutputError, match=r"the previous files in .* are unchanged"):
        opened.export(tmp_path, layers=["corridor"], formats=["csv"])
    assert [path.name for path in tmp_path.rglob("*")] == ["datapackage.json"]


def test_without_pyarrow_the_extra_is_named_and_nothing_is_written(
    opened: Atlas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'border-atlas\[export\]'"):
        opened.export(tmp_path / "gis", layers=["corridor"], formats=["gpkg", "parquet"])
    assert not (tmp_path / "gis").exists()
    made = opened.export(tmp_path / "gis", layers=["corridor"], formats=["all"])
    assert "csv/corridor.csv" in made.sizes
    assert not [path for path in made.sizes if path.endswith(".parquet")]
    assert sum("left out" in note and "border-atlas[export]" in note for note in made.notes) == 2


def test_the_second_time_nothing_changes(opened: Atlas, tmp_path: Path) -> None:
    first = opened.export(tmp_path, layers=["corridor"], formats=["all"])
    assert set(first.changed) == set(first.sizes)
    assert opened.export(tmp_path, layers=["corridor", "corridor"], formats=["all"]).changed == ()


def test_what_an_earlier_export_left_is_said(opened: Atlas, tmp_path: Path) -> None:
    opened.export(tmp_path, layers=["corridor"], formats=["csv"])
    made = opened.export(tmp_path, layers=["corridor"], formats=["csv"], crs="EPSG:6372")
    assert [note for note in made.notes if "(2): csv/corridor.csv, …; checksums.sha256 is not of them" in note]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="limits are of POSIX")
@pytest.mark.parametrize("form", ["gpkg", "fgb", "csv"])
def test_a_full_disk_is_one_sentence_and_leaves_nothing(repo: Path, tmp_path: Path, form: str) -> None:
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)); "
    code = limited + "from atlas.cli import main; main()"
    words = ["export", "--project", str(repo), "border", "--format", form, "-o", str(tmp_path / "gis")]
    environment = {**os.environ, "PYTHONPATH": str(repo), "TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "free some space" in done.stderr.lower()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_metres_are_where_the_system_says(opened: Atlas, tmp_path: Path) -> None:
    # the false origin of EPSG:6372, as the register defines it
    origin = places("EPSG:6372").moved(shapely.points([[-102.0, 12.0]]))
    assert shapely.get_coordinates(origin).tolist() == [[2_500_000.0, 0.0]]
    opened.export(tmp_path, layers=["municipalities"], formats=["gpkg", "parquet"], crs="EPSG:6372")
    municipalities = opened.layer("municipalities")
    for shape in (
        geopandas.read_file(tmp_path / "atlas.gpkg", layer="municipalities").set_index("id"),
        geopandas.read_parquet(tmp_path / "parquet" / "municipalities.parquet").set_index("id"),
    ):
        assert shape.crs.to_epsg() == 6372
        back = shapely.get_coordinates(shape.to_crs("EPSG:4326").geometry.loc[municipalities.index].to_numpy())
        # a millimetre is 0.00000001 degrees
        assert abs(back - shapely.get_coordinates(municipalities.geometry.to_numpy())).max() < 2e-8


def test_geojson_in_metres_says_so(opened: Atlas, tmp_path: Path) -> None:
    made = opened.export(tmp_path, layers=["corridor"], formats=["geojson"], crs="EPSG:6372")
    document = json.loads((tmp_path / "geojson" / "corridor.epsg6372.geojson").read_text(encoding="utf-8"))
    assert document["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::6372"
    assert min(document["bbox"]) > 180
    assert any("not RFC 7946" in note for note in made.notes)
    frame = geopandas.read_file(tmp_path / "geojson" / "corridor.epsg6372.geojson")
    assert frame.crs.to_epsg() == 6372


def test_a_system_for_elsewhere_is_said(opened: Atlas, tmp_path: Path) -> None:
    made = opened.export(tmp_path, layers=["corridor"], formats=["csv"], crs="EPSG:25832")
    assert any("EPSG:25832 is meant for Europe" in note for note in made.notes)


def test_the_order_that_an_index_makes_is_said(opened: Atlas, tmp_path: Path) -> None:
    made = opened.export(tmp_path / "fgb", layers=["settlements"], formats=["fgb"])
    assert [note for note in made.notes if "in order of place" in note]
    assert "in order of place" in (tmp_path / "fgb" / "README.md").read_text("utf-8")
    made = opened.export(tmp_path / "csv", layers=["settlements"], formats=["csv"])
    assert not [note for note in made.notes if "in order of place" in note]


def test_degrees_by_another_name_are_degrees(opened: Atlas, tmp_path: Path) -> None:
    made = opened.export(tmp_path, layers=["corridor"], formats=["csv"], crs="EPSG:4326")
    assert "csv/corridor.csv" in made.sizes


@pytest.mark.parametrize("hostile", ["</name><script>", "]]>", "&amp; \"'", "=1+1", "a,b\r\nc", "ñ\u0301 \U0001f5fa"])
def test_hostile_text_stays_text(opened: Atlas, hostile: str) -> None:
    layer = Layer(opened.layers["corridor"], _features(hostile))
    text = kml(whole_table(layer, places(None)))
    import pyogrio

    frame = geopandas.GeoDataFrame(pyogrio.read_dataframe(text))
    assert frame["from_place"].tolist() == [hostile.replace("\r\n", "\n")]


def test_what_xml_cannot_say_is_named(opened: Atlas) -> None:
    layer = Layer(opened.layers["corridor"], _features("a\x0bb"))
    with pytest.raises(InputError, match=r"'one', from_place: KML cannot hold the control character '\\x0b'"):
        kml(whole_table(layer, places(None)))


def _features(text: str) -> list[dict[str, object]]:
    from atlas.layers.schema import layer_spec

    properties: dict[str, object] = {field.name: None for field in layer_spec("corridor").fields}
    line = {"type": "LineString", "coordinates": [[-92.0, 15.0], [-92.5, 15.5]]}
    return [{"type": "Feature", "id": "one", "geometry": line, "properties": {**properties, "from_place": text}}]
