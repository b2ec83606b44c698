"""Rows that are numbered are numbered within their file: nobody's row 1 becomes anybody else's."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import UsageError

pytestmark = pytest.mark.slow

HEAD = "id,category,lon,lat,note,observed_at\n"


def _table(folder: Path, name: str, *rows: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def tables(tmp_path: Path) -> tuple[Path, Path]:
    """The tables of two people, called and numbered alike."""
    one = _table(
        tmp_path, "ana/notes.csv", "1,hazard,-92.15,14.68,north,2026-05-04", "2,shelter,-92.1,14.7,,2026-05-04"
    )
    other = _table(tmp_path, "luz/notes.csv", "1,shelter,-91.5,16.1,,2026-05-04", "2,hazard,-91.4,16.2,x,2026-05-04")
    return one, other


@pytest.mark.parametrize("names", [(None, None), ("Ana", "Luz"), ("Ana", None)])
def test_numbered_rows_of_two_people_never_join(notes: Any, tables: Any, names: Any) -> None:
    looks = []
    for order in ((0, 1), (1, 0)):
        store = notes.store()
        for i in order:
            notes.take_in(store, tables[i], author=names[i])
        looks.append(notes.look(store))
        assert len(looks[-1].records) == 4
        assert not notes.records(store, conflicts=True) if names[0] is None else True
    assert looks[0] == looks[1]


def test_files_that_are_called_otherwise_do_not_join_either(files: Any, tmp_path: Path) -> None:
    row = "7,hazard,-92.15,14.68,synthetic,2026-05-04"
    store = files.store()
    files.take_in(store, _table(tmp_path, "a.csv", row), _table(tmp_path, "b.csv", row), author="Ana")
    listed = files.look(store)
    assert (len(listed.records), len(listed.proposals)) == (2, 1)


def test_a_numbered_file_that_was_edited_in_place_still_matches(files: Any, tmp_path: Path) -> None:
    store = files.store()
    rows = ["1,hazard,-92.15,14.68,first,2026-05-04", "2,shelter,-92.1,14.7,,2026-05-04"]
    path = _table(tmp_path, "notes.csv", *rows)
    files.take_in(store, path)
    (again,), _ = files.take_in(store, path)
    assert (again.known, again.changes) == (2, 0)
    (edited,), _ = files.take_in(store, _table(tmp_path, "notes.csv", rows[0].replace("first", "second"), *rows[1:]))
    assert (edited.new, edited.known) == (0, 2)
    (record,) = files.look(store, conflicts=True).records
    assert {side["value"] for side in record["conflicts"]["note"]} == {"first", "second"}


def test_with_a_name_a_row_is_the_same_where_its_place_was_corrected_and_another_on_another_day(
    files: Any, tmp_path: Path
) -> None:
    store = files.store()
    row = "1,hazard,-92.15,14.68,first,2026-05-04"
    for text in (row, row.replace("14.68", "14.69"), row.replace("05-04", "05-05").replace("14.68", "15.2")):
        files.take_in(store, _table(tmp_path, "notes.csv", text), author="Ana")
    records = files.look(store).records
    assert sorted(bool(record["conflicts"]) for record in records) == [False, True]


def test_a_packed_copy_is_the_same_file_and_folders_keep_people_apart(files: Any, tables: Any, tmp_path: Path) -> None:
    packed = tmp_path / "notes.csv.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(tables[0], "notes.csv")
    store = files.store()
    files.take_in(store, tables[0])
    (done,), _ = files.take_in(store, packed)
    assert (done.known, done.changes) == (2, 0)
    both = tmp_path / "both.zip"
    with zipfile.ZipFile(both, "w") as archive:
        for table in tables:
            archive.write(table, f"{table.parent.name}/{table.name}")
    other = files.store()
    files.take_in(other, both, author="office")
    assert len(files.look(other).records) == 4
    assert not files.look(other, conflicts=True).records


def test_a_record_is_found_by_the_number_in_its_file(notes: Any, tables: Any) -> None:
    store = notes.store()
    notes.take_in(store, tables[0])
    with store.reading() as view:
        record_id = view.find("1")
        assert view.state(record_id).value("source_id") == "1"
    notes.take_in(store, tables[1])
    with store.reading() as view, pytest.raises(UsageError, match="stands for several ids"):
        view.find("1")


def test_uuids_in_any_spelling_are_ids_everywhere(files: Any, tmp_path: Path) -> None:
    record_id = "00000000-0000-4000-8000-00000000000a"
    store = files.store()
    for name, spelling in (("a.csv", record_id), ("b.csv", f"{{{record_id.upper()}}}"), ("c.csv", f"uuid:{record_id}")):
        files.take_in(store, _table(tmp_path, name, f"{spelling},hazard,-92.15,14.68,same,2026-05-04"))
    assert [record["id"] for record in files.look(store).records] == [record_id]
