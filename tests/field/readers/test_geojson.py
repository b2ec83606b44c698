"""GeoJSON of any make: records of the release gate, the page's export with its history, sequences, large files."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import InputError
from atlas.field.change import Change
from atlas.field.readers import features

Reading = Callable[..., Any]

_ID = "81111111-1111-4111-8111-111111111111"
_POINT = {"type": "Point", "coordinates": [-92.15, 14.68]}


def _feature(**properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "id": _ID, "geometry": _POINT, "properties": properties}


def _collection(*features: Any, **members: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **members, "features": features})


def test_records_of_the_release_gate_come_in(reading: Reading, files: Path) -> None:
    came = reading(files / "records.geojson")
    first, second = came.good
    assert first.fields == {
        "category": "informal_crossing",
        "note": "Synthetic",
        "observed_at": "2026-01-05",
        "sensitivity": "generalised",
        "confidence": "seen",
        "counted": 3,
    }
    assert second.record_id == "71111111-1111-4111-8111-111111111111"
    assert second.geometry is None
    assert (second.fields["reach"], second.fields.get("sensitivity")) == ("R012", None)
    assert [row.where for row in came.bad] == ["feature 3", "feature 4"]
    assert "swapped" in came.bad[1].reason


def test_an_export_of_the_page_brings_history_and_photos(reading: Reading, jpeg: bytes) -> None:
    changes = [
        Change.of(_ID, "note", " as typed ", author="Ana", device="phone", claimed_at="1970-01-01T00:00:00Z"),
        Change.of(_ID, "geometry", _POINT),
        Change.of(_ID, "photos", ["a.jpg"]),
    ]
    feature = {**_feature(note=" as typed ", photos=["a.jpg"]), "atlas": {"changes": [c.as_json() for c in changes]}}
    photo = {"name": "a.jpg", "type": "image/jpeg", "data": base64.b64encode(jpeg).decode()}
    stated = {"format": "atlas-field-notes", "version": 1, "device": "phone", "author": "Ana", "media": [photo]}
    record = reading(_collection(feature, atlas=stated), "page.geojson").only
    assert record.changes == tuple(changes)
    assert record.fields["note"] == " as typed "
    assert record.author == "Ana"
    assert b"SyntheticCamera" not in record.media[0].data


def test_a_history_that_was_altered_is_refused(reading: Reading) -> None:
    change = {**Change.of(_ID, "note", "true").as_json(), "value": "false"}
    came = reading(_collection({**_feature(note="x"), "atlas": {"changes": [change]}}, _feature(note="good")), "a.json")
    assert "altered" in came.bad[0].reason
    assert len(came.good) == 1


def test_an_export_of_a_later_page_asks_for_a_later_atlas(reading: Reading) -> None:
    with pytest.raises(InputError, match="newer than this atlas"):
        reading(_collection(_feature(), atlas={"format": "atlas-field-notes", "version": 99}), "a.geojson")


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        ({"type": "Feature", "geometry": _POINT, "properties": []}, "not an object"),
        ("a text", "not a Feature"),
        ({**_feature(), "geometry": {"type": "Circle", "coordinates": [0, 0]}}, "no type of geometry"),
        ({**_feature(), "geometry": {"type": "Point", "coordinates": ["a", 1]}}, "not two numbers"),
        ({**_feature(), "geometry": {"type": "Point", "coordinates": [-92.15, 95]}}, "out of range"),
        ({**_feature(), "geometry": {"type": "Point", "coordinates": [10**400, 1]}}, "out of range"),
        ({**_feature(), "geometry": {"type": "GeometryCollection", "geometries": [None]}}, "holds null"),
        (_feature(note="x" * 20_001), "characters are too many"),
        (_feature(coordinateUncertaintyInMeters=-5), "below zero"),
        (_feature(extra=json.loads("[" * 60 + "]" * 60)), "nested more than"),
        ({**_feature(), "id": "a\nb"}, "characters that can be printed"),
        ({**_feature(), "atlas": {"changes": "all"}}, "not a list of changes"),
    ],
)
def test_a_bad_feature_is_put_aside_and_the_next_comes_in(reading: Reading, feature: Any, reason: str) -> None:
    came = reading(_collection(feature, {**_feature(note="good"), "id": "other"}), "a.geojson")
    assert reason in came.bad[0].reason
    assert came.good[0].record_id == "other"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"type": "FeatureCollection", "features": [', "was it cut off"),
        ('{"type": "Topology"}', "not GeoJSON.*Topology"),
        ("[1, 2]", "not GeoJSON"),
        ('{"type": "Feature", "properties": ' + "[" * 100_000, "nested too deep"),
        ("{'type': 'FeatureCollection'}", "line 1, column 2"),
        (
            '{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:0"}}, "features": []}',
            "EPSG:0",
        ),
    ],
)
def test_what_is_not_whole_geojson_is_one_clear_error(reading: Reading, text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        reading(text, "a.geojson")


def test_a_stated_coordinate_system_is_brought_to_degrees(reading: Reading) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32615"}}
    feature = {**_feature(), "geometry": {"type": "Point", "coordinates": [591545, 1623128]}}
    record = reading(_collection(feature, crs=crs), "a.geojson").only
    assert record.geometry["coordinates"] == [pytest.approx(-92.15, abs=1e-3), pytest.approx(14.68, abs=1e-3)]


@pytest.mark.parametrize("mark", ["", "\x1e"])
def test_a_sequence_is_read_line_by_line(reading: Reading, mark: str) -> None:
    lines = [json.dumps({**_feature(note=str(n)), "id": f"r{n}"}) for n in range(3)]
    came = reading("".join(f"{mark}{line}\n" for line in [*lines[:2], '{"type": "Fea', lines[2]]), "a.geojsonl")
    assert [row.record_id for row in came.good] == ["r0", "r1", "r2"]
    assert came.bad[0].where == "line 3"


@pytest.mark.parametrize("mark", ["", "\x1e"])
@pytest.mark.parametrize("name", ["a.geojson", "a.geojsonl"])
def test_features_of_several_lines_one_after_the_other_come_in(reading: Reading, mark: str, name: str) -> None:
    texts = [json.dumps({**_feature(note=str(n)), "id": f"r{n}"}, indent=2) for n in range(3)]
    came = reading("".join(f"{mark}{text}\n" for text in texts), name)
    assert [row.record_id for row in came.good] == ["r0", "r1", "r2"]
    assert came.bad == []


def test_a_large_file_is_read_a_feature_at_a_time(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [{**_feature(note=f"n{n}", fecha="03/05/2026" if n else "31/05/2026"), "id": f"r{n}"} for n in range(50)]
    text = _collection(*many, {"type": "Feature", "geometry": None, "properties": {}})
    whole = reading(text, "a.geojson")
    monkeypatch.setattr(features, "_WHOLE_BYTES", 100)
    streamed = reading(text, "a.geojson")
    assert streamed == whole
    assert streamed.good[1].fields["observed_at"] == "2026-05-03"
    with pytest.raises(InputError, match="not whole GeoJSON"):
        reading(text[:-40], "b.geojson")


def test_a_page_of_utf16_is_read_and_said(reading: Reading) -> None:
    came = reading(_collection(_feature(note="año")).encode("utf-16"), "a.geojson")
    assert came.only.fields["note"] == "año"
    assert any("UTF-16" in note for note in came.notes)
