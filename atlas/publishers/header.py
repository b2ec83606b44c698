"""Where the columns of a table stand: found by their names, whatever their order; a changed header is named."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence

from atlas.errors import InputError
from atlas.publishers.layout import Layout
from atlas.publishers.numerals import split_mark
from atlas.publishers.row_period import table_year
from atlas.publishers.sheet import Sheet, address, label, quoted
from atlas.publishers.unit_names import plain

# a number of such a table stands for a thousand or a million times as many
_IN_THOUSANDS = re.compile(
    r"\((?:en |in )?(?:miles|millones|millares|thousands|millions|000s?|mdp)\b"
    r"|\b(?:en|cifras en|datos en) (?:miles|millones|millares)\b|\b(?:miles|millones|millares) de\b"
    r"|\bin (?:thousands|millions)\b|\b(?:thousands|millions) of\b"
)

# in whatever way thousands, decimals and shares are written
_FIGURE = re.compile(r"[0-9][0-9.,' \u00a0\u2009\u202f\u2019]{0,20}%?")


def columns_of(sheet: Sheet, layout: Layout) -> Mapping[str, int]:
    """The number of each declared column, by its declared name.

    Raises
    ------
    InputError
        A declared column is missing or stands twice, or one is there that is not declared.
    """
    wanted = _declared(layout)
    texts = _header(sheet, layout)
    places = {name: [column for column, text in texts.items() if text == label(name)] for name in wanted}
    missing = [name for name, columns in places.items() if not columns]
    if missing:
        raise InputError(_missing(sheet, layout, missing, texts))
    for name, columns in places.items():
        if len(columns) > 1:
            both = " and ".join(address(layout.header_row, column) for column in columns)
            remedy = "rename one, or save the columns of each year as a file of its own"
            msg = f"{sheet.where(layout.header_row, columns[0])}: the column {name!r} stands twice ({both}); {remedy}"
            raise InputError(msg)
    known = {label(name) for name in (*wanted, *layout.ignore)}
    if layout.shape == "months_across":
        for column, text in texts.items():
            if text not in known:
                where = sheet.where(layout.header_row, column)
                msg = f"{where}: the column {quoted(text)} is not declared; add it to [period] months or to ignore: "
                raise InputError(msg + layout.remedy)
    return {name: columns[0] for name, columns in places.items()}


def column_if_there(sheet: Sheet, layout: Layout, name: str) -> int | None:
    """The number of a column that a file may have, None where it has none, or no name is given."""
    return next((column for column, text in _header(sheet, layout).items() if name and text == label(name)), None)


def _declared(layout: Layout) -> Sequence[str]:
    place, period, values, position = layout.place, layout.period, layout.values, layout.position
    names = [place.get("column"), place.get("state_column"), *period.get("months", {})]
    names += [period.get(key) for key in ("date_column", "year_column", "month_column")]
    names += [values.get("column"), layout.totals.get("column")]
    names += [position.get(key) for key in ("column", "lon_column", "lat_column")]
    return list(dict.fromkeys(name for name in names if name))


def _header(sheet: Sheet, layout: Layout) -> Mapping[int, str]:
    row = layout.header_row
    cells = {column: sheet.cell(row, column) for column in range(1, sheet.columns + 1)}
    # a name that is merged downwards into the row of the months counts in its first column
    for column, cell in list(cells.items()):
        top = sheet.merged.get((row, column))
        if cell is None and top is not None and top[1] == column:
            cells[column] = sheet.cell(*top)
    dates = {column: cell for column, cell in cells.items() if isinstance(cell, dt.date)}
    if layout.shape == "months_across" and dates:
        cells |= _months_of(sheet, layout, dates)
    return {column: label(split_mark(str(cell), layout)[0]) for column, cell in cells.items() if cell is not None}


def _months_of(sheet: Sheet, layout: Layout, dates: Mapping[int, dt.date]) -> dict[int, str]:
    """The declared names of columns whose header is a date, all of the year that the table is of."""
    year = table_year(sheet, layout)
    names = {month: name for name, month in layout.period["months"].items()}
    for column, date in dates.items():
        if date.year != year:
            where = sheet.where(layout.header_row, column)
            remedy = f"save the columns of each year as a file of its own, or set [period] year: {layout.remedy}"
            msg = f"{where}: a month of {date.year} in a table of {year}; {remedy}"
            raise InputError(msg)
    return {column: names.get(date.month, f"{date:%Y-%m}") for column, date in dates.items()}


def refuse_other_units(sheet: Sheet, layout: Layout) -> None:
    """Hold that nothing at or above the header says that the figures are in thousands or millions.

    Raises
    ------
    InputError
        A cell says so, and the layout does not say that the figures are whole all the same.
    """
    if layout.values.get("whole"):
        return
    for (row, column), cell in sorted(sheet.cells.items()):
        if row > layout.header_row:
            return
        if isinstance(cell, str) and _IN_THOUSANDS.search(plain(cell)):
            remedy = "write whole figures in a copy of the file, or, where they are, set [values] whole = true"
            what = f"{quoted(cell)} says that figures are not whole"
            msg = f"{sheet.where(row, column)}: {what}; {remedy}: {layout.remedy}"
            raise InputError(msg)


def refuse_unnamed_figures(sheet: Sheet, layout: Layout, rows: Iterable[int]) -> None:
    """Hold that no row of a place has a number in a column without a name: a column that was added counts for nothing.

    Raises
    ------
    InputError
        There is one; the message names its cell.
    """
    if layout.shape != "months_across":
        return
    named = _header(sheet, layout)
    unnamed = [column for column in range(1, sheet.columns + 1) if column not in named]
    for row in rows:
        for column in unnamed:
            value = sheet.cell(row, column)
            if isinstance(value, int | float) or (isinstance(value, str) and _FIGURE.fullmatch(value.strip())):
                remedy = f"name the column in row {layout.header_row}, or delete it"
                msg = f"{sheet.where(row, column)}: a figure in a column without a name; {remedy}"
                raise InputError(msg)


def _missing(sheet: Sheet, layout: Layout, missing: Sequence[str], texts: Mapping[int, str]) -> str:
    row = layout.header_row
    where = sheet.where(row, next(iter(texts), 1))
    wanted = {label(name) for name in _declared(layout)}
    for other in range(1, min(sheet.rows, 60) + 1):
        if other != row and wanted <= set(sheet.row_text(other)):
            return f"{where}: the header stands in row {other}, not {row}; set header_row = {other}: {layout.remedy}"
    there = ", ".join(quoted(text) for text in texts.values() if text not in wanted) or "nothing else"
    names = ", ".join(map(repr, missing))
    remedy = "name the columns as they are"
    if set(missing) <= set(layout.period.get("months", {})):
        remedy += ", or take months that the file does not have out of [period] months"
    return f"{where}: the header lacks {names} (row {row} has {there}); {remedy}: {layout.remedy}"
