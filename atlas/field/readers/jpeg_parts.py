"""Parts of a JPEG that say how its picture is written: its size, its tables; each exactly as long as what it holds."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

PROGRESSIVE = 0xC2
LONGER = "a part is longer than what it holds"
NONE = "a part of its picture is none"
COEFFICIENTS, NUMBERS = 64, 4
_LENGTHS, _CODES, _BLOCK = 16, 256, 8


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a picture in pixels; of each component how often it stands in a unit, and its table."""

    progressive: bool
    width: int
    height: int
    components: dict[int, tuple[int, int, int]]

    def units(self, chosen: bytes) -> int:
        """How many units (MCU) the scan of some components has."""
        wide, high = (max(parts[axis] for parts in self.components.values()) for axis in (0, 1))
        if len(chosen) > 1:
            return up(self.width, _BLOCK * wide) * up(self.height, _BLOCK * high)
        across, down, _ = self.components[chosen[0]]
        return up(up(self.width * across, wide), _BLOCK) * up(up(self.height * down, high), _BLOCK)

    def unit(self, chosen: bytes) -> tuple[int, int] | None:
        """Width and height of a unit in pixels, of a scan that has all components."""
        if len(chosen) < len(self.components):
            return None
        wide, high = (max(parts[axis] for parts in self.components.values()) for axis in (0, 1))
        return (_BLOCK * wide, _BLOCK * high) if len(chosen) > 1 else (_BLOCK, _BLOCK)


def frame_of(marker: int, body: bytes) -> Frame:
    """The size of a picture.

    Raises
    ------
    ValueError
        It is none.
    """
    _, height, width, count = struct.unpack_from(">BHHB", body)
    require(len(body) == 6 + 3 * count and 1 <= count <= NUMBERS, LONGER)
    components = {body[at]: (body[at + 1] >> 4, body[at + 1] & 15, body[at + 2]) for at in range(6, len(body), 3)}
    sampled = all(1 <= size <= NUMBERS for parts in components.values() for size in parts[:2])
    require(len(components) == count and sampled and width > 0 and height > 0, "its size is none")
    return Frame(marker == PROGRESSIVE, width, height, components)


def quantities(body: bytes) -> Iterator[bytes]:
    """The tables of quantities in a part."""
    at = 0
    while at < len(body):
        size = 1 + COEFFICIENTS * (1 + (body[at] >> 4))
        whole = body[at] >> 4 <= 1 and body[at] & 15 < NUMBERS and at + size <= len(body)
        require(whole, LONGER)
        yield body[at : at + size]
        at += size


def codes(body: bytes) -> Iterator[bytes]:
    """The tables of codes in a part."""
    at = 0
    while at < len(body):
        counts = body[at + 1 : at + 1 + _LENGTHS]
        size = 1 + _LENGTHS + sum(counts)
        # a code is used up by those that begin with it
        room = sum(number << (_LENGTHS - length) for length, number in enumerate(counts, start=1))
        values = body[at + 1 + _LENGTHS : at + size]
        whole = body[at] >> 4 <= 1 and body[at] & 15 < NUMBERS and at + size <= len(body)
        fitting = room <= 1 << _LENGTHS and len(set(values)) == len(values) <= _CODES
        require(whole and fitting, LONGER)
        yield body[at : at + size]
        at += size


def up(number: int, step: int) -> int:
    """How many steps cover a number."""
    return -(-number // step)


def require(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - what has to hold
    """Refuse what does not hold.

    Raises
    ------
    ValueError
        It does not.
    """
    if not holds:
        raise ValueError(otherwise)
