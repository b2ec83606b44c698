"""What a workbook shows and hides, and which columns of a table are a place."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from atlas.errors import InputError
from atlas.vector.layer import VectorLayer
from atlas.vector.source import open_sources, read_source
from tests.vector.odd_files import written

HEAD = ["clave", "lat", "lon", "valor"]


def _book(path: Path, rows: list[list[Any]], change: Callable[[Any, Any], None] | None = None) -> list[VectorLayer]:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(book, sheet)
    book.save(path)
    with open_sources(path) as (source,):
        return read_source(source, every=True)


def _faults(layer: VectorLayer) -> dict[str, tuple[int | None, str | None]]:
    return {fault.rule: (fault.row, fault.field) for fault in layer.faults}


def test_a_formula_that_was_never_worked_out_is_said(tmp_path: Path) -> None:
    (layer,) = _book(tmp_path / "a.xlsx", [HEAD, ["1", 15.5, -92.1, 7], ["2", 15.5, -92.1, "=SUM(D2:D2)"]])
    assert layer.columns["valor"] == [7, None]
    assert _faults(layer) == {"value-lost": (3, "valor")}


def test_a_formula_whose_value_is_an_empty_text_has_one(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    _book(path, [HEAD, ["1", 15.5, -92.1, "x"]])
    cell = b'<c r="D2" t="inlineStr"><is><t>x</t></is></c>'
    _edited(path, cell, b'<c r="D2" t="str"><f>""</f><v></v></c>')
    with open_sources(path) as (source,):
        (layer,) = read_source(source)
    assert _faults(layer) == {}


def _edited(path: Path, before: bytes, after: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert before in parts["xl/worksheets/sheet1.xml"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data.replace(before, after))


def test_errors_of_formulas_are_no_values(tmp_path: Path) -> None:
    (layer,) = _book(tmp_path / "a.xlsx", [HEAD, ["1", 15.5, -92.1, 1], ["2", 15.5, -92.1, "#DIV/0!"]])
    assert layer.columns["valor"] == [1, None]
    assert _faults(layer) == {"value-lost": (3, "valor")}


def test_merged_cells_are_said(tmp_path: Path) -> None:
    (layer,) = _book(
        tmp_path / "a.xlsx",
        [["Censo"], HEAD, ["1", 15.5, -92.1, "Chiapas"], ["2", 15.5, -92.1]],
        lambda _, sheet: [sheet.merge_cells(cells) for cells in ("A1:D1", "D3:D4")],
    )
    assert _faults(layer) == {"cells-merged": (3, "valor")}


def test_what_is_hidden_is_said_since_it_is_read(tmp_path: Path) -> None:
    def hide(book: Any, sheet: Any) -> None:
        sheet.column_dimensions["D"].hidden = True
        sheet.row_dimensions[3].hidden = True
        other = book.create_sheet("otra")
        other.sheet_state = "hidden"
        for row in (HEAD, ["3", 15.5, -92.1, "José"]):
            other.append(row)

    first, second = _book(tmp_path / "a.xlsx", [HEAD, ["1", 15.5, -92.1, "Ana"], ["2", 15.5, -92.1, "Luz"]], hide)
    assert first.columns["valor"] == ["Ana", "Luz"]
    assert _faults(first) == {"cells-hidden": (3, None)}
    assert "columns (valor) and 1 row" in first.faults[0].message
    assert "The sheet is hidden" in second.faults[0].message


def test_zeros_that_a_format_shows_are_read(tmp_path: Path) -> None:
    def form(_: Any, sheet: Any) -> None:
        for row, code in ((2, "00000"), (3, "00000"), (4, "0")):
            sheet.cell(row, 1).number_format = code

        for row, year in enumerate((2023, 2024, 2025), start=2):
            sheet.cell(row, 4, year).number_format = "0000"

    (layer,) = _book(tmp_path / "a.xlsx", [HEAD, *([number, 15.5, -92.1, 1] for number in (7001, 12345, 7))], form)
    assert layer.columns["clave"] == ["07001", "12345", 7]
    assert layer.columns["valor"] == [2023, 2024, 2025]
    assert _faults(layer) == {"zeros-shown": (2, "clave")}


def test_moments_are_written_as_iso_and_numbers_of_days_are_said(tmp_path: Path) -> None:
    head = ["lat", "lon", "dia", "hora", "duracion", "cuando", "fecha"]
    day, hour = date(2024, 5, 31), time(14, 30)
    row = [15.5, -92.1, day, hour, timedelta(hours=30), datetime.combine(day, hour), 45443]
    (layer,) = _book(tmp_path / "a.xlsx", [head, row])
    values = [values[0] for values in layer.columns.values()]
    assert values == ["2024-05-31", "14:30:00", "30:00:00", "2024-05-31T14:30:00", 45443]
    assert _faults(layer) == {"date-serial": (2, "fecha")}
    assert "2024-05-31" in layer.faults[0].message


def test_sheets_that_are_no_layers_are_mentioned(tmp_path: Path) -> None:
    def add(book: Any, _: Any) -> None:
        notes = book.create_sheet("Notas")
        notes.append(["campo", "significado"])
        notes.append(["valor", "personas"])

    (layer,) = _book(tmp_path / "a.xlsx", [HEAD, ["1", 15.5, -92.1, 1]], add)
    assert _faults(layer) == {"layer-table": (None, None)}
    assert "Notas" in layer.faults[0].message


@pytest.mark.parametrize(
    "head",
    [
        "LON_DECIM,LAT_DECIM", "POINT_X,POINT_Y", "X_COORD,Y_COORD", "_gps_longitude,_gps_latitude", "Long_X,Lat_Y",
        "Longitude (dd),Latitude (dd)", "Ubicación (longitud),Ubicación (latitud)", "begin_lon,begin_lat",
        "_record_point_longitude,_record_point_latitude", "Coordenada X,Coordenada Y",
        "dwc:decimalLongitude,dwc:decimalLatitude",
    ],
)  # fmt: skip
def test_a_place_has_many_names(head: str, tmp_path: Path) -> None:
    with open_sources(written(tmp_path / "a.csv", f"clave,{head},nombre\n007,-92.1,15.5,x\n")) as (source,):
        (layer,) = read_source(source)
    (row,) = layer.features()
    assert row["geometry"] == {"type": "Point", "coordinates": [-92.1, 15.5]}
    assert row["properties"] == {"clave": "007", "nombre": "x"}


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("origen_lon,origen_lat,destino_lon,destino_lat", r"several pairs .*\(origen_lon, origen_lat; destino_lon"),
        # a length is called longitud as well, and a letter of a hemisphere may stand for a sign
        ("longitud_m,latitud,x1,x2", "no columns for a place"),
        ("longitud (W),latitud (N),a,b", "no columns for a place"),
        ("origen_lon,destino_lat,a,b", "no columns for a place"),
    ],
)
def test_which_columns_are_meant_is_not_guessed(head: str, words: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f"{head}\n-92.1,15.5,-92,15\n")
    with open_sources(path) as (source,), pytest.raises(InputError, match=words):
        read_source(source)


def test_shapes_may_be_written_as_geojson_in_cells(tmp_path: Path) -> None:
    cells = ['{""type"":""Point"",""coordinates"":[-92.1,15.5]}', '{""type"":""Point""}']
    path = written(tmp_path / "a.csv", "".join(f'{n},"{cell}"\n' for n, cell in [("n", "geometry"), *enumerate(cells)]))
    with open_sources(path) as (source,):
        (layer,) = read_source(source)
    first, second = layer.features()
    assert first["geometry"] == {"type": "Point", "coordinates": [-92.1, 15.5]}
    assert second["geometry"] is None
    assert _faults(layer) == {"shape-lost": (3, "geometry")}


@pytest.mark.parametrize("text", ["id,lat,lon\n1,15.5,-92.1\n", "Censo\nid;latitud;longitud\n1;15,5;-92,1\n"])
def test_a_table_is_known_without_an_ending(text: str, tmp_path: Path) -> None:
    with open_sources(written(tmp_path / "standard input", text)) as (source,):
        (layer,) = read_source(source)
    assert [row["geometry"]["coordinates"] for row in layer.features()] == [[-92.1, 15.5]]


def test_a_text_without_an_ending_and_places_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="of no format"), open_sources(written(tmp_path / "a", "lorem, ipsum\n")):
        pass
