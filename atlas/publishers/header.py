"""Where the columns of a table stand: found by their names, whatever their order; a changed header is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from atlas.errors import InputError
from atlas.publishers.layout import Layout
from atlas.publishers.numerals import split_mark
from atlas.publishers.sheet import Sheet, address, label


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
            msg = f"{sheet.where(layout.header_row, columns[0])}: the column {name!r} stands twice ({both}); rename one"
            raise InputError(msg)
    known = {label(name) for name in (*wanted, *layout.ignore)}
    if layout.shape == "months_across":
        for column, text in texts.items():
            if text not in known:
                where = sheet.where(layout.header_row, column)
                msg = f"{where}: the column {text!r} is not declared; add it to [period] months or to ignore: "
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
    return {column: label(split_mark(str(cell), layout)[0]) for column, cell in cells.items() if cell is not None}


def _missing(sheet: Sheet, layout: Layout, missing: Sequence[str], texts: Mapping[int, str]) -> str:
    row = layout.header_row
    where = sheet.where(row, next(iter(texts), 1))
    wanted = {label(name) for name in _declared(layout)}
    for other in range(1, min(sheet.rows, 60) + 1):
        if other != row and wanted <= set(sheet.row_text(other)):
            return f"{where}: the header stands in row {other}, not {row}; set header_row = {other}: {layout.remedy}"
    there = ", ".join(repr(text) for text in texts.values() if text not in wanted) or "nothing else"
    names = ", ".join(map(repr, missing))
    return f"{where}: the header lacks {names} (row {row} has {there}); name the columns as they are: {layout.remedy}"
