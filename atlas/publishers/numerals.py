"""Numbers as publishers print them: thousands separators, footnote marks, words for nothing and for unknown."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from atlas.errors import InputError
from atlas.publishers.layout import Layout
from atlas.publishers.sheet import Sheet, label, may_be_position, quoted

# non-breaking and thin spaces stand for any space
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f ]")
_DIGITS = re.compile(r"[0-9]{1,12}\Z")
_MOST = 10**12
_SEPARATORS = (",", ".", " ", "'")
# in a group of three digits no number begins with a nought
_GROUPS = "[1-9][0-9]{{0,2}}(?:{}[0-9]{{3}})+"
_NUMBER = re.compile(r"[-\u2212+]?[0-9][0-9., ']*\Z")
# counts that are kept back below a number, or given as a range
_BOUND = re.compile(
    r"(?:[<>\u2264\u2265\u2248~]|(?:menos|m[aá]s|less|more|fewer) (?:de|than)|hasta|up to) ?[0-9]"
    r"|[0-9]{1,12} ?(?:[-\u2013\u2212]|a|to|o|or|y|and) ?(?:[0-9]|menos|m[aá]s|less|more|fewer)",
    re.IGNORECASE,
)
_WHOLE = "expected a whole number of at least 0"
_CORRECT = "correct the cell in a copy of the file, or leave it blank, as a gap"
_FIRST_YEAR = 1900
_MARK = r"(?:[0-9]{1,2}/|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]{1,2}|\*{1,3}|[a-z]/)"


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
        what = f"{quoted(value)} has a raised {raised!r}, which is no part of the count"
        _refuse(sheet, at, what, f"write it as a mark, such as {str(value).removesuffix(raised)} {raised}/")
    if isinstance(value, bool | dt.date | dt.time):
        _refuse(sheet, at, f"{value!s}, expected a count", f"check whether columns were moved: {layout.remedy}")
    if isinstance(value, int | float):
        if not 0 <= value < _MOST or value != int(value):
            shown = quoted(value) if may_be_position(str(value)) else value
            _refuse(sheet, at, f"{shown}, {_WHOLE}", _CORRECT)
        return int(value), None
    return _of_words(sheet, at, str(value).strip(), layout)


def _of_words(sheet: Sheet, at: tuple[int, int], words: str, layout: Layout) -> tuple[int | None, str | None]:
    values = layout.values
    missing = {label(word) for word in values.get("missing", ("n.d.", "n.a.", "ND", "NA", "…", "..."))}
    zeros = {label(word) for word in values.get("zero", ("-", "–"))}
    if label(words) in missing:
        return None, None
    if label(words) in zeros:
        return 0, None
    text, mark = split_mark(words, layout)
    if label(text) in zeros:
        return 0, mark
    if mark and text[-1:].isdecimal() and words[len(text)].isdecimal():
        what = f"{quoted(words)} does not say where the count ends and the mark begins"
        _refuse(sheet, at, what, "put a space between")
    text = _plain_spaces(text)
    separator = _plain_spaces(values.get("thousands", ","))
    whole = _without_noughts(text, separator)
    if _DIGITS.match(whole):
        return int(whole), mark
    if re.fullmatch(_GROUPS.format(re.escape(separator)), whole):
        return int(whole.replace(separator, "")), mark
    if any(re.fullmatch(_GROUPS.format(re.escape(one)), text) for one in _SEPARATORS):
        what = f"{quoted(words)}, where {separator!r} divides thousands"
        _refuse(sheet, at, what, f"set [values] thousands: {layout.remedy}")
    if _NUMBER.match(text):
        _refuse(sheet, at, f"{quoted(words)}, {_WHOLE}", _CORRECT)
    if may_be_position(text):
        _refuse(sheet, at, f"{quoted(words)}, expected a count", f"check whether columns were moved: {layout.remedy}")
    what, remedy = _meant(text)
    _refuse(sheet, at, f"{quoted(words)}, {what}", f"{remedy}: {layout.remedy}")
    raise AssertionError


def _meant(text: str) -> tuple[str, str]:
    """What a text that is no count may be, and what to do: no remedy makes a nought of what is none."""
    if _BOUND.match(text):
        return "a bound and no count", "list it in [values] missing, as a gap; it is no zero"
    if text.endswith("%"):
        return "a share and no count", "put the name of its column into ignore"
    if text.startswith("#"):
        return "an error of a spreadsheet program", "mend its formula in the workbook, or leave the cell blank"
    if any(letter.isdecimal() for letter in text):
        return "expected a count", f"{_CORRECT}; if its end is a footnote mark, say so in [footnotes] marks"
    return "expected a count", "list it in [values] zero or missing, or see whether columns were moved"


def _plain_spaces(text: str) -> str:
    return _SPACES.sub(" ", text).replace("\u2019", "'")


def _without_noughts(text: str, separator: str) -> str:
    """``7.0`` and ``1,234.00``, as programs write a whole number, without the noughts behind the decimal mark."""
    for mark in {".", ","} - {separator}:
        for noughts in ("0", "00"):
            if text.endswith(f"{mark}{noughts}"):
                return text.removesuffix(f"{mark}{noughts}")
    return text


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
    form = layout.period.get("date_format", "%Y-%m-%d")
    if value is None:
        _refuse(sheet, at, "the date is missing", "fill it in, or take the row out")
    try:
        date = value if isinstance(value, dt.date) else dt.datetime.strptime(str(value).strip(), form)  # noqa: DTZ007
    except ValueError:
        what = f"{quoted(value)}, expected a date like {form}"
        _refuse(sheet, at, what, f"set [period] date_format: {layout.remedy}")
        raise
    if date.year < _FIRST_YEAR:
        _refuse(sheet, at, f"the year {date.year}", "correct the date in a copy of the file")
    return f"{date:%Y-%m}"


def _refuse(sheet: Sheet, at: tuple[int, int], what: str, remedy: str) -> None:
    msg = f"{sheet.where(*at)}: {what}; {remedy}"
    raise InputError(msg)
