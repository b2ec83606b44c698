"""Files of every format as strangers make them, small and each with one oddity."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
from shapely.geometry import Point, Polygon

NAMES = ["Río Hondo", "Peñasco", "Ángel"]


def areas() -> Any:
    """Three neighbours with codes, accents, gaps among whole numbers and dates."""
    shapes = [Polygon([(x, 15), (x + 1, 15), (x + 1, 16), (x, 16)]) for x in (-92, -91, -90)]
    columns = {
        "cvegeo": ["07001", "07002", "07003"],
        "nombre": NAMES,
        "hogares": [1, 2, 3],
        "fecha": ["2024-05-31", "2024-06-01", None],
    }
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def points() -> Any:
    frame = areas()
    return frame.set_geometry([Point(x, 15.5) for x in (-91.5, -90.5, -89.5)], crs="EPSG:4326")


def shapefile(folder: Path, *, encoding: str = "utf-8", stated: str | None = None, frame: Any = None) -> Path:
    """A shapefile whose ``.cpg`` says another encoding than its texts have, or that has none (``stated=""``)."""
    folder.mkdir(parents=True, exist_ok=True)
    (areas() if frame is None else frame).to_file(folder / "mun.shp", encoding=encoding)
    table = folder / "mun.dbf"
    if stated is not None:
        (folder / "mun.cpg").unlink()
        data = bytearray(table.read_bytes())
        data[29] = 0
        table.write_bytes(bytes(data))
    if stated:
        (folder / "mun.cpg").write_text(stated)
    return folder / "mun.shp"


def old_table(path: Path, columns: list[tuple[str, bytes, int]], rows: list[list[str]]) -> None:
    """A ``.dbf`` file byte by byte."""
    width = 1 + sum(size for _, _, size in columns)
    head = 33 + 32 * len(columns)
    data = b"\x03\x7c\x05\x1f" + struct.pack("<IHH", len(rows), head, width) + b"\0" * 20
    for name, kind, size in columns:
        data += name.encode().ljust(11, b"\0") + kind + b"\0" * 4 + bytes([size, 0]) + b"\0" * 14
    data += b"\r"
    for row in rows:
        cells = [
            cell.encode().rjust(size) if kind == b"N" else cell.encode().ljust(size)
            for cell, (_, kind, size) in zip(row, columns, strict=True)
        ]
        data += b" " + b"".join(cells)
    path.write_bytes(data + b"\x1a")


def zipped(target: Path, folder: Path, rename: Callable[[str], str] = str, within: str = "") -> Path:
    with zipfile.ZipFile(target, "a") as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, within + rename(part.name))
    return target


TOPOLOGY: dict[str, Any] = {
    "type": "Topology",
    "transform": {"scale": [0.001, 0.001], "translate": [-92, 15]},
    "objects": {
        "mun": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "id": "a", "properties": {"name": "Peñasco"}},
                {"type": "Polygon", "arcs": [[-1, 2]], "id": "b", "properties": {"name": "Ángel"}},
                {"type": None, "properties": {"name": "nowhere"}},
                {"type": "Point", "coordinates": [500, 500], "properties": {"name": "town"}},
            ],
        }
    },
    "arcs": [
        [[1000, 0], [0, 1000]],
        [[1000, 1000], [-1000, 0], [0, -1000], [1000, 0]],
        [[1000, 0], [1000, 0], [0, 1000], [-1000, 0]],
    ],
}
ESRI: dict[str, Any] = {
    "objectIdFieldName": "OBJECTID",
    "geometryType": "esriGeometryPolygon",
    "spatialReference": {"wkid": 102100, "latestWkid": 3857},
    "fields": [{"name": "name", "type": "esriFieldTypeString"}, {"name": "day", "type": "esriFieldTypeDate"}],
    "features": [
        {
            "attributes": {"name": "with a hole", "day": 1717113600000},
            "geometry": {
                "rings": [
                    [[0, 0], [0, 9000], [9000, 9000], [9000, 0], [0, 0]],
                    [[3000, 3000], [6000, 3000], [6000, 6000], [3000, 6000], [3000, 3000]],
                ]
            },
        },
        {"attributes": {"name": "nowhere", "day": None}, "geometry": None},
    ],
}
GML = """<?xml version="1.0"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"
  xmlns:a="urn:a">
<wfs:member><a:mun gml:id="m.1"><a:nombre>Peñasco</a:nombre><a:geom>
<gml:Point gml:id="p.1" srsName="{srs}"><gml:pos>{pos}</gml:pos></gml:Point></a:geom></a:mun></wfs:member>
</wfs:FeatureCollection>
"""


def written(path: Path, value: Any) -> Path:
    path.write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path
