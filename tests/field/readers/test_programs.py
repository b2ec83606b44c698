"""Exports of the programs that people carry: an observation is one record, with the time and place that it says."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import InputError
from atlas.field.readers import ReadOptions, read_file
from atlas.field.row import FieldRow

from .conftest import Reading

DOC = "0f9e" * 16
KOBO = "start;_lugar_latitude;_lugar_longitude;_lugar_precision;Nota;_id;_uuid;_submission_time\n"


def _comapeo(note: str, updated: str, **member: Any) -> dict[str, Any]:
    coords = {"accuracy": 6.5, "latitude": 14.9123, "longitude": -92.2612}
    position = {"timestamp": "2026-05-04T16:20:00.000Z", "mocked": False, "coords": coords}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-92.2612, 14.9123]},
        "properties": {
            "$id": DOC,
            "$createdAt": "2026-05-04T16:20:10.000Z",
            "$updatedAt": updated,
            "$category": "Amenaza",
            "$author": "test phone",
            "notes": note,
            "attachment_1": "a1b2c3d4_original.jpg",
        },
        "$comapeo": {"docId": DOC, "metadata": {"manualLocation": False, "position": position, **member}},
    }


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_edits_of_an_observation_are_one_record_and_the_latest_stands(notes: Any, order: Any) -> None:
    days = ("2026-05-04T16:20:00Z", "2026-05-06T10:00:00+02:00", "2026-05-06T09:00:00Z")
    versions = [_comapeo(words, day) for words, day in zip(("first", "second", "first"), days, strict=True)]
    store = notes.store()
    for i in order:
        notes.take_in(store, notes.write(f"export-{i}.geojson", versions[i]))
    (record,) = notes.look(store).records
    assert (record["note"], record["conflicts"]) == ("first", None)
    # versions may stand in one file
    again = notes.store()
    notes.take_in(again, notes.write("all.geojson", *(versions[i] for i in order)))
    assert notes.look(again).records[0]["note"] == "first"


def test_an_observation_has_the_accuracy_and_time_of_its_position(reading: Reading) -> None:
    document = {"type": "FeatureCollection", "features": [_comapeo("x", "2026-05-06T10:00:00Z")]}
    row = reading(json.dumps(document), name="c.geojson").only
    fields = row.fields
    assert (fields["coordinateUncertaintyInMeters"], fields["position_basis"]) == (6.5, "gps")
    assert fields["observed_at"] == "2026-05-04T16:20:00.000Z"
    assert (row.author, fields["category"]) == ("test phone", "hazard")
    document["features"] = [_comapeo("x", "2026-05-06T10:00:00Z", manualLocation=True)]
    fields = reading(json.dumps(document), name="c.geojson").only.fields
    assert "coordinateUncertaintyInMeters" not in fields
    assert fields["position_basis"] == "map"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("92eb72374a9d6ea15aa7109ec9927900", "{92EB7237-4A9D-6EA1-5AA7-109EC9927900}"),
        ("urn:uuid:92eb7237-4a9d-6ea1-5aa7-109ec9927900", "92eb7237-4a9d-6ea1-5aa7-109ec9927900"),
        ("a3f1b2c3d4e5f607", "A3F1B2C3D4E5F607"),
        ("65f1a2b3c4d5e6f708192a3b", "65f1a2b3c4d5e6f708192a3b"),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAV"),
    ],
)
def test_an_id_that_is_unique_names_one_record_in_any_file(notes: Any, one: str, other: str) -> None:
    store = notes.store()
    for name, given in (("a.csv", one), ("b.csv", other)):
        path = notes.folder / name
        path.write_text(f"id,lat,lon,note\n{given},14.9,-92.2,same\n")
        notes.take_in(store, path, author=name)
    assert len(notes.look(store).records) == 1


@pytest.mark.parametrize(
    ("given", "proposed"), [("2026050412000001", 1), ("0000000000000abc", 1), ("albergue-7", 1), ("7", 0)]
)
def test_an_equal_id_of_another_file_is_proposed_unless_it_numbers_rows(notes: Any, given: str, proposed: int) -> None:
    store = notes.store()
    for name, note in (("a", "quite one thing"), ("b", "something else")):
        path = notes.folder / f"{name}.csv"
        path.write_text(f"id,lat,lon,note,date\n{given},{15 if name == 'a' else 16},-92.2,{note},2026-05-04\n")
        notes.take_in(store, path)
    look = notes.look(store)
    assert (len(look.records), len(look.proposals)) == (2, proposed)


def test_an_edit_in_kobotoolbox_is_no_second_record(notes: Any) -> None:
    store = notes.store()
    row = "2026-05-04T10:00:00-06:00;14.91;-92.26;5;{};254135872;{};2026-05-04T16:05:00\n"
    for name, note, uuid in (("a", "as written", "92eb7237"), ("b", "corrected", "d18d0d37")):
        path = notes.folder / f"{name}.csv"
        path.write_text(KOBO + row.format(note, f"{uuid}-89d6-4a15-aa71-09ec99279bbb"))
        notes.take_in(store, path)
    (record,) = notes.look(store, conflicts=True).records
    # the table does not say which came later: a person does
    assert {side["value"] for side in record["conflicts"]["note"]} == {"as written", "corrected"}
    assert record["observed_at"] == "2026-05-04T10:00:00-06:00"


@pytest.mark.parametrize("turn", [1, -1])
def test_an_entry_of_epicollect_that_was_edited_is_the_one_uploaded_last(notes: Any, turn: int) -> None:
    paths = []
    for day, note in ((4, "as written"), (7, "corrected")):
        paths.append(notes.folder / f"{note}.csv")
        paths[-1].write_text(
            "ec5_uuid,created_at,uploaded_at,title,1_Nota,lat_2_Lugar,long_2_Lugar\n"
            "a9498e4f-70f0-4811-924e-f37b996b9623,2026-05-04T16:20:00.000Z,"
            f"2026-05-0{day}T18:20:00.000Z,,{note},14.9,-92.2\n"
        )
    store = notes.store()
    notes.take_in(store, *paths[::turn])
    (record,) = notes.look(store).records
    assert (record["note"], record["conflicts"]) == ("corrected", None)


def test_epicollect(reading: Reading) -> None:
    row = reading(
        "ec5_uuid,created_at,uploaded_at,title,1_Tipo,lat_2_Lugar,long_2_Lugar,accuracy_2_Lugar,"
        "UTM_Zone_2_Lugar,3_Foto,4_Nota\n"
        "a9498e4f-70f0-4811-924e-f37b996b9623,2026-05-04T16:20:00.000Z,2026-05-04T18:20:00.000Z,"
        "a9498e4f-70f0-4811-924e-f37b996b9623,Albergue,14.912300,-92.261200,5,15P,a9498e4f_1.jpg,tres familias\n"
    ).only
    assert row.record_id == "a9498e4f-70f0-4811-924e-f37b996b9623"
    assert row.geometry == {"type": "Point", "coordinates": [-92.2612, 14.9123]}
    expected = {"category": "shelter", "note": "tres familias", "photos": ["a9498e4f_1.jpg"]}
    expected |= {"observed_at": "2026-05-04T16:20:00.000Z", "coordinateUncertaintyInMeters": 5.0}
    assert {name: row.fields[name] for name in expected} == expected


def test_epicollect_for_programs_names_its_photos_and_its_next_page(tmp_path: Path, jpeg: bytes) -> None:
    """The photo is an address with the name that the archive of photos has for it."""
    address = "https://five.epicollect.net/api/export/media/x?type=photo&format=entry_original&name=a949_1.jpg"
    entry = {"ec5_uuid": "a9498e4f-70f0-4811-924e-f37b996b9623", "1_Foto": address, "2_Nota": "tres familias"}
    entry |= {"3_Lugar": {"latitude": 14.9123, "longitude": -92.2612, "accuracy": 5}}
    answers = tmp_path / "entries.json"
    answers.write_text(json.dumps({"data": {"entries": [entry]}, "links": {"next": "https://x/?page=2"}}))
    (tmp_path / "a949_1.jpg").write_bytes(jpeg)
    notes: list[str] = []
    [row] = read_file(answers, options=ReadOptions(notify=notes.append))
    assert isinstance(row, FieldRow)
    assert row.fields["photos"] == ["a949_1.jpg"]
    assert [media.name for media in row.media] == ["a949_1.jpg"]
    assert any("more answers than this file" in note for note in notes)


@pytest.mark.parametrize(
    ("words", "observed", "why"),
    [
        ("2026-05-04T15:11:40.532-0500", "2026-05-04T15:11:40.532-05:00", None),
        ("1777910400000", "2026-05-04T16:00:00Z", None),
        ("15:11", None, None),
        ("Mon 04 May 2026 15:11:40 GMT", "2026-05-04T15:11:40Z", None),
        ("May the 4th 2026", None, "these times are none"),
        ("2006-09-18T10:00:00Z", None, "1024 weeks later is 2026-05-04"),
        ("2045-12-19T10:00:00Z", None, "1024 weeks earlier is 2026-05-05"),
        ("1970-01-01T00:00:00Z", None, "nobody set"),
        ("9999-12-31T00:00:00Z", None, "has not come yet"),
        ("2026-99-99T00:00:00Z", None, "these times are none"),
    ],
)
def test_the_time_of_a_device_decides_unless_it_cannot_be(
    reading: Reading, words: str, observed: str | None, why: str | None
) -> None:
    came = reading(f"lat,lon,time\n14.9,-92.2,{words}\n")
    gpx = reading(f'<gpx><wpt lat="14.9" lon="-92.2"><time>{words}</time><name>1</name></wpt></gpx>', name="file.gpx")
    for one in (came, gpx):
        assert one.only.fields.get("observed_at") == observed
        assert words in one.only.fields.values() or observed
        assert any(why in note for note in one.notes) if why else not one.notes


def test_a_day_of_long_ago_that_a_person_wrote_stands(reading: Reading) -> None:
    assert reading("lat,lon,fecha\n14.9,-92.2,1998-05-04\n").only.fields["observed_at"] == "1998-05-04"


def test_a_category_nobody_knows_is_reported(reading: Reading) -> None:
    came = reading("lat,lon,category\n14.9,-92.2,Retén móvil\n14.8,-92.2,Retén móvil\n14.7,-92.2,albergue\n")
    assert any("2 rows have a category" in note and "'Retén móvil' (2)" in note for note in came.notes)
    assert [row.fields["category"] for row in came.good] == ["other", "other", "shelter"]


def test_html_of_a_description_is_read(reading: Reading) -> None:
    words = '"<p>Tres &amp; <b>dos</b></p><table><tr><td>Tel</td><td>no</td></tr></table><script>x()</script>"'
    assert reading(f"lat,lon,description\n14.9,-92.2,{words}\n").only.fields["note"] == "Tres & dos\nTel : no"
    assert reading("lat,lon,note\n14.9,-92.2,a < b and b > c\n").only.fields["note"] == "a < b and b > c"


@pytest.mark.parametrize(
    ("stated", "category"),
    [
        ({"categoryId": "threat"}, ("other", "threat")),
        ({"categoryId": "water-point"}, ("other", "water point")),
        ({"categoryId": "shelter"}, ("shelter", None)),
        # a number of CoMapeo's own, and a name beside it
        ({"categoryId": "ef" * 32, "$category": "Amenaza"}, ("hazard", None)),
        ({"categoryId": "0f9e0f9e0f9e0f9e"}, (None, None)),
    ],
)
def test_the_category_of_mapeo_is_one_and_is_named_where_nobody_knows_it(
    reading: Reading, stated: dict[str, str], category: tuple[str | None, str | None]
) -> None:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-92.2612, 14.9123]},
        "properties": {"notes": "x", **stated},
    }
    document = {"type": "FeatureCollection", "features": [feature]}
    fields = reading(json.dumps(document), name="mapeo.geojson").only.fields
    assert (fields.get("category"), fields.get("category_as_written")) == category


_EC5_MAIN = (
    "ec5_uuid,created_at,created_by,title,lat_1_Lugar,long_1_Lugar,accuracy_1_Lugar,2_Nota\n"
    "11111111-2222-4333-8444-555555555555,2026-05-04T16:20:00.000Z,ana,x,14.68,-92.15,5,agua\n"
)
_EC5_BRANCH = (
    "ec5_branch_owner_uuid,ec5_branch_uuid,created_at,title,4_Edad\n"
    "11111111-2222-4333-8444-555555555555,21111111-2222-4333-8444-555555555555,2026-05-04T16:20:00Z,b,7\n"
)


def test_a_branch_of_epicollect_is_kept_in_the_record_that_it_belongs_to(reading: Reading) -> None:
    alone = reading(_EC5_MAIN, name="form-1__ronda.csv").only
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("form-1__ronda.csv", _EC5_MAIN)
        packed.writestr("branch-1__personas.csv", _EC5_BRANCH)
    came = reading(made.getvalue(), name="epi.zip")
    fields = dict(came.only.fields)
    (person,) = fields.pop("branch-1__personas")
    assert person["4_Edad"] == "7"
    assert fields == alone.fields
    assert (came.only.record_id, came.only.geometry) == (alone.record_id, alone.geometry)
    assert not [note for note in came.notes if "nothing used" in note]
    with pytest.raises(InputError, match="table of repeats; give the form's main table, or the zip with both"):
        reading(_EC5_BRANCH, name="branch-1__personas.csv")


def test_a_repeat_whose_row_is_missing_is_put_aside_and_not_lost(reading: Reading) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("form-1__ronda.csv", _EC5_MAIN)
        packed.writestr("branch-1__personas.csv", _EC5_BRANCH.replace("11111111-2222", "99999999-2222"))
    came = reading(made.getvalue(), name="epi.zip")
    (bad,) = came.bad
    assert "'99999999-2222-4333-8444-555555555555' that it belongs to is not in" in bad.reason
    assert '"4_Edad": "7"' in bad.raw
    assert len(came.good) == 1


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Plus code", "7669MVJ2+22"),
        ("pluscode", "7669mvj2+22"),
        ("MGRS", "15PWS9150023100"),
        ("UTM", "15P 591500 1623100"),
    ],
)
def test_a_column_that_is_called_like_its_grid_is_a_place(reading: Reading, header: str, words: str) -> None:
    row = reading(f"nota,{header}\nagua,{words}\n", name="a.csv").only
    longitude, latitude = row.geometry["coordinates"]
    assert (round(longitude, 2), round(latitude, 2)) == (-92.15, 14.68)


def test_times_of_a_program_decide_the_order_of_their_days(reading: Reading) -> None:
    header, row = "GlobalID,CreationDate,EditDate,note,x,y", "agua,-92.15,14.68"
    first = f"{{AAAAAAAA-1111-4222-8333-EEEEEEEEEEEE}},5/4/2026 4:20:00 PM,5/14/2026 4:20:00 PM,{row}"
    assert reading(f"{header}\n{first}\n", name="s.csv").only.fields["observed_at"] == "2026-05-04T16:20:00"
    # what a person wrote is not read by it
    typed = reading(f"fecha,{header}\n3/2/2026,{first}\n", name="s.csv")
    assert [bad.where for bad in typed.bad] == ["row 2"]


def test_mapeo_s_accuracy_among_the_properties_counts(reading: Reading) -> None:
    place = {"coords": {"accuracy": 7}, "timestamp": 1777911600000}
    properties = {"notes": "agua", "metadata": {"location": {"position": place}}}
    geometry = {"type": "Point", "coordinates": [-92.15, 14.68]}
    feature = {"type": "Feature", "id": "0123456789abcdef", "geometry": geometry, "properties": properties}
    fields = reading(json.dumps({"type": "FeatureCollection", "features": [feature]}), name="m.geojson").only.fields
    assert fields["coordinateUncertaintyInMeters"] == 7
    assert (fields["observed_at"], fields["position_basis"]) == ("2026-05-04T16:20:00Z", "gps")
