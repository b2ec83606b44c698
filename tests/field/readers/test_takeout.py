"""What Google gives back: histories of where a phone was, and what it knows of photos."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import InputError
from atlas.field.readers import read_file
from atlas.field.readers.read_options import ReadOptions
from atlas.field.row import FieldRow, Rejected

E7 = {"latitudeE7": 146800000, "longitudeE7": -921500000}
FURTHER_E7 = {"latitudeE7": 146900000, "longitudeE7": -921600000}
STAY = ("Point", [-92.15, 14.68])
WAY = ("LineString", [[-92.15, 14.68], [-92.16, 14.69]])
TIMES = {"startTimestamp": "2023-05-04T16:20:00Z", "endTimestamp": "2023-05-04T17:20:00Z"}
SEGMENT = {"startTime": "2024-06-04T10:00:00.000-06:00", "endTime": "2024-06-04T11:00:00.000-06:00"}
ANDROID = {
    "semanticSegments": [
        {**SEGMENT, "visit": {"topCandidate": {"placeLocation": {"latLng": "14.6800000°, -92.1500000°"}}}},
        {**SEGMENT, "timelinePath": [{"point": "14.68°, -92.15°"}, {"point": "14.69°, -92.16°"}]},
        {**SEGMENT, "activity": {"start": {"latLng": "14.68°, -92.15°"}, "end": {"latLng": "14.69°, -92.16°"}}},
    ],
    "rawSignals": [
        {"position": {"LatLng": "14.68°, -92.15°", "timestamp": "2024-06-04T11:05:00.000-06:00"}},
        {"position": {"LatLng": "14.69°, -92.16°", "timestamp": "2024-06-04T11:06:00.000-06:00"}},
        {"wifiScan": {"deliveryTime": "2024-06-04T11:06:00.000-06:00"}},
    ],
    "userLocationProfile": {},
}
IOS = [
    {**SEGMENT, "visit": {"topCandidate": {"placeLocation": "geo:14.680000,-92.150000"}}},
    {**SEGMENT, "timelinePath": [{"point": "geo:14.68,-92.15"}, {"point": "geo:14.69,-92.16"}]},
    {**SEGMENT, "activity": {"start": "geo:14.68,-92.15", "end": "geo:14.69,-92.16"}},
]
OF_ACCOUNT = {
    "timelineObjects": [
        {"placeVisit": {"location": {**E7, "name": "Synthetic market"}, "duration": TIMES}},
        {"activitySegment": {"startLocation": E7, "endLocation": FURTHER_E7, "duration": TIMES}},
    ]
}
RECORDS = {
    "locations": [
        # the order of the file is no order
        {**FURTHER_E7, "timestampMs": "1683217260000"},
        {**E7, "timestamp": "2023-05-04T16:20:00.000Z"},
    ]
}


def _read(path: Path, document: Any) -> tuple[list[FieldRow | Rejected], list[str]]:
    path.write_text(json.dumps(document), encoding="utf-8")
    notes: list[str] = []
    return list(read_file(path, options=ReadOptions(notify=notes.append))), notes


@pytest.mark.parametrize(
    ("document", "shapes"),
    [
        (RECORDS, [WAY]),
        (OF_ACCOUNT, [STAY, WAY]),
        (ANDROID, [STAY, WAY, WAY, WAY]),
        (IOS, [STAY, WAY, WAY]),
    ],
    ids=["records", "account", "android", "ios"],
)
def test_where_a_phone_was_is_kept_as_withheld_ways_and_stays(tmp_path: Path, document: Any, shapes: list[Any]) -> None:
    rows, notes = _read(tmp_path / "history.json", document)
    made = [row for row in rows if isinstance(row, FieldRow)]
    assert len(made) == len(rows)
    assert [(row.geometry["type"], row.geometry["coordinates"]) for row in made if row.geometry] == shapes
    # what has this field is withheld whatever a review says
    assert all(row.fields["track"] and row.fields["sensitivity"] == "withheld" for row in made)
    assert all(str(row.fields["observed_at"]).startswith(("2023-05-04T16:20:00", "2024-06-04T1")) for row in made)
    assert any("are kept as withheld and are never published" in note for note in notes)


def test_parts_without_a_way_or_a_stay_are_counted(tmp_path: Path) -> None:
    _, notes = _read(tmp_path / "history.json", ANDROID)
    assert any("1 parts name no two places" in note for note in notes)
    assert any("nothing used 1 column: userLocationProfile" in note for note in notes)
    rows, notes = _read(tmp_path / "one.json", {"locations": [RECORDS["locations"][0], {"latitudeE7": 9e12}, 5]})
    assert rows == []
    assert "3 parts name no two places" in notes[0]


def test_a_position_that_is_none_is_put_aside(tmp_path: Path) -> None:
    odd = {"locations": [{**E7, "latitudeE7": 999999999999, "timestamp": "2023-05-04T16:20:00Z"}]}
    (row,), _ = _read(tmp_path / "history.json", odd)
    assert isinstance(row, Rejected)
    assert "out of range" in row.reason


def test_what_is_beside_a_photo_becomes_its_record(tmp_path: Path) -> None:
    document = {
        "title": "IMG_1.jpg",
        "description": "synthetic",
        "photoTakenTime": {"timestamp": "1683217200"},
        "geoData": {"latitude": 0.0, "longitude": 0.0},
        "geoDataExif": {"latitude": 14.68, "longitude": -92.15},
        "url": "https://photos.google.com/photo/x",
    }
    (row,), notes = _read(tmp_path / "IMG_1.jpg.supplemental-metadata.json", document)
    assert isinstance(row, FieldRow)
    assert (row.geometry or {})["coordinates"] == [-92.15, 14.68]
    assert row.fields["photos"] == ["IMG_1.jpg"]
    assert (row.fields["note"], row.fields["observed_at"]) == ("synthetic", "2023-05-04T16:20:00Z")
    assert any("nothing used 1 column: url" in note for note in notes)
    (row,), _ = _read(tmp_path / "IMG_2.jpg.json", {**document, "geoDataExif": {}})
    assert isinstance(row, Rejected)


def test_a_history_without_a_place_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"history\.json is a location history without a place"):
        _read(tmp_path / "history.json", {"locations": []})


def test_the_public_accuracy_of_an_obscured_position_counts(tmp_path: Path) -> None:
    path = tmp_path / "observations.csv"
    path.write_text(
        "id,observed_on,latitude,longitude,positional_accuracy,public_positional_accuracy,description\n"
        "1,2026-05-04,14.68,-92.15,8,28000,synthetic\n2,2026-05-04,14.69,-92.15,9,,synthetic\n",
        encoding="utf-8",
    )
    rows = [row for row in read_file(path) if isinstance(row, FieldRow)]
    assert [row.fields["coordinateUncertaintyInMeters"] for row in rows] == [28000, 9]


def test_answers_with_a_visit_are_no_history(tmp_path: Path) -> None:
    answer = {
        "startTime": "2026-05-04",
        "visit": {"reason": "synthetic"},
        "note": "synthetic",
        "lat": 14.68,
        "lon": -92,
    }
    (row,), _ = _read(tmp_path / "answers.json", [answer])
    assert isinstance(row, FieldRow)
    assert "track" not in row.fields


def test_odd_entries_are_put_aside_or_counted(tmp_path: Path) -> None:
    deep: Any = "14.68, -92.15"
    for _ in range(40):
        deep = {"point": deep}
    odd = [
        {"visit": 5},
        {"visit": {"topCandidate": []}},
        {"timelinePath": [deep, 3, None]},
        {"timelinePath": 1},
        [],
        "x",
    ]
    rows, notes = _read(tmp_path / "history.json", {"semanticSegments": odd, "rawSignals": {"a": 1}})
    assert all(isinstance(row, Rejected) for row in rows)
    assert len(rows) + 5 >= len(odd)
    assert any("name no two places" in note for note in notes)


def _saved(geometry: Any, **properties: Any) -> dict[str, Any]:
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    return {"type": "FeatureCollection", "features": [feature]}


NOWHERE = {"type": "Point", "coordinates": [0, 0]}
CID, PIN = "http://maps.google.com/?cid=123", "http://maps.google.com/?q=14.68,-92.15"
OLD_PLACE = {
    "Address": "Calle 1",
    "Business Name": "Mercado",
    "Country Code": "MX",
    "Geo Coordinates": {"Latitude": "14.68", "Longitude": "-92.15"},
}


@pytest.mark.parametrize(
    ("document", "note"),
    [
        (
            _saved(
                {"type": "Point", "coordinates": [-92.15, 14.68]},
                google_maps_url=CID,
                location={"name": "Mercado", "address": "Calle 1", "country_code": "MX"},
                Comment="agua",
            ),
            "Mercado\nCalle 1\nagua",
        ),
        (_saved(NOWHERE, google_maps_url=PIN, Comment="agua"), "agua"),
        (_saved(NOWHERE, **{"Google Maps URL": CID, "Location": OLD_PLACE, "Title": "Pozo"}), "Pozo\nMercado\nCalle 1"),
    ],
)
def test_saved_places_have_their_name_and_the_place_of_their_link(tmp_path: Path, document: Any, note: str) -> None:
    (row,), _ = _read(tmp_path / "Saved Places.json", document)
    assert isinstance(row, FieldRow)
    assert row.geometry == {"type": "Point", "coordinates": [-92.15, 14.68]}
    assert row.fields["note"] == note
    assert "location" not in row.fields


def test_a_saved_place_that_only_google_can_place_is_put_aside(tmp_path: Path) -> None:
    (row,), _ = _read(tmp_path / "Saved Places.json", _saved(NOWHERE, google_maps_url=CID))
    assert isinstance(row, Rejected)
    assert "its link has no position (http://maps.google.com/?cid=123)" in row.reason


@pytest.mark.parametrize("header", ["Title,Note,URL,Tags,Comment", "Título,Nota,URL,Etiquetas,Comentario"])
def test_a_list_of_saved_places_has_its_positions_in_links(tmp_path: Path, header: str) -> None:
    path = tmp_path / "Want to go.csv"
    pin = "https://www.google.com/maps/place/P/@1.5,2.5,17z/data=!4m6!8m2!3d14.68!4d-92.15"
    path.write_text(f"{header}\n,,,,\nPozo,agua,{CID},,\n", encoding="utf-8")
    (bad,) = read_file(path, options=ReadOptions())
    assert isinstance(bad, Rejected)
    assert "a link without a position" in bad.reason
    path.write_text(f'{header}\n,,,,\nPozo,agua,"{pin}",,\n', encoding="utf-8")
    (row,) = read_file(path, options=ReadOptions())
    assert isinstance(row, FieldRow)
    assert (row.geometry, row.fields["note"]) == ({"type": "Point", "coordinates": [-92.15, 14.68]}, "Pozo\nagua")


def test_a_link_is_no_place_where_a_table_has_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'note,lat,lon,url\nagua,14.9,-92.2,"{PIN}"\n', encoding="utf-8")
    (row,) = read_file(path, options=ReadOptions())
    assert isinstance(row, FieldRow)
    assert (row.geometry, row.fields["url"]) == ({"type": "Point", "coordinates": [-92.2, 14.9]}, PIN)


def test_what_holds_no_notes_in_a_takeout_is_named_and_is_no_fault(tmp_path: Path) -> None:
    path, beside = (
        tmp_path / "takeout.zip",
        {"Settings.json": '{"createdTime":"2014"}', "Tombstones.csv": "Device Tag\n1\n"},
    )
    beside |= {"metadata.json": '{"title":"A","description":"","date":{"timestamp":"1"}}', "notes.json": '{"a": 1}'}
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("Takeout/Location History/Records.json", json.dumps(RECORDS))
        for name, content in beside.items():
            packed.writestr(f"Takeout/A/{name}", content)
    notes: list[str] = []
    rows = list(read_file(path, options=ReadOptions(notify=notes.append)))
    # what is called otherwise may be notes that were damaged
    assert [row.where for row in rows if isinstance(row, Rejected)] == ["notes.json"]
    (unused,) = (note for note in notes if "nothing used" in note)
    assert all(f"Takeout/A/{name}" in unused for name in ("Settings.json", "Tombstones.csv", "metadata.json"))
