"""What a record says now: computed from the set of its changes and from nothing else, least of all from clocks.

Because the state is a function of a set, and a merge is the union of sets, any order and grouping of merges and imports
gives the same state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from atlas.field.change import (
    DECISION,
    DELETED,
    DIFFERENT_FROM,
    EDITED,
    GEOMETRY,
    SAME_AS,
    STATUS,
    Change,
    Json,
    value_of,
)
from atlas.field.version import OF_VERSION, Brought, brought_by_field, is_of_version, replaced_and_repeated

# from the one that shows most to the one that shows least
CLASSES = ("open", "generalised", "restricted", "withheld")
PENDING, ACCEPTED, REJECTED = "pending", "accepted", "rejected"
_SENSITIVITY = "sensitivity"


of_record_id = attrgetter("record_id")


class FieldState(NamedTuple):
    """One field now: its value, the changes that nothing supersedes, and the sides of a conflict if there is one."""

    value: Json
    heads: tuple[Change, ...]
    sides: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordState:
    """One record now."""

    record_id: str
    fields: Mapping[str, FieldState]

    def value(self, name: str) -> Json:
        """The value of a field, None where it has none."""
        field_state = self.fields.get(name)
        return field_state.value if field_state else None

    @property
    def heads(self) -> Iterator[Change]:
        """The changes that hold now, field by field."""
        return (head for field_state in self.fields.values() for head in field_state.heads)

    @property
    def values(self) -> dict[str, Json]:
        """All values that are not empty, by field name in order."""
        return dict(
            sorted(
                (name, field_state.value) for name, field_state in self.fields.items() if field_state.value is not None
            )
        )

    @property
    def conflicts(self) -> dict[str, tuple[Change, ...]]:
        """The sides of each conflict, by field name in order."""
        if not any(field_state.sides for field_state in self.fields.values()):
            return {}
        sides = [(name, field_state.sides) for name, field_state in self.fields.items() if field_state.sides]
        return dict(sorted(sides))

    @property
    def sensitivity(self) -> str:
        """The class of the record: restricted where nobody said, or where it is said with an unknown word."""
        return class_of(self.value(_SENSITIVITY))

    @property
    def status(self) -> str:
        """Pending, accepted or rejected."""
        return status_of(self.value(STATUS))

    @property
    def deleted(self) -> bool:
        """Whether the record was deleted and nobody edited it without knowing that."""
        return self.value(DELETED) is True

    @property
    def same_as(self) -> str | None:
        """The record that this one repeats, as a person decided."""
        stated = self.value(SAME_AS)
        return stated if isinstance(stated, str) else None

    @property
    def different_from(self) -> frozenset[str]:
        """Records that look like this one and are others, as a person decided."""
        prefix = f"{DIFFERENT_FROM}:"
        return frozenset(n.removeprefix(prefix) for n, f in self.fields.items() if n.startswith(prefix) and f.value)

    @property
    def geometry(self) -> Mapping[str, Json] | None:
        """The GeoJSON geometry, or nothing."""
        stated = self.value(GEOMETRY)
        return stated if isinstance(stated, Mapping) else None


def class_of(stated: Json) -> str:
    """The class of sensitivity that a value means."""
    return stated if stated in CLASSES else "restricted"


def status_of(stated: Json) -> str:
    """The status that a value means."""
    return stated if stated in {ACCEPTED, REJECTED} else PENDING


def values_written_once(changes: Sequence[Change]) -> dict[str, Json] | None:
    """The values of a record, each field of which was written once, as nearly all are when they come in.

    Nothing where more has to be known: a field was written twice, a version brought it, or it was deleted.
    """
    values: dict[str, Json] = {}
    for _, _, field, text, *_ in changes:
        if field == DELETED or field in values or field.startswith(OF_VERSION):
            return None
        values[field] = text[1:-1] if text[0] == '"' and "\\" not in text else value_of(text)
    return values


def record_state(record_id: str, changes: Iterable[Change]) -> RecordState:
    """The state of a record out of all its changes, in any order."""
    changes = list(changes)
    # most records were written once, and a field that was written once is what it says
    once = {change.field: FieldState(change.value, (change,)) for change in changes}
    if len(once) == len(changes) and DELETED not in once and not any(map(is_of_version, changes)):
        return RecordState(record_id, MappingProxyType(once))
    by_field: dict[str, list[Change]] = {}
    versions: list[Change] = []
    for change in changes:
        of_record = versions if is_of_version(change) else by_field.setdefault(change.field, [])
        of_record.append(change)
    brought = brought_by_field(versions) if versions else {}
    fields = {name: _field_state(name, of_field, brought.get(name)) for name, of_field in by_field.items()}
    if (gone := fields.get(DELETED)) and gone.value is True and not gone.sides:
        unseen = _unseen(gone.heads, by_field, fields)
        if unseen:
            fields[DELETED] = FieldState(value=False, heads=gone.heads, sides=(*gone.heads, *unseen))
    return RecordState(record_id, MappingProxyType(fields))


def record_states(changes: Iterable[Change]) -> Iterator[RecordState]:
    """The states of several records, whose changes stand together."""
    for record_id, of_record in groupby(changes, key=of_record_id):
        yield record_state(record_id, of_record)


def _field_state(name: str, changes: Sequence[Change], brought: Brought | None) -> FieldState:
    if len(changes) == 1:
        return FieldState(changes[0].value, (changes[0],))
    repeated = set[str]()
    if brought:
        superseded, repeated = replaced_and_repeated(changes, brought)
    else:
        superseded = {parent for change in changes for parent in change.parents}
    by_id = {change.change_id: change for change in changes}
    heads = [
        by_id[change_id] for change_id in sorted(by_id) if change_id not in superseded and change_id not in repeated
    ]
    # a file without history that says what the field once said is old, not another opinion
    once = {change.text for change in changes if change.change_id in superseded}
    placed = brought.order if brought else {}
    heads = [head for head in heads if head.parents or head.change_id in placed or head.text not in once]
    # versions that say to replace each other are all shown
    heads = heads or [by_id[change_id] for change_id in sorted(by_id)]
    sides = tuple({head.text: head for head in reversed(heads)}.values())
    # who edited something and why is nothing to decide; what they wrote is, and all of it stays in the history
    if len(sides) == 1 or name == EDITED:
        return FieldState(heads[0].value, tuple(heads))
    sides = tuple(sorted(sides, key=lambda side: side.change_id))
    return FieldState(_shown(name, [side.value for side in sides]), tuple(heads), sides)


def _shown(name: str, values: Sequence[Json]) -> Json:
    """What is shown of a conflict until a person decides: the careful choice where there is one."""
    if name == _SENSITIVITY:
        known = [CLASSES.index(value) if value in CLASSES else CLASSES.index("restricted") for value in values]
        return CLASSES[max(known)]
    if name == STATUS:
        return PENDING
    return False if name == DELETED else values[0]


def _unseen(
    deletions: Sequence[Change], by_field: Mapping[str, Sequence[Change]], fields: Mapping[str, FieldState]
) -> list[Change]:
    """Heads of other fields that no deletion knew; nothing where the deletions don't say what they knew.

    A deletion knew what the one that it follows knew: whoever deletes again says no more than that.
    """
    deletion_ids = {change.change_id for change in by_field[DELETED]}
    known = {parent for deletion in deletions for parent in deletion.parents}
    parents = {change.change_id: change.parents for of_field in by_field.values() for change in of_field}
    waiting = list(known)
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in known:
                known.add(parent)
                waiting.append(parent)
    if not known - deletion_ids:
        return []
    known_texts = {
        (change.field, change.text)
        for of_field in by_field.values()
        for change in of_field
        if change.change_id in known
    }
    heads = [head for name, of_field in sorted(fields.items()) if not _is_of_review(name) for head in of_field.heads]
    return [head for head in heads if head.change_id not in known and (head.field, head.text) not in known_texts]


def _is_of_review(name: str) -> bool:
    return name in {DELETED, STATUS, DECISION, SAME_AS} or name.startswith(f"{DIFFERENT_FROM}:")
