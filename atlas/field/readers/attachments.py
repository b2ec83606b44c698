"""Files that lie with a file of notes, found by what a row calls them: in another case, with folders, or as an address.

Nothing outside of the listed files is read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import unquote

Find = Callable[[str], bytes | None]

# where programs put the photos of a file: ODK and KoboToolbox, QField, the atlas
PLACES = ("media", "DCIM", "files", "photos", "attachments")


class Attachments:
    """The files of an archive or folder.

    Parameters
    ----------
    listing
        Gives their paths with slashes, from the outermost folder on; asked when the first one is looked for.
    read
        Gives the content of one, or nothing when it is too large or cannot be read.
    """

    def __init__(self, listing: Callable[[], Iterable[str]], read: Find) -> None:
        self._listing = listing
        self._read = read
        self.used: set[str] = set()

    def finder(self, path: str) -> Find:
        """Finds what a row of the file at some path names."""
        beside = PurePosixPath(path)
        places = [beside.parent / place for place in ("", *PLACES, f"{beside.stem}_media", beside.stem)]

        def find(name: str) -> bytes | None:
            for spelled in dict.fromkeys((name, unquote(name))):
                if (chosen := self._chosen(spelled, places)) is not None and (data := self._read(chosen)) is not None:
                    self.used.add(chosen)
                    return data
            return None

        return find

    @cached_property
    def _by_name(self) -> dict[str, list[PurePosixPath]]:
        paths: dict[str, list[PurePosixPath]] = {}
        for path in map(PurePosixPath, self._listing()):
            paths.setdefault(_key(path.name), []).append(path)
        return paths

    def _chosen(self, name: str, places: Sequence[PurePosixPath]) -> str | None:
        """The file beside the notes, in a folder for photos, or else the only one; a name that two have is none."""
        parts = [part for part in name.replace("\\", "/").split("/") if part not in {"", ".", ".."}]
        if not parts:
            return None
        named = self._by_name.get(_key(parts[-1]))
        if named is None:
            return None
        # the folders that it names, as far as there are such
        within = [path for path in named if _key("/".join(path.parts[-len(parts) :])) == _key("/".join(parts))]
        named = within or named
        named = [path for path in named if path.name == parts[-1]] or named
        near = [[path for path in named if path.parent == place.joinpath(*parts[:-1])] for place in places]
        media = [path for path in named if path.parent.name == PLACES[0]]
        for several in (*near, media, named):
            if len(several) == 1:
                return str(several[0])
        return None


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
