"""XLSX: a sheet of features, texts as texts, so that a code keeps its zeros and nothing becomes a formula."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import shapely

from atlas.errors import InputError
from atlas.vector.feature_table import FeatureTable
from atlas.vector.table_losses import note_some_heights, note_texts, rename_places

_LONGEST = 32_767
_MOST_ROWS = 1_048_575
_SAFE = 10**15
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_NO_DATE = datetime(1980, 1, 1)  # noqa: DTZ001 - a workbook's dates have no zone
_MODIFIED = re.compile(rb"(<dcterms:modified[^<>]*+>)[^<]*+")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def workbook(table: FeatureTable) -> bytes:
    """A workbook with one sheet; points as longitude and latitude, other shapes as well-known text.

    Raises
    ------
    InputError
        There are more rows than a sheet has, a text or shape is longer than a cell, or has a control character.
    """
    import openpyxl  # noqa: PLC0415 - only for a workbook

    if len(table) > _MOST_ROWS:
        msg = f"{table.name} has {len(table):,} features, a sheet has {_MOST_ROWS:,} rows; choose csv or gpkg"
        raise InputError(msg)
    table.note_blank_rows()
    note_some_heights(table)
    note_texts(table, "a workbook's blank texts are empty cells, and \\r\\n is one line end", _is_changed)
    names, places = _places(table)
    _refuse_unwritable(table, names, places)
    book = openpyxl.Workbook(write_only=True)
    book.properties.created = _NO_DATE
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\']", "_", table.name)[:31] or "layer")
    wide = {
        column.name
        for column in table.columns
        if column.kind == "integer" and any(value is not None and abs(value) >= _SAFE for value in column.values)
    }
    if wide:
        table.notes.append(f"whole numbers of 16 digits and more are written as text: {', '.join(sorted(wide))}")
    sheet.append([_cell(sheet, name) for name in [*(column.name for column in table.columns), *names]])
    for row, place in enumerate(places):
        values = [_plain(column.values[row], as_text=column.name in wide) for column in table.columns]
        sheet.append([_cell(sheet, value) for value in [*values, *place]])
    stream = io.BytesIO()
    book.save(stream)
    return _without_dates(stream.getvalue())


def _is_changed(text: str) -> bool:
    return not text.strip() or "\r" in text


def _plain(value: Any, *, as_text: bool) -> Any:  # noqa: ANN401 - a property of any type
    return str(value) if as_text and value is not None else value


def _places(table: FeatureTable) -> tuple[list[str], list[Sequence[Any]]]:
    has_others = rename_places(table, names=("wkt",))
    placed = table.shapes[~table.missing]
    used = {column.name.lower() for column in table.columns}
    if len(placed) and set(shapely.get_type_id(placed).tolist()) == {0} and not has_others:
        deep = bool(shapely.has_z(placed).all()) and "height" not in used
        names = ["longitude", "latitude", *(["height"] if deep else [])]
        return names, [
            [None] * len(names) if one is None else list(one.coords[0])[: len(names)] for one in table.shapes
        ]
    texts = shapely.to_wkt(table.shapes, rounding_precision=-1, trim=True, output_dimension=3)
    return ["wkt"], [[text] for text in texts]


def _refuse_unwritable(table: FeatureTable, names: Sequence[str], places: Sequence[Sequence[Any]]) -> None:
    """Find out before a workbook is begun what no cell can hold."""
    for column in table.columns:
        for row, value in enumerate([column.name, *column.values]):
            _refuse_text(value, row, column.name)
    for row, place in enumerate(places, start=1):
        for name, value in zip(names, place, strict=True):
            _refuse_text(value, row, name)


def _refuse_text(value: Any, row: int, name: str) -> None:  # noqa: ANN401 - a property of any type
    if not isinstance(value, str):
        return
    if len(value) > _LONGEST:
        why = f"a cell of a workbook holds {_LONGEST:,} letters, this has {len(value):,}"
        msg = f"feature {row}, {name}: {why}; choose csv or gpkg"
        raise InputError(msg)
    if bad := _ILLEGAL.search(value):
        msg = (
            f"feature {row}, {name}: a workbook cannot hold the control character {bad[0]!r}; remove it, or choose csv"
        )
        raise InputError(msg)


def _cell(sheet: Any, value: Any) -> Any:  # noqa: ANN401 - openpyxl ships no types
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - only for a workbook

    if isinstance(value, float):
        # openpyxl writes 16 digits, of which many numbers have 17
        cell = WriteOnlyCell(sheet, value=repr(value))
        cell.data_type = "n"
        return cell
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    # what begins with = is text as well, and what looks like a number stays as it is written
    cell.data_type, cell.number_format = "s", "@"
    return cell


def _without_dates(data: bytes) -> bytes:
    """The same workbook with the dates of writing set to one that means none."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            target.writestr(entry, _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z", source.read(name)))
    return made.getvalue()
