"""Bring what the tests need and this machine lacks: a browser, Firefox, npm's packages, the programs of `make interop`.

``python -m tools.provision`` is the first half of `make test`. What is there is used; Debian's packages are installed
where nobody has to be asked for a password; Playwright downloads a Chromium where there is none. What cannot be
brought is one sentence that says what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools import browsers, node
from tools.browsers import CHROMIUM, FIREFOX, BrowserError, Kind
from tools.node import NodeError

# the programs of `make interop`, and Debian's packages that bring them
INTEROP = {
    "java": "default-jre-headless",
    "ogr2ogr": "gdal-bin",
    "qgis_process": "qgis",
    "pg_ctlcluster": "postgresql",
}
# no program: PostgreSQL may be here without it; where Debian keeps it, for whichever PostgreSQL
POSTGIS = ("/usr/share/postgresql", "*/extension/postgis.control", "postgresql-postgis")
_ROOT = Path(__file__).resolve().parent.parent
JUDGES, STORES = _ROOT / ".cache" / "judges", _ROOT / ".cache" / "stores"
APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q")


def browser(kind: Kind) -> Path | None:
    """A browser of this kind, brought here if need be and possible; none otherwise."""
    if (path := browsers.find(kind)) or kind.variables[0] in os.environ:
        return path
    if apt(kind.package) and (path := browsers.find(kind)):
        return path
    return browsers.find(kind) if kind is CHROMIUM and _playwright() else None


def apt(*packages: str) -> bool:
    """Install Debian packages, where that takes no password; whether it was done."""
    right = _right()
    if right is None:
        return False
    _announce(f"Installing {', '.join(packages)} with apt-get")
    update = _done([*right, *APT, "update"])
    return update and _done([*right, *APT, "install", "-y", "--no-install-recommends", *packages])


def lacking(programs: Mapping[str, str], extension: tuple[str, str, str] = POSTGIS) -> list[str]:
    """The packages whose program is not on the PATH, and that of the database's extension where it is nowhere."""
    folder, pattern, package = extension
    missing = [] if any(Path(folder).glob(pattern)) else [package]
    return [name for program, name in programs.items() if shutil.which(program) is None] + missing


def main(wanted: Sequence[str]) -> int:
    """Bring what `test` (without a word) or `interop` need; 2 where the tests of pages could not run."""
    try:
        if "interop" in wanted:
            _interop()
        if not wanted or "test" in wanted:
            return _test()
    except (BrowserError, NodeError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _test() -> int:
    program = browser(CHROMIUM)
    if program is None:
        print(f"{CHROMIUM.remedy}. `make quick` runs the tests that need none.", file=sys.stderr)
        return 2
    print(f"Browser of the tests: {program}")
    print(f"Firefox of the tests: {browser(FIREFOX) or f'none, its tests are skipped: {FIREFOX.remedy}'}")
    print(f"axe-core and puppeteer of the tests: {node.packages(node.ROOT / 'web')}", flush=True)
    return 0


def _interop() -> None:
    if (packages := lacking(INTEROP)) and not apt(*packages):
        print(f"`make interop` will fail: install {', '.join(packages)} (Debian's names)", file=sys.stderr)
    for folder, what in ((JUDGES, "the judges of deposits"), (STORES, "a server of objects")):
        if not _apart(folder, what):
            file = f"tests/interop/{folder.name}.txt"
            print(f"`make interop` will fail: the packages of {file} can't be installed", file=sys.stderr)


def _apart(folder: Path, what: str) -> bool:
    """Programs of the tests in an environment of their own, since their packages don't go with the atlas'."""
    wanted = _ROOT / "tests" / "interop" / f"{folder.name}.txt"
    python = python_in(folder)
    stamp = folder / wanted.name
    if stamp.is_file() and stamp.read_bytes() == wanted.read_bytes():
        return True
    _announce(f"Installing {what}")
    made = _done([sys.executable, "-m", "venv", str(folder)])
    without = {key: value for key, value in os.environ.items() if key != "PIP_CONSTRAINT"}
    pip = [str(python), "-m", "pip", "install", "--quiet", "--requirement", str(wanted)]
    if not made or subprocess.run(pip, check=False, env=without).returncode:
        return False
    stamp.write_bytes(wanted.read_bytes())
    return True


def python_in(folder: Path) -> Path:
    """The Python of an environment, such as ``JUDGES``, whether it is there or not."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _right() -> list[str] | None:
    """The words before a command that only root may give."""
    if sys.platform != "linux" or shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n"] if allowed else None


def _playwright() -> bool:
    _announce("Downloading Playwright's Chromium (about 200 MB)")
    # as root it may bring the system's libraries that the download needs
    libraries = ["--with-deps"] if _right() == [] else []
    return _done([sys.executable, "-m", "playwright", "install", *libraries, "chromium"])


def _announce(text: str) -> None:
    print(f"{text} …", flush=True)


def _done(command: Sequence[str]) -> bool:
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
