"""The segments, chunks and blocks of which pictures consist: what is not the picture, and whether it is whole."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_COMMENT, _SCAN, _END, _EXIF, _FIRST, _LAST, _ADOBE, _IPTC, _ICC = 0xFE, 0xDA, 0xD9, 0xE1, 0xE0, 0xEF, 0xEE, 0xED, 0xE2
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JFIF, _JFIF_SIZE, _ADOBE_SIZE = b"JFIF\x00", 14, 12
_PNG_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
_PNG_KNOWN = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB bKGD hIST pHYs sPLT acTL fcTL fdAT cICP mDCV cLLI".split()
)
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_WEBP_KNOWN = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP", b"EXIF", b"XMP "})
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_AFTER = "bytes after the picture's end"
_ENDS_EARLY = "the picture is damaged or ends early"
_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a picture's file holds beside the picture: ``kind`` is a rule's id."""

    kind: str
    where: str
    what: str
    data: bytes = b""


def _rest(data: bytes, end: int) -> Iterator[Remark]:
    if data[end:].strip(b"\x00"):
        yield Remark("hidden-bytes", f"byte {end}", _AFTER, data[end:])


def _early(at: int) -> Remark:
    return Remark("unread", f"byte {at}", _ENDS_EARLY)


def jpeg(data: bytes) -> Iterator[Remark]:
    """Segments of applications and comments of a JPEG, and what follows its end."""
    at = 2
    while at + 2 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - each segment begins so
        marker = data[at + 1]
        if marker == _END:
            yield from _rest(data, at + 2)
            return
        if marker == 0xFF or marker in _ALONE:  # noqa: PLR2004 - the same byte fills up
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004 - the same
            continue
        size = int.from_bytes(data[at + 2 : at + 4])
        body = data[at + 4 : at + 2 + size]
        if size < 2 or at + 2 + size > len(data):  # noqa: PLR2004 - the size counts itself
            break
        yield from _jpeg_segment(marker, body, at)
        at += 2 + size
        if marker == _SCAN:
            following = _NEXT_MARKER.search(data, at)
            at = following.start() if following else len(data)
    yield _early(at)


def _jpeg_segment(marker: int, body: bytes, at: int) -> Iterator[Remark]:
    if marker == _COMMENT:
        yield Remark("exif", f"JPEG comment at byte {at}", f"a comment of {len(body)} bytes", body)
    elif body.startswith(b"http://ns.adobe.com/"):
        yield Remark("exif", f"XMP at byte {at}", "metadata in XMP", body)
    elif marker == _IPTC:
        yield Remark("exif", f"IPTC at byte {at}", "metadata in IPTC", body)
    elif marker == _EXIF and body.startswith(b"Exif\x00"):
        if (start := body.find(b"\xff\xd8\xff", 8)) >= 0:
            yield Remark("thumbnail", f"EXIF at byte {at}", "a thumbnail, which shows what was cut away", body[start:])
    elif _FIRST <= marker <= _LAST and not _plain(marker, body):
        yield Remark("exif", f"segment APP{marker - _FIRST} at byte {at}", f"{len(body)} bytes of a program", body)


def _plain(marker: int, body: bytes) -> bool:
    """Whether a segment only says how the picture's colours are meant."""
    if marker == _ADOBE:
        return len(body) == _ADOBE_SIZE and body.startswith(b"Adobe")
    if marker == _ICC:
        return body.startswith(b"ICC_PROFILE\x00")
    return marker == _FIRST and len(body) == _JFIF_SIZE and body.startswith(_JFIF)


def png(data: bytes) -> Iterator[Remark]:
    """Texts, unknown chunks, what the packed rows hold beside the rows, and what follows the end of a PNG."""
    at, kind = 8, b""
    rows = bytearray()
    head = b""
    while at + 12 <= len(data) and kind != b"IEND":
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        if at + 12 + size > len(data):
            break
        if kind == b"IHDR":
            head = body
        elif kind == b"IDAT":
            rows += body
        elif kind in _PNG_TEXTS and not body.startswith((b"Software\x00", b"Title\x00")):
            plain = body + b"\n" + _inflated(body)
            yield Remark("exif", f"PNG chunk {kind.decode()} at byte {at}", "metadata in a chunk", plain)
        elif kind not in _PNG_KNOWN | _PNG_TEXTS:
            yield Remark("exif", f"PNG chunk {kind!r} at byte {at}", "a chunk that no picture needs", body)
        at += 12 + size
    if kind != b"IEND":
        yield _early(at)
        return
    yield from _png_rows(head, bytes(rows))
    yield from _rest(data, at)


def _png_rows(head: bytes, packed: bytes) -> Iterator[Remark]:
    unpacker, made, waiting = zlib.decompressobj(), 0, packed
    wanted = _png_size(head)
    try:
        while not unpacker.eof and made <= wanted and (waiting or not made):
            piece = unpacker.decompress(waiting, _STEP)
            waiting, made = unpacker.unconsumed_tail, made + len(piece)
            if not piece:
                break
    except zlib.error:
        made = -1
    if made > wanted or unpacker.unused_data.strip(b"\x00"):
        yield Remark("hidden-bytes", "IDAT", "bytes after the picture's last row", unpacker.unused_data)
    elif made < wanted or not unpacker.eof:
        yield Remark("unread", "IDAT", _ENDS_EARLY)


def _png_size(head: bytes) -> int:
    """Bytes of the rows of a PNG, before they are packed; those of interlaced ones may be a little more."""
    if len(head) != 13:  # noqa: PLR2004 - as the format has it
        return 0
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    bits = depth * _PNG_CHANNELS.get(colour, 0)
    if not interlaced:
        return int(height * (1 + (width * bits + 7) // 8))
    total = 0
    for x, y, dx, dy in (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ):
        wide, high = -(-(width - x) // dx), -(-(height - y) // dy)
        total += high * (1 + (wide * bits + 7) // 8) if wide > 0 and high > 0 else 0
    return total


def _inflated(body: bytes) -> bytes:
    """Text of a packed chunk."""
    for start in range(min(len(body), 200)):
        if body[start : start + 1] == b"\x78":
            try:
                return zlib.decompressobj().decompress(body[start:], 1 << 20)
            except zlib.error:
                continue
    return b""


def webp(data: bytes) -> Iterator[Remark]:
    """XMP, unknown chunks, and what follows the end of a WebP."""
    end = 8 + int.from_bytes(data[4:8], "little")
    at = 12
    while at + 8 <= min(len(data), end):
        kind, size = struct.unpack("<4sI", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        if kind == b"XMP ":
            yield Remark("exif", f"XMP at byte {at}", "metadata in XMP", body)
        elif kind not in _WEBP_KNOWN:
            yield Remark("exif", f"WebP chunk {kind!r} at byte {at}", "a chunk that no picture needs", body)
        at += 8 + size + size % 2
    if min(at, end) > len(data):
        yield _early(len(data))
    yield from _rest(data, end)


def gif(data: bytes) -> Iterator[Remark]:
    """Comments, blocks of programs, and what follows the end of a GIF."""
    at = 13 + (3 << (data[10] & 7) + 1 if len(data) > 10 and data[10] & 0x80 else 0)  # noqa: PLR2004 - a flag of the head
    while at < len(data):
        kind = data[at : at + 1]
        if kind == b";":
            yield from _rest(data, at + 1)
            return
        if kind == b"," and at + 10 < len(data):
            flags = data[at + 9]
            at = _blocks(data, at + 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0))[0]
        elif kind == b"!" and at + 2 < len(data):
            label, start = data[at + 1], at
            at, body = _blocks(data, at + 2)
            if label != 0xF9 and not body.startswith(_GIF_LOOPS):  # noqa: PLR2004 - how long a picture stands
                yield Remark("exif", f"GIF block at byte {start}", f"{len(body)} bytes beside the picture", body)
        else:
            break
    yield _early(at)


def _blocks(data: bytes, at: int) -> tuple[int, bytes]:
    """Where a chain of small blocks ends, and what they hold."""
    pieces = []
    while at < len(data) and data[at]:
        pieces.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return at + 1, b"".join(pieces)
