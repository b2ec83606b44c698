"""`atlas diff`: two files in, what changed out."""

from __future__ import annotations

import csv
import io
import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from typer.testing import CliRunner

from atlas.check import check_files
from atlas.cli import app
from atlas.editions.command import DiffOptions, diff_files
from atlas.errors import InputError, UsageError

SQUARES = {"1": [-92.0, 16.0], "2": [-91.5, 16.0], "3": [-91.0, 16.0]}


def square(west: float, south: float, width: float = 0.5) -> dict[str, Any]:
    east, north = west + width, south + 0.5
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def layer(path: Path, rows: list[tuple[str, str, dict[str, Any] | None, str | None]]) -> Path:
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                **({"id": identifier} if identifier else {}),
                "properties": {"code": code, "name": name, "tags": ["a"], "people": 7},
                "geometry": geometry,
            }
            for code, name, geometry, identifier in rows
        ],
    }
    path.write_text(json.dumps(collection), "utf-8")
    return path


@pytest.fixture
def editions(tmp_path: Path) -> tuple[Path, Path]:
    old = [(code, f"M{code}", square(*place), f"mx-{code}") for code, place in SQUARES.items()]
    new = [
        ("1", "M1", square(-92.0, 16.0, 0.3), None),
        ("9", "Nuevo", square(-91.7, 16.0, 0.2), "mx-2"),
        ("2", "M2 de Hidalgo", square(-91.5, 16.0), None),
    ]
    return layer(tmp_path / "old.geojson", old), layer(tmp_path / "new.geojson", new)


@pytest.mark.slow
def test_changes_are_a_table_a_layer_and_a_ledger(editions: tuple[Path, Path], tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["diff", *map(str, editions), "-o", str(tmp_path / "out")])
    assert result.exit_code == 1, result.output
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out" / "changes.csv").read_text("utf-8"))))
    assert [(row["change"], row["old_code"], row["new_code"]) for row in rows] == [
        ("split", "1", "1"),
        ("split", "1", "9"),
        ("renamed", "2", "2"),
        ("gone", "3", ""),
    ]
    ledger = json.loads((tmp_path / "out" / "ledger.json").read_text("utf-8"))
    assert ledger["counts"]["split"] == 2
    assert ledger["events"][0] == {"event": 1, "change": "split", "old": ["1"], "new": ["1", "9"]}
    assert len(ledger["old"]["sha256"]) == 64
    assert "split" in result.output


def test_ids_are_carried_over_and_none_is_given_again(editions: tuple[Path, Path], tmp_path: Path) -> None:
    diff_files(*editions, tmp_path / "out")
    features = json.loads((tmp_path / "out" / "edition.geojson").read_text("utf-8"))["features"]
    # the new one came with the id of what is another place in the old edition
    assert [feature["id"] for feature in features] == ["mx-1", "mx-2-2", "mx-2"]
    assert features[1]["properties"] == {"code": "9", "name": "Nuevo", "tags": ["a"], "people": 7}


def test_what_is_written_passes_check(editions: tuple[Path, Path], tmp_path: Path) -> None:
    diff_files(*editions, tmp_path / "out")
    for name in ("changes.geojson", "edition.geojson"):
        text, failed = check_files([tmp_path / "out" / name])
        assert not failed, text


@pytest.mark.slow
def test_the_page_shows_both_editions_and_each_kind_of_change(editions: tuple[Path, Path], tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["diff", *map(str, editions), "-o", str(tmp_path / "out")])
    page = (tmp_path / "out" / "changes.html").read_text("utf-8")
    assert result.exit_code == 1, result.output
    for words in ("New edition", "Edición nueva", "split · dividida", "gone · desaparecida", "M2 de Hidalgo"):
        assert words in page, words
    CliRunner().invoke(app, ["diff", *map(str, editions), "-o", str(tmp_path / "bare"), "--no-page"])
    assert not (tmp_path / "bare" / "changes.html").exists()


@pytest.mark.slow
def test_the_same_edition_twice_ends_with_zero(editions: tuple[Path, Path], tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["diff", str(editions[0]), str(editions[0]), "-o", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "are the same" in result.output


def test_the_same_input_gives_the_same_bytes(editions: tuple[Path, Path], tmp_path: Path) -> None:
    for name in ("a", "b"):
        diff_files(*editions, tmp_path / name)
    assert all((tmp_path / "b" / one.name).read_bytes() == one.read_bytes() for one in (tmp_path / "a").iterdir())


def point(coordinates: str) -> str:
    return f'{{"type":"Feature","properties":null,"geometry":{{"type":"Point","coordinates":{coordinates}}}}}'


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("{", "is not JSON"),
        ('{"type": "Thing"}', "is no GeoJSON layer"),
        (point('["-91","15"]'), "feature 1: a coordinate is '"),
        (point("[500000,1700000]"), "not longitude and latitude"),
        (point("[NaN,1]"), "NaN"),
        (point("[1]"), "feature 1"),
        ('{"type":"FeatureCollection","features":[],"features":[]}', "twice"),
    ],
)
def test_a_file_that_says_something_else_is_refused_and_nothing_written(
    editions: tuple[Path, Path], tmp_path: Path, text: str, match: str
) -> None:
    bad = tmp_path / "bad.geojson"
    bad.write_text(text, "utf-8")
    with pytest.raises(InputError, match=match):
        diff_files(editions[0], bad, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_distance_must_be_one(editions: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--tolerance-m -1 is no distance"):
        diff_files(*editions, tmp_path / "out", DiffOptions(tolerance_m=-1))


def test_a_folder_that_is_a_file_is_refused(editions: tuple[Path, Path]) -> None:
    with pytest.raises(UsageError, match="is a file"):
        diff_files(*editions, editions[0])


def test_an_edition_in_another_system_is_not_taken_for_degrees(tmp_path: Path) -> None:
    old = layer(tmp_path / "old.geojson", [("1", "M1", square(-92.0, 16.0), None)])
    document = json.loads(old.read_bytes())
    new = tmp_path / "new.geojson"
    named = {"type": "name", "properties": {"name": "EPSG:32615"}}
    new.write_text(json.dumps({**document, "crs": named}), "utf-8")
    with pytest.raises(InputError, match="another system than degrees"):
        diff_files(old, new, tmp_path / "out", DiffOptions())


def test_an_empty_shape_of_a_map_file_is_no_place(tmp_path: Path) -> None:
    shapes = [shapely.box(-92, 15, -91, 16), shapely.Polygon(), None]
    frame = geopandas.GeoDataFrame({"name": ["a", "b", "c"]}, geometry=shapes, crs="EPSG:4326")
    frame.to_file(tmp_path / "a.gpkg")
    comparison = diff_files(tmp_path / "a.gpkg", tmp_path / "a.gpkg", tmp_path / "diff").comparison
    assert comparison.is_same
    assert [shape is None for shape in comparison.new.shapes] == [False, True, True]


def test_what_has_no_place_in_either_edition_is_told_by_what_it_says(tmp_path: Path) -> None:
    paths = []
    for n, rows in enumerate(({"n": 1}, {"n": 2}), start=1):
        features = [{"type": "Feature", "geometry": None, "properties": row} for row in ({"x": "a"}, {"x": "a"}, rows)]
        paths.append(tmp_path / f"{n}.geojson")
        paths[-1].write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    comparison = diff_files(*paths, tmp_path / "diff").comparison
    assert dict(comparison.counts) == {"unchanged": 2, "gone": 1, "new": 1}


@pytest.mark.parametrize("line", [[[-90, 15, 1, 2], [-89, 15, 1, 2]], [[-90, 15, 1], [-89, 15]]])
def test_numbers_after_latitude_keep_no_edition_from_being_read(line: list[list[float]], tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    geometry = {"type": "LineString", "coordinates": line}
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": geometry}), encoding="utf-8")
    assert diff_files(path, path, tmp_path / "diff").comparison.is_same


@pytest.mark.slow
def test_a_page_of_changes_loads_no_library_that_it_does_not_need(editions: tuple[Path, Path], tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from atlas.cli import app\n"
        "app(sys.argv[1:], standalone_mode=False)\n"
        "print(sorted({'pandas', 'pyarrow', 'matplotlib', 'atlas.disclosure'} & set(sys.modules)))\n"
    )
    given = ["diff", *map(str, editions), "-o", str(tmp_path / "out")]
    ran = subprocess.run([sys.executable, "-c", code, *given], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"
    assert (tmp_path / "out" / "changes.html").stat().st_size > 0


def star(corners: int, *, closed: bool = True) -> list[list[float]]:
    angles = [2 * math.pi * n / corners for n in range(corners)]
    ring = [[round(-91 + math.cos(a), 15), round(16 + math.sin(a), 15)] for a in angles]
    return [*ring, ring[0]] if closed else ring


@pytest.mark.parametrize("last", ["14.9500", "15E0"])
def test_the_edition_has_the_digits_of_the_new_file(tmp_path: Path, last: str) -> None:
    ring = json.dumps(star(20)[:-1])[:-1] + f", [-90, {last}], [-90.0, 16.0]]"
    text = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1"},"geometry":'
    text += f'{{"type":"Polygon","coordinates":[{ring}]}}}}]}}'
    (tmp_path / "new.geojson").write_text(text, "utf-8")
    diff_files(tmp_path / "new.geojson", tmp_path / "new.geojson", tmp_path / "out")
    written = (tmp_path / "out" / "edition.geojson").read_text("utf-8")
    assert ring.replace(" ", "") in written


def test_the_edition_closes_a_ring_that_the_file_leaves_open(tmp_path: Path) -> None:
    shape = {"type": "Polygon", "coordinates": [star(20, closed=False)]}
    open_ring = layer(tmp_path / "new.geojson", [("1", "M1", shape, None)])
    diff_files(open_ring, open_ring, tmp_path / "out")
    (ring,) = json.loads((tmp_path / "out" / "edition.geojson").read_text("utf-8"))["features"][0]["geometry"][
        "coordinates"
    ]
    assert ring == star(20)


def test_an_edition_without_features_is_one(editions: tuple[Path, Path], tmp_path: Path) -> None:
    empty = layer(tmp_path / "empty.geojson", [])
    made = diff_files(editions[0], empty, tmp_path / "out")
    assert {kind.value: count for kind, count in made.comparison.counts.items()} == {"gone": 3}
    assert diff_files(empty, empty, tmp_path / "same").comparison.is_same
