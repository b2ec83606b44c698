"""A large deflated stream that is read piece by piece, so that never more than a piece of it is in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from atlas.disclosure.byte_view import MEGABYTE

# what unpacks to less is unpacked whole, and what is packed in less can't unpack to more
LARGE, LEAST_PACKED = 32 * MEGABYTE, 30_000
_CHUNK = 1 << 20


@dataclass(slots=True)
class Inflating:
    """The content of a deflated stream, read from its beginning."""

    data: memoryview
    unpacker: zlib._Decompress
    at: int = 0
    held: bytes = b""
    is_damaged: bool = False

    def read(self, size: int) -> bytes:
        """So many bytes; fewer at the end, or where damage begins."""
        pieces: list[bytes] = []
        while size > 0 and not self.unpacker.eof and not self.is_damaged:
            if not self.held and self.at >= len(self.data):
                break
            if not self.held:
                self.held, self.at = bytes(self.data[self.at : self.at + _CHUNK]), self.at + _CHUNK
            try:
                piece = self.unpacker.decompress(self.held, size)
            except zlib.error:
                self.is_damaged = True
                break
            self.held = self.unpacker.unconsumed_tail
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    @property
    def used(self) -> int | None:
        """How many bytes the stream takes; none, if it is damaged or ends early."""
        if not self.unpacker.eof:
            return None
        return min(self.at, len(self.data)) - len(self.unpacker.unused_data)


@dataclass(frozen=True, slots=True)
class PackedStream:
    """A deflated stream that can be opened as a file, with the size of its content."""

    data: memoryview
    bits: int
    size: int = 0

    @contextmanager
    def open(self, _mode: str = "rb") -> Iterator[Inflating]:
        """Read it from the beginning."""
        yield Inflating(self.data, zlib.decompressobj(self.bits))

    def start(self, size: int) -> bytes:
        """How it begins."""
        with self.open() as stream:
            return stream.read(size)

    def measured(self, most: int) -> tuple[int, int | None]:
        """How large its content is, no further than somewhat more than the most, and how many bytes it takes."""
        size = 0
        with self.open() as stream:
            while size <= most and (piece := stream.read(4 * MEGABYTE)):
                size += len(piece)
            return size, stream.used
