"""A submission that was edited on the form's server supersedes what its earlier version said, whichever comes first."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.field.change import Change
from atlas.field.merge import merge
from atlas.field.review import Review, review
from atlas.field.state import record_state
from atlas.field.version import Version

pytestmark = pytest.mark.slow

FIRST = "11111111-1111-4111-8111-111111111111"


def _kobo(notes: Any, number: int, note: str, *, confidence: str = "low", before: int | None = None) -> Path:
    """An export of KoboToolbox: it names the version before, the first, and a new id for each edit."""
    ids = [FIRST, *(FIRST.replace("1", str(n)) for n in (2, 3, 4))]
    deprecated = f"uuid:{ids[before]}" if before is not None else ""
    root = f"uuid:{FIRST}" if number else ""
    path: Path = notes.folder / f"kobo-{number}-{note}.csv"
    path.write_text(
        "category,lat,lon,note,confidence,meta/instanceID,meta/deprecatedID,meta/rootUuid,_uuid,_submission_time\n"
        f"hazard,14.68,-92.15,{note},{confidence},uuid:{ids[number]},{deprecated},{root},"
        f"{ids[number]},2026-01-0{number + 1}\n"
    )
    return path


def _central(notes: Any, edits: int, note: str) -> Path:
    """An export of ODK Central: one key for all versions, and how often it was edited."""
    path: Path = notes.folder / f"central-{edits}.csv"
    instance = FIRST.replace("1", "1239"[edits])
    path.write_text(
        "SubmissionDate,category,place-Latitude,place-Longitude,note,meta-instanceID,KEY,Edits\n"
        f"2026-01-05,hazard,14.68,-92.15,{note},uuid:{instance},uuid:{FIRST},{edits}\n"
    )
    return path


def _only(notes: Any, store: Any) -> Any:
    (record,) = notes.look(store).records
    return record


def test_an_edited_submission_supersedes_the_earlier_one_in_any_order(notes: Any) -> None:
    paths = [_kobo(notes, 0, "first"), _kobo(notes, 1, "second", before=0), _kobo(notes, 2, "third", before=1)]
    looks = []
    for order in (paths, paths[::-1], [paths[1], paths[2], paths[0]]):
        store = notes.store()
        notes.take_in(store, *order)
        looks.append(notes.look(store))
        before = notes.digest(store)
        notes.take_in(store, *paths)
        assert notes.digest(store) == before
    assert all(look == looks[0] for look in looks)
    (record,) = looks[0].records
    assert (record["id"], record["note"], record["conflicts"]) == (FIRST, "third", None)
    assert not [name for name in record if name.startswith("submission")]


@pytest.mark.parametrize("order", [(0, 1, 3), (3, 1, 0), (1, 0, 3)])
def test_versions_that_are_counted_need_none_between_them(files: Any, order: tuple[int, ...]) -> None:
    store = files.store()
    files.take_in(store, *(_central(files, edits, f"edit {edits}") for edits in order))
    assert (_only(files, store)["note"], _only(files, store)["conflicts"]) == ("edit 3", None)


def test_versions_in_stores_apart_meet_in_a_merge(files: Any) -> None:
    one, other = files.store(), files.store()
    files.take_in(one, _kobo(files, 0, "first"))
    files.take_in(other, _kobo(files, 1, "second", before=0))
    merge(one, [other])
    merge(other, [one])
    for store in (one, other):
        assert (_only(files, store)["note"], _only(files, store)["conflicts"]) == ("second", None)
    assert files.digest(one) == files.digest(other)


def test_what_a_person_decided_stands_where_the_later_version_says_nothing_new(files: Any) -> None:
    store = files.store()
    files.take_in(store, _kobo(files, 0, "first"))
    with store.writing() as writer:
        head = writer.state(FIRST).fields["confidence"].heads[0]
        writer.add([Change.of(FIRST, "confidence", "high", parents=[head.change_id], author="x")], origin="test")
    files.take_in(store, _kobo(files, 1, "second", before=0))
    record = _only(files, store)
    assert (record["note"], record["confidence"], record["conflicts"]) == ("second", "high", None)
    # a version that does say something else is another opinion
    files.take_in(store, _kobo(files, 2, "second", confidence="medium", before=1))
    assert {side["value"] for side in _only(files, store)["conflicts"]["confidence"]} == {"high", "medium"}


def test_a_decision_upon_the_later_version_stands_when_the_earlier_one_comes_home(files: Any) -> None:
    store = files.store()
    files.take_in(store, _kobo(files, 1, "second", before=0))
    review(store, [FIRST], Review(by="A", sensitivity="restricted", reason="synthetic"))
    with store.writing() as writer:
        head = writer.state(FIRST).fields["confidence"].heads[0]
        writer.add([Change.of(FIRST, "confidence", "high", parents=[head.change_id], author="x")], origin="test")
    files.take_in(store, _kobo(files, 0, "first"))
    record = _only(files, store)
    assert (record["note"], record["confidence"], record["conflicts"]) == ("second", "high", None)


def test_two_edits_of_the_same_version_stand_side_by_side(files: Any) -> None:
    store = files.store()
    files.take_in(store, _kobo(files, 0, "first"), _kobo(files, 1, "one", before=0), _kobo(files, 2, "other", before=0))
    assert {side["value"] for side in _only(files, store)["conflicts"]["note"]} == {"one", "other"}


def test_an_edit_back_to_the_first_words_is_an_edit(files: Any) -> None:
    paths = [_kobo(files, 0, "a"), _kobo(files, 1, "b", before=0), _kobo(files, 2, "a", before=1)]
    for order in permutations(paths):
        store = files.store()
        files.take_in(store, *order)
        assert (_only(files, store)["note"], _only(files, store)["conflicts"]) == ("a", None)


_ids = st.sampled_from(["v0", "v1", "v2", "v3"])
_versions = st.lists(st.tuples(_ids, st.lists(_ids, max_size=3), st.sampled_from("abc")), min_size=1, max_size=5)


@settings(max_examples=100, deadline=None)
@given(_versions, st.randoms())
def test_versions_that_contradict_each_other_lose_no_record(versions: list[Any], chance: Any) -> None:
    changes = []
    for instance, replaces, note in versions:
        version = Version((instance,), tuple(one for one in replaces if one != instance))
        made = Change.of("r", "note", note, parents=version.parents)
        changes += [made, version.brought("r", [made])]
    state = record_state("r", changes)
    assert state.value("note") in {note for *_, note in versions}
    chance.shuffle(changes)
    assert record_state("r", changes) == state


def test_a_row_whose_version_cannot_be_read_says_why(files: Any) -> None:
    path = files.folder / "odd.csv"
    path.write_text(
        "category,lat,lon,instanceID,deprecatedID,Edits\n"
        f"hazard,14.68,-92.15,{FIRST},{'x' * 300},{'9' * 5000}\n"
        f"hazard,14.68,-92.15,{FIRST},,{'9' * 5000}\n"
    )
    store = files.store()
    (done,), aside = files.take_in(store, path)
    assert done.new == 1
    assert "is not 1 to 200 characters" in aside[0].row.reason


@pytest.mark.parametrize("turn", [1, -1])
def test_an_edit_on_kobotoolbox_is_later_by_when_it_was_finished(notes: Any, turn: int) -> None:
    """Its exports need not name the version before: the id changes, the number and the time of arrival stay."""
    paths = []
    for note, end, digit in (("as written", "10:04", "5"), ("corrected", "18:30", "6")):
        paths.append(notes.folder / f"kobo {note}.csv")
        paths[-1].write_text(
            "start;end;_lugar_latitude;_lugar_longitude;note;_id;_uuid;_submission_time\n"
            f"2026-05-04T10:00:00-06:00;2026-05-04T{end}:00-06:00;14.9;-92.2;{note};77;"
            f"{FIRST.replace('1', digit)};2026-05-04T16:05:00\n"
        )
    store = notes.store()
    notes.take_in(store, *paths[::turn])
    record = _only(notes, store)
    assert (record["note"], record["conflicts"]) == ("corrected", None)
