"""Tables as ODK and KoboToolbox export them: answers, with repeats in tables of their own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import PurePath

from atlas.errors import InputError
from atlas.field.readers.answers import EPICOLLECT, KEYS, Child, answered
from atlas.field.readers.delimited import Table, date_order, open_table, require_place
from atlas.field.readers.input_source import Source
from atlas.field.readers.quotes import Unread
from atlas.field.readers.read_options import ReadOptions
from atlas.field.readers.record_rows import Rows
from atlas.field.row import FieldRow, Rejected
from atlas.geojson.stored import stored

_MARKS = (
    {"KEY", "meta-instanceID"},
    {"KEY", "SubmissionDate"},
    {"_uuid", "_submission_time"},
    {"_id", "_uuid"},
    {"KEY", "instanceID"},
    {"GlobalID", "CreationDate"},
)
_DEEPEST = 8
_SQL = "CREATE TABLE child (parent TEXT, own TEXT, place TEXT, name TEXT, row TEXT, used INTEGER DEFAULT 0)"


def is_answers(header: Sequence[str]) -> bool:
    """Whether a header is one of a form server's main table."""
    names = set(header)
    return any(marks <= names for marks in _MARKS) and not is_repeats(header)


def has_branches(header: Sequence[str]) -> bool:
    """Whether a header is one of a form of Epicollect5, beside which there may be tables of branches."""
    return EPICOLLECT[0] in header


def is_repeats(header: Sequence[str]) -> bool:
    """Whether a header is one of a table of repeats, which is read with its main table."""
    return any(parent in header for _, parent in KEYS)


def read_answers(source: Source, repeats: Sequence[Source], options: ReadOptions) -> Iterator[FieldRow | Rejected]:
    """Records of a form's main table, with those of its repeats.

    Raises
    ------
    InputError
        A table cannot be read, or no column of any of them can hold a position.
    """
    table = open_table(source, options)
    tables = [open_table(repeat, options) for repeat in repeats]
    rows = Rows(source, options, order=lambda: date_order(table, rows), form=is_answers(table.header))
    if not any(rows.columns(child.header).placed for child in tables):
        require_place(table, rows)
    with closing(sqlite3.connect("")) as held:
        held.execute(_SQL)
        for child in tables:
            held.executemany(
                "INSERT INTO child (parent, own, place, name, row) VALUES (?, ?, ?, ?, ?)", _rows_of(child, source)
            )
        held.execute("CREATE INDEX by_parent ON child (parent)")
        for number, row, cells in table.records():
            where = f"row {number}"
            if isinstance(row, Unread):
                yield Rejected(where, row.reason, row.text)
                continue
            yield from answered(rows, row, _children(held, row), where, raw=table.raw(cells))
        yield from _left_alone(held, source)
    rows.remarks.notify(source, options)


def _rows_of(table: Table, main: Source) -> Iterator[tuple[str, str | None, str, str, str]]:
    stem = PurePath(main.inside or main.path.name).stem
    file = PurePath(table.source.inside or table.source.path.name)
    name = file.stem.removeprefix(f"{stem}-") or file.stem
    for number, row, _ in table.records():
        if isinstance(row, Unread):
            msg = f"{table.source.name}, row {number}: {row.reason}; correct the row, or export the form again"
            raise InputError(msg)
        key, parent = next(((row.get(o), row[p]) for o, p in KEYS if p in row), (None, ""))
        above = row.get("_parent_table_name") or ""
        yield (
            f"{above if above != stem else ''}\x1f{parent}",
            key,
            f"row {number} of {file.name}",
            name,
            json.dumps(row),
        )


def _left_alone(held: sqlite3.Connection, main: Source) -> Iterator[Rejected]:
    """Repeats of rows that the main table does not have."""
    for parent, place, text in held.execute("SELECT parent, place, row FROM child WHERE NOT used ORDER BY rowid"):
        above = parent.rpartition("\x1f")[2]
        reason = f"the row {above!r:.80} that it belongs to is not in {main.name}; export both tables again together"
        yield Rejected(place, reason, text)


def _children(held: sqlite3.Connection, row: Mapping[str, str]) -> Iterator[Child]:
    """All repeats below a main row, those inside of repeats as well, in the order of the tables."""
    row_key = next((row[key] for key, _ in KEYS if row.get(key)), None)
    waiting = [(f"\x1f{row_key}", 0)] if row_key else []
    while waiting:
        parent, depth = waiting.pop(0)
        held.execute("UPDATE child SET used = 1 WHERE parent = ?", (parent,))
        for key, place, name, text in held.execute(
            "SELECT own, place, name, row FROM child WHERE parent = ? ORDER BY rowid", (parent,)
        ).fetchall():
            yield Child(name, place, key, stored(text))
            if key and depth < _DEEPEST:
                # ODK's keys are the same in all tables, Kobo's numbers are of one table
                waiting.append((f"\x1f{key}" if "/" in key else f"{name}\x1f{key}", depth + 1))
