"""Versions of a submission: a form server gives an edited one a new id and names the one that it replaces.

Each import says in a change of its own which changes a version brought, under names made of the version's ids. A later
version has the names of those that it replaces as parents, so that it supersedes what they brought, whichever of them
comes first: what stands is a function of the set of changes, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from atlas.field.change import Change, Json

OF_VERSION = "submission:"
_NAMES, _CHANGES, _ORDER = "names", "changes", "order"
_ORDER_PARTS = 2


@dataclass(frozen=True, slots=True)
class Brought:
    """What versions brought to one field.

    Attributes
    ----------
    by_name
        The ids of changes by the name of the version.
    order
        By the id of a change what the version says of its place among the others, and by what it counts that; where
        several versions brought a change, the latest.
    """

    by_name: dict[str, list[str]] = field(default_factory=dict)
    order: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a submission.

    Attributes
    ----------
    ids
        What it is called.
    replaces
        What the versions are called that it replaces, as far as it says so.
    order
        By what it says its place among the versions (``updated``, ``number`` or ``end``), and that place as a text that
        sorts.
    """

    ids: tuple[str, ...]
    replaces: tuple[str, ...] = ()
    order: tuple[str, str] | None = None

    @property
    def parents(self) -> list[str]:
        """The names of what it replaces, as parents of its changes."""
        return [version_name(submission_id) for submission_id in self.replaces]

    def brought(self, record_id: str, changes: Iterable[Change]) -> Change:
        """The change that says which changes came with this version."""
        stated: dict[str, Json] = {
            _NAMES: sorted(map(version_name, self.ids)),
            _CHANGES: {change.field: change.change_id for change in changes},
        }
        if self.order:
            stated[_ORDER] = list(self.order)
        return Change.of(record_id, f"{OF_VERSION}{self.ids[0]}", stated)


def is_of_version(change: Change) -> bool:
    """Whether a change says what a version brought, and nothing of the record."""
    return change.field.startswith(OF_VERSION) and bool(_parts(change.value))


def brought_by_field(changes: Iterable[Change]) -> dict[str, Brought]:
    """What the versions of a record brought, by field."""
    brought: dict[str, Brought] = {}
    for change in changes:
        names, ids, order = _parts(change.value) or ([], {}, None)
        for name, change_id in ids.items():
            of_field = brought.setdefault(name, Brought())
            for version_name in names:
                of_field.by_name.setdefault(version_name, []).append(change_id)
            if order:
                of_field.order[change_id] = max(order, of_field.order.get(change_id, order))
    return brought


def replaced_and_repeated(changes: Sequence[Change], brought: Brought) -> tuple[set[str], set[str]]:
    """Changes of one field that a later version or somebody else replaced, and those that only repeat another.

    A version that says what the one before it said is no opinion of its own: what a person decided in between stands.
    """
    by_id = {change.change_id: change for change in changes}
    before = {change_id: _before(change_id, by_id, brought) for change_id in by_id}
    replaced = {parent for change in changes for parent in change.parents}
    repeated = set[str]()
    for change_id, earlier in before.items():
        latest = earlier.difference(*(before[one] for one in earlier))
        if latest and {by_id[one].text for one in latest} == {by_id[change_id].text}:
            repeated.add(change_id)
            replaced |= earlier - latest
        else:
            replaced |= earlier
    # who knew a version knew what it replaced
    for change_id in replaced & by_id.keys():
        replaced |= before[change_id]
    return replaced, repeated


def _before(change_id: str, by_id: Mapping[str, Change], brought: Brought) -> set[str]:
    """The changes of the versions that one replaces, and of those that these replace."""
    earlier, waiting = set[str](), [change_id]
    while waiting:
        one = waiting.pop()
        replaced = [made for parent in by_id[one].parents for made in brought.by_name.get(parent, ())]
        if one in brought.order:
            replaced += [made for made, order in brought.order.items() if _is_earlier(order, brought.order[one])]
        for made in replaced:
            if made in by_id and made != change_id and made not in earlier:
                earlier.add(made)
                waiting.append(made)
    return earlier


def _is_earlier(order: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether a version comes before another one; what is counted differently has no order."""
    return order[0] == other[0] and order[1] < other[1]


def version_name(submission_id: str) -> str:
    """What a version is called in changes, by its id."""
    return sha256(f"submission {submission_id}".encode()).hexdigest()


def _parts(value: Json) -> tuple[list[str], dict[str, str], tuple[str, str] | None] | None:
    if not isinstance(value, Mapping) or set(value) - {_ORDER} != {_NAMES, _CHANGES}:
        return None
    names, ids, order = value[_NAMES], value[_CHANGES], value.get(_ORDER, ["", ""])
    if not isinstance(names, list) or not isinstance(ids, Mapping) or not isinstance(order, list):
        return None
    if len(order) != _ORDER_PARTS or not all(isinstance(word, str) for word in (*names, *ids.values(), *order)):
        return None
    return names, dict(ids), (order[0], order[1]) if order[0] else None
