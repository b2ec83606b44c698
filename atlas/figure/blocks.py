"""What a sheet is made of: blocks that know their height before they are drawn, one below or beside another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from matplotlib.axes import Axes

from atlas.figure.paper import INK, Box, Canvas, line_height, text_width, wrapped, write

Sign = Callable[[Axes, Box], None]

SIGN_WIDTH = 8.0
SIGN_GAP = 1.6
ENTRY_GAP = 0.7


class Block(Protocol):
    """A part of a sheet."""

    def height(self, width: float) -> float:
        """Height in millimetres that the block needs at a width in millimetres."""
        ...

    def draw(self, canvas: Canvas, box: Box) -> None:
        """Draw into a box of at least that height, from its upper edge down."""
        ...


def _head_height(title: str, width: float, size: float) -> float:
    lines = len(wrapped(title, width, size, bold=True)) if title else 0
    return lines * line_height(size) + (0.6 if title else 0)


def _head(canvas: Canvas, box: Box, title: str, size: float) -> float:
    """A headline in bold at the upper edge of the box; returns how much of its height it took."""
    for number, line in enumerate(wrapped(title, box.width, size, bold=True) if title else ()):
        write(canvas.page, (box.left, box.top - (number + 0.8) * line_height(size)), line, size, bold=True)
    return _head_height(title, box.width, size)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Wrapped text."""

    text: str
    size: float
    bold: bool = False
    colour: str = INK
    after: float = 1.2

    def height(self, width: float) -> float:
        """All lines and the space after them."""
        return len(self._lines(width)) * line_height(self.size) + self.after

    def draw(self, canvas: Canvas, box: Box) -> None:
        """Line by line."""
        step = line_height(self.size)
        for number, line in enumerate(self._lines(box.width)):
            at = (box.left, box.top - (number + 0.8) * step)
            write(canvas.page, at, line, self.size, bold=self.bold, colour=self.colour)

    def _lines(self, width: float) -> list[str]:
        return wrapped(self.text, width, self.size, bold=self.bold)


@dataclass(frozen=True, slots=True)
class Entry:
    """A sign and what it means."""

    sign: Sign
    text: str


@dataclass(frozen=True, slots=True)
class Legend:
    """A headline and signs with their meaning, in as many columns as fit."""

    title: str
    entries: Sequence[Entry]
    size: float
    column: float = 52.0

    def height(self, width: float) -> float:
        """Headline, the tallest column, and a little space."""
        return (
            _head_height(self.title, width, self.size)
            + max((sum(self._heights(part, width)) for part in self._columns(width)), default=0)
            + 1.2
        )

    def draw(self, canvas: Canvas, box: Box) -> None:
        """Headline, then column by column."""
        step = line_height(self.size)
        top = box.top
        top -= _head(canvas, box, self.title, self.size)
        columns = self._columns(box.width)
        for number, part in enumerate(columns):
            left = box.left + number * box.width / len(columns)
            upper = top
            for entry, height in zip(part, self._heights(part, box.width), strict=True):
                entry.sign(canvas.page, Box(left, upper - step, SIGN_WIDTH, step))
                for row, line in enumerate(self._lines(entry, box.width)):
                    at = (left + SIGN_WIDTH + SIGN_GAP, upper - (row + 0.78) * step)
                    write(canvas.page, at, line, self.size)
                upper -= height

    def _columns(self, width: float) -> list[Sequence[Entry]]:
        count = self._count(width)
        share = -(-len(self.entries) // count) if self.entries else 1
        return [self.entries[start : start + share] for start in range(0, len(self.entries), share)]

    def _count(self, width: float) -> int:
        return max(1, min(len(self.entries), int(width // self.column)))

    def _lines(self, entry: Entry, width: float) -> list[str]:
        columns = max(1, len(self._columns(width)))
        return wrapped(entry.text, width / columns - SIGN_WIDTH - SIGN_GAP - 1.5, self.size)

    def _heights(self, part: Sequence[Entry], width: float) -> list[float]:
        return [len(self._lines(entry, width)) * line_height(self.size) + ENTRY_GAP for entry in part]


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of text: narrow cells as wide as they must be, the last one wrapped; those in ``right`` end flush."""

    title: str
    rows: Sequence[Sequence[str]]
    size: float
    right: frozenset[int] = frozenset()
    column: float = 75.0
    gap: float = 1.8

    def height(self, width: float) -> float:
        """Headline, the tallest column, and a little space."""
        tallest = max((sum(self._heights(part, width)) for part in self._columns(width)), default=0)
        return _head_height(self.title, width, self.size) + tallest + 1.5

    def draw(self, canvas: Canvas, box: Box) -> None:
        """Headline, then column by column."""
        top = box.top
        top -= _head(canvas, box, self.title, self.size)
        columns = self._columns(box.width)
        for number, part in enumerate(columns):
            upper = top
            for row, height in zip(part, self._heights(part, box.width), strict=True):
                self._row(canvas.page, row, (box.left + number * box.width / self._count(box.width), upper), box.width)
                upper -= height

    def _row(self, page: Axes, row: Sequence[str], at: tuple[float, float], width: float) -> None:
        step = line_height(self.size)
        left, top = at
        for index, (cell, wide) in enumerate(zip(row[:-1], self._widths(), strict=True)):
            flush = index in self.right
            place = (left + wide if flush else left, top - 0.8 * step)
            write(page, place, cell, self.size, align="right" if flush else "left")
            left += wide + self.gap
        for number, line in enumerate(self._last(row, width)):
            write(page, (left, top - (number + 0.8) * step), line, self.size)

    def _widths(self) -> list[float]:
        cells = zip(*(row[:-1] for row in self.rows), strict=True)
        return [max(text_width(cell, self.size) for cell in column) for column in cells]

    def _last(self, row: Sequence[str], width: float) -> list[str]:
        taken = sum(wide + self.gap for wide in self._widths())
        return wrapped(row[-1], width / self._count(width) - taken - 1.5, self.size)

    def _columns(self, width: float) -> list[Sequence[Sequence[str]]]:
        """Rows shared out so that the columns are about equally tall."""
        count = self._count(width)
        heights = [len(self._last(row, width)) for row in self.rows]
        share, filled = sum(heights) / count, 0.0
        columns: list[list[Sequence[str]]] = [[]]
        for row, height in zip(self.rows, heights, strict=True):
            if columns[-1] and filled + height / 2 > share * len(columns) and len(columns) < count:
                columns.append([])
            columns[-1].append(row)
            filled += height
        return list[Sequence[Sequence[str]]](columns)

    def _count(self, width: float) -> int:
        return max(1, min(len(self.rows), int(width // self.column)))

    def _heights(self, part: Sequence[Sequence[str]], width: float) -> list[float]:
        return [len(self._last(row, width)) * line_height(self.size) + 0.25 for row in part]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: ``tall`` gives its height at a width, ``paint`` draws it into a box, both in millimetres."""

    tall: Callable[[float], float]
    paint: Callable[[Canvas, Box], None]
    after: float = 2.0

    def height(self, width: float) -> float:
        """The picture and the space after it."""
        return self.tall(width) + self.after

    def draw(self, canvas: Canvas, box: Box) -> None:
        """The picture at the upper edge of the box."""
        tall = self.tall(box.width)
        self.paint(canvas, Box(box.left, box.top - tall, box.width, tall))


@dataclass(frozen=True, slots=True)
class Stack:
    """Blocks one below another."""

    blocks: Sequence[Block]

    def height(self, width: float) -> float:
        """All of them."""
        return sum(block.height(width) for block in self.blocks)

    def draw(self, canvas: Canvas, box: Box) -> None:
        """From the top."""
        top = box.top
        for block in self.blocks:
            tall = block.height(box.width)
            block.draw(canvas, Box(box.left, top - tall, box.width, tall))
            top -= tall


@dataclass(frozen=True, slots=True)
class Beside:
    """A picture with a column of text to its right; on a narrow sheet the column goes below."""

    picture: Block
    column: Block
    column_width: float = 50.0
    least: float = 130.0
    gap: float = 4.0

    def height(self, width: float) -> float:
        """The taller of the two, or both."""
        if width < self.least:
            return self.picture.height(width) + self.column.height(width)
        return max(self.picture.height(width - self.column_width - self.gap), self.column.height(self.column_width))

    def draw(self, canvas: Canvas, box: Box) -> None:
        """Side by side, or one below the other."""
        if box.width < self.least:
            Stack((self.picture, self.column)).draw(canvas, box)
            return
        left = box.width - self.column_width - self.gap
        self.picture.draw(canvas, Box(box.left, box.bottom, left, box.height))
        self.column.draw(canvas, Box(box.right - self.column_width, box.bottom, self.column_width, box.height))


@dataclass(frozen=True, slots=True)
class Row:
    """Blocks side by side in equal shares; on a narrow sheet one below another."""

    blocks: Sequence[Block]
    least: float = 110.0
    gap: float = 3.0

    def height(self, width: float) -> float:
        """The tallest of them, or all."""
        if width < self.least:
            return Stack(self.blocks).height(width)
        return max(block.height(self._share(width)) for block in self.blocks)

    def draw(self, canvas: Canvas, box: Box) -> None:
        """From the left, or from the top."""
        if box.width < self.least:
            Stack(self.blocks).draw(canvas, box)
            return
        share = self._share(box.width)
        for number, block in enumerate(self.blocks):
            block.draw(canvas, Box(box.left + number * (share + self.gap), box.bottom, share, box.height))

    def _share(self, width: float) -> float:
        return (width - self.gap * (len(self.blocks) - 1)) / len(self.blocks)
