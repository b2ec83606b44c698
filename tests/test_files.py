"""Half a file is never left, whatever goes wrong while writing."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from atlas import files
from atlas.errors import InputError, OutputError
from atlas.files import read_text, sha256_hex, sha256_of_file, write_atomically, write_set

OLD = {"a.txt": b"old a", "sub/b.txt": b"old b"}
NEW = {"a.txt": b"new a", "sub/b.txt": b"new b", "c.txt": b"new c"}


def _held(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_set(tmp_path / "out", OLD)
    return tmp_path / "out"


def test_a_set_is_written_and_says_what_changed(folder: Path) -> None:
    assert write_set(folder, {**NEW, "a.txt": b"old a"}) == ["c.txt", "sub/b.txt"]
    assert _held(folder) == {**NEW, "a.txt": b"old a"}


def test_what_is_the_same_is_not_touched(folder: Path) -> None:
    before = (folder / "a.txt").stat().st_mtime_ns
    assert write_set(folder, OLD) == []
    assert (folder / "a.txt").stat().st_mtime_ns == before


def test_files_can_be_read_by_others(folder: Path) -> None:
    assert (folder / "a.txt").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_a_full_disk_leaves_everything_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int) -> None:
    synced = 0

    def full(_handle: int) -> None:
        nonlocal synced
        synced += 1
        if synced == fails_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(
        OutputError, match=r"cannot write .*out.*: No space left on device.*are unchanged.*Free some space"
    ):
        write_set(folder, NEW)
    assert _held(folder) == OLD


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB, where the machine lets a test mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"no disk can be mounted here ({error})")
    if done.returncode:
        pytest.skip(f"no disk can be mounted here ({done.stderr.strip()})")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_is_really_full_leaves_everything_as_it_was(tiny_disk: Path) -> None:
    write_set(tiny_disk / "out", OLD)
    with pytest.raises(OutputError, match="No space left on device"):
        write_set(tiny_disk / "out", {**NEW, "large": b"x" * 100_000})
    assert _held(tiny_disk) == {f"out/{name}": data for name, data in OLD.items()}


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "maps").write_bytes(b"a file")
    with pytest.raises(OutputError, match=r"cannot write .*maps.*choose another folder"):
        write_set(tmp_path / "maps", NEW)
    assert (tmp_path / "maps").read_bytes() == b"a file"


def test_a_folder_where_a_file_should_be_is_named_and_nothing_is_renamed(folder: Path) -> None:
    (folder / "c.txt").mkdir()
    with pytest.raises(OutputError, match=r"cannot write .*c\.txt: Is a directory"):
        write_set(folder, NEW)
    assert _held(folder) == OLD


def test_a_folder_that_may_not_be_written_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))

    monkeypatch.setattr(files.tempfile, "mkstemp", forbidden)
    with pytest.raises(OutputError, match=r"cannot write .*out: Permission denied.*folder's permissions"):
        write_set(folder, NEW)
    assert _held(folder) == OLD


def test_ctrl_c_while_staging_leaves_everything_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_set(folder, NEW)
    assert _held(folder) == OLD


def test_ctrl_c_while_renaming_waits_until_the_set_is_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        os.kill(os.getpid(), signal.SIGINT)
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    # a run in the background is started with Ctrl-C ignored
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            write_set(folder, NEW)
    finally:
        signal.signal(signal.SIGINT, before)
    assert _held(folder) == NEW


def test_what_a_killed_run_left_is_swept_up_and_what_is_being_written_is_not(folder: Path) -> None:
    stale, fresh = folder / ".a.txt.dead.part", folder / ".a.txt.live.part"
    for path in (stale, fresh):
        path.write_bytes(b"half")
    an_hour_ago = time.time() - 3600
    os.utime(stale, (an_hour_ago, an_hour_ago))
    write_set(folder, NEW)
    assert (stale.exists(), fresh.exists()) == (False, True)


def test_one_file_is_written_whole(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new" / "one.txt", b"one")
    assert _held(tmp_path) == {"new/one.txt": b"one"}


def test_both_hashes_are_the_same_and_known(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_hex(b"abc") == sha256_of_file(tmp_path / "abc") == known


def test_a_text_is_read_or_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "text"
    with pytest.raises(InputError, match="text does not exist; do this"):
        read_text(path, remedy="do this")
    path.write_bytes("año".encode("latin-1"))
    with pytest.raises(InputError, match=r"text is not UTF-8 \(byte 1\); save it as UTF-8, or do this"):
        read_text(path, remedy="do this")
    path.write_bytes(b"\xef\xbb\xbfa\xc3\xb1o")
    assert read_text(path, remedy="do this") == "año"
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory\); do this"):
        read_text(tmp_path, remedy="do this")
