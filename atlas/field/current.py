"""The table ``annotations``: a row a record with its state and its place, made again whenever a change arrives."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

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
from atlas.field.state import RecordState
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
# neither SQLite's text nor PostgreSQL's can hold these
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def write_current(session: Session, states: Sequence[RecordState], placer: Placer) -> None:
    """Write the rows of records as they are now."""
    put_rows(session, rows_of_states(states, placer))


def rows_of_states(states: Sequence[RecordState], placer: Placer) -> Iterator[Row]:
    """The rows of records, each with its id first."""
    places = placed(states, placer)
    return (_row(state, place) for state, place in zip(states, places, strict=True))


def put_rows(session: Session, rows: Iterable[Row]) -> None:
    """Write such rows; one that is there takes the place of what it was."""
    session.put(TABLE, COLUMNS, rows, key="id", replace=True)


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
    places = [NOWHERE] * len(states)
    at, positions = list[int](), list[tuple[float, float]]()
    for i, state in enumerate(states):
        if geometry := state.geometry:
            at.append(i)
            positions.append(position(geometry))
        elif isinstance(reach := state.value("reach"), str):
            places[i] = placer.of_reach(reach)
    for i, place in zip(at, placer.places(positions), strict=True):
        places[i] = place
    return places


def extra_fields(state: RecordState) -> dict[str, Json]:
    """The values of fields that a record does not know by name."""
    others = state.fields.keys() - _SHOWN
    if not others:
        return {}
    names = sorted(name for name in others if not name.startswith(_DIFFERENT))
    return {name: value for name in names if (value := state.value(name)) is not None}


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


def _row(state: RecordState, place: Place) -> Row:
    conflicts, extra, photos = state.conflicts, extra_fields(state), state.value(_PHOTOS)
    fields = state.fields
    texts = [_text(fields[name].value) if name in fields else None for name in _TEXTS]
    uncertainty = state.value(_UNCERTAINTY)
    authors = sorted({head.author for field_state in fields.values() for head in field_state.heads if head.author})
    geometry = state.geometry
    return (
        state.record_id,
        wkb(geometry) if geometry else None,
        *texts,
        float(uncertainty) if isinstance(uncertainty, int | float) else None,
        _json(photos) if photos else None,
        state.sensitivity,
        state.status,
        int(state.deleted),
        _json(conflict_table(conflicts)) if conflicts else None,
        state.same_as,
        *_of_place(place),
        _text(", ".join(authors) or None),
        _json(extra) if extra else None,
    )


def _text(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    return None if value is None else storable(value if isinstance(value, str) else _json(value))


def _json(value: Json) -> str:
    return storable(json.dumps(value, ensure_ascii=False))
