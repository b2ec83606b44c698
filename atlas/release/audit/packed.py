"""Opens what is packed: archives and compressed streams, also those inside other bytes; never more than the budget."""

from __future__ import annotations

import bz2
import io
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator

from atlas.release.audit.view import Budget

_LOCAL = b"PK\x03\x04"
_STREAMS = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]|\x78[\x01\x5e\x9c\xda]")
_STORED, _DEFLATED = 0, 8
_WINDOW = 1 << 16
_SMALLEST = 8
_TRIES = 20_000
_RAW, _ANY = -15, 47
# a stream that random bytes make ends at once or is tiny
_PROBE = 256

Part = tuple[str, bytes]


class Refused(Exception):  # noqa: N818 - says what happened, and never leaves this room
    """Something that can't be opened: encrypted, damaged, or larger than the budget."""


def inflated(data: bytes, budget: Budget, *, bits: int = _ANY) -> bytes:
    """A deflated stream, with or without a head of zlib or gzip; what comes before damage is kept.

    Raises
    ------
    Refused
        There is more in it than the budget allows.
    """
    unpacker = zlib.decompressobj(bits)
    room = budget.allow()
    pieces: list[bytes] = []
    try:
        pieces.append(unpacker.decompress(data, room + 1))
    except zlib.error:
        # again in small steps, for what stands before the damage
        return budget.take(_until_damage(data, bits, room))
    if len(pieces[0]) > room:
        msg = "unpacks to more than can be examined"
        raise Refused(msg)
    return budget.take(b"".join(pieces))


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
        whole = inflated(data[start:], budget)
        if len(whole) < _SMALLEST:
            continue
        done = start + 16
        yield f"deflated at byte {start}", whole


def members(data: bytes, budget: Budget) -> Iterator[Part]:
    """Files of a zip archive, found by their own heads: also those that its list of contents leaves out.

    Raises
    ------
    Refused
        A member is encrypted, packed by an unknown method, or larger than the budget.
    """
    start = data.find(_LOCAL)
    while start >= 0:
        after = start + 4
        head = data[start + 4 : start + 30]
        if len(head) == 26:  # noqa: PLR2004 - the fixed part of the head
            flags, method, packed_size, _, name_size, extra_size = struct.unpack("<2x H H 8x I I H H", head)
            name = data[start + 30 : start + 30 + name_size].decode("utf-8", "replace")
            body = start + 30 + name_size + extra_size
            if flags & 1:
                msg = f"member {name} is encrypted"
                raise Refused(msg)
            yield f"member {name}", _member(data, body, method, packed_size, budget)
            after = body + (packed_size if packed_size < len(data) else 0)
        start = data.find(_LOCAL, max(after, start + 4))


def _member(data: bytes, body: int, method: int, size: int, budget: Budget) -> bytes:
    if method == _DEFLATED:
        return inflated(data[body : body + size] if size else data[body:], budget, bits=_RAW)
    if method == _STORED:
        end = body + size if size else data.find(b"PK", body)
        return budget.take(data[body : end if end >= 0 else None])
    return _by_library(data, body, budget)


def _by_library(data: bytes, body: int, budget: Budget) -> bytes:
    """A member packed by a method other than the usual, by the standard library."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                if body - 600 <= info.header_offset < body and info.file_size <= budget.allow():
                    return budget.take(archive.read(info))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError) as error:
        raise Refused(str(error)) from error
    msg = "packed by an unknown method"
    raise Refused(msg)


def hidden_members(data: bytes) -> int:
    """How many members stand in a zip archive without being in its list of contents."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = {info.header_offset for info in archive.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError):
        return 0
    starts = [start for start, end in _spans(data) if end]
    return len([start for start in starts if start not in listed])


def _spans(data: bytes) -> Iterator[tuple[int, int]]:
    start = data.find(_LOCAL)
    while start >= 0:
        head = data[start + 4 : start + 30]
        if len(head) < 26:  # noqa: PLR2004 - as above
            return
        _, _, packed_size, _, name_size, extra_size = struct.unpack("<2x H H 8x I I H H", head)
        end = start + 30 + name_size + extra_size + packed_size
        yield start, end
        start = data.find(_LOCAL, min(max(end, start + 4), len(data)))


def _limited(make: Callable[[bytes, int], bytes], data: bytes, budget: Budget) -> bytes:
    room = budget.allow()
    try:
        out = make(data, room + 1)
    except (OSError, EOFError, ValueError, lzma.LZMAError) as error:
        msg = f"damaged: {error}"
        raise Refused(msg) from error
    if len(out) > room:
        msg = "unpacks to more than can be examined"
        raise Refused(msg)
    return budget.take(out)


def unpacked(data: bytes, form: str, budget: Budget) -> Iterator[Part]:
    """What an archive or a compressed file holds.

    Raises
    ------
    Refused
        It can't be opened.
    """
    if form == "zip":
        yield from members(data, budget)
    elif form == "gzip":
        yield from ((f"gzip {number}", part) for number, part in enumerate(_gzip_parts(data, budget)))
    elif form == "bzip2":
        yield "bzip2", _limited(lambda raw, room: bz2.BZ2Decompressor().decompress(raw, room), data, budget)
    elif form == "xz":
        yield "xz", _limited(lambda raw, room: lzma.LZMADecompressor().decompress(raw, room), data, budget)
    elif form == "tar":
        yield from _tar(data, budget)
    else:
        msg = f"{form} cannot be opened here"
        raise Refused(msg)


def _gzip_parts(data: bytes, budget: Budget) -> Iterator[bytes]:
    """Streams of a gzip file: several may stand one after the other."""
    while data[:3] == b"\x1f\x8b\x08":
        unpacker = zlib.decompressobj(31)
        room = budget.allow()
        try:
            part = unpacker.decompress(data, room + 1)
        except zlib.error:
            yield budget.take(_until_damage(data, 31, room))
            return
        if len(part) > room:
            msg = "unpacks to more than can be examined"
            raise Refused(msg)
        yield budget.take(part)
        data = unpacker.unused_data


def _tar(data: bytes, budget: Budget) -> Iterator[Part]:
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for info in archive:
                if info.isfile() and (stream := archive.extractfile(info)):
                    if info.size > budget.allow():
                        msg = f"member {info.name} is larger than can be examined"
                        raise Refused(msg)
                    yield f"member {info.name}", budget.take(stream.read())
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        msg = f"damaged: {error}"
        raise Refused(msg) from error
