"""Tables as text: any delimiter, encoding and language of headers, row by row with the same memory for any length."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from atlas.errors import InputError
from atlas.field.incoming import BASE, Incoming, Rejected
from atlas.field.readers import dates
from atlas.field.readers.encodings import described, find_encoding, text_stream
from atlas.field.readers.options import DateOrder, ReadOptions
from atlas.field.readers.rows import Rows
from atlas.field.readers.source import Source

_DELIMITERS = ",;\t|"
_LONGEST_CELL = 1_000_000
_SAMPLE = 65_536
_GUARDED = re.compile(r"'[=+\-@\t\r]")
_MOST_COLUMNS = 2_000
_UNCUT = "is a quotation mark left open? A large photo goes beside the table, with its name in the cell"
_NEEDED = "lat and lon (or latitud and longitud), a pair such as coordenadas, wkt, or reach"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text whose encoding, delimiter and header are known."""

    source: Source
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    skipped: int

    def rows(self) -> Iterator[tuple[int, list[str] | str]]:
        """Number of each row, the header's line being 1, and its cells; a row that cannot be cut is a reason."""
        with text_stream(self.source, self.encoding) as stream:
            lines = csv.reader(stream, delimiter=self.delimiter)
            for _ in range(self.skipped):
                next(lines, None)
            for number in itertools.count(1 + self.skipped):
                try:
                    cells = next(lines, None)
                except csv.Error as error:
                    yield number, f"the row cannot be cut into cells ({error}); {_UNCUT}"
                    continue
                if cells is None:
                    return
                if any(cell.strip() for cell in cells):
                    yield number, cells

    def records(self) -> Iterator[tuple[int, dict[str, str] | str, list[str]]]:
        """Each row below the header: its number, its cells by header (or why they do not fit), and as they came."""
        for number, cells in itertools.islice(self.rows(), 1, None):
            if isinstance(cells, str):
                yield number, cells, [f"(row {number} of the file)"]
            elif len(cells) > len(self.header) and any(cell.strip() for cell in cells[len(self.header) :]):
                why = f"it has {len(cells)} cells and the header {len(self.header)}"
                yield number, f"{why}; put quotation marks around the cell that has {self.delimiter!r} in it", cells
            else:
                yield number, dict(itertools.zip_longest(self.header, cells[: len(self.header)], fillvalue="")), cells

    def raw(self, cells: Sequence[str]) -> str:
        """A row as text, as it came but for its quotes."""
        line = io.StringIO()
        csv.writer(line, delimiter=self.delimiter, lineterminator="").writerow(cells)
        return line.getvalue()


def read_delimited(source: Source, options: ReadOptions) -> Iterator[Incoming | Rejected]:
    """Records of a table with a header.

    Raises
    ------
    InputError
        No encoding fits, or no column can hold a position.
    """
    table = open_table(source, options)
    rows = Rows(source, options, order=lambda: date_order(table, rows))
    require_place(table, rows)
    yield from records_of(table, rows)
    rows.remarks.say(source, options)


def records_of(table: Table, rows: Rows) -> Iterator[Incoming | Rejected]:
    """Each row of a table as a record, or why it is none."""
    for number, row, cells in table.records():
        where = f"row {number}"
        if isinstance(row, str):
            yield Rejected(where, row, table.raw(cells))
            continue
        found = rows.record(_unguarded(row) if BASE in row else row, where)
        yield Rejected(where, found.reason, table.raw(cells)) if isinstance(found, Rejected) else found


def _unguarded(row: dict[str, str]) -> dict[str, str]:
    """A row of the atlas' own export without the mark that keeps a spreadsheet from taking text for a formula."""
    return {name: cell[1:] if _GUARDED.match(cell) else cell for name, cell in row.items()}


def open_table(source: Source, options: ReadOptions) -> Table:
    """A table with its encoding and delimiter found out; what is not plain is said.

    Raises
    ------
    InputError
        No encoding fits, or there is no header.
    """
    csv.field_size_limit(_LONGEST_CELL)
    encoding = find_encoding(source, options.encoding)
    if words := described(encoding):
        options.say(f"{source.name}: read as {words}")
    with text_stream(source, encoding) as stream:
        sample = stream.read(_SAMPLE)
    skipped = 0
    first = sample.split("\n", 1)[0].strip("\r")
    if first.lower().startswith("sep=") and len(first) == len("sep=,"):
        delimiter, skipped = first[-1], 1
    else:
        delimiter = max(_DELIMITERS, key=lambda mark: len(_first_row(sample, mark)))
    bare = Table(source, encoding, delimiter, (), skipped)
    _, header = next(bare.rows(), (1, []))
    if isinstance(header, str) or not header:
        why = header if isinstance(header, str) else "it is empty"
        msg = f"{source.name} has no header ({why}); its first row must name the columns: {_NEEDED}"
        raise InputError(msg)
    if len(header) > _MOST_COLUMNS:
        msg = (
            f"{source.name} has {len(header):,} columns, more than the {_MOST_COLUMNS:,} that a table of notes may have"
        )
        raise InputError(msg)
    return Table(source, encoding, delimiter, _named(header), skipped)


def _first_row(sample: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(sample), delimiter=delimiter), [])
    except csv.Error:
        return []


def _named(header: Sequence[str]) -> tuple[str, ...]:
    """Headers as names: blank ones by their number, a name that stands twice with one."""
    names: dict[str, None] = {}
    for number, cell in enumerate(header, start=1):
        name = cell.strip() or f"column_{number}"
        names[name if name not in names else f"{name} ({number})"] = None
    return tuple(names)


def require_place(table: Table, rows: Rows) -> None:
    """Refuse a table in which no column can hold a position.

    Raises
    ------
    InputError
        There is none.
    """
    if not rows.columns(table.header).placed:
        shown = ", ".join(repr(name[:40]) for name in table.header[:20])
        msg = f"{table.source.name} has no column for a position; name the columns {_NEEDED}. Its columns: {shown}"
        raise InputError(msg)


def date_order(table: Table, rows: Rows) -> DateOrder | None:
    """The order of day and month that a whole table decides."""
    headers = rows.columns(table.header).roles.get("observed_at", ())
    return dates.order_in(
        row[name] for _, row, _ in table.records() if isinstance(row, dict) for name in headers if name in row
    )
