"""What the desk shows of a store: its queue, one record with both sides of its conflicts, and its history."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from atlas.errors import InputError
from atlas.field.change import DECISION, EDITED, Change, Json
from atlas.field.current import conflict_table
from atlas.field.handover.store_key import encoded
from atlas.field.overview import Wanted, open_proposals, overview
from atlas.field.record import annotation_schema
from atlas.field.stale import version_of
from atlas.field.state import RecordState
from atlas.field.store import Store
from atlas.field.store_view import View

# more rows than a person looks through, or a page can draw
MOST_RECORDS = 3_000
_ARRIVED = "SELECT change_id, origin, received_at FROM changes WHERE record_id = ?"
_PHOTO = "SELECT kind, data FROM media WHERE name = ?"
_SHOWN = ("id", "category", "note", "observed_at", "sensitivity", "status", "geometry", "reach", "author")
_SOUGHT = tuple(name for name in _SHOWN if name != "geometry")
_LABELLED = ("category", "sensitivity", "status")
_NOTE = 300


def board(store: Store, *, which: str = "all", find: str = "") -> dict[str, Json]:
    """The store at one moment: counts, records with what waits for a person first, and pairs that look alike.

    Parameters
    ----------
    which
        The part of the queue that stands first: of a large store not all is sent.
    find
        Words that a record has to have, in its id, note, author, date or stretch, or in its category, class or
        status, by code or by label in any language.
    """
    with store.reading() as view:
        everything = overview(view, Wanted(), exact=True)
    paired = {pair[side] for pair in everything.proposals for side in ("first_id", "second_id")}

    def waits(record: Mapping[str, Json]) -> tuple[bool, bool, bool, bool]:
        is_torn, is_alike, is_pending = bool(record["conflicts"]), record["id"] in paired, record["status"] == "pending"
        parts = {"conflicts": is_torn, "alike": is_alike, "pending": is_pending}
        return (not parts.get(which, True), not is_torn, not is_alike, not is_pending)

    words, labels = _folded(find).split(), _labels(store) if find else {}
    records = sorted((each for each in everything.records if _has(each, words, labels)), key=waits)
    return {
        "store": store.path.name if store.path else store.address,
        "digest": everything.digest,
        "counts": everything.counts,
        "records": [_row(record, paired) for record in records[:MOST_RECORDS]],
        "waiting": _waiting(records, paired),
        "proposals": list(everything.proposals),
    }


def _labels(store: Store) -> Mapping[tuple[str, Json], str]:
    """What the page calls the words of a vocabulary, in every language; what stands after a colon explains them."""
    fields = annotation_schema(store.project).fields
    return {
        (name, value): " ".join(title.partition(":")[0] for title in titles.values())
        for name in _LABELLED
        if name in fields
        for value, titles in fields[name].values.items()
    }


def _has(record: Mapping[str, Json], words: Sequence[str], labels: Mapping[tuple[str, Json], str]) -> bool:
    if not words:
        return True
    given = [str(record[name]) for name in _SOUGHT if record[name]]
    labelled = [labels.get((name, record[name]), "") for name in _LABELLED]
    text = _folded(" ".join((*given, *labelled)))
    return all(word in text for word in words)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in plain if not unicodedata.combining(mark)).casefold()


def _waiting(records: Sequence[Mapping[str, Json]], paired: set[Json]) -> dict[str, Json]:
    """How many records are in each part of the queue, also of those that are not sent."""
    torn = [bool(record["conflicts"]) for record in records]
    alike = [record["id"] in paired for record in records]
    pending = [record["status"] == "pending" for record in records]
    waiting = sum(any(each) for each in zip(torn, alike, pending, strict=True))
    return {
        "waiting": waiting,
        "conflicts": sum(torn),
        "alike": sum(alike),
        "pending": sum(pending),
        "all": len(records),
    }


def change_count(store: Store) -> dict[str, Json]:
    """How many changes there are: whether anything is new, without reading it all."""
    with store.reading() as view:
        return {"changes": view.change_count()}


def record(store: Store, name: str) -> dict[str, Json]:
    """One record: what it says, the sides of its conflicts, what looks like it, its history and its decisions.

    Raises
    ------
    UsageError
        There is no such record.
    """
    with store.reading() as view:
        record_id = view.find(name)
        state = view.state(record_id)
        pairs = [(a, b, why) for a, b, why in open_proposals(view) if record_id in {a, b}]
        others = {b if a == record_id else a: why for a, b, why in pairs}
        alike = [
            {"id": other.record_id, "why": others[other.record_id], "values": other.values}
            for other in view.states(others)
        ]
        return {**as_json(state), "history": _history(view, state), "looks_like": alike}


def as_json(state: RecordState) -> dict[str, Json]:
    """A record as it is now, with the version that an act has to name."""
    return {
        "id": state.record_id,
        "version": version_of(state),
        "values": state.values,
        "status": state.status,
        "sensitivity": state.sensitivity,
        "conflicts": conflict_table(state.conflicts),
    }


def photo(store: Store, name: str) -> dict[str, Json]:
    """A photo of the store by its name.

    Raises
    ------
    InputError
        There is none.
    """
    with store.reading() as view:
        for kind, data in view.session.rows(_PHOTO, [name]):
            return {"type": str(kind), "data": encoded(bytes(data))}
    msg = f"the store has no photo {name!r:.80}"
    raise InputError(msg)


def _row(each: Mapping[str, Any], paired: set[str]) -> dict[str, Json]:
    row = {name: each[name] for name in _SHOWN}
    if isinstance(row["note"], str):
        row["note"] = row["note"][:_NOTE]
    return {**row, "conflicts": sorted(each["conflicts"] or ()), "paired": each["id"] in paired}


def _history(view: View, state: RecordState) -> list[dict[str, Json]]:
    arrived = {str(change_id): (origin, at) for change_id, origin, at in view.session.rows(_ARRIVED, [state.record_id])}
    heads = {head.change_id for held in state.fields.values() for head in held.heads}
    return [_entry(change, *arrived[change.change_id], heads) for change in view.changes([state.record_id])]


def _entry(change: Change, origin: object, received_at: object, heads: set[str]) -> dict[str, Json]:
    return {
        "change_id": change.change_id,
        "field": change.field,
        "value": change.value,
        "author": change.author,
        "device": change.device,
        "claimed_at": change.claimed_at,
        "origin": origin,
        "received_at": received_at,
        "holds": change.change_id in heads,
        "decision": change.field in {DECISION, EDITED},
    }
