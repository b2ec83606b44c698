"""What was read waits for the store in order, out of memory when it is much, and never legible on the disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from atlas.errors import OutputError
from atlas.field.batch import batches
from atlas.field.identity import Identities
from atlas.field.record import annotation_schema
from atlas.field.row import FieldRow, Media
from atlas.field.row_to_changes import RowConverter
from atlas.field.spill_file import SpillFile
from atlas.field.store import open_store

_FILES = Path("/proc/self/fd")


def _open_in(folder: Path) -> list[Path]:
    """The files in a folder that this process has open, also those without a name."""
    return [path for path in _FILES.iterdir() if os.path.lexists(path) and str(folder) in str(path.readlink())]


@pytest.mark.parametrize("in_memory", [0, 200, 10_000_000])
def test_everything_comes_back_in_order(tmp_path: Path, in_memory: int) -> None:
    with SpillFile[tuple[int, str]](tmp_path, in_memory=in_memory) as spool:
        for number in range(50):
            spool.add((number, "synthetic" * number))
        assert list(spool) == [(number, "synthetic" * number) for number in range(50)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not _FILES.is_dir(), reason="the open files of a process can be seen on Linux only")
def test_what_waits_on_the_disk_cannot_be_read(tmp_path: Path) -> None:
    with SpillFile[str](tmp_path, in_memory=0) as spool:
        spool.add("a secret place" * 100)
        (waiting,) = _open_in(tmp_path)
        content = waiting.read_bytes()
        assert len(content) > len("a secret place") * 100
        assert b"secret" not in content
        assert waiting.stat().st_mode & 0o077 == 0
    assert not _open_in(tmp_path)


def test_no_room_for_it_is_said(tmp_path: Path) -> None:
    with SpillFile[str](tmp_path / "missing", in_memory=0) as spool, pytest.raises(OutputError, match="cannot wait in"):
        spool.add("synthetic")


def test_photos_do_not_wait_in_memory_all_at_once() -> None:
    photo = Media("a.jpg", "image/jpeg", bytes(20_000_000))
    rows = [FieldRow(f"row {n}", None, {"note": f"synthetic {n}", "reach": "R001"}, media=(photo,)) for n in range(4)]
    placer = open_store("store.gpkg").placer
    made = list(batches(rows, RowConverter(annotation_schema(), Identities("a.csv")), placer))
    assert [portion.rows for portion in made] == [2, 2]
