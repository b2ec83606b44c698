"""Rows of a table of text, though a quotation mark may be left open: no line goes into another one's cell unnoticed.

A mark that opens a cell closes where the next one stands before a delimiter or the end of a line. In between may be
lines: a note of twenty lines is one cell. Where a mark was forgotten, the lines up to the next mark would be one cell
as well, and the rows in them lost. Therefore a row of several lines is looked at line by line. If its first line is a
row by itself, and others are rows by themselves, then

- the lines are rows and the first is put aside, where the mark is closed nowhere, or by one that opens another cell;
- nobody can know, and all of them are put aside with the reason, where the mark is closed as it should be.

The page has the same in JavaScript (``web/src/annotate/csv.js``); `tests/data/field/quotes.json` holds both to it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

LONGEST_CELL = 1_000_000
MOST_RAW = 20_000
_MARK = '"'
# from so many columns on it is no chance that each line has as many
_TELLING = 4

Judge = Callable[[Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class Unread:
    """Text of a table that cannot be taken for a row, and why."""

    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What the rows of a table are like.

    Attributes
    ----------
    width
        How many cells they have; 0 for the header itself.
    placed
        Whether cells say a place where the table has its position.
    whole
        Whether cells are of a row that was exported, and nothing is missing.
    """

    width: int = 0
    placed: Judge = lambda _cells: False
    whole: Judge = lambda _cells: False


class Cutter:
    """Cuts lines into cells."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self._closing = re.compile(rf'"(?!") *(?={re.escape(delimiter)}|[\r\n]|\Z)')

    def cut(self, line: str, at: int = 0) -> tuple[list[str], bool]:
        """The cells from some place of a line on, and whether the last one is still open at its end."""
        cells = list[str]()
        if _MARK not in line:
            return line[at:].rstrip("\r\n").split(self._delimiter), False
        end = len(line.rstrip("\r\n"))
        while True:
            text, behind = None, -1
            if line.startswith(_MARK, at):
                text, behind, _ = self.quoted(line, at + 1, first=True)
                if text is not None and behind < 0:
                    return [*cells, text], True
            if text is None:
                # a mark inside of a word, or one with more behind it: the cell stands as it is
                behind = line.find(self._delimiter, at, end)
                behind = end if behind < 0 else behind
                text = line[at:behind]
            cells.append(text)
            if behind >= end:
                return cells, False
            at = behind + 1

    def quoted(self, line: str, at: int, *, first: bool = False) -> tuple[str | None, int, bool]:
        """Text of an open cell, where it is closed (-1: nowhere), and whether all marks in it are doubled.

        On its first line a cell with a mark that is not doubled has to be closed as well, else it was never open.
        """
        pieces, plain = list[str](), True
        while True:
            mark = line.find(_MARK, at)
            if mark < 0:
                text = "".join([*pieces, line[at:]])
                return (None if first and not plain else text), -1, plain
            pieces.append(line[at:mark])
            if line.startswith(_MARK, mark + 1):
                pieces.append(_MARK)
                at = mark + 2
            elif closing := self._closing.match(line, mark):
                return "".join(pieces), closing.end(), plain
            else:
                pieces.append(_MARK)
                at, plain = mark + 1, False

    def alone(self, line: str) -> list[str]:
        """The cells of a line as if no mark were open."""
        cells, is_open = self.cut(line)
        return [*cells[:-1], *(_MARK + cells[-1].rstrip("\r\n")).split(self._delimiter)] if is_open else cells


class _Lines:
    """Lines with their numbers; some can be put back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._waiting: deque[str] = deque()
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        """Each line from where it is."""
        while (line := self._waiting.popleft() if self._waiting else next(self._lines, None)) is not None:
            self.number += 1
            yield line

    def put_back(self, lines: Sequence[str]) -> None:
        """Lines that come again."""
        self._waiting.extendleft(reversed(lines))
        self.number -= len(lines)


@dataclass(slots=True)
class _Run:
    """The lines of one row, and what their cells are so far: the last one is open."""

    begin: int
    lines: list[str]
    cells: list[str]
    plain: bool = True
    size: int = 0


class RowCutter:
    """Gives the rows of a table, one after the other.

    Parameters
    ----------
    lines
        Its lines, with their ends.
    delimiter
        What stands between two cells.
    expected
        What its rows are like.
    """

    def __init__(self, lines: Iterable[str], delimiter: str, expected: Expected) -> None:
        self._lines = _Lines(lines)
        self._cutter = Cutter(delimiter)
        self._expected = expected

    def __iter__(self) -> Iterator[list[str] | Unread]:
        """The cells of each row, or text that is none."""
        for line in self._lines:
            cells, is_open = self._cutter.cut(line)
            if is_open:
                yield from self._joined(_Run(self._lines.number, [line], cells))
            else:
                yield self._fitting(cells, line, self._lines.number)

    def _joined(self, run: _Run) -> Iterator[list[str] | Unread]:
        pieces = [run.cells.pop()]
        for line in self._lines:
            run.lines.append(line)
            run.size += len(line)
            text, behind, plain = self._cutter.quoted(line, 0)
            pieces.append(text or "")
            run.plain &= plain
            if behind >= 0:
                run.cells.append("".join(pieces))
                is_open = False
                if behind < len(line.rstrip("\r\n")):
                    more, is_open = self._cutter.cut(line, behind + 1)
                    run.cells += more
                if not is_open:
                    yield from self._judged(run)
                    return
                pieces = [run.cells.pop()]
            if run.size > LONGEST_CELL:
                yield from self._endless(run)
                return
        yield from self._again(run, "is never closed")

    def _judged(self, run: _Run) -> Iterator[list[str] | Unread]:
        """A row of several lines, if it is one."""
        if not self._swallows(run) or self._expected.whole(run.cells):
            yield self._fitting(run.cells, "".join(run.lines), run.begin)
        elif not run.plain:
            yield from self._again(run, f"is closed only in line {self._lines.number}, by one that opens a cell")
        else:
            why = (
                f"the quotation mark that opens in line {run.begin} is closed in line {self._lines.number}, and lines "
                "between look like rows; close it where its text ends, or begin each line of the text with a blank"
            )
            yield from (Unread(why, line.rstrip("\r\n")[:MOST_RAW]) for line in run.lines)

    def _again(self, run: _Run, why: str) -> Iterator[Unread]:
        """The first line is put aside, the others are looked at again."""
        self._lines.put_back(run.lines[1:])
        reason = (
            f"the quotation mark that opens in line {run.begin} {why}; close it where its text ends, or take it out"
        )
        yield Unread(reason, run.lines[0].rstrip("\r\n")[:MOST_RAW])

    def _endless(self, run: _Run) -> Iterator[Unread]:
        """A cell that is longer than one can be: left open, or very long."""
        if self._swallows(run):
            yield from self._again(run, f"is not closed within {LONGEST_CELL:,} characters")
            return
        end = self._lines.number
        for line in self._lines:
            end = self._lines.number
            if self._cutter.quoted(line, 0)[1] >= 0:
                break
        yield self._too_long(run.lines[0], f"lines {run.begin} to {end}")

    def _swallows(self, run: _Run) -> bool:
        """Whether lines of a row are rows by themselves."""
        first, *others = (self._cutter.alone(line) for line in run.lines)
        width = self._expected.width or len(first)
        if len(first) != width and not self._expected.placed(first):
            return False
        full = [
            len(cells) == width and not line[:1].isspace() for cells, line in zip(others, run.lines[1:], strict=True)
        ]
        if not self._expected.width:
            return width > 1 and any(full)
        if width >= _TELLING and all(full):
            return True
        return any(fits and self._expected.placed(cells) for fits, cells in zip(full, others, strict=True))

    def _fitting(self, cells: list[str], text: str, begin: int) -> list[str] | Unread:
        if len(text) > LONGEST_CELL and any(len(cell) > LONGEST_CELL for cell in cells):
            return self._too_long(text, f"line {begin}")
        return cells

    @staticmethod
    def _too_long(text: str, where: str) -> Unread:
        reason = (
            f"a cell in {where} has more than {LONGEST_CELL:,} characters: is a quotation mark left open? A large "
            "photo goes beside the table, with its name in the cell"
        )
        return Unread(reason, text.rstrip("\r\n")[:MOST_RAW])
