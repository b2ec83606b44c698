"""The directories of a TIFF: which of its bytes belong to something, and which do not."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from atlas.disclosure.segments import Remark

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_NUMBERS = {3: "H", 4: "I", 13: "I"}
# where stripes, tiles and old JPEGs begin, and how long they are
_PIECES = ((273, 279), (324, 325), (513, 514))
_INNER = (330, 34665, 34853, 40965)
_HEAD, _ENTRY, _INLINE = 8, 12, 4
# a writer leaves some room for itself
_GAP = 300
_MOST_DIRECTORIES = 2000


def tiff(data: bytes) -> Iterator[Remark]:
    """Bytes after the end of a TIFF, and between its parts; nothing of one whose directories are damaged."""
    try:
        spans = sorted(_spans(data))
    except (struct.error, ValueError):
        yield Remark("unread", "whole file", "a picture whose directories are damaged")
        return
    at = _HEAD
    for start, end in [*spans, (len(data), len(data))]:
        left = data[at:start]
        if left.strip(b"\x00") and (start == len(data) or len(left) > _GAP):
            yield Remark("hidden-bytes", f"byte {at}", "bytes that belong to no part of the picture", left)
        at = max(at, end)


def _spans(data: bytes) -> Iterator[tuple[int, int]]:
    order = "<" if data.startswith(b"II") else ">"
    waiting = [*struct.unpack(f"{order}I", data[4:_HEAD])]
    known: set[int] = set()
    while waiting:
        start = waiting.pop()
        if not start or start in known:
            continue
        known.add(start)
        if len(known) > _MOST_DIRECTORIES:
            raise ValueError(start)
        (count,) = struct.unpack(f"{order}H", data[start : start + 2])
        end = start + 2 + count * _ENTRY
        yield start, end + _INLINE
        tables: dict[int, tuple[int, ...]] = {}
        for at in range(start + 2, end, _ENTRY):
            tag, kind, number = struct.unpack(f"{order}HHI", data[at : at + 8])
            size = _SIZES.get(kind, 1) * number
            (place,) = struct.unpack(f"{order}I", data[at + 8 : at + _ENTRY]) if size > _INLINE else (at + 8,)
            yield place, place + size
            if kind in _NUMBERS and size <= len(data):
                tables[tag] = struct.unpack(f"{order}{number}{_NUMBERS[kind]}", data[place : place + size])
        for starts, sizes in _PIECES:
            pairs = zip(tables.get(starts, ()), tables.get(sizes, ()), strict=False)
            yield from ((first, first + length) for first, length in pairs)
        waiting += [first for tag in _INNER for first in tables.get(tag, ())]
        waiting += struct.unpack(f"{order}I", data[end : end + _INLINE])
