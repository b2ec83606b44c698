"""Where files are published, and that exact records are neither written there nor read from there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from atlas.errors import PolicyError
from atlas.files import sha256_of_file
from atlas.paths import is_within, other_names, plain_name
from atlas.project import Project
from atlas.release.manifest import COUNTS, RECORD, RECORDS, manifest_in

_PUBLISHED = frozenset({"maps", "geodata"})
# what stands in a copy of maps/ or of geodata/ under another name, and in a release of before there was a record
_SIGNS = ((RECORDS, COUNTS), ("manifest.json", "annotate.html"), ("registry.json", "layers"))


@dataclass(frozen=True, slots=True)
class PublishedFolder:
    """A folder whose content is published, and why it is taken for one."""

    path: Path
    why: str


def published_folder(path: Path, project: Project, *others: Path) -> PublishedFolder | None:
    """The published folder in which a path lies, or that it is; nothing where there is none around it.

    A folder is published when it is that of the project or one of ``others``, is called maps or geodata, or holds a
    release, or the pages or layers of an atlas. A path is looked at as it is written, as it is on the disk, and by
    its further names where a disk is mounted more than once.
    """
    written = Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 - links are followed below
    real = Path(os.path.realpath(written))
    for folder in (project.maps, project.geodata, *others):
        if is_within(real, folder):
            return PublishedFolder(folder, "files are published from it")
    for view in dict.fromkeys((written, real, *other_names(real))):
        for folder in (view, *view.parents):
            if why := _why_published(folder, named=folder != view or folder.is_dir()):
                return PublishedFolder(folder, why)
    return None


def refuse_exact_output(path: Path, project: Project, *others: Path) -> None:
    """Refuse to put exact records, open or sealed, where files are published.

    Raises
    ------
    PolicyError
        The path lies in a published folder, or is a link or a folder.
    """
    target = path.expanduser()
    if target.is_symlink() or target.is_dir():
        msg = f"{path} is a {'link' if target.is_symlink() else 'folder'}; give the path of a plain file"
        raise PolicyError(msg)
    if folder := published_folder(path, project, *others):
        msg = (
            f"exact records do not go into {path.parent}: {folder.path} is published ({folder.why}), with all that "
            "lies in it. Give a path outside of maps/, of geodata/ and of any release"
        )
        raise PolicyError(msg)


def refuse_exact_input(paths: Iterable[Path], project: Project) -> None:
    """Refuse to read exact records, open or sealed, that lie where files are published.

    What a release has written is not exact, and is read from where it lies.

    Raises
    ------
    PolicyError
        A path lies in a published folder.
    """
    known: dict[Path, PublishedFolder | None] = {}
    for path in paths:
        # thousands of files may lie in one folder; a link may lead elsewhere
        at = path if path.is_symlink() or path.is_dir() else path.parent
        if at not in known:
            known[at] = published_folder(at, project)
        if (folder := known[at]) and not _is_released(path.expanduser()):
            msg = (
                f"{path} lies in {folder.path}, which is published ({folder.why}): exact records are not read from "
                "there, they must not be there. Move it out, look whether it was shared, copied or committed with the "
                "folder, and give its new path"
            )
            raise PolicyError(msg)


def refuse_release_around(paths: Iterable[Path], folder: Path) -> None:
    """Refuse to publish a folder that holds the exact records themselves.

    Raises
    ------
    PolicyError
        One of the paths lies in the folder.
    """
    if any(is_within(path, folder) for path in paths):
        msg = f"{folder} holds the exact records that are to be released; choose another folder to publish"
        raise PolicyError(msg)


def _why_published(folder: Path, *, named: bool) -> str | None:
    if named and plain_name(folder.name) in _PUBLISHED:
        return f"it is called {folder.name}"
    if manifest_in(folder) is not None:
        return f"it holds a release, {RECORD}"
    held = next((sign for sign in _SIGNS if all((folder / name).exists() for name in sign)), None)
    return f"it holds {' and '.join(held)}" if held else None


def _is_released(path: Path) -> bool:
    """Whether a release has written a file, byte by byte, into its own folder."""
    return any(_lists(folder, path) for folder in _above(path))


def _above(path: Path) -> Iterator[Path]:
    """The folder of a file, and the one above it: a release keeps photographs one folder down."""
    yield from list(path.parents)[:2]


def _lists(folder: Path, path: Path) -> bool:
    record = manifest_in(folder) or {}
    files = record.get("files")
    stated = files.get(path.relative_to(folder).as_posix()) if isinstance(files, dict) else None
    digest = stated.get("sha256") if isinstance(stated, dict) else None
    try:
        return digest is not None and path.is_file() and sha256_of_file(path) == digest
    except OSError:
        return False
