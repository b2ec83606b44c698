"""Tables in text, read for all rows at once: where every cell begins and ends, and a text only where it is asked for.

What the marks between cells mean is that of Python's ``csv`` reader: a block whose quotes stand elsewhere than around
whole cells, or that has bytes which the reader takes in its own way, is left to that reader.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Row = Sequence[str | None]
_Letters = NDArray[np.uint8]
_Integers = NDArray[np.int64]
_Flags = NDArray[np.bool_]

_MARKS = ",;\t"
_QUOTE, _NEWLINE, _RETURN, _HASH = b'"\n\r#'
_APART = b"\0"


@dataclass(frozen=True)
class Table:
    """A table: rows as wide as the names by the bytes of their cells, and the others as texts.

    Attributes
    ----------
    starts, ends
        Where the cells of the even rows begin and end in the data; a row of these a row.
    numbers
        The numbers of the even rows among all, from nothing on.
    uneven
        The other rows, by number.
    has_doubled
        Whether quotes within cells are written twice.
    """

    names: Sequence[str]
    data: bytes
    starts: _Integers
    ends: _Integers
    numbers: _Integers
    uneven: Mapping[int, Row]
    has_doubled: bool = False

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.numbers) + len(self.uneven)

    @cached_property
    def _place(self) -> Mapping[int, int]:
        return {number: at for at, number in enumerate(self.numbers.tolist())}

    def row(self, number: int) -> Row:
        """One row; what is empty is nothing."""
        if number in self.uneven:
            return self.uneven[number]
        at = self._place[number]
        cells = zip(self.starts[at].tolist(), self.ends[at].tolist(), strict=True)
        return [self._text(self.data[start:end]) or None for start, end in cells]

    def texts(self, column: int) -> list[str]:
        """The texts of a column, in the even rows."""
        if not len(self.numbers):
            return []
        spans = zip(self.starts[:, column].tolist(), self.ends[:, column].tolist(), strict=True)
        joined = _APART.join([self.data[start:end] for start, end in spans])
        return self._text(joined).split(_APART.decode())

    def lengths(self, column: int) -> _Integers:
        """How many bytes the cells of a column have, in the even rows."""
        return self.ends[:, column] - self.starts[:, column]

    def _text(self, data: bytes) -> str:
        text = data.decode("utf-8", "replace")
        return text.replace('""', '"') if self.has_doubled else text


def csv_table(text: str) -> Table:
    """The table that a text is; a second row of hashtags is HXL and left out.

    Raises
    ------
    csv.Error
        It can't be read as a table.
    """
    head = text[: text.find("\n") + 1]
    mark = max(_MARKS, key=head.count)
    return _at_once(text, mark) or _by_lines(text, mark)


def _at_once(text: str, mark: str) -> Table | None:
    data = text.encode("utf-8", "replace")
    if not data.endswith(b"\n"):
        data += b"\n"
    if _APART in data or data.count(b"\r") != data.count(b"\r\n") or data.startswith((b"\n", b"\r")):
        return None
    letters = np.frombuffer(data, dtype=np.uint8)
    is_end, is_mark = letters == _NEWLINE, letters == ord(mark)
    quoted = b'"' in data
    if quoted:
        inside = _within_quotes(letters, is_end | is_mark)
        if inside is None:
            return None
        is_end, is_mark = is_end & ~inside, is_mark & ~inside
    bounds = np.flatnonzero(is_end | is_mark)
    closes = is_end[bounds]
    starts, ends = np.concatenate([[0], bounds[:-1] + 1]), bounds.copy()
    ends[closes & (letters[bounds - 1] == _RETURN) & (bounds > starts)] -= 1
    last = np.flatnonzero(closes)
    first = np.concatenate([[0], last[:-1] + 1])
    widths = last - first + 1
    kept = np.flatnonzero((widths > 1) | (ends[first] > starts[first]))
    if quoted:
        opened = (letters[starts] == _QUOTE) & (ends > starts)
        starts, ends = starts + opened, ends - opened
    rows = _Rows(data, letters, starts, ends, first[kept], widths[kept], quoted and b'""' in data)
    return rows.table()


@dataclass(frozen=True)
class _Rows:
    """Cells of all rows one after the other, the first cell of each row, and how many it has."""

    data: bytes
    letters: _Letters
    starts: _Integers
    ends: _Integers
    first: _Integers
    widths: _Integers
    has_doubled: bool

    def table(self) -> Table:
        names = [name or "" for name in self._row(0)]
        first, widths = self.first[1:], self.widths[1:]
        even = widths == len(names)
        cells = first[even][:, None] + np.arange(len(names))
        starts, ends = self.starts[cells], self.ends[cells]
        tags = self._are_tags(starts, ends)
        is_row = np.ones(len(first), dtype=bool)
        is_row[np.flatnonzero(even)[tags]] = False
        uneven = {at: self._row(at + 1) for at in np.flatnonzero(~even).tolist()}
        is_row[[at for at, row in uneven.items() if _is_hxl(row)]] = False
        numbers = np.cumsum(is_row) - 1
        others = {int(numbers[at]): row for at, row in uneven.items() if is_row[at]}
        kept = ~tags
        return Table(names, self.data, starts[kept], ends[kept], numbers[even & is_row], others, self.has_doubled)

    def _row(self, number: int) -> Row:
        cells = range(int(self.first[number]), int(self.first[number] + self.widths[number]))
        texts = (self.data[self.starts[cell] : self.ends[cell]].decode("utf-8", "replace") for cell in cells)
        return [(text.replace('""', '"') if self.has_doubled else text) or None for text in texts]

    def _are_tags(self, starts: _Integers, ends: _Integers) -> _Flags:
        empty = ends <= starts
        tagged: _Flags = self.letters[starts] == _HASH
        return np.asarray((empty | tagged).all(axis=1) & ~empty.all(axis=1))


def _within_quotes(letters: _Letters, is_bound: _Flags) -> _Flags | None:
    """Which bytes stand within quotes; nothing, where quotes stand elsewhere than around whole cells."""
    at = np.flatnonzero(letters == _QUOTE)
    if len(at) % 2:
        return None
    opening, closing = at[::2], at[1::2]
    before, after = letters[np.maximum(opening - 1, 0)], np.minimum(closing + 1, len(letters) - 1)
    # a quote within a cell is written twice: it closes, and opens again
    again = np.zeros(len(opening), dtype=bool)
    again[1:] = opening[1:] == closing[:-1] + 1
    repeated = np.append(again[1:], False)
    begins = (opening == 0) | is_bound[np.maximum(opening - 1, 0)] & (before != _QUOTE)
    ends = is_bound[after] | (letters[after] == _RETURN)
    if not (begins | again).all() or not (ends | repeated).all():
        return None
    changes = np.zeros(len(letters), dtype=np.int8)
    changes[opening], changes[closing] = 1, -1
    return np.cumsum(changes, dtype=np.int8).astype(bool)


def _by_lines(text: str, mark: str) -> Table:
    """As ``csv`` reads it."""
    before = csv.field_size_limit(len(text) + 1)
    try:
        listed = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    finally:
        csv.field_size_limit(before)
    names = listed[0] if listed else []
    rows = [row for row in listed[1:] if row and not _is_hxl(row)]
    even = [number for number, row in enumerate(rows) if len(row) == len(names)]
    cells = [value.encode("utf-8", "replace") for number in even for value in rows[number]]
    if any(_APART in cell for cell in cells):
        even, cells = [], []
    ends = np.cumsum(np.fromiter(map(len, cells), dtype=np.int64, count=len(cells)), dtype=np.int64)
    shape = (len(even), len(names))
    starts = np.concatenate([[0], ends[:-1]]).astype(np.int64) if len(ends) else ends
    evens = set(even)
    uneven = {number: [value or None for value in row] for number, row in enumerate(rows) if number not in evens}
    return Table(
        names, b"".join(cells), starts.reshape(shape), ends.reshape(shape), np.array(even, dtype=np.int64), uneven
    )


def _is_hxl(row: Row) -> bool:
    if row[0] and not row[0].startswith("#"):
        return False
    return any(row) and all(not value or value.startswith("#") for value in row)
