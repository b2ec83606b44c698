"""Ids that stand twice in one file: the same content again is passed over, other content is refused."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import blake2b

import orjson

from atlas.field.identity import unique_id
from atlas.field.readers.read_options import ReadOptions
from atlas.field.row import FieldRow, Rejected

# a database without a name lives in a temporary file that vanishes: the memory for ids stays the same for any file
_SQL = "CREATE TABLE seen (id BLOB PRIMARY KEY, content BLOB, place TEXT) WITHOUT ROWID"


def once(rows: Iterable[FieldRow | Rejected], options: ReadOptions, name: str) -> Iterator[FieldRow | Rejected]:
    """The rows, each id once.

    Parameters
    ----------
    rows
        What a reader gives; rows that carry their history, or are said to be edits, may repeat an id.
    options
        Hears how many rows stood twice.
    name
        What messages call the file.
    """
    again = 0
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA cache_size = -16384")
        connection.execute(_SQL)
        connection.execute("BEGIN")
        for row in rows:
            first = _first(connection, row) if isinstance(row, FieldRow) and _is_once(row) else None
            if first is None:
                yield row
            elif isinstance(first, Rejected):
                yield first
            else:
                again += 1
    if again:
        options.notify(f"{name}: {again:,} rows stand twice with the same id and content; each came in once")


def _is_once(row: FieldRow) -> bool:
    """Whether the id of a row may stand in one row only; versions that say their order may be several."""
    return bool(row.record_id and not row.changes and not (row.version and row.version.order))


def _first(connection: sqlite3.Connection, row: FieldRow) -> Rejected | bool | None:
    """Nothing for a new id, true for one that said the same before, else why it is refused."""
    digest = blake2b(_content(row), digest_size=16).digest()
    within = "" if unique_id(str(row.record_id)) else row.file or ""
    key = blake2b(f"{within}\n{row.record_id}".encode("utf-8", "surrogateescape"), digest_size=16).digest()
    held = connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (key, digest, row.where))
    if held.rowcount:
        return None
    before, place = connection.execute("SELECT content, place FROM seen WHERE id = ?", (key,)).fetchone()
    if before == digest:
        return True
    reason = (
        f"its id {row.record_id!r} stands at {place} with other content; give each record an id of its own, "
        "or leave out the one that no longer holds"
    )
    return Rejected(row.where, reason, _as_text(row))


def _content(row: FieldRow) -> bytes:
    try:
        return orjson.dumps([row.geometry, row.fields], default=str, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # halves of pairs, and numbers of any length
        return _as_text(row).encode("utf-8", "surrogatepass")


def _as_text(row: FieldRow) -> str:
    return json.dumps([row.geometry, row.fields], sort_keys=True, ensure_ascii=False, default=str)
