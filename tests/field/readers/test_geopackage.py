"""GeoPackages: copies of a store that were edited, foreign layers, and files that are damaged."""

from __future__ import annotations

import base64
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from PIL import Image

from atlas.errors import InputError
from atlas.field.export import export
from atlas.field.importing import import_files
from atlas.field.overview import Wanted, overview
from atlas.field.readers import ReadOptions, read_file
from atlas.field.readers.photos import photo
from atlas.field.row import FieldRow, Media
from atlas.field.store import Store, open_store

Reading = Callable[..., Any]


@pytest.fixture
def store(tmp_path: Path, files: Path) -> Store:
    made = open_store(str(tmp_path / "store.gpkg"))
    made.create()
    import_files(made, [files / "records.geojson", files / "tabla.csv"], read_file)
    return made


def _copy(store: Store, folder: Path, form: str) -> Path:
    path = folder / f"copy.{form}"
    path.write_bytes(export(store, form, exact=True)[0])
    return path


def _edit(path: Path, note: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        # GDAL's triggers need its functions, as QGIS has them
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE annotations SET note = ? WHERE id LIKE '6111%'", [note])


@pytest.mark.parametrize("form", ["gpkg", "csv", "geojson"])
def test_a_copy_that_nobody_edited_says_nothing_new(store: Store, tmp_path: Path, form: str) -> None:
    (done,), aside = import_files(store, [_copy(store, tmp_path, form)], read_file)
    assert not aside
    assert (done.new, done.changes) == (0, 0)


def test_an_edit_in_a_copy_supersedes_what_it_was_made_from(store: Store, tmp_path: Path) -> None:
    copy = _copy(store, tmp_path, "gpkg")
    _edit(copy, "edited")
    (done,), _ = import_files(store, [copy], read_file)
    assert done.changes == 1
    with store.reading() as view:
        listed = overview(view, Wanted(), exact=True)
        assert not any(record.get("conflicts") for record in listed.records)
        assert view.state(view.find("6111")).value("note") == "edited"


def test_edits_in_two_copies_stand_side_by_side(store: Store, tmp_path: Path) -> None:
    copies = []
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        copies.append(_copy(store, folder, "gpkg"))
        _edit(copies[-1], f"edit {number}")
    import_files(store, copies, read_file)
    with store.reading() as view:
        state = view.state(view.find("6111"))
        assert {side.value for side in state.conflicts["note"]} == {"edit 1", "edit 2"}


def test_a_store_that_is_imported_brings_its_history(store: Store, tmp_path: Path) -> None:
    other = open_store(str(tmp_path / "other.gpkg"))
    other.create()
    import_files(other, [tmp_path / "store.gpkg"], read_file)
    with store.reading() as mine, other.reading() as theirs:
        assert mine.digest() == theirs.digest()


def test_a_layer_of_any_make_is_brought_to_degrees(reading: Reading, tmp_path: Path) -> None:
    path = tmp_path / "places.gpkg"
    frame = geopandas.GeoDataFrame(
        {"categoria": ["Albergue"], "nota": ["Synthetic"], "fecha": ["2026-01-05"]},
        geometry=[shapely.Point(-92.15, 14.68)],
        crs="EPSG:4326",
    )
    frame.to_crs("EPSG:32615").to_file(path, layer="any", driver="GPKG", engine="pyogrio")
    record = reading(path).only
    assert record.fields == {"category": "shelter", "note": "Synthetic", "observed_at": "2026-01-05"}
    assert record.geometry["coordinates"] == [pytest.approx(-92.15), pytest.approx(14.68)]
    frame.to_file(path, layer="second", driver="GPKG", engine="pyogrio")
    with pytest.raises(InputError, match=r"--layer.*'any', 'second'"):
        reading(path)
    assert reading(path, layer="second").only.fields["note"] == "Synthetic"


def test_a_damaged_or_foreign_database_is_one_clear_error_and_untouched(
    reading: Reading, store: Store, tmp_path: Path
) -> None:
    whole = Path(store.address).read_bytes()
    damaged = whole[:5000] + b"\xff" * 30_000 + whole[35_000:]
    for content in (whole[:3000], damaged):
        with pytest.raises(InputError, match=r"damaged|no GeoPackage"):
            reading(content, "bad.gpkg")
        assert (tmp_path / "bad.gpkg").read_bytes() == content
    plain = tmp_path / "plain.db"
    with closing(sqlite3.connect(plain)) as database, database:
        database.execute("CREATE TABLE a (b)")
    with pytest.raises(InputError, match="no GeoPackage"):
        reading(plain)


@pytest.mark.parametrize("form", ["geojson", "store"])
def test_a_photo_that_an_older_atlas_took_in_with_words_leaves_without_them(
    store: Store, tmp_path: Path, jpeg: bytes, form: str
) -> None:
    clean = photo("a.jpg", jpeg).data
    tail = b"\xff\xee\x00\x16Adobe\x00d\x00\x00\x00\x00\x01SECRET12"
    dirty = clean[:2] + tail + clean[2:]
    row = FieldRow(
        "row 1",
        "00000000-0000-4000-8000-000000000001",
        {"photos": ["a.jpg", "b.jpg"]},
        media=(Media("a.jpg", "image/jpeg", dirty), Media("b.jpg", "image/jpeg", b"SECRET")),
    )
    import_files(store, [tmp_path], lambda _path: iter([row]))
    heard: list[str] = []
    if form == "geojson":
        carried = json.loads(export(store, "geojson", exact=True, notify=heard.append)[0])["atlas"]["media"]
        kept = [(one["name"], base64.b64decode(one["data"]), one["sha256"]) for one in carried]
    else:
        path = Path(store.address)
        rows = list(read_file(path, options=ReadOptions(notify=heard.append)))
        kept = [
            (one.name, one.data, sha256(one.data).hexdigest())
            for row in rows
            if isinstance(row, FieldRow)
            for one in row.media
        ]
    ((name, data, digest),) = kept
    assert name == "a.jpg"
    assert b"SECRET" not in data
    assert sha256(data).hexdigest() == digest
    assert Image.open(io.BytesIO(data)).size == (40, 30)
    assert any("'b.jpg' is not a JPEG" in note for note in heard)
