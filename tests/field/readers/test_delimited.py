"""Tables: any delimiter, encoding and language; bad rows are put aside with the reason, good ones go on."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.errors import InputError
from atlas.field.export import export
from atlas.field.importing import import_files
from atlas.field.readers import ReadOptions, read_file
from atlas.field.readers.delimited import open_table
from atlas.field.readers.input_source import Source
from atlas.field.readers.quotes import Unread
from atlas.field.row import FieldRow
from atlas.field.store import open_store

Reading = Callable[..., Any]

# tables with marks that are left open, and the rows that they have all the same: nothing for a row that is put aside
QUOTES = json.loads((Path(__file__).parents[2] / "data" / "field" / "quotes.json").read_text("utf-8"))
_ROW = "14.68,-92.15,shelter,Synthetic,2026-01-05"
_HEAD = "lat,lon,category,note,observed_at"


def test_a_spanish_table_is_read_and_each_bad_row_says_why(reading: Reading, files: Path) -> None:
    came = reading(files / "tabla.csv")
    assert [row.fields["category"] for row in came.good] == ["checkpoint", "informal_crossing", "other"]
    assert came.good[0].fields["note"] == "=cmd|' /C calc'!A0"
    assert [row.fields["observed_at"] for row in came.good] == ["2026-01-31T10:20", "2026-01-02T16:05", "2026-01-02"]
    assert came.good[2].fields["category_as_written"] == "molino de viento"
    assert came.good[1].geometry == {"type": "Point", "coordinates": [-92.15, 14.68]}
    assert {row.author for row in came.good} == {"Synthetic Ana", None}
    assert [row.where for row in came.bad] == ["row 4", "row 5", "row 7", "row 8"]
    reasons = [row.reason for row in came.bad]
    for word, reason in zip(["swapped", "minus sign", "longitude is missing", "does not exist"], reasons, strict=True):
        assert word in reason
    assert came.bad[0].raw.startswith("-92,15;14,68;albergue")
    assert any("day/month/year" in note for note in came.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_found_out(reading: Reading, encoding: str, delimiter: str) -> None:
    lines = [["Latitud", "Longitud", "Categoría", "Descripción"], ["14.68", "-92.15", "Cruce informal", "río, año; ñ"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(lines)
    came = reading(text.getvalue().encode(encoding))
    assert came.only.fields == {"category": "informal_crossing", "note": "río, año; ñ"}
    assert bool(came.notes) == (encoding != "utf-8")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        ("name,note\nSynthetic,x\n", "no column for a position.*'name', 'note'"),
        (b"lat,lon\n\x81\x8d\x90,\xff\n", "in no encoding that can be told"),
        (b"PK\x03\x04 cut off", "cut off archive"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\xff\xd8\xff\xe0", "a photo"),
    ],
)
def test_a_file_that_is_no_table_is_one_clear_error(reading: Reading, content: bytes | str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        reading(content)


def test_an_encoding_that_does_not_fit_is_an_error(reading: Reading) -> None:
    with pytest.raises(InputError, match="is not UTF-16 all through"):
        reading("lat,lon\n14.68,-92.15\n", encoding="utf-16")
    with pytest.raises(InputError, match="no encoding"):
        reading("lat,lon\n", encoding="klingon")


def test_ambiguous_dates_wait_for_a_person(reading: Reading) -> None:
    rows = f"{_HEAD}\n14.68,-92.15,shelter,x,03/05/2026\n14.68,-92.15,shelter,x,04/05/2026\n"
    came = reading(rows)
    assert not came.good
    assert all("--dates dmy" in row.reason for row in came.bad)
    assert [row.fields["observed_at"] for row in reading(rows, dates="mdy").good] == ["2026-03-05", "2026-04-05"]


def test_rows_that_do_not_fit_the_header_are_put_aside(reading: Reading) -> None:
    came = reading(f"{_HEAD}\n{_ROW}\n14.68,-92.15,shelter,one, two,2026-01-05\n14.68,-92.15\n\n{_ROW}\n")
    assert [row.where for row in came.good] == ["row 2", "row 4", "row 6"]
    assert "6 cells and the header 5" in came.bad[0].reason


@pytest.mark.parametrize("case", QUOTES, ids=lambda case: case["name"])
def test_no_row_is_lost_in_another_ones_cell(reading: Reading, tmp_path: Path, case: dict[str, Any]) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(case["text"].encode())
    if case["rows"] == [None]:
        with pytest.raises(InputError, match="opens in line 1 is"):
            open_table(Source(path), ReadOptions())
        return
    records = list(open_table(Source(path), ReadOptions()).records())
    assert [None if isinstance(row, Unread) else row for _, row, _ in records] == case["rows"]
    came = reading(path)
    assert len(came.good) == sum(row is not None for row in case["rows"])
    assert len(came.good) + len(came.bad) == len(case["rows"])
    for bad in came.bad:
        assert re.search(r"opens in line \d+|cells and the header", bad.reason)
        assert bad.raw


def test_the_page_cuts_tables_alike(on_page: Callable[..., list[dict[str, Any]]]) -> None:
    results = on_page("csv", "read", [[case["text"]] for case in QUOTES])
    for case, made in zip(QUOTES, results, strict=True):
        assert [row.get("row") for row in made["result"]] == case["rows"], case["name"]


def test_a_quotation_mark_left_open_costs_its_own_row_only(reading: Reading) -> None:
    rest = _ROW.replace("Synthetic", "x" * 5_000) + "\n"
    came = reading(f'{_HEAD}\n{_ROW}\n14.68,-92.15,shelter,"open,2026-01-05\n{rest * 400}')
    assert len(came.good) == 401
    (bad,) = came.bad
    assert "opens in line 3 is not closed within 1,000,000 characters" in bad.reason
    assert bad.raw == '14.68,-92.15,shelter,"open,2026-01-05'


def test_a_long_note_with_lines_and_marks_comes_home_whole(tmp_path: Path) -> None:
    note = "\n".join(f'14.68,-92.15,shelter,"line {number}", the rest' for number in range(20))
    store, path = open_store(tmp_path / "store.gpkg"), tmp_path / "copy.csv"
    store.create()
    row = FieldRow("row 1", fields={"note": note}, geometry={"type": "Point", "coordinates": [-92.15, 14.68]})
    import_files(store, [tmp_path], lambda _path: iter([row]))
    path.write_bytes(export(store, "csv", exact=True)[0])
    (done,), aside = import_files(store, [path], read_file)
    assert (done.changes, aside) == (0, [])
    (came,) = read_file(path)
    assert isinstance(came, FieldRow)
    assert came.fields["note"] == note


def test_the_same_id_twice_is_one_record_or_a_fault(reading: Reading) -> None:
    head = f"id,{_HEAD}"
    came = reading(
        f"{head}\na,{_ROW}\na,{_ROW}\na,{_ROW.replace('Synthetic', 'other')}\nuuid:{'A' * 8}-{'1' * 4},{_ROW}\n"
    )
    assert [row.record_id for row in came.good] == ["a", "AAAAAAAA-1111"]
    assert "stands at row 2 with other content" in came.bad[0].reason
    assert any("stand twice" in note for note in came.notes)


def test_well_known_text_and_a_reach_are_places(reading: Reading) -> None:
    came = reading(
        'wkt;reach;note\n"POINT (-92.15 14.68)";;a\n;12;b\n;"R012 · km 120–130";c\nPOINT EMPTY;;d\nCIRCLE 1;;e\n'
    )
    assert came.good[0].geometry == {"type": "Point", "coordinates": [-92.15, 14.68]}
    assert [row.fields.get("reach") for row in came.good] == [None, "R012", "R012"]
    assert [row.geometry for row in came.good[1:]] == [None, None]
    assert len(came.bad) == 2


def test_metres_need_their_system(reading: Reading) -> None:
    rows = "x,y,note\n591545,1623128,a\n"
    assert "--crs" in reading(rows).bad[0].reason
    position = reading(rows, crs="EPSG:32615").only.geometry
    assert position["coordinates"] == [pytest.approx(-92.15, abs=1e-3), pytest.approx(14.68, abs=1e-3)]
    with pytest.raises(InputError, match="not known"):
        reading(rows, crs="EPSG:1")


def test_a_datum_that_is_not_wgs84_is_refused(reading: Reading) -> None:
    came = reading("lat,lon,datum\n14.68,-92.15,WGS84\n14.68,-92.15,NAD27\n")
    assert len(came.good) == 1
    assert "NAD27" in came.bad[0].reason


def test_a_review_cannot_be_said_by_a_table(reading: Reading) -> None:
    fields = reading(f"{_HEAD},status,deleted\n{_ROW},accepted,true\n").only.fields
    assert fields["status_as_written"] == "accepted"
    assert not {"status", "deleted"} & set(fields)


def test_a_word_that_nobody_knows_opens_nothing(reading: Reading) -> None:
    fields = reading(f"{_HEAD},sensibilidad\n{_ROW},público\n").only.fields
    assert "sensitivity" not in fields
    assert fields["sensitivity_as_written"] == "público"


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "=1+cmd", "\u202egnp.exe", "a\x00b", "'; DROP TABLE x;--"]
)
def test_hostile_text_stays_text(reading: Reading, hostile: str) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["lat", "lon", "note", hostile], ["14.68", "-92.15", hostile, hostile]])
    fields = reading(text.getvalue()).only.fields
    assert fields["note"] == hostile.replace("\x00", "\ufffd")
    assert hostile.replace("\x00", "\ufffd") in fields.values()


_NOTES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=50)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(7, 33), st.floats(-118, -78), _NOTES), min_size=1, max_size=5), st.sampled_from(",;\t")
)
def test_what_is_written_comes_back(reading: Reading, rows: list[tuple[float, float, str]], delimiter: str) -> None:
    text = io.StringIO()
    table = csv.writer(text, delimiter=delimiter)
    table.writerow(["lat", "lon", "note"])
    table.writerows([[repr(latitude), repr(longitude), note] for latitude, longitude, note in rows])
    came = reading(text.getvalue())
    assert not came.bad
    expected: list[tuple[Any, ...]] = [([lon, lat], note.strip() or None) for lat, lon, note in rows]
    assert [(row.geometry["coordinates"], row.fields.get("note")) for row in came.good] == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(reading: Reading, content: bytes) -> None:
    for name in ("file.csv", "file.geojson", "file.gpx", "file"):
        try:
            reading(content, name)
        except InputError as error:
            assert str(error)  # noqa: PT017 - the message is what is tested
