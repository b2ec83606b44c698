"""Formats of the field besides tables and maps: workbooks, answers as JSON, tracks, shapefiles."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import openpyxl
import pytest

from atlas.errors import InputError

from .conftest import Reading


def _workbook(**sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


KOBO = ["start", "_lugar_latitude", "_lugar_longitude", "_lugar_precision", "Nota", "clave", "_id", "_uuid"]
KOBO += ["_submission_time", "_index"]
OPENED = dt.datetime(2026, 5, 4, 10)  # noqa: DTZ001 - workbooks have no zones
ANSWER = [OPENED, 14.91, -92.26, 5, "=1+1 no", "07089", 254135872]
ANSWER += ["92eb7237-89d6-4a15-aa71-09ec99279bbb", "2026-05-04T16:05:00", 1]


def test_a_workbook_of_kobotoolbox_is_its_table_with_its_repeats(reading: Reading) -> None:
    repeats = [["Foto", "_index", "_parent_table_name", "_parent_index"], ["a.jpg", 1, "Form", 1]]
    came = reading(_workbook(Form=[KOBO, ANSWER], fotos=repeats, LEEME=[["read", "me"], ["x", "y"]]), name="k.xlsx")
    row = came.only
    assert row.geometry == {"type": "Point", "coordinates": [-92.26, 14.91]}
    assert (row.fields["clave"], row.fields["photos"]) == ("07089", ["a.jpg"])
    assert row.fields["observed_at"] == "2026-05-04T10:00:00"
    assert any("nothing used 1 table: LEEME" in note for note in came.notes)
    table = ";".join(KOBO) + "\n" + ";".join(map(str, [*ANSWER[:7], *ANSWER[7:]])) + "\n"
    assert reading(table, name="k.csv").only.record_id == row.record_id


def test_dates_and_zeros_of_a_workbook_stay(reading: Reading) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "lat", "lon", "fecha", "cvegeo", "tel", "n"])
    sheet.append([7, 14.91, -92.26, dt.date(2026, 5, 4), 7089, "0962", 2.0])
    sheet["D2"].number_format = "dd/mm/yyyy"
    sheet["E2"].number_format = "00000"
    stream = io.BytesIO()
    book.save(stream)
    fields = reading(stream.getvalue(), name="t.xlsx").only.fields
    assert (fields["observed_at"], fields["cvegeo"], fields["tel"], fields["n"]) == ("2026-05-04", "07089", "0962", "2")


def test_versions_of_survey123_are_ordered_by_their_edits(reading: Reading) -> None:
    head = ["ObjectID", "GlobalID", "CreationDate", "Creator", "EditDate", "Nota", "x", "y"]
    first = dt.datetime(2026, 5, 4, 16, 20)  # noqa: DTZ001 - workbooks have no zones
    given = "{92EB7237-89D6-4A15-AA71-09EC99279BBB}"
    rows = [[1, given, first, "ana", first + dt.timedelta(days=n), str(n), -92.2, 14.9] for n in (0, 1)]
    came = reading(_workbook(Form_0=[head, *rows]), name="s.xlsx")
    assert [row.record_id for row in came.good] == ["92eb7237-89d6-4a15-aa71-09ec99279bbb"] * 2
    orders = [row.version.order for row in came.good if row.version]
    assert orders == sorted(orders)
    assert len(set(orders)) == 2
    assert (came.good[0].author, came.good[0].fields["observed_at"]) == ("ana", "2026-05-04T16:20:00")


def test_a_workbook_without_places_or_that_is_damaged_is_refused(reading: Reading) -> None:
    with pytest.raises(InputError, match="no sheet with a column for a position"):
        reading(_workbook(Hoja=[["a", "b"], [1, 2]]), name="t.xlsx")
    with pytest.raises(InputError, match=r"damaged or cut off|cannot be read"):
        reading(_workbook(Hoja=[["lat", "lon"], [1, 2]])[:-400], name="t.xlsx")


def test_answers_of_central_as_odata_are_those_of_its_table(reading: Reading) -> None:
    key = "uuid:cc33cccc-0000-4000-8000-000000000003"
    point = {"type": "Point", "coordinates": [-92.26, 14.91, 0], "properties": {"accuracy": 5}}
    one = {
        "__id": key,
        "__system": {"submissionDate": "2026-05-05T00:00:00.000Z", "submitterName": "ana", "edits": 0},
        "start": "2026-05-04T17:00:00.000-06:00",
        "place": point,
        "note": "here",
        "meta": {"instanceID": key},
        "visit@odata.navigationLink": "Submissions('x')/visit",
    }
    came = reading(json.dumps({"value": [one], "@odata.context": "x"}), name="a.json")
    table = reading(
        "SubmissionDate,start,place-Latitude,place-Longitude,place-Altitude,place-Accuracy,note,meta-instanceID,KEY,"
        f"SubmitterName,Edits\n{one['__system']['submissionDate']},{one['start']},14.91,-92.26,0,5,here,{key},{key},ana,0\n"
    )
    assert came.only.fields == table.only.fields
    for name in ("record_id", "geometry", "author", "claimed_at", "version"):
        assert getattr(came.only, name) == getattr(table.only, name)
    assert any("visit@odata.navigationLink" in note for note in came.notes)


def test_answers_of_kobotoolbox_as_json(reading: Reading) -> None:
    one = {
        "_id": 254135872,
        "_uuid": "92eb7237-89d6-4a15-aa71-09ec99279bbb",
        "_submission_time": "2026-05-04T16:05:00",
        "lugar": "14.91 -92.26 0 5",
        "note": "here",
        "_geolocation": [14.91, -92.26],
        "visit": [{"visit/foto": "a.jpg"}],
    }
    came = reading(json.dumps({"count": 2, "next": "https://x/?start=1", "results": [one]}), name="a.json")
    row = came.only
    assert row.geometry == {"type": "Point", "coordinates": [-92.26, 14.91]}
    assert (row.fields["photos"], row.fields["coordinateUncertaintyInMeters"]) == (["a.jpg"], 5.0)
    assert any("more answers than this file" in note for note in came.notes)
    table = ";".join(KOBO) + "\n" + ";".join(map(str, ANSWER)) + "\n"
    assert row.record_id == reading(table, name="k.csv").only.record_id


@pytest.mark.parametrize("document", [[1], [{}], {"results": [{"a": 1}]}, {"data": {"entries": [{"lat": 1}]}}])
def test_objects_that_are_no_records_are_put_aside(reading: Reading, document: Any) -> None:
    try:
        came = reading(json.dumps(document), name="a.json")
    except InputError:
        assert document == [1]
    else:
        assert not came.good
        assert len(came.bad) == 1


def test_epicollect_as_json(reading: Reading) -> None:
    place = {"latitude": 14.9123, "longitude": -92.2612, "accuracy": 5, "UTM_Zone": "15P"}
    entry = {"ec5_uuid": "a9498e4f-70f0-4811-924e-f37b996b9623", "created_at": "2026-05-04T16:20:00.000Z"}
    entry |= {"1_Tipo": "Albergue", "2_Lugar": place, "4_Nota": "tres"}
    row = reading(json.dumps({"meta": {"total": 1}, "data": {"entries": [entry]}}), name="e.json").only
    assert row.geometry == {"type": "Point", "coordinates": [-92.2612, 14.9123]}
    assert (row.fields["category"], row.fields["note"]) == ("shelter", "tres")
