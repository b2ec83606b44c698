"""Versions of a submission: a form server gives an edited one a new id and names the one that it replaces.

Each import says in a change of its own which changes a version brought, under names made of the version's ids. A later
version has the names of those that it replaces as parents, so that it supersedes what they brought, whichever of them
comes first: what stands is a function of the set of changes, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from atlas.field.change import Change, Json

_PREFIX = "submission:"
_NAMES, _CHANGES = "names", "changes"

# by the name of a version the ids of the changes of one field that it brought
Brought = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a submission.

    Attributes
    ----------
    ids
        What it is called.
    replaces
        What the versions are called that it replaces, as far as it says so.
    """

    ids: tuple[str, ...]
    replaces: tuple[str, ...] = ()

    @property
    def parents(self) -> list[str]:
        """The names of what it replaces, as parents of its changes."""
        return [_name(submission_id) for submission_id in self.replaces]

    def brought(self, record_id: str, changes: Iterable[Change]) -> Change:
        """The change that says which changes came with this version."""
        stated = {
            _NAMES: sorted(map(_name, self.ids)),
            _CHANGES: {change.field: change.change_id for change in changes},
        }
        return Change.of(record_id, f"{_PREFIX}{self.ids[0]}", stated)


def is_of_version(change: Change) -> bool:
    """Whether a change says what a version brought, and nothing of the record."""
    return change.field.startswith(_PREFIX) and bool(_parts(change.value))


def brought_by_field(changes: Iterable[Change]) -> dict[str, dict[str, list[str]]]:
    """What the versions of a record brought, by field."""
    brought: dict[str, dict[str, list[str]]] = {}
    for change in changes:
        names, ids = _parts(change.value) or ([], {})
        for field, change_id in ids.items():
            for name in names:
                brought.setdefault(field, {}).setdefault(name, []).append(change_id)
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
        for parent in by_id[waiting.pop()].parents:
            for one in brought.get(parent, ()):
                if one in by_id and one != change_id and one not in earlier:
                    earlier.add(one)
                    waiting.append(one)
    return earlier


def _name(submission_id: str) -> str:
    return sha256(f"submission {submission_id}".encode()).hexdigest()


def _parts(value: Json) -> tuple[list[str], dict[str, str]] | None:
    if not isinstance(value, Mapping) or set(value) != {_NAMES, _CHANGES}:
        return None
    names, ids = value[_NAMES], value[_CHANGES]
    if not isinstance(names, list) or not isinstance(ids, Mapping):
        return None
    return (names, dict(ids)) if all(isinstance(word, str) for word in (*names, *ids.values())) else None
