"""Files into a store: good rows come in, bad rows go to the quarantine with the reason; twice is as good as once.

A file is read, checked and placed before the store is locked, so that others can write while a large one is read. What
is ready of a large file outlasts a process that is killed (`import_stage`), and the same import goes on from there.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from atlas.errors import InputError, UsageError
from atlas.field.batch import Batch, batches, store_batch
from atlas.field.current import filled, storable
from atlas.field.database_address import is_database_address, shown_address
from atlas.field.identity import Identities
from atlas.field.import_stage import ImportStage, Resumption
from atlas.field.readers.detect import DATA_SUFFIXES
from atlas.field.readers.input_folder import walk
from atlas.field.record import annotation_schema
from atlas.field.row import FieldRow, Rejected
from atlas.field.row_to_changes import RowConverter
from atlas.field.spill_file import SpillFile
from atlas.field.store import Store, Writer, now
from atlas.files import sha256_hex, sha256_of_file, write_atomically
from atlas.garbage import collected_seldom
from atlas.release.boundary import refuse_exact_input
from atlas.work_steps import PartOfWork, unheard

Reader: TypeAlias = Callable[[Path], Iterator[FieldRow | Rejected]]

_EVERY_ROWS = 5_000
_IMPORT_COLUMNS = (
    *("import_id", "file", "sha256", "imported_at"),
    *("imported_by", "row_count", "quarantined", "new_changes"),
)


class _NothingNewError(Exception):
    """Leaves a transaction that brought nothing, so that the store stays as it is to the byte."""


@dataclass(slots=True)
class Imported:
    """What came of one file: rows, of these the records that are new, changed or known, and the rows put aside.

    ``kept``: by field how many rows left it empty where the store has a value, which stands. ``resumed``: how many rows
    an import that was cut off had made ready.
    """

    file: str
    rows: int = 0
    new: int = 0
    known: int = 0
    changes: int = 0
    quarantined: int = 0
    proposed: int = 0
    kept: Counter[str] = field(default_factory=Counter)
    resumed: int = 0


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
    expected_rows: int | None = None,
    resumption: Resumption | None = None,
    on_step: Callable[[str], None] | None = None,
) -> tuple[list[Imported], list[PutAside]]:
    """Take files in, one transaction each: a file is in the store with all its good rows, or not at all.

    Parameters
    ----------
    author
        Who recorded the rows that do not say it themselves.
    new_ids
        Rows get ids of their content even where the file has ids.
    expected_rows
        About how many rows each file has, where that is known: progress then says what is left.
    resumption
        Without it a large file that was cut off is read from its beginning.

    Raises
    ------
    InputError
        A file cannot be read at all; those before it are in.
    OutputError
        The store cannot be written; the file in question left nothing in it.
    PolicyError
        A file lies where files are published.
    """
    done, aside = [], []
    for path in files:
        if is_database_address(str(path)):
            msg = (
                f"{shown_address(str(path))} is a database and no file; bring stores together with `atlas field merge`"
            )
            raise UsageError(msg)
        if not path.exists():
            msg = f"{path} does not exist; give the path of a file or folder to import"
            raise InputError(msg)
        refuse_exact_input([path, *_data_in(path)], store.project)
    for path in files:
        schema, identities = annotation_schema(store.project), Identities(path.name, new_ids)
        converter = RowConverter(schema, identities, author, store.placer.reaches)
        imported, rejected = _import_file(
            store, path, read, converter, _Course(on_step or unheard, expected_rows, resumption)
        )
        done.append(imported)
        aside += [PutAside(path.name, row) for row in rejected]
    return done, aside


def _data_in(path: Path) -> list[Path]:
    """The files of a folder that would be read."""
    return [each for each in walk(path) if each.suffix.lower() in DATA_SUFFIXES] if path.is_dir() else []


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
    for rejected in aside:
        parts = (rejected.file, rejected.row.where, rejected.row.reason, rejected.row.raw)
        table.writerow([_harmless(storable(part)) for part in parts])
    write_atomically(path, text.getvalue().encode("utf-8-sig"), private=True)


def _harmless(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


@dataclass(slots=True)
class _Course:
    """How an import goes on: who hears of it, about how many rows there are, and what an earlier one left."""

    notify: Callable[[str], None]
    expected_rows: int | None
    resumption: Resumption | None

    def reading(self, done: Imported, rows: int) -> None:
        text, expected = f"{done.file}: {rows:,} rows read", self.expected_rows
        self.notify(PartOfWork(text, min(rows / expected, 1.0)) if expected else text)

    def stage(self, store: Store, path: Path, digest: str, converter: RowConverter) -> ImportStage | None:
        if self.resumption is None:
            return None
        words = (converter.author, converter.identities.new_ids, self.resumption.settings)
        self.resumption.stage = ImportStage.of(store, path, digest, words)
        return self.resumption.stage


def _import_file(
    store: Store, path: Path, read: Reader, converter: RowConverter, course: _Course
) -> tuple[Imported, list[Rejected]]:
    done, aside = Imported(path.name), list[Rejected]()
    digest = _digest(path)
    with store.reading():
        # a store that is none is found out before the file is read
        pass
    stage = course.stage(store, path, digest, converter)
    with collected_seldom(), stage or SpillFile[Batch](store.folder) as waiting:
        if isinstance(waiting, ImportStage):
            _read_on(waiting, path, read, converter, store, course, done)
        else:
            for batch in batches(read(path), converter, store.placer):
                waiting.add(batch)
                done.rows += batch.rows
                course.reading(done, done.rows)
        # what came before is not even written again
        with suppress(_NothingNewError), store.writing() as writer:
            new, stored = 0, 0
            for portion in _noting(waiting, aside):
                course.notify(
                    PartOfWork(f"{path.name}: {stored:,} of {done.rows:,} rows stored", stored / max(1, done.rows))
                )
                new += _take_in(writer, portion, digest, done)
                stored += portion.rows
            done.proposed = writer.propose()
            if not new + done.proposed + _noted(writer, path, digest, done, converter.author):
                raise _NothingNewError
        if isinstance(waiting, ImportStage):
            waiting.remove()
    return done, aside


def _read_on(  # noqa: PLR0913, PLR0917 - the parts of an import
    stage: ImportStage,
    path: Path,
    read: Reader,
    converter: RowConverter,
    store: Store,
    course: _Course,
    done: Imported,
) -> None:
    """Read what is not yet in the stage of a file, keeping it there."""
    resumption = course.resumption or Resumption()
    done.rows = done.resumed = stage.rows
    if stage.whole:
        resumption.notes += stage.notes
        return
    converter.identities.remember(stage.texts)
    first = len(resumption.notes)
    for batch in batches(_behind(read(path), stage.rows, course, done), converter, store.placer):
        stage.add(batch)
        done.rows += batch.rows
        course.reading(done, done.rows)
    stage.finish(resumption.notes[first:])


def _behind(
    rows: Iterable[FieldRow | Rejected], ready: int, course: _Course, done: Imported
) -> Iterator[FieldRow | Rejected]:
    """The rows behind those that are ready, which are read once more but neither checked nor placed."""
    for number, row in enumerate(rows):
        if number >= ready:
            yield row
        elif number % _EVERY_ROWS == 0:
            course.reading(done, number)


def _noting(waiting: Iterable[Batch], aside: list[Rejected]) -> Iterator[Batch]:
    for batch in waiting:
        aside += batch.rejected
        yield batch


def _digest(path: Path) -> str:
    """Of a file, or of all files of a folder with their names."""
    try:
        if path.is_file():
            return sha256_of_file(path)
        inside = sorted(inner_file for inner_file in path.rglob("*") if inner_file.is_file())
        return sha256_hex(
            "".join(f"{inner_file.relative_to(path)} {sha256_of_file(inner_file)}\n" for inner_file in inside).encode()
        )
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}); change its permissions, or copy it here"
        raise InputError(msg) from error


def _take_in(writer: Writer, batch: Batch, digest: str, done: Imported) -> int:
    known = writer.known(batch.record_ids)
    done.kept += filled(writer.session, ((record_id, names) for record_id, names in batch.blank if record_id in known))
    done.new += len(batch.record_ids) - len(known)
    done.known += len(known)
    done.quarantined += len(batch.rejected)
    changes = store_batch(writer, batch, known, origin=f"file {digest}")
    done.changes += changes
    put_aside = writer.quarantine(batch.rejected, file=done.file, digest=digest)
    return changes + writer.add_media(batch.media) + put_aside


def _noted(writer: Writer, path: Path, digest: str, done: Imported, author: str | None) -> int:
    counts = (done.rows, done.quarantined, done.changes)
    row = (f"{digest} {storable(path.name)}", storable(path.name), digest, now(), author, *counts)
    return writer.session.put("imports", _IMPORT_COLUMNS, [row], key="import_id")
