"""Real files of every format, each damaged in one way at random."""

from __future__ import annotations

import io
import random
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

from atlas.geojson.document import read_document_file
from atlas.vector.output_format import encode, format_of
from tests.vector.odd_files import ESRI, GML, TOPOLOGY, areas, points, shapefile, written, zipped
from tests.vector.test_positions_of_xml import GPX

_BYTES = b'\x00\xff\x7f\x80"<,\n09'
_RECORD = '<wpt lat="15.5" lon="-92.1"><name>a</name></wpt>'
ENDINGS = (".gpkg", ".fgb", ".kml", ".kmz", ".gml", ".json", ".csv", ".xlsx", ".parquet", ".zip", ".shp", ".dbf", "")
_CODE_PAGES = (b"", b"UTF-16", b"nonsense", b"437", b"\xff\xfe", b"65001" * 1000, b"SJIS")


def real_files(folder: Path) -> list[Path]:
    """A small file of each format."""
    folder.mkdir()
    areas().to_file(folder / "areas.gpkg", layer="mun")
    points().to_file(folder / "points.fgb", driver="FlatGeobuf")
    areas().to_file(folder / "areas.geojsonl", driver="GeoJSONSeq")
    areas().to_parquet(folder / "areas.parquet")
    areas().to_file(folder / "areas.geojson", driver="GeoJSON")
    shapefile(folder / "parts", frame=areas().drop(columns="hogares"))
    zipped(folder / "areas.zip", folder / "parts")
    points().drop(columns="hogares").to_file(folder / "points.gdb", driver="OpenFileGDB")
    zipped(folder / "points-gdb.zip", folder / "points.gdb", within="points.gdb/")
    features = read_document_file(folder / "areas.geojson", remedy="").value["features"]
    for name in ("areas.kml", "areas.xlsx", "areas.csv"):
        (folder / name).write_bytes(encode(features, format_of(Path(name)), "areas").data)
    with zipfile.ZipFile(folder / "areas.kmz", "w") as archive:
        archive.write(folder / "areas.kml", "doc.kml")
    written(folder / "one.gml", GML.format(srs="urn:ogc:def:crs:EPSG::4326", pos="15.5 -92.1"))
    written(folder / "one.gpx", GPX.format(_RECORD))
    written(folder / "areas.topojson", TOPOLOGY)
    written(folder / "esri.json", ESRI)
    return sorted(path for path in folder.iterdir() if path.is_file())


def damaged(path: Path, target: Path, seed: int) -> Path:
    """A damaged copy in a folder."""
    chance, data = random.Random(seed), path.read_bytes()  # noqa: S311 - no secret
    name = path.name
    if zipfile.is_zipfile(path) and chance.random() < 0.7:
        data = _other_members(chance, data)
    elif chance.random() < 0.1:
        name = path.stem + chance.choice(ENDINGS)
    else:
        data = chance.choice(_DAMAGES)(chance, data)
    (target / name).write_bytes(data)
    return target / name


def _cut_off(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data))]


def _bits(chance: random.Random, data: bytes) -> bytes:
    held = bytearray(data)
    for _ in range(chance.choice([1, 3, 10, 50])):
        held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
    return bytes(held)


def _head(chance: random.Random, data: bytes) -> bytes:
    held = bytearray(data)
    for _ in range(chance.choice([1, 2, 4])):
        held[chance.randrange(min(len(held), 160))] = chance.choice(_BYTES)
    return bytes(held)


def _words(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(max(1, len(data) - 4))
    return data[:at] + chance.choice([b"\0" * 4, b"\xff" * 4, b"\xff\xff\xff\x7f", b"\x40\x42\x0f\0"]) + data[at + 4 :]


def _digits(chance: random.Random, data: bytes) -> bytes:
    held = bytearray(data)
    places = [at for at, byte in enumerate(data) if chr(byte).isdigit()] or [0]
    for _ in range(chance.choice([1, 4, 20])):
        held[chance.choice(places)] = chance.choice(b"0123456789eE-+., x")
    return bytes(held)


def _swapped(chance: random.Random, data: bytes) -> bytes:
    a, b, c = sorted(chance.randrange(len(data)) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def _twice(chance: random.Random, data: bytes) -> bytes:
    a, b = sorted(chance.randrange(len(data)) for _ in range(2))
    return data[:b] + data[a:]


def _without(chance: random.Random, data: bytes) -> bytes:
    a, b = sorted(chance.randrange(len(data)) for _ in range(2))
    return data[:a] + data[b:]


_DAMAGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _cut_off, _bits, _head, _words, _digits, _swapped, _twice, _without
)  # fmt: skip


def _other_members(chance: random.Random, data: bytes) -> bytes:
    """A zip whose one member is missing, empty, damaged, there twice, or called otherwise."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, warnings.catch_warnings(), zipfile.ZipFile(out, "w") as after:
        # a name that stands twice
        warnings.simplefilter("ignore")
        names = before.namelist()
        picked, how = chance.choice(names), chance.randrange(5)
        for name in names:
            content = before.read(name)
            if name != picked:
                after.writestr(name, content)
                continue
            stem = name.rsplit(".", 1)[0]
            others = (name.upper(), f"../{name}", f"/{name}", f"{stem}.txt", f"a/b/{name}", f"ñ{name}", names[0])
            if how == 1:
                after.writestr(name, b"")
            elif how == 2:
                after.writestr(chance.choice(others), content)
            elif how >= 3:
                worse = (
                    chance.choice(_CODE_PAGES) if name.endswith(".cpg") else chance.choice(_DAMAGES)(chance, content)
                )
                after.writestr(name, worse)
    return out.getvalue()
