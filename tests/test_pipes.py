"""Standard input and output of the commands that draw and compare: ``-`` in the place of one file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
from typer.testing import CliRunner, Result

from atlas.cli import app

NORTH = shapely.box(-91, 15, -90, 16)
SOUTH = shapely.box(-91, 14, -90, 14.9999)


def _layer(path: Path, area: shapely.Polygon) -> Path:
    geometry = json.loads(shapely.to_geojson(area))
    feature = {"type": "Feature", "properties": {"code": "01", "name": path.stem}, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


@pytest.fixture
def north(tmp_path: Path) -> bytes:
    return _layer(tmp_path / "north.geojson", NORTH).read_bytes()


def _run(data: bytes, *words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words)], input=data)


def test_diff_reads_one_edition_from_standard_input(north: bytes, tmp_path: Path) -> None:
    moved = _layer(tmp_path / "moved.geojson", shapely.box(-91, 15, -90, 16.001))
    done = _run(north, "diff", "-", moved, "-o", tmp_path / "out", "--no-page")
    assert done.exit_code == 1, done.output
    assert '"standard input"' in (tmp_path / "out" / "ledger.json").read_text("utf-8")


def test_edgematch_reads_one_side_from_standard_input(north: bytes, tmp_path: Path) -> None:
    south = _layer(tmp_path / "south.geojson", SOUTH)
    done = _run(north, "edgematch", south, "-", "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "B (standard input)" in done.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "ledger.json",
        "line.geojson",
        "south.geojson",
        "standard input.geojson",
    ]


def test_a_remedy_names_standard_input_by_its_sign(tmp_path: Path) -> None:
    south = _layer(tmp_path / "south.geojson", SOUTH)
    bow = _layer(tmp_path / "bow.geojson", shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])).read_bytes()
    done = _run(bow, "edgematch", south, "-", "-o", tmp_path / "out")
    assert "repair it with `atlas clean - -o OUT.geojson`" in str(done.exception)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["diff", "-", "-", "-o", "out"], "can be read once only"),
        (["diff", "-", "x.geojson", "-o", "-"], "give a folder by -o DIR"),
        (["edgematch", "-", "-", "-o", "out"], "can be read once only"),
        (["edgematch", "-", "x.geojson", "--line", "-", "-o", "out"], "can be read once only"),
        (["edgematch", "-", "x.geojson", "-o", "-"], "give a folder by -o DIR"),
        (["figure", "-", "-o", "-"], "give -o FILE.png"),
        (["map", "-", "--as-toml"], "give a file"),
    ],
)
def test_where_it_cannot_be_one_error_says_so(words: list[str], message: str, north: bytes) -> None:
    assert message in str(_run(north, *words).exception)


def test_map_reads_standard_input_and_writes_standard_output(north: bytes) -> None:
    done = _run(north, "map", "-", "-o", "-")
    assert done.exit_code == 0, done.output
    assert done.stdout_bytes.startswith(b"<!DOCTYPE html>")
    assert done.stdout_bytes.rstrip().endswith(b"</html>")


def test_figure_reads_standard_input(north: bytes, tmp_path: Path) -> None:
    done = _run(north, "figure", "-", "-o", tmp_path / "north.png", "--dpi", "50")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "north.png").read_bytes().startswith(b"\x89PNG")
