"""The atlas' files in the hands of other programs: exports to read, and how each program is started."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tools.node
from atlas.api import Atlas
from atlas.export import Exported
from atlas.published import open_published_layers

TIMEOUT_S = 300
Feature = dict[str, Any]
Run = Callable[..., str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = f"{Path(__file__).parent}{os.sep}"
    for item in items:
        # what takes minutes is run by `make long`
        if str(item.path).startswith(here) and not item.get_closest_marker("long"):
            item.add_marker(pytest.mark.interop)


@pytest.fixture(scope="session")
def run() -> Run:
    """Starts a program and gives what it said; whatever it complains about fails the test."""

    def runs(*command: str | Path, quiet: bool = True, **options: Any) -> str:
        words = [str(word) for word in command]
        for _ in range(2):
            done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=TIMEOUT_S, **options)
            # a program of others that crashed once is asked again; what crashes twice is a finding
            if done.returncode >= 0:
                break
        assert done.returncode == 0, f"{words}: {done.stderr.strip()[-3000:]}"
        assert not (quiet and done.stderr.strip()), f"{words}: {done.stderr.strip()[-3000:]}"
        return done.stdout

    return runs


@pytest.fixture(scope="session")
def program(lacking: Callable[[str], None]) -> Callable[[str, str], str]:
    """Where a program is; the test is skipped, or fails, without it."""

    def finds(name: str, package: str) -> str:
        path = shutil.which(name)
        if path is None:
            lacking(f"no {name} here (Debian: {package})")
        return str(path)

    return finds


@pytest.fixture(scope="session")
def ogr2ogr(program: Callable[[str, str], str]) -> str:
    return program("ogr2ogr", "gdal-bin")


@pytest.fixture(scope="session")
def atlas(repo: Path) -> Atlas:
    return Atlas.at(repo)


@pytest.fixture(scope="session")
def published(atlas: Atlas) -> dict[str, list[Feature]]:
    """The features of every layer as they are published, by the layer's name."""
    release = open_published_layers(atlas.project)
    return {name: list(release.features(name)) for name in atlas.layers}


@pytest.fixture(scope="session")
def in_degrees(exports: Callable[[str], Exported]) -> Exported:
    return exports("EPSG:4326")


@pytest.fixture(scope="session")
def in_metres(exports: Callable[[str], Exported]) -> Exported:
    return exports("EPSG:6372")


@pytest.fixture(scope="session")
def node() -> Path:
    return tools.node.node()


@pytest.fixture(scope="session")
def judges(repo: Path) -> Path:
    """The folder of npm's packages as `web/judges/package-lock.json` pins them, kept between runs."""
    return tools.node.packages(repo / "web" / "judges")


@pytest.fixture(scope="session")
def qgis_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """QGIS without a screen, with a profile of its own, and with the system's Python."""
    folder = str(tmp_path_factory.mktemp("qgis-profile"))
    kept = {key: text for key, text in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "QGIS"))}
    # an environment that somebody activated would give QGIS its libraries
    kept["PATH"] = os.pathsep.join(
        part for part in kept["PATH"].split(os.pathsep) if not (Path(part).parent / "pyvenv.cfg").is_file()
    )
    return {**kept, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": folder, "QGIS_CUSTOM_CONFIG_PATH": folder}


@pytest.fixture(scope="session")
def qgis_python(lacking: Callable[[str], None], qgis_environment: dict[str, str]) -> str:
    for name in ("/usr/bin/python3", shutil.which("python3")):
        if name and Path(name).exists():
            probe = [name, "-c", "import qgis.core"]
            if subprocess.run(probe, capture_output=True, check=False, env=qgis_environment).returncode == 0:
                return name
    lacking("no Python here has QGIS (Debian: python3-qgis)")
    return ""
