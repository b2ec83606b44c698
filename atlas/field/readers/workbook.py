"""Workbooks (XLSX) as KoboToolbox, Survey123 and people write them: sheets as tables, dates and zeros as they are."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

from atlas.errors import InputError
from atlas.field.readers.archive import archive
from atlas.field.readers.cell_values import plain_number
from atlas.field.readers.input_source import Source

_MOST_CELLS = 30_000_000
_ZEROS = re.compile(r"0{2,20}\Z")
_CLOCK = re.compile(r"[hHsS]")


def sheets(source: Source) -> Iterator[Source]:
    """The sheets with something in them, each as a table of text in memory.

    Raises
    ------
    InputError
        The workbook is damaged, locked, or would unpack to far more than it says.
    """
    import openpyxl  # noqa: PLC0415 - only for this format

    with archive(source):
        # its list of parts is that of an honest archive
        pass
    try:
        with source.open_seekable() as stream:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                if data := _as_table(source, sheet):
                    yield Source.of_bytes(source, data, f"{sheet.title.replace('/', '_')}.csv")
            book.close()
    except InputError:
        raise
    except Exception as error:
        # the library fails in many ways on a damaged workbook
        msg = f"{source.name} is a workbook that cannot be read ({type(error).__name__}); save it again, or as CSV"
        raise InputError(msg) from error


def _as_table(source: Source, sheet: Any) -> bytes:  # noqa: ANN401 - the library has no types
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    count = begun = 0
    for row in sheet.iter_rows():
        words = [_words(cell) for cell in row]
        while words and not words[-1]:
            words.pop()
        count += len(words)
        if count > _MOST_CELLS:
            msg = f"{source.name} has more than {_MOST_CELLS:,} cells in a sheet; divide it"
            raise InputError(msg)
        if words or begun:
            begun = 1
            # a row without cells is a blank line, so that numbers of rows are those of the sheet
            table.writerow(words or [""])
    return text.getvalue().encode("utf-8", "surrogatepass") if begun else b""


def _words(cell: Any) -> str:  # noqa: ANN401 - as above
    """A cell as a person sees it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    form = str(cell.number_format or "")
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return _moment(value, form)
    if isinstance(value, int | float):
        number = plain_number(value)
        return number.zfill(len(form)) if _ZEROS.match(form) and number.isdecimal() else number
    return str(value)


def _moment(value: dt.datetime | dt.date | dt.time, form: str) -> str:
    if not isinstance(value, dt.datetime):
        return value.isoformat()
    if value.microsecond:
        # a day number has fifteen digits
        value = (value + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    # a day has no hour, unless the cell shows one
    return value.isoformat() if _CLOCK.search(form) or value.time() != dt.time() else value.date().isoformat()
