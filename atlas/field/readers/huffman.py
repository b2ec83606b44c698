"""How many bytes of a JPEG's scan are its picture: the codes are followed, block by block, without drawing anything.

What stands behind the last block is skipped by every program that shows the picture, so anything could be hidden there.
For each bit of the scan tables say at once how far the code that begins there goes with the number behind it, and how
many coefficients it covers (ITU-T T.81, annexes F and G); then a block is a few steps.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_RESTART = re.compile(rb"(\xff[\xd0-\xd7])", re.DOTALL)
_WINDOW, _BLOCK = 16, 64
# so many bytes are looked at together; what is walked through at once is never longer than what is looked at beyond
_PORTION, _BEYOND = 1 << 16, 8192
# instead of a number of coefficients: the block ends
_END = 128


@dataclass(frozen=True, slots=True)
class Codes:
    """By the sixteen bits that follow: the length of the code that they begin with (0: none), and its value."""

    length: np.ndarray
    value: np.ndarray

    @classmethod
    def of(cls, table: bytes) -> Codes:
        """A table as it stands in a file, behind its number."""
        counts, values = table[:_WINDOW], table[_WINDOW:]
        lengths = np.repeat(np.arange(1, _WINDOW + 1, dtype=np.uint8), list(counts))
        widths = 1 << (_WINDOW - lengths.astype(np.int64))
        length, value = np.zeros(1 << _WINDOW, np.uint8), np.zeros(1 << _WINDOW, np.uint8)
        size = int(widths.sum())
        length[:size] = np.repeat(lengths, widths)
        value[:size] = np.repeat(np.frombuffer(values, np.uint8), widths)
        return cls(length, value)

    @property
    def means(self) -> np.ndarray:
        """How far the mean of a block goes: its code, and as many bits as that says."""
        return np.where(self.length, self.length + self.value, 0).astype(np.uint8)

    @property
    def steps(self) -> np.ndarray:
        """How far another coefficient goes."""
        return np.where(self.length, self.length + (self.value & 15), 0).astype(np.uint8)

    @property
    def covers(self) -> np.ndarray:
        """How many coefficients it covers, with the zeros before it."""
        run, size = self.value >> 4, self.value & 15
        return np.where((size > 0) | (run == 15), run + 1, _END).astype(np.uint8)  # noqa: PLR2004 - sixteen zeros


@dataclass(frozen=True, slots=True)
class Coded:
    """How a scan is coded that is not made better step by step.

    Attributes
    ----------
    blocks
        Of each block of a unit the tables of codes of its mean and of its other coefficients.
    units
        How many units it has.
    every
        After how many of them it restarts; 0 for never.
    unit
        Width and height of one in pixels, where it has all colours.
    """

    blocks: tuple[tuple[bytes, bytes], ...]
    units: int
    every: int
    unit: tuple[int, int] | None

    def cut(self, scan: bytes) -> bytes:
        """The scan without what stands behind its last block, and before its restarts.

        Raises
        ------
        ValueError
            It has a code that no table has.
        """
        codes = {table: Codes.of(table) for tables in self.blocks for table in tables}
        blocks = [(codes[mean], codes[rest]) for mean, rest in self.blocks]
        left, kept = self.units, list[bytes]()
        for part in _RESTART.split(scan):
            if len(part) == len(b"\xff\xd0") and _RESTART.match(part):
                kept.append(part)
                continue
            data = part.replace(b"\xff\x00", b"\xff")
            size = baseline_bytes(data, blocks, min(self.every or left, left))
            left -= self.every
            kept.append(data[:size].replace(b"\xff", b"\xff\x00"))
        return b"".join(kept)


def baseline_bytes(data: bytes, blocks: Sequence[tuple[Codes, Codes]], units: int) -> int:
    """How many bytes of a scan, or of a part of it between two restarts, hold its units.

    Parameters
    ----------
    data
        The part, without the zeros that are put behind each 0xFF.
    blocks
        Of each block of a unit, the codes of its mean and of its other coefficients.
    units
        How many units it has.

    Raises
    ------
    ValueError
        It has a code that no table has.
    """
    at, end, left = 0, 8 * len(data), units
    while left and at < end:
        first = at // 8
        bits = _windows(data, first)
        last = min(8 * (first + _PORTION), end) - 8 * first
        tables = [(mean.means, rest.steps, rest.covers) for mean, rest in blocks]
        walks = [(_by_bit(a, bits), _by_bit(b, bits), _by_bit(c, bits)) for a, b, c in tables]
        here, count = _walked(walks, at - 8 * first, last, left)
        if here < 0:
            # a scan may be cut off, as cameras do that were switched off; then all of it is picture
            _require_end(8 * first - here, end)
            return len(data)
        at, left = here + 8 * first, left - count
    return min(_up(at), len(data))


def _walked(walks: Sequence[tuple[bytes, bytes, bytes]], at: int, last: int, units: int) -> tuple[int, int]:
    """Where the units that begin before a bit end, and how many there are; below zero where there is no code."""
    for unit in range(units):
        if at >= last:
            return at, unit
        for means, steps, covers in walks:
            if not means[at]:
                return -at - 1, unit
            at += means[at]
            covered = 1
            while covered < _BLOCK:
                step = steps[at]
                if not step:
                    return -at - 1, unit
                covered += covers[at]
                at += step
            if _BLOCK < covered < _END:
                return -at - 1, unit
    return at, units


def _require_end(at: int, end: int) -> None:
    if at < end - _WINDOW:
        msg = "its picture has a code that there is not"
        raise ValueError(msg)


def _windows(data: bytes, first: int) -> np.ndarray:
    """The sixteen bits that begin at each bit, from some byte on."""
    part = np.frombuffer(data[first : first + _PORTION + _BEYOND] + bytes(3), np.uint8).astype(np.uint32)
    words = part[:-2] << 16 | part[1:-1] << 8 | part[2:]
    return (words[:, None] >> np.arange(8, 0, -1, dtype=np.uint32) & 0xFFFF).astype(np.uint16).ravel()


def _by_bit(table: np.ndarray, bits: np.ndarray) -> bytes:
    made: bytes = table[bits].tobytes()
    return made + bytes(_BEYOND)


def _up(bits: int) -> int:
    return -(-bits // 8)
