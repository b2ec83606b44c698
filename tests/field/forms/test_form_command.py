"""`atlas field form` as a person types it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.slow
def test_both_forms_are_written_and_named(command_line: Command, tmp_path: Path) -> None:
    done = command_line("field", "form", "-o", "notes.xlsx", "--lang", "es", "--qfield", "phone", cwd=tmp_path)
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
def test_a_wrong_word_is_one_sentence(
    command_line: Command, words: tuple[str, ...], reason: str, tmp_path: Path
) -> None:
    done = command_line("field", "form", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())
