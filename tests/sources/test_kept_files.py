"""What is kept of a package's files is kept no longer than they stay as they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from atlas.sources.kept_files import kept_while_unchanged


def test_a_file_that_changed_is_read_anew(tmp_path: Path) -> None:
    read: list[str] = []

    @kept_while_unchanged(2)
    def text(path: Path, *, end: str) -> str:
        read.append(path.name)
        return path.read_text(encoding="utf-8") + end

    path = tmp_path / "one"
    path.write_text("a", encoding="utf-8")
    assert [text(path, end=end) for end in ".!."] == ["a.", "a!", "a."]
    assert read == ["one", "one"]
    # of the same size, and put back to the same time
    times = path.stat()
    path.write_text("b", encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert text(path, end=".") == "b."


def test_a_file_that_is_gone_is_not_remembered(tmp_path: Path) -> None:
    read = kept_while_unchanged(1)(lambda path: path.read_bytes())
    path = tmp_path / "one"
    path.write_bytes(b"a")
    read(path)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        read(path)
