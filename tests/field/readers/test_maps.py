"""GPX, KML and KMZ as devices and apps write them; traps in XML and zip are refused."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import InputError

Reading = Callable[..., Any]

_AT = {"type": "Point", "coordinates": [-92.15, 14.68]}
_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<gpx><wpt lat="14" lon="-92"><name>&b;</name></wpt></gpx>'
)
_OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    "<kml><Placemark><name>&x;</name></Placemark></kml>"
)


def _packed(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return made.getvalue()


def test_waypoints_of_a_garmin_become_records(reading: Reading, files: Path) -> None:
    came = reading(files / "garmin.gpx")
    first, third, track = came.good
    assert (track.fields["track"], track.fields["sensitivity"]) == ("track", "withheld")
    assert first.geometry == _AT
    assert first.fields["note"] == "001\nSynthetic: ford <script>alert(1)</script>"
    assert first.fields["observed_at"] == "2026-01-05T16:20:00Z"
    assert "category" not in first.fields
    assert third.fields["category"] == "shelter"
    # a ratio without a unit says nothing in metres
    assert "coordinateUncertaintyInMeters" not in third.fields
    assert "swapped" in came.bad[0].reason
    assert any("1 tracks or routes are kept as withheld" in note for note in came.notes)


def test_favourites_of_osmand_become_records(reading: Reading, files: Path) -> None:
    record = reading(files / "osmand.gpx").only
    assert record.fields["note"] == "Synthetic shelter\ndos líneas\ny una más"
    assert record.fields["gpx_type"] == "Campo"


def test_placemarks_of_google_earth_become_records(reading: Reading, files: Path) -> None:
    came = reading(files / "google_earth.kml")
    first, line = came.good
    assert first.geometry == _AT
    assert first.fields["category"] == "shelter"
    assert first.fields["observed_at"] == "2026-01-05T10:20:00-06:00"
    assert first.fields["kml_folder"] == "Campo / Albergues"
    assert first.fields["photos"] == ["a.jpg"]
    assert "=cmd" in first.fields["note"]
    assert line.geometry["type"] == "LineString"
    assert (line.fields["category"], line.fields["people"]) == ("hazard", "none")
    assert ["no position" in row.reason or "cannot be read" in row.reason for row in came.bad] == [True, True]


def test_bookmarks_of_organic_maps_become_records(reading: Reading, files: Path) -> None:
    record = reading(files / "organic_maps.kml").only
    assert record.fields == {"note": "Synthetic B\nuna nota", "observed_at": "2026-01-05T16:20:00Z"}


def test_a_kmz_brings_its_photos_without_what_they_hide(reading: Reading, files: Path, jpeg: bytes) -> None:
    kml = (files / "google_earth.kml").read_bytes()
    record = reading(_packed(doc_dot_kml=kml, files__a_dot_jpg=jpeg), "places.kmz").good[0]
    assert [photo.name for photo in record.media] == ["a.jpg"]
    assert b"SyntheticCamera" not in record.media[0].data


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (_LAUGHS, "a.gpx", "declares a document type or entities"),
        (_OUTSIDE, "a.kml", "declares a document type or entities"),
        ("<gpx><wpt lat='14' lon='-92'>", "a.gpx", "not whole XML"),
        ("<gpx></gpx>", "a.gpx", "no waypoints"),
        ("<kml></kml>", "a.kml", "no placemarks"),
        ("<html><body>404</body></html>", "a.geojson", "a web page"),
        ("<svg></svg>", "a.gpx", "XML of another kind"),
        ("<kml>" + "<Folder>" * 300 + "</Folder>" * 300 + "</kml>", "a.kml", "nested more than 200"),
        ('<?xml version="1.0" encoding="klingon"?><gpx/>', "a.gpx", "not whole XML|encoding"),
    ],
)
def test_what_is_no_map_or_a_trap_is_refused(reading: Reading, content: str, name: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        reading(content, name)


def test_a_zip_bomb_is_not_opened(reading: Reading) -> None:
    bomb = _packed(doc_dot_kml=b"<kml>" + b" " * 60_000_000 + b"</kml>")
    assert len(bomb) < 100_000
    for name in ("bomb.kmz", "bomb.zip"):
        with pytest.raises(InputError, match="zip bomb"):
            reading(bomb, name)


def test_an_archive_in_archives_without_end_is_refused(reading: Reading) -> None:
    data = b"lat,lon\n14.68,-92.15\n"
    for _ in range(8):
        data = _packed(inner_dot_zip=data)
    with pytest.raises(InputError, match="packed or sealed more than 4 times"):
        reading(data, "many.zip")


def test_many_small_parts_are_counted_together(reading: Reading) -> None:
    rows = b"lat,lon,note\n14.68,-92.15," + b"x" * 1_000_000
    bomb = _packed(**{f"p{number}_dot_csv": rows for number in range(40)})
    with pytest.raises(InputError, match=r"would unpack from [\d,]+ to 40,\d{3},\d{3} bytes, as a zip bomb does"):
        reading(bomb, "bomb.zip")


@pytest.mark.slow
def test_archives_in_an_archive_have_its_room_together(reading: Reading) -> None:
    inner = _packed(p_dot_csv=b"lat,lon,note\n14.68,-92.15," + b"x" * 15_000_000)
    assert len(reading(inner, "one.zip").good) + len(reading(inner, "one.zip").bad) == 1
    came = reading(_packed(**{f"z{number}_dot_zip": inner for number in range(20)}), "many.zip")
    assert sum("zip bomb" in row.reason for row in came.bad) >= 18


def test_parts_that_share_their_bytes_are_refused(reading: Reading) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("p0.csv", "lat,lon\n14.68,-92.15\n")
        for number in range(1, 1000):
            again = copy.copy(packed.filelist[0])
            again.filename = f"p{number}.csv"
            packed.filelist.append(again)
    with pytest.raises(InputError, match=r"parts that overlap \('p\d+\.csv'\), as a zip bomb has"):
        reading(made.getvalue(), "same.zip")


def test_what_packs_well_and_is_small_is_read(reading: Reading) -> None:
    rows = b"lat,lon,note\n" + b"14.68,-92.15,the same\n" * 2_000
    assert len(reading(_packed(a_dot_csv=rows), "same.zip").good) >= 1


@pytest.mark.parametrize("cut", [30, 200, -1])
def test_a_cut_off_archive_is_one_clear_error(reading: Reading, files: Path, cut: int) -> None:
    whole = _packed(doc_dot_kml=(files / "google_earth.kml").read_bytes())
    with pytest.raises(InputError, match=r"cut off|damaged"):
        reading(whole[:cut], "cut.kmz")


def test_an_archive_with_a_wrong_sum_is_one_clear_error(reading: Reading) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("notes.csv", "lat,lon\n14.68,-92.15\n")
    with pytest.raises(InputError, match="damaged"):
        reading(made.getvalue().replace(b"14.68", b"15.68"), "notes.zip")


KML_TRACK = (
    '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>'
    "<Placemark><name>ida</name><ExtendedData>{extended}</ExtendedData>{shape}</Placemark>"
    "<Placemark><name>pozo</name><Point><coordinates>-92.2,14.9,0</coordinates></Point></Placemark></Document></kml>"
)
ONE_TRACK = (
    "<gx:Track><when>2026-05-04T16:20:00Z</when><when>2026-05-04T16:20:10Z</when><when>2026-05-04T16:20:20Z</when>"
    "<gx:coord>-92.2 14.9 30</gx:coord><gx:coord/><gx:coord>-92.2 14.91 31</gx:coord></gx:Track>"
)
SECOND_TRACK = "<gx:Track><gx:coord>-92.2 14.95</gx:coord><gx:coord>-92.2 14.96</gx:coord></gx:Track>"


@pytest.mark.parametrize(
    ("shape", "kind", "lines"),
    [
        (ONE_TRACK, "LineString", [[-92.2, 14.9], [-92.2, 14.91]]),
        (
            f"<gx:MultiTrack>{ONE_TRACK}{SECOND_TRACK}</gx:MultiTrack>",
            "MultiLineString",
            [[[-92.2, 14.9], [-92.2, 14.91]], [[-92.2, 14.95], [-92.2, 14.96]]],
        ),
    ],
)
def test_tracks_of_kml_are_kept_as_withheld(reading: Reading, shape: str, kind: str, lines: list[Any]) -> None:
    opened = '<Data name="sensibilidad"><value>abierto</value></Data><Data name="app"><value>Locus</value></Data>'
    came = reading(KML_TRACK.format(shape=shape, extended=opened), name="t.kml")
    track, well = came.good
    assert (track.where, well.where) == ("placemark 1", "placemark 2")
    assert track.geometry == {"type": kind, "coordinates": lines}
    expected = {"note": "ida", "track": "track", "sensitivity": "withheld", "observed_at": "2026-05-04T16:20:00Z"}
    assert expected.items() <= track.fields.items()
    assert (track.fields["app"], track.fields["track_ended"]) == ("Locus", "2026-05-04T16:20:20Z")
    assert "track" not in well.fields
    assert any("1 tracks are kept as withheld" in note for note in came.notes)


def test_a_placemark_with_a_point_and_a_track_keeps_both(reading: Reading) -> None:
    point = "<Point><coordinates>-92.3,14.9</coordinates></Point>"
    came = reading(KML_TRACK.format(shape=ONE_TRACK + point, extended=""), name="t.kml")
    assert [row.geometry["type"] for row in came.good if row.geometry] == ["LineString", "Point", "Point"]


@pytest.mark.parametrize(
    ("coordinate", "reason"),
    [
        ("-92.2 95 0", "latitude"),
        ("-92.2", "cannot be read"),
        ("a b", "cannot be read"),
        ("-92.2 14.9", "no two points"),
    ],
)
def test_a_track_of_kml_that_cannot_be_is_put_aside(reading: Reading, coordinate: str, reason: str) -> None:
    shape = f"<gx:Track><gx:coord>-92.2 14.9 0</gx:coord><gx:coord>{coordinate}</gx:coord></gx:Track>"
    came = reading(KML_TRACK.format(shape=shape, extended=""), name="t.kml")
    assert [(bad.where, reason in bad.reason) for bad in came.bad] == [("placemark 1", True)]


def test_tracks_among_other_geometries_are_records_of_their_own(reading: Reading) -> None:
    point = "<Point><coordinates>-92.3,14.9</coordinates></Point>"
    came = reading(
        KML_TRACK.format(shape=f"<MultiGeometry>{point}{ONE_TRACK}</MultiGeometry>", extended=""), name="t.kml"
    )
    assert [row.geometry["type"] for row in came.good if row.geometry] == ["LineString", "Point", "Point"]
    assert not came.bad
    alone = reading(KML_TRACK.format(shape=f"<MultiGeometry>{ONE_TRACK}</MultiGeometry>", extended=""), name="t.kml")
    assert [row.geometry["type"] for row in alone.good if row.geometry] == ["LineString", "Point"]
