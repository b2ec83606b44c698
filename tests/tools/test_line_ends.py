"""A clone on Windows has the bytes that the hashes are of, whatever Git for Windows makes of line ends."""

from __future__ import annotations

import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

# Git for Windows' defaults, on a system whose own line end is CRLF
WINDOWS = ("-c", "core.autocrlf=true", "-c", "core.eol=native")
HELD_BY_THEIR_BYTES = (
    "geodata/registry.json",
    "geodata/layers/*.geojson",
    "geodata/evidence/*.csv",
    "web/package-lock.json",
    "web/src/*.js",
    ".ci/run",
    "Makefile",
)
AS_IT_CAME = "tests/data/valid/with-crlf.geojson"


def _git(folder: Path, *words: str | Path) -> None:
    person = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org")
    subprocess.run(["git", *WINDOWS, *person, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def original(repo: Path, tmp_path: Path) -> Path:
    """A repository of the files whose bytes count, committed on Windows."""
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    folder = tmp_path / "original"
    for path in [path for pattern in HELD_BY_THEIR_BYTES for path in repo.glob(pattern)]:
        copy = folder / path.relative_to(repo)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    (folder / AS_IT_CAME).parent.mkdir(parents=True)
    (folder / AS_IT_CAME).write_bytes(b'{"type": "Point",\r\n "coordinates": [1, 2]}\n')
    return folder


def _clone(original: Path) -> Path:
    _git(original, "init", "--quiet")
    _git(original, "add", ".")
    _git(original, "commit", "--quiet", "--message", "as they are")
    _git(original.parent, "clone", "--quiet", original, "clone")
    return original.parent / "clone"


def _different(original: Path, clone: Path) -> set[str]:
    names = [path.relative_to(original) for path in original.rglob("*") if path.is_file() and ".git" not in path.parts]
    assert len(names) > 40
    return {name.as_posix() for name in names if (original / name).read_bytes() != (clone / name).read_bytes()}


def test_a_clone_on_windows_has_the_bytes_that_the_hashes_are_of(repo: Path, original: Path) -> None:
    shutil.copyfile(repo / ".gitattributes", original / ".gitattributes")
    clone = _clone(original)
    assert _different(original, clone) == set()
    registry = json.loads((clone / "geodata" / "registry.json").read_text(encoding="utf-8"))
    hashes = {layer["name"]: layer["sha256"] for layer in registry["layers"]}
    layers = {name: (clone / "geodata" / "layers" / f"{name}.geojson").read_bytes() for name in hashes}
    assert {name: sha256(data).hexdigest() for name, data in layers.items()} == hashes


def test_without_the_attributes_git_would_change_every_layer(original: Path) -> None:
    """Otherwise the test above shows nothing."""
    different = _different(original, _clone(original))
    assert {path.relative_to(original).as_posix() for path in original.glob("geodata/layers/*")} <= different
