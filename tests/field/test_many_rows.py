"""A table with many rows: what is quick says the same as what is careful."""

from __future__ import annotations

import json
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from atlas.field.change import DELETED, Change, ChangeError, canonical
from atlas.field.current import rows_of_changes, rows_of_states
from atlas.field.identity import Identities
from atlas.field.importing import import_files
from atlas.field.readers import ReadOptions, read_file
from atlas.field.row import FieldRow, Rejected
from atlas.field.state import record_states
from atlas.field.store import Store, open_store
from atlas.field.store_view import CHANGE_COLUMNS
from atlas.field.version import Version
from atlas.geojson.stored import stored


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = open_store(tmp_path / "notes.gpkg")
    made.create()
    return made


def _row(record_id: str, note: str = "n") -> str:
    return f"{record_id},14.9,-92.2,{note}\n"


def test_records_that_were_written_once_are_shown_as_the_careful_way_shows_them(store: Store) -> None:
    place = {"type": "Point", "coordinates": [-92.0, 15.5]}
    written = [
        *Change.of_row("b", {"geometry": place, "note": 'ñ\\"\n', "sensitivity": "open", "m": 5.0}.items(), author="A"),
        *Change.of_row("a", {"reach": "R003", "note": None, "sensitivity": "odd", "same_as": "b"}.items(), author="B"),
        *Change.of_row("c", {"reach": "R003", DELETED: True}.items()),
        *Change.of_row(
            "d", {"note": "one", "different_from:a": True, "photos": ["x.jpg"], "status": "accepted"}.items()
        ),
        Change.of("d", "note", "two", author="C"),
    ]
    written.append(Version(("v1",)).brought("b", written[:4]))
    by_id = sorted(written, key=lambda change: change.record_id)
    careful = list(rows_of_states(list(record_states(by_id)), store.placer))
    assert list(rows_of_changes(written, store.placer)) == careful
    assert [row[0] for row in careful] == ["a", "b", "c", "d"]


@pytest.mark.parametrize("position", [[-92.0, 15.5], [-92, 15.5], [-1e-7, 1e-5], [-92.0, 15.5, 3.0], (-92.0, 15.5)])
def test_a_point_has_the_text_that_any_value_has(position: list[float]) -> None:
    place = {"type": "Point", "coordinates": position}
    assert Change.of("r", "geometry", place).text == canonical(place)


@pytest.mark.parametrize("part", ["", "a\nb", "x" * 1001, 5, ["list"], "\ud800"])
@pytest.mark.parametrize("name", ["record_id", "author", "device", "claimed_at"])
def test_parts_of_changes_are_refused_alike_one_by_one_and_in_a_row(name: str, part: Any) -> None:
    parts = {"record_id": "r", name: part}
    with pytest.raises(ChangeError) as alone:
        Change.of(parts.pop("record_id"), "note", "x", **parts)
    parts = {"record_id": "r", name: part}
    with pytest.raises(ChangeError) as of_row:
        list(Change.of_row(parts.pop("record_id"), [("note", "x")], **parts))
    assert str(of_row.value) == str(alone.value)


def test_what_changes_have_in_common_is_written_in_each(notes: Any) -> None:
    """With marks that SQL takes for its own."""
    store = notes.store()
    changes = [*Change.of_row("r", {"note": "x", "m": 1}.items(), author="O'Hara; --", claimed_at="2026-01-02")]
    with store.writing() as writer:
        assert writer.add(changes, origin="it's ? here") == len(changes)
    with store.reading() as view:
        assert list(view.changes()) == changes
        names = ", ".join(f'"{name}"' for name in CHANGE_COLUMNS)
        assert len(list(view.session.rows(f"SELECT {names} FROM changes WHERE origin = ?", ["it's ? here"]))) == 2  # noqa: S608 - names of our own


def test_an_id_that_comes_again_much_later_is_noticed(tmp_path: Path) -> None:
    ids = [str(uuid.UUID(int=number, version=4)) for number in range(1300)]
    table = tmp_path / "many.csv"
    lines = [*map(_row, ids), _row(ids[0]), _row(ids[1], "other"), _row(ids[1299], "other")]
    table.write_text("id,lat,lon,note\n" + "".join(lines))
    notes: list[str] = []
    rows = list(read_file(table, options=ReadOptions(notify=notes.append)))
    assert [row.record_id for row in rows if isinstance(row, FieldRow)] == ids
    refused = [(row.where, row.reason.partition(";")[0]) for row in rows if isinstance(row, Rejected)]
    assert refused == [
        ("row 1303", f"its id {ids[1]!r} stands at row 3 with other content"),
        ("row 1304", f"its id {ids[1299]!r} stands at row 1301 with other content"),
    ]
    assert any("1 rows stand twice" in note for note in notes)


def test_a_value_is_checked_though_another_one_was_remembered(store: Store, tmp_path: Path) -> None:
    table = tmp_path / "words.csv"
    rows = ["high,open,7", "high,open,7", "?,secret,7", ",open,-1", "low,restricted,007"]
    body = "".join(f"14.9,-92.2,{number},{row}\n" for number, row in enumerate(rows))
    table.write_text("lat,lon,note,confidence,sensitivity,accuracy\n" + body)
    [done], aside = import_files(store, [table], lambda path: read_file(path, options=ReadOptions()))
    assert (done.new, done.quarantined) == (4, 1)
    assert "below zero" in aside[0].row.reason
    with store.reading() as view:
        kept = sorted((state.value("note"), state.value("confidence"), state.sensitivity) for state in view.states())
    assert kept == [("0", "high", "open"), ("1", "high", "open"), ("2", "?", "restricted"), ("4", "low", "restricted")]


@pytest.mark.parametrize(
    "text",
    ["0", "7", "33", "-5", "007", "1.5", "999999999999999", "12345678901234567890", "1e+21", "true", "null", "\u0663"]
    + [f'{{"coordinates":[{pair}],"type":"Point"}}' for pair in ("-92.25,15.5", "-0.5,0.1", "7,8.5", "01.5,2.5", "1.5")]
    + ['{"coordinates":[-92.25,15.5,3.5],"type":"Point"}', '{"coordinates":[1.5,2.5],"type":"Point"} ', ""],
)
def test_a_value_is_read_back_as_json_has_it(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(ValueError, match=r"Expecting|Extra data"):
            stored(text)
    else:
        assert repr(stored(text)) == repr(expected)


@pytest.mark.parametrize("name", ["plain", "ñandú 3", "x" * 300, ""])
def test_ids_made_of_what_a_row_says_are_uuids_of_version_5(name: str) -> None:
    row = FieldRow("row 1", "7", {"note": name})
    within = ["within", "a", "7", None, [None, None]]
    made = Identities("a.csv").of(row, {"note": name}, None)
    assert made == str(uuid.uuid5(uuid.UUID("6f0d1c1e-8f2b-5a94-9d6a-3c1b7a52e0d4"), canonical(within)))
    assert uuid.UUID(made).version == 5


def _index(store: Store) -> list[tuple[Any, ...]]:
    with store.reading() as view:
        sql = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'changes' ORDER BY name"
        return list(view.session.rows(sql))


def _write_and_fail(store: Store, record_id: str) -> None:
    with store.writing() as writer:
        writer.add([Change.of(record_id, "note", "lost")], origin="test")
        message = "cut off"
        raise RuntimeError(message)


def test_the_indexes_of_changes_are_there_whatever_became_of_the_first_import(store: Store, tmp_path: Path) -> None:
    new, one, two = _index(store), str(uuid.uuid4()), str(uuid.uuid4())
    assert [name for name, _ in new] == ["changes_by_id", "changes_of_record"]
    with pytest.raises(RuntimeError, match="cut off"):
        _write_and_fail(store, one)
    assert _index(store) == new
    path = tmp_path / "a.csv"
    path.write_text("id,lat,lon,note\n" + _row(one) + _row(two), encoding="utf-8")
    with store.writing() as writer:
        writer.add([Change.of(one, "note", "a")], origin="test")
        # the state is read back while the index is not yet there
        writer.add([Change.of(one, "note", "b")], origin="test")
        assert set(next(writer.states([one])).conflicts) == {"note"}
    import_files(store, [path], lambda each: read_file(each, options=ReadOptions()))
    assert _index(store) == new
    with store.reading() as view:
        assert len(list(view.changes([one]))) > 2


def test_a_change_that_comes_twice_into_an_empty_store_is_there_once(notes: Any) -> None:
    store = notes.store()
    changes = list(Change.of_row("r", {"note": "x", "m": 1}.items()))
    with store.writing() as writer:
        # the second and the third find out that it is there while the store was empty when they began
        assert [writer.add(changes, origin=f"test {number}") for number in range(3)] == [2, 0, 0]
        assert writer.add(list(Change.of_row("s", {"note": "x"}.items())), origin="test") == 1
    with store.reading() as view:
        assert sorted(change.record_id for change in view.changes()) == ["r", "r", "s"]


def test_a_store_of_before_takes_a_table_in_and_keeps_its_form(tmp_path: Path) -> None:
    """Its table of changes has the rule that ids are unique inside of it, and no index for that."""
    store = open_store(tmp_path / "old.gpkg")
    store.create()
    with closing(sqlite3.connect(tmp_path / "old.gpkg")) as connection:
        (made,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'changes'").fetchone()
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for statement in (
            "DROP TABLE changes",
            made.replace("change_id TEXT NOT NULL", "change_id TEXT NOT NULL UNIQUE"),
        ):
            connection.execute(statement)
        connection.execute("CREATE INDEX changes_of_record ON changes (record_id)")
        for name, sql in triggers:
            if name.startswith("changes_"):
                connection.execute(sql)
        connection.commit()
    before, one = _index(store), str(uuid.uuid4())
    path = tmp_path / "a.csv"
    path.write_text("id,lat,lon,note\n" + _row(one) + _row(str(uuid.uuid4())), encoding="utf-8")
    for new in (2, 0):
        [done], _ = import_files(store, [path], lambda each: read_file(each, options=ReadOptions()))
        assert (done.new, _index(store)) == (new, before)
    with store.reading() as view:
        assert len({change.change_id for change in view.changes()}) == len(list(view.changes()))
