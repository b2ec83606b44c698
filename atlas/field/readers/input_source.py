"""What is being read: a file on disk, or bytes that were unsealed in memory and must not touch the disk."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from atlas.errors import InputError

HEAD_BYTES = 8192
# what is read as a whole, such as a sealed bundle or an export of the page with its photos
MOST_WHOLE_BYTES = 512_000_000

Media = Callable[[str], bytes | None]


def no_media(_name: str) -> bytes | None:
    """A source without photos beside it."""
    return None


@dataclass(slots=True)
class Room:
    """What an archive and all archives in it may still unpack: bytes and parts."""

    size: int
    parts: int


@dataclass(frozen=True, slots=True)
class Source:
    """A named run of bytes: the file at ``path``, or what was unsealed or stands packed in it.

    Attributes
    ----------
    path
        The file on disk.
    inside
        The name of a part of the file, when it is that part.
    opener
        Gives the bytes from the start, when they are not the file itself.
    media
        Gives the content of a photo by its name, or nothing.
    room
        What may still be unpacked, where it came out of an archive.
    within
        The folder that is read as a whole, when it is one of its files.
    """

    path: Path
    inside: str | None = None
    opener: Callable[[], BinaryIO] | None = None
    media: Media = field(default=no_media)
    room: Room | None = field(default=None, compare=False)
    within: Path | None = None

    @classmethod
    def of_bytes(cls, sealed: Source, data: bytes, inside: str) -> Source:
        """Bytes that were unsealed, are held in memory and must not touch the disk."""
        return cls(sealed.path, inside, lambda: io.BytesIO(data), sealed.media, sealed.room)

    @property
    def name(self) -> str:
        """What a message calls it: the file, and what in it."""
        return f"{self.path}" if self.inside is None else f"{self.path} ({self.inside})"

    @property
    def relative(self) -> str:
        """Its path in the archive or folder that it is read with."""
        return self.inside or (self.path.relative_to(self.within).as_posix() if self.within else self.path.name)

    @property
    def suffix(self) -> str:
        """The end of its name, in lower case, with the dot."""
        return Path(self.inside or self.path.name).suffix.lower()

    def open(self) -> BinaryIO:
        """The bytes from the start.

        Raises
        ------
        InputError
            The file cannot be opened.
        """
        if self.opener is not None:
            return self.opener()
        try:
            return self.path.open("rb")
        except OSError as error:
            msg = f"{self.path} cannot be read ({error.strerror}); give the path of a file that exists and is readable"
            raise InputError(msg) from error

    def open_seekable(self) -> BinaryIO:
        """The bytes from the start, in a stream that can go back; what is packed is held in memory for that.

        Raises
        ------
        InputError
            They cannot be read, or are more than can be held.
        """
        return self.open() if self.opener is None else io.BytesIO(self.whole())

    def size(self) -> int:
        """How many bytes there are; those in an archive or in memory are counted."""
        if self.opener is None:
            return self.path.stat().st_size
        with self.opener() as stream:
            return sum(len(block) for block in iter(lambda: stream.read(1 << 20), b""))

    def head(self) -> bytes:
        """The first bytes, enough to tell a format."""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)

    def whole(self) -> bytes:
        """All bytes.

        Raises
        ------
        InputError
            There are more than can be held.
        """
        with self.open() as stream:
            data = stream.read(MOST_WHOLE_BYTES + 1)
        if len(data) > MOST_WHOLE_BYTES:
            msg = f"{self.name} has more than {MOST_WHOLE_BYTES / 1e6:,.0f} MB and must be read as one; divide it"
            raise InputError(msg)
        return data
