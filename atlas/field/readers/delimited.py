"""Tables as text: any delimiter, encoding and language of headers, row by row with the same memory for any length."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from atlas.errors import InputError
from atlas.field.change import ChangeError
from atlas.field.export_base import read_base
from atlas.field.readers import dates
from atlas.field.readers.charset import described, find_encoding, text_stream
from atlas.field.readers.input_source import Source
from atlas.field.readers.quotes import Cutter, Expected, RowCutter, Unread
from atlas.field.readers.read_options import DateOrder, ReadOptions
from atlas.field.readers.record_rows import Rows
from atlas.field.readers.table_columns import columns
from atlas.field.readers.vocabulary import Words
from atlas.field.row import BASE, FieldRow, Rejected

_DELIMITERS = ",;\t|"
_SAMPLE = 65_536
_GUARDED = re.compile(r"'[=+\-@\t\r]")
# a longitude or latitude however it is written, a pair of these, well-known text, a reach
_NUMBER = re.compile(r"\s*+(?=.*\d)[-+\u2212\d.,°º˚'’′\"”″ ]*+[NSEWOnsewo]?\s*+\Z", re.ASCII)
_PLACE = re.compile(
    r"\s*(?:[A-Z]*POINT|[A-Z]*LINESTRING|[A-Z]*POLYGON|SRID=|R\d{3}\b|[-+]?\d+[.,]\d+[ ,;]+[-+]?\d)", re.IGNORECASE
)
_MOST_COLUMNS = 2_000
_OF_PROGRAMS = ("time", "device_time", "claimed_at", "updated")
NEEDED = "lat and lon (or latitud and longitud), a pair such as coordenadas, wkt, or reach"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text whose encoding, delimiter and header are known."""

    source: Source
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    skipped: int
    expected: Expected = field(default_factory=Expected)

    def rows(self) -> Iterator[tuple[int, list[str] | Unread]]:
        """Number of each row, the header's being 1, and its cells, or text that is no row; blank rows are counted."""
        with text_stream(self.source, self.encoding) as stream:
            lines = itertools.islice(stream, self.skipped, None)
            for number, cells in enumerate(RowCutter(lines, self.delimiter, self.expected), start=1 + self.skipped):
                if isinstance(cells, Unread) or any(map(str.strip, cells)):
                    yield number, cells

    def records(self) -> Iterator[tuple[int, dict[str, str] | Unread, list[str]]]:
        """Each row below the header: its number, its cells by header (or why they do not fit), and as they came.

        A cell that a row lacks at its end is not there, which is not the same as blank.
        """
        for number, cells in itertools.islice(self.rows(), 1, None):
            if isinstance(cells, Unread):
                yield number, cells, [cells.text]
            elif len(cells) > len(self.header) and any(cell.strip() for cell in cells[len(self.header) :]):
                why = f"it has {len(cells)} cells and the header {len(self.header)}"
                remedy = f"put quotation marks around the cell that has {self.delimiter!r} in it"
                yield number, Unread(f"{why}; {remedy}", self.raw(cells)), cells
            else:
                yield number, dict(zip(self.header, cells, strict=False)), cells

    def raw(self, cells: Sequence[str]) -> str:
        """A row as text, as it came but for its quotes."""
        line = io.StringIO()
        csv.writer(line, delimiter=self.delimiter, lineterminator="").writerow(cells)
        return line.getvalue()


def read_delimited(source: Source, options: ReadOptions) -> Iterator[FieldRow | Rejected]:
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
    rows.remarks.notify(source, options)


def records_of(table: Table, rows: Rows) -> Iterator[FieldRow | Rejected]:
    """Each row of a table as a record, or why it is none."""
    for number, row, cells in table.records():
        where = f"row {number}"
        if isinstance(row, Unread):
            yield Rejected(where, row.reason, row.text)
            continue
        record = rows.record(_unguarded(row) if BASE in row else row, where)
        yield Rejected(where, record.reason, table.raw(cells)) if isinstance(record, Rejected) else record


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
    encoding = find_encoding(source, options.encoding)
    if words := described(encoding):
        options.notify(f"{source.name}: read as {words}")
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
    if isinstance(header, Unread) or not header:
        why = header.reason if isinstance(header, Unread) else "it is empty"
        msg = f"{source.name} has no header ({why}); its first row must name the columns: {NEEDED}"
        raise InputError(msg)
    if len(header) > _MOST_COLUMNS:
        msg = (
            f"{source.name} has {len(header):,} columns, more than the {_MOST_COLUMNS:,} that a table of notes may have"
        )
        raise InputError(msg)
    return replace(bare, header=_named(header), expected=_expected(_named(header), options))


def _first_row(sample: str, delimiter: str) -> list[str]:
    first = next(iter(RowCutter(io.StringIO(sample, newline=""), delimiter, Expected())), [])
    return Cutter(delimiter).alone(first.text) if isinstance(first, Unread) else first


def _expected(header: tuple[str, ...], options: ReadOptions) -> Expected:
    """What rows are like: they have a number or a reach where the header has the place."""
    layout = columns(header, Words(options.schema))
    numbers = [(header.index(parts["lat"]), header.index(parts["lon"])) for parts in layout.positions]
    texts = [header.index(name) for role in ("pair", "wkt", "reach") for name in layout.roles.get(role, ())]
    base, id_column = (header.index(name) if name in header else None for name in (BASE, "id"))

    def placed(cells: Sequence[str]) -> bool:
        pairs = any(max(pair) < len(cells) and all(_NUMBER.match(cells[at]) for at in pair) for pair in numbers)
        return pairs or any(at < len(cells) and _PLACE.match(cells[at]) for at in texts)

    def whole(cells: Sequence[str]) -> bool:
        if base is None or id_column is None or len(cells) != len(header):
            return False
        try:
            return bool(read_base(cells[base], cells[id_column]))
        except ChangeError:
            return False

    return Expected(len(header), placed, whole)


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
        msg = f"{table.source.name} has no column for a position; name the columns {NEEDED}. Its columns: {shown}"
        raise InputError(msg)


def date_order(table: Table, rows: Rows) -> DateOrder | None:
    """The order of day and month that a whole table decides."""
    roles = rows.columns(table.header).roles
    # what a person writes and what a program writes need not be alike
    headers = roles.get("observed_at") or [name for role in _OF_PROGRAMS for name in roles.get(role, ())]
    return dates.order_in(
        row[name] for _, row, _ in table.records() if isinstance(row, dict) for name in headers if name in row
    )
