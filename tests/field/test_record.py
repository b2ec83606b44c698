"""The schema of a field record: complete in two languages, and strict where a word decides what happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from atlas.errors import InputError
from atlas.field.record import annotation_schema, read_schema

SCHEMA = annotation_schema()


def test_every_field_is_explained_in_both_languages() -> None:
    for field in SCHEMA.fields.values():
        texts = [field.titles, field.descriptions, *field.values.values()]
        assert all(set(text) == {"en", "es"} and all(text.values()) for text in texts), field.name


def test_the_schema_is_a_json_schema_that_a_record_fits() -> None:
    jsonschema.Draft202012Validator.check_schema(dict(SCHEMA.document))
    record: dict[str, Any] = {
        "type": "Feature",
        "id": "00000000-0000-4000-8000-000000000001",
        "geometry": {"type": "Point", "coordinates": [-92.0, 15.0]},
        "properties": {
            "category": "hazard",
            "observed_at": "2026-05-04",
            "position_basis": "map",
            "sensitivity": "restricted",
            "consent": "no_person",
            "note": None,
        },
    }
    jsonschema.validate(record, dict(SCHEMA.document))
    for wrong in ({"sensitivity": "public"}, {"observed_at": "yesterday"}, {"reach": "12"}):
        changed = record | {"properties": record["properties"] | wrong}
        with pytest.raises(jsonschema.ValidationError, match=str(next(iter(wrong.values())))):
            jsonschema.validate(changed, dict(SCHEMA.document))


def test_a_form_asks_for_a_sensitivity_that_is_restricted_unless_said_otherwise() -> None:
    asked = {field.name: field for field in SCHEMA.form}
    assert asked["sensitivity"].default == "restricted"
    assert asked["sensitivity"].required
    assert not {"status", "decision", "deleted"} & set(asked)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("observed_at", "2026-13-01", "not a date of ISO 8601"),
        ("observed_at", "04/05/2026", "not a date of ISO 8601"),
        ("sensitivity", "Open", "not one of open, generalised"),
        ("status", "ok", "not one of pending"),
        ("reach", "R1", "a stretch such as R012"),
        ("photos", ["a.jpg", 1], "a list of names"),
        ("coordinateUncertaintyInMeters", -1, "not between 0"),
        ("coordinateUncertaintyInMeters", True, "expected number"),
        ("note", {"a": 1}, "expected string"),
        ("note", "x" * 20_001, "too many"),
    ],
)
def test_a_value_that_a_field_cannot_have_has_a_reason(name: str, value: object, reason: str) -> None:
    assert reason in (SCHEMA.fields[name].fault(value) or "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("observed_at", "2026-05"),
        ("observed_at", "1970-01-01T00:00:00Z"),
        ("observed_at", "2026-05-04T16:20:00.5-06:00"),
        ("category", "a word of another team"),
        ("confidence", "seen"),
        ("note", None),
        ("coordinateUncertaintyInMeters", 4.5),
    ],
)
def test_a_value_that_a_field_can_have_has_none(name: str, value: object) -> None:
    assert SCHEMA.fields[name].fault(value) is None


@pytest.mark.parametrize("content", ["{}", "[]", "{", '{"properties": {"properties": {"properties": {"a": {}}}}}'])
def test_a_file_that_is_no_schema_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "annotation.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="not the schema of a field record"):
        read_schema(path)
