"""The picture in a PNG and nothing beside it: chunks that the picture needs, each exactly as long as it has to be."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MARK = b"\x89PNG\r\n\x1a\n"
_PALETTE = 3
# samples of a pixel by type of colour
_SAMPLES = {0: 1, 2: 3, _PALETTE: 1, 4: 2, 6: 4}
_DEPTHS = frozenset({1, 2, 4, 8, 16})
# the colours of all screens; others could be any number
_PLAIN = {
    b"gAMA": (struct.pack(">I", 45_455),),
    b"cHRM": (struct.pack(">8I", 31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000),),
    b"sRGB": (b"\x00", b"\x01", b"\x02", b"\x03"),
}
# first column and row, and steps across and down, of each pass of a picture that comes in passes
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Header:
    """The size of a picture in pixels, and how its pixels are written."""

    width: int
    height: int
    depth: int
    colour: int
    passes: bool

    @property
    def size(self) -> int:
        """How many bytes the rows have, each with the one for its filter."""
        if not self.passes:
            return self._rows(self.width, self.height)
        return sum(
            self._rows(_steps(self.width, first, across), _steps(self.height, top, down))
            for first, top, across, down in _PASSES
        )

    def _rows(self, width: int, height: int) -> int:
        return height * (1 + -(-width * self.depth * _SAMPLES[self.colour] // 8)) if width else 0


def bare_png(data: bytes) -> bytes:
    """A PNG with nothing but its picture; the same for the same photo. Of a moving picture the still one is left.

    Raises
    ------
    ValueError
        It is damaged, or holds more than a picture where that cannot be cut out.
    struct.error
        It is cut off.
    """
    header: _Header | None = None
    kept, packed, colours = [MARK], list[bytes](), 0
    for kind, body, chunk in _chunks(data):
        if header is None:
            header = _header(kind, body)
            kept.append(chunk)
        elif kind == b"IDAT":
            packed.append(body)
            kept.append(chunk)
        elif kind == b"PLTE" and header.colour == _PALETTE and not colours and not packed:
            colours = _colours(body)
            kept.append(chunk)
        elif not packed and (body in _PLAIN.get(kind, ()) or (kind == b"tRNS" and _see_through(header, body, colours))):
            kept.append(chunk)
    if header is None or (header.colour == _PALETTE and not colours):
        msg = "it has no picture"
        raise ValueError(msg)
    _require_rows(packed, header.size)
    return b"".join([*kept, _chunk(b"IEND")])


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name, content and bytes of each chunk before the end."""
    at = len(MARK)
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        chunk = data[at : at + length + 12]
        if len(chunk) != length + 12:
            msg = "a part is shorter than it says"
            raise ValueError(msg)
        body = chunk[8:-4]
        if chunk != _chunk(kind, body):
            msg = "a part does not have the sum that it says"
            raise ValueError(msg)
        if kind == b"IEND":
            return
        yield kind, body, chunk
        at += len(chunk)


def _chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _header(kind: bytes, body: bytes) -> _Header:
    width, height, depth, colour, packing, filters, passes = struct.unpack(">IIBBBBB", body)
    known = kind == b"IHDR" and depth in _DEPTHS and colour in _SAMPLES and packing == filters == 0 and passes <= 1
    if not known or not width or not height:
        msg = "its size is none"
        raise ValueError(msg)
    return _Header(width, height, depth, colour, bool(passes))


def _colours(body: bytes) -> int:
    count, rest = divmod(len(body), 3)
    if rest or not 1 <= count <= 256:  # noqa: PLR2004 - a byte names a colour
        msg = "its colours are none"
        raise ValueError(msg)
    return count


def _see_through(header: _Header, body: bytes, colours: int) -> bool:
    """Whether this says which pixels are see-through, and nothing else."""
    if header.colour == _PALETTE:
        return len(body) <= colours
    return len(body) == {0: 2, 2: 6}.get(header.colour)


def _steps(size: int, first: int, step: int) -> int:
    return max(0, -(-(size - first) // step))


def _require_rows(packed: list[bytes], size: int) -> None:
    """Refuse rows that are not as many bytes as the picture has, and bytes behind them."""
    unpacked, left = zlib.decompressobj(), size
    try:
        for waiting in packed:
            while waiting and not unpacked.eof:
                left -= len(unpacked.decompress(waiting, min(_BLOCK, max(left, 0) + 1)))
                waiting = unpacked.unconsumed_tail  # noqa: PLW2901 - what is left of it
                if left < 0:
                    break
    except zlib.error as error:
        msg = f"its picture cannot be unpacked: {error}"
        raise ValueError(msg) from error
    if not unpacked.eof and left >= 0:
        msg = "its picture is cut off"
        raise ValueError(msg)
    if left or unpacked.unused_data:
        msg = "its picture goes on behind its end" if left <= 0 else "its picture is cut off"
        raise ValueError(msg)
