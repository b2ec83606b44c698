"""Paths are compared as the disk does, and SQLite is given addresses that it understands."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from atlas.paths import folds_case, is_within, other_names, reserved_part, sqlite_uri


def _folds(_folder: Path) -> bool:
    return True


def _keeps(_folder: Path) -> bool:
    return False


@pytest.fixture
def forgiving_disk(tmp_path: Path) -> Path:
    """A folder on a disk that takes ``A`` and ``a`` for one name, where the machine lets a test mount one."""
    image, disk = tmp_path / "fat.img", tmp_path / "fat"
    disk.mkdir()
    image.write_bytes(bytes(4_000_000))
    for command in (["mkfs.vfat", str(image)], ["mount", "-o", "loop", str(image), str(disk)]):
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            pytest.skip(f"no such disk can be made here ({error})")
        if done.returncode:
            pytest.skip(f"no such disk can be made here ({done.stderr.strip()})")
    return disk


def test_what_exists_is_the_same_by_its_inode(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "link").symlink_to("out")
    for text in ("out", "out/x", "out/a/b", "link/x", "./out/../out/x", "link/../out/x"):
        assert is_within(tmp_path / text, tmp_path / "out"), text
    for text in ("other", "out2/x", ".", "out/..", "Out/x"):
        assert not is_within(tmp_path / text, tmp_path / "out"), text


def test_a_second_mount_of_a_folder_is_that_folder(tmp_path: Path) -> None:
    for name in ("out", "OUT"):
        (tmp_path / name).mkdir()
    mount = ["mount", "--bind", str(tmp_path / "out"), str(tmp_path / "OUT")]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"nothing can be mounted here ({error})")
    if done.returncode:
        pytest.skip(f"nothing can be mounted here ({done.stderr.strip()})")
    try:
        assert is_within(tmp_path / "OUT" / "x", tmp_path / "out")
    finally:
        subprocess.run(["umount", str(tmp_path / "OUT")], check=True)


@pytest.mark.parametrize("name", ["Out", "OUT", "Out/Sub/x"])
def test_what_is_still_to_be_made_is_one_name_where_the_disk_folds_case(tmp_path: Path, name: str) -> None:
    assert is_within(tmp_path / name, tmp_path / "out", folds=_folds)
    assert not is_within(tmp_path / name, tmp_path / "out", folds=_keeps)


def test_accents_in_two_spellings_are_one_name_where_the_disk_folds_case(tmp_path: Path) -> None:
    composed, apart = "publicaci\u00f3n", "Publicacio\u0301n"
    assert is_within(tmp_path / apart / "x", tmp_path / composed, folds=_folds)
    assert not is_within(tmp_path / apart / "x", tmp_path / composed, folds=_keeps)


def test_the_disk_is_asked(forgiving_disk: Path) -> None:
    try:
        assert folds_case(forgiving_disk) in {True, False}
        (forgiving_disk / "Public").mkdir()
        assert folds_case(forgiving_disk)
        assert is_within(forgiving_disk / "PUBLIC" / "x", forgiving_disk / "public")
        assert is_within(forgiving_disk / "NEW" / "x", forgiving_disk / "new")
        assert not is_within(forgiving_disk / "NEWER" / "x", forgiving_disk / "new")
    finally:
        subprocess.run(["umount", str(forgiving_disk)], check=True)


def test_this_disk_is_asked_without_writing(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    other = tmp_path / "A"
    assert folds_case(tmp_path) == other.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    # both are there, so that they are two
    if not other.exists():
        other.mkdir()
        assert not folds_case(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not list their mounts so")
def test_a_path_has_at_least_the_name_by_which_it_is_called(tmp_path: Path) -> None:
    assert tmp_path.resolve() in list(other_names(tmp_path.resolve()))


@pytest.mark.parametrize("name", ["plain", "a?mode=memory", "a#b", "100%25", "ñandú ?#%", "a&b=c", "'x'", "a:b"])
def test_sqlite_opens_a_file_of_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.gpkg"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE kept (a)")
    with closing(sqlite3.connect(sqlite_uri(path, "mode=ro"), uri=True)) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("kept",)]
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PureWindowsPath(r"\\server\share\team notes.gpkg"), "file:////server/share/team%20notes.gpkg?mode=ro"),
        (PureWindowsPath(r"\\?\UNC\server\share\n.gpkg"), "file:////server/share/n.gpkg?mode=ro"),
        (PureWindowsPath(r"C:\Users\Ana\n#1.gpkg"), "file:///C:/Users/Ana/n%231.gpkg?mode=ro"),
        (PureWindowsPath(r"\\?\C:\n.gpkg"), "file:///C:/n.gpkg?mode=ro"),
        (PurePosixPath("//net/n.gpkg"), "file:////net/n.gpkg?mode=ro"),
    ],
)
def test_drives_and_shares_are_paths_and_no_hosts(path: PurePath, uri: str) -> None:
    assert sqlite_uri(path, "mode=ro") == uri


def test_a_share_of_the_network_is_no_host_to_sqlite() -> None:
    # what an address of pathlib says; SQLite refuses every host but localhost
    with pytest.raises(sqlite3.OperationalError, match="invalid uri authority: server"):
        sqlite3.connect(PureWindowsPath(r"\\server\share\n.gpkg").as_uri(), uri=True)
    with pytest.raises(sqlite3.OperationalError, match="unable to open database file"):
        sqlite3.connect(f"{sqlite_uri(PureWindowsPath(r'//no-server/share/n.gpkg'))}?mode=ro", uri=True)


RESERVED = (
    r"C:\a\nul",
    r"C:\aux.gpkg",
    "con.txt",
    r"\\server\share\COM1.gpkg",
    "a/lpt9",
    "notes.",
    "a /x",
    "ab:y",
    "a?b",
)
PLAIN = (r"C:\a\notes.gpkg", r"\\server\share\n.gpkg", "console.gpkg", "com10", "../a/..", "auxiliary/x")


@pytest.mark.parametrize("text", RESERVED)
def test_names_that_windows_keeps_for_itself_are_known(text: str) -> None:
    path = PureWindowsPath(text)
    assert reserved_part(path, windows=True) is not None
    assert reserved_part(path, windows=False) is None


@pytest.mark.parametrize("text", PLAIN)
def test_other_names_are_not(text: str) -> None:
    assert reserved_part(PureWindowsPath(text), windows=True) is None
