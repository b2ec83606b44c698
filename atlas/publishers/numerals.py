"""Numbers as publishers print them: thousands separators, footnote marks, words for nothing and for unknown."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from atlas.errors import InputError
from atlas.publishers.layout import Layout
from atlas.publishers.sheet import Sheet

# non-breaking and thin spaces stand for any space
_SPACES = re.compile(r"[\u00a0\u2007\u2009\u202f ]")
_DIGITS = re.compile(r"[0-9]{1,12}\Z")
_MOST = 10**12
_SEPARATORS = (",", ".", " ", "'")
_MARK = r"(?:[0-9]{1,2}/|\*{1,3}|[a-z]/)"


def split_mark(text: str, layout: Layout) -> tuple[str, str | None]:
    """A text without the footnote marks at its end, and these: ``Tapachula 1/`` is ``Tapachula`` and ``1/``."""
    marks = layout.footnotes.get("marks", _MARK)
    try:
        match = re.search(rf"\s*((?:{marks})(?:\s*,?\s*(?:{marks}))*)\s*\Z", text)
    except re.error as error:
        msg = f"{layout.path}: [footnotes] marks is no regular expression ({error}); mend it, or leave it out"
        raise InputError(msg) from error
    return (text[: match.start()].strip(), match.group(1)) if match and match.start() else (text.strip(), None)


def whole_number(sheet: Sheet, at: tuple[int, int], layout: Layout) -> tuple[int | None, str | None]:
    """The count in a cell, None where nothing is known, and its footnote marks.

    Raises
    ------
    InputError
        The cell holds no whole number of at least 0, is merged with others, or is a formula without its result.
    """
    row, column = at
    if at in sheet.bare_formulas:
        _refuse(sheet, at, "a formula without its result", "open the workbook in a spreadsheet program and save it")
    if at in sheet.merged and (sheet.merged[at] != at or _is_wide(sheet, at)):
        if sheet.cell(row, column, filled=True) is None:
            return None, None
        _refuse(sheet, at, "merged with others, so that it is not said whose figure it is", "divide it")
    value = sheet.cell(row, column)
    if value is None:
        return None, None
    if at in sheet.raised:
        raised = sheet.raised[at]
        what = f"{str(value)!r} has a raised {raised!r}, which is no part of the count"
        _refuse(sheet, at, what, f"write it as a mark, such as {str(value).removesuffix(raised)} {raised}/")
    if isinstance(value, bool | dt.date | dt.time):
        _refuse(sheet, at, f"{value!s}, expected a count", layout.remedy)
    if isinstance(value, int | float):
        if not 0 <= value < _MOST or value != int(value):
            _refuse(sheet, at, f"{value}, expected a whole number of at least 0", layout.remedy)
        return int(value), None
    return _of_words(sheet, at, str(value).strip(), layout)


def _of_words(sheet: Sheet, at: tuple[int, int], words: str, layout: Layout) -> tuple[int | None, str | None]:
    values = layout.values
    if words in values.get("missing", ("n.d.", "n.a.", "ND", "NA", "…", "...")):
        return None, None
    if words in values.get("zero", ("-", "–")):
        return 0, None
    text, mark = split_mark(words, layout)
    if text in values.get("zero", ("-", "–")):
        return 0, mark
    if mark and text[-1:].isdigit() and words[len(text)].isdigit():
        _refuse(sheet, at, f"{words!r} does not say where the count ends and the mark begins", "put a space between")
    text = _SPACES.sub(" ", text)
    if _DIGITS.match(text):
        return int(text), mark
    separator = values.get("thousands", ",")
    if re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(separator)}[0-9]{{3}})+", text):
        return int(text.replace(separator, "")), mark
    if any(re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(one)}[0-9]{{3}})+", text) for one in _SEPARATORS):
        _refuse(
            sheet, at, f"{words!r}, where {separator!r} divides thousands", f"set [values] thousands: {layout.remedy}"
        )
    _refuse(sheet, at, f"{words!r}, expected a count", f"list it in [values] zero or missing: {layout.remedy}")
    raise AssertionError


def _is_wide(sheet: Sheet, at: tuple[int, int]) -> bool:
    row, column = at
    return any(sheet.merged.get(near) == at for near in ((row + 1, column), (row, column + 1)))


def month_of(sheet: Sheet, at: tuple[int, int], value: Any, layout: Layout) -> str:  # noqa: ANN401 - of a workbook
    """A date in a cell as ``2024-03``.

    Raises
    ------
    InputError
        It is no date in the declared form.
    """
    if isinstance(value, dt.date):
        return f"{value:%Y-%m}"
    form = layout.period.get("date_format", "%Y-%m-%d")
    try:
        return f"{dt.datetime.strptime(str(value).strip(), form):%Y-%m}"  # noqa: DTZ007 - a date, no instant
    except ValueError:
        _refuse(sheet, at, f"{str(value)!r}, expected a date like {form}", f"set [period] date_format: {layout.remedy}")
        raise


def _refuse(sheet: Sheet, at: tuple[int, int], what: str, remedy: str) -> None:
    msg = f"{sheet.where(*at)}: {what}; {remedy}"
    raise InputError(msg)
