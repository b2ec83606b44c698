"""The sheet of paper: a figure measured in millimetres from its lower left corner, and text that is measured first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from atlas.cartography.label_texts import without_controls

INCH_MM = 25.4
POINT_MM = INCH_MM / 72
LINE = 1.28
FONT = "DejaVu Sans"
INK = "#1f1f1f"
QUIET = "#555555"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the sheet in millimetres: left, bottom, width, height."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Distance of the right edge from the left edge of the sheet in millimetres."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Distance of the upper edge from the lower edge of the sheet in millimetres."""
        return self.bottom + self.height

    def meets(self, other: Box) -> bool:
        """Whether the two rectangles share more than an edge."""
        apart = self.left >= other.right or other.left >= self.right
        return not (apart or self.bottom >= other.top or other.bottom >= self.top)

    def holds(self, other: Box) -> bool:
        """Whether the other rectangle lies inside this one."""
        wide = self.left <= other.left and other.right <= self.right
        return wide and self.bottom <= other.bottom and other.top <= self.top


@dataclass(frozen=True, slots=True)
class Type:
    """Sizes of type in points for a width: nothing is set below six."""

    title: float
    body: float
    small: float

    @staticmethod
    def fitting(width_mm: float) -> Type:
        """Sizes for a sheet of this width."""
        wide_from = 120
        return Type(11, 7, 6.3) if width_mm >= wide_from else Type(9, 6.5, 6)


@cache
def _metrics() -> TextToPath:
    return TextToPath()


@cache
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a line of text in millimetres; the size is in points."""
    font = FontProperties(family=mpl.rcParams["font.family"], weight="bold" if bold else "normal", size=size)
    width, _height, _descent = _metrics().get_text_width_height_descent(text, font, ismath=False)
    return float(width) * POINT_MM


def line_height(size: float) -> float:
    """Distance from line to line in millimetres; the size is in points."""
    return size * LINE * POINT_MM


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines of at most ``width`` millimetres; a word that is longer is broken between its letters."""
    lines: list[str] = []
    for line in text.splitlines() or [""]:
        lines += _filled(without_controls(line), width, size, bold=bold)
    return lines


def _filled(text: str, width: float, size: float, *, bold: bool) -> list[str]:
    lines: list[str] = []
    space = text_width("n n", size, bold=bold) - text_width("nn", size, bold=bold)
    taken = 0.0
    # word by word: the widths of words are kept, those of lines would each be measured once
    for whole in text.split(" "):
        word, wide = whole, text_width(whole, size, bold=bold)
        if wide > width and len(whole) > 1:
            *parts, word = _broken(whole, width, size, bold=bold)
            lines += parts
            wide, taken = text_width(word, size, bold=bold), width
        if lines and taken + space + wide <= width:
            lines[-1] = f"{lines[-1]} {word}"
            taken += space + wide
        else:
            lines.append(word)
            taken = wide
    return lines


def _broken(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    """Parts of a word, an address for one, each of which is narrow enough, or a single letter."""
    parts, taken = [""], 0.0
    for letter in word:
        wide = text_width(letter, size, bold=bold)
        if parts[-1] and taken + wide > width:
            parts.append("")
            taken = 0.0
        parts[-1] += letter
        taken += wide
    return parts


@dataclass(frozen=True, slots=True)
class Canvas:
    """A figure of known size with one axes over all of it, in millimetres."""

    figure: Figure
    page: Axes
    size: Box

    @staticmethod
    def of(width: float, height: float) -> Canvas:
        """An empty white sheet, width and height in millimetres."""
        figure = Figure(figsize=(width / INCH_MM, height / INCH_MM), facecolor="white")
        return Canvas(figure, _axes(figure, Box(0, 0, 1, 1), width, height), Box(0, 0, width, height))

    def axes(self, box: Box) -> Axes:
        """Axes in millimetres over a part of the sheet, for what must be cut off at its edge."""
        size = self.size
        part = Box(box.left / size.width, box.bottom / size.height, box.width / size.width, box.height / size.height)
        return _axes(self.figure, part, box.width, box.height)


def _axes(figure: Figure, part: Box, width: float, height: float) -> Axes:
    axes = figure.add_axes((part.left, part.bottom, part.width, part.height))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_axis_off()
    return axes


def write(  # noqa: PLR0913 - a line of type has that many properties
    axes: Axes,
    at: tuple[float, float],
    text: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    colour: str = INK,
    align: str = "left",
    anchor: str = "baseline",
    turn: float = 0,
) -> None:
    """One line of text at a position in millimetres (right, up); the size is in points, ``turn`` in degrees."""
    axes.text(
        *at,
        text,
        fontsize=size,
        fontweight="bold" if bold else "normal",
        fontstyle="italic" if italic else "normal",
        color=colour,
        ha=align,
        va=anchor,
        rotation=turn,
        rotation_mode="anchor",
    )
