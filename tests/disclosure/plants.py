"""Plants: synthetic secrets in every form, encoding and container that the audit is tried with."""

from __future__ import annotations

import base64
import bz2
import calendar
import gzip
import hashlib
import io
import json
import lzma
import math
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

import h3
import numpy as np
import pyproj

from atlas.disclosure.families import FAMILIES
from tests.disclosure.writers import (
    Places,
    compact,
    database,
    degree_columns,
    geohash,
    iso_6709,
    locator,
    mbtiles,
    mgrs,
    nmea,
    parts,
    plus_code,
    pmtiles,
    polyline,
    quadkey,
    tile,
    topojson,
    topojson_point,
    utm,
    vector_tile,
)  # fmt: skip

RECORD_ID, TIME = "KB-7300-zq0x", "2026-05-10T06:11:37"
NOTE = "Detras del almacen de Don Artemio vado de madrugada"
# eight positions of synthetic records beside the border
PLACES = [
    (-92.173948, 14.627381), (-92.118274, 15.034817), (-91.703918, 16.071284), (-90.953817, 17.248391),
    (-90.412983, 16.094718), (-91.402839, 17.251748), (-89.148271, 17.794813), (-88.341982, 18.481739),
]  # fmt: skip
# families that the audit does not look for: named in docs/do-no-harm.md
NOT_LOOKED_FOR = frozenset(name for name, family in FAMILIES.items() if family.rule is None)


@dataclass(frozen=True)
class Plant:
    """A file with a secret in it."""

    family: str
    form: str
    container: str
    name: str
    data: bytes


def record(place: tuple[float, float], number: int) -> dict[str, object]:
    """A synthetic exact record; the first has the id, the note and the time above."""
    first = number == 0
    properties = {
        "category": "informal_crossing",
        "sensitivity": "generalised",
        "note": NOTE if first else f"nota sintetica {number} de vereda{number}x",
        "observed_at": TIME if first else f"2026-05-1{number}T06:1{number}:37",
    }
    geometry = {"type": "Point", "coordinates": list(place)}
    record_id = RECORD_ID if first else f"KB-73{number}7-zq{number}x"
    return {"type": "Feature", "id": record_id, "geometry": geometry, "properties": properties}


def degrees(places: Places) -> Iterator[tuple[str, str, str]]:
    """Family, form and text of positions in degrees."""
    lon, lat = places[0]
    (lat_d, lat_m, lat_s), (lon_d, lon_m, lon_s) = parts(lat), parts(lon)
    yield "decimal degrees", "six decimals", "\n".join(f"{a:.6f},{b:.6f}" for a, b in places)
    yield "decimal degrees", "latitude first", f"{lat:.5f}, {lon:.5f}"
    yield "decimal degrees", "decimal commas", f"{lon:.5f}; {lat:.5f}".replace(".", ",")
    yield "decimal degrees", "whole numbers", f"{round(lon * 1e7)} {round(lat * 1e7)}"
    yield "decimal degrees", "powers of ten", f"{lon:.8e} {lat:.8e}"
    yield "decimal degrees", "letters", f"{lat:.5f}° N, {-lon:.5f}° W"
    yield "decimal degrees", "geo link", f"geo:{lat:.6f},{lon:.6f};u=12"
    yield "decimal degrees", "map link", f"https://www.openstreetmap.org/#map=17/{lat:.5f}/{lon:.5f}"
    yield "coarse", "two decimals", "\n".join(f"{a:.2f},{b:.2f}" for a, b in places)
    yield "coarse", "three decimals", "\n".join(f"{a:.3f},{b:.3f}" for a, b in places)
    yield "noise", "50 m", "\n".join(f"{a + 0.0003:.6f},{b - 0.0003:.6f}" for a, b in places)
    yield "noise", "300 m", "\n".join(f"{a - 0.002:.6f},{b + 0.0015:.6f}" for a, b in places)
    yield "degrees and minutes", "dms", f"{lat_d}°{lat_m}'{lat_s:.1f}\"N {lon_d}°{lon_m}'{lon_s:.1f}\"W"
    yield "degrees and minutes", "dm", f"{lat_d}° {abs(lat) % 1 * 60:.4f}' N, {lon_d}° {abs(lon) % 1 * 60:.4f}' W"


def columns(places: Places) -> Iterator[tuple[str, str, str]]:
    """Family, form and text of degrees and minutes in columns."""
    yield "columns", "degrees, minutes", degree_columns(places, seconds=False)
    yield "columns", "degrees, minutes, seconds", degree_columns(places, seconds=True)
    yield "columns", "degrees first, minutes after", degree_columns(places, seconds=False, grouped=True)
    yield "columns", "degrees, minutes, seconds in turn", degree_columns(places, seconds=True, grouped=True)


def notations(places: Places) -> Iterator[tuple[str, str, str]]:
    """Family, form and text of positions in other notations than degrees."""
    one = places[0]
    lon, lat = one
    zone, east, north = utm(one)
    x, y = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)
    yield "metres", "web mercator", f"{x:.1f} {y:.1f}"
    yield "metres", "utm", f"{zone}N {east:.0f} {north:.0f}"
    yield "metres", "utm with letters", f"{zone}P E {east:.1f} m, N {north:.1f}"
    yield "MGRS", "one metre", mgrs(one)
    yield "MGRS", "USNG with blanks", mgrs(one, mark=" ")
    yield "MGRS", "ten metres", mgrs(one, 4)
    yield "MGRS", "hundred metres", mgrs(one, 3)
    yield "MGRS", "small letters", mgrs(one).lower()
    yield "polyline", "five decimals", polyline(places, 5)
    yield "polyline", "six decimals", polyline(places, 6)
    yield "TopoJSON", "arcs", topojson(places)
    yield "TopoJSON", "coarse grid", topojson(places, 1e-4)
    yield "TopoJSON", "point", topojson_point(one)
    yield "NMEA", "RMC", nmea(one)
    yield "NMEA", "APRS", f"={nmea(one).split(',')[3][:7]}N/{nmea(one).split(',')[5][:8]}W-"
    yield "NMEA", "without marks", compact(one)
    yield "ISO 6709", "minutes", iso_6709(one)
    yield "semicircles", "text", f"{round(lon * 2**31 / 180)},{round(lat * 2**31 / 180)}"


def cells(places: Places) -> Iterator[tuple[str, str, str]]:
    """Family, form and text of cells, tiles and shapes."""
    one = places[0]
    lon, lat = one
    yield "tiles", "z/x/y", "/tiles/15/{}/{}.png".format(*tile(one, 15))
    yield "tiles", "z/x/y, south", f"tms/15/{tile(one, 15)[0]}/{(1 << 15) - 1 - tile(one, 15)[1]}.png"
    yield "tiles", "named", "?z=16&x={}&y={}".format(*tile(one, 16))
    yield "tiles", "object", '{{"z": 14, "x": {}, "y": {}}}'.format(*tile(one, 14))
    yield "tiles", "quadkey", f"quadkey: {quadkey(one, 16)}"
    yield "cells", "geohash", f"at {geohash(one, 7)}"
    yield "cells", "plus code", f"at {plus_code(one)}"
    yield "cells", "H3", f"at {h3.latlng_to_cell(lat, lon, 9)}"
    yield "cells", "Maidenhead", f"at {locator(one)}"
    yield "shapes", "WKT", f"POINT ({lon:.7f} {lat:.7f})"
    yield "shapes", "WKB in hex", struct.pack("<BIdd", 1, 1, lon, lat).hex()
    yield "shapes", "GML", f"<gml:pos>{lat:.6f} {lon:.6f}</gml:pos>"


def words(places: Places) -> Iterator[tuple[str, str, str]]:
    """Family, form and text of times and words; and of what is not looked for."""
    lon, lat = places[0]
    moment = datetime.fromisoformat(TIME)
    epoch = calendar.timegm((moment + timedelta(hours=6)).timetuple())
    yield "time", "as noted", TIME
    yield "time", "seconds", f"seen {epoch}"
    yield "time", "milliseconds", f"seen {epoch}000"
    yield "time", "UTC", f"seen {(moment + timedelta(hours=6)).isoformat()}Z"
    yield "time", "spreadsheet", f"seen {(moment - datetime.fromisoformat('1899-12-30')) / timedelta(days=1):.8f}"
    yield "time", "day first", f"seen {moment:%d/%m/%Y %H:%M:%S}"
    yield "time", "without marks", f"IMG_{moment:%Y%m%d_%H%M%S}.jpg"
    yield "text", "id", f"see {RECORD_ID}"
    yield "text", "hash of the id", hashlib.sha256(RECORD_ID.encode()).hexdigest()
    yield "text", "note", f"alguien dijo: {NOTE.upper()}"
    yield "arithmetic", "moved by a key", f"{lon + 11.4321:.6f},{lat - 7.1234:.6f}"
    yield "arithmetic", "backwards", f"{lon:.6f},{lat:.6f}"[::-1]


def units(places: Places) -> Iterator[tuple[str, str, str]]:
    """Family, form and text of angles in other units than degrees, and of what stands for a place without being one."""
    lon, lat = places[0]
    yield "angles", "seconds", f"{lon * 3600:.1f} {lat * 3600:.1f}"
    yield "angles", "milliseconds", f"{lon * 3_600_000:.0f} {lat * 3_600_000:.0f}"
    yield "angles", "minutes", f"{lat * 60:.4f} N {-lon * 60:.4f} W"
    yield "angles", "gons", f"{lon / 0.9:.6f} {lat / 0.9:.6f}"
    yield "angles", "radians", f"{math.radians(lon):.8f} {math.radians(lat):.8f}"
    yield "angles", "eastward", f"{lon + 360:.6f} {lat:.6f}"
    yield "angles", "packed minutes", f"{14 * 100 + lat % 14 * 60:.4f},{-(92 * 100 + -lon % 92 * 60):.4f}"
    grouped = [f"{value:.6f}" for value in (lat, lon)]
    yield "angles", "groups of three", " ".join(f"{text[:-3]}.{text[-3:]}" for text in grouped)
    yield "angles", "decimals in columns", f"{lon:.6f},{lat:.6f}".replace(".", ",")
    yield "angles", "box", f"bbox={lon - 0.005:.6f},{lat - 0.005:.6f},{lon + 0.005:.6f},{lat + 0.005:.6f}"
    for name, code in (("NAD27", 26715), ("world mercator", 3395), ("EPSG:6372", 6372)):
        x, y = pyproj.Transformer.from_crs(4326, code, always_xy=True).transform(lon, lat)
        yield "metres", name, f"{x:.1f} {y:.1f}"
        yield "metres", f"{name}, kilometres", f"{x / 1000:.4f} {y / 1000:.4f}"


def letters(places: Places) -> Iterator[tuple[str, str, bytes]]:
    """Family, form and bytes of a position whose letters are written otherwise."""
    lon, lat = places[0]
    text = f"{lon:.6f},{lat:.6f}"
    plain = text.encode()
    yield "letters", "base32", base64.b32encode(plain)
    yield "letters", "base64 twice", base64.b64encode(base64.b64encode(plain))
    yield "letters", "hex with blanks", plain.hex(" ").encode()
    yield "letters", "hex with colons", plain.hex(":").encode()
    yield "letters", "hex with 0x", ", ".join(f"{byte:#04x}" for byte in plain).encode()
    yield "letters", "decimal bytes", f"String.fromCharCode({','.join(map(str, plain))})".encode()
    yield "letters", "bits", " ".join(f"{byte:08b}" for byte in plain).encode()
    yield "letters", "percent signs twice", "".join(f"%25{byte:02X}" for byte in plain).encode()
    yield "letters", "entities", "".join(f"&#{byte};" for byte in plain).encode()
    yield "letters", "escapes", "".join(f"\\u{byte:04x}" for byte in plain).encode()
    yield "letters", "octal escapes", "".join(f"\\{byte:03o}" for byte in plain).encode()
    yield "letters", "escapes in braces", "".join(f"\\u{{{byte:x}}}" for byte in plain).encode()
    yield "letters", "escapes of style sheets", "".join(f"\\{byte:x} " for byte in plain).encode()
    yield "letters", "UTF-32", text.encode("utf-32")
    yield "letters", "UTF-16 in bytes", b"\x00\x01\xff\x00" + text.encode("utf-16-le") + b"\xfe\xfd\x00"
    yield "letters", "wide digits", text.translate({48 + n: 0xFF10 + n for n in range(10)}).encode()
    yield "letters", "arabic digits", text.translate({48 + n: 0x660 + n for n in range(10)}).encode()
    yield "letters", "marks without room", "\u200b".join(text).encode()
    yield "letters", "blanks", " ".join(text).encode()
    yield "letters", "tags", f"<w:t>{text[:5]}</w:t><w:t>{text[5:13]}</w:t><w:t>{text[13:]}</w:t>".encode()
    yield "letters", "put together", f'a = "{text[:4]}" + "{text[4:13]}" + "{text[13:]}"'.encode()
    yield "letters", "lines of a PDF", f"BT [({text[:5]})-20({text[5:13]})10.5({text[13:]})] TJ ET".encode()


def blobs(places: Places) -> Iterator[tuple[str, str, bytes]]:
    """Family, form and bytes of positions."""
    one = places[0]
    lon, lat = one
    yield "floats", "64 bits", b"\x00\x07" + np.array(places, "<f8").tobytes() + b"\xff"
    yield "floats", "64 bits, big end first", b"\x00\x07\x01" + np.array(places, ">f8").tobytes()
    yield "floats", "32 bits", b"\x00\x01" + np.array([[b, a] for a, b in places], "<f4").tobytes()
    yield (
        "floats",
        "whole numbers",
        b"\x00\x01" + struct.pack("<2i3x", round(lon * 1e7), round(lat * 1e7)),
    )
    semicircles = np.array([lat, lon]) * 2**31 / 180
    yield "semicircles", "bytes", b"\x0e\x10.FIT\x00" + semicircles.round().astype("<i4").tobytes() + b"\x02"
    yield "vector tiles", "PMTiles", pmtiles(one)
    yield "vector tiles", "MBTiles", mbtiles(one)
    epoch = calendar.timegm((datetime.fromisoformat(TIME) + timedelta(hours=6)).timetuple())
    yield "time", "64 bits", b"\x00\x01\x02" + struct.pack("<q", epoch * 1000)
    yield "arithmetic", "xor", bytes(byte ^ 0x5A for byte in f"{lon:.6f},{lat:.6f}".encode())


def _zip(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", data)
    return stream.getvalue()


def _tar(data: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        info = tarfile.TarInfo("a")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def _pdf(data: bytes) -> bytes:
    body = zlib.compress(data)
    head = f"%PDF-1.7\n1 0 obj\n<</Length {len(body)}/Filter /FlateDecode>>\nstream\n".encode()
    return head + body + b"\nendstream\nendobj\ntrailer <<>>\n%%EOF\n"


def _column(value: str | bytes) -> bytes:
    return database(("create table a (b)", ()), ("insert into a values (?)", (value,)))


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zip": _zip,
    "tar.gz": _tar,
    "pdf": _pdf,
    "base64 in JSON": lambda data: b'{"d": "' + base64.b64encode(data) + b'"}',
    "base64 of deflated": lambda data: b'{"d": "' + base64.b64encode(zlib.compress(data)) + b'"}',
}
TEXTS: dict[str, Callable[[str], bytes]] = {
    "text": lambda text: f"Some words before. {text}\n".encode(),
    "JSON": lambda text: json.dumps({"name": "x", "value": text}).encode(),
    "CSV": lambda text: b'name,value\nx,"' + text.replace('"', '""').encode() + b'"\ny,\n',
    "page": lambda text: (
        f"<!doctype html><html><body><script>const a = {json.dumps(text)}</script></body></html>".encode()
    ),
    "UTF-16": lambda text: text.encode("utf-16"),
    "SQLite": _column,
    "Windows letters": lambda text: text.encode("cp1252", "replace"),
}


def plants(places: Places, *, every: bool) -> Iterator[Plant]:
    """Plants of all families; each form in a few containers, or in every one."""
    held, packed = list(TEXTS.items()), list(PACKED.items())
    texts = chain.from_iterable(made(places) for made in (degrees, columns, notations, cells, units, words))
    for number, (family, form, text) in enumerate(texts):
        for container, hold in held if every else (held[0], held[1 + number % 6]):
            yield Plant(family, form, container, "a.txt", hold(text))
        for container, pack in packed if every else [packed[number % 8]]:
            yield Plant(family, form, container, "a.bin", pack(text.encode()))
    for number, (family, form, data) in enumerate(chain(blobs(places), letters(places))):
        yield Plant(family, form, "file", "a.bin", data)
        for container, pack in packed if every else (packed[number % 8], packed[(number + 3) % 8]):
            yield Plant(family, form, container, "a.bin", pack(data))
    (column, row), content = vector_tile(places[0])
    yield Plant("vector tiles", "file of a tile", "file", f"tiles/14/{column}/{row}.mvt", content)
    yield Plant("vector tiles", "file of a tile", "gzip", f"tiles/14/{column}/{row}.pbf", gzip.compress(content))
