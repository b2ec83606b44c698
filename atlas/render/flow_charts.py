"""Small charts of the series of ``flows.csv``: columns on an axis of time, and bars beside the figures of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from atlas.evidence.historical_records import FISCAL_YEAR, SERIES, Flow
from atlas.evidence.periods import first_day, last_day, months_in

# one figure holds the others of the series
WHOLE_AND_PARTS = frozenset({"repatriations"})
# of a rate, unlike of a count, the length of the period is no part
_RATES = (" in a month", " a year")
_YEAR_MONTHS = 12
WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM = 360, 190, 58, 6, 18, 24
_GRID = (1, 2, 5)
_MOST_LINES = 4.5


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of a series: its bar in percent of the greatest figure, none where lengths would mislead.

    Attributes
    ----------
    months
        Length of the period.
    year
        Name of the fiscal year, that in which it ends.
    partial
        Whether the period is a part of a fiscal year only.
    """

    flow: Flow
    months: int
    bar: float | None
    year: int | None
    partial: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A figure as a column over its period, in units of the drawing; a part of a year is as narrow as it is long."""

    figure: Figure
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns over time with lines of a grid, each with its height in the drawing and its value."""

    columns: Sequence[Column]
    grid: Sequence[tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Series:
    """One series in the order of the table.

    Attributes
    ----------
    chart
        There for fiscal years.
    barred
        Whether the rows have bars.
    shared
        A row that has the claimant and sources of all; none where they differ.
    """

    key: str
    figures: Sequence[Figure]
    chart: Chart | None
    barred: bool
    shared: Flow | None


def all_series(flows: Iterable[Flow]) -> list[Series]:
    """The series in their order, each with its figures and what may be drawn of them."""
    ordered = sorted(flows, key=lambda flow: SERIES.index(flow.series))
    return [_series(key, list(rows)) for key, rows in groupby(ordered, key=lambda flow: flow.series)]


def _series(key: str, flows: Sequence[Flow]) -> Series:
    fiscal = all(flow.period_kind == FISCAL_YEAR for flow in flows)
    barred = not fiscal and _comparable(key, flows)
    most = max(flow.value for flow in flows)
    figures = [_figure(flow, 100 * flow.value / most if barred and most else None) for flow in flows]
    shared = flows[0] if len({(flow.claimant, flow.source_ids, flow.confidence) for flow in flows}) == 1 else None
    return Series(key, figures, _chart(figures) if fiscal else None, barred, shared)


def _comparable(key: str, flows: Sequence[Flow]) -> bool:
    units = {flow.unit for flow in flows}
    lengths = {months_in(flow.period) for flow in flows}
    rate = next(iter(units)).endswith(_RATES)
    return len(units) == 1 and (rate or len(lengths) == 1 or key in WHOLE_AND_PARTS)


def _figure(flow: Flow, bar: float | None) -> Figure:
    months, fiscal = months_in(flow.period), flow.period_kind == FISCAL_YEAR
    # the year in which October begins is the one before that of the name
    year = first_day(flow.period).year + 1 if fiscal else None
    return Figure(flow, months, None if bar is None else round(bar, 2), year, fiscal and months < _YEAR_MONTHS)


def _chart(figures: Sequence[Figure]) -> Chart:
    start = min(first_day(figure.flow.period) for figure in figures)
    end = max(last_day(figure.flow.period) for figure in figures)
    # room for the whole of a year of which a part is known
    months = -(-months_in(f"{start.isoformat()}/{end.isoformat()}") // _YEAR_MONTHS) * _YEAR_MONTHS
    most = max(1, *(figure.flow.value for figure in figures))
    wide, high = (WIDE - LEFT - RIGHT) / months, (HIGH - TOP - BOTTOM) / most
    columns = []
    for figure in figures:
        first = first_day(figure.flow.period)
        before = (first.year - start.year) * _YEAR_MONTHS + first.month - start.month
        height = round(figure.flow.value * high, 2)
        gap = wide * _YEAR_MONTHS * 0.08
        x, width = LEFT + before * wide + gap, figure.months * wide - 2 * gap
        columns.append(Column(figure, round(x, 2), round(HIGH - BOTTOM - height, 2), round(width, 2), height))
    step = _step(most)
    return Chart(columns, [(round(HIGH - BOTTOM - value * high, 2), value) for value in range(0, most + 1, step)])


def _step(most: int) -> int:
    """1, 2 or 5 and noughts, so that two to four lines fit under the greatest figure."""
    size = 1
    while True:
        for times in _GRID:
            if most <= _MOST_LINES * times * size:
                return times * size
        size *= 10
