"""Sheets of text as an Excel workbook, the same bytes for the same sheets."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

Sheet = tuple[Sequence[str], Sequence[Mapping[str, str]]]

_NO_DATE = (1980, 1, 1, 0, 0, 0)
_EPOCH = dt.datetime(1980, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
_WRITTEN = re.compile(rb"(<dcterms:(?:created|modified)[^<>]*>)[^<]*")
_WIDEST = 60


def workbook(sheets: Mapping[str, Sheet]) -> bytes:
    """A workbook as bytes.

    Parameters
    ----------
    sheets
        By the name of each sheet, its columns and its rows of text; what begins with an equals sign stays text.
    """
    book = Workbook()
    book.remove(book.active)
    for title, (columns, rows) in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.append(list(columns))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", start_color="E8EEF2")
        for row in rows:
            sheet.append([None] * len(columns))
            for number, column in enumerate(columns, start=1):
                if row.get(column):
                    cell = sheet.cell(sheet.max_row, number, row[column])
                    cell.data_type = "s"
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
        for number, column in enumerate(columns, start=1):
            longest = max([len(column), *(len(row.get(column, "")) for row in rows)])
            sheet.column_dimensions[get_column_letter(number)].width = min(longest + 2, _WIDEST)
    return _undated(book)


def _undated(book: Workbook) -> bytes:
    """The workbook without the time of its making."""
    written, made = io.BytesIO(), io.BytesIO()
    book.properties.created = book.properties.modified = _EPOCH
    book.save(written)
    with zipfile.ZipFile(written) as packed, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as fresh:
        for name in packed.namelist():
            data = packed.read(name)
            if name == "docProps/core.xml":
                data = _WRITTEN.sub(rb"\g<1>1980-01-01T00:00:00Z", data)
            fresh.writestr(zipfile.ZipInfo(name, _NO_DATE), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()
