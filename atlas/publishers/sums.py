"""Sums that a publisher prints, held against what they are the sums of: a lost or moved row shows itself there."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from atlas.errors import InputError
from atlas.publishers.layout import Layout
from atlas.publishers.numerals import whole_number
from atlas.publishers.sheet import Sheet
from atlas.publishers.unit_names import plain

# names of rows that are sums, where a layout declares none
TOTALS = ("Total", "Total general", "Grand total")
# the cell of a sum, and how its parts differ from it
_Difference = tuple[tuple[int, int], str]


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
    """Hold the totals of a table, and the figure of each state, against their parts.

    ``rows`` are all that count, those of no place too. Where a part is not known the sum may be larger and not smaller.

    Raises
    ------
    InputError
        A sum is another than that of its parts; the message names its cell.
    """
    if layout.totals.get("checked") is False:
        return
    if layout.shape != "months_across":
        _check_row_totals(sheet, layout, columns, [row.number for row in rows], totals)
        return
    months = {name: columns[name] for name in layout.period["months"]}
    for number in totals:
        check_months(sheet, layout, columns, (number, str(sheet.cell(number, columns[layout.place["column"]]))))
    for number, choices in _parts_of_totals(rows, totals):
        wrong = [_difference(sheet, layout, months, number, _highest(parts)) for parts in choices if parts]
        if wrong and all(wrong):
            _refuse(sheet, layout, "the table", wrong[0])
    for state in (row for row in rows if row.level == "state"):
        parts = [row for row in rows if row.level == "municipality" and row.state == state.state]
        _refuse(sheet, layout, state.name, _difference(sheet, layout, months, state.number, parts))


def _parts_of_totals(
    rows: Sequence[SummedRow], totals: Sequence[int]
) -> Iterator[tuple[int, Sequence[Sequence[SummedRow]]]]:
    """Of what each total may be: the one total of all rows; one of several also of those above or below it."""
    for before, number, after in zip([0, *totals], totals, [*totals[1:], sys.maxsize], strict=False):
        above = [row for row in rows if before < row.number < number]
        below = [row for row in rows if number < row.number < after]
        yield number, [rows] if len(totals) == 1 else [rows, above, below]


def _highest(rows: Sequence[SummedRow]) -> Sequence[SummedRow]:
    """The states, where there are any, else all rows."""
    return [row for row in rows if row.level == "state"] or rows


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
    cells = [(number, columns[month]) for month in layout.period.get("months", {})]
    counts = [whole_number(sheet, cell, layout)[0] for cell in cells]
    # a month that the publisher calls unknown may be in the total; a blank one is none
    kept_back = any(count is None and sheet.cell(*cell) is not None for cell, count in zip(cells, counts, strict=True))
    added = sum(count or 0 for count in counts)
    if printed is not None and printed != added and not (kept_back and printed > added):
        what = f"the months of {name} add up to {added:,}, the total is printed as {printed:,}"
        msg = f"{sheet.where(*at)}: {what}; check whether columns were moved, or take the total out: {layout.remedy}"
        raise InputError(msg)


def _check_row_totals(
    sheet: Sheet, layout: Layout, columns: Mapping[str, int], rows: Sequence[int], totals: Sequence[int]
) -> None:
    """Hold the totals of a table with a figure a row against the rows of the same state, year and month.

    What a total leaves blank, or calls a total as well, is that of all.
    """
    words = {"", *map(plain, layout.totals.get("rows", TOTALS))}
    keys = [layout.place.get("state_column")]
    keys += [layout.period.get(key) for key in ("date_column", "year_column", "month_column")]
    of_what = [columns[key] for key in keys if key]
    value = columns[layout.values["column"]]

    def text(number: int, column: int) -> str:
        return plain(str(sheet.cell(number, column, filled=True) or ""))

    for total in totals:
        wanted = [(column, word) for column in of_what if (word := text(total, column)) not in words]
        parts = [row for row in rows if all(text(row, column) == word for column, word in wanted)]
        name = " ".join(word for _, word in wanted) or "the table"
        _refuse(sheet, layout, name, _sum_of(sheet, layout, (total, value), parts))


def _difference(
    sheet: Sheet, layout: Layout, months: Mapping[str, int], whole: int, parts: Iterable[SummedRow]
) -> _Difference | None:
    numbers = [part.number for part in parts]
    differences = (_sum_of(sheet, layout, (whole, column), numbers, f" in {name}") for name, column in months.items())
    return next(filter(None, differences), None)


def _sum_of(
    sheet: Sheet, layout: Layout, at: tuple[int, int], rows: Sequence[int], when: str = ""
) -> _Difference | None:
    printed, _ = whole_number(sheet, at, layout)
    counts = [whole_number(sheet, (row, at[1]), layout)[0] for row in rows]
    known = [count for count in counts if count is not None]
    added = sum(known)
    if printed is None or not known or added == printed or (len(known) < len(counts) and added < printed):
        return None
    return at, f"add up to {added:,}{when}, their sum is printed as {printed:,}"


def _refuse(sheet: Sheet, layout: Layout, name: str, difference: _Difference | None) -> None:
    if difference is None:
        return
    at, what = difference
    remedy = f"check whether rows were lost or moved, or set [totals] checked = false: {layout.remedy}"
    msg = f"{sheet.where(*at)}: the rows of {name} {what}; {remedy}"
    raise InputError(msg)
