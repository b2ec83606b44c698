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
_CHANGES, _INDEX = "changes", "changes_of_record"


@dataclass(slots=True)
class GeoPackageSession:
    """A transaction.

    Attributes
    ----------
    unindexed
        Whether the index of changes by record is still to be made: of a store that was empty it is made at once when
        all is in, which takes less time than to keep it meanwhile. Nobody but this transaction sees it missing.
    """

    connection: sqlite3.Connection
    unindexed: bool = False

    @classmethod
    def writing(cls, connection: sqlite3.Connection) -> GeoPackageSession:
        """The session of a transaction that may write."""
        empty = connection.execute(f"SELECT 1 FROM {_CHANGES} LIMIT 1").fetchone() is None  # noqa: S608 - name of our own
        if empty:
            connection.execute(f"DROP INDEX IF EXISTS {_INDEX}")
        return cls(connection, empty)

    def finish(self) -> None:
        """Leave nothing undone; before anything is kept."""
        if self.unindexed:
            self.connection.execute(_index())
            self.unindexed = False

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query."""
        if self.unindexed and _CHANGES in sql:
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
        alike: Mapping[str, str | None] = MappingProxyType({}),
    ) -> int:
        """Insert rows; one whose key is there already is passed over or, with ``replace``, takes its place."""
        names = ", ".join(f'"{column}"' for column in (*columns, *alike))
        # to bind a value takes as long as to find its place, and there may be millions of rows
        values = ", ".join([*("?" for _ in columns), *map(_literal, alike.values())])
        sql = f"INSERT INTO {table} ({names}) VALUES ({values}) ON CONFLICT ({key}) DO "  # noqa: S608 - names of our own
        others = ", ".join(f'"{column}" = excluded."{column}"' for column in (*columns, *alike) if column != key)
        if GEOMETRY_COLUMN in columns:
            rows = _with_headers(rows, columns.index(GEOMETRY_COLUMN))
        return self.connection.executemany(sql + (f"UPDATE SET {others}" if replace else "NOTHING"), rows).rowcount


@cache
def _index() -> str:
    """The statement that makes the index, as a new store has it."""
    made = statements("tables.sql", **WORDS).split(";")
    return next(statement for statement in made if f" {_INDEX} " in statement)


def _literal(value: str | None) -> str:
    """A text without NUL as SQL has it."""
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def _with_headers(rows: Iterable[Row], at: int) -> Iterator[Row]:
    for row in rows:
        data = row[at]
        yield row if data is None else (*row[:at], _HEADER + data, *row[at + 1 :])
