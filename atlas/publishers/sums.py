"""Sums that a publisher prints, held against what they are the sums of: a lost or moved row shows itself there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from atlas.errors import InputError
from atlas.publishers.layout import Layout
from atlas.publishers.numerals import whole_number
from atlas.publishers.sheet import Sheet


@dataclass(frozen=True, slots=True)
class SummedRow:
    """A row that takes part in a sum: its number, its level, and the state that it belongs to."""

    number: int
    level: str
    state: str | None
    name: str


def check_sums(
    sheet: Sheet, layout: Layout, columns: Mapping[str, int], rows: Sequence[SummedRow], totals: Sequence[int]
) -> None:
    """Hold the one total of a table with a column a month, and the figure of each state, against their parts.

    ``rows`` are all that count, those of no place too. Where a part is not known the sum may be larger and not smaller.

    Raises
    ------
    InputError
        A sum is another than that of its parts; the message names its cell.
    """
    months = {name: columns[name] for name in layout.period.get("months", {})}
    if not months or layout.totals.get("checked") is False:
        return
    for number in totals:
        check_months(sheet, layout, columns, (number, str(sheet.cell(number, columns[layout.place["column"]]))))
    states = [row for row in rows if row.level == "state"]
    if len(totals) == 1:
        top = states or [row for row in rows if row.level == "office"]
        _hold(sheet, layout, months, (totals[0], "the table"), top)
    for state in states:
        parts = [row for row in rows if row.level == "municipality" and row.state == state.state]
        if parts:
            _hold(sheet, layout, months, (state.number, state.name), parts)


def check_months(sheet: Sheet, layout: Layout, columns: Mapping[str, int], row: tuple[int, str]) -> None:
    """Hold the total of a row, where the layout declares such a column, against its months.

    Raises
    ------
    InputError
        They add up to another number; the message names the cell of the total.
    """
    number, name = row
    total = layout.totals.get("column")
    if total is None:
        return
    at = (number, columns[total])
    printed, _ = whole_number(sheet, at, layout)
    counts = [whole_number(sheet, (number, columns[month]), layout)[0] for month in layout.period.get("months", {})]
    if printed is not None and printed != (added := sum(count or 0 for count in counts)):
        what = f"the months of {name} add up to {added:,}, the total is printed as {printed:,}"
        msg = f"{sheet.where(*at)}: {what}; look whether columns were moved, or take the total out: {layout.remedy}"
        raise InputError(msg)


def _hold(
    sheet: Sheet, layout: Layout, months: Mapping[str, int], whole: tuple[int, str], parts: Iterable[SummedRow]
) -> None:
    number, name = whole
    numbers = [part.number for part in parts]
    for month, column in months.items():
        printed, _ = whole_number(sheet, (number, column), layout)
        counts = [whole_number(sheet, (part, column), layout)[0] for part in numbers]
        known = [count for count in counts if count is not None]
        added = sum(known)
        if printed is None or not known or added == printed or (len(known) < len(counts) and added < printed):
            continue
        what = f"the rows of {name} add up to {added:,} in {month}, their sum is printed as {printed:,}"
        remedy = f"look whether rows were lost or moved, or set [totals] checked = false: {layout.remedy}"
        msg = f"{sheet.where(number, column)}: {what}; {remedy}"
        raise InputError(msg)
