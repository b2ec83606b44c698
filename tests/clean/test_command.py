"""`atlas clean` as a user types it: what it writes, what it says, and that nothing is left half done."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from atlas.clean import clean_files, options
from atlas.cli import app
from atlas.errors import AtlasError

pytestmark = pytest.mark.slow

Clean = Callable[..., subprocess.CompletedProcess[str]]
INVALID = Path(__file__).parent.parent / "data" / "invalid"


@pytest.fixture
def clean(command_line: Clean) -> Clean:
    return partial(command_line, "clean")


def _collection(path: Path, *features: dict[str, Any], **root: Any) -> Path:
    document = {"type": "FeatureCollection", **root, "features": list(features)}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def _point(lon: float, lat: float, feature_id: str | None = None, **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": feature_id, "geometry": geometry, "properties": properties}


def test_the_output_the_ledger_and_what_was_put_aside_are_written_together(clean: Clean, tmp_path: Path) -> None:
    sound, lost = _point(-90.5123456789, 16.5, "a", name="RÃ­o"), _point(-90.5, 95, "b")
    path = _collection(tmp_path / "in.geojson", sound, lost)
    done = clean(path, "-o", tmp_path / "out.geojson", "--ledger", tmp_path / "what.csv")
    assert done.returncode == 1, done.stderr
    assert "1 feature was put aside" in done.stdout
    out = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    assert [one["id"] for one in out["features"]] == ["a"]
    assert out["features"][0]["geometry"]["coordinates"] == [-90.512346, 16.5]
    assert out["features"][0]["properties"] == {"name": "Río"}
    aside = json.loads((tmp_path / "out.rejected.geojson").read_text(encoding="utf-8"))
    assert aside["features"][0]["geometry"]["coordinates"] == [-90.5, 95]
    with (tmp_path / "what.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["rule"] for row in rows} == {"text-mojibake", "precision-excessive", "position-range", "total"}
    moved = next(float(row["greatest_displacement_m"]) for row in rows if row["rule"] == "precision-excessive")
    assert 0 < moved < 0.08


def test_a_later_run_takes_back_what_was_put_aside_before(clean: Clean, tmp_path: Path) -> None:
    path, out = _collection(tmp_path / "in.geojson", _point(-90.5, 95, "b")), tmp_path / "out.geojson"
    assert clean(path, "-o", out, "--allow-empty").returncode == 1
    assert (tmp_path / "out.rejected.geojson").exists()
    _collection(path, _point(-90.5, 16.5, "b"))
    assert clean(path, "-o", out).returncode == 0
    assert not (tmp_path / "out.rejected.geojson").exists()


def test_a_question_names_its_options_on_one_line_and_writes_nothing(clean: Clean, tmp_path: Path) -> None:
    out = tmp_path / "out.geojson"
    done = clean(INVALID / "axes-swapped.geojson", "-o", out)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--swap-axes" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "-o OUT"),
        (("-o", "out.geojson"), "give one map file"),
        (("absent.geojson", "-o", "out.geojson"), "cannot be read"),
        (("{in}", "-o", "{in}"), "one of the files to be cleaned"),
        (("{in}", "-o", "out.geojson", "--ledger", "out.txt"), "ends in .json or .csv"),
        (("{in}", "-o", "out.json", "--ledger", "out.json"), "same file"),
        (("{in}", "-o", "out.geojson", "--precision", "9"), "0 to 7 decimals"),
        (("{in}", "-o", "out.geojson", "--snap-m", "nan"), "0 to 200 metres"),
        (("{in}", "-o", "out.geojson", "--crs", "EPSG:0"), "EPSG:32615"),
        (("{in}", "-o", "out.geojson", "--keep", "gaps"), "no such rule"),
        (("{in}", "-o", "out.geojson", "--repair", "gap"), "no usual answer"),
        (("{in}", "-o", "out.geojson", "--encoding", "latin-99"), "not known"),
        (("{in}", "{in}", "-o", "out"), "several files are named"),
        (("{in}", "-o", "/dev/null"), "not a plain file"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = _collection(tmp_path / "in.geojson", _point(-90.5, 16.5))
    before = path.read_bytes()
    done = CliRunner().invoke(app, ["clean", *(word.format(**{"in": "in.geojson"}) for word in words)])
    assert isinstance(done.exception, AtlasError)
    assert message in str(done.exception)
    assert [one.name for one in tmp_path.iterdir()] == ["in.geojson"]
    assert path.read_bytes() == before


@pytest.mark.slow
def test_metres_are_brought_to_degrees_and_a_second_time_changes_nothing(clean: Clean, tmp_path: Path) -> None:
    member = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32615"}}
    path = _collection(tmp_path / "in.geojson", _point(553000, 1820000, "a"), crs=member)
    for words in ((), ("--crs", "EPSG:32615")):
        assert clean(path, "-o", tmp_path / "out.geojson", *words).returncode == 0
        out = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
        assert "crs" not in out
        assert out["features"][0]["geometry"]["coordinates"] == pytest.approx([-92.503, 16.461], abs=0.01)
    assert clean(tmp_path / "out.geojson", "-o", tmp_path / "2.geojson", "--crs", "EPSG:32615").returncode == 0
    assert (tmp_path / "2.geojson").read_bytes() == (tmp_path / "out.geojson").read_bytes()


def test_features_that_did_not_change_keep_their_text(clean: Clean, tmp_path: Path) -> None:
    text = '{ "type":"Feature","id": 7,"geometry":null ,"properties":{"length":1.50,"n":1e3,"cvegeo":"07089"}}'
    other = '{"type":"Feature","geometry":{"type":"Point","coordinates":[-90.50000001,16.5]},"properties":{"x":2.0}}'
    path = tmp_path / "in.geojson"
    path.write_text(f'{{"type":"FeatureCollection","features":[{text},{other}]}}', encoding="utf-8")
    assert clean(path, "-o", tmp_path / "out.geojson").returncode == 0
    lines = (tmp_path / "out.geojson").read_text(encoding="utf-8").splitlines()
    assert lines[1] == text + ","
    assert lines[2] == other.replace("[-90.50000001,16.5]", "[-90.5,16.5]")


def test_heights_stay_with_their_positions(clean: Clean, tmp_path: Path) -> None:
    ring = [[-90.5, 16.5, 10], [-90.5, 16.6, 20], [-90.4, 16.6, 30], [-90.4, 16.5, 40]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    path = _collection(tmp_path / "in.geojson", {"type": "Feature", "geometry": geometry, "properties": {}})
    assert clean(path, "-o", tmp_path / "out.geojson").returncode == 0
    (coordinates,) = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))["features"][0]["geometry"][
        "coordinates"
    ]
    assert coordinates[0] == coordinates[-1]
    assert sorted(map(tuple, coordinates[1:])) == sorted(map(tuple, ring))


def test_the_rules_are_listed(clean: Clean) -> None:
    done = clean("--rules")
    assert done.returncode == 0
    assert "--repair null-island" in done.stdout


def test_the_ledger_says_what_a_removed_spike_was(tmp_path: Path) -> None:
    county = [[-90, 40], [-89, 40], [-89, 41], [-89.5, 41], [-89.5, 41.2], [-89.5, 41], [-90, 41], [-90, 40]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [county]}}
    path = tmp_path / "county.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    clean_files([path], tmp_path / "out.geojson", options())
    (change,) = json.loads((tmp_path / "out.ledger.json").read_bytes())["changes"]
    assert change["after"] == "6 positions in 1 part, without a tip of 22.2 km at (-89.5, 41.2)"
    assert change["greatest_displacement_m"] == pytest.approx(22_211, abs=1)


def test_points_and_lines_beside_a_spike_in_a_collection_stay(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[-90, 40], [-89, 40], [-90, 40], [-90, 41], [-91, 42]]}
    points = {"type": "MultiPoint", "coordinates": [[-90, 40], [-89, 40], [-90, 40], [-90, 41]]}
    area = {"type": "Polygon", "coordinates": [[[-80, 40], [-79, 40], [-79, 41], [-79, 45], [-79, 41], [-80, 40]]]}
    geometry = {"type": "GeometryCollection", "geometries": [line, points, area]}
    path = tmp_path / "mixed.geojson"
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": geometry}), encoding="utf-8")
    clean_files([path], tmp_path / "out.geojson", options(repair=("spike",)))
    after = json.loads((tmp_path / "out.geojson").read_bytes())["geometry"]["geometries"]
    # a line may well go there and back
    assert [one["coordinates"] for one in after[:2]] == [line["coordinates"], points["coordinates"]]
    assert [len(ring) for ring in after[2]["coordinates"]] == [4]
