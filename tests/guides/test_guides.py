"""Every block of code in the guides, run as a reader would run it."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _blocks() -> Iterator[tuple[str, str, str]]:
    for page in sorted((ROOT / "docs" / "start").glob("*.md")):
        for place, (language, code) in enumerate(BLOCK.findall(page.read_text("utf-8")), 1):
            yield f"{page.name}-{place}", language, code


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command_line: Callable[..., subprocess.CompletedProcess[str]],
    repo: Path,
    tmp_path: Path,
) -> Callable[[str, str], Iterator[tuple[int, str, str]]]:
    """Ending, output and errors of each command of a block, or of its Python as a whole, in this process."""

    def runs(language: str, code: str) -> Iterator[tuple[int, str, str]]:
        if language == "python":
            with monkeypatch.context() as patch:
                patch.chdir(tmp_path)
                exec(code.replace("atlas.open()", f"atlas.open({str(repo)!r})"), {"__name__": "__main__"})  # noqa: S102 - our own guide
            yield 0, *capsys.readouterr()
            return
        for line in code.strip().splitlines():
            done = command_line("--project", repo, *shlex.split(line)[1:], cwd=tmp_path)
            yield done.returncode, done.stdout, done.stderr

    return runs


@pytest.mark.parametrize("name", sorted({name.rpartition("-")[0] for name, _, _ in _blocks()}))
def test_the_blocks_of_a_guide_run_one_after_the_other(
    name: str, run: Callable[[str, str], Iterator[tuple[int, str, str]]]
) -> None:
    english = {code for block, _, code in _blocks() if block.rpartition("-")[0] == name.replace(".es.md", ".md")}
    for block, language, code in _blocks():
        # what the English page runs as well has run there
        if block.rpartition("-")[0] != name or (".es." in name and code in english):
            continue
        for ending, output, errors in run(language, code):
            assert ending == 0, f"{block}: {errors}"
            assert output, block


def test_the_guides_have_code_to_run() -> None:
    assert {language for _, language, _ in _blocks()} == {"sh", "python"}
    assert len(list(_blocks())) >= 16
