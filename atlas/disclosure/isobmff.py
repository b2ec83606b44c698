"""The boxes of HEIF and AVIF pictures and of films: metadata that they hold, and what of them can't be read."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from atlas.disclosure.segments import Remark

_PICTURES = frozenset({b"hvc1", b"hev1", b"av01", b"avc1", b"jpeg", b"grid", b"iden", b"iovl", b"tmap"})
_TOP = frozenset({b"ftyp", b"meta", b"mdat", b"free", b"skip"})
_META = frozenset(b"hdlr pitm iloc iinf iprp iref idat dinf grpl free".split())
_PLACE = re.compile(rb"[+-]\d{2,3}\.\d{2,}[+-]\d{2,3}\.\d{2,}")
_FILE, _DATA_BOX = 0, 1
_HEAD, _WIDE_HEAD = 8, 16
_MANY = 10_000


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its kind, and from where to where its content is."""

    kind: bytes
    start: int
    end: int


@dataclass(slots=True)
class _Item:
    kind: bytes
    content_type: bytes = b""


def boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes between two offsets.

    Raises
    ------
    ValueError
        They do not fill it.
    """
    while start < end:
        size, kind = struct.unpack(">I4s", data[start : start + _HEAD])
        head = _HEAD
        if size == 1:
            (size,), head = struct.unpack(">Q", data[start + _HEAD : start + _WIDE_HEAD]), _WIDE_HEAD
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            msg = f"a box of {size} bytes at byte {start}"
            raise ValueError(msg)
        yield Box(kind, start + head, start + size)
        start += size


def film(data: bytes) -> Iterator[Remark]:
    """A film: where it says that it was taken; that is all that is read of it."""
    for number, match in enumerate(_PLACE.finditer(data)):
        if number < 3:  # noqa: PLR2004 - once would do
            yield Remark("exif", f"byte {match.start()}", "the position of the camera", match.group())
    yield Remark("unread", "whole file", "a film or a sound, which cannot be read")


def heif(data: bytes) -> Iterator[Remark]:
    """Metadata of a picture in HEIF or AVIF; EXIF comes as a remark of the kind ``tables``, to be read on."""
    try:
        yield from _heif(data)
    except (ValueError, IndexError, KeyError, struct.error) as error:
        yield Remark("unread", "whole file", f"a picture whose boxes are damaged ({error})")


def _heif(data: bytes) -> Iterator[Remark]:
    top = list(_until_damage(data))
    end = top[-1].end if top else 0
    if data[end:].strip(b"\x00"):
        yield Remark("hidden-bytes", f"byte {end}", "bytes after the picture's end", data[end:])
    for box in top:
        if box.kind not in _TOP:
            yield Remark("unread", f"box {box.kind!r} at byte {box.start}", "a part that cannot be read")
        elif box.kind in {b"free", b"skip"} and data[box.start : box.end].strip(b"\x00"):
            yield Remark("hidden-bytes", f"byte {box.start}", "bytes in an empty box", data[box.start : box.end])
    meta = next(box for box in top if box.kind == b"meta")
    inner = list(boxes(data, meta.start + 4, meta.end))
    parts = {box.kind: box for box in inner}
    if strange := sorted(parts.keys() - _META):
        yield Remark("unread", f"box {strange[0]!r}", "a part that cannot be read")
    items = _items(data, parts[b"iinf"])
    extents = _extents(data, parts[b"iloc"], parts.get(b"idat"))
    for item_id, item in items.items():
        content = b"".join(data[start:stop] for start, stop in extents.get(item_id, ()))
        yield from _item(item, content)
    yield from _between(data, top, [span for spans in extents.values() for span in spans])


def _until_damage(data: bytes) -> Iterator[Box]:
    try:
        yield from boxes(data, 0, len(data))
    except (ValueError, struct.error):
        return


def _item(item: _Item, content: bytes) -> Iterator[Remark]:
    if item.kind == b"Exif":
        skipped = int.from_bytes(content[:4])
        yield Remark("tables", "EXIF", "", content[4 + skipped :])
    elif item.kind == b"mime" and item.content_type.startswith(b"application/rdf+xml"):
        yield Remark("exif", "XMP", "metadata in XMP", content)
    elif item.kind not in _PICTURES:
        yield Remark("unread", f"item {item.kind!r}", "a part that cannot be read", content)


def _items(data: bytes, box: Box) -> Mapping[int, _Item]:
    """What each item is, by its number."""
    first = box.start + (6 if data[box.start] == 0 else 8)
    items = {}
    for entry in boxes(data, first, box.end):
        version, at = data[entry.start], entry.start + 4
        wide = 4 if version > 2 else 2  # noqa: PLR2004 - as the format has it
        item_id = int.from_bytes(data[at : at + wide])
        at += wide + 2
        names = data[at + 4 : entry.end].split(b"\x00")
        items[item_id] = _Item(data[at : at + 4], names[1] if len(names) > 1 else b"")
    return items


def _extents(data: bytes, box: Box, store: Box | None) -> Mapping[int, list[tuple[int, int]]]:
    """From where to where the content of each item is."""
    reader = _Reader(data, box.start)
    version = reader.number(1)
    reader.number(3)
    sizes = reader.number(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version > 1 else 2
    spans: dict[int, list[tuple[int, int]]] = {}
    for _ in range(min(reader.number(wide), _MANY)):
        item_id = reader.number(wide)
        method = reader.number(2) & 15 if version else _FILE
        reader.number(2)
        base = reader.number(base_size)
        if method == _DATA_BOX and store is not None:
            base += store.start
        elif method != _FILE:
            msg = f"item {item_id} is made of others"
            raise ValueError(msg)
        for _ in range(min(reader.number(2), _MANY)):
            reader.number(index_size if version else 0)
            start = base + reader.number(offset_size)
            length = reader.number(length_size) or len(data) - start
            if start + length > len(data):
                msg = f"item {item_id} ends beyond the file"
                raise ValueError(msg)
            spans.setdefault(item_id, []).append((start, start + length))
    return spans


@dataclass(slots=True)
class _Reader:
    """Numbers one after the other, highest byte first."""

    data: bytes
    at: int

    def number(self, size: int) -> int:
        """The next number, of so many bytes."""
        if self.at + size > len(self.data):
            msg = "ends early"
            raise ValueError(msg)
        self.at += size
        return int.from_bytes(self.data[self.at - size : self.at])


def _between(data: bytes, top: list[Box], spans: list[tuple[int, int]]) -> Iterator[Remark]:
    """Bytes of the content that belong to no item."""
    for box in top:
        if box.kind != b"mdat":
            continue
        at = box.start
        for start, end in [*sorted(spans), (box.end, box.end)]:
            gap = data[at : min(start, box.end)]
            if gap.strip(b"\x00"):
                yield Remark("hidden-bytes", f"byte {at}", "bytes that belong to no part of the picture", gap)
            at = max(at, end)
