"""The browser code as one script a page: what ``web/src/pages/`` names, bundled by the esbuild that ``web/`` pins.

The build hook and ``make atlas`` both make the bundles here. They carry a hash of all that they were made of as a
stamp, so that nothing is made again until a source changes, and nothing stale goes into a page.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

SOURCES = Path("web/src")
PACKAGE = Path("web/package.json")
LOCK = Path("web/package-lock.json")
BUNDLES = Path("atlas/render/static/bundles")
STAMP = "sources.sha256"
# as `Atlas` a page shows its parts to tests; older browsers than the target have no dialogs and no `Object.hasOwn`
OPTIONS = (
    "--bundle",
    "--minify",
    "--format=iife",
    "--global-name=Atlas",
    "--target=es2022",
    "--charset=utf8",
    # the licences of libraries stay with them
    "--legal-comments=inline",
    "--log-level=warning",
    # the types are checked by themselves and decide nothing here
    "--tsconfig-raw={}",
)
TIMEOUT_S = 120
# of the decoder of codes, what two thirds of it are: Japanese characters, in a mode that no code of the atlas uses
DECODER = Path("jsqr/dist/jsQR.js")
_TABLE, _TABLE_END = "exports.shiftJISTable = {", "};"


class BundleError(Exception):
    """The browser code could not be bundled."""


def entries(root: Path) -> list[Path]:
    """The modules that a page begins with; each is a bundle of the same name."""
    return sorted((root / SOURCES / "pages").glob("*.js"))


def stamp(root: Path) -> str:
    """A hash of all that decides what is in the bundles: sources, the pinned esbuild, its options."""
    digest = hashlib.sha256("\n".join([*OPTIONS, _TABLE]).encode())
    for path in [root / PACKAGE, root / LOCK, *sorted((root / SOURCES).rglob("*.js"))]:
        digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
        # whatever a checkout makes of line ends
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def up_to_date(root: Path) -> bool:
    """Whether every page has its bundle, made of the sources as they are."""
    folder = root / BUNDLES
    mark = folder / STAMP
    complete = mark.is_file() and all((folder / entry.name).is_file() for entry in entries(root))
    return complete and mark.read_text(encoding="ascii").strip() == stamp(root)


def bundle(root: Path, node: Sequence[str], modules: Path) -> None:
    """Make the bundles; the old ones stay as they are until all new ones are there.

    Parameters
    ----------
    root
        The source tree.
    node
        The words that start Node.
    modules
        The folder ``node_modules`` with the pinned esbuild.

    Raises
    ------
    BundleError
        If esbuild refuses a source, with its words.
    """
    folder = root / BUNDLES
    folder.parent.mkdir(parents=True, exist_ok=True)
    made_of = stamp(root)
    with tempfile.TemporaryDirectory(prefix=".bundles-", dir=folder.parent) as scratch:
        command = [*node, str(modules / "esbuild" / "bin" / "esbuild"), *map(str, entries(root)), *OPTIONS]
        with tempfile.TemporaryDirectory(prefix=".decoder-", dir=folder.parent) as beside:
            lean = Path(beside) / "jsqr.cjs"
            lean.write_text(_without_table((modules / DECODER).read_text(encoding="utf-8")), encoding="utf-8")
            alias = f"--alias:jsqr=./{lean.relative_to(root).as_posix()}"
            _run([*command, alias, f"--outdir={scratch}"], root, modules)
        (Path(scratch) / STAMP).write_text(made_of + "\n", encoding="ascii")
        folder.mkdir(exist_ok=True)
        (folder / STAMP).unlink(missing_ok=True)
        made = {path.name for path in Path(scratch).iterdir()}
        for name in sorted(made, key=lambda name: name == STAMP):
            os.replace(Path(scratch) / name, folder / name)  # noqa: PTH105 - over what is there, on Windows too
        for path in folder.iterdir():
            if path.name not in made:
                path.unlink()


def _without_table(code: str) -> str:
    before, table, rest = code.partition(_TABLE)
    _, end, after = rest.partition(_TABLE_END)
    if not (table and end):
        msg = f"{DECODER} has no {_TABLE!r}: look at what its new version is made of, and change {__name__} with it"
        raise BundleError(msg)
    return f"{before}{table}{_TABLE_END}{after}"


def _run(command: list[str], root: Path, modules: Path) -> None:
    # libraries that a page needs are imported by name, and need not lie beside the sources
    where = {**os.environ, "NODE_PATH": str(modules)}
    try:
        done = subprocess.run(
            command, cwd=root, capture_output=True, text=True, timeout=TIMEOUT_S, check=False, env=where
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        msg = f"esbuild did not run ({error}); check that `{shutil.which('node') or command[0]} --version` works"
        raise BundleError(msg) from error
    if done.returncode != 0:
        msg = f"esbuild could not bundle the browser code below {SOURCES}:\n{done.stderr.strip()[-4000:]}"
        raise BundleError(msg)
