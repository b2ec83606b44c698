"""The files of a folder, and photos that lie beside a file; nothing outside of them is read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from atlas.field.readers.attachments import PLACES, Attachments
from atlas.field.readers.input_source import Media
from atlas.field.readers.photos import MOST_PHOTO_BYTES
from atlas.field.readers.sounds import is_sound

_MOST_FILES = 200_000
_DEEPEST = 6
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


def photos_beside(path: Path) -> Media:
    """Finds a photo in the folder of a file and in the folders that programs make for photos there."""
    root = path.parent

    def listing() -> Iterator[str]:
        for place in dict.fromkeys(("", *PLACES, f"{path.stem}_media", path.stem)):
            if (root / place).is_dir():
                names = (one for one in sorted((root / place).iterdir()) if one.is_file())
                yield from (one.relative_to(root).as_posix() for one in names)

    beside = Attachments(listing, lambda name: _read(root / name, root)).finder(path.name)

    def find(name: str) -> bytes | None:
        # a photo in a folder of its own is named with it; all others are listed
        plain = name.replace("\\", "/")
        return beside(name) or (_read(root / plain, root) if "/" in plain else None)

    return find


def files_beside(path: Path) -> list[tuple[str, int, int]]:
    """Names, sizes and times of what may be read together with a file: photos, sounds, tables of repeats."""
    root = path.parent
    listed = []
    for place in dict.fromkeys(("", *PLACES, f"{path.stem}_media", path.stem)):
        for one in sorted((root / place).iterdir()) if (root / place).is_dir() else ():
            with_it = (
                place or one.name.startswith(f"{path.stem}-") or is_sound(one.name) or one.suffix.lower() in _PICTURES
            )
            if with_it and one.is_file():
                about = one.stat()
                listed.append((one.relative_to(root).as_posix(), about.st_size, about.st_mtime_ns))
    return listed


def attachments_in(folder: Path) -> Attachments:
    """The files anywhere in a folder."""
    return Attachments(
        lambda: (path.relative_to(folder).as_posix() for path in walk(folder)),
        lambda name: _read(folder / name, folder),
    )


def walk(folder: Path) -> list[Path]:
    """The plain files in a folder and the folders in it, in order; what is hidden or a link is left out."""
    paths: list[Path] = []
    for here, folders, names in os.walk(folder):
        depth = len(Path(here).relative_to(folder).parts)
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if depth < _DEEPEST else []
        paths += [Path(here) / name for name in sorted(names) if not name.startswith(".")]
        if len(paths) > _MOST_FILES:
            break
    return [path for path in paths if not path.is_symlink() and path.is_file()]


def _read(path: Path, root: Path) -> bytes | None:
    try:
        inside = path.resolve().is_relative_to(root.resolve())
        if not inside or not path.is_file() or path.stat().st_size > MOST_PHOTO_BYTES:
            return None
        return path.read_bytes()
    except (OSError, ValueError):
        return None
