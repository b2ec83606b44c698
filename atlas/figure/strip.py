"""A line, straightened: bands over its kilometres, each with a name, and a scale below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from atlas.figure.blocks import Drawing
from atlas.figure.paper import INK, POINT_MM, QUIET, Box, Canvas, line_height, text_width, wrapped, write
from atlas.figure.signs import stroke

NAMES_LEFT = 24.0
WIDE = 130.0
NARROW_RIGHT = 10.0


@dataclass(frozen=True, slots=True)
class Lane:
    """Where a band is drawn: kilometres become millimetres on the sheet."""

    axes: Axes
    box: Box
    length_km: float

    def x(self, km: float) -> float:
        """Millimetres from the left edge of the sheet."""
        return self.box.left + km / self.length_km * self.box.width


@dataclass(frozen=True, slots=True)
class Band:
    """One band: its name, its height in millimetres, and what paints it."""

    name: str
    height: float
    paint: Callable[[Lane], None]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a band between two kilometres."""

    start: float
    end: float
    style: Mapping[str, Any]
    text: str = ""
    colour: str = INK


def strip_block(  # noqa: PLR0913 - a strip has that many measures
    bands: Sequence[Band],
    length_km: float,
    size: float,
    *,
    step: int,
    unit: str,
    left: float = NAMES_LEFT,
    right: float = 0,
) -> Drawing:
    """Bands from the top, a scale with a number every ``step`` kilometres below; the size of type is in points.

    On a wide sheet ``left`` and ``right`` millimetres beside the bands are kept free, for their names and more.
    """
    line = line_height(size)

    def above(band: Band, width: float) -> list[str]:
        return wrapped(band.name, width - 2, size) if band.name and width < WIDE else []

    def tall(width: float) -> float:
        names = line * sum(len(above(band, width)) for band in bands)
        return sum(band.height + 1.3 for band in bands) + names + line * 1.2 + 1.6

    def paint(canvas: Canvas, box: Box) -> None:
        wide = box.width >= WIDE
        before, after = (left, right) if wide else (1.0, min(right, NARROW_RIGHT))
        length = box.width - before - after - 2.5
        top = box.top
        for band in bands:
            for text in above(band, box.width):
                write(canvas.page, (box.left + before, top - 0.8 * line), text, size, colour=QUIET)
                top -= line
            lane = Box(box.left + before, top - band.height, length, band.height)
            if wide:
                beside(canvas.page, lane, box.left, wrapped(band.name, left - 2, size), size)
            band.paint(Lane(canvas.page, lane, length_km))
            top -= band.height + 1.3
        _scale(Lane(canvas.page, Box(box.left + before, top, length, 0), length_km), size, step, unit)

    return Drawing(tall, paint)


def beside(axes: Axes, lane: Box, left: float, texts: Sequence[str], size: float) -> None:
    """Lines of text beside a band, centred on its height; ``left`` is where they start in millimetres."""
    step = line_height(size) * 0.9
    for number, text in enumerate(texts):
        y = lane.bottom + lane.height / 2 + ((len(texts) - 1) / 2 - number) * step
        write(axes, (left, y), text, size, colour=QUIET, anchor="center_baseline")


def pieces(lane: Lane, parts: Sequence[Piece], size: float) -> None:
    """Filled parts with their text inside where it fits."""
    for part in parts:
        left, right = lane.x(part.start), lane.x(part.end)
        patch = Rectangle((left, lane.box.bottom), right - left, lane.box.height, **{"linewidth": 0.3, **part.style})
        lane.axes.add_artist(patch)
        if part.text and text_width(part.text, size) < right - left - 0.8:
            at = ((left + right) / 2, lane.box.bottom + lane.box.height / 2)
            write(lane.axes, at, part.text, size, colour=part.colour, align="center", anchor="center_baseline")


def lines(lane: Lane, parts: Sequence[tuple[float, float, tuple[Mapping[str, Any], ...]]]) -> None:
    """Line styles along the middle of the band."""
    middle = lane.box.bottom + lane.box.height / 2
    for start, end, styles in parts:
        stroke(lane.axes, shapely.LineString([(lane.x(start), middle), (lane.x(end), middle)]), styles)


def numbered(lane: Lane, marks: Sequence[tuple[float, str]], size: float) -> None:
    """Texts below the band, pushed apart so that none lies on another, each with a thin line to its kilometre."""
    spots = [lane.x(km) for km, _text in marks]
    widths = [text_width(text, size) + 0.9 for _km, text in marks]
    rows = 1 if sum(widths) < lane.box.width * 0.8 else 2
    for row in range(rows):
        chosen = list(range(row, len(marks), rows))
        placed = spread([spots[i] for i in chosen], [widths[i] for i in chosen], (lane.box.left, lane.box.right))
        low = lane.box.bottom + (rows - 1 - row) * size * POINT_MM * 1.2
        high = low + size * POINT_MM * 0.95
        for index, x in zip(chosen, placed, strict=True):
            lane.axes.plot([spots[index], x], [lane.box.top + 1.1, high], color=QUIET, linewidth=0.3)
            write(lane.axes, (x, low), marks[index][1], size, align="center")


def slanted(lane: Lane, marks: Sequence[tuple[float, str]], size: float) -> None:
    """Texts that rise from the lower edge of the band, each over its kilometre."""
    widths = [line_height(size) * 1.35] * len(marks)
    limits = (lane.box.left - 2, lane.box.right + 2)
    placed = spread([lane.x(km) for km, _text in marks], widths, limits)
    for (km, text), x in zip(marks, placed, strict=True):
        lane.axes.plot([lane.x(km), x], [lane.box.bottom, lane.box.bottom + 1.6], color=QUIET, linewidth=0.3)
        write(lane.axes, (x + 0.3, lane.box.bottom + 1.9), text, size, anchor="bottom", turn=35)


def spread(spots: Sequence[float], widths: Sequence[float], limits: tuple[float, float]) -> list[float]:
    """Middles as near to their spots as they can be without touching, in the same order, within the limits."""
    steps = [0.0, *((a + b) / 2 for a, b in pairwise(widths))]
    offsets = list(accumulate(steps))
    # without the widths they need only be in order: neighbours out of order share their mean
    groups: list[tuple[float, int]] = []
    for spot, offset in zip(spots, offsets, strict=True):
        groups.append((spot - offset, 1))
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (first, many), (second, more) = groups[-2:]
            groups[-2:] = [((first * many + second * more) / (many + more), many + more)]
    means = [mean for mean, many in groups for _one in range(many)]
    if not means:
        return []
    low = limits[0] + widths[0] / 2
    high = max(low, limits[1] - widths[-1] / 2 - offsets[-1])
    return [min(max(mean, low), high) + offset for mean, offset in zip(means, offsets, strict=True)]


def _scale(lane: Lane, size: float, step: int, unit: str) -> None:
    axes, base = lane.axes, lane.box.bottom
    axes.plot([lane.box.left, lane.box.right], [base, base], color=INK, linewidth=0.6)
    while lane.box.width * step / lane.length_km < text_width(f"{lane.length_km:,.0f} {unit}", size) + 1:
        step *= 2
    last = int(lane.length_km // step) * step
    for km in range(0, last + 1, step // 2):
        major = km % step == 0
        x = lane.x(km)
        axes.plot([x, x], [base, base - (1.2 if major else 0.7)], color=INK, linewidth=0.5)
        if major:
            text = f"{km:,}" + (f" {unit}" if km == last else "")
            write(axes, (x, base - 1.6), text, size, align="center", anchor="top")
