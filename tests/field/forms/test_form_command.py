"""`atlas field form` as a person types it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def _run(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "atlas.cli", "field", "form", *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


@pytest.mark.slow
def test_both_forms_are_written_and_named(tmp_path: Path) -> None:
    done = _run("-o", "notes.xlsx", "--lang", "es", "--qfield", "phone", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "notes.xlsx").read_bytes().startswith(b"PK")
    assert sorted(path.name for path in (tmp_path / "phone").iterdir()) == [
        "atlas-notes.qgs",
        "base.gpkg",
        "notes.gpkg",
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "reason"),
    [((), "say what to write"), (("-o", "a.pdf"), ".xlsx"), (("-o", "a.xlsx", "--lang", "fr"), "fr")],
)
def test_a_wrong_word_is_one_sentence(words: tuple[str, ...], reason: str, tmp_path: Path) -> None:
    done = _run(*words, folder=tmp_path)
    assert done.returncode == 2
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())
