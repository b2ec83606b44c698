"""Addresses of tiles and squares: zoom, column and row, quadkeys, and Maidenhead locators."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from atlas.disclosure.grid_cells import Cell
from atlas.disclosure.letter_runs import DIGITS, matches, rows_of, runs

# looked for from the first mark on, since marks are rarer than digits
_PATH = re.compile(rb"/(?=(\d{1,8})/(\d{1,8})(?!\d))")
_BEFORE_PATH = re.compile(rb"(?<![\d.])(\d{1,2})$")
_PAIR = rb"[\"']?\s{0,3}[:=]\s{0,3}[\"']?(\d{1,8})[\"']?[\s,;&]{1,4}"
_NAMED = re.compile(
    rb"\b(?:z|zoom|zoom_level)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(\d{1,2})[\"']?[\s,;&]{1,4}"
    rb"[\"']?(?:x|col|tile_column)" + _PAIR + rb"[\"']?(?:y|row|tile_row)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(\d{1,8})\b"
)
_COLUMNS = re.compile(rb"[,;\t |](\d{3,8})[,;\t |]{1,3}(\d{3,8})(?![\d./])")
_BEFORE_COLUMNS = re.compile(rb"(?<![\d.,/-])(\d{1,2})[,;\t |]{0,2}$")
_BACK = 6
_QUADKEY = re.compile(rb"[0-3]{11,23}(?![0-9A-Za-z.])")
_QUADS = b"0123"
_ZOOM = re.compile(rb"z(?:oom(?:_level)?)?[\"']?\s{0,3}[:=]")
_JOINED = re.compile(rb"[0-9A-Za-z.]")
_LOCATOR = re.compile(rb"(?<![0-9A-Za-z])[A-Ra-r]{2}\d\d[A-Xa-x]{2}(?:\d\d(?:[A-Xa-x]{2})?)?(?![0-9A-Za-z])")
_FIELD_LETTERS = b"ABCDEFGHIJKLMNOPQRabcdefghijklmnopqr"
_SQUARE_LETTERS = _FIELD_LETTERS + b"STUVWXstuvwx"
# pairs of letters, digits and letters, with which each of them begins
_LOCATOR_LETTERS = tuple(letters for letters in (_FIELD_LETTERS, DIGITS, _SQUARE_LETTERS) for _ in range(2))
_TILE = "tile"
_AROUND = tuple((right, up) for right in (-1, 0, 1) for up in (-1, 0, 1) if right or up)
_COVERED = 5
_LEAST_ZOOM, _MOST_ZOOM = 11, 24
_A, _ZERO = 65, 48


def tiles(data: bytes, *, every: bool = False) -> Iterator[Cell]:
    """Tiles of the usual pyramid, with rows from the north and from the south, and squares of radio amateurs.

    Tiles among their neighbours are left out: a pyramid that covers the land says of no place that it is one. With
    ``every`` they are not, as what stands side by side may be of several files.
    """
    listed = {(zoom, column, row): (offset, text, kind) for kind, zoom, column, row, offset, text in _addresses(data)}
    for (zoom, column, row), (offset, text, kind) in listed.items():
        around = sum((zoom, column + right, row + up) in listed for right, up in _AROUND)
        if around >= _COVERED and not every:
            continue
        rows = [(kind, row)]
        if kind == _TILE or every:
            rows.append((f"{_TILE} with rows from the south", (1 << zoom) - 1 - row))
        for name, at in rows:
            yield Cell(name, text, offset, tile_box(zoom, column, at))
    for match in matches(_LOCATOR, data, rows_of(data, *_LOCATOR_LETTERS)):
        yield Cell("Maidenhead locator", match.group().decode(), match.start(), _locator(match.group()))


def _addresses(data: bytes) -> Iterator[tuple[str, int, int, int, int, str]]:
    """Kind, zoom, column, row, offset and text of what may be the address of a tile."""
    named = _NAMED.finditer(data) if _ZOOM.search(data) else ()
    triples = [(match.start(), *map(int, match.groups())) for match in named]
    for pattern, before in ((_PATH, _BEFORE_PATH), (_COLUMNS, _BEFORE_COLUMNS)):
        triples += _behind_zoom(data, pattern, before)
    for start, level, column, row in triples:
        if _LEAST_ZOOM <= level <= _MOST_ZOOM and max(column, row) < 1 << level:
            yield _TILE, level, column, row, start, f"{level}/{column}/{row}"
    for match in matches(_QUADKEY, data, (start for start, _ in runs(data, _QUADS, _LEAST_ZOOM))):
        if _JOINED.match(data, max(0, match.start() - 1)) and match.start():
            continue
        column = row = 0
        for letter in match.group():
            column, row = column << 1 | letter & 1, row << 1 | letter >> 1 & 1
        yield "quadkey", len(match.group()), column, row, match.start(), match.group().decode()


def _behind_zoom(
    data: bytes, pattern: re.Pattern[bytes], before: re.Pattern[bytes]
) -> Iterator[tuple[int, int, int, int]]:
    """Offset, zoom, column and row of what stands behind a number that may be a zoom, none of it in two of them."""
    done = 0
    for match in pattern.finditer(data):
        zoom = before.search(data[max(0, match.start() - _BACK) : match.start()])
        if zoom is not None and match.start() - len(zoom.group(1)) >= done:
            column, row = match.groups()
            yield match.start(), int(zoom.group(1)), int(column), int(row)
            done = match.end(2)


def tile_box(zoom: int, column: int, row: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile, in degrees."""
    count = 1 << zoom
    west, east = (at / count * 360 - 180 for at in (column, column + 1))
    north, south = (math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * at / count)))) for at in (row, row + 1))
    return west, south, east, north


def _locator(text: bytes) -> tuple[float, float, float, float]:
    lon, lat, wide, high = -180.0, -90.0, 360.0, 180.0
    for at in range(0, len(text), 2):
        first, second = text[at : at + 2].upper()
        if first >= _A:
            parts = 18 if at == 0 else 24
            first, second = first - _A, second - _A
        else:
            parts = 10
            first, second = first - _ZERO, second - _ZERO
        wide, high = wide / parts, high / parts
        lon, lat = lon + first * wide, lat + second * high
    return lon, lat, lon + wide, lat + high
