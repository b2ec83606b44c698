"""A map of a user's own as a folder: a page, and beside it the archive of points that the page reads parts of."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from atlas.admission.published_atlas import PublishedAtlas
from atlas.cartography.composition import Composition
from atlas.errors import OutputError
from atlas.files import write_atomically

PAGE = "index.html"
# what an earlier map of the same folder was read from
_ARCHIVE = re.compile(r"points-[0-9a-f]{12}\.pmtiles\Z")


_WORK = ".atlas-map-"
# so long after its last change nobody works in such a folder any more
_STALE_S = 86_400


@dataclass(frozen=True, slots=True)
class MapFolder:
    """What was written, and what a reader has to know of it, in English."""

    page: Path
    archive: Path
    notes: Sequence[str]


def write_map_folder(
    composition: Composition,
    folder: Path,
    *,
    release: PublishedAtlas,
    tiles: str | None = None,
    share: Callable[[float], None],
) -> MapFolder:
    """Write the folder; until its page is there, an earlier one stays as it was.

    Parameters
    ----------
    composition
        The map; one of its layers has many points.
    folder
        The folder; made where there is none.
    release
        The atlas' layers, for the ground under it.
    tiles
        As in `atlas.api.Atlas.map`.
    share
        Called with how much has been done, from 0 to 1.

    Raises
    ------
    InputError, UsageError, PolicyError
        As `atlas.cartography.assembly.assemble`; also where no layer has so many points.
    OutputError
        The folder cannot be written.
    """
    from atlas.render import render_folder  # noqa: PLC0415 - folium is loaded only when a page is made

    if folder.exists() and not folder.is_dir():
        msg = f"{folder} is a file; name a folder that is none, or a page, as in -o map.html"
        raise OutputError(msg)
    made = not folder.exists()
    if not made:
        _refuse_another_page(folder)
        _sweep(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_WORK, dir=folder) as work:
            page, notes, staged = render_folder(composition, release=release, work=Path(work), tiles=tiles, share=share)
            archive = folder / staged.name
            # by its name the page knows the archive that it was made with
            staged.replace(archive)
        write_atomically(folder / PAGE, page)
        for old in folder.iterdir():
            if _ARCHIVE.match(old.name) and old != archive:
                old.unlink(missing_ok=True)
    except OSError as error:
        msg = f"{folder} cannot be written ({error.strerror or error}); look at its disk and rights, or name another"
        raise OutputError(msg) from error
    finally:
        if made:
            # of what failed nothing stays
            with suppress(OSError):
                folder.rmdir()
    return MapFolder(folder / PAGE, archive, notes)


def _refuse_another_page(folder: Path) -> None:
    """A page that is not of an earlier map of this kind is somebody's own."""
    if (folder / PAGE).exists() and not any(_ARCHIVE.match(one.name) for one in folder.iterdir()):
        msg = f"{folder / PAGE} is another page; choose a new folder, so that it is not written over"
        raise OutputError(msg)


def _sweep(folder: Path) -> None:
    """Remove what a killed run left behind: it has exact positions."""
    for left in folder.glob(f"{_WORK}*"):
        with suppress(OSError):
            if left.is_dir() and time.time() - left.stat().st_mtime > _STALE_S:
                shutil.rmtree(left)
