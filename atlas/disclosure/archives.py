"""Opens archives, zip and tar, member by member; a member that can't be read stands for itself and not for the rest."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from atlas.disclosure.byte_view import Budget
from atlas.disclosure.compressed import AFTER, Part, Refused, inflated, too_much
from atlas.disclosure.large_files import HEAD, pieces_by
from atlas.disclosure.packed_stream import LARGE, LEAST_PACKED, PackedStream

LOCAL = b"PK\x03\x04"
_END = b"PK\x05\x06"
_FIXED, _END_SIZE = 30, 22
_STORED, _DEFLATED = 0, 8
_RAW = -15
_ENCRYPTED, _SIZE_FOLLOWS = 1, 8
# a descriptor after a member, with its mark and sizes of eight bytes
_DESCRIPTOR = 24
_MOST = 50_000
# what the heads of members say: version, method, length of a name
_NEWEST, _METHODS, _LATER, _NAME, _LONGEST_NAME, _LONGEST_EXTRA = 63, 20, range(93, 100), 64, 1024, 4096


def members_within(data: bytes, budget: Budget) -> Iterator[Part]:
    """Files of a zip archive that stands anywhere in other bytes; four bytes that look like a head are no archive."""
    start = data.find(LOCAL)
    while start >= 0 and not _is_head(data[start : start + _FIXED + _NAME]):
        start = data.find(LOCAL, start + 4)
    if start >= 0:
        yield from members(data[start:], budget)


def _is_head(head: bytes) -> bool:
    """Whether the head of a member says what those of archives say."""
    if len(head) < _FIXED:
        return False
    version, flags, method, name_size, extra_size = struct.unpack("<4x 3H 16x 2H", head[:_FIXED])
    name = head[_FIXED : _FIXED + min(name_size, _NAME)]
    plain = bool(name) and not any(byte < 32 or byte == 127 for byte in name)  # noqa: PLR2004 - controls
    known = version & 0xFF <= _NEWEST and flags < 1 << 14 and (method <= _METHODS or method in _LATER)
    return known and plain and name_size <= _LONGEST_NAME and extra_size <= _LONGEST_EXTRA


def members(data: bytes, budget: Budget) -> Iterator[Part]:
    """Files of a zip archive, found by their own heads: also those that its list of contents leaves out."""
    start, number = data.find(LOCAL), 0
    while start >= 0:
        after = start + 4
        head = data[start + 4 : start + _FIXED]
        if len(head) < _FIXED - 4:
            yield "member", Refused("the last member ends early")
            return
        number += 1
        if number > _MOST:
            yield "member", Refused(f"more than {_MOST} members")
            return
        flags, method, packed_size, _, name_size, extra_size = struct.unpack("<2x H H 8x I I H H", head)
        name = data[start + _FIXED : start + _FIXED + name_size].decode("utf-8", "replace")
        body = start + _FIXED + name_size + extra_size
        if flags & _ENCRYPTED:
            yield f"member {name}", Refused(f"member {name} is encrypted")
        else:
            yield from _member(data, body, name, (method, 0 if flags & _SIZE_FOLLOWS else packed_size), budget)
        after = body + (packed_size if packed_size < len(data) else 0)
        start = data.find(LOCAL, max(after, start + 4))


def _member(data: bytes, body: int, name: str, packing: tuple[int, int], budget: Budget) -> Iterator[Part]:
    """One member, and why it is not whole where that is so; a size of nothing is one that only follows."""
    method, size = packing
    where = f"member {name}"
    try:
        if method == _DEFLATED:
            packed = memoryview(data)[body : body + size if size else len(data)]
            stream, used = _streamed(packed, budget)
            if stream is None:
                content, used = inflated(bytes(packed), budget, bits=_RAW)
                yield where, content
            else:
                yield where, stream
            if used is None or (size and used != size):
                yield where, Refused(f"{where} is damaged, or has bytes after its end")
        elif method == _STORED:
            end = body + size if size else data.find(b"PK", body)
            yield where, budget.take(data[body : end if end >= 0 else None])
            if end > len(data):
                yield where, Refused(f"{where} ends early")
        else:
            yield where, _by_library(data, body, budget)
    except Refused as refusal:
        yield where, refusal


def _streamed(packed: memoryview, budget: Budget) -> tuple[PackedStream | None, int | None]:
    """A member as a stream and how many bytes it takes, where it is large and can be read piece by piece."""
    stream = PackedStream(packed, _RAW)
    if len(packed) < LEAST_PACKED or pieces_by(stream.start(HEAD)) is None:
        return None, None
    size, used = stream.measured(budget.streamed)
    if size <= LARGE:
        return None, None
    if size > budget.streamed:
        raise Refused(too_much())
    budget.streamed -= size
    return replace(stream, size=size), used


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


def hidden(data: bytes) -> tuple[int, bytes]:
    """What a zip archive's list of contents leaves out: how many members, and the bytes between and after all.

    Raises
    ------
    Refused
        The list itself is damaged or missing.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
            ends = {info.header_offset: _end(data, info) for info in infos}
            listing, comment = archive.start_dir, archive.comment
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError, struct.error) as error:
        msg = f"the archive's list of contents cannot be read ({error})"
        raise Refused(msg) from error
    starts = [start for start, end in _spans(data) if end]
    number = len([start for start in starts if start not in ends])
    end = data.rfind(_END) + _END_SIZE + len(comment)
    left = [data[end:], comment]
    at = 0
    for start, until in sorted([*ends.items(), (listing, end)]):
        # what a descriptor needs is no gap
        if start - at > (_DESCRIPTOR if at else 0):
            left.append(data[at:start])
        at = max(at, until)
    return number, b"\n".join(piece for piece in left if piece.strip(b"\x00"))


def _end(data: bytes, info: zipfile.ZipInfo) -> int:
    """Where a member ends, by its own head and the size in the list."""
    name_size, extra_size = struct.unpack("<HH", data[info.header_offset + 26 : info.header_offset + _FIXED])
    return int(info.header_offset + _FIXED + name_size + extra_size + info.compress_size)


def _spans(data: bytes) -> Iterator[tuple[int, int]]:
    start = data.find(LOCAL)
    while start >= 0:
        head = data[start + 4 : start + _FIXED]
        if len(head) < _FIXED - 4:
            return
        _, _, packed_size, _, name_size, extra_size = struct.unpack("<2x H H 8x I I H H", head)
        end = start + _FIXED + name_size + extra_size + packed_size
        yield start, end
        start = data.find(LOCAL, min(max(end, start + 4), len(data)))


def tar_members(data: bytes, budget: Budget) -> Iterator[Part]:
    """Files of a tar archive, and what stands after its end."""
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for number, info in enumerate(archive):
                if number > _MOST:
                    yield "member", Refused(f"more than {_MOST} members")
                    return
                where = f"member {info.name}"
                if info.isfile() and info.size > budget.allow():
                    yield where, Refused(f"{where} is larger than can be examined")
                elif info.isfile() and (stream := archive.extractfile(info)):
                    yield where, budget.take(stream.read())
            end = archive.offset
    except (tarfile.TarError, OSError, ValueError, EOFError, OverflowError) as error:
        yield "tar", Refused(f"damaged: {error}")
        return
    if data[end:].strip(b"\x00"):
        yield AFTER, data[end:].lstrip(b"\x00")
