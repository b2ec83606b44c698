"""Writes positions in the notations of the field: by the specifications, and by other code than what reads them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import sqlite3
import struct
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pyproj

Places = Sequence[tuple[float, float]]


def polyline(places: Places, precision: int) -> str:
    out, before = "", (0, 0)
    for lon, lat in places:
        here = (round(lat * 10**precision), round(lon * 10**precision))
        for value, last in zip(here, before, strict=True):
            step = value - last
            step = ~(step << 1) if step < 0 else step << 1
            while step >= 32:
                out, step = out + chr((32 | step & 31) + 63), step >> 5
            out += chr(step + 63)
        before = here
    return out


def topojson(places: Places, scale: float = 1e-6) -> str:
    shift = [-93.0, 14.0]
    grid = [[round((lon - shift[0]) / scale), round((lat - shift[1]) / scale)] for lon, lat in places]
    steps = [grid[0], *([b[0] - a[0], b[1] - a[1]] for a, b in pairwise(grid))]
    topology = {
        "type": "Topology",
        "transform": {"scale": [scale, scale], "translate": shift},
        "objects": {"x": {"type": "LineString", "arcs": [0]}},
        "arcs": [steps],
    }
    return json.dumps(topology)


def topojson_point(place: tuple[float, float]) -> str:
    document = json.loads(topojson([place]))
    document["objects"] = {"x": {"type": "Point", "coordinates": document.pop("arcs")[0][0]}}
    return json.dumps({**document, "arcs": []})


def mgrs(place: tuple[float, float], digits: int = 5, mark: str = "") -> str:
    zone, east, north = utm(place)
    letters = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")[(zone - 1) % 3]
    rows = "ABCDEFGHJKLMNPQRSTUV"
    square = letters[int(east // 1e5) - 1] + rows[(int(north // 1e5) + (0 if zone % 2 else 5)) % 20]
    parts = [f"{int(value % 1e5):05d}"[:digits] for value in (east, north)]
    return mark.join([f"{zone}{'P' if place[1] < 16 else 'Q'}", square, *parts])


def utm(place: tuple[float, float]) -> tuple[int, float, float]:
    zone = int((place[0] + 180) // 6) + 1
    east, north = pyproj.Transformer.from_crs(4326, 32600 + zone, always_xy=True).transform(*place)
    return zone, east, north


def parts(value: float) -> tuple[int, int, float]:
    whole = abs(value)
    return int(whole), int(whole * 60) % 60, whole * 3600 % 60


def nmea(place: tuple[float, float]) -> str:
    lon, lat = (abs(value) for value in place)
    north, west = f"{int(lat):02d}{lat % 1 * 60:07.4f}", f"{int(lon):03d}{lon % 1 * 60:07.4f}"
    return f"$GPRMC,121137,A,{north},N,{west},W,000.0,360.0,100526,,*6A"


def compact(place: tuple[float, float]) -> str:
    (lon_d, lon_m, lon_s), (lat_d, lat_m, lat_s) = parts(place[0]), parts(place[1])
    return f"{lat_d:02d}{lat_m:02d}{int(lat_s):02d}N {lon_d:03d}{lon_m:02d}{int(lon_s):02d}W"


def iso_6709(place: tuple[float, float]) -> str:
    lon, lat = (abs(value) for value in place)
    return f"+{int(lat):02d}{lat % 1 * 60:07.4f}-{int(lon):03d}{lon % 1 * 60:07.4f}/"


def tile(place: tuple[float, float], zoom: int) -> tuple[int, int]:
    count = 1 << zoom
    lat = math.radians(place[1])
    row = (1 - math.log(math.tan(lat) + 1 / math.cos(lat)) / math.pi) / 2 * count
    return int((place[0] + 180) / 360 * count), int(row)


def quadkey(place: tuple[float, float], zoom: int) -> str:
    column, row = tile(place, zoom)
    return "".join(str((column >> bit & 1) + 2 * (row >> bit & 1)) for bit in range(zoom - 1, -1, -1))


def geohash(place: tuple[float, float], length: int) -> str:
    letters, edges, out, bits = "0123456789bcdefghjkmnpqrstuvwxyz", [[-180.0, 180.0], [-90.0, 90.0]], "", 0
    for at in range(length * 5):
        edge, value = edges[at % 2], place[at % 2]
        middle = sum(edge) / 2
        bits = bits * 2 + (value >= middle)
        edge[0 if value >= middle else 1] = middle
        if at % 5 == 4:
            out, bits = out + letters[bits], 0
    return out


def plus_code(place: tuple[float, float]) -> str:
    letters, out, size = "23456789CFGHJMPQRVWX", "", 20.0
    east, north = place[0] + 180, place[1] + 90
    for _ in range(5):
        out += letters[int(north / size) % 20] + letters[int(east / size) % 20]
        size /= 20
    return f"{out[:8]}+{out[8:]}"


def locator(place: tuple[float, float]) -> str:
    lon, lat = place[0] + 180, place[1] + 90
    first = chr(65 + int(lon // 20)) + chr(65 + int(lat // 10)) + str(int(lon % 20 // 2)) + str(int(lat % 10))
    return first + chr(97 + int(lon % 2 * 12)) + chr(97 + int(lat % 1 * 24))


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def _message(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(body)) + body


def vector_tile(place: tuple[float, float], zoom: int = 14, extent: int = 4096) -> tuple[tuple[int, int], bytes]:
    """A tile with one point, by the specification of Mapbox: where it is, and its bytes."""
    column, row = tile(place, zoom)
    count, lat = 1 << zoom, math.radians(place[1])
    x = ((place[0] + 180) / 360 * count - column) * extent
    y = ((1 - math.log(math.tan(lat) + 1 / math.cos(lat)) / math.pi) / 2 * count - row) * extent
    geometry = b"".join(_varint(value) for value in (9, round(x) << 1, round(y) << 1))
    feature = _message(2, b"\x00\x00") + _varint(3 << 3) + b"\x01" + _message(4, geometry)
    layer = _message(1, b"notes") + _message(2, feature) + _message(3, b"kind") + _message(4, _message(1, b"ford"))
    layer += _varint(5 << 3) + _varint(extent) + _varint(15 << 3) + b"\x02"
    return (column, row), _message(3, layer)


def _curve(column: int, row: int, zoom: int) -> int:
    """The number of a tile along Hilbert's curve, as PMTiles counts."""
    tile_id, x, y = (4**zoom - 1) // 3, column, row
    size = 1 << zoom >> 1
    while size:
        right, up = int(x & size > 0), int(y & size > 0)
        tile_id += size * size * (3 * right ^ up)
        if not up:
            if right:
                x, y = (size << 1) - 1 - x, (size << 1) - 1 - y
            x, y = y, x
        x, y, size = x & size - 1, y & size - 1, size >> 1
    return tile_id


def pmtiles(place: tuple[float, float]) -> bytes:
    (column, row), plain = vector_tile(place)
    content, meta = gzip.compress(plain), gzip.compress(b'{"vector_layers":[]}')
    directory = gzip.compress(b"".join(map(_varint, (1, _curve(column, row, 14), 1, len(content), 1))))
    places, at = [], 127
    for size in (len(directory), len(meta), 0, len(content)):
        places += [at, size]
        at += size
    numbers = struct.pack("<11Q", *places, 1, 1, 1)
    head = b"PMTiles\x03" + numbers + bytes([1, 2, 2, 1, 14, 14]) + struct.pack("<4iB2i", 0, 0, 0, 0, 14, 0, 0)
    return head + directory + meta + content


def database(*statements: tuple[str, Sequence[object]]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sqlite"
        base = sqlite3.connect(path)
        for text, values in statements:
            base.execute(text, values)
        base.commit()
        base.close()
        return path.read_bytes()


def mbtiles(place: tuple[float, float]) -> bytes:
    (column, row), content = vector_tile(place)
    make = "create table tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)"
    values = (14, column, (1 << 14) - 1 - row, gzip.compress(content))
    return database((make, ()), ("insert into tiles values (?, ?, ?, ?)", values))


def _table(header: str, rows: Sequence[Sequence[object]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return stream.getvalue()


def degree_columns(places: Places, *, seconds: bool, grouped: bool = False) -> str:
    rows = []
    for lon, lat in places:
        (a, b, c), (d, e, f) = parts(lat), parts(lon)
        first, second = (a, b, f"{c:.2f}"), (-d, e, f"{f:.2f}")
        if not seconds:
            first, second = (a, f"{abs(lat) % 1 * 60:.4f}"), (-d, f"{abs(lon) % 1 * 60:.4f}")  # type: ignore[assignment]
        row = [x for pair in zip(first, second, strict=True) for x in pair] if grouped else [*first, *second]
        rows.append(row)
    return _table(",".join("abcdef"[: len(rows[0])]), rows)
