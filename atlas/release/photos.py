"""Photographs of open records: drawn anew from their pixels, so that nothing but the picture is left."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

_MOST_PIXELS = 60_000_000
_LONGEST_SIDE = 1_600
_QUALITY = 85


def bare_photos(wanted: Mapping[str, str], folders: Sequence[Path]) -> Mapping[str, bytes]:
    """JPEG files by published name; those that are missing or cannot be read are left out.

    Parameters
    ----------
    wanted
        For each published name, the name that the record gives.
    folders
        Where photographs are looked for; nothing outside of these is read.
    """
    photos_drawn = {}
    for name, source in wanted.items():
        path = _inside(source, folders)
        data = _bare(path) if path is not None else None
        if data is not None:
            photos_drawn[name] = data
    return photos_drawn


def _inside(source: str, folders: Sequence[Path]) -> Path | None:
    relative = PurePosixPath(source.replace("\\", "/"))
    if "\0" in source or relative.is_absolute() or ".." in relative.parts:
        return None
    for folder in folders:
        path = (folder / relative).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            return path
    return None


def _bare(path: Path) -> bytes | None:
    from PIL import Image, ImageOps  # noqa: PLC0415 - needed only where there are photographs

    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        # a new image: profiles, comments and thumbnails stay with the old one
        clean = Image.new("RGB", upright.size)
        clean.paste(upright)
        stream = io.BytesIO()
        clean.save(stream, "JPEG", quality=_QUALITY)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    return stream.getvalue()
