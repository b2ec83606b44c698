"""QGIS without a screen: the project and the GeoPackage open styled and labelled, and QGIS' own tools find no fault."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest

from atlas.export import Exported

Run = Callable[..., str]
SYSTEMS = {"degrees": "EPSG:4326", "metres": "EPSG:6372"}


@pytest.fixture(scope="module", params=SYSTEMS)
def opened(
    request: pytest.FixtureRequest,
    run: Run,
    qgis_python: str,
    qgis_environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    exported: Exported = request.getfixturevalue(f"in_{request.param}")
    # QGIS writes into a GeoPackage that it opens
    folder = tmp_path_factory.mktemp("qgis")
    project, geopackage = (shutil.copy(exported.folder / name, folder) for name in ("atlas.qgs", "atlas.gpkg"))
    script, picture = Path(__file__).with_name("open_project.py"), folder / "map.png"
    # QGIS' libraries talk on stderr whatever they do
    text = run(qgis_python, script, project, geopackage, picture, env=qgis_environment, quiet=False)
    return {**json.loads(text), "picture": picture, "system": SYSTEMS[request.param]}


def test_every_layer_of_the_project_opens(opened: dict[str, Any], published: dict[str, list[Any]]) -> None:
    layers = opened["layers"].values()
    assert opened["read"]
    assert opened["crs"] == opened["system"]
    assert all(layer["valid"] for layer in layers)
    assert {layer["crs"] for layer in layers if layer["spatial"]} == {opened["system"]}
    assert sum(layer["count"] for layer in layers) == sum(map(len, published.values()))


def test_every_layer_of_the_project_is_styled_and_every_column_has_a_title(opened: dict[str, Any]) -> None:
    for name, layer in opened["layers"].items():
        assert layer["unaliased"] == ["fid"], name
        assert not layer["spatial"] or layer["renderer"] == "RuleRenderer", name
    unlabelled = {name for name, layer in opened["layers"].items() if layer["spatial"] and not layer["labels"]}
    assert unlabelled == {"Base map · Mapa base (areas · áreas)"}


def test_a_table_of_the_geopackage_alone_is_styled_too(opened: dict[str, Any]) -> None:
    for name, style in opened["styles"].items():
        assert style["loaded"], name
        assert style["rules"] > 0, name
        assert style["unaliased"] == ["fid"], name


def test_the_validity_check_of_qgis_finds_nothing(opened: dict[str, Any]) -> None:
    for name, layer in opened["layers"].items():
        if layer["spatial"]:
            assert (layer["VALID_COUNT"], layer["INVALID_COUNT"], layer["ERROR_COUNT"]) == (layer["count"], 0, 0), name


def test_every_layer_can_be_saved_as_one_of_the_readers_own(opened: dict[str, Any]) -> None:
    assert set(opened["saved"].values()) == {""}


def test_the_project_draws_a_map(opened: dict[str, Any]) -> None:
    assert opened["errors"] == []
    picture = (matplotlib.image.imread(opened["picture"])[:, :, :3] * 255).round().astype(int)
    colours, counts = np.unique(picture.reshape(-1, 3), axis=0, return_counts=True)
    assert len(colours) > 200
    assert counts.max() < 0.8 * counts.sum()
    river = np.abs(picture - (0x00, 0x72, 0xB2)).max(axis=2) <= 2
    # the border crosses the picture from side to side
    assert river.any(axis=0).sum() > 0.15 * picture.shape[1]
    assert river.any(axis=1).sum() > 0.3 * picture.shape[0]


def test_qgis_process_checks_the_municipalities(
    run: Run,
    program: Callable[[str, str], str],
    qgis_environment: dict[str, str],
    in_metres: Exported,
    tmp_path: Path,
) -> None:
    geopackage = shutil.copy(in_metres.folder / "atlas.gpkg", tmp_path)
    outputs = [f"{name}={tmp_path / name.lower()}.gpkg" for name in ("VALID_OUTPUT", "INVALID_OUTPUT", "ERROR_OUTPUT")]
    words = ["--json", "run", "qgis:checkvalidity", "--", f"INPUT_LAYER={geopackage}|layername=municipalities"]
    # Debian's wrapper adds an option that only the window knows
    name = "qgis_process.bin" if shutil.which("qgis_process.bin") else "qgis_process"
    command = [program(name, "qgis"), *words, "METHOD=2", *outputs]
    output = run(*command, env=qgis_environment, quiet=False)
    results = json.loads(output[output.index("{") :])["results"]
    assert (results["VALID_COUNT"], results["INVALID_COUNT"], results["ERROR_COUNT"]) == (23, 0, 0)
