"""A store for a team: tables in the schema ``atlas_field`` of a PostgreSQL database with PostGIS, by psycopg."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from atlas.errors import AtlasError, UsageError
from atlas.field.database import FORMAT, GEOMETRY_COLUMN, KEPT, VERSION, WAIT_S, Row, Session, refuse_other, statements
from atlas.field.database_address import DatabaseAddress
from atlas.field.store_faults import (
    StoreBusyError,
    StoreDamagedError,
    StoreMissingError,
    StoreUnreachableError,
    StoreUnwritableError,
)
from atlas.field.waiting import waiting
from atlas.work_steps import OnStep, unheard

if TYPE_CHECKING:
    import psycopg

_SCHEMA = "atlas_field"
_VERIFIED = (
    " The server has to prove who it is (sslmode=verify-full): name the certificate of who signed for it with "
    "?sslrootcert=FILE, or say ?sslmode=require, which encrypts without proof"
)
# any number, the same in every atlas: who holds this lock is the only writer
_LOCK = 6_114_727_005
_SRID = (4326).to_bytes(4, "little")
_HAS_SRID = 0x20
_WORDS = {
    "serial": "seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "fid": "fid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "geometry": "geometry(Geometry, 4326)",
    "bytes": "bytea",
    "real": "double precision",
}


@dataclass(frozen=True, slots=True)
class _Session:
    connection: psycopg.Connection[tuple[Any, ...]]
    began_empty: bool = False
    _numbers: count[int] = field(default_factory=count)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        # a cursor on the server: a store may be larger than the memory here
        with self.connection.cursor(f"rows_{next(self._numbers)}") as cursor:
            cursor.itersize = 5000
            cursor.execute(sql.replace("?", "%s"), parameters)
            yield from cursor

    def wkb(self, value: Any) -> bytes | None:  # noqa: ANN401 - as PostgreSQL gives it
        if not value:
            return None
        data = bytes.fromhex(value)
        return data[:4] + bytes([data[4] & ~_HAS_SRID]) + data[5 + len(_SRID) :]

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
        if alike:
            columns, rows = (*columns, *alike), ((*row, *alike.values()) for row in rows)
        names = ", ".join(f'"{column}"' for column in columns)
        others = ", ".join(f'"{column}" = excluded."{column}"' for column in columns if column != key)
        act = f"UPDATE SET {others}" if replace else "NOTHING"
        at = columns.index(GEOMETRY_COLUMN) if GEOMETRY_COLUMN in columns else None
        with self.connection.cursor() as cursor:
            if new and self.began_empty:
                return _copied(cursor, table, names, rows, at)
            cursor.execute(f"CREATE TEMP TABLE arriving AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608 - names of our own
            _copied(cursor, "arriving", names, rows, at)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {names} FROM arriving ON CONFLICT ({key}) DO {act}"  # noqa: S608 - as above
            )
            inserted = cursor.rowcount
            cursor.execute("DROP TABLE arriving")
        return inserted


def _copied(
    cursor: psycopg.Cursor[tuple[Any, ...]], table: str, names: str, rows: Iterable[Row], at: int | None
) -> int:
    """Rows sent into a table, the geometry at some place of them; how many there were."""
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row if at is None else _with_srid(row, at))
    return cursor.rowcount


@dataclass(frozen=True, slots=True)
class PostGIS:
    """A database with the tables of a store."""

    url: str = field(repr=False)
    on_wait: OnStep = field(default=unheard, repr=False, compare=False)

    @property
    def address(self) -> str:
        """Where it is, without a password."""
        return str(self.parts)

    def same_as(self, other: object) -> bool:
        """Whether both are one database, as far as the addresses say."""
        return isinstance(other, PostGIS) and self.parts.identity == other.parts.identity

    @property
    def parts(self) -> DatabaseAddress:
        """The address, taken apart."""
        return DatabaseAddress.of(self.url)

    def create(self) -> None:
        """Make the schema and its tables.

        Raises
        ------
        UsageError
            The schema is there already, or psycopg is not installed.
        OutputError
            The schema cannot be made, or PostGIS is missing and cannot be added.
        """
        with self._explained("made"), self._connected() as connection, connection.transaction():
            self._lock(connection)
            if connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [_SCHEMA]).fetchone():
                msg = f"{self.address} has a schema {_SCHEMA} already; it was left as it is"
                raise UsageError(msg)
            if not _postgis_schema(connection):
                connection.execute("CREATE EXTENSION postgis")
            connection.execute(f"CREATE SCHEMA {_SCHEMA}")
            _search(connection)
            connection.execute(statements("tables.sql", **_WORDS))
            connection.execute(statements("postgis.sql"))
            for table in KEPT:
                connection.execute(
                    f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                    "EXECUTE FUNCTION refuse_alteration()"
                )
            words = [("format", FORMAT), ("version", str(VERSION))]
            connection.cursor().executemany('INSERT INTO atlas_store ("key", "value") VALUES (%s, %s)', words)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees one state."""
        with self._explained("read"), self._connected() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            with waiting(self.address, self.on_wait):
                self._refuse_foreign(connection)
                connection.execute("LOCK TABLE changes, annotations IN ACCESS SHARE MODE")
            yield _Session(connection)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """The only writer's transaction: all of it or nothing is kept."""
        with self._explained("written"), self._connected() as connection, connection.transaction():
            with waiting(self.address, self.on_wait):
                self._refuse_foreign(connection)
                self._lock(connection)
            connection.execute("SET LOCAL atlas.writing = 'on'")
            empty = connection.execute("SELECT NOT EXISTS (SELECT 1 FROM changes)").fetchone()
            yield _Session(connection, bool(empty and empty[0]))

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        parts = self.parts
        added: dict[str, Any] = dict(parts.encryption())
        import psycopg  # noqa: PLC0415 - only for a store of this kind; that it is there, the address has found out

        try:
            connection = psycopg.connect(self.url, autocommit=True, application_name="atlas field", **added)
        except psycopg.Error as error:
            why = parts.without_secrets(_first_line(error))
            remedy = f"is the server running, and the address right?{_VERIFIED if added else ''}"
            msg = f"cannot reach {self.address} ({why}); {remedy}"
            # the error that it came with may repeat the address
            raise StoreUnreachableError(msg) from None
        with connection:
            connection.execute("SET client_min_messages = warning")
            # whatever is locked, for readers too: nothing waits for ever, and without a word
            connection.execute(f"SET lock_timeout = '{WAIT_S}s'")
            yield connection

    def _lock(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])

    def _refuse_foreign(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        is_there = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{_SCHEMA}.atlas_store"]).fetchone()
        if not (is_there and is_there[0]):
            msg = f"there is no store in {self.address}; make it with `atlas field new {self.address}`"
            raise StoreMissingError(msg)
        _search(connection)
        words = connection.execute('SELECT "key", "value" FROM atlas_store').fetchall()
        refuse_other(self.address, dict(words))

    @contextmanager
    def _explained(self, done: str) -> Iterator[None]:
        """PostgreSQL's errors in the atlas' words."""
        try:
            yield
        except AtlasError:
            raise
        except Exception as error:
            if type(error).__module__.partition(".")[0] != "psycopg":
                raise
            raise self._trouble(error, done) from error

    def _trouble(self, error: Exception, done: str) -> AtlasError:
        kind, text = type(error).__name__, self.parts.without_secrets(_first_line(error))
        if kind == "LockNotAvailable":
            return StoreBusyError(
                f"{self.address} is in use: another program has been writing to it for more than {WAIT_S} s; "
                "do this again when it is done"
            )
        if kind in {"UndefinedTable", "UndefinedColumn"}:
            return StoreDamagedError(f"{self.address} is a damaged store ({text}); restore a copy")
        return StoreUnwritableError(
            f"{self.address} cannot be {done} ({text}); what it held before is intact. "
            "Free some space on the server, ask for the rights, or try again"
        )


def _postgis_schema(connection: psycopg.Connection[tuple[Any, ...]]) -> str | None:
    sql = "SELECT nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'postgis'"
    answer = connection.execute(sql).fetchone()
    return str(answer[0]) if answer else None


def _search(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Make the names of the tables, and PostGIS wherever it is installed, known to this transaction."""
    path = f"{_SCHEMA}, {_postgis_schema(connection) or 'public'}"
    connection.execute("SELECT set_config('search_path', %s, true)", [path])


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _with_srid(row: Row, at: int) -> Row:
    """The row with its well-known binary as PostGIS' extended one, in hexadecimal."""
    data = row[at]
    if data is None:
        return row
    extended = data[:4] + bytes([data[4] | _HAS_SRID]) + _SRID + data[5:]
    return (*row[:at], extended.hex(), *row[at + 1 :])
