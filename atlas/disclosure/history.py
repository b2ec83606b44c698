"""What a git folder remembers: every version of every file, also those that no branch reaches any more.

Nothing is run, no configuration is read and nothing is fetched: a folder that came from somebody else decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from atlas.disclosure.byte_view import Budget
from atlas.disclosure.compressed import Refused
from atlas.disclosure.folder import Repository, opened, plain_files
from atlas.disclosure.gitgraph import Graph
from atlas.disclosure.gitstore import open_store

# objects are read by themselves, and modules are repositories of their own
_APART = ("objects", "modules")
_LONGEST_REFS = 1 << 26


@dataclass(frozen=True, slots=True)
class Remembered:
    """A version of a file, or a message: its object, its path where one is known, and its content."""

    object_id: str
    path: str | None
    kind: str
    data: bytes


@dataclass(slots=True)
class _Places:
    """Where versions stand: in the part of a repository that is audited, by path, or elsewhere only."""

    inside: dict[bytes, str] = field(default_factory=dict)
    outside: set[bytes] = field(default_factory=set)


def remembered(repository: Repository, budget: Budget, faults: Counter[str]) -> Iterator[Remembered]:
    """All objects of a history that concern a folder, and, of the whole repository, those that have no path.

    Parameters
    ----------
    faults
        Takes what can't be read, and how often.

    Raises
    ------
    Refused
        The history is larger than can be examined.
    """
    files = list(_other_files(repository, faults))
    store = open_store(repository.git, faults)
    graph = Graph(store.width)
    for name, path in files:
        with opened(path) as stream:
            graph.add_refs(name, stream.read(_LONGEST_REFS))
    if graph.cut:
        faults["history before the commits at which the clone was cut off: it is shallow"] += len(graph.cut)
    for one in store.objects("commit", "tag", "tree"):
        if one.kind == "tree":
            graph.trees[one.object_id] = _taken(one.data, budget)
        else:
            graph.add_message(one.object_id, one.data)
            yield Remembered(one.object_id.hex(), None, one.kind, _taken(one.data, budget))
    places = _placed(graph, repository.prefix)
    for one in store.objects("blob"):
        if one.object_id in places.inside or one.object_id not in places.outside:
            yield Remembered(one.object_id.hex(), places.inside.get(one.object_id), one.kind, _taken(one.data, budget))
    store.finish()
    if missing := sum(not store.has(object_id) for object_id in graph.needed):
        faults["objects of the history that are not here: the clone is partial or damaged"] += missing
    for name, path in files:
        with opened(path) as stream:
            yield Remembered(name, f"{repository.git.name}/{name}", "file", _taken(stream.read(budget.largest), budget))


def _other_files(repository: Repository, faults: Counter[str]) -> Iterator[tuple[str, Path]]:
    """Refs, logs, messages that were not committed, and whatever else lies in the git folder, by name."""
    for path in plain_files(repository.git, faults, without=_APART):
        yield path.relative_to(repository.git).as_posix(), path


def _taken(data: bytes, budget: Budget) -> bytes:
    if len(data) > budget.allow():
        msg = "the history is larger than can be examined"
        raise Refused(msg)
    return budget.take(data)


def _placed(graph: Graph, prefix: str) -> _Places:
    """Where versions stand; a commit that nothing names any more counts for what it has in the folder."""
    places = _Places()
    named = graph.reached()
    every = [object_id for links in graph.commits.values() for object_id in links if object_id in graph.trees]
    for trees, needed in ((named, True), (every, False)):
        folders = [graph.folder(tree, prefix, needed=needed) for tree in trees] if prefix else trees
        for object_id, path in graph.below([(one, prefix) for one in folders if one is not None], needed=needed):
            places.inside.setdefault(object_id, path)
    if prefix:
        places.outside = {object_id for object_id, _ in graph.below([(tree, "") for tree in named])}
    return places
