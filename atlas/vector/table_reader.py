"""CSV and XLSX with a place in columns: texts stay as they are written, so that codes keep their zeros."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from atlas.errors import InputError
from atlas.geojson.encoding import unicode_encoding
from atlas.vector.chosen_source import chosen
from atlas.vector.delimited_text import Quoted, rows_of
from atlas.vector.file_format import FileFormat
from atlas.vector.layer import FileFault, VectorLayer
from atlas.vector.place_columns import coordinate_pairs, names_a_place
from atlas.vector.table_cells import cell_value, typed
from atlas.vector.table_columns import shapes_of_columns
from atlas.vector.table_faults import blank_rows, cells_beyond, names_twice
from atlas.vector.workbook_faults import (
    SheetLook,
    days_for_dates,
    sheet_faults,
    sheet_looks,
    with_shown_zeros,
    without_errors,
)

if TYPE_CHECKING:
    from atlas.vector.chosen_source import Source

_HASHTAG = re.compile(r"#[A-Za-z]")
_MOST_COLUMNS = 2_000
_MOST_BYTES = 1_000_000_000
# whatever openpyxl stumbles over in a damaged workbook
_UNREADABLE = (
    OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, zipfile.BadZipFile, ParseError,
    AssertionError, SyntaxError, RuntimeError, zlib.error, EOFError,
)  # fmt: skip
_TITLES = 30
_NEEDED = "lat and lon (or latitud and longitud), x and y, or wkt"


def read_table_file(source: Source, *, encoding: str | None, every: bool) -> list[VectorLayer]:
    """The rows of a table, or of each sheet of a workbook that has a place.

    Raises
    ------
    InputError
        It cannot be read, or no columns hold a place.
    """
    if source.form is FileFormat.CSV:
        text, faults, name = _decoded(source.named, _bytes_of(source), encoding)
        layer = _placed(source, None, rows_of(text), faults)
        if layer is None:
            raise InputError(_without_place(source, rows_of(text)))
        layer.encoding = name
        return [layer]
    return _workbook(source, every=every)


def read_plain_table(path: Path) -> dict[str, list[Any]]:
    """The columns of a table that needs no place, each cell as it is written; blank rows are left out.

    Raises
    ------
    InputError
        It cannot be read, has no rows, or is a workbook of several sheets.
    """
    source = _plain_source(path)
    if source.form is FileFormat.CSV:
        text, faults, _name = _decoded(path, _bytes_of(source), None)
        if faults:
            msg = f"{path}: {faults[0].message} Save it as UTF-8, as `iconv -f cp1252 -t utf-8 {path.name}` does"
            raise InputError(msg)
        rows: Sequence[Sequence[Any]] = rows_of(text)
    else:
        sheets = {name: rows for name, rows in _sheets(source)[0].items() if rows}
        if len(sheets) > 1:
            msg = f"{path} has the sheets {', '.join(sheets)}; save the one that is meant as a CSV file"
            raise InputError(msg)
        rows = next(iter(sheets.values()), [])
    filled = [row for row in rows if any(not _blank(cell) for cell in row)]
    if len(filled) < 2:  # noqa: PLR2004 - the head and a row
        msg = f"{path} has no row below its head; give a table with the names of its columns in the first row"
        raise InputError(msg)
    body = [row for row in filled[1:] if not all(_blank(cell) or _HASHTAG.match(str(cell)) for cell in row)]
    names = _names(filled[0])
    return {
        name: [_as_text(cell_value(row[n])) if n < len(row) else None for row in body] for n, name in enumerate(names)
    }


def _plain_source(path: Path) -> Source:
    from atlas.vector.chosen_source import Source  # noqa: PLC0415 - elsewhere only its type is needed

    forms = {".csv": FileFormat.CSV, ".tsv": FileFormat.CSV, ".txt": FileFormat.CSV, ".xlsx": FileFormat.XLSX}
    form = forms.get(path.suffix.lower())
    if form is None:
        msg = f"{path} is no table that can be joined; give a .csv, .tsv or .xlsx file"
        raise InputError(msg)
    return Source(named=path, path=path, form=form, layer=None)


def _as_text(cell: object) -> Any:  # noqa: ANN401 - a text, a number of a workbook, or nothing
    return str(cell) if isinstance(cell, str) else cell


def _without_place(source: Source, rows: Sequence[Sequence[Any]]) -> str:
    pairs = coordinate_pairs(_names(rows[0])) if rows and not all(map(_blank, rows[0])) else []
    if len(pairs) > 1:
        listed = "; ".join(f"{lon}, {lat}" for lon, lat in pairs[:6])
        return (
            f"{source.named} has several pairs of columns for a place ({listed}); name the pair that counts lon and lat"
        )
    head = ", ".join(repr(str(cell)[:30]) for cell in rows[0][:12]) if rows else "none"
    return f"{source.named} has no columns for a place; name them {_NEEDED}. Its columns: {head}"


def _bytes_of(source: Source) -> bytes:
    try:
        if source.path.stat().st_size <= _MOST_BYTES:
            return source.path.read_bytes()
        why = f"has more than {_MOST_BYTES / 1e9:g} GB; divide it into parts"
    except OSError as error:
        why = f"cannot be read ({error.strerror}); give a file that you may read"
    msg = f"{source.named} {why}"
    raise InputError(msg)


def _decoded(named: Path, data: bytes, encoding: str | None) -> tuple[str, list[FileFault], str]:
    shown = unicode_encoding(data)
    body = data[shown.mark_bytes :]
    if encoding is None:
        try:
            return body.decode(shown.name), [], shown.title
        except UnicodeDecodeError as error:
            if shown.is_wide:
                msg = f"{named} begins like {shown.title} but is not; save it again as UTF-8"
                raise InputError(msg) from error
            meant = body[max(0, error.start - 10) : error.start + 10].decode("cp1252", "replace")
            what = f"Texts are not UTF-8; in Windows-1252 one would be “{' '.join(meant.split())}”"
            message = f"{what}. Say what it is by --encoding, mostly --encoding cp1252, and look at the accents."
            return body.decode("cp1252", "replace"), [FileFault("file-encoding", message, what=what)], "cp1252"
    try:
        return body.decode(encoding), [], encoding
    except (UnicodeError, LookupError) as error:
        msg = f"{named} is not {encoding} ({error}); try another --encoding"
        raise InputError(msg) from error


def _workbook(source: Source, *, every: bool) -> list[VectorLayer]:
    sheets, looks = _sheets(source)
    layers: dict[str, VectorLayer | None] = {
        name: _placed(source, name if len(sheets) > 1 else None, rows, [], looks.get(name, SheetLook()))
        for name, rows in sheets.items()
    }
    if source.layer is None and all(layer is None for layer in layers.values()):
        raise InputError(_without_place(source, next(iter(sheets.values()), [])))
    names = chosen(source, {name: layer is not None for name, layer in layers.items()}, every=every)
    read = [layers[name] for name in names]
    if source.layer is not None and read == [None]:
        raise InputError(_without_place(source, sheets[source.layer]))
    layers_read = [layer for layer in read if layer is not None]
    tables = [name for name, rows in sheets.items() if layers[name] is None and len(rows) > 1]
    if tables and source.layer is None:
        message = f"Sheets without columns for a place are not read: {', '.join(tables[:8])}."
        layers_read[0].faults.append(FileFault("layer-table", message))
    return layers_read


def _sheets(source: Source) -> tuple[dict[str, list[list[Any]]], Mapping[str, SheetLook]]:
    """The cells of each sheet as it shows them, and what is to be said of it."""
    import openpyxl  # noqa: PLC0415 - only for a workbook

    try:
        # as a stream: of a path openpyxl looks at the ending, which says nothing
        with warnings.catch_warnings(action="ignore"), source.path.open("rb") as stream:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            sheets: dict[str, list[list[Any]]] = {}
            for sheet in book.worksheets:
                # a sheet may claim any size
                sheet.reset_dimensions()
                sheets[sheet.title] = [list(row[:_MOST_COLUMNS]) for row in sheet.iter_rows(values_only=True)]
            book.close()
    except _UNREADABLE as error:
        why = " ".join(str(error).split())[:120]
        msg = f"{source.named} cannot be read as a workbook ({why}); save it again as .xlsx"
        raise InputError(msg) from error
    looks = sheet_looks(source.path)
    for name, look in looks.items():
        with_shown_zeros(sheets.get(name, ()), look)
    return sheets, looks


def _placed(
    source: Source,
    name: str | None,
    rows: Sequence[Sequence[Any]],
    faults: list[FileFault],
    look: SheetLook | None = None,
) -> VectorLayer | None:
    """The rows below the first that is not blank, with their shapes; nothing where no columns hold a place.

    Where they are of a sheet (``look``), cells have types of their own.
    """
    start = _head(rows)
    if start is None:
        return None
    names = _names(rows[start])
    faults += names_twice(rows[start])
    numbered = list(enumerate(rows[start + 1 :], start=start + 2))
    body = [(number, row) for number, row in numbered if any(not _blank(cell) for cell in row)]
    # a line without a cell is none; one of commas, or of a sheet, may once have been a row
    faults += blank_rows([number for number, row in numbered if len(row) > 1 and all(map(_blank, row))])
    if body and all(_blank(cell) or _HASHTAG.match(str(cell)) for cell in body[0][1]):
        message = "The row below the head has HXL's hashtags; it is left out, as most programs take it for data."
        faults.append(FileFault("row-hashtags", message, row=body[0][0], before="hashtags", after="left out"))
        body = body[1:]
    faults += cells_beyond(body, len(names), _blank)
    cells = {
        column: [cell_value(row[n]) if n < len(row) else None for _, row in body] for n, column in enumerate(names)
    }
    placed = shapes_of_columns(cells)
    if placed is None:
        return None
    lines = [number for number, _ in body]
    faults += [one if one.row is None else replace(one, row=lines[one.row - 1]) for one in placed.faults]
    quotes = any(isinstance(cell, Quoted) for _, row in body for cell in row)
    columns: dict[str, Sequence[Any]] = {
        key: typed(key, values, quotes=quotes) if look is None else list(values)
        for key, values in placed.columns.items()
    }
    if look is not None:
        faults += sheet_faults(look, names, start + 1) + without_errors(columns, lines) + days_for_dates(columns, lines)
    return VectorLayer(
        source.named,
        source.form,
        name,
        placed.crs,
        placed.geometries,
        columns,
        faults=faults,
        first_row=start + 2,
        rows=lines,
    )


def _head(rows: Sequence[Sequence[Any]]) -> int | None:
    """Where the names of the columns stand; a title, and what was counted when, may stand above them."""
    filled = [n for n, row in enumerate(rows[:_TITLES]) if any(not _blank(cell) for cell in row)]
    return next((n for n in filled if names_a_place(_names(rows[n]))), filled[0] if filled else None)


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _names(head: Sequence[Any]) -> list[str]:
    """Names of the columns: blank ones by their number, one that stands twice with one."""
    names: dict[str, None] = {}
    last = max(n for n, cell in enumerate(head) if not _blank(cell))
    for number, cell in enumerate(head[: last + 1], start=1):
        name = str(cell).strip() if not _blank(cell) else f"column_{number}"
        while name in names:
            name = f"{name}_{number}"
        names[name] = None
    return list(names)
