"""Opens what is compressed: files, and streams anywhere in other bytes; never more than the budget."""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Protocol

from atlas.disclosure.byte_view import Budget
from atlas.disclosure.packed_stream import PackedStream

AFTER = "bytes after the end"
_STREAMS = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]|\x78[\x01\x5e\x9c\xda]")
_WINDOW = 1 << 16
_SMALLEST, _SMALLEST_CUT = 8, 48
_CHUNK = 1 << 20
_TRIES = 20_000
_RAW, _ZLIB, _GZIP, _ANY = -15, 15, 31, 47
# a stream that random bytes make ends at once or is tiny
_PROBE = 256


class Refused(Exception):  # noqa: N818 - says what happened, and never leaves this room
    """Something that can't be opened: encrypted, damaged, or larger than the budget."""


# what stands in for content that can't be read is the reason
Part = tuple[str, bytes | PackedStream | Refused]


class _Unpacker(Protocol):
    """What the standard library gives for each kind of stream."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_MAKERS: Mapping[str, tuple[bytes, Callable[[], _Unpacker]]] = MappingProxyType(
    {
        "gzip": (b"\x1f\x8b\x08", lambda: zlib.decompressobj(_GZIP)),
        "bzip2": (b"BZh", bz2.BZ2Decompressor),
        "xz": (b"\xfd7zXZ\x00", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ)),
        "lzma": (b"\x5d\x00\x00", lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE)),
    }
)
STREAMS = frozenset(_MAKERS)


def inflated(data: bytes, budget: Budget, *, bits: int = _ANY) -> tuple[bytes, int | None]:
    """A deflated stream, with or without a head of zlib or gzip; what comes before damage is kept.

    Returns
    -------
    The content, and how many bytes the stream takes; none if it is damaged or ends early.

    Raises
    ------
    Refused
        There is more in it than the budget allows.
    """
    unpacker = zlib.decompressobj(bits)
    room = budget.allow()
    try:
        content = unpacker.decompress(data, room + 1)
    except zlib.error:
        # again in small steps, for what stands before the damage
        return budget.take(_until_damage(data, bits, room)), None
    if len(content) > room:
        raise Refused(too_much())
    return budget.take(content), len(data) - len(unpacker.unused_data) if unpacker.eof else None


def too_much() -> str:
    """Why something is not read that is larger than the budget."""
    return "unpacks to more than can be examined"


def _until_damage(data: bytes, bits: int, room: int) -> bytes:
    unpacker = zlib.decompressobj(bits)
    pieces: list[bytes] = []
    for start in range(0, len(data), 64):
        try:
            pieces.append(unpacker.decompress(data[start : start + 64], room))
        except zlib.error:
            break
        room -= len(pieces[-1])
        if room <= 0:
            break
    return b"".join(pieces)


def deflated(data: bytes, budget: Budget, *, probe: bool = False) -> bytes | None:
    """The content of bytes that are one deflated stream from the first to the last; none if they are not.

    Parameters
    ----------
    probe
        Whether the data are only the beginning of such bytes, and its content what is asked for.

    Raises
    ------
    Refused
        There is more in it than the budget allows.
    """
    for bits in (_ZLIB, _RAW):
        try:
            start = zlib.decompressobj(bits).decompress(data[:_WINDOW], _PROBE)
        except zlib.error:
            continue
        if len(start) >= _SMALLEST:
            if probe:
                return start
            content, size = inflated(data, budget, bits=bits)
            if size == len(data):
                return content
    return None


def streams(data: bytes, budget: Budget) -> Iterator[Part]:
    """Deflated streams anywhere in some bytes."""
    done = 0
    for tries, match in enumerate(_STREAMS.finditer(data)):
        start = match.start()
        if start < done or tries > _TRIES:
            continue
        unpacker = zlib.decompressobj(_ANY)
        try:
            probe = unpacker.decompress(data[start : start + _WINDOW], _PROBE)
        except zlib.error:
            continue
        if len(probe) < _SMALLEST:
            continue
        whole, size = _inflated_at(data, start, budget)
        # random bytes make a few before they are no stream any more
        if len(whole) < (_SMALLEST if size is not None else _SMALLEST_CUT):
            continue
        done = start + 16
        yield f"deflated at byte {start}", whole


def _inflated_at(data: bytes, start: int, budget: Budget) -> tuple[bytes, int | None]:
    """As `inflated`, of a stream that begins somewhere in many other bytes, which are not copied."""
    unpacker, room, at = zlib.decompressobj(_ANY), budget.allow(), start
    pieces: list[bytes] = []
    while at < len(data) and not unpacker.eof:
        chunk = memoryview(data)[at : at + _CHUNK]
        try:
            pieces.append(unpacker.decompress(chunk, room + 1))
        except zlib.error:
            return inflated(data[start : at + _CHUNK], budget)[0], None
        room, at = room - len(pieces[-1]), at + len(chunk)
        if room < 0:
            raise Refused(too_much())
    return budget.take(b"".join(pieces)), at - len(unpacker.unused_data) - start if unpacker.eof else None


def runs(data: bytes, budget: Budget, form: str) -> Iterator[Part]:
    """Streams of a compressed file: several may stand one after the other, and other bytes after them."""
    magic, make = _MAKERS[form]
    number = 0
    while data.startswith(magic):
        unpacker, room = make(), budget.allow()
        try:
            content = unpacker.decompress(data, room + 1)
        except (zlib.error, OSError, EOFError, ValueError, lzma.LZMAError) as error:
            if form == "gzip":
                yield f"{form} {number}", budget.take(_until_damage(data, _GZIP, room))
            yield form, Refused(f"damaged: {error}")
            return
        if len(content) > room:
            yield form, Refused(too_much())
            return
        yield f"{form} {number}", budget.take(content)
        if not unpacker.eof:
            yield form, Refused("ends early")
            return
        # both tar and xz fill up with zeros
        data, number = unpacker.unused_data.lstrip(b"\x00"), number + 1
    if data:
        yield AFTER, data
