"""Files into a store: good rows come in, bad rows go to the quarantine with the reason; twice is as good as once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from atlas.errors import InputError
from atlas.field.change import ChangeError, canonical
from atlas.field.current import storable
from atlas.field.identity import Identities
from atlas.field.incoming import Incoming, Rejected
from atlas.field.intake import Intake, Prepared
from atlas.field.record import annotation_schema
from atlas.field.store import Store, Writer, now
from atlas.files import sha256_hex, sha256_of_file
from atlas.release.sealed import write_private

Reader: TypeAlias = Callable[[Path], Iterator[Incoming | Rejected]]

_BATCH = 5_000
_IMPORT_COLUMNS = (
    *("import_id", "file", "sha256", "imported_at"),
    *("imported_by", "row_count", "quarantined", "new_changes"),
)


class _NothingNewError(Exception):
    """Leaves a transaction that brought nothing, so that the store stays as it is to the byte."""


@dataclass(slots=True)
class Imported:
    """What came of one file: rows, of these the records that are new, changed or known, and the rows put aside."""

    file: str
    rows: int = 0
    new: int = 0
    known: int = 0
    changes: int = 0
    quarantined: int = 0
    proposed: int = 0


@dataclass(frozen=True, slots=True)
class PutAside:
    """A row in the quarantine, with its file."""

    file: str
    row: Rejected


def import_files(  # noqa: PLR0913 - one option of the command each
    store: Store,
    files: Sequence[Path],
    read: Reader,
    *,
    author: str | None = None,
    new_ids: bool = False,
    on_step: Callable[[str], None] | None = None,
) -> tuple[list[Imported], list[PutAside]]:
    """Take files in, one transaction each: a file is in the store with all its good rows, or not at all.

    Parameters
    ----------
    author
        Who recorded the rows that do not say it themselves.
    new_ids
        Rows get ids of their content even where the file has ids.

    Raises
    ------
    InputError
        A file cannot be read at all; those before it are in.
    OutputError
        The store cannot be written; the file in question left nothing in it.
    """
    done, aside = [], []
    for path in files:
        if not path.exists():
            msg = f"{path} does not exist; give the path of a file or folder to import"
            raise InputError(msg)
    for path in files:
        schema, identities = annotation_schema(store.project), Identities(path.name, new_ids)
        intake = Intake(schema, identities, author, store.placer.reaches)
        imported, rejected = _import_file(store, path, read, intake, on_step)
        done.append(imported)
        aside += [PutAside(path.name, row) for row in rejected]
    return done, aside


def write_quarantine(path: Path, aside: Iterable[PutAside]) -> None:
    """Write the rows that could not come in as a table: where each stands, why, and its text as it came.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["file", "where", "reason", "raw"])
    for found in aside:
        parts = (found.file, found.row.where, found.row.reason, found.row.raw)
        table.writerow([_harmless(storable(part)) for part in parts])
    write_private(path, text.getvalue().encode("utf-8-sig"))


def _harmless(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _import_file(
    store: Store, path: Path, read: Reader, intake: Intake, on_step: Callable[[str], None] | None
) -> tuple[Imported, list[Rejected]]:
    done, aside = Imported(path.name), list[Rejected]()
    digest = _digest(path)
    # what came before is not even written again
    with suppress(_NothingNewError), store.writing() as writer:
        rows, new = read(path), 0
        while batch := list(islice(rows, _BATCH)):
            prepared, rejected = _sorted_out(batch, intake)
            new += _take_in(writer, prepared, digest, done)
            new += writer.quarantine(rejected, file=path.name, digest=digest)
            aside += rejected
            done.rows += len(batch)
            done.quarantined += len(rejected)
            if on_step:
                on_step(f"{path.name}: {done.rows:,} rows")
        done.proposed = writer.propose()
        if not new + done.proposed + _noted(writer, path, digest, done, intake.author):
            raise _NothingNewError
    return done, aside


def _digest(path: Path) -> str:
    """Of a file, or of all files of a folder with their names."""
    try:
        if path.is_file():
            return sha256_of_file(path)
        inside = sorted(found for found in path.rglob("*") if found.is_file())
        return sha256_hex("".join(f"{found.relative_to(path)} {sha256_of_file(found)}\n" for found in inside).encode())
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}); change its permissions, or copy it here"
        raise InputError(msg) from error


def _sorted_out(rows: Iterable[Incoming | Rejected], intake: Intake) -> tuple[list[Prepared], list[Rejected]]:
    prepared, rejected = list[Prepared](), list[Rejected]()
    for row in rows:
        if isinstance(row, Rejected):
            rejected.append(row)
            continue
        try:
            prepared.append(intake.prepare(row))
        except ChangeError as error:
            rejected.append(Rejected(row.where, str(error), _raw(row)))
    return prepared, rejected


def _take_in(writer: Writer, prepared: Sequence[Prepared], digest: str, done: Imported) -> int:
    ids = {row.record_id for row in prepared}
    known = writer.known(ids)
    done.new += len(ids) - len(known)
    done.known += len(known)
    echoes = [echo for row in prepared for echo in row.echoes]
    held = writer.held(head for echo in echoes for head in echo.heads)
    news = [echo.change for echo in echoes if not held.issuperset(echo.heads)]
    said = [change for row in prepared for change in row.changes]
    done.changes += writer.add([*said, *news], origin=f"file {digest}")
    return done.changes + writer.add_media(item for row in prepared for item in row.media)


def _noted(writer: Writer, path: Path, digest: str, done: Imported, author: str | None) -> int:
    counts = (done.rows, done.quarantined, done.changes)
    row = (f"{digest} {storable(path.name)}", storable(path.name), digest, now(), author, *counts)
    return writer.session.put("imports", _IMPORT_COLUMNS, [row], key="import_id")


def _raw(row: Incoming) -> str:
    """A row as text: what was read of it."""
    try:
        return canonical({"id": row.record_id, "fields": dict(row.fields), "geometry": row.geometry})
    except ChangeError:
        return repr((row.record_id, dict(row.fields), row.geometry))
