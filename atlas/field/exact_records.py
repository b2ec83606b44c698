"""Exact records out of a store, for the release gate and for copies that stay in the house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from atlas.field.change import DELETED, DIFFERENT_FROM, GEOMETRY, SAME_AS, Json
from atlas.field.current import conflict_table, placed
from atlas.field.export_base import base_text
from atlas.field.place import Place
from atlas.field.row import BASE
from atlas.field.state import ACCEPTED, RecordState
from atlas.field.store import Store, open_store
from atlas.field.track import TRACK

_PORTION = 2_000
_SENSITIVITY = "sensitivity"


def exact_records(
    store: Store | Path | str, *, pending: bool = False, on_share: Callable[[float], None] | None = None
) -> Iterator[dict[str, Json]]:
    """The records that the team has accepted, as GeoJSON features with their exact positions.

    Deleted, rejected and repeated records are not among them, nor are those that nobody has reviewed yet. A record with
    an open conflict counts as restricted until a person has decided.

    Parameters
    ----------
    store
        A store or its address.
    pending
        Take those that nobody has reviewed as well.
    on_share
        Called with how many of them have been read, from 0 to 1.

    Raises
    ------
    InputError
        There is no store, or it cannot be used.
    """
    opened = store if isinstance(store, Store) else open_store(store)
    statuses = ("accepted", "pending") if pending else ("accepted",)
    with opened.reading() as view:
        sql = "SELECT id FROM annotations WHERE deleted = 0 AND status = ?"
        record_ids = {str(record_id) for status in statuses for (record_id,) in view.session.rows(sql, [status])}
        ids = sorted(record_ids - view.repeated())
        for start in range(0, len(ids), _PORTION):
            if on_share is not None:
                on_share(start / len(ids))
            for state in view.states(ids[start : start + _PORTION]):
                yield _for_release(state)


def left_out(store: Store | Path | str) -> Mapping[str, int]:
    """How many records `exact_records` leaves out, by why: pending, rejected, deleted, repeated."""
    opened = store if isinstance(store, Store) else open_store(store)
    counts: Counter[str] = Counter()
    with opened.reading() as view:
        repeated = view.repeated()
        for record_id, deleted, status in view.session.rows("SELECT id, deleted, status FROM annotations"):
            why = "deleted" if deleted else "repeated" if record_id in repeated else str(status)
            counts[why] += why != ACCEPTED
    return {why: number for why, number in sorted(counts.items()) if number}


def exact_feature(state: RecordState, place: Place | None = None, *, history: bool = False) -> dict[str, Json]:
    """A record as a GeoJSON feature with everything that it says, and what it needs to come home.

    Parameters
    ----------
    place
        Where it lies, to be written beside it.
    history
        Carry what the record was exported from, so that edits merge three-way.
    """
    properties = _record_properties(state)
    if place:
        properties |= {name: getattr(place, name) for name in Place.__slots__}
    if conflicts := state.conflicts:
        properties["conflicts"] = conflict_table(conflicts)
    if history:
        properties[BASE] = base_text(state)
    return _feature(state, properties)


def placed_features(store: Store, states: list[RecordState]) -> list[dict[str, Json]]:
    """Records as features with their places and what they were exported from."""
    places = placed(states, store.placer)
    return [exact_feature(state, place, history=True) for state, place in zip(states, places, strict=True)]


def _for_release(state: RecordState) -> dict[str, Json]:
    properties = _record_properties(state)
    if state.conflicts and properties[_SENSITIVITY] != "withheld":
        properties[_SENSITIVITY] = "restricted"
    if state.value(TRACK) is not None:
        # no review opens the way that somebody went
        properties[_SENSITIVITY] = "withheld"
    return _feature(state, properties)


def _record_properties(state: RecordState) -> dict[str, Json]:
    inner = (GEOMETRY, DELETED, SAME_AS)
    values = {n: v for n, v in state.values.items() if n not in inner and not n.startswith(f"{DIFFERENT_FROM}:")}
    return {**values, _SENSITIVITY: state.sensitivity, "status": state.status}


def _feature(state: RecordState, properties: dict[str, Json]) -> dict[str, Json]:
    geometry = state.geometry
    return {
        "type": "Feature",
        "id": state.record_id,
        "geometry": dict(geometry) if geometry else None,
        "properties": properties,
    }
