"""Visitor and worker forms and cards by state and year as bar charts, with a broken axis where cards begin.

Gaps stay gaps, and totals that do not add up are marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from atlas.evidence import project_evidence
from atlas.figure.blocks import Drawing, Entry, Listing, Row, Stack
from atlas.figure.furniture import round_length_km
from atlas.figure.paper import INK, QUIET, Box, Canvas, text_width, write
from atlas.figure.plan import Desk, Figure
from atlas.figure.signs import number_sign

BAR, MARKED = "#0072b2", "#d55e00"
TOTAL = "Total"
CHART = 34.0
# width in mm of the gap in the axis between two series
BREAK = 2.6

Series = Mapping[int, int | None]


@dataclass(frozen=True, slots=True)
class Marks:
    """Years whose total is not the sum of its parts, and years in which another series begins."""

    wrong: Mapping[int, tuple[int, int]]
    begins: frozenset[int]


def compose(desk: Desk) -> Figure:
    """A row of charts for each card, and the totals that do not add up."""
    rows = project_evidence(desk.release.project).visitor_cards
    blocks: list[Stack | Row | Listing] = []
    faults = []
    for card in dict.fromkeys(row.card for row in rows):
        series: dict[str, dict[int, int | None]] = {}
        for row in rows:
            if row.card == card:
                series.setdefault(row.state, {})[row.year] = row.cards
        wrong = disagreements(series)
        faults += [(card, year, *faults) for year, faults in wrong.items()]
        begins = {row.series.from_year for row in rows if row.card == card} - {min(row.year for row in rows)}
        charts = [
            _chart(desk, state, years, Marks(wrong if state == TOTAL else {}, frozenset(begins)))
            for state, years in series.items()
        ]
        pairs = [Row(charts[i : i + 2], least=60) for i in range(0, len(charts), 2)]
        blocks.append(Stack((desk.legend(f"cards.{card}", ()), Row(pairs, least=130))))
    return Figure((*blocks, _signs(desk), _faults(desk, faults)), ("cards.series", "cards.source"))


def disagreements(series: Mapping[str, Series]) -> dict[int, tuple[int, int]]:
    """Years in which the printed total is not the sum of the states that are given: the total and the sum."""
    differing = {}
    for year, total in series.get(TOTAL, {}).items():
        parts = [given for state, years in series.items() if state != TOTAL and (given := years.get(year)) is not None]
        if total is not None and parts and sum(parts) != total:
            differing[year] = (total, sum(parts))
    return differing


def _chart(desk: Desk, state: str, years: Series, marks: Marks) -> Drawing:
    name = desk.words("cards.total") if state == TOTAL else state

    def paint(canvas: Canvas, box: Box) -> None:
        size = desk.type.small
        write(canvas.page, (box.left, box.top - 2.6), name, size + 0.4, bold=True)
        top = max((given or 0 for given in years.values()), default=0) or 1
        step = max(1.0, round_length_km(top / 2))
        margin = text_width(desk.words.number(step * (top // step)), size) + 1.4
        plot = Box(box.left + margin, box.bottom + 3.2, box.width - margin - 1.5, box.height - 9.5)
        lefts, share = _columns(plot, years, marks.begins)
        breaks = [left - BREAK / 2 for year, left in lefts.items() if year in marks.begins]
        _grid(canvas.page, plot, desk, (step, top), breaks)
        _bars(canvas.page, plot, desk, years, Columns(lefts, share, marks.wrong))
        for middle in breaks:
            _break(canvas.page, middle, plot.bottom)

    return Drawing(lambda _width: CHART, paint)


@dataclass(frozen=True, slots=True)
class Columns:
    """Left edge of each year and the width of all, in mm, and the years whose total does not add up."""

    lefts: Mapping[int, float]
    share: float
    wrong: Mapping[int, tuple[int, int]]


def _columns(plot: Box, years: Series, begins: frozenset[int]) -> tuple[dict[int, float], float]:
    """Left edge of each year and the width of a year, in mm; a gap stands before a year in which a series begins."""
    ordered = sorted(years)
    share = (plot.width - BREAK * len(begins & set(ordered))) / len(ordered)
    lefts, left = {}, plot.left
    for year in ordered:
        left += BREAK if year in begins else 0
        lefts[year] = left
        left += share
    return lefts, share


def _break(page: Axes, middle: float, bottom: float) -> None:
    """Two strokes across the axis, in mm."""
    for shift in (-0.7, 0.7):
        at = middle + shift
        page.plot([at - 0.5, at + 0.5], [bottom - 1.1, bottom + 1.1], color=INK, linewidth=0.7)


def _grid(page: Axes, plot: Box, desk: Desk, scale: tuple[float, float], breaks: Sequence[float]) -> None:
    step, top = scale
    value = 0.0
    while value <= top:
        y = plot.bottom + value / top * plot.height
        edges = [plot.left, *(edge for at in breaks for edge in (at - BREAK / 2, at + BREAK / 2)), plot.right]
        for left, right in zip(edges[::2], edges[1::2], strict=True):
            page.plot([left, right], [y, y], color=INK if value == 0 else "#cfcfcf", linewidth=0.5, zorder=0)
        at = (plot.left - 0.8, y)
        write(page, at, desk.words.number(value), desk.type.small, colour=QUIET, align="right", anchor="center")
        value += step


def _bars(page: Axes, plot: Box, desk: Desk, years: Series, columns: Columns) -> None:
    top = max((given or 0 for given in years.values()), default=0) or 1
    share, wrong = columns.share, columns.wrong
    size = desk.type.small
    every = 2 if share < text_width("’00", size) + 1.2 else 1
    for number, (year, given) in enumerate(sorted(years.items())):
        middle = columns.lefts[year] + share / 2
        if number % every == 0:
            write(
                page,
                (middle, plot.bottom - 0.9),
                f"’{year % 100:02d}",
                size,
                colour=QUIET,
                align="center",
                anchor="top",
            )
        if given is None:
            write(page, (middle, plot.bottom + 0.5), "–", size, colour=QUIET, align="center")
            continue
        tall = given / top * plot.height
        _bar(page, Box(middle - share * 0.36, plot.bottom, share * 0.72, tall), wrong=year in wrong)
        if given == 0:
            write(page, (middle, plot.bottom + 0.5), "0", size, align="center")
        if year in wrong:
            write(page, (middle, plot.bottom + tall + 0.4), "*", size + 1, bold=True, colour=MARKED, align="center")


def _bar(page: Axes, box: Box, *, wrong: bool) -> None:
    if wrong:
        style: dict[str, Any] = {"facecolor": "white", "edgecolor": MARKED, "hatch": "//////", "linewidth": 0.7}
    else:
        style = {"facecolor": BAR, "linewidth": 0}
    page.add_artist(Rectangle((box.left, box.bottom), box.width, box.height, **style))


def _swatch(box: Box) -> Box:
    return Box(box.left + box.width / 2 - 1.2, box.bottom + 0.2, 2.4, box.height - 0.5)


def _signs(desk: Desk) -> Stack:
    entries = [
        Entry(lambda page, box: _bar(page, _swatch(box), wrong=False), desk.words("cards.bar")),
        Entry(lambda page, box: _bar(page, _swatch(box), wrong=True), desk.words("cards.wrong")),
        Entry(number_sign("–", desk.type.body), desk.words("cards.none")),
        Entry(number_sign("0", desk.type.body), desk.words("cards.zero")),
        Entry(
            lambda page, box: _break(page, box.left + box.width / 2, box.bottom + box.height / 2),
            desk.words("cards.broken"),
        ),
    ]
    return Stack((desk.legend("legend.signs", entries),))


def _faults(desk: Desk, faults: Sequence[tuple[str, int, int, int]]) -> Listing:
    words = desk.words
    rows = [
        (
            str(year),
            words(
                "cards.fault", card=words(f"cards.{card}.short"), total=words.number(total), parts=words.number(parts)
            ),
        )
        for card, year, total, parts in faults
    ]
    return Listing(words("cards.faults"), rows, desk.type.small, column=82)
