"""Exports of ODK Central and KoboToolbox: groups, repeats, media, labels and names."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import InputError

Reading = Callable[..., Any]

_FIRST = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def central(files: Path, tmp_path: Path, jpeg: bytes) -> Path:
    path = tmp_path / "notes.csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for table in sorted((files / "odk").glob("*.csv")):
            packed.write(table, table.name)
        packed.writestr("media/1767600000000.jpg", jpeg)
    return path


def test_a_submission_of_odk_central_becomes_a_record(reading: Reading, central: Path) -> None:
    came = reading(central)
    record = came.good[0]
    assert record.record_id == _FIRST
    assert record.geometry == {"type": "Point", "coordinates": [-92.15, 14.68]}
    assert record.fields["category"] == "shelter"
    assert record.fields["coordinateUncertaintyInMeters"] == 4.5
    assert record.fields["note"] == '=HYPERLINK("x")'
    assert record.fields["services"] == "water health"
    assert (record.author, record.device) == ("Synthetic Person", "collect:synthetic")
    assert record.claimed_at == "2026-01-05T10:10:00.000-06:00"


def test_repeats_are_joined_with_their_photos(reading: Reading, central: Path) -> None:
    record = reading(central).good[0]
    assert record.fields["photos"] == ["1767600000000.jpg"]
    assert record.fields["photos"] == [photo.name for photo in record.media]
    assert record.fields["photos_repeat"] == [{"caption": "Synthetic caption"}]


def test_repeats_with_a_place_are_records_with_what_the_visit_says(reading: Reading, central: Path) -> None:
    came = reading(central)
    first, second = came.good[1:]
    assert [row.geometry["coordinates"] for row in (first, second)] == [[-92.16, 14.7], [-92.17, 14.71]]
    assert {row.fields["category"] for row in (first, second)} == {"hazard"}
    assert [row.fields["what"] for row in (first, second)] == ["first", "second"]
    assert first.record_id != second.record_id
    assert [row.record_id for row in reading(central).good] == [row.record_id for row in came.good]
    (nowhere,) = came.bad
    assert "no position and no reach" in nowhere.reason
    assert "nowhere" in nowhere.raw


def test_unpacked_tables_find_their_repeats_beside_them(reading: Reading, files: Path) -> None:
    assert len(reading(files / "odk" / "notes.csv").good) == 3
    with pytest.raises(InputError, match="a table of repeats"):
        reading(files / "odk" / "notes-photos.csv")


def test_a_folder_is_read_as_a_whole(reading: Reading, files: Path) -> None:
    assert len(reading(files / "odk").good) == 3


def test_a_bad_file_in_a_folder_keeps_no_other_out(reading: Reading, files: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    shutil.copytree(files / "odk", folder)
    (folder / "cut.geojson").write_text('{"type": "FeatureColl')
    (folder / "remarks.txt").write_text("no table at all")
    came = reading(folder)
    assert len(came.good) == 3
    assert {"cut.geojson", "remarks.txt"} <= {row.where for row in came.bad}


def test_labels_of_kobotoolbox_are_understood(reading: Reading, files: Path) -> None:
    came = reading(files / "kobo.csv")
    (record,) = came.good
    # known by the server's number, which an edit leaves as it is
    assert record.record_id == reading(files / "kobo.geojson").only.record_id
    assert record.fields["category"] == "shelter"
    assert record.fields["coordinateUncertaintyInMeters"] == 5.2
    assert record.fields["note"] == "Synthetic; con punto y coma"
    assert record.fields["photos"] == ["1767600000000.jpg"]
    assert "¿Dónde?" not in record.fields
    assert "_id" not in record.fields
    assert "no position" in came.bad[0].reason
    assert any("is not beside the file" in note for note in came.notes)


def test_table_and_geojson_of_kobotoolbox_are_the_same_record(reading: Reading, files: Path) -> None:
    table, record = reading(files / "kobo.csv").good[0], reading(files / "kobo.geojson").only
    assert record.record_id == table.record_id
    assert record.geometry == table.geometry
    for name in ("category", "observed_at", "coordinateUncertaintyInMeters"):
        assert record.fields[name] == table.fields[name]


def test_an_edited_submission_keeps_the_id_of_the_first(reading: Reading) -> None:
    head = "lat,lon,note,meta/instanceID,meta/deprecatedID,meta/rootUuid,_uuid,_submission_time\n"
    now, before = (f"{mark * 8}-{_FIRST[9:]}" for mark in "23")
    row = f"14.68,-92.15,edited,uuid:{now},uuid:{before},uuid:{_FIRST},{now},\n"
    assert reading(head + row).only.record_id == _FIRST
