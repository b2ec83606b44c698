"""The project in QGIS itself, where a Python on this machine has it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest

from atlas.export import Exported


def _pythons() -> Iterator[str]:
    for name in ("/usr/bin/python3", shutil.which("python3")):
        if name and Path(name).exists():
            probe = subprocess.run([name, "-c", "import qgis.core"], capture_output=True, check=False)
            if probe.returncode == 0:
                yield name


@pytest.fixture(scope="module")
def opened_in_qgis(exported: Exported, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    python = next(_pythons(), None)
    if python is None:
        pytest.skip("no Python here has QGIS (Debian: python3-qgis)")
    # QGIS writes into a GeoPackage that it opens, and other tests read the bytes
    folder = tmp_path_factory.mktemp("qgis")
    project, geopackage = (shutil.copy(exported.folder / name, folder) for name in ("atlas.qgs", "atlas.gpkg"))
    picture = folder / "map.png"
    script = Path(__file__).with_name("read_project.py")
    command = [python, str(script), str(project), str(geopackage)]
    environment = {key: text for key, text in os.environ.items() if not key.startswith("PYTHON")}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(picture.parent)}
    done = subprocess.run(
        [*command, str(picture)], capture_output=True, text=True, check=True, env=environment, timeout=120
    )
    return {**json.loads(done.stdout), "picture": picture}


@pytest.mark.slow
def test_qgis_finds_every_table(opened_in_qgis: dict[str, Any]) -> None:
    assert opened_in_qgis["crs"] == "EPSG:4326"
    assert all(layer["valid"] and layer["count"] > 0 for layer in opened_in_qgis["layers"].values())
    drawn = {name: layer["renderer"] for name, layer in opened_in_qgis["layers"].items() if layer["spatial"]}
    assert set(drawn.values()) == {"RuleRenderer"}
    assert not opened_in_qgis["errors"]


@pytest.mark.slow
def test_qgis_takes_the_style_out_of_the_geopackage(opened_in_qgis: dict[str, Any]) -> None:
    assert opened_in_qgis["styled"]
    assert opened_in_qgis["rules"] == [
        "river · río",
        "parallel · paralelo",
        "meridian · meridiano",
        "straight line · línea recta",
    ]
    assert opened_in_qgis["alias"] == "nature of the line · naturaleza de la línea"


@pytest.mark.slow
def test_the_map_has_the_colours_of_the_atlas(opened_in_qgis: dict[str, Any]) -> None:
    picture = (matplotlib.image.imread(opened_in_qgis["picture"])[:, :, :3] * 255).round().astype(int).reshape(-1, 3)
    shares = {
        name: np.mean(np.abs(picture - colour).max(axis=1) <= 2)
        for name, colour in {
            "sea": (0xDF, 0xEA, 0xF2),
            "Mexico": (0xEC, 0xE7, 0xDB),
            "neighbours": (0xF4, 0xF1, 0xEA),
            "river": (0x00, 0x72, 0xB2),
            "parallel": (0x8C, 0x2D, 0x19),
            "formal crossing": (0x00, 0x9E, 0x73),
        }.items()
    }
    assert min(shares["sea"], shares["Mexico"], shares["neighbours"]) > 0.05
    assert min(shares["river"], shares["parallel"], shares["formal crossing"]) > 0.0001
