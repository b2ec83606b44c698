"""A field that somebody emptied in a copy is empty; a blank cell anywhere else says nothing, and is counted."""

from __future__ import annotations

import csv
import io
import json
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest

from atlas.field.export import export
from atlas.field.importing import import_files
from atlas.field.merge import merge
from atlas.field.overview import Wanted, overview
from atlas.field.readers import read_file
from atlas.field.readers.read_options import ReadOptions

pytestmark = pytest.mark.slow

_STATED = {
    "note": "where, who\nand when",
    "confidence": "low",
    "coordinateUncertaintyInMeters": 12.5,
    "photos": ["a.jpg"],
}
_FIELDS = (
    "category",
    "observed_at",
    "note",
    "confidence",
    "coordinateUncertaintyInMeters",
    "photos",
    "clave",
    "geometry",
)
_COPIES = ("csv", "geojson", "geojson with the base", "gpkg", "csv as xlsx", "gpkg as kml", "gpkg as geojsonl")


def _office(notes: Any) -> Any:
    area = {"type": "Polygon", "coordinates": [[[-92.2, 14.6], [-92.1, 14.6], [-92.1, 14.7], [-92.2, 14.6]]]}
    return notes.holding(
        notes.feature(1, **_STATED, clave="x1"),
        {**notes.feature(2, note="an area"), "geometry": area},
        notes.feature(3, at=None, reach="R012", note="by reach"),
    )


def _emptied(notes: Any, store: Any, form: str, number: int, *fields: str) -> Path:
    """A copy of a store in which some fields of a record were emptied."""
    path: Path = notes.folder / f"{secrets.token_hex(3)}.{form.split(maxsplit=1)[0]}"
    path.write_bytes(export(store, form.split(maxsplit=1)[0], exact=True)[0])
    kind, _, other = form.partition(" as ")
    _EDITS[kind](path, notes.id(number), fields)
    return _saved_as(path, other) if other else path


def _saved_as(path: Path, form: str) -> Path:
    """As a spreadsheet, or a program for maps, saves it in another format."""
    made = path.with_suffix(f".{form}")
    if form == "xlsx":
        workbook = openpyxl.Workbook()
        for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")):
            workbook.active.append([cell or None for cell in row])
        workbook.save(made)
    else:
        frame = geopandas.read_file(path, layer="annotations")
        frame.to_file(made, driver={"kml": "KML", "geojsonl": "GeoJSONSeq"}[form])
    return made


def _in_table(path: Path, record_id: str, fields: tuple[str, ...]) -> None:
    header, *rows = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    names = {
        name for field in fields for name in (("longitude", "latitude", field) if field == "geometry" else (field,))
    }
    for row in rows:
        if row[header.index("id")] == record_id:
            row[:] = ["" if name in names else cell for name, cell in zip(header, row, strict=True)]
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def _in_features(path: Path, record_id: str, fields: tuple[str, ...]) -> None:
    document = json.loads(path.read_text("utf-8"))
    for feature in document["features"]:
        if feature["id"] == record_id:
            feature["properties"] |= {name: None for name in fields if name != "geometry"}
            feature["geometry"] = None if "geometry" in fields else feature["geometry"]
    path.write_text(json.dumps(document), encoding="utf-8")


def _in_features_with_base(path: Path, record_id: str, fields: tuple[str, ...]) -> None:
    """As a program for maps leaves a GeoPackage that it saves as GeoJSON."""
    database = path.with_suffix(".gpkg")
    database.write_bytes(_EXPORTED[path.parent])
    geopandas.read_file(database, layer="annotations").to_file(path, driver="GeoJSON")
    _without_ids = json.loads(path.read_text("utf-8"))
    for feature in _without_ids["features"]:
        feature["id"] = feature["properties"]["id"]
    path.write_text(json.dumps(_without_ids), encoding="utf-8")
    _in_features(path, record_id, fields)


def _in_geopackage(path: Path, record_id: str, fields: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        for field in fields:
            column = "geom" if field == "geometry" else field
            database.execute(f'UPDATE annotations SET "{column}" = NULL WHERE id = ?', [record_id])  # noqa: S608 - of ours


_EXPORTED: dict[Path, bytes] = {}
_EDITS: Mapping[str, Callable[[Path, str, tuple[str, ...]], None]] = {
    "csv": _in_table,
    "geojson": _in_features,
    "geojson with the base": _in_features_with_base,
    "gpkg": _in_geopackage,
}


def _values(store: Any, record_id: str) -> dict[str, Any]:
    with store.reading() as view:
        values: dict[str, Any] = view.state(record_id).values
        assert not view.state(record_id).conflicts
        return values


@pytest.mark.parametrize("form", _COPIES)
def test_what_was_emptied_in_a_copy_is_empty_and_nothing_else(files: Any, form: str) -> None:
    store = _office(files)
    _EXPORTED[files.folder] = export(store, "gpkg", exact=True)[0]
    before = [_values(store, files.id(number)) for number in (1, 2, 3)]
    assert set(_FIELDS) <= set(before[0])
    (untouched,), aside = files.take_in(store, _emptied(files, store, form, 1))
    assert (untouched.changes, untouched.kept, aside) == (0, {}, [])
    for number, fields in ((1, _FIELDS), (2, ("geometry",)), (3, ("reach",))):
        (done,), aside = files.take_in(store, _emptied(files, store, form, number, *fields))
        assert (done.changes, done.new, aside) == (len(fields), 0, [])
        left = {name: value for name, value in before[number - 1].items() if name not in fields}
        assert _values(store, files.id(number)) == left
        again = _emptied(files, store, form, number)
        assert [one.changes for one in files.take_in(store, again)[0]] == [0]


@pytest.mark.parametrize("form", _COPIES)
def test_a_class_cannot_be_emptied(files: Any, form: str) -> None:
    store = files.holding(files.feature(1, sensitivity="withheld"), files.feature(2))
    _EXPORTED[files.folder] = export(store, "gpkg", exact=True)[0]
    before = files.digest(store)
    (done,), aside = files.take_in(store, _emptied(files, store, form, 1, "sensitivity", "category"))
    assert (done.changes, len(aside)) == (0, 1)
    assert "sensitivity may not be empty" in aside[0].row.reason
    assert _values(store, files.id(1))["sensitivity"] == "withheld"
    assert files.digest(store) == before


@pytest.mark.parametrize(
    ("column", "header", "cell", "emptied"),
    [
        ("note", "Nota", "", "note"),
        ("photos", "photos", "[]", "photos"),
        ("coordinateUncertaintyInMeters", "coordinateUncertaintyInMeters", "0", "coordinateUncertaintyInMeters"),
        ("coordinateUncertaintyInMeters", "incertidumbre", "n/a", "coordinateUncertaintyInMeters"),
        ("status", "status", "accepted", None),
    ],
)
def test_a_copy_is_emptied_in_other_words_too(
    files: Any, column: str, header: str, cell: str, emptied: str | None
) -> None:
    store, notes = _office(files), list[str]()
    before = _values(store, files.id(1))
    names, first, *_ = csv.reader(io.StringIO(export(store, "csv", exact=True)[0].decode("utf-8-sig"), newline=""))
    first[names.index(column)], names[names.index(column)] = cell, header
    text = io.StringIO()
    csv.writer(text).writerows([names, first])
    path = files.folder / "copy.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    options = ReadOptions(notify=notes.append)
    (done,), aside = import_files(store, [path], partial(read_file, options=options))
    assert (done.changes, aside) == (int(emptied is not None), [])
    assert _values(store, files.id(1)) == {name: value for name, value in before.items() if name != emptied}
    # what nothing takes from a copy is said
    assert any("nothing used 1 column: status" in note for note in notes) is (emptied is None)


def test_a_column_that_was_taken_out_empties_nothing(files: Any) -> None:
    store = _office(files)
    path = files.folder / "copy.csv"
    path.write_bytes(export(store, "csv", exact=True)[0])
    header, *rows = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    for gone in ("geometry", "longitude", "note", "confidence", "photos", "reach"):
        text, at = io.StringIO(), header.index(gone)
        lines = [[cell for number, cell in enumerate(row) if number != at] for row in (header, *rows)]
        if gone == "longitude":
            lines = [[cell for number, cell in enumerate(row) if number not in {1, 2}] for row in (header, *rows)]
        csv.writer(text).writerows(lines)
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        (done,), aside = files.take_in(store, path)
        assert (done.changes, aside) == (0, []), gone
    for number in (1, 2):
        assert _values(store, files.id(number))["geometry"]


def test_a_row_that_ends_early_empties_nothing(files: Any) -> None:
    store = files.holding(files.feature(1, note="a"))
    path = files.folder / "copy.csv"
    path.write_bytes(export(store, "csv", exact=True)[0])
    header, row = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    order = [header.index("atlas_base"), *(n for n, name in enumerate(header) if name != "atlas_base")]
    text = io.StringIO()
    csv.writer(text).writerows([[header[n] for n in order], [row[n] for n in order][:5]])
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    assert [done.changes for done in files.take_in(store, path)[0]] == [0]


def test_an_emptied_field_merges_like_any_other_edit(notes: Any) -> None:
    office, phone, stranger = _office(notes), notes.store(), notes.store()
    merge(phone, [office])
    emptied = _emptied(notes, office, "csv", 1, "note", "confidence")
    edited = notes.sent(office, lambda features: features[0]["properties"].update(note="another word"))
    for store, paths in ((office, (emptied, edited)), (phone, (edited, emptied)), (stranger, (emptied,))):
        notes.take_in(store, *paths)
    for store in (office, phone):
        (sides,) = notes.records(store, conflicts=True)[1]["conflicts"].values()
        assert {side["value"] for side in sides} == {None, "another word"}
        assert notes.records(store)[1]["confidence"] is None
    assert notes.digest(office) == notes.digest(phone)
    assert notes.records(stranger)[1]["note"] is None
    merge(stranger, [office])
    merge(office, [stranger])
    assert notes.digest(office) == notes.digest(stranger)
    with office.reading() as one, stranger.reading() as other:
        assert overview(one, Wanted(), exact=True).records == overview(other, Wanted(), exact=True).records


@pytest.mark.parametrize("form", ["csv", "geojson"])
def test_blank_cells_of_other_files_empty_nothing_and_are_counted(files: Any, form: str) -> None:
    store = _office(files)
    before = files.digest(store)
    path = files.folder / f"other.{form}"
    if form == "csv":
        rows = [["id", "lat", "lon", "note", "clave", "photos", "reach", "nothing"]]
        rows += [[files.id(1), "15.0", "-91.99", "", "", " ", "", ""], [files.id(3), "", "", "", "", "", "R012", ""]]
        text = io.StringIO()
        csv.writer(text).writerows([*rows, [files.id(9), "15.0", "-91.0", "", "", "", "", ""]])
        path.write_text(text.getvalue(), encoding="utf-8")
    else:
        features = [
            files.feature(1, note=None, clave="", photos=None),
            files.feature(3, at=None, note=" ", reach="R012"),
        ]
        path = files.write("other.geojson", *features, files.feature(9, note=None))
    (done,), aside = files.take_in(store, path)
    assert not aside
    assert done.kept == {"note": 2, "clave": 1, "photos": 1}
    assert done.new == 1
    assert _values(store, files.id(1))["note"] == _STATED["note"]
    assert files.digest(store) != before
