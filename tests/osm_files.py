"""Files of OpenStreetMap made by hand: the packed form, as its wiki describes it, and XML."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

# tags and positions (longitude, latitude in degrees) of each way
Way = tuple[Mapping[str, str], Sequence[tuple[float, float]]]
_NANODEGREES = 100


def packed_osm(ways: Sequence[Way]) -> bytes:
    """Ways as ``.osm.pbf``: a header and one block of dense nodes and ways."""
    header = _field(4, b"OsmSchema-V0.6") + _field(4, b"DenseNodes")
    texts = [b"", *dict.fromkeys(word.encode() for tags, _ in ways for pair in tags.items() for word in pair)]
    places = [place for _, line in ways for place in line]
    lons, lats = ([round(place[axis] * 1e9 / _NANODEGREES) for place in places] for axis in (0, 1))
    dense = _field(1, _steps(range(1, len(places) + 1))) + _field(8, _steps(lats)) + _field(9, _steps(lons))
    groups = _field(2, _field(2, dense))
    number = 1
    made = b""
    for identity, (tags, line) in enumerate(ways, start=1):
        refs = range(number, number + len(line))
        number += len(line)
        keys, values = (b"".join(_varint(texts.index(w.encode())) for w in part) for part in (tags, tags.values()))
        made += _field(3, _number(1, identity) + _field(2, keys) + _field(3, values) + _field(8, _steps(refs)))
    groups += _field(2, made)
    block = _field(1, b"".join(_field(1, text) for text in texts)) + groups
    return _blob(b"OSMHeader", header) + _blob(b"OSMData", block)


def xml_osm(ways: Sequence[Way]) -> str:
    """The same as ``.osm``."""
    nodes, made, number = "", "", 1
    for identity, (tags, line) in enumerate(ways, start=1):
        refs = ""
        for lon, lat in line:
            nodes += f'<node id="{number}" lon="{lon}" lat="{lat}" version="1"/>'
            refs += f'<nd ref="{number}"/>'
            number += 1
        tagged = "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
        made += f'<way id="{identity}" version="1">{refs}{tagged}</way>'
    return f'<?xml version="1.0"?>\n<osm version="0.6">{nodes}{made}</osm>'


def _blob(kind: bytes, raw: bytes) -> bytes:
    blob = _number(2, len(raw)) + _field(3, zlib.compress(raw))
    header = _field(1, kind) + _number(3, len(blob))
    return struct.pack(">I", len(header)) + header + blob


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*made, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _steps(values: Sequence[int]) -> bytes:
    """Differences, signed numbers folded (zigzag)."""
    made, before = b"", 0
    for value in values:
        step = value - before
        made += _varint(step << 1 if step >= 0 else (-step << 1) - 1)
        before = value
    return made
