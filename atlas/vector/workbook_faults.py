"""What a workbook shows or hides that its cells do not say: formulas, merged and hidden cells, zeros of a format.

The sheets are looked at as the text that they are, since the reader that is quick with large ones passes over it.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from atlas.vector.layer import FileFault

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_PREFIX = rb"<(?:\w{1,20}:)?"
_MERGED = re.compile(_PREFIX + rb"mergeCell\s[^<>]*?\bref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\"")
_HIDDEN_ROW = re.compile(_PREFIX + rb"row\s(?=[^<>]*?\shidden=\"(?:1|true)\")[^<>]*?\br=\"(\d{1,7})\"")
_HIDDEN_COLUMNS = re.compile(_PREFIX + rb"col\s(?=[^<>]*?\bhidden=\"(?:1|true)\")([^<>]*+)>")
_FORMULA = re.compile(rb"(?:</(?:\w{1,20}:)?f>|" + _PREFIX + rb"f(?:\s[^<>]*+)?/>)")
_NO_VALUE = re.compile(_PREFIX + rb"v\s*+/>|" + _PREFIX + rb"v></(?:\w{1,20}:)?v>|</(?:\w{1,20}:)?c>")
_CELL = re.compile(rb"\br=\"([A-Z]{1,3})(\d{1,7})\"")
_STYLED = re.compile(_PREFIX + rb"c\s([^<>]*+)>" + _PREFIX + rb"v>(\d{1,15})</")
_STYLE = re.compile(rb"\bs=\"(\d{1,6})\"")
_ZEROS = re.compile(r"0{2,15}\Z")
_LONGEST_TAG, _LONGEST_CELL = 400, 10_000
_MOST_BYTES = 400_000_000
_MOST_HIDDEN = 16_384
_DATES = re.compile(r"(?i)(?:^|[_\W])(?:fecha|fec|date|day|dia|día)(?:$|[_\W])")
# from 1954 to 2064
_DAYS = range(20_000, 60_000)
_ERRORS = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#FIELD!"}
)  # fmt: skip


@dataclass(slots=True)
class SheetLook:
    """What is there to be said of a sheet.

    Attributes
    ----------
    formulas
        Cells with a formula and no value, by row and column, from 1.
    merged
        Cells that are merged, as the first and the last row and column.
    rows, columns
        Which are hidden.
    zeros
        The texts that cells show of numbers, by row and column.
    hidden
        Whether the whole sheet is hidden.
    """

    formulas: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    zeros: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: bool = False


def sheet_looks(path: Path) -> Mapping[str, SheetLook]:
    """What is there to be said of each sheet, by its name; nothing of a workbook that cannot be looked at so."""
    try:
        with zipfile.ZipFile(path) as archive:
            widths = _widths_of_zeros(archive)
            return {
                name: _look(archive, member, widths, hidden=hidden)
                for name, (member, hidden) in _members(archive).items()
            }
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile, ET.ParseError):
        # the reader of cells says what is wrong
        return {}


def with_shown_zeros(rows: Sequence[list[Any]], look: SheetLook) -> None:
    """Put in the place of numbers what cells show of them."""
    for (row, column), text in look.zeros.items():
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = text


def sheet_faults(look: SheetLook, names: Sequence[str], start: int) -> list[FileFault]:
    """What is said of a sheet whose columns have these names, and whose rows begin below row ``start``."""

    def named(column: int) -> str:
        return names[column - 1] if column <= len(names) else f"column {column}"

    faults = []
    if look.hidden:
        message = "The sheet is hidden and is read as any other: delete it if it is not meant for others."
        faults.append(FileFault("cells-hidden", message))
    formulas = [(row, column) for row, column in look.formulas if row > start]
    if formulas:
        row, column = formulas[0]
        has = "1 formula has" if len(formulas) == 1 else f"{len(formulas):,} formulas have"
        message = (
            f"{has} no value in the file, so that nothing is read: open the workbook in a program that works formulas "
            "out, and save it."
        )
        faults.append(FileFault("value-lost", message, row=row, field=named(column)))
    merged = [one for one in look.merged if one[1] > start and one[3] - one[1] + one[2] - one[0] > 0]
    if merged:
        first = merged[0]
        ranges = "1 range" if len(merged) == 1 else f"{len(merged):,} ranges"
        message = (
            f"Cells are merged ({ranges}): the first of each has the value, and the others are read as empty; unmerge "
            "them and fill each."
        )
        faults.append(FileFault("cells-merged", message, row=max(first[1], start + 1), field=named(first[0])))
    hidden = [named(one) for one in sorted(look.columns) if one <= len(names)]
    rows = sorted(row for row in look.rows if row > start)
    if hidden or rows:
        what = [f"columns ({', '.join(hidden[:8])}{' …' if len(hidden) > 8 else ''})"] if hidden else []  # noqa: PLR2004 - as many as a line holds
        what += ["1 row" if len(rows) == 1 else f"{len(rows):,} rows"] if rows else []
        message = f"Hidden {' and '.join(what)} are read as the others: delete what is not meant for others."
        faults.append(FileFault("cells-hidden", message, row=rows[0] if rows else None))
    columns = sorted({column for row, column in look.zeros if row > start})
    if columns:
        below = [one for one in look.zeros.items() if one[0][0] > start]
        (row, column), text = next((one for one in below if one[1].startswith("0")), below[0])
        message = f"Numbers that cells show with zeros in front are read so: {', '.join(map(named, columns))}."
        bare = text.lstrip("0") or "0"
        faults.append(FileFault("zeros-shown", message, row=row, field=named(column), before=bare, after=text))
    return faults


def days_for_dates(columns: Mapping[str, Sequence[Any]], rows: Sequence[int]) -> list[FileFault]:
    """Of columns of dates in which stand the numbers by which workbooks count days."""
    faults = []
    for name, values in columns.items():
        numbers = [value for value in values if value is not None]
        if not numbers or not _DATES.search(name) or any(type(one) is not int or one not in _DAYS for one in numbers):
            continue
        day = date(1899, 12, 30) + timedelta(days=numbers[0])
        message = (
            f"Numbers such as {numbers[0]} are read as numbers; if they count days, as workbooks do, it is "
            f"{day.isoformat()}: give the cells the format of a date."
        )
        faults.append(FileFault("date-serial", message, row=rows[values.index(numbers[0])], field=name))
    return faults


def without_errors(columns: dict[str, Sequence[Any]], rows: Sequence[int]) -> list[FileFault]:
    """Make null of what formulas give that went wrong, and say it; ``rows`` are the numbers of the rows."""
    faults = []
    for name, values in columns.items():
        odd = [n for n, value in enumerate(values) if isinstance(value, str) and value in _ERRORS]
        if not odd:
            continue
        times = "1 cell has" if len(odd) == 1 else f"{len(odd):,} cells have"
        message = f"{times} an error of a formula ({values[odd[0]]}) for a value: null is read."
        faults.append(
            FileFault("value-lost", message, row=rows[odd[0]], field=name, before=str(values[odd[0]]), after="null")
        )
        wrong = frozenset(odd)
        columns[name] = [None if n in wrong else value for n, value in enumerate(values)]
    return faults


def _members(archive: zipfile.ZipFile) -> dict[str, tuple[str, bool]]:
    """The file of each sheet in the archive, and whether the sheet is hidden."""
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - openpyxl reads it in the same way
    targets = {one.get("Id", ""): one.get("Target", "") for one in relations}
    members = {}
    for one in ET.fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314 - as above
        if one.tag in {f"{_MAIN}sheet", f"{_STRICT}sheet"}:
            key = next((value for name, value in one.attrib.items() if name.endswith("}id")), "")
            target = targets.get(key, "")
            place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            members[one.get("name", "")] = (place, one.get("state", "visible") != "visible")
    return members


def _widths_of_zeros(archive: zipfile.ZipFile) -> dict[bytes, int]:
    """How many digits a cell shows, by the number of its style, where its format is of zeros alone."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    root = ET.fromstring(archive.read("xl/styles.xml"))  # noqa: S314 - as above
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in root.iter() if one.tag.endswith("}numFmt")}
    widths = {key: len(code) for key, code in codes.items() if _ZEROS.match(code)}
    styles = next((one for one in root.iter() if one.tag.endswith("}cellXfs")), ())
    numbers = [one.get("numFmtId") for one in styles]
    return {str(n).encode(): widths[key] for n, key in enumerate(numbers) if key in widths}


def _look(archive: zipfile.ZipFile, member: str, widths: Mapping[bytes, int], *, hidden: bool) -> SheetLook:
    look = SheetLook(hidden=hidden)
    if member not in archive.namelist() or archive.getinfo(member).file_size > _MOST_BYTES:
        return look
    data = archive.read(member)
    look.merged = [(_column(a), int(b), _column(c), int(d)) for a, b, c, d in _MERGED.findall(data)]
    look.rows = {int(one) for one in _HIDDEN_ROW.findall(data)}
    for match in _HIDDEN_COLUMNS.finditer(data):
        first, last = (re.search(rb"\b" + word + rb"=\"(\d{1,5})\"", match[1]) for word in (b"min", b"max"))
        if first and last:
            look.columns |= set(range(int(first[1]), min(int(last[1]), _MOST_HIDDEN) + 1))
    for match in _FORMULA.finditer(data):
        # the tag of its cell stands shortly before
        least = max(0, match.start() - _LONGEST_CELL)
        at = data.rfind(b' r="', least, match.start())
        begin = data.rfind(b"<", least, at) if at >= 0 else match.start()
        tag = data[begin : begin + _LONGEST_TAG].partition(b">")[0]
        cell = _CELL.search(tag)
        if cell and b't="str"' not in tag and _NO_VALUE.match(data, match.end()):
            look.formulas.append((int(cell[2]), _column(cell[1])))
    for match in _STYLED.finditer(data) if widths else ():
        style, cell = _STYLE.search(match[1]), _CELL.search(match[1])
        if style and cell and style[1] in widths and b't="s"' not in match[1]:
            look.zeros[int(cell[2]), _column(cell[1])] = match[2].decode().zfill(widths[style[1]])
    # where no cell of a column gains a zero, as in one of years, its numbers stay numbers
    gained = {column for (_, column), text in look.zeros.items() if text.startswith("0") and text.strip("0")}
    look.zeros = {cell: text for cell, text in look.zeros.items() if cell[1] in gained}
    return look


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
