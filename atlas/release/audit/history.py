"""What a git work tree remembers: every version of every file, also those that no branch reaches any more."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from atlas.release.audit.packed import Refused
from atlas.release.audit.view import Budget

_SLOW_S = 120


@dataclass(frozen=True, slots=True)
class Remembered:
    """A version of a file, or a message: its object, its path where one is known, and its content."""

    object_id: str
    path: str | None
    kind: str
    data: bytes


def is_work_tree(folder: Path) -> bool:
    """Whether a folder lies in a git work tree."""
    return any((parent / ".git").exists() for parent in (folder.resolve(), *folder.resolve().parents))


def remembered(folder: Path, budget: Budget) -> Iterator[Remembered]:
    """All objects of the history that concern a folder, and, of the whole repository, those that have no path.

    Raises
    ------
    Refused
        Git is not there, or can't read the repository.
    """
    top = Path(_git(folder, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").strip())
    prefix = folder.resolve().relative_to(top.resolve()).as_posix()
    prefix = "" if prefix == "." else f"{prefix}/"
    paths: dict[str, str] = {}
    for line in _git(folder, "rev-list", "--objects", "--all", "--reflog").decode("utf-8", "replace").splitlines():
        ident, _, path = line.partition(" ")
        if path:
            # the same content may have stood in several places: one inside the folder counts
            if ident not in paths or path.startswith(prefix):
                paths[ident] = path
        else:
            paths.setdefault(ident, "")
    every = _git(folder, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname) %(objectsize)")
    wanted = []
    for line in every.decode().splitlines():
        kind, ident, size = line.split(" ")
        known = paths.get(ident)
        inside = known is None or kind in {"commit", "tag"} or known.startswith(prefix)
        if kind != "tree" and inside:
            if int(size) > budget.allow():
                msg = f"object {ident[:10]} is larger than can be examined"
                raise Refused(msg)
            wanted.append((ident, known or None, kind))
    yield from _contents(folder, wanted, budget)


def _contents(folder: Path, wanted: list[tuple[str, str | None, str]], budget: Budget) -> Iterator[Remembered]:
    command = ["git", "-C", str(folder), "cat-file", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - no shell, our own words
        if process.stdin is None or process.stdout is None:  # pragma: no cover - both are pipes
            return
        for ident, path, kind in wanted:
            process.stdin.write(f"{ident}\n".encode())
            process.stdin.flush()
            size = int(process.stdout.readline().split()[2])
            data = process.stdout.read(size)
            process.stdout.read(1)
            if budget.allow() < size:
                process.kill()
                msg = "the history is larger than can be examined"
                raise Refused(msg)
            yield Remembered(ident, path, kind, budget.take(data))
        process.stdin.close()


def _git(folder: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - no shell, our own words
            ["git", "-C", str(folder), *words],  # noqa: S607 - the git of this machine
            capture_output=True,
            check=True,
            timeout=_SLOW_S,
        )
    except (OSError, subprocess.SubprocessError) as error:
        msg = f"the history cannot be read: {getattr(error, 'stderr', b'') or error}"
        raise Refused(msg[:200]) from error
    return done.stdout
