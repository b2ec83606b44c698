"""The picture in a WebP and nothing beside it: the chunks of one still picture."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_SEE_THROUGH, _MOVING = 0x10, 0x02
_PICTURES = frozenset({b"VP8 ", b"VP8L"})
_EXTENDED_BYTES = 10


def bare_webp(data: bytes) -> bytes:
    """A WebP with nothing but its picture; the same for the same photo.

    Raises
    ------
    ValueError
        It is damaged, or moves.
    struct.error
        It is cut off.
    """
    parts: dict[bytes, bytes] = {}
    for kind, body in _chunks(data):
        if kind == b"VP8X":
            if len(body) != _EXTENDED_BYTES or body[0] & _MOVING:
                msg = "it is a moving picture, or none"
                raise ValueError(msg)
            # it no longer has EXIF, XMP or a colour profile, and three bytes say nothing
            body = bytes([body[0] & _SEE_THROUGH, 0, 0, 0]) + body[4:]  # noqa: PLW2901 - as it is kept
        name = b"VP8 " if kind in _PICTURES else kind
        if name in {b"VP8X", b"ALPH", b"VP8 "} and name not in parts:
            parts[name] = _chunk(kind, body)
    if b"VP8 " not in parts:
        msg = "it has no picture"
        raise ValueError(msg)
    content = b"WEBP" + b"".join(parts.values())
    return b"RIFF" + struct.pack("<I", len(content)) + content


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, end = 12, 8 + struct.unpack_from("<I", data, 4)[0]
    if end > len(data):
        msg = "it is shorter than it says"
        raise ValueError(msg)
    while at + 8 <= end:
        kind, length = struct.unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + length]
        if len(body) != length:
            msg = "a part is shorter than it says"
            raise ValueError(msg)
        yield kind, body
        at += 8 + length + length % 2


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)
