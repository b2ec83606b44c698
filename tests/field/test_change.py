"""The id of a change: the same in Python and in JavaScript, and of nothing but its content."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.field.change import Change, ChangeError, canonical
from tools import node

DATA = Path(__file__).with_name("data")
GOLDEN: list[dict[str, Any]] = json.loads((DATA / "change_ids.json").read_text(encoding="utf-8"))["changes"]

_values = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_changes = st.builds(
    Change.of,
    st.uuids().map(str),
    st.sampled_from(["note", "geometry", "título"]),
    _values,
    author=st.none() | st.just("Ñandú"),
)


@pytest.mark.parametrize("stated", GOLDEN, ids=lambda one: one["canonical"][:20].encode("unicode_escape").decode())
def test_the_golden_changes_have_their_ids(stated: dict[str, Any]) -> None:
    assert canonical(stated["value"]) == stated["canonical"]
    assert Change.from_json(stated).change_id == stated["change_id"]


def _by_node(changes: list[dict[str, Any]]) -> list[list[str]]:
    script = [node.node(), str(DATA / "change_ids.mjs")]
    done = subprocess.run(script, input=json.dumps(changes), capture_output=True, text=True, check=True)
    computed: list[list[str]] = json.loads(done.stdout)
    return computed


def test_javascript_computes_the_golden_ids() -> None:
    assert _by_node(GOLDEN) == [[stated["change_id"], stated["canonical"]] for stated in GOLDEN]


@settings(deadline=None, max_examples=8)
@given(st.lists(_changes, min_size=30, max_size=60))
def test_javascript_computes_the_same_ids_for_any_value(changes: list[Change]) -> None:
    assert _by_node([change.as_json() for change in changes]) == [[c.change_id, canonical(c.value)] for c in changes]


@given(_changes)
def test_a_change_survives_its_export(change: Change) -> None:
    again = Change.from_json(json.loads(json.dumps(change.as_json())))
    assert again.change_id == change.change_id


@given(_changes, st.sampled_from(["record_id", "field", "value", "parents", "author", "device", "claimed_at"]))
def test_a_change_that_was_altered_is_refused(change: Change, part: str) -> None:
    altered = change.as_json() | {part: ["0" * 64] if part == "parents" else "something else"}
    with pytest.raises(ChangeError, match="does not have the content"):
        Change.from_json(altered)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ([], "expected a change as an object, got list"),
        ({"record_id": "a", "field": "note"}, "has no 'value'"),
        ({"record_id": "", "field": "note", "value": 1}, "record_id of a change is text of 1 to"),
        ({"record_id": 7, "field": "note", "value": 1}, "got 7"),
        ({"record_id": "a\nb", "field": "note", "value": 1}, "cannot be printed"),
        ({"record_id": "a", "field": "note", "value": float("nan")}, "nan is not a number of JSON"),
        ({"record_id": "a", "field": "note", "value": 10**400}, "inf is not a number"),
        ({"record_id": "a", "field": "note", "value": "x" * 1_000_001}, "1,000,003 characters long"),
        ({"record_id": "a", "field": "note", "value": 1, "parents": ["12"]}, "'12' is no id of a change"),
        ({"record_id": "a", "field": "note", "value": 1, "parents": "12"}, "a list of ids"),
        ({"record_id": "a", "field": "note", "value": 1, "author": "\ud800"}, "cannot be printed"),
    ],
)
def test_what_is_no_change_is_refused_with_a_reason(stated: object, message: str) -> None:
    with pytest.raises(ChangeError, match=message):
        Change.from_json(stated)


def test_a_value_nested_without_end_is_refused() -> None:
    value: list[Any] = []
    for _ in range(100):
        value = [value]
    with pytest.raises(ChangeError, match="nested more than"):
        canonical(value)


def test_the_changes_of_a_row_are_those_that_are_made_one_by_one() -> None:
    values = {"note": "ñandú", "geometry": {"type": "Point", "coordinates": [-92, 15.5]}, "m": 8.50, "yes": True}
    provenance = {"author": "Ana", "device": None, "claimed_at": "2026-05-04T10:00:00Z"}
    made = list(Change.of_row("r1", values.items(), **provenance))
    assert made == [Change.of("r1", name, value, **provenance) for name, value in values.items()]
    with pytest.raises(ChangeError, match="cannot be printed"):
        list(Change.of_row("r\n1", values.items()))
    with pytest.raises(ChangeError, match="nothing that JSON can say"):
        list(Change.of_row("r1", [("note", {1, 2})]))
