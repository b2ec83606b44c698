"""Numbers in bytes: floats and scaled whole numbers at every offset, in both orders of bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from atlas.disclosure.candidates import DEGREES, EXACT, Box, Candidates, Floats, Numbers

_ORDERS: Mapping[str, str] = MappingProxyType({"<": "little end first", ">": "big end first"})
# the last one is that of Garmin, whose half circle is 2^31
_SCALES = (1e5, 1e6, 1e7, 2**31 / 180)
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_GRID = re.compile(rb'"perDegree"\s*:\s*(\d{1,9})\s*,\s*"steps"\s*:\s*"([A-Za-z0-9_-]+)"')
_BITS, _MORE, _LOW = 5, 32, 31
_FINEST = 10.0**-EXACT
_SINGLE = 8e-6


def floats(data: bytes, boxes: Mapping[str, Box]) -> Iterator[Numbers]:
    """Floats of 8 and of 4 bytes; only those that may lie in a box are kept as numbers."""
    for size, steps in ((8, (1, 2, 3)), (4, (1, 2))):
        for order, words in _ORDERS.items():
            for start in range(size):
                with np.errstate(invalid="ignore"):
                    values = _read(data, f"{order}f{size}", start, size).astype(np.float64)
                how = f"{size * 8}-bit floats, {words}"
                for frame, box in boxes.items():
                    if size == 4 and frame != DEGREES:  # noqa: PLR2004 - too coarse for metres
                        continue
                    if (numbers := _kept(values, box, how, start, size, steps, frame)) is not None:
                        yield numbers


def _read(data: bytes, kind: str, start: int, size: int) -> NDArray[np.generic]:
    return np.frombuffer(data, dtype=kind, offset=start, count=max(0, (len(data) - start) // size))


def _kept(  # noqa: PLR0913, PLR0917 - one call, in a loop over all of these
    values: Floats, box: Box, how: str, start: int, size: int, steps: tuple[int, ...], frame: str
) -> Numbers | None:
    """The values around those that may be coordinates; most bytes are no such floats."""
    with np.errstate(invalid="ignore"):
        plain = np.abs(values)
    wanted = box.has_x(plain) | box.has_y(plain)
    if not box.has_x(plain).any():
        return None
    at = np.flatnonzero(wanted)
    # numbers that stand apart in the bytes must stand apart here too
    gaps = np.minimum(np.diff(at, prepend=at[0]), 4)
    places = np.cumsum(gaps)
    kept = np.full(int(places[-1]) + 1, np.nan)
    kept[places] = plain[at]
    offsets = np.zeros(len(kept), dtype=np.int64)
    offsets[places] = start + at * size
    unit = _written(kept, _SINGLE if size == 4 else _FINEST) if frame == DEGREES else np.full(len(kept), 0.001)  # noqa: PLR2004
    return Numbers(how, kept, unit, offsets, steps, frame)


def _written(values: Floats, finest: float) -> Floats:
    """How finely floats were rounded before they were packed."""
    unit = np.full(len(values), finest)
    # a float of four bytes looks rounded by chance too often
    for digits in (7, 6, 5, 4, 3) if finest < _SINGLE else (4,):
        size = 10.0**-digits
        with np.errstate(invalid="ignore"):
            unit[np.abs(values - np.rint(values / size) * size) < finest] = size
    return unit


def integers(data: bytes, box: Box) -> Iterator[Numbers]:
    """Whole numbers of 4 bytes, as degrees times a power of ten; of 8 bytes these are the lower half."""
    for order, words in _ORDERS.items():
        for start in range(4):
            values = np.abs(_read(data, f"{order}i4", start, 4).astype(np.float64))
            for scale in _SCALES:
                degrees = values / scale
                how = f"32-bit numbers of 1/{scale:,.0f} degree, {words}"
                if (numbers := _kept(degrees, box, how, start, 4, (1, 2), DEGREES)) is not None:
                    yield Numbers(how, numbers.values, np.full(len(numbers.values), 1 / scale), numbers.offsets, (1, 2))


def grids(data: bytes) -> Iterator[Candidates]:
    """The arcs of the atlas' own pages: steps on a grid, five bits a letter."""
    for match in _GRID.finditer(data):
        per_degree = int(match.group(1))
        steps = _steps(match.group(2))
        positions = np.cumsum(steps[: len(steps) & ~1].reshape(-1, 2), axis=0)
        if not per_degree or not len(positions):
            continue
        degrees = np.abs(positions / per_degree)
        unit = np.full(len(degrees), 1 / per_degree)
        offsets = np.full(len(degrees), match.start(2), dtype=np.int64)
        yield Candidates("packed arcs", degrees[:, 0], degrees[:, 1], unit, unit, offsets)


def _steps(text: bytes) -> NDArray[np.int64]:
    table = np.zeros(256, dtype=np.int64)
    table[np.frombuffer(_LETTERS, dtype=np.uint8)] = np.arange(64)
    return _folded(table[np.frombuffer(text, dtype=np.uint8)])


def steps_of(text: bytes, zero: int) -> NDArray[np.int64]:
    """Whole numbers with a sign, written five bits a letter from a first letter on, as in encoded polylines."""
    return _folded(np.frombuffer(text, dtype=np.uint8).astype(np.int64) - zero)


def _folded(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    ends = np.flatnonzero(groups < _MORE)
    if not len(ends):
        return np.zeros(0, dtype=np.int64)
    starts = np.concatenate([[0], ends[:-1] + 1])
    groups = groups[: ends[-1] + 1]
    place = np.arange(len(groups)) - np.repeat(starts, ends - starts + 1)
    # hostile text may have a number of any length
    folded = np.add.reduceat((groups & _LOW) << np.minimum(_BITS * place, 55), starts)
    return np.where(folded & 1, -(folded + 1) // 2, folded // 2)
