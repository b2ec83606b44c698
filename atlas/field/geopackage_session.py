"""A transaction on a store in one file: rows read, and rows put in, however many there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from atlas.field.database import GEOMETRY_COLUMN, Row, statements

# GeoPackage's header: magic, version 0, little-endian without envelope, EPSG:4326
_HEADER = b"GP\x00\x01" + (4326).to_bytes(4, "little")
WORDS = {
    "serial": "seq INTEGER PRIMARY KEY AUTOINCREMENT",
    "fid": "fid INTEGER PRIMARY KEY AUTOINCREMENT",
    "geometry": "GEOMETRY",
    "bytes": "BLOB",
    "real": "DOUBLE",
}
_CHANGES = "changes"
_INDEXES = ("changes_by_id", "changes_of_record")
# stores of before have the first one inside of the table, where it cannot be left for later
_THERE = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'changes'"


@dataclass(slots=True)
class GeoPackageSession:
    """A transaction.

    Attributes
    ----------
    unmade
        Indexes of the changes that are still to be made: of a store that was empty they are made at once when all is
        in, which takes less time than to keep them meanwhile. Nobody but this transaction sees them missing.
    """

    connection: sqlite3.Connection
    unmade: tuple[str, ...] = ()

    @classmethod
    def writing(cls, connection: sqlite3.Connection) -> GeoPackageSession:
        """The session of a transaction that may write."""
        empty = connection.execute(f"SELECT 1 FROM {_CHANGES} LIMIT 1").fetchone() is None  # noqa: S608 - name of our own
        there = {str(name) for (name,) in connection.execute(_THERE)} if empty else set()
        dropped = tuple(name for name in _INDEXES if name in there)
        for name in dropped:
            connection.execute(f"DROP INDEX {name}")
        return cls(connection, dropped)

    def finish(self) -> None:
        """Leave nothing undone; before anything is kept, and before a change is looked for."""
        for name in self.unmade:
            self.connection.execute(_index(name))
        self.unmade = ()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query."""
        if self.unmade and _CHANGES in sql:
            self.finish()
        return self.connection.execute(sql, parameters)

    def wkb(self, value: Any) -> bytes | None:  # noqa: ANN401 - as SQLite gives it
        """Well-known binary of what a query gave for the geometry column."""
        return value[len(_HEADER) :] if value else None

    def put(  # noqa: PLR0913 - as the protocol has it
        self,
        table: str,
        columns: Sequence[str],
        rows: Iterable[Row],
        *,
        key: str,
        replace: bool = False,
        new: bool = False,
        alike: Mapping[str, str | None] = MappingProxyType({}),
    ) -> int:
        """Insert rows; one whose key is there already is passed over or, with ``replace``, takes its place."""
        plain = new and bool(self.unmade)
        if table == _CHANGES and not plain:
            self.finish()
        names = ", ".join(f'"{column}"' for column in (*columns, *alike))
        # to bind a value takes as long as to find its place, and there may be millions of rows
        values = ", ".join([*("?" for _ in columns), *map(_literal, alike.values())])
        others = ", ".join(f'"{column}" = excluded."{column}"' for column in (*columns, *alike) if column != key)
        known = "" if plain else f"ON CONFLICT ({key}) DO " + (f"UPDATE SET {others}" if replace else "NOTHING")
        if GEOMETRY_COLUMN in columns:
            rows = _with_headers(rows, columns.index(GEOMETRY_COLUMN))
        sql = f"INSERT INTO {table} ({names}) VALUES ({values}) {known}"  # noqa: S608 - names of our own
        return self.connection.executemany(sql, rows).rowcount


@cache
def _index(name: str) -> str:
    """The statement that makes an index, as a new store has it."""
    made = statements("tables.sql", **WORDS).split(";")
    return next(statement for statement in made if f" {name} " in statement)


def _literal(value: str | None) -> str:
    """A text without NUL as SQL has it."""
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def _with_headers(rows: Iterable[Row], at: int) -> Iterator[Row]:
    for row in rows:
        data = row[at]
        yield row if data is None else (*row[:at], _HEADER + data, *row[at + 1 :])
