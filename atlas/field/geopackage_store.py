"""A store in one file: a GeoPackage that QGIS and QField open, by SQLite as Python brings it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from atlas.errors import AtlasError, InputError, OutputError, UsageError
from atlas.field.database import FORMAT, KEPT, VERSION, WAIT_S, Session, refuse_other, statements
from atlas.field.geopackage_session import WORDS, GeoPackageSession
from atlas.field.store_faults import StoreBusyError, StoreDamagedError, StoreMissingError, StoreUnwritableError
from atlas.field.waiting import waiting
from atlas.files import staging_path
from atlas.foreign_sqlite import MAGIC, contents, interruptible, quoted
from atlas.paths import is_within, reserved_part, sqlite_uri
from atlas.work_steps import OnStep, unheard

_APPLICATION = (68, b"GPKG")
# a larger store takes seconds to be looked through before every write
_CHECKED_BYTES = 200_000_000
_TRIGGERS = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
_COMPUTED = frozenset({2, 3})
_FULL = ("disk is full", "disk I/O error", "readonly", "unable to open", "read-only")


@dataclass(frozen=True, slots=True)
class GeoPackage:
    """A GeoPackage with the tables of a store."""

    path: Path
    on_wait: OnStep = field(default=unheard, repr=False, compare=False)

    @property
    def address(self) -> str:
        """The file."""
        return str(self.path)

    def same_as(self, other: object) -> bool:
        """Whether both are one file."""
        if not isinstance(other, GeoPackage):
            return False
        return is_within(self.path, other.path) and is_within(other.path, self.path)

    def create(self) -> None:
        """Make an empty store; the file appears when it is whole.

        Raises
        ------
        UsageError
            The file is there already.
        OutputError
            It cannot be written.
        """
        if os.path.lexists(self.path):
            msg = f"{self.path} is there already and was left as it is; choose another name"
            raise UsageError(msg)
        if part := reserved_part(self.path):
            msg = f"{self.path}: Windows keeps the name {part!r} for itself; choose another name"
            raise UsageError(msg)
        temporary = staging_path(self.path.parent)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # exact records are nobody else's business on a machine that is shared
            temporary.touch(0o600, exist_ok=False)
            with closing(sqlite3.connect(temporary)) as connection:
                connection.executescript(_tables())
                connection.commit()
            _appear(temporary, self.path)
        except (OSError, sqlite3.Error) as error:
            msg = f"cannot make {self.path} ({error}); choose another folder, or free some space"
            raise OutputError(msg) from error
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees one state; the file is opened read-only."""
        self._refuse_foreign()
        with self._explained("read"), self._connected(self._mode()) as connection:
            connection.execute("BEGIN")
            with waiting(self.address, self.on_wait):
                # the lock comes with the first thing that is read
                connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
            yield GeoPackageSession(connection)
            connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """The only writer's transaction: all of it or nothing is kept, whenever the process or the machine stops."""
        self._refuse_foreign()
        with self._explained("written"), self._connected("rw") as connection:
            with waiting(self.address, self.on_wait):
                connection.execute("BEGIN IMMEDIATE")
            self._refuse_strange_triggers(connection)
            if self.path.stat().st_size <= _CHECKED_BYTES:
                _refuse_damage(connection)
            connection.execute("UPDATE atlas_guard SET writing = 1")
            try:
                session = GeoPackageSession.writing(connection)
                yield session
                session.finish()
            except BaseException:
                connection.rollback()
                raise
            connection.execute("UPDATE atlas_guard SET writing = 0")
            now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
            connection.execute(f"UPDATE gpkg_contents SET last_change = {now} WHERE table_name = 'annotations'")  # noqa: S608 - ours
            connection.commit()

    @contextmanager
    def _connected(self, mode: str) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._uri(f"mode={mode}"), uri=True, timeout=WAIT_S)) as connection:
            connection.isolation_level = None
            with waiting(self.address, self.on_wait):
                # the first of them reads the file, and has to wait where it is locked
                connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA cache_size = -65536")
            connection.execute("PRAGMA trusted_schema = OFF")
            # whatever a store from other hands makes SQLite do, it can be stopped
            with interruptible(connection):
                yield connection

    def _uri(self, query: str) -> str:
        return sqlite_uri(self.path.resolve(), query)

    def _mode(self) -> str:
        """How to open it for reading.

        After a crash the journal has to be rolled back before anything is read, or what QGIS wrote in its way taken
        over; SQLite does it where it may write.
        """
        beside = any(self.path.with_name(f"{self.path.name}{suffix}").exists() for suffix in ("-journal", "-wal"))
        return "rw" if beside and os.access(self.path.parent, os.W_OK) else "ro"

    def _refuse_foreign(self) -> None:
        """Look at the file without touching it: no lock, no journal, no side file."""
        remedy = "give the path of a store, or make one with `atlas field new`"
        try:
            with self.path.open("rb") as stream:
                head = stream.read(100)
        except FileNotFoundError as error:
            msg = (
                f"there is no store {self.path}; make it with `atlas field new {self.path}`, or put it back "
                "if it was moved"
            )
            raise StoreMissingError(msg) from error
        except OSError as error:
            msg = f"{self.path} cannot be opened ({error.strerror}); {remedy}"
            raise InputError(msg) from error
        at, name = _APPLICATION
        if not head.startswith(MAGIC) or head[at : at + len(name)] != name:
            msg = f"{self.path} is not a GeoPackage and was left as it is; {remedy}"
            raise InputError(msg)
        with self._explained("read"):
            try:
                tables, stated = self._names("mode=ro&immutable=1")
            except sqlite3.DatabaseError:
                # a commit may be under way, or was broken off: SQLite waits for it, or rolls it back by its journal
                tables, stated = self._names(f"mode={self._mode()}")
        refuse_other(self.address, stated)
        if missing := sorted({*KEPT, "annotations", "atlas_guard"} - tables):
            msg = (
                f"{self.path} has no table {missing[0]!r}: it is a damaged store; restore a copy. It was left as it is"
            )
            raise StoreDamagedError(msg)

    def _names(self, how: str) -> tuple[frozenset[str], dict[str, str]]:
        """The tables that are plain ones, and what a store says of itself."""
        with (
            closing(sqlite3.connect(self._uri(how), uri=True, timeout=WAIT_S)) as connection,
            interruptible(connection),
        ):
            tables, _ = contents(connection)
            computed = [name for name in {*KEPT, "annotations"} & tables if _computes(connection, name)]
            if computed or "atlas_store" not in tables:
                return tables - frozenset(computed), {}
            return tables, dict(connection.execute('SELECT "key", "value" FROM atlas_store').fetchall())

    def _refuse_strange_triggers(self, connection: sqlite3.Connection) -> None:
        """Refuse to write where something would run that the atlas did not put there."""
        there, ours = set(connection.execute(_TRIGGERS)), {*KEPT, "annotations"}
        if strange := sorted(str(name) for name, table, _ in there - _atlas_triggers() if table in ours):
            msg = (
                f"{self.path} has a trigger {strange[0]!r} that is not the atlas', and was left as it is; take its "
                f"records into a new store with `atlas field merge {self.path} -o NEW.gpkg`"
            )
            raise InputError(msg)

    @contextmanager
    def _explained(self, done: str) -> Iterator[None]:
        """SQLite's errors in the atlas' words."""
        try:
            yield
        except AtlasError:
            raise
        except sqlite3.OperationalError as error:
            raise self._trouble(error, done) from error
        except sqlite3.IntegrityError as error:
            msg = f"{self.path} cannot be {done} so ({error}); what it held before is intact"
            raise OutputError(msg) from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            msg = f"{self.path} is damaged ({error}); restore a copy, or merge what other stores have into a new one"
            raise StoreDamagedError(msg) from error

    def _trouble(self, error: sqlite3.OperationalError, done: str) -> AtlasError:
        text = str(error)
        if "locked" in text or "busy" in text:
            return StoreBusyError(
                f"{self.path} is in use: another program has been writing to it for more than {WAIT_S} s; "
                "close it and do this again"
            )
        if any(word in text for word in _FULL):
            return StoreUnwritableError(
                f"{self.path} cannot be {done} ({text}); what it held before is intact. "
                "Free some space, or change the permissions of the file and its folder"
            )
        return StoreDamagedError(f"{self.path} cannot be {done} ({text}); it is damaged or no store of field notes")


def _tables() -> str:
    parts = ["PRAGMA page_size = 4096;", "BEGIN;", statements("tables.sql", **WORDS), statements("geopackage.sql")]
    parts += [f"INSERT INTO atlas_store (\"key\", \"value\") VALUES ('format', '{FORMAT}'), ('version', '{VERSION}');"]  # noqa: S608 - ours
    parts += [statements("geopackage_triggers.sql", table=table) for table in KEPT]
    parts += [statements("geopackage_guards.sql", event=event) for event in ("INSERT", "UPDATE", "DELETE")]
    return "\n".join([*parts, "COMMIT;"])


@cache
def _atlas_triggers() -> frozenset[tuple[str, str, str]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_tables())
        return frozenset(connection.execute(_TRIGGERS))


def _computes(connection: sqlite3.Connection, table: str) -> bool:
    """Whether a table has columns that are computed when they are read."""
    return any(row[6] in _COMPUTED for row in connection.execute(f"PRAGMA table_xinfo({quoted(table)})"))


def _refuse_damage(connection: sqlite3.Connection) -> None:
    damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if damage != "ok":
        raise sqlite3.DatabaseError(damage)


def _appear(temporary: Path, path: Path) -> None:
    """Give a finished file its name, unless somebody was faster."""
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        msg = f"{path} is there already and was left as it is; choose another name"
        raise UsageError(msg) from error
    except OSError:
        # a memory card's file system knows no links
        temporary.rename(path)
