"""The table ``annotations``: a row a record with its state and its place, made again whenever a change arrives."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeAlias

from atlas.field.change import (
    DECISION,
    DELETED,
    DIFFERENT_FROM,
    GEOMETRY,
    SAME_AS,
    STATUS,
    Change,
    Json,
)
from atlas.field.database import GEOMETRY_COLUMN, Row, Session, rows_of
from atlas.field.place import NOWHERE, Place, Placer
from atlas.field.shape import position, wkb
from atlas.field.state import RecordState, class_of, record_state, status_of, values_written_once
from atlas.geojson.stored import stored

TABLE = "annotations"
_TEXTS = ("category", "note", "observed_at", "position_basis", "reach", "confidence", "consent")
_UNCERTAINTY = "coordinateUncertaintyInMeters"
_PHOTOS = "photos"
_SENSITIVITY, _CLOSED = "sensitivity", "restricted"
_PLACE = ("municipality_cvegeo", "municipality_name", "nearest_reach", "chainage_km", "border_distance_m")
_of_place = attrgetter(*_PLACE)
COLUMNS = (
    *("id", GEOMETRY_COLUMN, *_TEXTS, _UNCERTAINTY, _PHOTOS),
    *("sensitivity", STATUS, DELETED, "conflicts", SAME_AS, *_PLACE, "author", "extra"),
)
# fields that have a column, or are shown in another way
_SHOWN = frozenset({*_TEXTS, _UNCERTAINTY, _PHOTOS, "sensitivity", GEOMETRY, STATUS, DELETED, SAME_AS, DECISION})
_DIFFERENT = f"{DIFFERENT_FROM}:"
# a record, its values, who wrote them, and the sides of its conflicts
_Standing: TypeAlias = tuple[str, Mapping[str, Json], Collection[str | None], Mapping[str, Iterable[Change]]]
# neither SQLite's text nor PostgreSQL's can hold these
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_encoded = json.JSONEncoder(ensure_ascii=False).encode
_quoted = json.encoder.encode_basestring


def write_current(session: Session, states: Sequence[RecordState], placer: Placer) -> None:
    """Write the rows of records as they are now."""
    put_rows(session, rows_of_states(states, placer))


def rows_of_states(states: Sequence[RecordState], placer: Placer) -> Iterator[Row]:
    """The rows of records, each with its id first."""
    return _rows(list(map(_standing_of_state, states)), placer)


def rows_of_changes(changes: Iterable[Change], placer: Placer) -> Iterator[Row]:
    """The rows of records of which there is nothing but these changes, by id."""
    by_record: dict[str, list[Change]] = {}
    for change in changes:
        by_record.setdefault(change.record_id, []).append(change)
    return _rows([_standing_of_changes(record_id, by_record[record_id]) for record_id in sorted(by_record)], placer)


def _rows(standing: Sequence[_Standing], placer: Placer) -> Iterator[Row]:
    places = _places([values for _, values, _, _ in standing], placer)
    return (_row(*each, place) for each, place in zip(standing, places, strict=True))


def _standing_of_state(state: RecordState) -> _Standing:
    values = {name: field_state.value for name, field_state in state.fields.items()}
    return state.record_id, values, {head.author for head in state.heads}, state.conflicts


def _standing_of_changes(record_id: str, changes: Sequence[Change]) -> _Standing:
    values = values_written_once(changes)
    if values is None:
        return _standing_of_state(record_state(record_id, changes))
    return record_id, values, {change.author for change in changes}, {}


def put_rows(session: Session, rows: Iterable[Row], *, new: bool = False) -> None:
    """Write such rows; one that is there takes the place of what it was, and with ``new`` none is."""
    session.put(TABLE, COLUMNS, rows, key="id", replace=True, new=new)


def filled(session: Session, blank: Iterable[tuple[str, Collection[str]]]) -> Counter[str]:
    """By field, how many records have a value in it.

    Parameters
    ----------
    blank
        Records and the fields in question of each.
    """
    wanted = dict(blank)
    columns = (*_TEXTS, _UNCERTAINTY, _PHOTOS, _SENSITIVITY)
    names = ", ".join(f'"{name}"' for name in columns)
    sql = f"SELECT id, {GEOMETRY_COLUMN} IS NOT NULL, extra, {names} FROM {TABLE} WHERE id IN ({{keys}})"  # noqa: S608 - names of our own
    count = Counter[str]()
    for record_id, is_placed, extra, *values in rows_of(session, sql, wanted):
        there = {name for name, value in zip(columns, values, strict=True) if value is not None}
        # the table shows this class where nobody said one
        there -= {_SENSITIVITY} if values[-1] == _CLOSED else set()
        there |= ({GEOMETRY} if is_placed else set()) | (stored(extra).keys() if extra else set())
        count.update(there & set(wanted[str(record_id)]))
    return count


def placed(states: Sequence[RecordState], placer: Placer) -> list[Place]:
    """Where records lie, in their order."""
    return _places([state.values for state in states], placer)


def _places(values_of_records: Sequence[Mapping[str, Json]], placer: Placer) -> list[Place]:
    places = [NOWHERE] * len(values_of_records)
    at, positions = list[int](), list[tuple[float, float]]()
    for i, values in enumerate(values_of_records):
        if geometry := _geometry(values):
            at.append(i)
            positions.append(position(geometry))
        elif isinstance(reach := values.get("reach"), str):
            places[i] = placer.of_reach(reach)
    for i, place in zip(at, placer.places(positions), strict=True):
        places[i] = place
    return places


def _extra(values: Mapping[str, Json]) -> dict[str, Json]:
    """The values of fields that a record does not know by name."""
    others = values.keys() - _SHOWN
    if not others:
        return {}
    names = sorted(name for name in others if not name.startswith(_DIFFERENT))
    return {name: value for name in names if (value := values[name]) is not None}


def conflict_table(conflicts: Mapping[str, Iterable[Change]]) -> dict[str, list[dict[str, Json]]]:
    """The sides of each conflict, for people and programs."""
    return {
        name: [
            {"change_id": side.change_id, "field": side.field, "value": side.value, "author": side.author}
            for side in sides
        ]
        for name, sides in conflicts.items()
    }


def storable(text: str) -> str:
    """Text without what no database can hold."""
    # most texts are plain, and a table has millions of them
    plain = text.isascii() and "\x00" not in text
    return text if plain else _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _row(
    record_id: str,
    values: Mapping[str, Json],
    authors: Collection[str | None],
    conflicts: Mapping[str, Iterable[Change]],
    place: Place,
) -> Row:
    get = values.get
    extra, photos, uncertainty, geometry, same_as = (
        _extra(values),
        get(_PHOTOS),
        get(_UNCERTAINTY),
        _geometry(values),
        get(SAME_AS),
    )
    return (
        record_id,
        wkb(geometry) if geometry else None,
        *[_text(get(name)) for name in _TEXTS],
        float(uncertainty) if isinstance(uncertainty, int | float) else None,
        _json(photos) if photos else None,
        class_of(get(_SENSITIVITY)),
        status_of(get(STATUS)),
        int(get(DELETED) is True),
        _json(conflict_table(conflicts)) if conflicts else None,
        same_as if isinstance(same_as, str) else None,
        *_of_place(place),
        _text(", ".join(sorted(filter(None, authors))) or None),
        _json(extra) if extra else None,
    )


def _geometry(values: Mapping[str, Json]) -> Mapping[str, Json] | None:
    stated = values.get(GEOMETRY)
    return stated if isinstance(stated, Mapping) else None


def _text(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    return None if value is None else storable(value if isinstance(value, str) else _json(value))


def _json(value: Json) -> str:
    if type(value) is dict and len(value) == 1:
        # the number of a row in its source, which nearly all records have that have anything
        ((name, inner),) = value.items()
        if type(inner) is str:
            return storable(f"{{{_quoted(name)}: {_quoted(inner)}}}")
    return storable(_encoded(value))
