"""A photo that stands inside of a cell comes in as a photo: cleaned, whole, and under a name of its own."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from atlas.field.importing import import_files
from atlas.field.overview import Wanted, overview
from atlas.field.readers import read_file
from atlas.field.store import open_store

Reading = Callable[..., Any]


def _uri(data: bytes, kind: str = "jpeg", *, wrapped: bool = False) -> str:
    encoded = base64.encodebytes(data) if wrapped else base64.b64encode(data)
    return f"data:image/{kind};base64,{encoded.decode().strip()}"


def _table(*cells: str, column: str = "photo", delimiter: str = ",") -> str:
    text = io.StringIO()
    table = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    table.writerow(["lat", "lon", "note", column])
    table.writerows(["14.68", "-92.15", f"synthetic {number}", cell] for number, cell in enumerate(cells))
    return text.getvalue()


def _feature(photos: Any) -> str:
    place = {"type": "Point", "coordinates": [-92.15, 14.68]}
    feature = {"type": "Feature", "geometry": place, "properties": {"note": "synthetic", "photos": photos}}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (3, 2), (1, 2, 3)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("form", ["csv", "csv wrapped", "csv semicolons", "geojson text", "geojson list"])
def test_a_photo_in_a_cell_is_a_photo_without_what_the_camera_hid(reading: Reading, jpeg: bytes, form: str) -> None:
    uri = _uri(jpeg, wrapped=form == "csv wrapped")
    if form.startswith("csv"):
        came = reading(_table(uri, delimiter=";" if form == "csv semicolons" else ","))
    else:
        came = reading(_feature([uri] if form == "geojson list" else uri), "a.geojson")
    (kept,) = came.only.media
    assert came.only.fields["photos"] == [kept.name]
    assert kept.name.endswith(".jpg")
    assert kept.kind == "image/jpeg"
    assert b"SyntheticCamera" not in kept.data
    assert b"TRAILER" not in kept.data
    with Image.open(io.BytesIO(kept.data)) as image:
        assert image.size == (40, 30)
    assert not came.notes


def test_photos_in_a_cell_stand_beside_names_and_one_another(reading: Reading, jpeg: bytes) -> None:
    row = reading(_table(f"a.jpg; {_uri(jpeg)} | {_uri(_png(), 'png')},b.jpg")).only
    first, *photos, last = row.fields["photos"]
    assert (first, last) == ("a.jpg", "b.jpg")
    assert photos == [kept.name for kept in row.media]
    assert [kept.kind for kept in row.media] == ["image/jpeg", "image/png"]


def test_a_photo_under_any_header_is_no_text_that_keeps_its_place(reading: Reading, jpeg: bytes) -> None:
    row = reading(_table(_uri(jpeg), column="signature")).only
    assert row.fields["photos"] == [row.media[0].name]
    assert "signature" not in row.fields


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("data:image/jpeg;base64,/9j/4AAQ", "cut off or damaged"),
        ("data:image/jpeg;base64,/9j/4AA!QSk", "is not base64"),
        ("data:image/svg+xml;base64,PHN2Zz4=", "not a JPEG, PNG or WebP"),
        ("data:image/svg+xml,%3Csvg onload=alert(1)%3E", "not written in base64"),
        ("data:image/jpeg;base64,", "is empty"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.geojson"])
def test_what_is_no_photo_is_put_aside_whole(reading: Reading, uri: str, reason: str, name: str) -> None:
    came = reading(_table(uri) if name == "a.csv" else _feature(uri), name)
    assert not came.good
    (bad,) = came.bad
    assert reason in bad.reason
    assert uri in bad.raw


def test_a_long_photo_that_is_refused_is_kept_to_its_last_byte(reading: Reading) -> None:
    uri = _uri(b"\xff\xd8\xff" + bytes(150_000))
    (bad,) = reading(_feature(uri), "a.geojson").bad
    assert "cut off or damaged" in bad.reason
    assert uri in bad.raw


def test_a_cell_that_is_too_long_says_what_to_do_with_a_photo(reading: Reading) -> None:
    (bad,) = reading(_table(_uri(bytes(1_000_000)))).bad
    assert "beside the table" in bad.reason


def test_the_same_photo_twice_is_one_in_the_store(tmp_path: Path, jpeg: bytes) -> None:
    store, path = open_store(tmp_path / "store.gpkg"), tmp_path / "a.csv"
    store.create()
    path.write_text(_table(_uri(jpeg), _uri(jpeg)), encoding="utf-8")
    import_files(store, [path], read_file)
    with store.reading() as view:
        before = view.digest()
        names = [name for (name,) in view.session.rows("SELECT name FROM media")]
        assert [record["photos"] for record in overview(view, Wanted(), exact=True).records] == [names, names]
    assert len(names) == 1
    import_files(store, [path], read_file)
    with store.reading() as view:
        assert view.digest() == before
