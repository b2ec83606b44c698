"""The browser code: bundle it, lint it and check its types, run its unit tests.

``python -m tools.web bundle`` makes the bundles that are not up to date; ``check`` lints, holds the format and the
types; ``test`` runs ``web/test/`` with Node's own runner; ``format`` writes the format.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import bundles, node
from tools.bundles import BundleError
from tools.node import ROOT, NodeError

WEB = ROOT / "web"


def refresh(root: Path = ROOT) -> bool:
    """Make the bundles unless they are up to date; whether they had to be made.

    Raises
    ------
    NodeError
        If there is neither Node nor a network to fetch it and esbuild from.
    BundleError
        If esbuild refuses a source.
    """
    if bundles.up_to_date(root):
        return False
    bundles.bundle(root, [str(node.node())], node.packages(root / "web"))
    return True


def check() -> int:
    """Lint, format and types; 0 where nothing is to be said."""
    # the linter first: what it reports is mostly the reason of what the types report
    lint = _tool("@biomejs/biome/bin/biome", "check", *_quiet())
    return lint or _tool("typescript/bin/tsc")


def test() -> int:
    """The unit tests, those of one file in a process of its own."""
    _link()
    files = sorted(path.relative_to(WEB).as_posix() for path in (WEB / "test").rglob("*.test.js"))
    return _run([str(node.node()), "--test", *files])


def main(words: Sequence[str]) -> int:
    """Do what the first word says; 2 where that is not possible here."""
    steps = {"bundle": lambda: 0 if refresh() in {True, False} else 1, "check": check, "test": test, "format": _format}
    if len(words) != 1 or words[0] not in steps:
        print(f"python -m tools.web {'|'.join(steps)}", file=sys.stderr)
        return 2
    try:
        return steps[words[0]]()
    except (NodeError, BundleError) as error:
        print(error, file=sys.stderr)
        return 2


def _format() -> int:
    return _tool("@biomejs/biome/bin/biome", "check", "--write", *_quiet())


def _quiet() -> list[str]:
    return ["--colors=off", "."]


def _tool(program: str, *words: str) -> int:
    return _run([str(node.node()), str(_link() / program), *words])


def _link() -> Path:
    """The folder of packages, which tests, editors and the tools themselves look for beside the sources."""
    modules = node.packages(WEB)
    link = WEB / "node_modules"
    if link.is_symlink() and link.resolve() != modules.resolve():
        link.unlink()
    if not link.exists():
        link.symlink_to(modules, target_is_directory=True)
    return modules


def _run(command: list[str]) -> int:
    return subprocess.run(command, cwd=WEB, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
