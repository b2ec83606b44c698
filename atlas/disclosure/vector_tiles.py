"""Vector tiles: those of a PMTiles archive, of an MBTiles database, and by themselves; as lines of text.

A line holds the layer, the values of a feature, and its positions in degrees, as finely as the tile's grid is.
"""

from __future__ import annotations

import math
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from atlas.disclosure.byte_view import Budget
from atlas.disclosure.compressed import Part, Refused, inflated

Fields = list[tuple[int, int | bytes]]

_HEAD = 127
_PLAIN, _GZIP = 1, 2
_CODES = {0: "an unknown code", 3: "brotli", 4: "zstd"}
_MVT = 1
_MOST_TILES, _MOST_LEAVES = 2_000_000, 10_000
_EXTENT = 4096
_ADDRESS = re.compile(r"(?:^|[/_.-])(\d{1,2})[/_-](\d{1,8})[/_-](\d{1,8})\.(?:mvt|pbf|vector\.pbf)(?:\.gz)?$")
_MOVE, _LINE = 1, 2


@dataclass(frozen=True, slots=True)
class Address:
    """Zoom, column, and row from the north."""

    zoom: int
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class _Entry:
    tile: int
    offset: int
    length: int
    run: int


def address_of(name: str) -> Address | None:
    """The address that the name of a file gives: ``14/4001/7512.pbf``."""
    match = _ADDRESS.search(name.replace("\\", "/"))
    if match is None:
        return None
    zoom, column, row = map(int, match.groups())
    return Address(zoom, column, row) if max(column, row) < 1 << min(zoom, 30) else None


def tile_text(data: bytes, address: Address) -> bytes | None:
    """The features of a vector tile as lines; none where the bytes are no vector tile."""
    try:
        layers = [_fields(value) for number, value in _fields(data) if number == 3 and isinstance(value, bytes)]  # noqa: PLR2004 - layers
        lines = [line for layer in layers for line in _layer(layer, address)]
    except (ValueError, IndexError, struct.error, OverflowError):
        return None
    return "\n".join(lines).encode("utf-8", "replace") if layers else None


def _layer(layer: Fields, address: Address) -> Iterator[str]:
    by_number: dict[int, list[int | bytes]] = {}
    for number, value in layer:
        by_number.setdefault(number, []).append(value)
    name = _text(by_number.get(1, [b""])[0])
    keys = [_text(key) for key in by_number.get(3, [])]
    values = [_value(value) for value in by_number.get(4, [])]
    extent = next((int(value) for value in by_number.get(5, []) if isinstance(value, int) and value), _EXTENT)
    for feature in by_number.get(2, []):
        parts: dict[int, list[int | bytes]] = {}
        for number, value in _fields(feature if isinstance(feature, bytes) else b""):
            parts.setdefault(number, []).append(value)
        tags = [number for value in parts.get(2, []) for number in _varints(value)]
        tags_text = [f"{keys[key]}={values[value]}" for key, value in zip(tags[::2], tags[1::2], strict=False)]
        tags_text += [f"id={_text(value)}" for value in parts.get(1, [])]
        commands = [number for value in parts.get(4, []) for number in _varints(value)]
        where = ", ".join(_degrees(x, y, extent, address) for x, y in _positions(commands))
        yield f"{name}: {'; '.join(tags_text)}: {where}"


def _positions(commands: Sequence[int]) -> Iterator[tuple[int, int]]:
    at = x = y = 0
    while at < len(commands):
        kind, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if kind not in {_MOVE, _LINE}:
            continue
        for _ in range(min(count, (len(commands) - at) // 2)):
            x, y = x + _unfolded(commands[at]), y + _unfolded(commands[at + 1])
            at += 2
            yield x, y


def _degrees(x: int, y: int, extent: int, address: Address) -> str:
    count = 1 << address.zoom
    lon = (address.column + x / extent) / count * 360 - 180
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (address.row + y / extent) / count))))
    digits = max(2, min(7, round(-math.log10(360 / count / extent))))
    return f"{lon:.{digits}f} {lat:.{digits}f}"


def _unfolded(number: int) -> int:
    return (number >> 1) ^ -(number & 1)


def _text(value: int | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _value(value: int | bytes) -> str:
    for number, inner in _fields(value if isinstance(value, bytes) else b""):
        if isinstance(inner, bytes) and number in {2, 3}:
            return repr(struct.unpack("<f" if number == 2 else "<d", inner)[0])  # noqa: PLR2004 - float, else double
        return str(_unfolded(inner)) if number == 6 and isinstance(inner, int) else _text(inner)  # noqa: PLR2004 - with a sign
    return ""


def _fields(data: bytes) -> Fields:
    """The fields of a message of protobuf.

    Raises
    ------
    ValueError
        It is none.
    """
    at, listed = 0, []
    while at < len(data):
        tag, at = _varint(data, at)
        kind, size = tag & 7, 0
        value: int | bytes
        if kind == 0:
            value, at = _varint(data, at)
        else:
            if kind == 2:  # noqa: PLR2004 - bytes with their length
                size, at = _varint(data, at)
            else:
                size = {1: 8, 5: 4}.get(kind, len(data) + 1)
            value, at = data[at : at + size], at + size
        if at > len(data) or not tag >> 3:
            msg = "no message of protobuf"
            raise ValueError(msg)
        listed.append((tag >> 3, value))
    return listed


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:  # noqa: PLR2004 - the last
            return value, at
        if shift > 63:  # noqa: PLR2004 - bits
            msg = "a number without an end"
            raise ValueError(msg)


def _varints(data: int | bytes) -> list[int]:
    if isinstance(data, int):
        return [data]
    at, listed = 0, []
    while at < len(data):
        value, at = _varint(data, at)
        listed.append(value)
    return listed


def pmtiles_parts(data: bytes, budget: Budget) -> Iterator[Part]:
    """The metadata and the tiles of a PMTiles archive; vector tiles together, as lines of text."""
    if len(data) < _HEAD:
        yield "PMTiles", Refused("an archive that ends early")
        return
    root, root_size, meta, meta_size, leaves, _, tiles, _ = struct.unpack("<8Q", data[8:72])
    inner, packing, kind = data[97:100]
    try:
        yield "metadata", _unpacked(data[meta : meta + meta_size], inner, budget)
        entries = list(_entries(data, _unpacked(data[root : root + root_size], inner, budget), (leaves, inner), budget))
        yield from _tiles(data, tiles, entries, (packing, kind), budget)
    except Refused as refusal:
        yield "PMTiles", refusal
    except (ValueError, IndexError, zlib.error):
        yield "PMTiles", Refused("a damaged archive")


def _tiles(data: bytes, start: int, entries: list[_Entry], how: tuple[int, int], budget: Budget) -> Iterator[Part]:
    packing, kind = how
    lines: list[bytes] = []
    strange = 0
    for entry in entries:
        tile = _unpacked(data[start + entry.offset : start + entry.offset + entry.length], packing, budget)
        address = _address(entry.tile)
        if kind != _MVT:
            yield f"tile {address.zoom}/{address.column}/{address.row}", tile
        elif (text := tile_text(tile, address)) is None and tile:
            strange += 1
        else:
            lines.append(text or b"")
    if lines:
        yield "features of vector tiles", b"\n".join(lines)
    if strange:
        yield "PMTiles", Refused(f"{strange} tiles that are no vector tiles")


def _unpacked(data: bytes, code: int, budget: Budget) -> bytes:
    if code == _PLAIN:
        return data
    if code != _GZIP:
        msg = f"tiles packed by {_CODES.get(code, 'an unknown code')}, which cannot be read"
        raise Refused(msg)
    return inflated(data, budget)[0]


def _entries(data: bytes, directory: bytes, leaves: tuple[int, int], budget: Budget) -> Iterator[_Entry]:
    waiting, opened = [directory], 0
    while waiting:
        for entry in _directory(waiting.pop()):
            if entry.run:
                yield entry
                continue
            opened += 1
            if opened > _MOST_LEAVES:
                msg = "more tiles than can be examined"
                raise Refused(msg)
            start = leaves[0] + entry.offset
            waiting.append(_unpacked(data[start : start + entry.length], leaves[1], budget))


def _directory(directory: bytes) -> Iterator[_Entry]:
    numbers = _varints(directory)
    count = numbers[0]
    if count > _MOST_TILES or len(numbers) != 1 + 4 * count:
        msg = "a directory that is damaged"
        raise ValueError(msg)
    steps, runs, lengths, offsets = (numbers[1 + n * count : 1 + (n + 1) * count] for n in range(4))
    tile = offset = 0
    for number in range(count):
        tile += steps[number]
        following = offset + lengths[number - 1] if number else 0
        offset = offsets[number] - 1 if offsets[number] else following
        yield _Entry(tile, offset, lengths[number], runs[number])


def _address(tile_id: int) -> Address:
    """The address of a tile by its number along the curve of Hilbert."""
    zoom = first = 0
    while first + (1 << 2 * zoom) <= tile_id:
        first, zoom = first + (1 << 2 * zoom), zoom + 1
    rest, column, row = tile_id - first, 0, 0
    for level in range(zoom):
        size = 1 << level
        right = rest >> 1 & 1
        up = (rest ^ right) & 1
        if not up:
            if right:
                column, row = size - 1 - column, size - 1 - row
            column, row = row, column
        column, row, rest = column + size * right, row + size * up, rest >> 2
    return Address(zoom, column, row)


def mbtiles_texts(columns: Sequence[str], rows: Sequence[Sequence[object]], budget: Budget) -> Mapping[bytes, bytes]:
    """The features of the vector tiles in a table of MBTiles, as lines, by the tile as it stands there."""
    names = {name.lower(): number for number, name in enumerate(columns)}
    wanted = ("zoom_level", "tile_column", "tile_row", "tile_data")
    if not names.keys() >= set(wanted):
        return {}
    texts: dict[bytes, bytes] = {}
    for row in rows:
        zoom, column, up, tile = (row[names[name]] for name in wanted)
        if not (isinstance(zoom, int) and isinstance(column, int) and isinstance(up, int) and isinstance(tile, bytes)):
            continue
        if not 0 <= zoom <= 30:  # noqa: PLR2004 - beyond any pyramid
            continue
        plain = inflated(tile, budget)[0] if tile.startswith(b"\x1f\x8b") else tile
        text = tile_text(plain, Address(zoom, column, (1 << zoom) - 1 - up))
        if text is not None:
            texts[tile] = text
    return texts
