"""PMTiles, version 3: tiles and their directory in one file, of which a browser reads ranges.

The file is written from its beginning to its end but for its head, which lies in front of the tiles and is known last.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import struct
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

# the root directory has to be in the first bytes of the file, behind the header
_HEAD_BYTES = 16_384
_HEADER_BYTES = 127
_LEAF_ENTRIES = 4_096
_GZIP = 2
_UNKNOWN_TYPE = 0

Entry = tuple[int, int, int]


def tile_id(zoom: int, x: int, y: int) -> int:
    """The number of a tile along Hilbert's curve, after all tiles of smaller zooms."""
    number = ((1 << (2 * zoom)) - 1) // 3
    half = 1 << zoom >> 1
    while half:
        right, low = int(bool(x & half)), int(bool(y & half))
        number += half * half * ((3 * right) ^ low)
        if not low:
            if right:
                x, y = half - 1 - x, half - 1 - y
            x, y = y, x
        x, y = x & (half - 1), y & (half - 1)
        half >>= 1
    return number


class TileWriter:
    """Writes an archive.

    Parameters
    ----------
    path
        The file; it must not exist.
    """

    def __init__(self, path: Path) -> None:
        self._stream: BinaryIO = path.open("xb")
        self._stream.write(bytes(_HEAD_BYTES))
        self._at = 0
        self._entries: list[Entry] = []
        self._zooms: set[int] = set()
        self._hash = hashlib.sha256()

    def __enter__(self) -> Self:
        """The writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file, finished or not."""
        self._stream.close()

    def add(self, zoom: int, x: int, y: int, content: bytes) -> None:
        """Write a tile."""
        packed = gzip.compress(content, 6, mtime=0)
        self._stream.write(packed)
        self._hash.update(packed)
        self._entries.append((tile_id(zoom, x, y), self._at, len(packed)))
        self._zooms.add(zoom)
        self._at += len(packed)

    def finish(self, bbox: tuple[float, float, float, float], metadata: Mapping[str, Any]) -> str:
        """Write directories, metadata and head.

        Parameters
        ----------
        bbox
            West, south, east, north in degrees.
        metadata
            What the archive says of itself, besides its ``id``.

        Returns
        -------
        str
            The archive's ``id``: a hash of its tiles and of where they are.
        """
        entries = sorted(self._entries)
        self._hash.update(repr(entries).encode())
        identity = self._hash.hexdigest()
        about = gzip.compress(json.dumps({**metadata, "id": identity}, ensure_ascii=False).encode(), 9, mtime=0)
        root, leaves = _directories(entries)
        self._stream.write(about)
        self._stream.write(leaves)
        after = _HEAD_BYTES + self._at
        numbers = (_HEADER_BYTES, len(root), after, len(about), after + len(about), len(leaves), _HEAD_BYTES, self._at)
        counts = (len(entries),) * 3
        zooms = min(self._zooms, default=0), max(self._zooms, default=0)
        west, south, east, north = (round(one * 1e7) for one in bbox)
        header = b"PMTiles\x03" + struct.pack("<11Q", *numbers, *counts)
        header += struct.pack("<6B", 0, _GZIP, _GZIP, _UNKNOWN_TYPE, *zooms)
        header += struct.pack("<4i", west, south, east, north)
        header += struct.pack("<B2i", zooms[0], (west + east) // 2, (south + north) // 2)
        self._stream.seek(0)
        self._stream.write(header + root)
        self._stream.flush()
        return identity


def _directories(entries: list[Entry]) -> tuple[bytes, bytes]:
    """The root directory, and the leaves that it points to where it would be too long."""
    root = _directory([(one, at, length, 1) for one, at, length in entries])
    if len(root) <= _HEAD_BYTES - _HEADER_BYTES:
        return root, b""
    each = _LEAF_ENTRIES
    while True:
        leaves = bytearray()
        pointers = []
        for first in range(0, len(entries), each):
            leaf = _directory([(one, at, length, 1) for one, at, length in entries[first : first + each]])
            pointers.append((entries[first][0], len(leaves), len(leaf), 0))
            leaves += leaf
        root = _directory(pointers)
        if len(root) <= _HEAD_BYTES - _HEADER_BYTES:
            return root, bytes(leaves)
        each *= 2


def _directory(entries: list[tuple[int, int, int, int]]) -> bytes:
    """Entries of number, offset, length and run (0 for a leaf), as the format has them."""
    before = 0
    out = bytearray(_varint(len(entries)))
    for one, *_ in entries:
        out += _varint(one - before)
        before = one
    for *_, run in entries:
        out += _varint(run)
    for _, _, length, _ in entries:
        out += _varint(length)
    end = -1
    for _, at, length, _ in entries:
        out += _varint(0 if at == end else at + 1)
        end = at + length
    return gzip.compress(bytes(out), 9, mtime=0)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits a byte
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
