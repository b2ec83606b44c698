"""A sheet of a workbook, or a CSV file, as cells with their addresses; merged cells are known as such."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atlas.errors import InputError
from atlas.publishers.layout import Layout

_MOST_CELLS = 5_000_000
_MOST_BYTES = 1_000_000_000
_HEAD = 200
_SPACES = re.compile(r"\s+")
# soft hyphens, marks of direction and spaces without width, as they come along when a table is copied
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
# decimals of a degree that tell a place apart, or a sign of degrees
_POSITION = re.compile(r"[0-9][.,][0-9]{4}|[0-9] ?°")
_LONGEST = 60


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Cells by (row, column), counted from 1; what is blank is not in it.

    Attributes
    ----------
    merged
        Of each cell in a merged range, the top left one.
    bare_formulas
        Cells with a formula whose result was not saved.
    raised
        Of each cell a part of which stands above or below the line, that part: a mark, and no digit of a count.
    """

    file: str
    title: str | None
    cells: Mapping[tuple[int, int], Any]
    merged: Mapping[tuple[int, int], tuple[int, int]]
    bare_formulas: frozenset[tuple[int, int]]
    raised: Mapping[tuple[int, int], str]
    rows: int
    columns: int

    def where(self, row: int, column: int) -> str:
        """``boletin.xlsx, sheet 'Cuadro', cell C7``, or ``file.csv, row 7, column 3``."""
        if self.title is None:
            return f"{self.file}, row {row}, column {column}"
        return f"{self.file}, sheet {self.title!r}, cell {address(row, column)}"

    def cell(self, row: int, column: int, *, filled: bool = False) -> Any:  # noqa: ANN401 - whatever a workbook holds
        """What stands in a cell; with ``filled``, a merged one has what its range has."""
        at = self.merged.get((row, column), (row, column)) if filled else (row, column)
        return self.cells.get(at)

    def row_text(self, row: int) -> list[str]:
        """The texts of a row, as they are compared."""
        return [label(self.cell(row, column)) for column in range(1, self.columns + 1)]


def address(row: int, column: int) -> str:
    """``(7, 3)`` as ``C7``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def label(value: object) -> str:
    """A text as it is compared: composed, without case and with single spaces."""
    text = "" if value is None else str(value)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip().casefold()


def may_be_position(text: str) -> bool:
    """Whether a text has decimals of a degree, or a sign of degrees."""
    return _POSITION.search(text) is not None


def quoted(value: object) -> str:
    """What stands in a cell as a message repeats it: shortened, and not at all where it may be a position."""
    text = str(value)
    if may_be_position(text):
        return "what may be a position"
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def read_sheet(path: Path, layout: Layout) -> Sheet:
    """The sheet that a layout names, or a CSV file.

    Raises
    ------
    InputError
        The file cannot be read, or has no such sheet.
    """
    if not path.is_file():
        msg = f"{path} is no file; give the publisher's file, such as {layout.key}=boletin.xlsx"
        raise InputError(msg)
    if zipfile.is_zipfile(path):
        return _of_workbook(path, layout)
    return _of_text(path, layout)


def _of_text(path: Path, layout: Layout) -> Sheet:
    data = path.read_bytes()
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        msg = f"{path} is a workbook of Excel 97 (.xls), or has a password; open it and save it as .xlsx without one"
        raise InputError(msg)
    if data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        msg = f"{path} is a web page or XML, whatever its name; open it in a spreadsheet program and save it as .xlsx"
        raise InputError(msg)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        msg = f"{path} is neither a workbook nor UTF-8 text (row {row}, byte {error.start}); save it as CSV in UTF-8"
        raise InputError(msg) from error
    # titles above the header may hold commas of their own
    lines = text.split("\n", layout.header_row)
    mark = max(",;\t", key=lines[min(layout.header_row, len(lines)) - 1].count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        msg = f"{path} is no CSV that can be read ({error}); save it again as CSV in UTF-8"
        raise InputError(msg) from error
    cells = {
        (r, c): visible
        for r, row in enumerate(table, 1)
        for c, cell in enumerate(row, 1)
        if (visible := _INVISIBLE.sub("", cell)).strip()
    }
    return Sheet(path.name, None, cells, {}, frozenset(), {}, len(table), max(map(len, table), default=0))


def _of_workbook(path: Path, layout: Layout) -> Sheet:
    import openpyxl  # noqa: PLC0415 - only for a workbook

    with zipfile.ZipFile(path) as packed:
        size = sum(part.file_size for part in packed.infolist())
    if size > _MOST_BYTES:
        msg = f"{path} unpacks to {size / 1e6:,.0f} MB; save the sheet that is meant as a workbook of its own"
        raise InputError(msg)
    try:
        # by its content: the library refuses a workbook whose name ends otherwise
        with path.open("rb") as content:
            results = openpyxl.load_workbook(content, data_only=True)
            formulas = openpyxl.load_workbook(content, rich_text=True)
    except Exception as error:
        # the library fails in many ways on a damaged workbook
        msg = f"{path} is a workbook that cannot be read ({type(error).__name__}); save it again as .xlsx, or as CSV"
        raise InputError(msg) from error
    title = _title(path, layout, results.worksheets)
    sheet = _cells(path, title, results[title], formulas[title])
    _refuse_hidden(sheet, results[title], layout)
    return sheet


def _refuse_hidden(sheet: Sheet, results: Any, layout: Layout) -> None:  # noqa: ANN401 - openpyxl has no types
    """What a person who looks at the workbook does not see may be a draft or a total, and is not published unseen."""
    show = "show it if it counts (a filter may be set), or delete it"
    if results.sheet_state != "visible":
        msg = f"{sheet.file}: the sheet {sheet.title!r} is hidden; {show}"
        raise InputError(msg)
    rows = {row for row, held in results.row_dimensions.items() if held.hidden or held.height == 0}
    columns = {
        column
        for held in results.column_dimensions.values()
        if held.hidden or held.width == 0
        for column in range(held.min or 1, min(held.max or 1, sheet.columns) + 1)
    }
    for row, column in sorted(sheet.cells):
        if row >= layout.header_row and (row in rows or column in columns):
            part = f"row {row}" if row in rows else f"the column of {address(row, column)}"
            msg = f"{sheet.where(row, column)}: {part} is hidden; {show}"
            raise InputError(msg)


def _title(path: Path, layout: Layout, held: list[Any]) -> str:
    titles = [sheet.title for sheet in held]
    # a sheet that nobody sees is not what a publisher published
    shown = [sheet.title for sheet in held if sheet.sheet_state == "visible"]
    if layout.sheet is None and (len(shown) == 1 or len(titles) == 1):
        return str((shown or titles)[0])
    wanted = [title for title in titles if layout.sheet is not None and label(title) == label(layout.sheet)]
    if len(wanted) == 1:
        return str(wanted[0])
    sheets = ", ".join(repr(title) for title in titles)
    if layout.sheet is None:
        msg = f'{path.name} has the sheets {sheets}; say which one: sheet = "…"; {layout.remedy}'
    else:
        msg = f"{path.name} has no sheet {layout.sheet!r}; it has {sheets}. Set sheet: {layout.remedy}"
    raise InputError(msg)


def _cells(path: Path, title: str, results: Any, formulas: Any) -> Sheet:  # noqa: ANN401 - openpyxl has no types
    if results.max_row * results.max_column > _MOST_CELLS:
        msg = f"{path.name}, sheet {title!r} reaches over more than {_MOST_CELLS:,} cells; delete the empty rows"
        raise InputError(msg)
    cells = {}
    for row in results.iter_rows():
        for cell in row:
            value = _INVISIBLE.sub("", cell.value) if isinstance(cell.value, str) else cell.value
            if value is not None and str(value).strip():
                cells[cell.row, cell.column] = value
    bare = {
        (cell.row, cell.column)
        for row in formulas.iter_rows()
        for cell in row
        if cell.data_type == "f" and (cell.row, cell.column) not in cells
    }
    raised = {(cell.row, cell.column): part for row in formulas.iter_rows() for cell in row if (part := _raised(cell))}
    merged = {
        (row, column): (block.min_row, block.min_col)
        for block in results.merged_cells.ranges
        for row in range(block.min_row, block.max_row + 1)
        for column in range(block.min_col, block.max_col + 1)
    }
    return Sheet(path.name, title, cells, merged, frozenset(bare), raised, results.max_row, results.max_column)


def _raised(cell: Any) -> str:  # noqa: ANN401 - openpyxl has no types
    """What of a cell's text is written above or below the line."""
    if getattr(cell.font, "vertAlign", None) and isinstance(cell.value, str):
        return cell.value
    parts = cell.value if isinstance(cell.value, list) else []
    return "".join(part.text for part in parts if getattr(getattr(part, "font", None), "vertAlign", None))
