"""A GeoPackage that is handed on holds its tables, and nothing that was deleted from them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from atlas.vector.sqlite_bytes import bytes_of_tables


def _written(path: Path, *, again: int) -> Path:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute("PRAGMA application_id = 1196444487")
        database.execute("CREATE TABLE places (fid INTEGER PRIMARY KEY, name TEXT)")
        database.execute("INSERT INTO places VALUES (1, 'the ford below the mill')")
        database.commit()
        for n in range(again):
            database.execute("UPDATE places SET name = ?", (f"the bridge, {n}",))
            database.commit()
        database.execute("UPDATE places SET name = 'the bridge'")
        database.commit()
    return path


def test_the_same_tables_give_the_same_bytes_however_often_they_were_written_to(tmp_path: Path) -> None:
    once, often = (_written(tmp_path / f"{again}.gpkg", again=again) for again in (0, 5))
    assert once.read_bytes() != often.read_bytes()
    assert bytes_of_tables(once) == bytes_of_tables(often)


def test_nothing_deleted_is_left_and_the_kind_of_file_is_kept(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.gpkg", again=0)
    assert b"the ford" in path.read_bytes()
    data = bytes_of_tables(path)
    assert b"the ford" not in data
    assert b"the bridge" in data
    assert data[68:72] == b"GPKG"
