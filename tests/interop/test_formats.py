"""Every format that is written, in the hands of ogr2ogr, and every format that ogr2ogr writes, through our door."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from atlas.vector.in_degrees import bring_to_degrees
from atlas.vector.output_format import OUTPUT_FORMATS, encode
from atlas.vector.source import open_source, read_source

Run = Callable[..., str]
FEATURES: list[dict[str, Any]] = [
    {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [[[x, 15], [x + 1, 15], [x + 1, 16], [x, 16], [x, 15]]]},
        "properties": {"cve": f"0700{n}", "nombre": name, "n": n, "x": n + 0.5},
    }
    for n, (x, name) in enumerate([(-92, "Peñasco"), (-91, "Ángel"), (-90, "Río Hondo")])
]
# Debian's GDAL has no Parquet and writes no TopoJSON
READ_BY_GDAL = ("geojson", "geojsons", "geojsonl", "gpkg", "fgb", "shp", "topojson", "kml", "csv", "xlsx")
WRITTEN_BY_GDAL = {
    "GPKG": ".gpkg", "ESRI Shapefile": ".shp", "FlatGeobuf": ".fgb", "GML": ".gml", "KML": ".kml", "LIBKML": ".kmz",
    "MapInfo File": ".tab", "GeoJSONSeq": ".geojsons", "CSV": ".csv", "XLSX": ".xlsx",
}  # fmt: skip


def _areas(features: list[dict[str, Any]]) -> list[tuple[str, list[bytes]]]:
    made = []
    for one in features:
        shape = shapely.normalize(shapely.from_geojson(json.dumps(one["geometry"])))
        parts = sorted(shapely.to_wkb(part) for part in shapely.get_parts(shape))
        made.append((str(one["properties"]["nombre"]), parts))
    return sorted(made)


@pytest.mark.parametrize("form", READ_BY_GDAL)
def test_ogr2ogr_reads_what_is_written(form: str, run: Run, ogr2ogr: str, tmp_path: Path) -> None:
    path = tmp_path / f"capa{OUTPUT_FORMATS[form].ending}"
    path.write_bytes(encode(FEATURES, OUTPUT_FORMATS[form], "capa").data)
    source = f"/vsizip/{path}" if form == "shp" else str(path)
    options = ["-oo", "HEADERS=FORCE"] if form == "xlsx" else []
    sql = (
        ["-dialect", "SQLite", "-sql", "SELECT *, GeomFromText(wkt, 4326) AS geom FROM capa"] if form == "xlsx" else []
    )
    run(ogr2ogr, "-f", "GeoJSON", *options, *sql, tmp_path / "back.json", source)
    back = json.loads((tmp_path / "back.json").read_text(encoding="utf-8"))["features"]
    assert _areas(back) == _areas(FEATURES)
    assert sorted(one["properties"]["cve"] for one in back) == ["07000", "07001", "07002"]


@pytest.mark.parametrize("driver", WRITTEN_BY_GDAL)
def test_what_ogr2ogr_writes_comes_in(driver: str, run: Run, ogr2ogr: str, tmp_path: Path) -> None:
    (tmp_path / "in.geojson").write_bytes(encode(FEATURES, OUTPUT_FORMATS["geojson"], "capa").data)
    out = tmp_path / f"capa{WRITTEN_BY_GDAL[driver]}"
    options = ["-lco", "GEOMETRY=AS_WKT"] if driver == "CSV" else []
    options = ["-lco", "RS=YES"] if driver == "GeoJSONSeq" else options
    columns = ["-dialect", "SQLite", "-sql", 'SELECT *, AsText(geometry) AS wkt FROM "in"'] if driver == "XLSX" else []
    run(ogr2ogr, "-f", driver, *options, *columns, out, tmp_path / "in.geojson")
    with open_source(out) as source:
        if source.form == "GeoJSON":
            from atlas.geojson.document import read_document_file

            features = read_document_file(out, remedy="").value["features"]
        else:
            (layer,) = read_source(source)
            bring_to_degrees(layer)
            features = list(layer.features())
    assert _areas(features) == _areas(FEATURES)
