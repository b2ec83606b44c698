"""Every command of the gallery, run as a reader would; every notebook, run again with the same outputs."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.notebooks import FOLDER, executed

pytestmark = pytest.mark.slow

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"
COMMANDS = re.findall(r"^```sh\n(.*?)\n```$", (GALLERY / "index.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
Command = Callable[..., subprocess.CompletedProcess[str]]


def test_the_gallery_has_twelve_maps() -> None:
    assert len(COMMANDS) == 12


@pytest.mark.long
@pytest.mark.parametrize("line", COMMANDS, ids=[line.split()[-1] for line in COMMANDS])
def test_a_map_of_the_gallery_is_made(
    line: str, repo: Path, command_line: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(GALLERY / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line)
    done = command_line(*words[1:], "--project", repo)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / words[-1]).stat().st_size > 20_000


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_says_what_it_said(path: Path) -> None:
    kept = json.loads(path.read_text("utf-8"))["cells"]
    assert [cell.get("outputs") for cell in executed(path)["cells"]] == [cell.get("outputs") for cell in kept]
