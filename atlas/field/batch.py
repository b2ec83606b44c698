"""A file in portions that are ready for the store: read, checked and placed before anybody has to wait for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from atlas.field.change import ChangeError, canonical
from atlas.field.export_base import UnchangedValue
from atlas.field.place import Placer
from atlas.field.row import FieldRow, Media, Rejected
from atlas.field.row_to_changes import Prepared, RowConverter
from atlas.field.store import Ready, Writer

_ROWS = 5_000
_MEDIA_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file, as far as they can be understood without the store.

    Attributes
    ----------
    rows
        How many there were.
    record_ids
        Of the rows that can come in.
    echoes
        What the rows repeat of the store that they were exported from: the store has to say whether it is news.
    blank
        By record the fields that its row leaves empty, which says nothing: the store knows whether it has values there.
    texts
        What the ids were made of that were made of what rows say (see `Identities.latest`).
    """

    rows: int
    record_ids: frozenset[str]
    ready: Ready
    echoes: tuple[UnchangedValue, ...]
    media: tuple[Media, ...]
    rejected: tuple[Rejected, ...]
    blank: tuple[tuple[str, frozenset[str]], ...] = ()
    texts: tuple[str, ...] = ()


def batches(rows: Iterable[FieldRow | Rejected], converter: RowConverter, placer: Placer) -> Iterator[Batch]:
    """All rows of a file, so many at a time as fit into memory with their photos."""
    prepared, rejected, photo_bytes = list[Prepared](), list[Rejected](), 0
    for row in rows:
        if isinstance(row, Rejected):
            rejected.append(row)
        else:
            try:
                made = converter.prepare(row)
            except ChangeError as error:
                rejected.append(Rejected(row.where, str(error), _raw(row)))
            else:
                prepared.append(made)
                photo_bytes += sum(len(media.data) for media in made.media)
        if len(prepared) + len(rejected) >= _ROWS or photo_bytes > _MEDIA_BYTES:
            yield _portion(prepared, rejected, placer, converter.identities.latest())
            prepared, rejected, photo_bytes = [], [], 0
    if prepared or rejected:
        yield _portion(prepared, rejected, placer, converter.identities.latest())


def store_batch(writer: Writer, batch: Batch, known: set[str], *, origin: str) -> int:
    """Add what a portion says; how many changes are new.

    Parameters
    ----------
    known
        Those of its records that the store has something of.
    origin
        What brought them.
    """
    held = writer.held(head for echo in batch.echoes for head in echo.heads)
    news = [echo.change for echo in batch.echoes if not held.issuperset(echo.heads)]
    return writer.add_ready(batch.ready, news, known, origin=origin)


def _portion(
    prepared: Sequence[Prepared], rejected: Sequence[Rejected], placer: Placer, texts: tuple[str, ...]
) -> Batch:
    return Batch(
        len(prepared) + len(rejected),
        frozenset(row.record_id for row in prepared),
        Ready.of((change for row in prepared for change in row.changes), placer),
        tuple(echo for row in prepared for echo in row.echoes),
        tuple(media for row in prepared for media in row.media),
        tuple(rejected),
        tuple((row.record_id, row.blank) for row in prepared if row.blank),
        texts,
    )


def _raw(row: FieldRow) -> str:
    """A row as text: what was read of it."""
    try:
        return canonical({"id": row.record_id, "fields": dict(row.fields), "geometry": row.geometry})
    except ChangeError:
        return repr((row.record_id, dict(row.fields), row.geometry))
