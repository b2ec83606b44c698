"""Half a file is never left, whatever goes wrong while writing."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from atlas import files
from atlas.errors import InputError, OutputError
from atlas.files import read_text, sha256_hex, sha256_of_file, write_atomically, write_files, write_set

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

    monkeypatch.setattr(files.os, "open", forbidden)
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


KILLED = """
import os, signal, sys
from pathlib import Path
from atlas import files
files.os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)
files.write_set(Path(sys.argv[1]), {"a.txt": b"never whole"})
"""


def test_what_a_killed_run_left_is_swept_up_later_and_nothing_of_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    (leftover,) = {path.name for path in folder.iterdir()} - {"a.txt", "sub"}
    others = [".a.txt.dead.part", ".download.part", "film.part", ".atlas-.part", ".atlas-0123456789ab0123456789ab.part"]
    for name in others:
        (folder / name).write_bytes(b"half of somebody's file")
        os.utime(folder / name, (0, 0))
    write_set(folder, {"c.txt": b"1"})
    assert (folder / leftover).exists()
    later = time.time() + 3600
    monkeypatch.setattr(files.time, "time", lambda: later)
    write_set(folder, {"c.txt": b"2"})
    assert not (folder / leftover).exists()
    assert all((folder / name).exists() for name in others)


@pytest.fixture
def fixed_file(folder: Path) -> Iterator[Path]:
    """A file that can be read and not replaced, where the machine lets a test make one."""
    path = folder / "c.txt"
    path.write_bytes(b"old c")
    try:
        done = subprocess.run(["chattr", "+i", str(path)], capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"no file can be fixed here ({error})")
    if done.returncode:
        pytest.skip(f"no file can be fixed here ({done.stderr.strip()})")
    yield path
    subprocess.run(["chattr", "-i", str(path)], check=True)


def test_a_file_that_cannot_be_replaced_leaves_the_whole_set_as_it_was(fixed_file: Path) -> None:
    folder = fixed_file.parent
    before = _held(folder)
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    match = r"cannot write .*c\.txt: Operation not permitted; the previous files .*unchanged"
    with pytest.raises(OutputError, match=match):
        write_set(folder, {**NEW, "d.txt": b"new d"})
    assert _held(folder) == before
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()} == times


def _busy(path: Path, *_: object, **__: object) -> Path:
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(path))


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_whichever_file_cannot_be_replaced_all_is_put_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    rename, renamed = Path.replace, 0

    def busy(self: Path, target: Path) -> Path:
        nonlocal renamed
        renamed += 1
        return _busy(target) if renamed == fails_at else rename(self, target)

    monkeypatch.setattr(Path, "replace", busy)
    with pytest.raises(OutputError, match=r"cannot write .*: Device or resource busy; .*unchanged"):
        write_set(folder, NEW)
    assert _held(folder) == OLD


def test_a_file_that_cannot_go_puts_all_back(folder: Path) -> None:
    # a folder is no file that could be removed
    (folder / "gone").mkdir()
    with pytest.raises(OutputError, match=r"cannot write .*gone.*unchanged"):
        write_files(
            {folder / name: data for name, data in NEW.items()}, gone=[folder / "sub" / "b2.txt", folder / "gone"]
        )
    assert _held(folder) == OLD


def test_what_cannot_be_put_back_is_told_file_by_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename, renamed = Path.replace, 0

    def broken(self: Path, target: Path) -> Path:
        nonlocal renamed
        renamed += 1
        return rename(self, target) if renamed == 1 else _busy(target)

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OutputError, match="not everything could be put back") as caught:
        write_set(folder, NEW)
    monkeypatch.undo()
    text = str(caught.value)
    assert "unchanged" not in text
    assert f"{folder / 'sub' / 'b.txt'} is as it was" in text
    kept = re.search(r"a\.txt is new \(its previous content is in ([^)]+)\)", text)
    assert kept
    assert Path(kept[1]).read_bytes() == b"old a"
    assert (folder / "a.txt").read_bytes() == b"new a"


def test_nothing_is_left_beside_a_set_that_is_whole(folder: Path) -> None:
    (folder / "gone.txt").write_bytes(b"old")
    write_files({folder / name: data for name, data in NEW.items()}, gone=[folder / "gone.txt", folder / "none.txt"])
    assert _held(folder) == NEW


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o027, 0o640), (0o002, 0o664)])
def test_a_new_file_is_readable_as_the_umask_says(
    tmp_path: Path, umask: Callable[[int], int], mask: int, mode: int
) -> None:
    umask(mask)
    write_set(tmp_path / "out", NEW)
    assert {_mode(tmp_path / "out" / name) for name in NEW} == {mode}
    assert umask(mask) == mask


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444, 0o755])
def test_a_file_that_is_replaced_keeps_its_mode(folder: Path, umask: Callable[[int], int], mode: int) -> None:
    umask(0o077)
    (folder / "a.txt").chmod(mode)
    write_set(folder, NEW)
    assert (_mode(folder / "a.txt"), _mode(folder / "c.txt")) == (mode, 0o600)


def test_a_private_file_is_its_owner_s_alone_whatever_was_there(tmp_path: Path) -> None:
    path = tmp_path / "exact.geojson"
    for data in (b"1", b"2", b"2"):
        write_atomically(path, data, private=True)
        assert _mode(path) == 0o600
        path.chmod(0o644)


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
