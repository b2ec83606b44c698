"""Which object of a git folder leads to which: refs to commits, commits to trees, trees to files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_FOLDER, _SUBMODULE = 0o040000, 0o160000
_LINK = re.compile(rb"^(tree|parent|object) ([0-9a-f]{40}(?:[0-9a-f]{24})?)$", re.MULTILINE)
_ENTRY = re.compile(rb"([0-7]{1,7}) ([^\x00]+)\x00")
_REFS = re.compile(r"(?:worktrees/[^/]+/)?(?:HEAD|packed-refs|refs/.+)")
_LOGS = re.compile(r"(?:worktrees/[^/]+/)?logs/.+")
_SHALLOW = "shallow"


@dataclass(slots=True)
class Graph:
    """Links between objects; ids are bytes, ``width`` of them each.

    Attributes
    ----------
    named, logged
        What refs name, and what the logs of refs name.
    cut
        Commits whose parents a shallow clone leaves out.
    needed
        What is part of the history that was asked for, and may be missing.
    """

    width: int
    trees: dict[bytes, bytes] = field(default_factory=dict)
    commits: dict[bytes, list[bytes]] = field(default_factory=dict)
    named: set[bytes] = field(default_factory=set)
    logged: set[bytes] = field(default_factory=set)
    cut: set[bytes] = field(default_factory=set)
    needed: set[bytes] = field(default_factory=set)

    def add_refs(self, name: str, text: bytes) -> None:
        """Take the ids that a file of the git folder names, if it is of that kind."""
        kept = self.cut if name == _SHALLOW else self.named if _REFS.fullmatch(name) else self.logged
        if name == _SHALLOW or _REFS.fullmatch(name) or _LOGS.fullmatch(name):
            ids = re.findall(rb"(?m)^\^?([0-9a-f]{%d})(?: ([0-9a-f]{%d}) )?" % (2 * self.width, 2 * self.width), text)
            kept.update(bytes.fromhex(object_id.decode()) for pair in ids for object_id in pair if object_id)

    def add_message(self, object_id: bytes, data: bytes) -> None:
        """Take a commit or a tag; the parents that a shallow clone lacks are left out."""
        header = data.partition(b"\n\n")[0]
        linked = [(kind, bytes.fromhex(to.decode())) for kind, to in _LINK.findall(header)]
        self.commits[object_id] = [to for kind, to in linked if kind != b"parent" or object_id not in self.cut]

    def reached(self) -> list[bytes]:
        """The trees of every commit that something names; of all commits, where nothing names any."""
        waiting = [*self.named, *(self.logged & self.commits.keys())] or list(self.commits)
        known: set[bytes] = set()
        trees = []
        while waiting:
            object_id = waiting.pop()
            if object_id in known:
                continue
            known.add(object_id)
            if object_id in self.trees:
                trees.append(object_id)
            elif object_id in self.commits:
                waiting += self.commits[object_id]
            else:
                self.needed.add(object_id)
        return trees

    def folder(self, tree: bytes, path: str, *, needed: bool) -> bytes | None:
        """The tree of a folder below another tree, by its path."""
        for part in path.split("/")[:-1]:
            inner = [
                object_id for mode, name, object_id in self._entries(tree) if mode == _FOLDER and name == part.encode()
            ]
            if not inner:
                return None
            tree = inner[0]
            if needed and tree not in self.trees:
                self.needed.add(tree)
        return tree if tree in self.trees else None

    def below(self, roots: Iterable[tuple[bytes, str]], *, needed: bool = False) -> Iterator[tuple[bytes, str]]:
        """The files in some trees, each tree once: id and path."""
        waiting = list(roots)
        known: set[bytes] = set()
        while waiting:
            tree, path = waiting.pop()
            if tree in known:
                continue
            known.add(tree)
            for mode, name, object_id in self._entries(tree):
                inner = path + name.decode("utf-8", "replace")
                if needed and mode != _SUBMODULE:
                    self.needed.add(object_id)
                if mode == _FOLDER:
                    waiting.append((object_id, f"{inner}/"))
                elif mode != _SUBMODULE:
                    yield object_id, inner

    def _entries(self, tree: bytes) -> Iterator[tuple[int, bytes, bytes]]:
        """Mode, name and id of what a tree lists; nothing of one that is not here."""
        data, at = self.trees.get(tree, b""), 0
        while (match := _ENTRY.match(data, at)) is not None:
            at = match.end() + self.width
            yield int(match.group(1), 8), match.group(2), data[match.end() : at]
