"""Formats of the field besides tables and maps: workbooks, answers as JSON, tracks, shapefiles."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
from shapely import Point

from atlas.errors import InputError
from atlas.field.exact_records import exact_records
from atlas.field.review import Review, review

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


def test_files_and_a_place_that_kobotoolbox_lists_beside_the_answers_are_used(reading: Reading) -> None:
    submission = {
        "_id": 77,
        "_uuid": "7f2b3a68-9b0d-4a77-8f42-3d1f3c1a0002",
        "_submission_time": "2026-05-04T16:06:00",
        "note": "synthetic",
        "picture": "my photo.jpg",
        "_attachments": [
            {"filename": "ana/attachments/x/my_photo.jpg"},
            {"filename": "ana/attachments/x/b.jpg"},
            {"filename": "x/c_d.jpg"},
            7,
        ],
        "_geolocation": [14.68, -92.15],
        "_tags": ["later"],
        "visit": [{"visit/foto": "c d.jpg"}],
    }
    came = reading(json.dumps({"count": 1, "results": [submission]}).encode(), name="kobo.json")
    (row,) = came.good
    assert (row.geometry or {})["coordinates"] == [-92.15, 14.68]
    assert set(row.fields["photos"]) == {"my photo.jpg", "b.jpg", "c d.jpg"}
    assert any("nothing used" in note and "_tags" in note for note in came.notes)
    nowhere = {**submission, "_geolocation": [None, None]}
    assert reading(json.dumps([nowhere]).encode(), name="kobo.json").good == []


def test_a_time_of_a_device_that_could_be_two_days_is_said(reading: Reading) -> None:
    table = (
        "ObjectID,GlobalID,CreationDate,Notes,x,y\n1,{7F2B3A68-9B0D-4A77-8F42-3D1F3C1A0006},5/4/2026 4:20,s,-92,14\n"
    )
    came = reading(table.encode(), name="survey.csv")
    assert came.good[0].fields["observed_at_as_written"] == "5/4/2026 4:20"
    assert any("could mean two days" in note and "--dates dmy or mdy" in note for note in came.notes)


def test_epicollect_as_json(reading: Reading) -> None:
    place = {"latitude": 14.9123, "longitude": -92.2612, "accuracy": 5, "UTM_Zone": "15P"}
    entry = {"ec5_uuid": "a9498e4f-70f0-4811-924e-f37b996b9623", "created_at": "2026-05-04T16:20:00.000Z"}
    entry |= {"1_Tipo": "Albergue", "2_Lugar": place, "4_Nota": "tres"}
    row = reading(json.dumps({"meta": {"total": 1}, "data": {"entries": [entry]}}), name="e.json").only
    assert row.geometry == {"type": "Point", "coordinates": [-92.2612, 14.9123]}
    assert (row.fields["category"], row.fields["note"]) == ("shelter", "tres")


TRACK = (
    '<gpx><trk><name>ida</name><trkseg>{}</trkseg><trkseg><trkpt lat="14.95" lon="-92.2"/>'
    '<trkpt lat="14.96" lon="-92.2"/></trkseg></trk><rte><rtept lat="14.9" lon="-92.2"/></rte></gpx>'
)


def test_tracks_are_lines_that_no_release_gets(reading: Reading, notes: Any) -> None:
    points = "".join(f'<trkpt lat="14.9{n}" lon="-92.2"><time>2026-05-04T16:2{n}:00Z</time></trkpt>' for n in range(3))
    came = reading(TRACK.format(points), name="t.gpx")
    (row,) = came.good
    assert row.geometry is not None
    assert row.geometry["type"] == "MultiLineString"
    assert [len(line) for line in row.geometry["coordinates"]] == [3, 2]
    fields = {"note": "ida", "track": "track", "sensitivity": "withheld", "observed_at": "2026-05-04T16:20:00Z"}
    assert fields.items() <= row.fields.items()
    assert came.bad[0].reason.startswith("it has no two points")
    path = notes.folder / "t.gpx"
    path.write_text(TRACK.format(points))
    store = notes.store()
    notes.take_in(store, path)
    (record,) = notes.look(store).records
    answers = dict.fromkeys(("who_could_be_harmed", "how", "already_public", "what_is_gained"), "x")
    decided = Review("Luz", "a mistake", status="accepted", sensitivity="open", answers=answers)
    review(store, [str(record["id"])], decided)
    (released,) = exact_records(store)
    assert released["properties"]["sensitivity"] == "withheld"


@pytest.mark.slow
def test_a_long_track_is_kept_whole_in_parts(reading: Reading) -> None:
    points = "".join(f'<trkpt lat="14.{n:06d}" lon="-92.2"/>' for n in range(45_000))
    came = reading(TRACK.format(points), name="t.gpx")
    lines = [line for row in came.good if row.geometry for line in _lines(row.geometry)]
    assert len(came.good) == 3
    assert sum(map(len, lines)) == 45_000 + 2 + 2
    assert reading(TRACK.format('<trkpt lat="95" lon="-92.2"/>'), name="t.gpx").bad[0].where == "track 1"


def _lines(geometry: Any) -> list[Any]:
    coordinates = geometry["coordinates"]
    return coordinates if geometry["type"] == "MultiLineString" else [coordinates]


def _shapefile(folder: Path, system: str = "EPSG:32615") -> None:
    frame = geopandas.GeoDataFrame(
        {"id": ["x1", "x2"], "note": ["señal", None], "fecha": ["2026-05-04", "2026-05-05"]},
        geometry=geopandas.points_from_xy([-92.26, -92.25], [14.91, 14.92], crs="EPSG:4326").to_crs(system),
    )
    frame.to_file(folder / "notas.shp", engine="pyogrio", encoding="UTF-8")


def test_a_shapefile_comes_in_from_disk_and_from_a_zip(reading: Reading, tmp_path: Path) -> None:
    folder = tmp_path / "shapes"
    folder.mkdir()
    _shapefile(folder)
    came = reading(folder / "notas.shp")
    assert [row.fields["observed_at"] for row in came.good] == ["2026-05-04", "2026-05-05"]
    first = came.good[0]
    assert first.geometry is not None
    assert first.geometry["coordinates"] == pytest.approx([-92.26, 14.91], abs=1e-8)
    assert first.fields["note"] == "señal"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for path in folder.iterdir():
            packed.write(path, f"n/{path.name}")
    packed_rows = reading(stream.getvalue(), name="notas.zip")
    assert [row.fields for row in packed_rows.good] == [row.fields for row in came.good]
    assert not packed_rows.notes
    assert len(reading(folder).good) == 2


def test_a_shapefile_cuts_headers_and_texts(reading: Reading, tmp_path: Path) -> None:
    """It keeps ten letters of a header and 254 of a text; a class that nobody finds would be the careful one only."""
    words = {"sensitivit": "withheld", "coordinate": "\u00b1 5 m", "observatio": "x"}
    frame = geopandas.GeoDataFrame({name: [word] for name, word in words.items()}, geometry=[Point(-92, 15)], crs=4326)
    frame.to_file(tmp_path / "cut.shp", engine="pyogrio", encoding="UTF-8")
    fields = reading(tmp_path / "cut.shp").only.fields
    assert fields == {"sensitivity": "withheld", "coordinateUncertaintyInMeters": 5.0, "observatio": "x"}
    frame = frame[["geometry"]].assign(atlas_base=json.dumps({"fields": {}, "record": "x" * 300})[:254])
    frame.to_file(tmp_path / "copy.shp", engine="pyogrio")
    assert "save it as GeoPackage" in reading(tmp_path / "copy.shp").bad[0].reason


@pytest.mark.parametrize("name", ["accuracy", "ogr:precision", "gps_accuracy"])
def test_metres_that_a_program_adds_to_a_waypoint_are_its_uncertainty(reading: Reading, name: str) -> None:
    words = f"<extensions><{name}>16 ft</{name}><ogr:id>7</ogr:id></extensions>"
    made = f'<gpx xmlns:ogr="o"><wpt lat="15" lon="-92"><name>x</name>{words}</wpt></gpx>'
    fields = reading(made, name="a.gpx").only.fields
    assert fields == {"note": "x", "coordinateUncertaintyInMeters": 4.88, "gpx_id": "7"}


@pytest.mark.parametrize(
    ("gone", "why"), [(".dbf", "no .dbf"), (".prj", "atlas field import --crs"), (".shx", "no .shx")]
)
def test_a_shapefile_that_lacks_a_part_is_refused(reading: Reading, tmp_path: Path, gone: str, why: str) -> None:
    _shapefile(tmp_path)
    (tmp_path / f"notas{gone}").unlink()
    with pytest.raises(InputError, match=why):
        reading(tmp_path / "notas.shp")


def test_a_shapefile_that_is_cut_off_is_refused(reading: Reading, tmp_path: Path) -> None:
    _shapefile(tmp_path)
    path = tmp_path / "notas.dbf"
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(InputError, match="cannot be read"):
        reading(tmp_path / "notas.shp")
