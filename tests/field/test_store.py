"""A store keeps every change, in a GeoPackage and in PostGIS alike."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import OutputError, UsageError
from atlas.field.change import Change
from atlas.field.exact_records import exact_records, left_out
from atlas.field.importing import import_files
from atlas.field.merge import merge
from atlas.field.review import Review, review
from atlas.field.row import FieldRow, Media
from atlas.field.store import open_store

pytestmark = pytest.mark.slow

ANSWERS = dict.fromkeys(("who_could_be_harmed", "how", "already_public", "what_is_gained"), "synthetic answer")


def test_a_store_is_not_made_over_another(notes: Any) -> None:
    store = notes.holding(notes.feature(1))
    before = notes.digest(store)
    with pytest.raises(UsageError, match=r"left as it is|left as it was"):
        store.create()
    assert notes.digest(store) == before


def test_good_rows_come_in_and_bad_ones_are_kept_with_the_reason(notes: Any) -> None:
    store = notes.store()
    bad = [
        notes.feature(2, at=(15.0, -92.0)),
        notes.feature(3, observed_at="31.31.2026"),
        notes.feature(4, coordinateUncertaintyInMeters=-4),
        notes.feature(5, reach="R999", at=None),
        notes.feature(6, note={"a": "table"}, photos=7) | {"geometry": {"type": "Point", "coordinates": ["a", "b"]}},
    ]
    (done,), aside = notes.take_in(store, notes.write("a.geojson", notes.feature(1), *bad))
    assert (done.rows, done.new, done.quarantined) == (6, 1, 5)
    assert [rejected.row.where for rejected in aside] == [f"feature {number}" for number in range(2, 7)]
    with store.reading() as view:
        kept = list(view.session.rows("SELECT file, reason, raw FROM quarantine ORDER BY seq"))
    assert [name for name, _, _ in kept] == ["a.geojson"] * 5
    assert all(reason and notes.id(number) in raw for number, (_, reason, raw) in enumerate(kept, start=2))


def test_importing_twice_changes_nothing(notes: Any) -> None:
    store = notes.store()
    path = notes.write("a.geojson", notes.feature(1, note="uno"), notes.feature(2, observed_at="wrong"))
    notes.take_in(store, path)
    before = (notes.look(store), _tables(store))
    (again,), _ = notes.take_in(store, path)
    assert (again.new, again.known, again.changes) == (0, 1, 0)
    assert (notes.look(store), _tables(store)) == before


def _tables(store: Any) -> dict[str, int]:
    with store.reading() as view:
        return {
            table: next(iter(view.session.rows(f"SELECT count(*) FROM {table}")))[0]  # noqa: S608 - names of our own
            for table in ("changes", "imports", "quarantine", "proposals", "media")
        }


def test_two_rows_that_are_alike_to_the_letter_are_two_records(notes: Any) -> None:
    store = notes.store()
    row = {key: value for key, value in notes.feature(1, note="twin").items() if key != "id"}
    notes.take_in(store, notes.write("a.geojson", row, row))
    notes.take_in(store, notes.write("b.geojson", row))
    listed = notes.look(store)
    assert len(listed.records) == 2
    assert len(listed.proposals) == 1


def test_files_in_any_order_give_the_same_store(notes: Any) -> None:
    paths = [
        notes.write("a.geojson", notes.feature(1, note="uno"), notes.feature(2)),
        notes.write("b.geojson", notes.feature(1, note="one"), notes.feature(3)),
        notes.write("c.geojson", notes.feature(1, note="uno", confidence="low"), notes.feature(2, at=(-91.0, 16.0))),
    ]
    looks = []
    for order in [paths, paths[::-1], [paths[1], paths[0], paths[2]]]:
        store = notes.store()
        notes.take_in(store, *order)
        looks.append(notes.look(store))
    assert all(look == looks[0] for look in looks)
    assert {name for record in looks[0].records for name in record["conflicts"] or ()} == {"note", "geometry"}


def test_an_edited_export_merges_three_way(notes: Any) -> None:
    office = notes.holding(notes.feature(1, note="first", confidence="low"))

    def in_the_field(features: list[dict[str, Any]]) -> None:
        features[0]["properties"]["note"] = "second"

    def in_the_office(features: list[dict[str, Any]]) -> None:
        features[0]["properties"]["confidence"] = "high"

    one, other = notes.sent(office, in_the_field), notes.sent(office, in_the_office)
    notes.take_in(office, one, other)
    record = notes.records(office)[1]
    assert (record["note"], record["confidence"], record["conflicts"]) == ("second", "high", None)


def test_a_conflict_stays_side_by_side_until_a_person_decides(notes: Any) -> None:
    office = notes.holding(notes.feature(1, note="first"))
    sent = [
        notes.sent(office, lambda features, text=text: features[0]["properties"].update(note=text)) for text in "ab"
    ]
    notes.take_in(office, *sent)
    (sides,) = notes.records(office, conflicts=True)[1]["conflicts"].values()
    assert {side["value"] for side in sides} == {"a", "b"}
    chosen = next(side for side in sides if side["value"] == "b")
    review(office, [notes.id(1)], Review(by="Synthetic", keep={"note": chosen["change_id"][:10]}))
    assert notes.records(office)[1]["note"] == "b"
    # the old files come once more, and a third that was made of the first state
    notes.take_in(office, *reversed(sent), notes.write("old.geojson", notes.feature(1, note="first")))
    assert notes.records(office)[1]["note"] == "b"
    assert not notes.records(office, conflicts=True)
    with office.reading() as view:
        values = [change.value for change in view.changes([notes.id(1)]) if change.field == "note"]
    assert sorted(set(values)) == ["a", "b", "first"]


def test_clocks_that_are_wrong_decide_nothing(notes: Any) -> None:
    clocks = ["1970-01-01T00:00:00Z", "2027-12-31T23:59:59Z", "not a clock at all", None]
    rows = [
        FieldRow(f"row {n}", notes.id(1), {"category": "hazard", "note": f"note {n}"}, claimed_at=clock)
        for n, clock in enumerate(clocks)
    ]
    looks = []
    for order in (rows, rows[::-1]):
        store = notes.store()
        for row in order:
            import_files(store, [notes.write(f"{row.where}.geojson")], lambda _path, row=row: iter([row]))
        looks.append(notes.look(store))
    assert all(look == looks[0] for look in looks)
    assert len(looks[0].records[0]["conflicts"]["note"]) == 4


def test_a_record_that_was_edited_without_knowing_of_its_deletion_is_shown(notes: Any) -> None:
    store = notes.holding(notes.feature(1, note="first"))
    with store.writing() as writer:
        known = list(writer.changes([notes.id(1)]))
        heads = [change.change_id for change in known]
        note = next(change for change in known if change.field == "note")
        gone = Change.of(notes.id(1), "deleted", value=True, parents=heads, author="one")
        writer.add([gone], origin="test")
    assert not notes.records(store)
    assert list(notes.records(store, everything=True)) == [1]
    with store.writing() as writer:
        writer.add([Change.of(notes.id(1), "note", "edited", parents=[note.change_id], author="two")], origin="test")
    record = notes.records(store)[1]
    assert record["note"] == "edited"
    assert {side["field"] for side in record["conflicts"]["deleted"]} == {"deleted", "note"}
    review(store, [notes.id(1)], Review(by="Synthetic", keep={"deleted": gone.change_id}))
    assert not notes.records(store)


def test_the_class_of_a_record_in_conflict_is_the_strictest(notes: Any) -> None:
    store = notes.store()
    for n, word in enumerate(("open", "withheld", "generalised")):
        notes.take_in(store, notes.write(f"{n}.geojson", notes.feature(1, sensitivity=word)))
    assert notes.records(store)[1]["sensitivity"] == "withheld"


def test_nothing_that_was_kept_can_be_altered(notes: Any) -> None:
    store = notes.holding(notes.feature(1, note="kept"))
    before = notes.look(store)
    for statement in ("UPDATE changes SET author = 'x'", "DELETE FROM changes", "DELETE FROM imports"):
        with pytest.raises(OutputError, match="every change is kept"), store.writing() as writer:
            list(_executed(writer, statement))
    assert notes.look(store) == before


def _executed(writer: Any, statement: str) -> Any:
    connection = writer.session.connection
    yield connection.execute(statement)


def test_the_current_state_is_edited_by_import_only(notes: Any, request: pytest.FixtureRequest) -> None:
    store = notes.holding(notes.feature(1, note="kept"))
    if "geopackage" in request.node.name:
        import sqlite3

        other: Any = sqlite3.connect(store.database.path)
        refused: type[Exception] = sqlite3.IntegrityError
        table = "annotations"
    else:
        import psycopg

        other, refused, table = psycopg.connect(store.database.url), psycopg.Error, "atlas_field.annotations"
    with pytest.raises(refused, match="edit a copy"):
        other.execute(f"UPDATE {table} SET note = 'overwritten'")  # noqa: S608 - one of two names
    other.close()
    assert notes.records(store)[1]["note"] == "kept"


def test_a_record_is_found_by_the_beginning_of_its_id(notes: Any) -> None:
    store = notes.store()
    with store.writing() as writer:
        writer.add([Change.of(name, "note", "x") for name in ("ab-1", "ab-2", "b%_", "ABC")], origin="test")
    with store.reading() as view:
        assert [view.find(name) for name in ("ab-1", "b", "b%", "A")] == ["ab-1", "b%_", "b%_", "ABC"]
        for name, message in (
            ("ab", "several ids: ab-1, ab-2"),
            ("z", "no record 'z'"),
            ("", "no record"),
            ("%", "no"),
        ):
            with pytest.raises(UsageError, match=message):
                view.find(name)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("decided", "message"),
    [
        (Review(by="A"), "say what is decided"),
        (Review(by=" ", status="accepted"), "say who decides"),
        (Review(by="A", status="rejected"), "say why it is rejected"),
        (Review(by="A", sensitivity="public", reason="x"), "'public' is no class"),
        (Review(by="A", sensitivity="open", reason="x"), "--who-could-be-harmed, --how, --already-public, --what-is"),
        (Review(by="A", sensitivity="restricted"), "--reason"),
        (Review(by="A", keep={"note": "00"}), "expected the beginning of one change"),
        (Review(by="A", keep={"nothing": "00"}), "has no field 'nothing'"),
        (Review(by="A", same_as="00000000-0000-4000-8000-000000000001"), "this record itself"),
        (Review(by="A", same_as="f"), "no record 'f'"),
    ],
)
def test_a_review_that_is_not_complete_changes_nothing(files: Any, decided: Review, message: str) -> None:
    store = files.holding(files.feature(1, note="kept"))
    before = files.digest(store)
    with pytest.raises(UsageError, match=message):
        review(store, [files.id(1)], decided)
    assert files.digest(store) == before


def test_a_class_is_decided_with_a_record_of_the_decision(notes: Any) -> None:
    store = notes.holding(notes.feature(1), notes.feature(2))
    decided = Review(
        by="Synthetic Team", reason="synthetic reason", sensitivity="generalised", status="accepted", answers=ANSWERS
    )
    done, _ = review(store, [notes.id(1)], decided)
    assert done == {notes.id(1): 3}
    (record,) = exact_records(store)
    assert record["properties"]["sensitivity"] == "generalised"
    decision = record["properties"]["decision"]
    assert decision["decided_by"] == "Synthetic Team"
    assert {key: decision[key] for key in ANSWERS} == ANSWERS
    assert decision["decided"] == {"status": "accepted", "sensitivity": "generalised"}
    assert review(store, [notes.id(1)], decided)[0] == {notes.id(1): 0}


def test_only_accepted_records_go_to_the_gate(notes: Any) -> None:
    store = notes.holding(*(notes.feature(number, note=f"n{number}") for number in range(1, 6)))
    review(store, [notes.id(1), notes.id(2), notes.id(5)], Review(by="A", status="accepted"))
    review(store, [notes.id(3)], Review(by="A", status="rejected", reason="synthetic"))
    review(store, [notes.id(5)], Review(by="A", same_as=notes.id(1)))
    notes.take_in(store, notes.write("late.geojson", notes.feature(2, sensitivity="open", note="n2")))
    classes = {feature["id"]: feature["properties"]["sensitivity"] for feature in exact_records(store)}
    # the class of the second is in conflict
    assert classes == {notes.id(1): "restricted", notes.id(2): "restricted"}
    assert left_out(store) == {"pending": 1, "rejected": 1, "repeated": 1}


def test_records_that_look_alike_are_proposed_and_never_dropped(notes: Any) -> None:
    near, far = (-92.0, 15.0), (-92.0, 15.1)
    store = notes.holding(
        notes.feature(1, at=near, note="Synthetic: broken bridge, north side"),
        notes.feature(2, at=(near[0] + 0.0001, near[1]), note="synthetic broken bridge (north side)"),
        notes.feature(3, at=near, note="something else altogether"),
        notes.feature(4, at=far, note="Synthetic: broken bridge, north side"),
        notes.feature(5, at=near, note="Synthetic: broken bridge, north side", observed_at="2026-06-04"),
        notes.feature(6, at=None, reach="R012", note="Synthetic: a stretch under water"),
        notes.feature(7, at=None, reach="R012", note="synthetic - a stretch under water!"),
        notes.feature(8, at=None, reach="R013", note="synthetic - a stretch under water!"),
    )
    listed = notes.look(store)
    assert len(listed.records) == 8
    pairs = [(int(pair["first_id"][-2:]), int(pair["second_id"][-2:])) for pair in listed.proposals]
    assert pairs == [(1, 2), (6, 7)]
    review(store, [notes.id(2)], Review(by="A", same_as=notes.id(1)))
    review(store, [notes.id(6)], Review(by="A", different_from=notes.id(7)))
    assert not notes.look(store).proposals
    assert sorted(notes.records(store)) == [1, 3, 4, 5, 6, 7, 8]
    assert sorted(notes.records(store, everything=True)) == list(range(1, 9))


def test_records_that_repeat_each_other_in_a_circle_are_not_both_hidden(notes: Any) -> None:
    one = notes.holding(notes.feature(1), notes.feature(2, at=(-91.0, 15)))
    other = notes.store()
    merge(other, [one])
    review(one, [notes.id(1)], Review(by="A", same_as=notes.id(2)))
    review(other, [notes.id(2)], Review(by="B", same_as=notes.id(1)))
    merge(one, [other])
    assert sorted(notes.records(one)) == [1]


def test_stores_merge_the_same_in_any_order(notes: Any) -> None:
    base = notes.holding(notes.feature(1, note="base"), notes.feature(2, note="base"))
    forks = [notes.store() for _ in range(2)]
    for fork, word in zip(forks, "ab", strict=True):
        merge(fork, [base])
        notes.take_in(fork, notes.sent(fork, lambda features, word=word: features[0]["properties"].update(note=word)))
    review(base, [notes.id(2)], Review(by="A", status="accepted"))
    digests, looks = set(), []
    for order in ([base, *forks], [forks[1], base, forks[0]]):
        target = notes.store()
        merge(target, [*order, order[0]])
        digests.add(notes.digest(target))
        looks.append(notes.look(target))
    assert len(digests) == 1
    assert looks[0].records == looks[1].records
    assert looks[0].records[0]["conflicts"] or looks[0].records[1]["conflicts"]
    with pytest.raises(UsageError, match="cannot be merged into itself"):
        merge(base, [forks[0], base])


def test_stores_of_both_kinds_merge_into_each_other(files: Any, postgres_database: str) -> None:
    one, team = (
        files.holding(files.feature(1, note="Río Ñandú"), files.feature(2, at=None, reach="R012")),
        open_store(postgres_database),
    )
    team.create()
    files.take_in(team, files.write("b.geojson", files.feature(1, note="another"), files.feature(3)))
    merge(team, [one])
    merge(one, [team])
    assert files.look(one) == files.look(team)
    assert len(files.records(one)) == 3
    assert files.records(team, conflicts=True).keys() == {1}


def test_photos_come_in_once_and_travel_with_a_merge(notes: Any) -> None:
    row = FieldRow(
        "row 1", notes.id(1), {"photos": ["a.jpg"]}, media=(Media("a.jpg", "image/jpeg", b"\x00\xff synthetic"),)
    )
    one, other = notes.store(), notes.store()
    for _ in range(2):
        import_files(one, [notes.write("a.geojson")], lambda _path: iter([row]))
    merge(other, [one])
    merge(other, [one])
    with other.reading() as view:
        rows = list(view.session.rows("SELECT name, kind, data FROM media"))
    assert [(name, kind, bytes(data)) for name, kind, data in rows] == [("a.jpg", "image/jpeg", b"\x00\xff synthetic")]
    assert notes.digest(one) == notes.digest(other)


def test_text_that_a_database_cannot_hold_comes_in_all_the_same(notes: Any) -> None:
    note = "zero \x00, half \ud800, '; DROP TABLE changes; -- <script>alert(1)</script> %s ? {0}"
    row = FieldRow("row \x00", notes.id(1), {"note": note, "clave \x01": "x"})
    odd = FieldRow("row 2", notes.id(2), {"note": note, "extra": {"a": [note]}}, author="Ana\x00\ud800")
    store = notes.store()
    _, aside = import_files(store, [notes.write("a.geojson")], lambda _path: iter([row, odd]))
    assert [rejected.row.where for rejected in aside] == ["row \x00"]
    with store.reading() as view:
        assert view.state(notes.id(2)).value("note") == note
        assert view.state(notes.id(2)).value("extra") == {"a": [note]}
    assert "DROP TABLE" in notes.records(store)[2]["note"]


def _import_in_a_process(address: str, path: str, number: int) -> None:
    from atlas.field.readers import read_file

    store = open_store(address)
    for _ in range(3):
        import_files(store, [Path(path)], read_file, author=f"worker {number}")


@pytest.mark.slow
def test_several_processes_write_at_once_and_nothing_is_lost(notes: Any) -> None:
    store = notes.store()
    address = getattr(store.database, "url", None) or str(store.database.path)
    paths = [
        notes.write(f"{n}.geojson", *(notes.feature(n * 100 + i, note=f"{n} {i}") for i in range(40)), notes.feature(1))
        for n in range(1, 4)
    ]
    start = multiprocessing.get_context("spawn")
    running = [start.Process(target=_import_in_a_process, args=(address, str(p), n)) for n, p in enumerate(paths)]
    for process in running:
        process.start()
    for process in running:
        process.join(timeout=100)
    assert [process.exitcode for process in running] == [0, 0, 0]
    assert len(notes.records(store)) == 121


def test_others_write_while_a_file_is_read(notes: Any) -> None:
    store = notes.store()
    address = getattr(store.database, "url", None) or str(store.database.path)

    def slow(_path: Path) -> Iterator[FieldRow]:
        yield FieldRow("row 1", notes.id(1), {"note": "first"})
        notes.take_in(open_store(address), notes.write("b.geojson", notes.feature(1, note="theirs"), notes.feature(2)))
        yield FieldRow("row 2", notes.id(3), {"note": "last"})

    (done,), _ = import_files(store, [notes.write("a.geojson")], slow)
    assert (done.rows, done.new, done.known, done.changes) == (2, 1, 1, 2)
    assert notes.records(store).keys() == {1, 2, 3}
    with store.reading() as view:
        sides = view.state(notes.id(1)).conflicts["note"]
    assert {side.value for side in sides} == {"first", "theirs"}


def test_positions_that_are_not_open_are_shown_only_to_who_asks(notes: Any) -> None:
    store = notes.holding(
        notes.feature(
            1, note="at 15.12345, -92.54321 near 16PCC 12345 67890", sensitivity="generalised", told="x 15.12345"
        ),
        notes.feature(2, note="open", sensitivity="open", at=(-91.54321, 15.5)),
    )
    notes.take_in(
        store, notes.write("b.geojson", notes.feature(1, sensitivity="generalised", at=(-92.98765, 15.67891)))
    )
    shown = json.dumps(notes.look(store, exact=False).records)
    for secret in ("15.12345", "92.54321", "12345 67890", "-92.98765", "15.67891", "-91.99"):
        assert secret not in shown
    assert "-91.54321" in shown
    assert notes.look(store, exact=False).hidden == 1
    assert "-92.98765" in json.dumps(notes.look(store).records)


def test_a_record_knows_its_municipality_reach_chainage_and_distance(notes: Any) -> None:
    from atlas.geometry.chainage import MeasuredLine
    from atlas.project import find_project

    line: MeasuredLine = notes.store().placer.locator.line
    lon, lat = line.at(123.456)
    store = notes.holding(
        notes.feature(1, at=(lon, lat + 0.01)),
        notes.feature(2, at=None, reach="R115"),
        notes.feature(3, at=None, reach="R001"),
    )
    records = notes.records(store)
    chainage_km, distance_m = line.project((lon, lat + 0.01))
    assert records[1]["chainage_km"] == pytest.approx(chainage_km, abs=1e-3)
    assert records[1]["border_distance_m"] == pytest.approx(distance_m, abs=0.1)
    assert records[1]["nearest_reach"] == "R012"
    assert records[1]["municipality_cvegeo"] in _codes(find_project())
    assert (records[2]["municipality_cvegeo"], records[2]["nearest_reach"], records[2]["chainage_km"]) == (
        "23004",
        "R115",
        None,
    )
    assert records[3]["nearest_reach"] == "R001"


def _codes(project: Any) -> set[str]:
    from atlas.geojson.collection import read_collection

    return {
        feature["properties"]["cvegeo"] for feature in read_collection(project.layers_dir / "municipalities.geojson")
    }


@pytest.mark.parametrize("name", ["notes?mode=memory", "a#b", "50%25", "ñandú ?#%&", "x&cache=shared"])
def test_a_store_of_any_name_is_made_read_and_written(tmp_path: Path, files: Any, name: str) -> None:
    store = open_store(tmp_path / f"{name}.gpkg")
    store.create()
    files.take_in(store, files.write("a.geojson", files.feature(1)))
    assert sorted(files.records(store)) == [1]
    assert [path.name for path in tmp_path.glob("*.gpkg*")] == [f"{name}.gpkg"]


def test_a_store_is_the_same_under_another_path(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.gpkg")
    store.create()
    (tmp_path / "link").symlink_to(tmp_path)
    assert store.database.same_as(open_store(tmp_path / "link" / "a.gpkg").database)
    assert not store.database.same_as(open_store(tmp_path / "b.gpkg").database)
    assert open_store(tmp_path / "b.gpkg").database.same_as(open_store(tmp_path / "link" / "b.gpkg").database)
