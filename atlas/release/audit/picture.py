"""What pictures say beside what they show: EXIF, XMP, comments, thumbnails, and bytes after their end."""

from __future__ import annotations

import math
import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_GPS, _EXIF, _THUMBNAIL = 0x8825, 0x8769, 0x0201
_TIME = frozenset({0x0132, 0x9003, 0x9004})
_PERSON = frozenset({0x013B, 0x8298, 0xA430, 0xA431, 0x9C9D, 0x9286, 0x010E, 0x9C9C, 0x927C})
_TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")
_COMMENT, _SCAN, _END = 0xFE, 0xDA, 0xD9
_LAT, _LON = (1, 2), (3, 4)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a picture's file says: ``kind`` is a rule's id."""

    kind: str
    where: str
    what: str
    data: bytes = b""


def remarks(data: bytes, form: str) -> Iterator[Remark]:
    """All that a picture's file holds beside the picture."""
    segments = {"jpeg": _jpeg, "png": _png, "webp": _webp}.get(form)
    if segments:
        yield from segments(data)
    yield from _exif(data)


def _jpeg(data: bytes) -> Iterator[Remark]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - each segment begins so
        marker, size = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        body = data[at + 4 : at + 2 + size]
        if marker == _COMMENT:
            yield Remark("exif", f"JPEG comment at byte {at}", f"a comment of {len(body)} bytes", body)
        elif body.startswith(b"http://ns.adobe.com/"):
            yield Remark("exif", f"XMP at byte {at}", "metadata in XMP", body)
        elif body.startswith(b"Photoshop 3.0"):
            yield Remark("exif", f"IPTC at byte {at}", "metadata in IPTC", body)
        elif body.startswith(b"Exif\x00") and (start := body.find(b"\xff\xd8\xff", 8)) >= 0:
            yield Remark("thumbnail", f"EXIF at byte {at}", "a thumbnail, which shows what was cut away", body[start:])
        at += 2 + size
        if marker == _SCAN:
            break
    end = data.rfind(b"\xff\xd9")
    if end >= 0 and data[end + 2 :].strip(b"\x00"):
        yield Remark("hidden-bytes", f"byte {end + 2}", "bytes after the picture's end", data[end + 2 :])


def _png(data: bytes) -> Iterator[Remark]:
    at = 8
    while at + 12 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        if kind in _TEXT_CHUNKS and not body.startswith((b"Software\x00", b"Title\x00")):
            plain = body + b"\n" + _inflated(body)
            yield Remark("exif", f"PNG chunk {kind.decode()} at byte {at}", "metadata in a chunk", plain)
        at += 12 + size
        if kind == b"IEND":
            break
    if data[at:].strip(b"\x00"):
        yield Remark("hidden-bytes", f"byte {at}", "bytes after the picture's end", data[at:])


def _inflated(body: bytes) -> bytes:
    """Text of a packed chunk."""
    for start in range(min(len(body), 200)):
        if body[start : start + 1] == b"\x78":
            try:
                return zlib.decompressobj().decompress(body[start:], 1 << 20)
            except zlib.error:
                continue
    return b""


def _webp(data: bytes) -> Iterator[Remark]:
    at = 12
    while at + 8 <= len(data):
        kind, size = struct.unpack("<4sI", data[at : at + 8])
        if kind == b"XMP ":
            yield Remark("exif", f"XMP at byte {at}", "metadata in XMP", data[at + 8 : at + 8 + size])
        at += 8 + size + size % 2


def _exif(data: bytes) -> Iterator[Remark]:
    """GPS, times, names and serial numbers in EXIF, wherever the format keeps it."""
    for tags in _tables(data):
        if position := _position(tags.get("gps", {})):
            text = "{:.7f} {:.7f}".format(*position)
            yield Remark("exif", "EXIF GPSLatitude, GPSLongitude", "the position of the camera", text.encode())
        elif tags.get("gps"):
            yield Remark("exif", "EXIF GPS", f"{len(tags['gps'])} entries about where the camera was")
        told = {**tags.get("main", {}), **tags.get("exif", {})}
        for tag in sorted(told.keys() & (_TIME | _PERSON)):
            yield Remark("exif", f"EXIF tag 0x{tag:04x}", "a time, a name or a number", str(told[tag]).encode())
        if tags.get("thumbnail"):
            yield Remark("thumbnail", "EXIF", "a thumbnail, which shows what was cut away")


def _tables(data: bytes) -> Iterator[Mapping[str, Any]]:
    import io  # noqa: PLC0415 - with Pillow

    from PIL import Image  # noqa: PLC0415 - needed only for pictures

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as opened:
                exif = opened.getexif()
                first = exif.get_ifd(1)
                yield {
                    "main": dict(exif),
                    "exif": dict(exif.get_ifd(_EXIF)),
                    "gps": dict(exif.get_ifd(_GPS)),
                    "thumbnail": _THUMBNAIL in first,
                }
    except Exception:  # noqa: BLE001 - Pillow raises anything on a hostile file; its bytes are searched all the same
        return


def _position(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    """Longitude and latitude in degrees, where both are given."""
    try:
        lat, lon = (_degrees(gps[value], gps.get(ref)) for ref, value in (_LAT, _LON))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return lon, lat


def _degrees(parts: Any, reference: Any) -> float:  # noqa: ANN401 - as a camera wrote it
    degrees = math.fsum(float(part) / 60**power for power, part in enumerate(parts))
    return -degrees if str(reference).strip("\x00 b'").upper() in {"S", "W"} else degrees
