"""Every block of code in the guides, run as a reader would run it."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _blocks() -> Iterator[tuple[str, str, str]]:
    for page in sorted((ROOT / "docs" / "start").glob("*.md")):
        for place, (language, code) in enumerate(BLOCK.findall(page.read_text("utf-8")), 1):
            yield f"{page.name}-{place}", language, code


@pytest.mark.parametrize("name", sorted({name.rpartition("-")[0] for name, _, _ in _blocks()}))
def test_the_blocks_of_a_guide_run_one_after_the_other(name: str, repo: Path, tmp_path: Path) -> None:
    english = {code for block, _, code in _blocks() if block.rpartition("-")[0] == name.replace(".es.md", ".md")}
    for block, language, code in _blocks():
        # what the English page runs as well has run there
        if block.rpartition("-")[0] != name or (".es." in name and code in english):
            continue
        if language == "python":
            run = [[sys.executable, "-c", code.replace("atlas.open()", f"atlas.open({str(repo)!r})")]]
        else:
            run = [
                [sys.executable, "-m", "atlas", "--project", str(repo), *shlex.split(line)[1:]]
                for line in code.strip().splitlines()
            ]
        for command in run:
            done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
            assert done.returncode == 0, f"{block}: {done.stderr}"
            assert done.stdout, block


def test_the_guides_have_code_to_run() -> None:
    assert {language for _, language, _ in _blocks()} == {"sh", "python"}
    assert len(list(_blocks())) >= 16
