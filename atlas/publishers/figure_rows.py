"""The figures of a publisher's table, each with its place, month, footnote marks and the cell that it stands in."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace

from atlas.errors import InputError
from atlas.publishers.header import columns_of, refuse_other_units, refuse_unnamed_figures
from atlas.publishers.layout import Layout
from atlas.publishers.numerals import split_mark, whole_number
from atlas.publishers.row_period import row_month, table_year
from atlas.publishers.sheet import Sheet, address, label, quoted
from atlas.publishers.sums import TOTALS, SummedRow, check_months, check_sums
from atlas.publishers.unit_names import UnitNames, plain

# digits of a state's code
_STATE = 2
_SHOWN = 5
# a row of such a name is the sum of others, in whatever words
_TOTAL = re.compile(r"(?<![a-z])(?:sub-?)?total(?:es|s)?(?![a-z])|(?<![a-z])suma(?![a-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A count for a place and a month (``2024-03``), and where it stands; ``place_code`` where it is known."""

    place_level: str
    place_code: str | None
    place: str
    within: str | None
    period: str
    value: int
    footnote: str | None
    cell: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Figures, the texts of footnotes, what was left aside, in words, and rows that only take part in sums."""

    figures: list[Figure] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    remainder: list[SummedRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    level: str
    code: str | None
    name: str
    state: str | None
    footnote: str | None


def read_figures(sheet: Sheet, layout: Layout, names: UnitNames) -> Reading:
    """All figures of a table whose shape is ``months_across`` or ``rows``.

    Raises
    ------
    InputError
        The header or a cell is not as declared; nothing is taken then.
    """
    refuse_other_units(sheet, layout)
    columns = columns_of(sheet, layout)
    reading = Reading()
    table = _Table(sheet, layout, columns, names)
    rows = list(_rows(table, reading))
    if not rows:
        where = sheet.where(layout.header_row + 1, table.place_column)
        msg = f"{where}: no row with a place below the header; {layout.remedy}"
        raise InputError(msg)
    taken = _across if layout.shape == "months_across" else _along
    for row in rows:
        reading.figures.extend(taken(table, row))
    refuse_unnamed_figures(sheet, layout, [row.number for row in rows])
    _refuse_twice(sheet, reading.figures)
    check_sums(sheet, layout, columns, [*map(_summed, rows), *reading.remainder], reading.totals)
    nameless = [row for row in rows if row.level == "municipality" and not row.code]
    unknown = sorted({f"{row.name} ({names.names_by_code.get(row.state or '')})" for row in nameless})
    if unknown:
        shown = ", ".join(unknown[:_SHOWN]) + (f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else "")
        reading.notes.append(f"kept by name, because there is no outline of them here: {shown}")
    return reading


@dataclass(frozen=True, slots=True)
class _Table:
    """What its rows are read with."""

    sheet: Sheet
    layout: Layout
    columns: Mapping[str, int]
    names: UnitNames

    @property
    def place_column(self) -> int:
        return self.columns[self.layout.place["column"]]

    def code(self, name: str) -> str | None:
        """The code of a name that the layout gives, else that of a state of this name."""
        aliases = {plain(alias): code for alias, code in self.layout.place.get("aliases", {}).items()}
        return aliases.get(plain(name)) or self.names.states.get(plain(name))


def _rows(table: _Table, reading: Reading) -> Iterator[_Row]:
    sheet, layout = table.sheet, table.layout
    column = table.place_column
    totals = {plain(word) for word in layout.totals.get("rows", TOTALS)}
    remainder = {plain(word) for word in layout.place.get("remainder", ())}
    state: str | None = None
    for number in range(layout.header_row + 1, sheet.rows + 1):
        if _begins_footnotes(table, number):
            reading.footnotes.extend(_texts_from(sheet, number))
            _refuse_figures_below(table, number)
            return
        written = sheet.cell(number, column, filled=layout.place.get("state_column") is None)
        if written is None and _total_of_states(table, number, totals):
            reading.totals.append(number)
            continue
        if written is None:
            _refuse_homeless(table, number)
            continue
        _refuse_second_header(table, number)
        name, mark = split_mark(str(written), layout)
        if plain(name) in totals:
            reading.totals.append(number)
            continue
        if _TOTAL.search(plain(name)):
            what = f"{quoted(name)} looks like a sum; add it to [totals] rows"
            msg = f"{sheet.where(number, column)}: {what}: {layout.remedy}"
            raise InputError(msg)
        if plain(name) in remainder:
            reading.notes.append(f"{sheet.where(number, column)}: {name!r} is no place and was left aside")
            reading.remainder.append(SummedRow(number, _remainder_level(layout, state), state, name))
            continue
        row = _placed(table, number, name, state)
        if row.level != "office":
            state = row.code[:2] if row.code else row.state
        if state and row.code is None and (state, plain(name)) in table.names.shared:
            reading.notes.append(f"{sheet.where(number, column)}: two municipalities are called {name!r}; left aside")
        else:
            yield replace(row, footnote=mark)


def _summed(row: _Row) -> SummedRow:
    return SummedRow(row.number, row.level, row.state, row.name)


def _remainder_level(layout: Layout, state: str | None) -> str:
    """What is counted under no place is a part of the state above it, else of the whole."""
    kind = str(layout.place["kind"])
    if kind == "state_then_municipality":
        return "municipality" if state else "state"
    return kind


def _begins_footnotes(table: _Table, number: int) -> bool:
    begin = tuple(table.layout.footnotes.get("begin", ("Nota", "Fuente", "Note", "Source", "1/", "*", "(-)")))
    cells = (table.sheet.cell(number, column) for column in (table.place_column, 1, 2, 3))
    first = next((cell for cell in cells if cell is not None), None)
    return isinstance(first, str) and first.strip().startswith(begin) and not _has_figures(table, number)


def _refuse_figures_below(table: _Table, footnotes: int) -> None:
    for number in range(footnotes + 1, table.sheet.rows + 1):
        if table.sheet.cell(number, table.place_column) is not None and _has_figures(table, number):
            where = table.sheet.where(number, table.place_column)
            msg = f"{where}: figures below the footnotes, which begin in row {footnotes}; move these to the end"
            raise InputError(msg)


def _texts_from(sheet: Sheet, first: int) -> list[str]:
    cells = (sheet.cell(row, c) for row in range(first, sheet.rows + 1) for c in range(1, sheet.columns + 1))
    return [str(cell).strip() for cell in cells if cell is not None]


def _placed(table: _Table, number: int, name: str, state: str | None) -> _Row:
    layout, names = table.layout, table.names
    at = (number, table.place_column)
    kind = layout.place["kind"]
    if kind == "office":
        return _Row(number, "office", None, name, None, None)
    code = table.code(name)
    # a state that stands again below itself is the municipality of the same name
    begins = kind == "state_then_municipality" and code is not None and len(code) == _STATE and code != state
    if kind == "state" or begins:
        if code is None:
            raise InputError(_unknown(table, at, name, "state"))
        return _Row(number, "state", code, names.names_by_code.get(code, name), code, None)
    if layout.place.get("state_column"):
        at_state = (number, table.columns[layout.place["state_column"]])
        parent, _ = split_mark(str(table.sheet.cell(*at_state, filled=True) or ""), layout)
        state = table.code(parent)
        if state is None:
            raise InputError(_unknown(table, at_state, parent, "state"))
    if state is None:
        raise InputError(_unknown(table, at, name, "state"))
    unit = code if code and len(code) > _STATE else names.municipalities.get((state, plain(name)))
    if unit is None and names.has_units_of(state) and (state, plain(name)) not in names.shared:
        raise InputError(_unknown(table, at, name, f"municipality of {names.names_by_code[state]}"))
    return _Row(number, "municipality", unit, names.names_by_code.get(unit or "", name), state, None)


def _unknown(table: _Table, at: tuple[int, int], name: str, kind: str) -> str:
    add = "add its code to [place.aliases], or the word to remainder, or its beginning to [footnotes] begin"
    return f"{table.sheet.where(*at)}: {quoted(name)} is no {kind} that is known here; {add}: {table.layout.remedy}"


def _across(table: _Table, row: _Row) -> Iterator[Figure]:
    sheet, layout, columns = table.sheet, table.layout, table.columns
    year = table_year(sheet, layout)
    figures = []
    for name, month in layout.period["months"].items():
        at = (row.number, columns[name])
        value, mark = whole_number(sheet, at, layout)
        if value is not None:
            figures.append(_figure(table, row, f"{year}-{month:02d}", (value, mark), at))
    check_months(sheet, layout, columns, (row.number, row.name))
    yield from figures


def _along(table: _Table, row: _Row) -> Iterator[Figure]:
    sheet, layout, columns = table.sheet, table.layout, table.columns
    at = (row.number, columns[layout.values["column"]])
    value, mark = whole_number(sheet, at, layout)
    if value is not None:
        yield _figure(table, row, row_month(sheet, layout, columns, row.number), (value, mark), at)


def _figure(table: _Table, row: _Row, period: str, counted: tuple[int, str | None], at: tuple[int, int]) -> Figure:
    value, mark = counted
    marks = " ".join(filter(None, (row.footnote, mark))) or None
    within = table.names.names_by_code.get(row.state or "") if row.level == "municipality" else None
    return Figure(
        place_level=row.level, place_code=row.code, place=row.name, within=within, period=period, value=value,
        footnote=marks, cell=address(*at),
    )  # fmt: skip


def _has_figures(table: _Table, number: int) -> bool:
    layout = table.layout
    names = [*layout.period.get("months", {}), *filter(None, [layout.values.get("column")])]
    return any(table.sheet.cell(number, table.columns[name]) is not None for name in names)


def _total_of_states(table: _Table, number: int, totals: Container[str]) -> bool:
    """Whether a row without a place says in the column of the states that it is a sum."""
    state = table.columns.get(table.layout.place.get("state_column", ""))
    return state is not None and plain(str(table.sheet.cell(number, state) or "")) in totals


def _refuse_second_header(table: _Table, number: int) -> None:
    if label(table.sheet.cell(number, table.place_column)) == label(table.layout.place["column"]):
        where = table.sheet.where(number, table.place_column)
        msg = f"{where}: the header stands again, above another table; save each table as a file of its own"
        raise InputError(msg)


def _refuse_homeless(table: _Table, number: int) -> None:
    if _has_figures(table, number):
        where = table.sheet.where(number, table.place_column)
        msg = f"{where}: a row of figures without a place; fill it in, or {table.layout.remedy}"
        raise InputError(msg)


def _refuse_twice(sheet: Sheet, figures: list[Figure]) -> None:
    cells_by_figure: dict[tuple[str | None, ...], str] = {}
    for figure in figures:
        key = (figure.place_level, figure.place_code, plain(figure.place), figure.within, figure.period)
        if key in cells_by_figure:
            cells = f"{cells_by_figure[key]} and {figure.cell}"
            where = sheet.file if sheet.title is None else f"{sheet.file}, sheet {sheet.title!r}"
            remedy = "take one out"
            if figure.place_level == "state":
                # some municipalities have the name of another state
                other = f"{figure.place} (municipality)"
                remedy += f", or write {other!r} in the row that is one, and give that its code in [place.aliases]"
            msg = f"{where}: {figure.place} has two figures for {figure.period} (cells {cells}); {remedy}"
            raise InputError(msg)
        cells_by_figure[key] = figure.cell
