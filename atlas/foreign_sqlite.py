"""SQLite files of strangers: plain tables are read, nothing in the file runs, and whatever is asked can be stopped.

A database carries code: views, triggers, virtual tables, generated columns, functions in its schema. Here every
statement passes an authorizer that lets nothing through but the reading of plain tables, and a progress handler that
lets Ctrl-C and termination through, too, and ends what gives no row for too long.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from atlas.errors import InputError
from atlas.paths import sqlite_uri

MAGIC = b"SQLite format 3\0"
LONGEST_VALUE_BYTES = 64_000_000
_WAL_AT, _WAL_MODE, _ROLLBACK_MODE = slice(18, 20), b"\x02\x02", b"\x01\x01"
_STEPS = 100_000
# some ten seconds without a single row
_PATIENCE = 10_000
_LIMITS = (
    (sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE_BYTES),
    (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 1_000_000),
    (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 100),
    (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 20),
    (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
    (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1),
    (sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
    (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
)
_GUARDED = ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0")
_SCHEMA = frozenset({"sqlite_master", "sqlite_schema"})
_PLAIN = re.compile(r"CREATE\s+TABLE\b", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|--[^\n]*", re.DOTALL)
_COMPUTED = frozenset({1, 2})


@dataclass(slots=True)
class Watch:
    """Lets signals through while SQLite works, and counts how long it has given nothing.

    Attributes
    ----------
    patience
        After how many calls without a row a statement ends; never if not given.
    stopped
        What a signal's handler raised meanwhile.
    """

    patience: int | None = None
    idle: int = 0
    stopped: BaseException | None = None

    def put_on(self, connection: sqlite3.Connection) -> None:
        """Be called by a connection while it works."""
        connection.set_progress_handler(self._calls().__next__, _STEPS)

    def _calls(self) -> Iterator[int]:
        """What each call answers: 0 to go on, 1 to end.

        A generator, because Python runs the handlers of signals where a function begins, or a generator goes on: what
        they raise at the beginning of a function, SQLite would swallow.
        """
        while True:
            try:
                yield int(self.patience is not None and self.idle > self.patience)
                self.idle += 1
            except GeneratorExit:
                return
            except BaseException as error:  # noqa: BLE001 - raised again below
                self.stopped = error
                yield 1


@contextmanager
def interruptible(connection: sqlite3.Connection, *, patience: int | None = None) -> Iterator[Watch]:
    """A connection whose statements end on Ctrl-C and termination, with what these raise."""
    watch = Watch(patience)
    watch.put_on(connection)
    try:
        yield watch
    except sqlite3.Error:
        if watch.stopped is not None:
            raise watch.stopped from None
        raise


@dataclass(frozen=True, slots=True)
class ForeignDatabase:
    """The plain tables of a database, and the names of what else there is in it."""

    connection: sqlite3.Connection
    tables: frozenset[str]
    others: frozenset[str]
    name: str
    _watch: Watch = field(repr=False)

    def columns(self, table: str) -> tuple[str, ...]:
        """The columns of a table that hold something; those that would be computed are left out."""
        self._refuse_other(table)
        rows = self.connection.execute(f"PRAGMA table_xinfo({quoted(table)})")
        return tuple(row[1] for row in rows if row[6] not in _COMPUTED)

    def rows(
        self, table: str, columns: Sequence[str], *, order: str | None = None, limit: int | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Rows of a plain table in their order, or in that of a column.

        Raises
        ------
        InputError
            It is a view or a virtual table, or has no such column.
        """
        self._refuse_other(table)
        if missing := [column for column in columns if column not in self.columns(table)]:
            msg = f"{self.name}: the table {table!r} has no column {missing[0]!r}; export or copy it again"
            raise InputError(msg)
        names = ", ".join(map(quoted, columns))
        # an index could say something else than its table
        sql = f"SELECT {names} FROM {quoted(table)} NOT INDEXED"  # noqa: S608 - quoted
        sql += f" ORDER BY {quoted(order)}" if order else ""
        sql += f" LIMIT {limit:d}" if limit is not None else ""
        self._watch.idle = 0
        for row in self.connection.execute(sql):
            self._watch.idle = 0
            yield row

    def _refuse_other(self, table: str) -> None:
        if table not in self.tables:
            what = "is a view or a virtual table, which is not read" if table in self.others else "is not there"
            msg = f"{self.name}: the table {table!r} {what}; export it as a table of its own"
            raise InputError(msg)


@contextmanager
def foreign_database(
    source: Path | bytes, *, name: str, remedy: str, is_alone: bool = False
) -> Iterator[ForeignDatabase]:
    """A database of a stranger, from its file or from memory, read and never written.

    Parameters
    ----------
    name
        What a message calls it.
    remedy
        What to do where it cannot be read.
    is_alone
        Whether a file is read without what a journal beside it says, and nothing is written beside it.

    Raises
    ------
    InputError
        It is damaged, or gives no row for too long; also while rows are taken.
    """
    try:
        with closing(_connected(source, is_alone=is_alone)) as connection:
            _guard(connection)
            with interruptible(connection, patience=_PATIENCE) as watch:
                tables, others = contents(connection)
                allowed = tables | _SCHEMA
                connection.set_authorizer(lambda *request: _authorized(allowed, *request))
                try:
                    yield ForeignDatabase(connection, tables, others, name, watch)
                except sqlite3.OperationalError as error:
                    if watch.stopped is None and watch.idle > _PATIENCE:
                        msg = f"{name} gives no row for too long and was left; {remedy}"
                        raise InputError(msg) from error
                    raise
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        msg = f"{name} is damaged or cut off ({error}); {remedy}"
        raise InputError(msg) from error


def guard_limits(connection: sqlite3.Connection) -> None:
    """Set what no file may go beyond."""
    for limit, most in _LIMITS:
        connection.setlimit(limit, most)
    if hasattr(connection, "setconfig"):  # since Python 3.12
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)  # type: ignore[attr-defined,unused-ignore] # noqa: FBT003


def quoted(name: str) -> str:
    """A name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def _connected(source: Path | bytes, *, is_alone: bool) -> sqlite3.Connection:
    if isinstance(source, Path):
        query = "mode=ro&immutable=1" if is_alone else "mode=ro"
        return sqlite3.connect(sqlite_uri(source.resolve(), query), uri=True)
    data = source
    if data[_WAL_AT] == _WAL_MODE:
        # in memory there is no log beside the file
        data = data[: _WAL_AT.start] + _ROLLBACK_MODE + data[_WAL_AT.stop :]
    if not data.startswith(MAGIC):
        msg = "it does not begin as a database does"
        raise sqlite3.DatabaseError(msg)
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    return connection


def _guard(connection: sqlite3.Connection) -> None:
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    guard_limits(connection)
    for pragma in _GUARDED:
        connection.execute(f"PRAGMA {pragma}")


def contents(connection: sqlite3.Connection) -> tuple[frozenset[str], frozenset[str]]:
    """The names of plain tables, by the text that makes them and not by what the schema calls them; and the others."""
    tables: set[str] = set()
    others: set[str] = set()
    for kind, name, root, sql in connection.execute("SELECT type, name, rootpage, sql FROM sqlite_master"):
        if kind not in {"table", "view"} or not isinstance(name, str):
            continue
        text = _COMMENT.sub(" ", sql).lstrip() if isinstance(sql, str) else ""
        plain = kind == "table" and isinstance(root, int) and root > 0 and _PLAIN.match(text)
        (tables if plain and name not in others else others).add(name)
    return frozenset(tables - others), frozenset(others)


def _authorized(allowed: frozenset[str], action: int, first: str | None, *rest: str | None) -> int:
    """Let reading through, of tables that were asked for by name; ``rest`` ends with the view or trigger that asks."""
    asks = rest[-1]
    if action == sqlite3.SQLITE_READ and first in allowed and asks is None:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_SELECT and asks is None:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first == "table_xinfo":
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
