"""From a row that came in to the changes that it says: a pure function of the row, whatever the store holds already.

Therefore the same file says the same changes in every store, twice as well as once, and in any order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from atlas.field.change import DECISION, DELETED, GEOMETRY, SAME_AS, STATUS, Change, ChangeError, Json, canonical
from atlas.field.export_base import Origin, UnchangedValue, read_base, unchanged, unchanged_values, was_empty
from atlas.field.identity import LONGEST, SOURCE_ID, UNPRINTABLE, Identities
from atlas.field.record import Schema
from atlas.field.row import BASE, FieldRow, Media
from atlas.field.shape import fault_in_geometry
from atlas.field.state import record_state

_CONFLICTS = "conflicts"
# cleared, a record that nobody may see would be one that the team may see
_NEVER_EMPTY = frozenset({"sensitivity"})
# what the atlas itself writes beside a record, and what only a review may say
NOT_ASSERTED = frozenset(
    {"id", "fid", "atlas", BASE, _CONFLICTS, STATUS, DECISION}
    | {"municipality_cvegeo", "municipality_name", "nearest_reach", "chainage_km", "border_distance_m"}
)
_REACH = "reach"
_PLACED = frozenset({GEOMETRY, _REACH})
# looked at here and not by readers
_ADDED = _PLACED | {SOURCE_ID}
# decided by a person, and not by a cell that is empty
_OF_REVIEW = frozenset({DELETED, SAME_AS})


# not frozen, as the row itself
@dataclass(slots=True)
class Prepared:
    """What a row says: its record, changes and media, and what it repeats of the store that it was exported from.

    ``blank``: fields that it leaves empty, where nobody can know whether that means anything.
    """

    record_id: str
    changes: tuple[Change, ...]
    media: tuple[Media, ...] = ()
    echoes: tuple[UnchangedValue, ...] = ()
    blank: frozenset[str] = frozenset()


@dataclass(slots=True)
class RowConverter:
    """Prepares the rows of one file, one after the other."""

    schema: Schema
    identities: Identities
    author: str | None = None
    reaches: Collection[str] = ()

    def prepare(self, row: FieldRow) -> Prepared:
        """The changes of a row.

        Raises
        ------
        ChangeError
            The row cannot become a record; the message is the reason.
        """
        asserted = {
            name: value
            for name, value in row.fields.items()
            if value is not None
            and name not in NOT_ASSERTED
            and not (isinstance(value, str) and (not value or value.isspace()))
        }
        if row.geometry is not None:
            asserted[GEOMETRY] = dict(row.geometry)
        record_id = self.identities.of(row, asserted, _clean(row.author or self.author))
        fields = self.schema.fields
        # what a record does not know by name may be anything, and what the reader has checked is in order
        checked = row.checked is not None and row.checked[0] is row.fields and row.checked[1] is fields
        for name in _ADDED.intersection(asserted) if checked else asserted:
            if name in fields or name in _PLACED:
                self._refuse(name, asserted[name])
        if row.changes:
            return Prepared(record_id, tuple(self._history(row, record_id, asserted)), row.media)
        base = read_base(row.fields.get(BASE), record_id)
        blank = row.blank.difference(asserted, NOT_ASSERTED, _OF_REVIEW) if row.blank else row.blank
        changes = tuple(self._asserted(row, record_id, asserted, base))
        if base and blank:
            changes = (*changes, *self._emptied(row, record_id, blank, base))
        repeated = tuple(unchanged_values(record_id, asserted, base, row.fields.get(_CONFLICTS))) if base else ()
        for echo in repeated:
            self._refuse(echo.change.field, echo.change.value)
        if not changes and not repeated:
            msg = "the row says nothing: no field and no position"
            raise ChangeError(msg)
        if row.version and changes:
            changes = (*changes, row.version.brought(record_id, changes))
        return Prepared(record_id, changes, row.media, repeated, frozenset() if base else blank)

    def _emptied(
        self, row: FieldRow, record_id: str, blank: Collection[str], base: Mapping[str, Origin]
    ) -> Iterator[Change]:
        """Fields of a copy that had a value when it was made, and have none now."""
        author = _clean(row.author or self.author)
        for name in sorted(base.keys() & blank):
            if not was_empty(base[name]):
                _refuse_empty(name)
                parents, at = base[name].heads, _clean(row.claimed_at)
                yield Change.of(record_id, name, None, parents=parents, author=author, claimed_at=at)

    def _asserted(
        self, row: FieldRow, record_id: str, asserted: Mapping[str, Json], base: Mapping[str, Origin]
    ) -> Iterator[Change]:
        if not base and not (row.version and row.version.parents):
            # nearly all rows: no change knows another
            author, device, at = _clean(row.author or self.author), _clean(row.device), _clean(row.claimed_at)
            return Change.of_row(record_id, asserted.items(), author=author, device=device, claimed_at=at)
        return self._edited(row, record_id, asserted, base)

    def _edited(
        self, row: FieldRow, record_id: str, asserted: Mapping[str, Json], base: Mapping[str, Origin]
    ) -> Iterator[Change]:
        author, device, at = _clean(row.author or self.author), _clean(row.device), _clean(row.claimed_at)
        for name, value in asserted.items():
            origin = base.get(name) if base else None
            if origin is None or not unchanged(value, origin):
                heads = origin.heads if origin else row.version.parents if row.version else ()
                yield Change.of(record_id, name, value, parents=heads, author=author, device=device, claimed_at=at)

    def _history(self, row: FieldRow, record_id: str, asserted: Mapping[str, Json]) -> Iterator[Change]:
        """The history that the row carries, and what somebody edited in the file without noting it there."""
        for change in row.changes:
            if change.record_id != record_id:
                msg = f"the history of the record {record_id!r:.60} holds a change of {change.record_id!r:.60}"
                raise ChangeError(msg)
            self._refuse(change.field, change.value)
            yield change
        state = record_state(record_id, row.changes)
        for name, value in asserted.items():
            field_state = state.fields.get(name)
            texts = {change.text for change in row.changes if change.field == name}
            if (field_state or name in self.schema.fields) and canonical(value) not in texts:
                heads = [head.change_id for head in field_state.heads] if field_state else []
                yield Change.of(record_id, name, value, parents=heads, author=_clean(self.author))
        for name in sorted(row.blank.difference(asserted, NOT_ASSERTED, _OF_REVIEW) & state.fields.keys()):
            if state.value(name) is not None and state.value(name) != "":
                _refuse_empty(name)
                heads = [head.change_id for head in state.fields[name].heads]
                yield Change.of(record_id, name, None, parents=heads, author=_clean(self.author))

    def _refuse(self, name: str, value: Json) -> None:
        described = self.schema.fields.get(name)
        fault = None
        if name == GEOMETRY:
            fault = None if value is None else fault_in_geometry(value)
        elif described:
            fault = described.fault(value)
        if name == _REACH and fault is None and self.reaches and value is not None and value not in self.reaches:
            fault = f"{value!r} is not on the line; it goes from {min(self.reaches)} to {max(self.reaches)}"
        if fault:
            msg = f"{name}: {fault}"
            raise ChangeError(msg)


def _refuse_empty(name: str) -> None:
    if name in _NEVER_EMPTY:
        msg = f"{name} may not be empty; write what it was, or another class (restricted where you are not sure)"
        raise ChangeError(msg)


@lru_cache(maxsize=1024)
def _clean(text: str | None) -> str | None:
    """Text that a change can carry as who, with what or when; a name that is too long is cut."""
    cleaned = UNPRINTABLE.sub(" ", text).strip()[:LONGEST] if text else ""
    return cleaned or None
