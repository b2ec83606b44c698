"""The month or the year that a row, or a whole table, is about."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from atlas.errors import InputError
from atlas.publishers.layout import Layout
from atlas.publishers.numerals import month_of, split_mark
from atlas.publishers.sheet import Sheet, quoted
from atlas.publishers.unit_names import plain

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_MONTHS = (
    ("enero", "january"), ("febrero", "february"), ("marzo", "march"), ("abril", "april"), ("mayo", "may"),
    ("junio", "june"), ("julio", "july"), ("agosto", "august"), ("septiembre", "september"), ("octubre", "october"),
    ("noviembre", "november"), ("diciembre", "december"),
)  # fmt: skip
_SHORTEST = 3


def row_month(sheet: Sheet, layout: Layout, columns: Mapping[str, int], number: int) -> str:
    """The month of a row, ``2024-03``, or its year where no month is declared.

    Raises
    ------
    InputError
        Its date, year or month is not as declared.
    """
    period = layout.period
    if "date_column" in period:
        at = (number, columns[period["date_column"]])
        return month_of(sheet, at, sheet.cell(*at, filled=True), layout)
    at = (number, columns[period["year_column"]])
    written = sheet.cell(*at, filled=True)
    years: set[str] = set(_YEAR.findall(str(written)))
    if len(years) != 1:
        msg = f"{sheet.where(*at)}: {quoted(written)} is no year; name the column that has it: {layout.remedy}"
        raise InputError(msg)
    year = years.pop()
    if "month_column" not in period:
        return year
    at = (number, columns[period["month_column"]])
    date = sheet.cell(*at, filled=True)
    if isinstance(date, dt.date) and str(date.year) != year:
        msg = f"{sheet.where(*at)}: a date of {date.year} in a row of {year}; correct one in a copy of the file"
        raise InputError(msg)
    return f"{year}-{_month_number(sheet, at, layout):02d}"


def _month_number(sheet: Sheet, at: tuple[int, int], layout: Layout) -> int:
    written = sheet.cell(*at, filled=True)
    if isinstance(written, dt.date):
        return written.month
    text = plain(split_mark(str(written or ""), layout)[0]).rstrip(".")
    if text.isdecimal() and 1 <= int(text) <= len(_MONTHS):
        return int(text)
    if len(text) >= _SHORTEST:
        for month, words in enumerate(_MONTHS, 1):
            if any(word.startswith(text) for word in words):
                return month
    msg = f"{sheet.where(*at)}: {quoted(text)} is no month; name the column that has it, or set [period] date_column"
    msg = f"{msg} and date_format: {layout.remedy}"
    raise InputError(msg)


def table_year(sheet: Sheet, layout: Layout) -> int:
    """The year of a table whose columns are months.

    Raises
    ------
    InputError
        The cell that is to name it names none, or several.
    """
    if "year" in layout.period:
        return int(layout.period["year"])
    where = str(layout.period["year_cell"])
    match = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", where)
    if match is None:
        msg = f"{layout.path}: [period] year_cell is {where!r}; give a cell such as A3"
        raise InputError(msg)
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - 64
    at = (int(match.group(2)), column)
    years = set(_YEAR.findall(str(sheet.cell(*at, filled=True) or "")))
    if len(years) != 1:
        text = quoted(sheet.cell(*at, filled=True) or "")
        msg = f"{sheet.where(*at)}: {text} names {len(years)} years, expected one; set [period] year: {layout.remedy}"
        raise InputError(msg)
    return int(years.pop())
