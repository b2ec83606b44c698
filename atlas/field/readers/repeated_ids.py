"""Ids that stand twice in one file: the same content again is passed over, other content is refused."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from hashlib import blake2b

import orjson

from atlas.errors import InputError
from atlas.field.identity import unique_id
from atlas.field.readers.read_options import ReadOptions
from atlas.field.row import FieldRow, Rejected

# a database without a name lives in a temporary file that vanishes: the memory for ids stays the same for any file
_SQL = "CREATE TABLE seen (id BLOB PRIMARY KEY, content BLOB, place TEXT, number INTEGER) WITHOUT ROWID"

_PORTION = 500


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
        for first, portion in _portions(rows):
            for row, verdict in zip(portion, _judged(connection, portion, first), strict=True):
                if verdict is True:
                    again += 1
                else:
                    yield verdict or row
    if again:
        options.notify(f"{name}: {again:,} rows stand twice with the same id and content; each came in once")


def _portions(rows: Iterable[FieldRow | Rejected]) -> Iterator[tuple[int, list[FieldRow | Rejected]]]:
    """Some rows at a time and the number of the first: all that came before a fault, few where they have photos."""
    first, portion = 0, list[FieldRow | Rejected]()
    try:
        for row in rows:
            portion.append(row)
            if len(portion) == _PORTION or (isinstance(row, FieldRow) and row.media):
                yield first, portion
                first, portion = first + len(portion), []
    except InputError:
        yield first, portion
        raise
    yield first, portion


def _judged(
    connection: sqlite3.Connection, rows: Sequence[FieldRow | Rejected], first: int
) -> Iterator[Rejected | bool | None]:
    """For each row nothing if its id is new, true where it said the same before, else why it is refused."""
    ids = [
        (*_digests(row), row.where, number) if isinstance(row, FieldRow) and _is_once(row) else None
        for number, row in enumerate(rows, start=first)
    ]
    single = [each for each in ids if each]
    held = connection.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)", single).rowcount if single else 0
    if held == len(single):
        yield from (None for _ in rows)
        return
    for row, each in zip(rows, ids, strict=True):
        yield _judgement(connection, row, *each) if each and isinstance(row, FieldRow) else None


def _judgement(
    connection: sqlite3.Connection, row: FieldRow, key: bytes, digest: bytes, _where: str, number: int
) -> Rejected | bool | None:
    sql = "SELECT content, place, number FROM seen WHERE id = ?"
    before, place, holder = connection.execute(sql, (key,)).fetchone()
    if holder == number:
        return None
    if before == digest:
        return True
    reason = (
        f"its id {row.record_id!r} stands at {place} with other content; give each record an id of its own, "
        "or leave out the one that no longer holds"
    )
    return Rejected(row.where, reason, _as_text(row))


def _is_once(row: FieldRow) -> bool:
    """Whether the id of a row may stand in one row only; versions that say their order may be several."""
    return bool(row.record_id and not row.changes and not (row.version and row.version.order))


def _digests(row: FieldRow) -> tuple[bytes, bytes]:
    """Of the id of a row and of what it says."""
    within = "" if unique_id(str(row.record_id)) else row.file or ""
    key = blake2b(f"{within}\n{row.record_id}".encode("utf-8", "surrogateescape"), digest_size=16).digest()
    return key, blake2b(_content(row), digest_size=16).digest()


def _content(row: FieldRow) -> bytes:
    try:
        return orjson.dumps([row.geometry, row.fields], default=str, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # halves of pairs, and numbers of any length
        return _as_text(row).encode("utf-8", "surrogatepass")


def _as_text(row: FieldRow) -> str:
    return json.dumps([row.geometry, row.fields], sort_keys=True, ensure_ascii=False, default=str)
