"""The objects of a git pack, from its first byte to its last: neither its index nor git is asked."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from atlas.disclosure.byte_view import MEGABYTE
from atlas.disclosure.compressed import Refused

MAGIC = b"PACK"
LARGEST = 256 * MEGABYTE
KINDS: Mapping[int, str] = MappingProxyType({1: "commit", 2: "tree", 3: "blob", 4: "tag"})
_BY_OFFSET, _BY_ID = 6, 7
_VERSIONS = (2, 3)
_HEAD, _STEP, _ROOM = 12, 1 << 16, 1 << 20
_BITS, _MORE, _LOW = 7, 0x80, 0x7F
# a copy of size nothing means this many bytes
_WHOLE = 0x10000


@dataclass(frozen=True, slots=True)
class Entry:
    """An object as a pack holds it.

    Attributes
    ----------
    offset
        Where its head begins.
    start
        Where its compressed bytes begin.
    kind
        What it is; none for a difference to another object, which decides.
    size
        Of the object, or of the difference, in bytes.
    base
        What it is a difference to: an offset in the pack, or an id.
    """

    offset: int
    start: int
    kind: str | None
    size: int
    base: int | bytes | None = None


class Exceeded(Refused):
    """What was unpacked so far is enough: the whole history is given up."""


@dataclass(slots=True)
class Effort:
    """Bytes that may still be unpacked or put together: a small pack can ask for work without end."""

    left: int

    def spend(self, size: int) -> None:
        """Count some bytes.

        Raises
        ------
        Exceeded
            There were too many.
        """
        self.left -= size
        if self.left < 0:
            msg = "unpacks to more than can be examined, for its size on the disk"
            raise Exceeded(msg)


def entries(data: memoryview, width: int, effort: Effort) -> Iterator[Entry]:
    """Every object of a pack, in its order; ``width`` is that of an id in bytes.

    Raises
    ------
    Refused
        The pack is damaged, is longer than its objects, or unpacks to more than can be examined.
    """
    if len(data) < _HEAD + width or bytes(data[:4]) != MAGIC:
        msg = "no whole pack"
        raise Refused(msg)
    version, count = struct.unpack(">II", data[4:_HEAD])
    if version not in _VERSIONS:
        msg = f"a pack of version {version}, which is not known"
        raise Refused(msg)
    at, body = _HEAD, data[: len(data) - width]
    for number in range(count):
        try:
            entry = _entry(body, at, width)
        except (IndexError, ValueError) as error:
            msg = f"damaged at byte {at}, after {number} of {count} objects"
            raise Refused(msg) from error
        at = inflate(body, entry.start, entry.size, effort)[1]
        yield entry
    if at != len(body):
        msg = f"{len(body) - at} bytes after the last object"
        raise Refused(msg)


def _entry(data: memoryview, offset: int, width: int) -> Entry:
    at, byte = offset + 1, data[offset]
    code, size, shift = byte >> 4 & 7, byte & 15, 4
    while byte & _MORE:
        byte = data[at]
        size |= (byte & _LOW) << shift
        at, shift = at + 1, shift + _BITS
    if code == _BY_OFFSET:
        back, at = _distance(data, at)
        return Entry(offset, at, None, size, offset - back)
    if code == _BY_ID:
        return Entry(offset, at + width, None, size, bytes(data[at : at + width]))
    if code not in KINDS:
        msg = f"an object of kind {code}"
        raise ValueError(msg)
    return Entry(offset, at, KINDS[code], size)


def _distance(data: memoryview, at: int) -> tuple[int, int]:
    """How far back a base lies: seven bits a byte, and one more for every byte that follows."""
    byte = data[at]
    back, at = byte & _LOW, at + 1
    while byte & _MORE:
        byte = data[at]
        back, at = (back + 1) << _BITS | byte & _LOW, at + 1
        if back > len(data):
            msg = "a base before the pack"
            raise ValueError(msg)
    return back, at


def inflate(data: memoryview, start: int, size: int, effort: Effort, *, keep: bool = False) -> tuple[bytes, int]:
    """The bytes of a compressed stream, if they are to be kept, and where it ends.

    Raises
    ------
    Refused
        The stream is damaged, or of another size than it ought to be.
    """
    unpacker = zlib.decompressobj()
    # a little more than the stream can need, so that little of what follows is copied
    step = min(_STEP, size + (size >> 8) + 64)
    at, made, waiting = start, 0, b""
    pieces: list[bytes] = []
    while not unpacker.eof:
        fed = waiting or bytes(data[at : at + step])
        at += 0 if waiting else len(fed)
        try:
            piece = unpacker.decompress(fed, _ROOM)
        except zlib.error as error:
            msg = f"damaged at byte {start}"
            raise Refused(msg) from error
        waiting, made = unpacker.unconsumed_tail, made + len(piece)
        if made > size or not (fed or piece):
            break
        effort.spend(len(piece))
        if keep:
            pieces.append(piece)
    if made != size or not unpacker.eof:
        msg = f"damaged at byte {start}: not of the size that it claims"
        raise Refused(msg)
    return b"".join(pieces), at - len(unpacker.unused_data)


def patched(base: bytes, delta: bytes, effort: Effort) -> bytes:
    """An object from another one and the difference to it.

    Raises
    ------
    Refused
        The difference is damaged, or is one to something else.
    """
    try:
        return _patched(base, delta, effort)
    except (IndexError, ValueError) as error:
        msg = "a difference that does not fit its base"
        raise Refused(msg) from error


def _patched(base: bytes, delta: bytes, effort: Effort) -> bytes:
    length, at = _number(delta, 0)
    size, at = _number(delta, at)
    if length != len(base) or size > LARGEST:
        raise ValueError(length, size)
    effort.spend(size)
    made = bytearray()
    while at < len(delta):
        order, at = delta[at], at + 1
        if order & _MORE:
            start, at = _sparse(delta, at, order & 15, 4)
            count, at = _sparse(delta, at, order >> 4 & 7, 3)
            piece = base[start : start + (count or _WHOLE)]
            if len(piece) != (count or _WHOLE):
                raise ValueError(start, count)
        else:
            piece = delta[at : at + order]
            if not order or len(piece) != order:
                raise ValueError(order)
            at += order
        made += piece
        if len(made) > size:
            raise ValueError(size)
    if len(made) != size:
        raise ValueError(size)
    return bytes(made)


def _number(delta: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, lowest first; and where it ends."""
    value = shift = 0
    while True:
        byte = delta[at]
        value |= (byte & _LOW) << shift
        at, shift = at + 1, shift + _BITS
        if not byte & _MORE:
            return value, at


def _sparse(delta: bytes, at: int, present: int, count: int) -> tuple[int, int]:
    """A number of which only some bytes are given, lowest first; and where it ends."""
    value = 0
    for place in range(count):
        if present >> place & 1:
            value |= delta[at] << 8 * place
            at += 1
    return value, at
