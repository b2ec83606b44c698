"""What lies in a folder that is audited: files and git folders; nothing that leads out of it is followed."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from atlas.disclosure.compressed import Refused
from atlas.errors import InputError

GIT = ".git"
_POINTER = b"gitdir:"
_BARE = ("HEAD", "objects", "refs")
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Repository:
    """A git folder: where it is, the folder whose history it holds, and the part of that which is audited."""

    git: Path
    top: Path
    prefix: str = ""


@dataclass(slots=True)
class Folder:
    """What an audit of a folder reads, and what it must not or cannot.

    Attributes
    ----------
    faults
        A path and why it is not read.
    """

    files: list[Path] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    repositories: list[Repository] = field(default_factory=list)
    faults: list[tuple[Path, str]] = field(default_factory=list)

    def add_repository(self, pointer: Path, boundary: Path, prefix: str = "") -> None:
        """Take the git folder that a ``.git`` is, or leads to within a boundary."""
        try:
            git = _git_folder(pointer, boundary)
        except (Refused, OSError) as error:
            self.faults.append((pointer, str(error)))
            return
        if git not in {known.git for known in self.repositories}:
            self.repositories.append(Repository(git, pointer.parent if pointer.name == GIT else pointer, prefix))
            for folder, folders, _ in os.walk(git / "modules"):
                if "objects" in folders:
                    self.add_repository(Path(folder), boundary)
                    folders.clear()


def contents(path: Path) -> Folder:
    """All that lies in a folder, and the git folder above it that remembers it.

    Raises
    ------
    InputError
        A folder in it can't be listed.
    """
    listed = Folder()
    root = path.resolve()
    above = next((parent for parent in (root, *root.parents) if os.path.lexists(parent / GIT)), None)
    if above is not None:
        prefix = root.relative_to(above).as_posix()
        listed.add_repository(above / GIT, above, "" if prefix == "." else f"{prefix}/")
    for folder, folders, names in os.walk(path, onerror=_refuse):
        here = Path(folder)
        listed.folders.append(here)
        for name in sorted(folders):
            if name != GIT and (here / name).is_symlink():
                _add_link(listed, here / name, root)
        if here != path and GIT in (*folders, *names):
            listed.add_repository(here / GIT, root)
        elif GIT not in folders and {*folders, *names} >= set(_BARE) and "objects" in folders:
            listed.add_repository(here, root)
            folders.remove("objects")
        folders[:] = sorted(name for name in folders if name != GIT)
        for name in sorted(names):
            if name != GIT:
                _add(listed, here / name, root)
    return listed


def _refuse(error: OSError) -> None:
    msg = f"{error.filename} cannot be listed ({error.strerror}); make it readable, or leave it out"
    raise InputError(msg) from error


def _add(listed: Folder, path: Path, root: Path) -> None:
    if path.is_symlink():
        _add_link(listed, path, root)
    elif path.is_file():
        listed.files.append(path)
    else:
        listed.faults.append((path, "no plain file: a pipe, a socket or a device, which is not opened"))


def _add_link(listed: Folder, path: Path, root: Path) -> None:
    """A link to what lies in the folder is nothing new, unless it leads into what is not listed."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        listed.faults.append((path, "a link that leads nowhere, or out of the folder"))
        return
    if not target.is_relative_to(root):
        listed.faults.append((path, "a link that leads out of the folder, which is not followed"))
    elif target.is_file():
        listed.files.append(path)


def _git_folder(pointer: Path, boundary: Path) -> Path:
    """The git folder that a ``.git`` is, or names.

    Raises
    ------
    Refused
        It is a link, leads out of the boundary, or is none.
    """
    git = pointer
    if git.is_symlink():
        msg = "a link to a git folder, which is not followed"
        raise Refused(msg)
    if git.is_file():
        with opened(git) as stream:
            text = stream.read(_LONGEST)
        git = _within(git.parent, text.removeprefix(_POINTER), boundary)
    if (common := git / "commondir").exists() or common.is_symlink():
        with opened(common) as stream:
            git = _within(git, stream.read(_LONGEST), boundary)
    if (git / "objects").is_symlink() or not (git / "objects").is_dir():
        msg = "a git folder without objects of its own: its history cannot be read"
        raise Refused(msg)
    return git.resolve()


def _within(start: Path, name: bytes, boundary: Path) -> Path:
    try:
        target = (start / os.fsdecode(name.strip())).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        msg = "it names no folder"
        raise Refused(msg) from error
    if not target.is_relative_to(boundary.resolve()) or not target.is_dir():
        msg = "the history lies in another folder, which is not followed: audit that one, or a clone"
        raise Refused(msg)
    return target


def plain_files(root: Path, faults: Counter[str], *, without: tuple[str, ...] = ()) -> Iterator[Path]:
    """All plain files of a folder in their order; links, pipes and what can't be listed are counted as faults."""

    def refuse(error: OSError) -> None:
        faults[f"{error.filename} cannot be listed ({error.strerror})"] += 1

    for folder, folders, names in os.walk(root, onerror=refuse):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if here != root or name not in without)
        links = [name for name in folders if (here / name).is_symlink()]
        for name in (*links, *sorted(names)):
            path = here / name
            if name in links or not stat.S_ISREG(path.lstat().st_mode):
                faults[f"{path.relative_to(root)} is a link, a pipe or a device, which is not followed"] += 1
            else:
                yield path


def opened(path: Path) -> BinaryIO:
    """A plain file, open for reading.

    Raises
    ------
    Refused
        It is a link, a pipe or a device, or can't be read.
    """
    try:
        # without waiting for somebody who writes into a pipe
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            msg = "no plain file"
            raise Refused(msg)
    except OSError as error:
        msg = f"cannot be read ({error.strerror})"
        raise Refused(msg) from error
    return os.fdopen(handle, "rb")
