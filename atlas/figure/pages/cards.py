"""Visitor and worker cards by state and year as bar charts: gaps stay gaps, totals that do not add up are marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from atlas.evidence import load_evidence
from atlas.figure.blocks import Drawing, Entry, Listing, Row, Stack
from atlas.figure.furniture import round_length_km
from atlas.figure.paper import INK, QUIET, Box, Canvas, text_width, write
from atlas.figure.plan import Desk, Figure
from atlas.figure.signs import number_sign

BAR, MARKED = "#0072b2", "#d55e00"
TOTAL = "Total"
CHART = 34.0

Series = Mapping[int, int | None]


def compose(desk: Desk) -> Figure:
    """A row of charts for each card, and the totals that do not add up."""
    rows = load_evidence(desk.release.project.evidence_dir).visitor_cards
    blocks: list[Stack | Row | Listing] = []
    faults = []
    for card in dict.fromkeys(row.card for row in rows):
        series: dict[str, dict[int, int | None]] = {}
        for row in rows:
            if row.card == card:
                series.setdefault(row.state, {})[row.year] = row.cards
        wrong = disagreements(series)
        faults += [(card, year, *found) for year, found in wrong.items()]
        charts = [_chart(desk, state, years, wrong if state == TOTAL else {}) for state, years in series.items()]
        pairs = [Row(charts[i : i + 2], least=60) for i in range(0, len(charts), 2)]
        blocks.append(Stack((desk.legend(f"cards.{card}", ()), Row(pairs, least=130))))
    return Figure((*blocks, _signs(desk), _faults(desk, faults)), ("cards.source",))


def disagreements(series: Mapping[str, Series]) -> dict[int, tuple[int, int]]:
    """Years in which the printed total is not the sum of the states that are given: the total and the sum."""
    found = {}
    for year, total in series.get(TOTAL, {}).items():
        parts = [given for state, years in series.items() if state != TOTAL and (given := years.get(year)) is not None]
        if total is not None and parts and sum(parts) != total:
            found[year] = (total, sum(parts))
    return found


def _chart(desk: Desk, state: str, years: Series, wrong: Mapping[int, tuple[int, int]]) -> Drawing:
    name = desk.words("cards.total") if state == TOTAL else state

    def paint(canvas: Canvas, box: Box) -> None:
        size = desk.type.small
        write(canvas.page, (box.left, box.top - 2.6), name, size + 0.4, bold=True)
        top = max((given or 0 for given in years.values()), default=0) or 1
        step = max(1.0, round_length_km(top / 2))
        margin = text_width(desk.words.number(step * (top // step)), size) + 1.4
        plot = Box(box.left + margin, box.bottom + 3.2, box.width - margin - 1.5, box.height - 9.5)
        _grid(canvas.page, plot, desk, (step, top))
        _bars(canvas.page, plot, desk, years, wrong)

    return Drawing(lambda _width: CHART, paint)


def _grid(page: Axes, plot: Box, desk: Desk, scale: tuple[float, float]) -> None:
    step, top = scale
    value = 0.0
    while value <= top:
        y = plot.bottom + value / top * plot.height
        page.plot([plot.left, plot.right], [y, y], color=INK if value == 0 else "#cfcfcf", linewidth=0.5, zorder=0)
        at = (plot.left - 0.8, y)
        write(page, at, desk.words.number(value), desk.type.small, colour=QUIET, align="right", anchor="center")
        value += step


def _bars(page: Axes, plot: Box, desk: Desk, years: Series, wrong: Mapping[int, tuple[int, int]]) -> None:
    top = max((given or 0 for given in years.values()), default=0) or 1
    share = plot.width / len(years)
    size = desk.type.small
    every = 2 if share < text_width("’00", size) + 1.2 else 1
    for number, (year, given) in enumerate(sorted(years.items())):
        middle = plot.left + (number + 0.5) * share
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
