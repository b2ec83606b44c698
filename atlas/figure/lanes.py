"""Rows on one axis of time: words on the left, on the right where on the axis what they say lies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from atlas.figure.blocks import Drawing
from atlas.figure.paper import QUIET, Box, Canvas, line_height, text_width, wrapped, write

_ONE_DAY = timedelta(days=1)
# width of the axis as a share of the sheet, and the least space between two years that are named, in mm
_AXIS, _NAMED = 0.34, 9.0
_HEAD = 4.2
# a month on a long axis is drawn this wide in mm at least
_LEAST = 0.9


@dataclass(frozen=True, slots=True)
class Lane:
    """A row: a headline over others, or what lies between two days.

    Attributes
    ----------
    text, detail
        The words, and quieter ones after them.
    days
        First and last day that are meant; None for a headline, or where no date is stated.
    form
        ``solid`` for what lasted, ``within`` for what was at some time between them, ``outline`` where the days are
        bounds of the context only; one day is a point.
    """

    text: str
    detail: str = ""
    days: tuple[date, date] | None = None
    form: str = "solid"
    colour: str = "#0072b2"
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class _Scale:
    first_year: int
    last_year: int
    left: float
    width: float

    def at(self, day: date) -> float:
        start, end = date(self.first_year, 1, 1), date(self.last_year + 1, 1, 1)
        return self.left + self.width * (day - start).days / (end - start).days


def lanes(rows: Sequence[Lane], size: float) -> Drawing:
    """The rows from the top, under an axis with its years; nothing where no row has a date."""
    days = [row.days for row in rows if row.days]
    years = (min(first.year for first, _ in days), max(last.year for _, last in days)) if days else None
    step = line_height(size)

    def tall(width: float) -> float:
        return _HEAD + sum(len(_lines(row, width, size)) * step + (0.8 if row.is_head else 0) for row in rows)

    def paint(canvas: Canvas, box: Box) -> None:
        words = box.width * (1 - _AXIS)
        scale = _Scale(*years, box.left + words, box.width - words - 1.0) if years else None
        if scale:
            _axis(canvas.page, scale, box, size)
        top = box.top - _HEAD
        for row in rows:
            top -= 0.8 if row.is_head else 0
            lines = _lines(row, box.width, size)
            _words(canvas.page, row, lines, (box.left, top), size)
            if scale and row.days:
                _mark(canvas.page, (scale.at(row.days[0]), scale.at(row.days[1] + _ONE_DAY)), row, top - step / 2)
            top -= len(lines) * step

    return Drawing(tall, paint)


def _lines(row: Lane, width: float, size: float) -> list[str]:
    return wrapped(f"{row.text}{_gap(row)}{row.detail}", width * (1 - _AXIS) - 2.0, size, bold=row.is_head)


def _gap(row: Lane) -> str:
    return "  " if row.detail else ""


def _words(page: Axes, row: Lane, lines: Iterable[str], at: tuple[float, float], size: float) -> None:
    step = line_height(size)
    left, top = at
    for number, line in enumerate(lines):
        base = (left, top - (number + 0.8) * step)
        loud = len(row.text) if number == 0 else 0
        write(page, base, line[:loud], size, bold=row.is_head)
        if quiet := line[loud:]:
            shift = text_width(line[:loud] + "n", size) - text_width("n", size) if loud else 0
            write(page, (left + shift, base[1]), quiet, size, colour=QUIET)


def _axis(page: Axes, scale: _Scale, box: Box, size: float) -> None:
    count = scale.last_year - scale.first_year + 1
    every = next(n for n in (1, 2, 5, 10, 20, 50) if scale.width * n / count >= _NAMED or n == 50)  # noqa: PLR2004
    for year in range(scale.first_year, scale.last_year + 1):
        if year % every == 0:
            x = scale.at(date(year, 1, 1))
            page.plot([x, x], [box.bottom, box.top - _HEAD + 0.8], color="#dddddd", linewidth=0.4, zorder=0)
            write(page, (x, box.top - 2.2), str(year), size, colour=QUIET, align="center")


def _mark(page: Axes, ends: tuple[float, float], row: Lane, middle: float) -> None:
    left, right = ends
    if row.days and row.days[0] == row.days[1]:
        page.plot([(left + right) / 2], [middle], marker="o", markersize=3.2, color=row.colour)
        return
    fill = row.colour if row.form == "solid" else "white" if row.form == "within" else "none"
    line = (0, (1.5, 1)) if row.form == "outline" else "-"
    page.add_artist(
        Rectangle(
            (left, middle - 0.75),
            max(right - left, _LEAST),
            1.5,
            facecolor=fill,
            edgecolor=row.colour,
            linewidth=0.7,
            linestyle=line,
        )
    )
