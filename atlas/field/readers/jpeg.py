"""The picture in a JPEG and nothing beside it: every part is taken apart, and only what decodes the picture is written.

A part that may hold anything (APPn, comments) never stays as it came: of JFIF, Adobe and EXIF only the plain marks are
written anew. Tables stay as far as a scan needs them, and no part may be longer than what it holds. The page has the
same in JavaScript (``web/src/annotate/jpeg.js``); `tests/data/field/photos` holds both to it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from atlas.field.readers.exif import ORIENTATION, orientation
from atlas.field.readers.huffman import Coded
from atlas.field.readers.jpeg_parts import (
    COEFFICIENTS,
    LONGER,
    NONE,
    NUMBERS,
    Frame,
    codes,
    frame_of,
    quantities,
    require,
    up,
)
from atlas.field.readers.tails import ends_with_picture

_EOI, _SOS, _DQT, _DHT, _DRI = 0xD9, 0xDA, 0xDB, 0xC4, 0xDD
_APP0, _APP1, _APP14, _APP15, _COM = 0xE0, 0xE1, 0xEE, 0xEF, 0xFE
# baseline, extended and progressive; browsers show no other
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_RESTART, _RESTARTS = 0xD0, 8
_ALONE = frozenset({0x01, *range(_RESTART, _RESTART + _RESTARTS)})
_PLAIN_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_PLAIN_ADOBE, _ADOBE_BYTES = b"\xff\xee\x00\x0eAdobe\x00d\x00\x00\x00\x00", 12
_RGB, _YCCK, _COLOURS = 0, 2, 3
_MARK = re.compile(rb"\xff+([^\xff])", re.DOTALL)
_FILL = re.compile(rb"\xff{2,}")
_TWICE = "a part of its picture is twice there"
# from so many bytes on, following the codes of a scan takes longer than drawing it twice
_LARGE = 100_000


@dataclass(slots=True)
class _Piece:
    """Some bytes of a part, and whether the picture needs them."""

    data: bytes
    used: bool = False


@dataclass(slots=True)
class _Part:
    """A part, and for a scan the compressed picture behind it, and what its codes are."""

    marker: int
    pieces: tuple[_Piece, ...]
    scan: bytes = b""
    coded: Coded | None = None


@dataclass(slots=True)
class _Read:
    """What was read so far.

    Attributes
    ----------
    transform
        How the colours are meant, as Adobe's mark says.
    tables
        The definition of each table that holds now, by marker and number.
    quantised
        Components that have their table of quantities for good.
    bits
        Of each coefficient of each component, down to which bit it is known.
    """

    frame: Frame | None = None
    parts: list[_Part] = field(default_factory=list)
    jfif: bool = False
    transform: int | None = None
    orientation: int = 1
    tables: dict[tuple[int, int], _Piece] = field(default_factory=dict)
    quantised: set[int] = field(default_factory=set)
    bits: dict[tuple[int, int], int] = field(default_factory=dict)


def bare_jpeg(data: bytes) -> bytes:
    """A JPEG with nothing but its picture and the way it is turned; the same for the same photo.

    Raises
    ------
    ValueError
        It is damaged, of a kind that no browser shows, or holds more than a picture where that cannot be cut out.
    IndexError, struct.error
        It is cut off.
    """
    read, at = _Read(), 2
    while True:
        marker, at = _marker(data, at)
        if marker == _EOI:
            break
        if marker in _ALONE:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        body = data[at + 2 : at + length]
        require(len(body) == length - 2, "a part is shorter than it says")
        at += length
        if marker == _SOS:
            end = _end_of_scan(data, at)
            _add_scan(read, body, data[at:end])
            at = end
        else:
            _add(read, marker, body)
    require(bool(read.bits), "it has no picture")
    _cut_tails(read)
    return b"".join(_written(read))


def _cut_tails(read: _Read) -> None:
    """Take out what stands behind the last block of each scan, and before each of its restarts."""
    for part in read.parts:
        if part.coded is None:
            continue
        ends = None
        if part.coded.unit and len(part.scan) > _LARGE:
            ends = ends_with_picture(b"".join(_written(read)), part.scan, part.coded.unit, part.coded.every)
        if not (ends and all(ends)):
            part.scan = part.coded.cut(part.scan)


def _written(read: _Read) -> Iterator[bytes]:
    # beside Adobe's mark for plain red, green and blue, JFIF would say other colours
    plain = read.transform == _RGB and len(read.quantised) == _COLOURS and not read.jfif
    yield b"\xff\xd8" if plain else b"\xff\xd8" + _PLAIN_JFIF
    if read.orientation != 1:
        tiff = b"MM\x00*\x00\x00\x00\x08\x00\x01" + struct.pack(">HHIHHI", ORIENTATION, 3, 1, read.orientation, 0, 0)
        yield b"\xff\xe1" + struct.pack(">H", 8 + len(tiff)) + b"Exif\x00\x00" + tiff
    if read.transform is not None:
        yield _PLAIN_ADOBE + bytes([read.transform])
    for part in read.parts:
        if body := b"".join(piece.data for piece in part.pieces if piece.used):
            yield b"\xff" + bytes([part.marker]) + struct.pack(">H", 2 + len(body)) + body + part.scan
    yield b"\xff\xd9"


def _add(read: _Read, marker: int, body: bytes) -> None:
    """A part that is no scan."""
    if _APP0 <= marker <= _APP15 or marker == _COM:
        _add_mark(read, marker, body)
        return
    pieces: tuple[_Piece, ...]
    if marker in _FRAMES:
        require(read.frame is None, "it has two pictures")
        read.frame = frame_of(marker, body)
        pieces = (_Piece(body, used=True),)
    elif marker in {_DQT, _DHT}:
        cut = quantities if marker == _DQT else codes
        pieces = tuple(_Piece(table) for table in cut(body))
        read.tables |= {(marker, piece.data[0] & (0x0F if marker == _DQT else 0x1F)): piece for piece in pieces}
    elif marker == _DRI:
        require(len(body) == 2, LONGER)  # noqa: PLR2004 - one number
        pieces = (_Piece(body),)
        read.tables[marker, 0] = pieces[0]
    else:
        msg = f"it has a part of a kind that no photo has ({marker:#x})"
        raise ValueError(msg)
    read.parts.append(_Part(marker, pieces))


def _add_mark(read: _Read, marker: int, body: bytes) -> None:
    if marker == _APP0 and body.startswith(b"JFIF\x00"):
        read.jfif = True
    elif marker == _APP1 and body.startswith(b"Exif\x00\x00"):
        read.orientation = orientation(body[6:]) or read.orientation
    elif marker == _APP14 and body.startswith(b"Adobe") and len(body) >= _ADOBE_BYTES and not read.bits:
        # decoders take a number that nobody knows as this one
        read.transform = min(body[_ADOBE_BYTES - 1], _YCCK)


def _add_scan(read: _Read, body: bytes, scan: bytes) -> None:
    frame = read.frame
    if frame is None:
        msg = "its picture has no size"
        raise ValueError(msg)
    count = body[0]
    require(len(body) == 4 + 2 * count and 1 <= count <= NUMBERS, LONGER)
    chosen, tables = body[1 : 1 + 2 * count : 2], body[2 : 2 + 2 * count : 2]
    first, last, bits = body[-3:]
    require(len(set(chosen)) == count and set(chosen) <= set(frame.components), _TWICE)
    if not frame.progressive:
        require((first, last, bits) == (0, COEFFICIENTS - 1, 0), NONE)
    # where it gets better step by step, the mean colours and the rest of each component come by themselves
    require(first <= last < COEFFICIENTS and (not frame.progressive or (last == 0 if first == 0 else count == 1)), NONE)
    for name, numbers in zip(chosen, tables, strict=True):
        _refine(read, name, range(first, last + 1), bits)
        if name not in read.quantised:
            _use(read, _DQT, frame.components[name][2])
            read.quantised.add(name)
        if first == 0 and not bits >> 4:
            _use(read, _DHT, numbers >> 4)
        if last > 0:
            _use(read, _DHT, 0x10 | (numbers & 15))
    interval = read.tables.get((_DRI, 0))
    every = int.from_bytes(interval.data, "big") if interval else 0
    if interval:
        interval.used = True
    units = frame.units(chosen)
    most = up(units, every) - 1 if every else 0
    coded = None if frame.progressive else Coded(_blocks(read, frame, chosen, tables), units, every, frame.unit(chosen))
    read.parts.append(_Part(_SOS, (_Piece(body, used=True),), _plain_scan(scan, most), coded))


def _blocks(read: _Read, frame: Frame, chosen: bytes, tables: bytes) -> tuple[tuple[bytes, bytes], ...]:
    """Of each block of a unit the tables of codes of its mean and of the rest."""
    pairs = [tuple(read.tables[_DHT, number].data[1:] for number in (one >> 4, 0x10 | (one & 15))) for one in tables]
    counts = [across * down if len(chosen) > 1 else 1 for across, down, _ in map(frame.components.__getitem__, chosen)]
    return tuple((mean, rest) for (mean, rest), count in zip(pairs, counts, strict=True) for _ in range(count))


def _refine(read: _Read, name: int, coefficients: range, bits: int) -> None:
    """Note down to which bit a scan says some coefficients: each bit is said once, from the highest."""
    high, low = bits >> 4, bits & 15
    for number in coefficients:
        before = read.bits.get((name, number))
        once = before is None if high == 0 else before == high == low + 1
        require(once, _TWICE)
        read.bits[name, number] = low


def _use(read: _Read, marker: int, number: int) -> None:
    piece = read.tables.get((marker, number))
    if piece is None:
        msg = "a table is missing"
        raise ValueError(msg)
    piece.used = True


def _marker(data: bytes, at: int) -> tuple[int, int]:
    if data[at] != 0xFF:  # noqa: PLR2004 - the byte that begins a marker
        msg = f"byte {at} begins no part of a JPEG"
        raise ValueError(msg)
    while data[at] == 0xFF:  # noqa: PLR2004 - as above
        at += 1
    return data[at], at + 1


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the compressed picture ends: at the next marker that is not part of it."""
    for mark in _MARK.finditer(data, at):
        if mark[1][0] and not _RESTART <= mark[1][0] < _RESTART + _RESTARTS:
            return mark.start()
    msg = "the picture has no end"
    raise ValueError(msg)


def _plain_scan(scan: bytes, most: int) -> bytes:
    """A scan without bytes that only fill; it restarts where it says, and nowhere else."""
    plain = _FILL.sub(b"\xff", scan)
    restarts = [mark[1][0] for mark in _MARK.finditer(plain) if mark[1][0]]
    require(len(restarts) <= most, "its picture goes on behind its end")
    counted = all(number == _RESTART + at % _RESTARTS for at, number in enumerate(restarts))
    require(counted, "its picture is not in order")
    return plain
