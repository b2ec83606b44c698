"""Two programs from npm that know nothing of the atlas: check-geojson on the form, mapshaper on the shapes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from shapely import union_all
from shapely.geometry import box, mapping, shape

from atlas.export import Exported
from atlas.geojson.collection import dumps
from atlas.layers.schema import layer_specs

Run = Callable[..., str]
JUDGE = """
const {getIssues} = require("@placemarkio/check-geojson");
const {readFileSync} = require("node:fs");
const said = {};
for (const file of process.argv.slice(1)) said[file] = getIssues(readFileSync(file, "utf8"));
console.log(JSON.stringify(said));
"""


@pytest.fixture
def mapshaper(run: Run, node: Path, judges: Path, tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """Runs mapshaper on a file and gives the features or rows it makes of it."""

    def runs(path: Path, *commands: str, form: str = "geojson") -> list[dict[str, Any]]:
        program = judges / "mapshaper" / "bin" / "mapshaper"
        # a file with several kinds of shape is several layers in mapshaper, and becomes several files
        made = Path(mkdtemp(dir=tmp_path))
        run(node, program, path, "-quiet", *commands, "-o", made, "target=*", f"format={form}", "id-field=FID")
        collections = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(made.iterdir())]
        return [one for file in collections for one in (file["features"] if form == "geojson" else file)]

    return runs


Issues = Callable[..., dict[str, list[Any]]]


@pytest.fixture(scope="session")
def check_geojson(run: Run, node: Path, judges: Path) -> Issues:
    """What check-geojson says of files, by their paths."""

    def verdicts(*files: Path) -> dict[str, list[Any]]:
        report: dict[str, list[Any]] = json.loads(run(node, "-e", JUDGE, *files, env={"NODE_PATH": str(judges)}))
        assert len(report) == len(files)
        return report

    return verdicts


def test_check_geojson_finds_nothing_in_any_layer(
    check_geojson: Issues, repo: Path, in_degrees: Exported, in_metres: Exported
) -> None:
    committed = sorted((repo / "geodata" / "layers").glob("*.geojson"))
    exported = [path for made in (in_degrees, in_metres) for path in sorted((made.folder / "geojson").iterdir())]
    assert {path: issues for path, issues in check_geojson(*committed, *exported).items() if issues} == {}


def test_check_geojson_would_have_found_something(check_geojson: Issues, tmp_path: Path) -> None:
    broken = tmp_path / "broken.geojson"
    broken.write_text('{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}', encoding="utf-8")
    assert check_geojson(broken)[str(broken)]


def _rows(features: list[dict[str, Any]], names: set[str]) -> dict[str, tuple[Any, dict[str, Any]]]:
    # mapshaper leaves a column out where no feature of a kind of shape has a value
    return {
        feature["id"]: (
            sorted(part.normalize().wkt for part in _parts(feature["geometry"])),
            {name: feature["properties"].get(name) for name in names},
        )
        for feature in features
    }


@pytest.mark.parametrize("layer", layer_specs())
def test_mapshaper_reads_every_layer_and_writes_it_back(
    mapshaper: Callable[..., list[dict[str, Any]]], tmp_path: Path, published: dict[str, list[Any]], layer: str
) -> None:
    # mapshaper 0.7 stops at features without a place beside lines and areas ("Mismatch between number of …")
    placed = [feature for feature in published[layer] if feature["geometry"]]
    path = tmp_path / f"{layer}.geojson"
    path.write_bytes(dumps(placed))
    names = {field.name for field in layer_specs()[layer].fields}
    assert _rows(mapshaper(path), names) == _rows(placed, names)


def test_mapshaper_finds_each_place_in_one_municipality(
    mapshaper: Callable[..., list[dict[str, Any]]], repo: Path, published: dict[str, list[Any]]
) -> None:
    layer = repo / "geodata" / "layers" / "municipalities.geojson"
    tiles = mapshaper(layer, "-mosaic", "calc=n = count()", form="json")
    parts = [part for feature in published["municipalities"] for part in _parts(feature["geometry"])]
    assert [tile["n"] for tile in tiles] == [1] * len(parts)


def _parts(geometry: Any) -> list[Any]:
    """The single shapes of a geometry: whether one of them is called multiple is not the same in all programs."""
    geometry_shape = geometry and shape(geometry)
    return list(getattr(geometry_shape, "geoms", [geometry_shape])) if geometry_shape else []


@pytest.mark.parametrize("moved", [0.000004, -0.000004], ids=["gap", "overlap"])
def test_what_clean_writes_is_sound_to_both(
    mapshaper: Callable[..., list[dict[str, Any]]],
    check_geojson: Issues,
    run: Run,
    tmp_path: Path,
    moved: float,
) -> None:
    # plainly made up: two squares whose common edge is there twice, 0.4 m apart
    boxes = {"west": (10.0, 10.0, 10.1, 10.1), "east": (round(10.1 + moved, 6), 10.0, 10.2, 10.1)}
    features = [
        {"type": "Feature", "id": name, "properties": {"name": name}, "geometry": mapping(box(*corners))}
        for name, corners in boxes.items()
    ]
    source, out = tmp_path / "squares.geojson", tmp_path / "clean.geojson"
    source.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    run(sys.executable, "-m", "atlas.cli", "clean", source, "-o", out, quiet=False)
    assert check_geojson(out)[str(out)] == []
    # each place in one area, and neither a strip of both nor one of none between them
    tiles = mapshaper(out, "-mosaic", "calc=n = count()")
    assert [tile["properties"]["n"] for tile in tiles] == [1, 1]
    assert union_all([shape(tile["geometry"]) for tile in tiles]).geom_type == "Polygon"
