"""A stretch of bytes to be read, and the limits within which files are opened."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from atlas.disclosure.packed_stream import PackedStream

MEGABYTE = 1_000_000
# what a file may unpack to in all: a start, and so many times its own size
_START, _RATIO, _MOST = 32 * MEGABYTE, 200, 768 * MEGABYTE
_STREAMED_RATIO = 30


@dataclass(frozen=True, slots=True)
class View:
    """Bytes and where they come from.

    Attributes
    ----------
    file
        The file as it was given, or the member of a folder.
    trail
        What was opened on the way: ``member doc.kml``, ``base64``, ``zlib at byte 120``.
    form
        What the bytes are by their content: ``json``, ``html``, ``sqlite``, ``text``, ``bytes`` and so on.
    starts
        Where pieces that were put together begin in these bytes, and where each of them began before.
    base
        How many bytes stand before these.
    stream
        What is read piece by piece, where these are too many to be unpacked at once.
    """

    file: str
    data: bytes
    form: str
    trail: tuple[str, ...] = ()
    starts: tuple[Sequence[int], Sequence[int]] | None = None
    base: int = 0
    stream: PackedStream | None = None

    def at(self, offset: int) -> str:
        """A place in the file, in words."""
        offset += self.base
        if self.starts and self.starts[0]:
            offset = self.starts[1][max(0, bisect_right(self.starts[0], offset) - 1)]
        return " > ".join((*self.trail, f"byte {offset}"))


@dataclass(slots=True)
class Budget:
    """How much may come out of files that are packed: a small file can hold more than a disk.

    Attributes
    ----------
    left
        Bytes that may still be unpacked.
    streamed
        Bytes that may still be unpacked piece by piece.
    depth
        How many layers are opened, one inside another.
    """

    left: int = _MOST
    streamed: int = _MOST
    depth: int = 7
    largest: int = 256 * MEGABYTE
    refused: list[str] = field(default_factory=list)

    def allow(self) -> int:
        """Bytes that the next piece may have."""
        return max(0, min(self.left, self.largest))

    def take(self, data: bytes) -> bytes:
        """Count what was unpacked."""
        self.left -= len(data)
        return data


def budget_of(size: int) -> Budget:
    """What may come out of a file of so many bytes, over all that is packed in it, one beside and inside another."""
    return Budget(min(_MOST, _START + _RATIO * size), max(_MOST, _STREAMED_RATIO * size))
