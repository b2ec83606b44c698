"""Copies of records that come into a store which never had their history."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from atlas.field.export import export
from atlas.field.merge import merge
from atlas.field.review import Review, review

pytestmark = pytest.mark.slow


def _copy(notes: Any, store: Any, form: str, *, edit: tuple[str, str] | None = None) -> Any:
    """An export as a file, with a piece of its text replaced where ``edit`` says so."""
    path = notes.folder / f"copy-{secrets.token_hex(3)}.{form}"
    data = export(store, form, exact=True)[0]
    if edit:
        assert edit[0].encode() in data
        data = data.replace(edit[0].encode(), edit[1].encode())
    path.write_bytes(data)
    return path


def _without_authors(notes: Any, store: Any) -> list[dict[str, Any]]:
    """Records without who said them."""
    return [{name: value for name, value in record.items() if name != "author"} for record in notes.look(store).records]


def _office(notes: Any) -> Any:
    """A store whose values have a history: corrected, in conflict, with a field that the atlas does not know."""
    office = notes.holding(
        notes.feature(1, note="first", confidence="low", clave="=1+1"),
        notes.feature(2, at=None, reach="R012", note="two\nlines", coordinateUncertaintyInMeters=4.5),
        notes.feature(3, note="one side"),
    )
    notes.take_in(office, notes.sent(office, lambda features: features[0]["properties"].update(note="corrected")))
    notes.take_in(office, notes.write("other.geojson", notes.feature(3, note="other side")))
    return office


@pytest.mark.parametrize("form", ["csv", "gpkg"])
def test_a_copy_brings_its_values_to_a_store_that_never_had_them(notes: Any, form: str) -> None:
    office, stranger = _office(notes), notes.store()
    path = _copy(notes, office, form)
    (done,), aside = notes.take_in(stranger, path)
    assert (done.new, aside) == (3, [])
    assert done.changes
    for mine, theirs in zip(_without_authors(notes, stranger), _without_authors(notes, office), strict=True):
        ours = {name: [side["value"] for side in sides] for name, sides in (mine.pop("conflicts") or {}).items()}
        had = {name: [side["value"] for side in sides] for name, sides in (theirs.pop("conflicts") or {}).items()}
        assert {name: sorted(values) for name, values in ours.items()} == {n: sorted(v) for n, v in had.items()}
        if had:
            mine.pop("note"), theirs.pop("note")
        assert mine == theirs
    before = notes.digest(stranger)
    (again,), _ = notes.take_in(stranger, path, author="Synthetic")
    assert (again.new, again.known, again.changes, notes.digest(stranger)) == (0, 3, 0, before)


@pytest.mark.parametrize("form", ["csv", "gpkg"])
def test_the_true_history_that_arrives_later_is_in_no_conflict_with_the_copy(notes: Any, form: str) -> None:
    office, stranger = _office(notes), notes.store()
    path = _copy(notes, office, form)
    # the office goes on after the copy was made
    (sides,) = notes.records(office, conflicts=True)[3]["conflicts"].values()
    review(office, [notes.id(3)], Review(by="Synthetic", keep={"note": sides[0]["change_id"]}))
    notes.take_in(office, notes.sent(office, lambda features: features[0]["properties"].update(note="corrected again")))
    notes.take_in(stranger, path)
    merge(stranger, [office])
    merge(office, [stranger])
    for store in (stranger, office):
        assert not notes.records(store, conflicts=True)
        assert notes.records(store)[1]["note"] == "corrected again"
        assert notes.records(store)[3]["note"] == sides[0]["value"]
    assert notes.digest(stranger) == notes.digest(office)


def test_what_was_edited_in_the_copy_supersedes_the_value_that_arrives_later(notes: Any) -> None:
    office, stranger = _office(notes), notes.store()
    notes.take_in(stranger, _copy(notes, office, "csv", edit=("corrected", "edited outside")))
    record = notes.records(stranger)[1]
    assert (record["note"], record["confidence"]) == ("edited outside", "low")
    merge(stranger, [office])
    record = notes.records(stranger)[1]
    assert (record["note"], record["conflicts"]) == ("edited outside", None)


def test_a_copy_in_the_store_that_it_came_from_is_nothing_new(notes: Any) -> None:
    office = _office(notes)
    before = notes.digest(office)
    for form in ("csv", "gpkg"):
        (done,), _ = notes.take_in(office, _copy(notes, office, form))
        assert (done.new, done.changes) == (0, 0)
    assert notes.digest(office) == before


def test_a_copy_of_a_newer_state_brings_what_the_older_store_lacks(notes: Any) -> None:
    office, other = notes.holding(notes.feature(1, note="first")), notes.store()
    merge(other, [office])
    notes.take_in(office, notes.sent(office, lambda features: features[0]["properties"].update(note="second")))
    notes.take_in(other, _copy(notes, office, "csv"))
    assert {side["value"] for side in notes.records(other)[1]["conflicts"]["note"]} == {"first", "second"}
    merge(other, [office])
    assert (notes.records(other)[1]["note"], notes.records(other)[1]["conflicts"]) == ("second", None)
