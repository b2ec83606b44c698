"""What a person corrects or empties in a record at home: changes like any other, with a name and a reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from atlas.errors import UsageError, listed
from atlas.field.change import (
    DECISION,
    DELETED,
    DIFFERENT_FROM,
    EDITED,
    GEOMETRY,
    SAME_AS,
    STATUS,
    Change,
    ChangeError,
    Json,
)
from atlas.field.readers import angles, dates, positions
from atlas.field.readers.cell_values import text
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.row_cells import names as file_names
from atlas.field.readers.row_cells import reach
from atlas.field.readers.uncertainty import distance
from atlas.field.readers.vocabulary import Words
from atlas.field.record import Schema, annotation_schema
from atlas.field.row_to_changes import NOT_ASSERTED
from atlas.field.shape import fault_in_geometry
from atlas.field.stale import refuse_stale, replaced
from atlas.field.state import RecordState
from atlas.field.store import Store, now
from atlas.geojson.strict import JsonFaultError, parse

_DEVICE = "atlas field edit"
_REACH = "reach"
_OF_REVIEW = {
    STATUS: "--accept or --reject",
    "sensitivity": "--classify",
    SAME_AS: "--same-as",
    DELETED: "--reject",
    DECISION: "--reason",
    DIFFERENT_FROM: "--different-from",
}


@dataclass(frozen=True, slots=True)
class Edit:
    """What is corrected.

    Attributes
    ----------
    values
        New values by field, as a person writes them.
    cleared
        Fields that are emptied.
    """

    by: str
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)
    cleared: Sequence[str] = ()


def edit(
    store: Store,
    names: Sequence[str],
    edited: Edit,
    *,
    version: str | None = None,
    notify: Callable[[str], None] | None = None,
) -> dict[str, int]:
    """Correct records, all of them or none; how many changes each got, by id.

    What was written before stays in the history and in nothing else. A field in conflict has the new value alone.

    Parameters
    ----------
    names
        Ids of records, or their beginnings.
    version
        The version of the record that the person saw, where they say it.
    notify
        Hears what of somebody else's decisions was replaced.

    Raises
    ------
    UsageError
        The edit is not complete, a value cannot be kept in its field, or there is no such record.
    StaleError
        The record is not what the person saw any more.
    """
    schema = annotation_schema(store.project)
    values = _read(edited, names, schema, store.placer.reaches)
    done, others = dict[str, int](), list[str]()
    with store.writing() as writer:
        for name in names:
            state = writer.state(writer.find(name))
            refuse_stale(state, version)
            _refuse_unknown(state, schema, edited)
            changes = _changes(state, values, edited)
            others += replaced(state, changes)
            done[state.record_id] = writer.add(changes, origin="edit")
    if notify:
        for note in others:
            notify(note)
    return done


def _changes(state: RecordState, values: Mapping[str, Json], edited: Edit) -> list[Change]:
    needed = {name: value for name, value in values.items() if not _holds(state, name, value)}
    if not needed:
        return []
    # the values themselves stand in their changes: of what was emptied, nothing is repeated
    needed[EDITED] = {
        "fields": sorted(needed),
        "edited_by": edited.by.strip(),
        "edited_on": datetime.now(UTC).date().isoformat(),
        "reason": edited.reason.strip(),
    }
    return [_change(state, name, value, edited.by) for name, value in needed.items()]


def _change(state: RecordState, name: str, value: Json, by: str) -> Change:
    held = state.fields.get(name)
    parents = [head.change_id for head in held.heads] if held else []
    return Change.of(state.record_id, name, value, parents=parents, author=by.strip(), device=_DEVICE, claimed_at=now())


def _holds(state: RecordState, name: str, value: Json) -> bool:
    held = state.fields.get(name)
    return value is None if held is None else not held.sides and held.value == value


def _read(edited: Edit, names: Sequence[str], schema: Schema, reaches: Collection[str]) -> dict[str, Json]:
    """The values, checked; every fault of the edit at once."""
    faults = [] if names else ["name a record"]
    faults += [] if edited.by.strip() else ["say who edits: --by NAME"]
    faults += [] if edited.reason.strip() else ["say why: --reason TEXT"]
    if not (edited.values or edited.cleared):
        faults.append("say what is edited: --set FIELD=VALUE or --clear FIELD")
    if both := sorted(set(edited.values) & set(edited.cleared)):
        faults.append(f"{both[0]} is set and cleared; leave one of the two")
    values: dict[str, Json] = {}
    for name in (*edited.values, *edited.cleared):
        if fault := _fault_in_name(name):
            faults.append(fault)
            continue
        try:
            values[name] = _value(schema, name, edited.values[name]) if name in edited.values else None
        except (RowFaultError, JsonFaultError) as error:
            faults.append(f"--set {name}={edited.values[name][:60]}: {error}")
            continue
        if fault := _fault_in_value(schema, name, values[name], reaches):
            faults.append(f"--set {name}: {fault}")
    if faults:
        raise UsageError(listed("the edit is not complete, and nothing was changed:", faults))
    return values


def _fault_in_name(name: str) -> str | None:
    if option := _OF_REVIEW.get(name.partition(":")[0]):
        return f"{name} is decided in a review: `atlas field review ID {option}`"
    if name in NOT_ASSERTED or name == EDITED:
        return f"{name} is written by the atlas itself and cannot be edited"
    try:
        Change.of("record", name, None)
    except ChangeError as error:
        return str(error)
    return None


def _refuse_unknown(state: RecordState, schema: Schema, edited: Edit) -> None:
    """Refuse a field that neither the form nor the record has: its name is misspelt."""
    known = {*schema.fields, *state.fields, GEOMETRY}
    if missing := [name for name in (*edited.values, *edited.cleared) if name not in known]:
        held = ", ".join(name for name in sorted(known) if name not in NOT_ASSERTED and name not in _OF_REVIEW)
        msg = f"{state.record_id} has no field {missing[0]!r}, and the form has none; there are {held}"
        raise UsageError(msg)


def _value(schema: Schema, name: str, words: str) -> Json:
    """A value of a field as a person writes it."""
    if not words.strip():
        msg = f"a value is needed; to empty the field, say --clear {name}"
        raise RowFaultError(msg)
    if name == GEOMETRY:
        if words.lstrip().startswith("{"):
            return positions.geometry(parse(words))
        longitude, latitude, _ = angles.pair(words)
        return positions.point(longitude, latitude)
    described = schema.fields.get(name)
    if name == _REACH:
        return reach(words)
    if described is None or "string" in described.types:
        stated = text(words)
        if described is not None and described.values:
            code = Words(schema).code(name, str(stated))
            if code is None:
                msg = f"{stated!r:.60} is not one of {', '.join(described.values)}"
                raise RowFaultError(msg)
            return code
        return dates.moment(str(stated), order=None) if name == "observed_at" else stated
    return file_names(words) if "array" in described.types else distance(words, name=name)


def _fault_in_value(schema: Schema, name: str, value: Json, reaches: Collection[str]) -> str | None:
    if value is None:
        return None
    if name == GEOMETRY:
        return fault_in_geometry(value)
    if name == _REACH and reaches and value not in reaches:
        return f"{value!r} is not on the line; it goes from {min(reaches)} to {max(reaches)}"
    described = schema.fields.get(name)
    return described.fault(value) if described else None
