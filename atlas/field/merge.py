"""Merging stores: the union of their changes. Any order and any grouping gives the same store, and twice is once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from atlas.errors import InputError, UsageError
from atlas.field.change import Change, ChangeError
from atlas.field.store import Store
from atlas.field.store_view import View
from atlas.work_steps import OnStep, counted, unheard

# tables that are united row by row, by what makes a row the same
_UNITED = {
    "media": ("media_id", ("media_id", "name", "kind", "sha256", "data")),
    "imports": (
        "import_id",
        (
            *("import_id", "file", "sha256", "imported_at"),
            *("imported_by", "row_count", "quarantined", "new_changes"),
        ),
    ),
    "quarantine": (
        "quarantine_id",
        ("quarantine_id", "file", "sha256", "place", "reason", "raw", "received_at"),
    ),
    "proposals": ("proposal_id", ("proposal_id", "first_id", "second_id", "why", "proposed_at")),
}
_MEDIA_DATA, _MEDIA_DIGEST = 4, 3


@dataclass(frozen=True, slots=True)
class Merged:
    """What one store brought: new changes, and pairs of records that look alike."""

    address: str
    changes: int
    proposed: int


def merge(target: Store, others: Sequence[Store], *, on_step: OnStep = unheard) -> list[Merged]:
    """Bring all that other stores hold into ``target``, one transaction a store; the others are only read.

    Parameters
    ----------
    on_step
        Is called with how much of each store has been taken over.

    Raises
    ------
    UsageError
        A store would be merged into itself.
    InputError
        A store cannot be used, or holds something that was altered.
    OutputError
        The target cannot be written.
    """
    for other in others:
        if other.database.same_as(target.database):
            msg = f"{other.address} cannot be merged into itself; name another store"
            raise UsageError(msg)
    return [_merge_one(target, other, on_step) for other in others]


def _merge_one(target: Store, other: Store, on_step: OnStep) -> Merged:
    with other.reading() as view, target.writing() as writer:
        changes = counted(_verified(view, other.address), view.change_count(), on_step, other.address)
        new = writer.add_all(changes, origin=f"store {other.address}")
        on_step(f"{other.address}: photos and likely duplicates")
        for table, (key, columns) in _UNITED.items():
            names = ", ".join(f'"{column}"' for column in columns)
            rows = view.session.rows(f"SELECT {names} FROM {table} ORDER BY seq")  # noqa: S608 - names of our own
            rows = _verified_media(rows, other.address) if table == "media" else rows
            writer.session.put(table, columns, rows, key=key)
        return Merged(other.address, new, writer.propose())


def _verified(view: View, address: str) -> Iterator[Change]:
    """The changes of a store, each held against its id."""
    for change in view.changes():
        try:
            _refuse_altered(change)
        except (ChangeError, ValueError, RecursionError) as error:
            msg = f"{address} is damaged or was altered: {error}; restore a copy of it. Nothing of it was merged"
            raise InputError(msg) from error
        yield change


def _refuse_altered(change: Change) -> None:
    """Refuse a change whose content is not what its id says, or whose value says two things."""
    if Change.from_json(change.as_json()).text != change.text:
        msg = f"the value of the change {change.change_id[:12]}… is not written as the atlas writes it"
        raise ChangeError(msg)


def _verified_media(rows: Iterator[tuple[object, ...]], address: str) -> Iterator[tuple[object, ...]]:
    for row in rows:
        data = row[_MEDIA_DATA]
        if not isinstance(data, bytes) or sha256(data).hexdigest() != row[_MEDIA_DIGEST]:
            msg = f"{address} is damaged or was altered: the photo {row[1]!r:.80} is not what its digest says"
            raise InputError(msg)
        yield row
