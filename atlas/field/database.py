"""What a store needs of a database, and GeoPackage and PostGIS give: rows out, rows in, one writer at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from importlib import resources
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias

from atlas.errors import InputError
from atlas.field.row import Media

FORMAT, VERSION = "atlas-field-notes", 1
# they only grow
KEPT = ("atlas_store", "changes", "imports", "quarantine", "proposals", "media")
GEOMETRY_COLUMN = "geom"
# how long a second process waits for the first
WAIT_S = 120
_CHUNK = 500

Row: TypeAlias = Sequence[Any]


class Session(Protocol):
    """A transaction, for reading or for writing."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of a query; ``?`` stands for a parameter."""

    def wkb(self, value: Any) -> bytes | None:  # noqa: ANN401 - each database has a type of its own
        """Well-known binary of what a query gave for the geometry column."""

    def put(  # noqa: PLR0913 - what an insertion has
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
        """Insert rows; one whose key is there already is passed over or, with ``replace``, takes its place.

        The geometry column takes well-known binary. ``alike``: more columns, whose value is the same in all rows.
        ``new``: no key of the rows is there, so that a store which was empty need not look for it.

        Returns
        -------
        How many rows were inserted (with ``replace``: inserted or replaced).
        """


class Database(Protocol):
    """A place that keeps a store."""

    @property
    def address(self) -> str:
        """Where it is, for messages: without a password."""

    def same_as(self, other: Database) -> bool:
        """Whether both are one place."""

    def create(self) -> None:
        """Make an empty store.

        Raises
        ------
        UsageError
            Something is there already.
        """

    def reading(self) -> AbstractContextManager[Session]:
        """A transaction that sees one state.

        Raises
        ------
        InputError
            There is no store, it is damaged, or it is something else.
        """

    def writing(self) -> AbstractContextManager[Session]:
        """A transaction of the only writer: all of it or nothing is kept.

        Raises
        ------
        InputError
            As for reading.
        OutputError
            The store cannot be written; it is as it was.
        """


class NoStoreError(InputError):
    """A database that is whole and is no store of field notes."""


def rows_of(session: Session, sql: str, keys: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    """Rows of a query for many keys; ``{keys}`` stands for the list of them."""
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        yield from session.rows(sql.replace("{keys}", ", ".join("?" * len(some))), some)


def statements(name: str, **words: str) -> str:
    """SQL of this folder with its words filled in."""
    text = resources.files("atlas.field").joinpath("sql", name).read_text("utf-8")
    for word, meaning in words.items():
        text = text.replace(f"{{{word}}}", meaning)
    return text


def refuse_other(address: str, store: dict[str, str]) -> None:
    """Refuse a store of another format or of a version that is not known yet.

    Raises
    ------
    InputError
        It is one.
    """
    if store.get("format") != FORMAT:
        msg = f"{address} is no store of field notes; to take its records in, give it to `atlas field import`"
        raise NoStoreError(msg)
    if store.get("version") != str(VERSION):
        msg = f"{address} is a store of version {store.get('version')!r}; this atlas knows {VERSION}: use a newer atlas"
        raise InputError(msg)


def media_row(media: Media, sha256: str) -> Row:
    """A photo as a row of the table of media."""
    return (f"{sha256} {media.name}", media.name, media.kind, sha256, media.data)
