"""A person corrects or empties a field at home: one value stands, with who did it and why; nothing else changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from atlas.errors import UsageError
from atlas.field.edit import Edit, edit


def _edit(store: Any, record_id: str, *cleared: str, **values: str) -> dict[str, int]:
    return edit(store, [record_id], Edit(by="Luz", reason="went there again", values=values, cleared=cleared))


def test_edits_stand_alone_and_say_why(files: Any) -> None:
    store = files.holding(files.feature(1, note="Juana, blue house", confidence="low"))
    files.take_in(store, files.write("other.geojson", files.feature(1, note="somebody else", confidence="low")))
    assert files.records(store)[1]["conflicts"]
    corrected = {"category": "albergue", "observed_at": "5 de mayo de 2026", "coordinateUncertaintyInMeters": "16 ft"}
    _edit(store, files.id(1), "note", geometry="15.5, -91.5", **corrected)
    with store.reading() as view:
        state = view.state(files.id(1))
    values = state.values
    assert "note" not in values
    assert (values["category"], values["observed_at"]) == ("shelter", "2026-05-05")
    assert values["coordinateUncertaintyInMeters"] == pytest.approx(4.88)
    assert values["geometry"]["coordinates"] == [-91.5, 15.5]
    assert values["edited"]["reason"] == "went there again"
    assert "Juana" not in str(values)
    assert not state.conflicts
    assert _edit(store, files.id(1), "note") == {files.id(1): 0}


@pytest.mark.parametrize(
    ("cleared", "values", "why"),
    [
        ((), {}, "--set FIELD=VALUE or --clear FIELD"),
        (("note",), {"note": "x"}, "set and cleared"),
        (("sensitivity",), {}, "atlas field review ID --classify"),
        ((), {"status": "accepted"}, "--accept or --reject"),
        ((), {"nota": "x"}, "has no field 'nota'"),
        ((), {"category": "albergues grandes"}, "is not one of informal_crossing"),
        ((), {"coordinateUncertaintyInMeters": "-4"}, "not between 0 and"),
        ((), {"reach": "R999"}, "is not on the line"),
        ((), {"observed_at": "2026-13-01"}, "does not exist"),
        ((), {"geometry": "{"}, "--set geometry"),
        ((), {"atlas_base": "x"}, "cannot be edited"),
    ],
)
def test_what_cannot_be_edited_is_refused_whole(files: Any, cleared: Any, values: Any, why: str) -> None:
    store = files.holding(files.feature(1, note="first"))
    before = files.digest(store)
    with pytest.raises(UsageError, match=why):
        _edit(store, files.id(1), *cleared, **{**values, "confidence": "high"} if values else {})
    assert files.digest(store) == before


def test_a_record_of_a_form_server_is_corrected_by_any_name_that_its_submission_had(notes: Any, tmp_path: Path) -> None:
    """KoboToolbox gives an edited submission a new ``_uuid``; the record is the one of its number."""
    first, edited, other = (f"{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}" for digit in "abc")
    table = tmp_path / "kobo.csv"
    head, came = "note,lat,lon,_id,_uuid,_submission_time\n", "2026-05-04T10:00:00"
    store = notes.holding(notes.feature(1))
    for rows in (
        f"one,14.9,-92.2,77,{first},{came}\n",
        f"two,14.9,-92.2,77,{edited},{came}\nx,15,-92,78,{other},{came}\n",
    ):
        table.write_text(head + rows)
        notes.take_in(store, table)
    with store.reading() as view:
        record_id = view.find(first)
        # the number by which a team knows it, which stays through all edits
        assert view.find("77") == record_id
        assert view.find(f"uuid:{edited.upper()}") == record_id
        # the number by which a team knows it, which stays through all edits
        assert view.find("77") == record_id
        assert view.find(other) != record_id
        with pytest.raises(UsageError, match="there is no record"):
            view.find("dddddddd-dddd-4ddd-8ddd-dddddddddddd")
    assert _edit(store, edited, note="three")[record_id] >= 1


def test_two_people_who_correct_different_fields_have_nothing_to_decide(files: Any) -> None:
    """Each says who edits and why; these notes stood side by side as a conflict of their own, and closed the record."""
    home, other = (files.holding(files.feature(1, note="one")) for _ in "ab")
    _edit(home, files.id(1), note="two")
    _edit(other, files.id(1), category="hazard")
    merged = files.store()
    for store in (home, other):
        with store.reading() as view, merged.writing() as writer:
            writer.add_all(view.changes(), origin="test")
    with merged.reading() as view:
        state = view.state(files.id(1))
        assert (state.value("note"), state.value("category"), state.conflicts) == ("two", "hazard", {})
        assert sum(change.field == "edited" for change in view.changes()) == 2


def test_one_number_of_a_form_server_in_two_records_is_proposed_as_one(files: Any, tmp_path: Path) -> None:
    """As of an export without the time of submission, and an edit of it, whose ``_uuid`` is another one."""
    table, store = tmp_path / "kobo.csv", files.store()
    for digit, note in zip("ab", ("a synthetic note", "something else"), strict=True):
        given = f"{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}"
        table.write_text(f"note,lat,lon,_id,_uuid,_submitted_by\n{note},14.9,-92.2,254135872,{given},ana\n")
        files.take_in(store, table)
    with store.reading() as view:
        assert list(view.session.rows("SELECT why FROM proposals")) == [("the same id in their sources",)]
