"""Places named by a cell of a grid: H3, geohash, plus codes; and whether a secret lies in one that is too fine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np

from atlas.disclosure.candidates import Floats
from atlas.disclosure.letter_runs import DIGITS, runs

# a pattern that begins with what it looks for is quicker than one that looks back first
_H3_HEX = re.compile(rb"8[0-9A-Fa-f]{14}(?![0-9a-zA-Z])(?<![0-9A-Za-z].{15})", re.DOTALL)
_H3_DIGITS, _H3_FIRST = 18, b"56"
_GEOHASH = re.compile(rb"(?<![0-9a-zA-Z])[0-9b-hjkmnp-z]{6,12}(?![0-9a-zA-Z])")
_PLUS = re.compile(rb"(?<![0-9A-Z])[23456789CFGHJMPQRVWX]{8}\+[23456789CFGHJMPQRVWX]{2,7}(?![0-9A-Z])", re.IGNORECASE)
_SHORT_LINK = re.compile(rb"osm\.org/go/([A-Za-z0-9_~@]{5,11})")
_SHORT_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~"
_BASE32 = b"0123456789bcdefghjkmnpqrstuvwxyz"
_PLUS_LETTERS = b"23456789CFGHJMPQRVWX"
_MOST = 50_000
_FIVE = 5
_START = 4
_FEW = 100


class Cell(NamedTuple):
    """A cell as it stands in a file: kind, name, where, and box as west, south, east, north in degrees."""

    kind: str
    name: str
    offset: int
    box: tuple[float, float, float, float]


def short_links(data: bytes) -> Iterator[Cell]:
    """Short links of OpenStreetMap, whose letters are a cell."""
    for match in _SHORT_LINK.finditer(data) if b"osm.org/go/" in data else ():
        letters = match.group(1).replace(b"@", b"~")
        bits = 3 * len(letters)
        column = row = 0
        for letter in letters:
            value = _SHORT_LETTERS.index(letter)
            for at in (4, 2, 0):
                column, row = column << 1 | value >> at + 1 & 1, row << 1 | value >> at & 1
        wide, high = 360 / (1 << bits), 180 / (1 << bits)
        west, south = column * wide - 180, row * high - 90
        yield Cell("short link", match.group(1).decode(), match.start(), (west, south, west + wide, south + high))


def boxes(data: bytes, starts: frozenset[bytes]) -> Iterator[Cell]:
    """Geohashes that begin with one of ``starts``, and plus codes; some words look like one."""
    data = data.lower()
    for match in _GEOHASH.finditer(data) if _holds_one(data, starts) else ():
        text = match.group()
        if text[:_START] in starts and not text.isdigit():
            yield Cell("geohash", text.decode(), match.start(), _geohash(text))
    for match in _PLUS.finditer(data) if b"+" in data else ():
        yield Cell("plus code", match.group().decode(), match.start(), _plus(match.group().upper().replace(b"+", b"")))


def _holds_one(data: bytes, starts: frozenset[bytes]) -> bool:
    """Whether any of them is in the data: quicker than the pattern, where there are few."""
    return len(starts) > _FEW or any(start in data for start in starts)


def _geohash(text: bytes) -> tuple[float, float, float, float]:
    edges = [[-180.0, 180.0], [-90.0, 90.0]]
    for number, letter in enumerate(text):
        value = _BASE32.index(letter)
        for bit in range(_FIVE):
            edge = edges[(number * _FIVE + bit) % 2]
            middle = sum(edge) / 2
            edge[0 if value >> (_FIVE - 1 - bit) & 1 else 1] = middle
    (west, east), (south, north) = edges
    return west, south, east, north


def _letters(column: int, row: int, bits: int) -> bytes:
    woven = 0
    for bit in range(bits - 1, -1, -1):
        woven = woven << 2 | (column >> bit & 1) << 1 | (row >> bit & 1)
    return bytes(_BASE32[woven >> shift & 31] for shift in range(bits * 2 - _FIVE, -1, -_FIVE))


def _plus(text: bytes) -> tuple[float, float, float, float]:
    lat, lon, size = -90.0, -180.0, 20.0
    for at in range(0, min(10, len(text) & ~1), 2):
        lat += _PLUS_LETTERS.index(text[at]) * size
        lon += _PLUS_LETTERS.index(text[at + 1]) * size
        if at + 2 < 10:  # noqa: PLR2004 - ten letters in pairs, then a finer grid
            size /= 20
    return lon, lat, lon + size, lat + size


def h3_cells(data: bytes, *, binary: bool) -> dict[int, tuple[str, int]]:
    """H3 cells in text, and in bytes: by number, how each is written and where."""
    cells: dict[int, tuple[str, int]] = {}
    for match in _H3_HEX.finditer(data):
        cells.setdefault(int(match.group(), 16), ("hex", match.start()))
    for start, end in runs(data, DIGITS, _H3_DIGITS, _H3_DIGITS):
        if data[start] in _H3_FIRST:
            cells.setdefault(int(data[start:end]), ("number", start))
    if binary:
        for start in range(min(8, max(0, len(data) - 7))):
            for order in "<>":
                values = np.frombuffer(data, dtype=f"{order}u8", offset=start, count=(len(data) - start) // 8)
                top = values >> np.uint64(52)
                near = np.flatnonzero((top >= np.uint64(0x080)) & (top <= np.uint64(0x08F)))
                for at in near[:_MOST].tolist():
                    cells.setdefault(int(values[at]), ("8 bytes", start + at * 8))
    return {number: place for number, place in cells.items() if _is_cell(number)}


def _is_cell(number: int) -> bool:
    resolution = number >> 52 & 0xF
    unused = (1 << 3 * (15 - resolution)) - 1
    if number >> 59 != 1 or number & unused != unused:
        return False
    h3 = _h3()
    return bool(h3.is_valid_cell(h3.int_to_str(number)))


@cache
def _h3() -> Any:  # noqa: ANN401 - a module
    import h3  # noqa: PLC0415 - loaded only where a number looks like a cell

    return h3


def resolution_of(number: int) -> int:
    """How fine an H3 cell is."""
    return number >> 52 & 0xF


@dataclass
class SecretCells:
    """The cells in which the secrets lie, by resolution, made when they are asked for."""

    lon: Floats
    lat: Floats
    _known: dict[int, Mapping[int, int]] = field(default_factory=dict)

    @cached_property
    def starts(self) -> frozenset[bytes]:
        """First four letters of the geohashes of all secrets."""
        bits = _START * _FIVE // 2
        column = ((self.lon + 180) / 360 * (1 << bits)).astype(np.int64)
        row = ((self.lat + 90) / 180 * (1 << bits)).astype(np.int64)
        return frozenset(_letters(*pair, bits) for pair in set(zip(column.tolist(), row.tolist(), strict=True)))

    def secret_in(self, number: int) -> int | None:
        """A secret that lies in a cell."""
        h3 = _h3()
        resolution = resolution_of(number)
        if resolution not in self._known:
            pairs = zip(self.lon.tolist(), self.lat.tolist(), strict=True)
            cells = (h3.str_to_int(h3.latlng_to_cell(lat, lon, resolution)) for lon, lat in pairs)
            self._known[resolution] = {cell: index for index, cell in enumerate(cells)}
        return self._known[resolution].get(number)
