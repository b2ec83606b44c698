"""Tables as ODK and KoboToolbox export them: answers, repeats in tables of their own, media."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from atlas.errors import InputError
from atlas.field.incoming import Incoming, Rejected
from atlas.field.readers.cells import is_photo, record_id
from atlas.field.readers.columns import TOGETHER, Columns
from atlas.field.readers.delimited import Table, date_order, open_table, require_place, say_unmatched
from atlas.field.readers.options import ReadOptions
from atlas.field.readers.rows import Rows
from atlas.field.readers.source import Source

# the columns by which a row is known and a repeat finds its parent: (own, parent's)
_KEYS = (("KEY", "PARENT_KEY"), ("_index", "_parent_index"))
_MARKS = (
    {"KEY", "meta-instanceID"},
    {"KEY", "SubmissionDate"},
    {"_uuid", "_submission_time"},
    {"_id", "_uuid"},
    {"KEY", "instanceID"},
)
_NAMESPACE = uuid.UUID("3f2f8e0c-6f1c-5d0b-9a53-0f6f6a1d7b11")
_DEEPEST = 8
_SQL = "CREATE TABLE child (parent TEXT, own TEXT, place TEXT, name TEXT, row TEXT)"


@dataclass(frozen=True, slots=True)
class _Child:
    """A row of a table of repeats."""

    name: str
    place: str
    own: str | None
    row: Mapping[str, str]


def is_answers(header: Sequence[str]) -> bool:
    """Whether a header is one of a form server's main table."""
    names = set(header)
    return any(marks <= names for marks in _MARKS) and not is_repeats(header)


def is_repeats(header: Sequence[str]) -> bool:
    """Whether a header is one of a table of repeats, which is read with its main table."""
    return any(parent in header for _, parent in _KEYS)


def read_answers(source: Source, repeats: Sequence[Source], options: ReadOptions) -> Iterator[Incoming | Rejected]:
    """Records of a form's main table, with those of its repeats.

    A repeat with a position of its own is a record of its own that has what the main row says; any other repeat is kept
    in the record under the repeat's name, and its photos are the record's.

    Raises
    ------
    InputError
        A table cannot be read, or no column of any of them can hold a position.
    """
    table = open_table(source, options)
    tables = [open_table(repeat, options) for repeat in repeats]
    rows = Rows(source, options, order=lambda: date_order(table, rows), form=True)
    if not any(rows.columns(child.header).placed for child in tables):
        require_place(table, rows)
    with closing(sqlite3.connect("")) as held:
        held.execute(_SQL)
        for child in tables:
            held.executemany("INSERT INTO child VALUES (?, ?, ?, ?, ?)", _rows_of(child, source))
        held.execute("CREATE INDEX by_parent ON child (parent)")
        yield from _Joined(table, rows, held).records()
    say_unmatched(source, rows, options)


def _rows_of(table: Table, main: Source) -> Iterator[tuple[str, str | None, str, str, str]]:
    stem = PurePath(main.inside or main.path.name).stem
    file = PurePath(table.source.inside or table.source.path.name)
    name = file.stem.removeprefix(f"{stem}-") or file.stem
    for number, row, _ in table.records():
        if isinstance(row, str):
            msg = f"{table.source.name}, row {number}: {row}; correct the row, or export the form again"
            raise InputError(msg)
        own, parent = next(((row.get(o), row[p]) for o, p in _KEYS if p in row), (None, ""))
        above = row.get("_parent_table_name") or ""
        yield (
            f"{above if above != stem else ''}\x1f{parent}",
            own,
            f"row {number} of {file.name}",
            name,
            json.dumps(row),
        )


class _Joined:
    """The main rows with their repeats."""

    def __init__(self, table: Table, rows: Rows, held: sqlite3.Connection) -> None:
        self._table = table
        self._rows = rows
        self._held = held
        self._layout = rows.columns(table.header)

    def records(self) -> Iterator[Incoming | Rejected]:
        for number, row, cells in self._table.records():
            where = f"row {number}"
            if isinstance(row, str):
                yield Rejected(where, row, self._table.raw(cells))
                continue
            placed, beside = self._repeats(row)
            found = self._rows.record(row, where, raw=self._table.raw(cells), fields=beside)
            # a main row without a place of its own is only what its placed repeats have in common
            if not (placed and isinstance(found, Rejected) and not self._says_place(row, self._layout)):
                yield found
            yield from placed

    def _repeats(self, row: Mapping[str, str]) -> tuple[list[Incoming | Rejected], dict[str, Any]]:
        placed: list[Incoming | Rejected] = []
        beside: dict[str, Any] = {}
        photos: list[str] = []
        for order, child in enumerate(self._children(row)):
            layout = self._rows.columns(tuple(child.row))
            if self._says_place(child.row, layout):
                placed.append(self._placed(row, child, layout, order))
                continue
            names = [h for h, v in child.row.items() if h in layout.roles.get("photos", ()) or is_photo(v)]
            photos += [child.row[name] for name in names if child.row[name]]
            kept = {h: v for h, v in child.row.items() if v and h not in names and not _is_key(h)}
            if kept:
                name = f"{child.name}_repeat" if child.name in self._rows.words.fields else child.name
                beside.setdefault(name, []).append(kept)
        if photos:
            beside["photos"] = [*photos]
        return placed, beside

    def _placed(self, row: Mapping[str, str], child: _Child, layout: Columns, order: int) -> Incoming | Rejected:
        """A repeat as a record: what it says itself, and for the rest what the main row says."""
        said = {role for role, names in layout.roles.items() if any(child.row[name] for name in names)}
        own = said - set(TOGETHER)
        theirs = {*self._layout.of_place, *(name for role in own for name in self._layout.roles.get(role, ()))}
        above = {name: value for name, value in row.items() if name not in theirs and name not in child.row}
        merged = {**{name: value for name, value in child.row.items() if not _is_key(name)}, **above}
        main = next((row[name] for role in _IDS for name in self._layout.roles.get(role, ()) if row[name]), None)
        key = child.own if child.own and "/" in child.own else f"{child.name}/{order}"
        made = str(uuid.uuid5(_NAMESPACE, f"{record_id(main)}/{key}")) if main else None
        without = {name: value for name, value in merged.items() if name not in self._ids()}
        return self._rows.record(without, child.place, record_id=made, version=self._rows.version(row))

    def _ids(self) -> set[str]:
        return {name for role in _IDS for name in self._layout.roles.get(role, ())}

    def _says_place(self, row: Mapping[str, str], layout: Columns) -> bool:
        return any(row.get(name) for name in layout.of_place)

    def _children(self, row: Mapping[str, str]) -> Iterator[_Child]:
        """All repeats below a main row, those inside of repeats as well, in the order of the tables."""
        own = next((row[own] for own, _ in _KEYS if row.get(own)), None)
        waiting = [(f"\x1f{own}", 0)] if own else []
        while waiting:
            parent, depth = waiting.pop(0)
            for key, place, name, text in self._held.execute(
                "SELECT own, place, name, row FROM child WHERE parent = ? ORDER BY rowid", (parent,)
            ).fetchall():
                yield _Child(name, place, key, json.loads(text))
                if key and depth < _DEEPEST:
                    # ODK's keys are the same in all tables, Kobo's numbers are of one table
                    waiting.append((f"\x1f{key}" if "/" in key else f"{name}\x1f{key}", depth + 1))


_IDS = ("root_id", "key", "deprecated_id", "id")


def _is_key(header: str) -> bool:
    return header.startswith("_submission_") or any(header in pair for pair in _KEYS) or header == "_parent_table_name"
