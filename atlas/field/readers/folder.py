"""Photos that lie beside a file or in its folders, found by name and only inside of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from atlas.field.readers.photos import MOST_PHOTO_BYTES

_MOST_FILES = 200_000
_DEEPEST = 6
# where programs put the photos of a file: ODK and KoboToolbox, QField, the atlas
_BESIDE = ("", "media", "DCIM", "files", "photos", "attachments")


def photos_beside(path: Path) -> Callable[[str], bytes | None]:
    """Finds a photo in the folder of a file and in the folders that programs make for photos there."""
    root = path.parent
    places = [root / name for name in (*_BESIDE, f"{path.stem}_media", path.stem) if name] + [root]

    def find(name: str) -> bytes | None:
        return next((data for place in places if (data := _read(place / name, root)) is not None), None)

    return find


def photos_in(folder: Path) -> Callable[[str], bytes | None]:
    """Finds a photo anywhere in a folder; a name that two photos have is none of them."""

    @cache
    def index() -> dict[str, list[Path]]:
        found: dict[str, list[Path]] = {}
        for path in walk(folder):
            found.setdefault(path.name, []).append(path)
        return found

    def find(name: str) -> bytes | None:
        paths = index().get(name, [])
        return _read(paths[0], folder) if len(paths) == 1 else None

    return find


def walk(folder: Path) -> list[Path]:
    """The plain files in a folder and the folders in it, in order; what is hidden or a link is left out."""
    found: list[Path] = []
    for here, folders, names in os.walk(folder):
        depth = len(Path(here).relative_to(folder).parts)
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if depth < _DEEPEST else []
        found += [Path(here) / name for name in sorted(names) if not name.startswith(".")]
        if len(found) > _MOST_FILES:
            break
    return [path for path in found if not path.is_symlink() and path.is_file()]


def _read(path: Path, root: Path) -> bytes | None:
    try:
        inside = path.resolve().is_relative_to(root.resolve())
        if not inside or not path.is_file() or path.stat().st_size > MOST_PHOTO_BYTES:
            return None
        return path.read_bytes()
    except (OSError, ValueError):
        return None
