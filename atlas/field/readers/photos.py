"""Photos without what a camera hides in them: place, device, owner, thumbnails, and anything behind the picture.

Nothing is drawn again: what is not the picture is cut out, so the same photo always gives the same bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from atlas.field.incoming import Media
from atlas.field.readers.fault import RowFaultError

MOST_PHOTO_BYTES = 60_000_000
_JPEG, _PNG, _RIFF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF"
_SOI, _EOI, _SOS, _APP0, _APP1, _APP14, _APP15, _COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xEE, 0xEF, 0xFE
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_PNG_KEPT = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"sBIT",
        b"bKGD",
        b"acTL",
        b"fcTL",
        b"fdAT",
    }
)
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"})
_ORIENTATION = 0x0112
_PLAIN_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


def photo(name: str, data: bytes) -> Media:
    """A photo as a record may keep it.

    Raises
    ------
    RowFaultError
        It is no JPEG, PNG or WebP, is cut off, or is larger than a photo is.
    """
    if len(data) > MOST_PHOTO_BYTES:
        msg = (
            f"has {len(data) / 1e6:,.0f} MB, more than the {MOST_PHOTO_BYTES / 1e6:,.0f} MB of a photo; make it smaller"
        )
        raise RowFaultError(msg)
    try:
        if data.startswith(_JPEG):
            return Media(name, "image/jpeg", b"".join(_jpeg(data)))
        if data.startswith(_PNG):
            return Media(name, "image/png", b"".join(_png(data)))
        if data.startswith(_RIFF) and data[8:12] == b"WEBP":
            return Media(name, "image/webp", _webp(data))
    except (IndexError, struct.error, ValueError) as error:
        msg = f"is cut off or damaged ({error}); copy it again"
        raise RowFaultError(msg) from error
    kind = "a HEIC photo" if data[4:8] == b"ftyp" else "not a JPEG, PNG or WebP"
    msg = f"is {kind}, and its place and device cannot be taken out; save it as JPEG"
    raise RowFaultError(msg)


def _jpeg(data: bytes) -> Iterator[bytes]:
    """The picture's own segments; the way it is turned is kept, in a header of its own."""
    orientation = 1
    kept: list[bytes] = []
    at = 2
    while True:
        marker, at = _marker(data, at)
        if marker == _EOI:
            break
        if marker in _ALONE:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        segment = data[at + 2 : at + length]
        if len(segment) != length - 2:
            msg = "a part is shorter than it says"
            raise ValueError(msg)
        end = at + length
        if marker == _APP1 and segment.startswith(b"Exif\x00\x00"):
            orientation = _turned(segment[6:]) or orientation
        if marker == _SOS:
            end = _end_of_scan(data, end)
        if not (_APP0 <= marker <= _APP15 or marker == _COM) or marker == _APP14:
            kept.append(b"\xff" + bytes([marker]) + data[at:end])
        at = end
    yield b"\xff\xd8" + _PLAIN_JFIF
    if orientation != 1:
        tiff = b"MM\x00*\x00\x00\x00\x08\x00\x01" + struct.pack(">HHIHHI", _ORIENTATION, 3, 1, orientation, 0, 0)
        yield b"\xff\xe1" + struct.pack(">H", 8 + len(tiff)) + b"Exif\x00\x00" + tiff
    yield from kept
    yield b"\xff\xd9"


def _marker(data: bytes, at: int) -> tuple[int, int]:
    if data[at] != 0xFF:  # noqa: PLR2004 - the byte that begins a marker
        msg = f"byte {at} begins no part of a JPEG"
        raise ValueError(msg)
    while data[at] == 0xFF:  # noqa: PLR2004 - as above
        at += 1
    return data[at], at + 1


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the compressed picture ends: at the next marker that is not part of it."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            msg = "the picture has no end"
            raise ValueError(msg)
        if data[at + 1] not in {0x00, 0xFF, *range(0xD0, 0xD8)}:
            return at
        at += 1 if data[at + 1] == 0xFF else 2  # noqa: PLR2004 - the byte that begins a marker


def _turned(tiff: bytes) -> int | None:
    """The orientation, 2 to 8, that EXIF gives; nothing when it gives none."""
    try:
        order = {b"MM": ">", b"II": "<"}[tiff[:2]]
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for entry in range(min(count, 200)):
            tag, kind = struct.unpack_from(f"{order}HH", tiff, start + 2 + 12 * entry)
            if tag == _ORIENTATION and kind == 3:  # noqa: PLR2004 - EXIF's number for a short
                (turned,) = struct.unpack_from(f"{order}H", tiff, start + 10 + 12 * entry)
                return turned if 2 <= turned <= 8 else None  # noqa: PLR2004 - EXIF's range
    except (KeyError, struct.error):
        pass
    return None


def _png(data: bytes) -> Iterator[bytes]:
    yield _PNG
    at = len(_PNG)
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        chunk = data[at : at + length + 12]
        if len(chunk) != length + 12:
            msg = "a part is shorter than it says"
            raise ValueError(msg)
        if zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            msg = "a part does not have the sum that it says"
            raise ValueError(msg)
        if kind in _PNG_KEPT:
            yield chunk
        if kind == b"IEND":
            return
        at += length + 12


def _webp(data: bytes) -> bytes:
    parts: list[bytes] = []
    at, end = 12, 8 + struct.unpack_from("<I", data, 4)[0]
    if end > len(data):
        msg = "it is shorter than it says"
        raise ValueError(msg)
    while at + 8 <= end:
        kind, length = struct.unpack_from("<4sI", data, at)
        chunk = bytearray(data[at : at + 8 + length + length % 2])
        if len(chunk) < 8 + length:
            msg = "a part is shorter than it says"
            raise ValueError(msg)
        if kind == b"VP8X":
            # it no longer has EXIF, XMP or a colour profile
            chunk[8] &= ~(0x08 | 0x04 | 0x20) & 0xFF
        if kind in _WEBP_KEPT:
            parts.append(bytes(chunk))
        at += 8 + length + length % 2
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body
