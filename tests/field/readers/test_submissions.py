"""Submissions as a phone keeps them, without any server: the same records as in the server's tables."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import InputError
from atlas.field.row import FieldRow

Reading = Callable[..., Any]

_ID = "81111111-1111-4111-8111-111111111111"
_HEAD = '<?xml version="1.0"?><data id="notes" xmlns:orx="http://openrosa.org/xforms">'
_META = f"<orx:meta><orx:instanceID>uuid:{_ID}</orx:instanceID></orx:meta></data>"
_PLACED = "<place>14.68 -92.15 0 4.5</place>"


@pytest.fixture
def phone(files: Path, tmp_path: Path, jpeg: bytes) -> Path:
    """The folder of a project on the phone, with its forms and instances."""
    folder = tmp_path / "phone"
    shutil.copytree(files / "collect", folder)
    (folder / "instances" / "notes_2026-01-05_10-10-00" / "1767600000000.jpg").write_bytes(jpeg)
    return folder


def _bare(row: FieldRow) -> FieldRow:
    return replace(row, where="", file=None, claimed_at=None)


def test_the_folder_of_a_phone_gives_the_records_of_the_servers_tables(
    reading: Reading, phone: Path, files: Path
) -> None:
    server, here = reading(files / "odk"), reading(phone)
    assert len(here.good) == 3
    for one, other in zip(here.good, server.good, strict=True):
        assert (one.record_id, one.geometry) == (other.record_id, other.geometry)
        assert one.fields == other.fields
        assert (one.author, one.device, one.claimed_at) == (other.author, other.device, other.claimed_at)
    (bad,) = here.bad
    assert "no position" in bad.reason
    assert "nowhere" in bad.raw
    assert [photo.name for photo in here.good[0].media] == ["1767600000000.jpg"]


def test_a_zip_of_the_folder_is_the_same(reading: Reading, phone: Path, tmp_path: Path) -> None:
    packed = tmp_path / "phone.zip"
    with zipfile.ZipFile(packed, "w") as made:
        for path in sorted(phone.rglob("*")):
            made.write(path, path.relative_to(phone))
    assert [_bare(row) for row in reading(packed).good] == [_bare(row) for row in reading(phone).good]


@pytest.mark.parametrize("packed", [False, True])
def test_photos_called_alike_go_with_the_submission_beside_them(
    reading: Reading, tmp_path: Path, jpeg: bytes, *, packed: bool
) -> None:
    folder = tmp_path / "instances"
    for number, photo in enumerate((jpeg, jpeg.replace(b"TRAILER", b"OTHERS!"))):
        here = folder / f"n{number}"
        here.mkdir(parents=True)
        meta = _META.replace(_ID, _ID.replace("8", str(number + 1)))
        (here / f"n{number}.xml").write_text(f"{_HEAD}{_PLACED}<image>photo.jpg</image>{meta}")
        (here / "photo.jpg").write_bytes(photo)
    source = Path(shutil.make_archive(str(folder), "zip", folder)) if packed else folder
    assert [[photo.name for photo in row.media] for row in reading(source).good] == [["photo.jpg"], ["photo.jpg"]]


def test_one_submission_is_read_by_itself(reading: Reading, phone: Path) -> None:
    record = reading(phone / "instances/notes_2026-01-05_10-10-00/notes_2026-01-05_10-10-00.xml").only
    assert record.geometry == {"type": "Point", "coordinates": [-92.15, 14.68]}
    assert record.fields["coordinateUncertaintyInMeters"] == 4.5
    assert [photo.name for photo in record.media] == ["1767600000000.jpg"]


def test_what_was_answered_once_is_a_repeat_where_the_form_says_so(reading: Reading, phone: Path) -> None:
    path = phone / "instances/notes_2026-01-05_11-10-00/notes_2026-01-05_11-10-00.xml"
    text = path.read_text()
    once = text[: text.index("<sighting>", text.index("<sighting>") + 1)] + text[text.index("<deviceid>") :]
    path.write_text(once)
    with_form = next(row for row in reading(phone).good if row.fields["category"] == "hazard")
    assert with_form.record_id not in {None, "21111111-1111-4111-8111-111111111111"}
    assert with_form.fields["what"] == "first"
    # by itself it is a group, and nothing of it is lost
    alone = reading(path).only
    assert alone.record_id == "21111111-1111-4111-8111-111111111111"
    assert alone.geometry == with_form.geometry
    assert alone.fields["sighting-what"] == "first"


def test_repeats_inside_of_repeats_keep_all_they_say(reading: Reading) -> None:
    visited = "<seen><what>a{0}</what></seen><seen><what>b{0}</what></seen>"
    visits = "".join(f"<visit><day>{n}</day>{visited.format(n)}</visit>" for n in (1, 2))
    record = reading(f"{_HEAD}{_PLACED}{visits}{_META}", name="one.xml").only
    assert record.fields["visit"] == [{"day": "1"}, {"day": "2"}]
    within = [(one["what"], one["within"]) for one in record.fields["visit-seen"]]
    assert within == [("a1", "visit[1]"), ("b1", "visit[1]"), ("a2", "visit[2]"), ("b2", "visit[2]")]


def test_an_edited_submission_keeps_the_id_of_the_first(reading: Reading) -> None:
    now = _ID.replace("8", "9")
    meta = f"<meta><instanceID>uuid:{now}</instanceID><deprecatedID>uuid:{_ID}</deprecatedID></meta></data>"
    assert reading(f"{_HEAD}{_PLACED}{meta}", name="edited.xml").only.record_id == _ID


def test_four_numbers_that_are_no_position_stay_as_they_are(reading: Reading) -> None:
    record = reading(f"{_HEAD}{_PLACED}<counts>120 3 4 5</counts>{_META}", name="one.xml").only
    assert record.fields["counts"] == "120 3 4 5"


def test_a_server_says_id_and_day_on_the_outermost_element(reading: Reading) -> None:
    text = f'<data id="notes" instanceID="uuid:{_ID}" submissionDate="2026-01-05T16:30:00.000Z">{_PLACED}</data>'
    record = reading(text, name="submission.xml").only
    assert (record.record_id, record.claimed_at) == (_ID, "2026-01-05T16:30:00.000Z")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{_HEAD}{_PLACED}", "not whole XML"),
        (f'<data id="x" encrypted="yes" xmlns="http://www.opendatakit.org/xforms/encrypted">{_META}', "encrypted"),
        ('<h:html xmlns:h="http://www.w3.org/1999/xhtml" xmlns="http://www.w3.org/2002/xforms"/>', "without answers"),
        ('<!DOCTYPE data [<!ENTITY x "y">]>' + _HEAD.partition("?>")[2] + "&x;" + _META, "may be a trap"),
        (_HEAD + "<g>" * 300 + "</g>" * 300 + _META, "nested more than"),
        (f"{_HEAD}<note>{'x' * 10_000_001}</note>{_META}", "has more than"),
        ('<?xml version="1.0"?><qgis version="3"/>', "XML of another kind"),
    ],
)
def test_what_is_no_submission_is_one_clear_error(reading: Reading, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        reading(
            text.replace('xmlns="http://www.opendatakit.org', 'xmlns:orx="http://www.opendatakit.org'), name="a.xml"
        )


def test_a_cut_off_submission_keeps_no_other_out_and_other_xml_is_passed_over(reading: Reading, phone: Path) -> None:
    broken = phone / "instances" / "broken"
    broken.mkdir()
    (broken / "broken.xml").write_text(f"{_HEAD}{_PLACED}")
    (phone / "style.xml").write_text("<qgis/>")
    came = reading(phone)
    assert len(came.good) == 3
    assert {row.where for row in came.bad if "not whole XML" in row.reason} == {"broken.xml"}
