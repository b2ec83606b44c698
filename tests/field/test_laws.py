"""Merging is commutative, associative and idempotent, over random histories of workers apart from each other."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from itertools import permutations
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.field.change import Change
from atlas.field.merge import merge
from atlas.field.overview import Wanted, overview
from atlas.field.state import RecordState, record_states
from atlas.field.store import Store, open_store

WORKERS, RECORDS, FIELDS = 3, ("r1", "r2"), ("note", "sensitivity", "deleted", "geometry", "status")
VALUES = {
    "note": ("a", "b", "", None),
    "sensitivity": ("open", "restricted", "withheld", "nonsense"),
    "deleted": (True, False),
    "geometry": ({"type": "Point", "coordinates": [-92, 15]}, {"type": "Point", "coordinates": [-91.5, 15]}, None),
    "status": ("accepted", "rejected"),
}
CLOCKS = ("1970-01-01T00:00:00Z", "2026-05-04T00:00:00Z", "2027-12-31T00:00:00Z", None)


@dataclass
class Replica:
    """What one worker has: changes, and what their authors had seen, for an oracle that knows nothing of parents.

    ``known``: by change the earlier ones of its field. ``saw``: by deletion all that the record said of itself then.
    """

    changes: dict[str, Change] = field(default_factory=dict)
    known: dict[str, frozenset[str]] = field(default_factory=dict)
    saw: dict[str, frozenset[tuple[str, str]]] = field(default_factory=dict)

    def states(self) -> dict[str, RecordState]:
        ordered = sorted(self.changes.values(), key=lambda change: change.record_id)
        return {state.record_id: state for state in record_states(ordered)}

    def set(  # noqa: PLR0913 - what an edit is
        self, record: str, name: str, value: object, *, author: str, clock: str | None, blind: bool
    ) -> None:
        """An edit of what the worker sees; ``blind``: from a file without history."""
        state = self.states().get(record)
        heads = [] if blind or state is None or name not in state.fields else state.fields[name].heads
        if name == "deleted" and value is True and state and not blind:
            heads = [head for one in state.fields.values() for head in one.heads]
            # who saw nothing of what a record says deletes it as from a file without history
            edits = [c for c in self.changes.values() if c.record_id == record and c.field not in {"deleted", "status"}]
            saw = frozenset((c.field, c.text) for c in edits)
        else:
            saw = frozenset()
        parents = [head.change_id for head in heads]
        change = Change.of(record, name, value, parents=parents, author=author, claimed_at=clock)
        known = {i for i, c in self.changes.items() if (c.record_id, c.field) == (record, name)} - {change.change_id}
        self.changes[change.change_id] = change
        self.known.setdefault(change.change_id, frozenset() if blind else frozenset(known))
        if saw:
            self.saw.setdefault(change.change_id, saw)

    def take(self, other: Replica) -> None:
        self.changes |= other.changes
        self.known = other.known | self.known
        self.saw = other.saw | self.saw


_edit = st.sampled_from(FIELDS).flatmap(
    lambda name: st.tuples(
        st.just("set"),
        st.integers(0, WORKERS - 1),
        st.sampled_from(RECORDS),
        st.just(name),
        st.sampled_from(VALUES[name]),
        st.sampled_from(CLOCKS),
        st.booleans(),
    )
)
_take = st.tuples(st.just("take"), st.integers(0, WORKERS - 1), st.integers(0, WORKERS - 1))
histories = st.lists(_edit | _take, min_size=1, max_size=14)


def _played(history: Iterable[tuple[object, ...]]) -> list[Replica]:
    replicas = [Replica() for _ in range(WORKERS)]
    for action, *parts in history:
        if action == "take":
            mine, other = parts
            replicas[mine].take(replicas[other])
        else:
            worker, record, name, value, clock, blind = parts
            replicas[worker].set(record, name, value, author=f"w{worker}", clock=clock, blind=blind)
    return replicas


def _union(replicas: Iterable[Replica]) -> Replica:
    def joined(one: Replica, other: Replica) -> Replica:
        one.take(other)
        return one

    return reduce(joined, replicas, Replica())


@settings(max_examples=60, deadline=None)
@given(histories)
def test_the_state_is_the_same_in_whatever_order_replicas_meet(history: list[tuple[object, ...]]) -> None:
    replicas = _played(history)
    states = [_union(order).states() for order in permutations(replicas)]
    assert all(state == states[0] for state in states)
    left = _union([_union(replicas[:2]), replicas[2], replicas[0]]).states()
    assert left == states[0]


@settings(max_examples=60, deadline=None)
@given(histories)
def test_a_value_goes_only_when_somebody_who_knew_it_replaced_it(history: list[tuple[object, ...]]) -> None:
    union = _union(_played(history))
    for state in union.states().values():
        for name, field_state in state.fields.items():
            mine = {i: c for i, c in union.changes.items() if (c.record_id, c.field) == (state.record_id, name)}
            knowing = {old for change_id in mine for old in union.known[change_id]}
            unknown = {change.text for change_id, change in mine.items() if change_id not in knowing}
            # what nobody has seen and replaced stands, unless it only repeats what was replaced knowingly
            replaced = {mine[old].text for old in knowing if old in mine}
            standing = {head.text for head in field_state.heads}
            assert unknown - replaced <= standing
            assert standing <= unknown
            if len(standing) > 1:
                assert {side.text for side in field_state.sides} == standing


@settings(max_examples=60, deadline=None)
@given(histories)
def test_a_deletion_hides_nothing_that_the_deleter_did_not_see(history: list[tuple[object, ...]]) -> None:
    union = _union(_played(history))
    for state in union.states().values():
        if state.deleted:
            deletions = [head.change_id for head in state.fields["deleted"].heads if head.change_id in union.saw]
            saw = {values for change_id in deletions for values in union.saw[change_id]}
            content = [name for name in state.fields if name not in {"deleted", "status"}]
            values = {(name, head.text) for name in content for head in state.fields[name].heads}
            assert not saw or values <= saw


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories)
def test_stores_of_workers_merge_to_the_same_in_any_order_and_grouping(history: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stores = [_stored(folder / f"w{i}.gpkg", replica) for i, replica in enumerate(_played(history))]
        merged = []
        for number, order in enumerate(([0, 1, 2], [2, 0, 1, 2])):
            target = _stored(folder / f"m{number}.gpkg", Replica())
            merge(target, [stores[i] for i in order])
            merged.append(_state_of(target))
        # grouped: the second receives the third, the first receives both, and itself through them
        merge(stores[1], [stores[2]])
        merge(stores[0], [stores[1]])
        merge(stores[1], [stores[0]])
        merge(stores[0], [stores[1]])
        assert merged[0] == merged[1] == _state_of(stores[0])


def _stored(path: Path, replica: Replica) -> Store:
    store = open_store(path)
    store.create()
    with store.writing() as writer:
        writer.add(list(replica.changes.values()), origin="test")
        writer.propose()
    return store


def _state_of(store: Store) -> tuple[object, ...]:
    with store.reading() as view:
        listed = overview(view, Wanted(everything=True), exact=True)
        return listed.digest, listed.records, listed.proposals
