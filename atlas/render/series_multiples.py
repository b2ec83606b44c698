"""Small multiples of figures in time: a panel a place, and in it each figure as a block over the months it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from atlas.render.publisher_tables import EditionTable
from atlas.render.series import Indicator, months_of

# of a panel, in units of its drawing; a block of a single month in twenty years would be too thin to see
_WIDTH, _HEIGHT, _NARROWEST = 200.0, 60.0, 2.0
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """What a block is drawn of: ``period`` in ISO 8601, and whether another figure or edition has it otherwise."""

    period: str
    value: float
    value_to: float | None
    differs: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A figure as a rectangle in a panel of 200 by 60, its months and what it says."""

    left: float
    width: float
    height: float
    months: tuple[str, str]
    words: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """A place: its row in the table, its blocks with the tallest first, and its largest figure."""

    row: str
    name: str
    level: str
    item: str | None
    unit: str | None
    most: float
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Multiples:
    """The panels of a table, the months that all of them span, and where the years begin in them."""

    months: tuple[str, str]
    years: Sequence[float]
    panels: Sequence[Panel]


@dataclass(frozen=True, slots=True)
class _Row:
    row: str
    name: str
    level: str
    item: str | None
    unit: str | None
    figures: Sequence[Figure]

    @property
    def most(self) -> float:
        return max(one.value_to or one.value for one in self.figures)


def indicator_multiples(indicator: Indicator) -> Multiples | None:
    """The panels of an indicator; None where all its figures are of one period, so that there is nothing to compare."""
    rows = []
    for number, place in enumerate(indicator.places):
        held = [row for period, cell in place.cells.items() if period for row in cell]
        for unit in dict.fromkeys(row.unit for row in held):
            figures = [
                Figure(row.period or "", row.value, row.value_to, bool(row.conflict))
                for row in held
                if row.unit == unit
            ]
            rows.append(_Row(row_id(indicator.key, number), place.name, place.level, place.item, unit, figures))
    return _drawn(rows)


def publisher_multiples(table: EditionTable, publisher: str) -> Multiples | None:
    """The panels of a publisher's table: what an earlier edition had stands dashed in the same month."""
    rows = []
    for number, place in enumerate(table.rows):
        figures = [
            Figure(period, value, None, differs)
            for period, cell in place.cells.items()
            for value, differs in [(cell.figure.value, cell.dropped), *((value, True) for _, value in cell.earlier)]
        ]
        rows.append(
            _Row(row_id(f"{publisher}-{table.indicator}", number), place.name, place.level, None, None, figures)
        )
    return _drawn(rows)


def row_id(table: str, number: int) -> str:
    """The anchor of a row of a table."""
    return f"row-{table}-{number}"


def _drawn(rows: Sequence[_Row]) -> Multiples | None:
    """Rows as panels over the same months; those of one level and unit share a height, so that they can be compared."""
    spans = {one.period: months_of(one.period) for row in rows for one in row.figures}
    if len(spans) < 2:  # noqa: PLR2004 - one period is no series
        return None
    first = min(start for start, _ in spans.values())
    last = max(end for _, end in spans.values())
    tallest: dict[tuple[str, str | None], float] = {}
    for row in rows:
        shared = (row.level, row.unit)
        tallest[shared] = max(tallest.get(shared, 0.0), row.most)
    step = _WIDTH / (_months(last) - _months(first) + 1)
    panels = [
        Panel(
            row.row,
            row.name,
            row.level,
            row.item,
            row.unit,
            row.most,
            sorted(_blocks(row.figures, first, step, tallest[row.level, row.unit]), key=lambda one: -one.height),
        )
        for row in rows
    ]
    januaries = range(-(-_months(first) // _MONTHS) * _MONTHS, _months(last) + 1, _MONTHS)
    return Multiples((first, last), [round((month - _months(first)) * step, 1) for month in januaries], panels)


def _blocks(figures: Iterable[Figure], first: str, step: float, tallest: float) -> Iterator[Block]:
    for one in figures:
        start, end = months_of(one.period)
        high = one.value if one.value_to is None else one.value_to
        printed = f"{one.value:,.12g}" if one.value_to is None else f"{one.value:,.12g}–{one.value_to:,.12g}"
        yield Block(
            left=round((_months(start) - _months(first)) * step, 1),
            width=round(max((_months(end) - _months(start) + 1) * step, _NARROWEST), 1),
            height=round(high / tallest * _HEIGHT, 1) if tallest else 0.0,
            months=(start, end),
            words=f"{one.period.replace('/', ' – ')}: {printed}",
            differs=one.differs,
        )


def _months(month: str) -> int:
    return int(month[:4]) * _MONTHS + int(month[5:7]) - 1
