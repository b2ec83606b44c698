"""DuckDB, pyarrow and geopandas read the GeoParquet files; their metadata keep the rules of GeoParquet 1.1."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import geopandas
import pyarrow.parquet
import pytest
import shapely
from shapely.geometry import shape

from atlas.export import Exported
from atlas.layers.schema import layer_spec, layer_specs

TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "strings": "VARCHAR[]",
    "numbers": "DOUBLE[]",
    "intervals": "DOUBLE[][]",
}
CORNERS = ("xmin", "ymin", "xmax", "ymax")
GEOMETRIES = {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"}


@pytest.fixture(scope="module")
def duck() -> Any:
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    # keep the shapes as they are stored: without its extension DuckDB has nothing to do with them
    connection.execute("SET enable_geoparquet_conversion = false")
    yield connection
    connection.close()


def _path(exported: Exported, layer: str) -> Path:
    return exported.folder / "parquet" / f"{layer}.parquet"


@pytest.mark.parametrize("layer", layer_specs())
def test_duckdb_reads_every_column_as_what_it_is(
    duck: Any, in_degrees: Exported, published: dict[str, list[Any]], layer: str
) -> None:
    result = duck.execute("SELECT * FROM read_parquet(?)", [str(_path(in_degrees, layer))])
    names = [column[0] for column in result.description]
    types = dict(zip(names, (str(column[1]) for column in result.description), strict=True))
    assert {f.name: TYPES[f.type] for f in layer_spec(layer).fields}.items() <= types.items()
    assert (types["id"], types["geometry"]) == ("VARCHAR", "BLOB")
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    features = {feature["id"]: feature for feature in published[layer]}
    assert sorted(row["id"] for row in rows) == sorted(features)
    for row in rows:
        feature = features[row["id"]]
        assert {name: row[name] for name in feature["properties"]} == feature["properties"]
        place = shapely.from_wkb(row["geometry"])
        assert (place is None) == (feature["geometry"] is None)
        if place is not None:
            assert place.equals(shape(feature["geometry"]))
            assert tuple(row["bbox"][corner] for corner in CORNERS) == place.bounds


def test_duckdb_finds_by_the_box_what_lies_there(
    duck: Any, in_degrees: Exported, published: dict[str, list[Any]]
) -> None:
    west, south, east, north = -92.3, 14.5, -92.0, 15.2
    query = (
        "SELECT id FROM read_parquet(?) WHERE bbox.xmax >= ? AND bbox.xmin <= ? AND bbox.ymax >= ? AND bbox.ymin <= ?"
    )
    path = str(_path(in_degrees, "municipalities"))
    inside = {feature_id for (feature_id,) in duck.execute(query, [path, west, east, south, north]).fetchall()}
    window = shapely.box(west, south, east, north)
    meant = {
        f["id"] for f in published["municipalities"] if shapely.box(*shape(f["geometry"]).bounds).intersects(window)
    }
    assert inside == meant
    assert 3 < len(inside) < 23


@pytest.mark.parametrize("layer", layer_specs())
def test_duckdb_reads_the_geojson(duck: Any, in_degrees: Exported, published: dict[str, list[Any]], layer: str) -> None:
    path = str(in_degrees.folder / "geojson" / f"{layer}.geojson")
    result = duck.execute(
        "SELECT f->>'id', f->'properties', f->'geometry' FROM (SELECT unnest(features) f FROM "
        "read_json(?, format='unstructured', columns={features: 'JSON[]'}, maximum_object_size=100000000))",
        [path],
    ).fetchall()
    features = {feature["id"]: feature for feature in published[layer]}
    assert {feature_id: (json.loads(p), json.loads(g)) for feature_id, p, g in result} == {
        feature_id: (feature["properties"], json.loads(json.dumps(feature["geometry"])))
        for feature_id, feature in features.items()
    }


@pytest.mark.parametrize("crs", ["degrees", "metres"])
@pytest.mark.parametrize("layer", layer_specs())
def test_the_metadata_keep_the_rules_of_geoparquet(request: pytest.FixtureRequest, layer: str, crs: str) -> None:
    file = pyarrow.parquet.ParquetFile(_path(request.getfixturevalue(f"in_{crs}"), layer))
    geo = json.loads(file.schema_arrow.metadata[b"geo"])
    assert re.fullmatch(r"1\.1\.\d+", geo["version"])
    assert set(geo["columns"]) == {geo["primary_column"]}
    column = geo["columns"][geo["primary_column"]]
    shapes = shapely.from_wkb(file.read(columns=[geo["primary_column"]]).column(0).to_pylist())
    placed = shapes[~shapely.is_missing(shapes)]
    assert column["encoding"] == "WKB"
    assert set(column["geometry_types"]) == {shape.geom_type for shape in placed} <= GEOMETRIES
    assert len(set(column["geometry_types"])) == len(column["geometry_types"])
    assert column.get("edges", "planar") in {"planar", "spherical"}
    assert column["bbox"] == list(shapely.total_bounds(placed))
    assert column["orientation"] == "counterclockwise"
    polygons = [part for shape in placed for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    assert all(part.exterior.is_ccw and not any(hole.is_ccw for hole in part.interiors) for part in polygons)
    # no crs says longitude and latitude of WGS 84; otherwise PROJJSON
    assert ("crs" in column) == (crs == "metres")
    if crs == "metres":
        assert column["crs"]["id"] == {"authority": "EPSG", "code": 6372}
        assert column["crs"]["type"] == "ProjectedCRS"
    _covers(file, column["covering"]["bbox"], shapes)


def _covers(file: Any, covering: dict[str, list[str]], shapes: Any) -> None:
    """The covering is a struct at the root, of the four corners as doubles, empty where there is no shape."""
    assert set(covering) == set(CORNERS)
    (name,) = {path[0] for path in covering.values()}
    assert all(path == [name, corner] for corner, path in covering.items())
    struct = file.schema_arrow.field(name).type
    assert [(field.name, str(field.type)) for field in struct] == [(corner, "double") for corner in CORNERS]
    for box, place in zip(file.read(columns=[name]).column(0).to_pylist(), shapes, strict=True):
        assert (box and tuple(box.values())) == (place and place.bounds)


@pytest.mark.parametrize("layer", layer_specs())
def test_geopandas_reads_it_with_its_system(
    in_degrees: Exported, in_metres: Exported, published: dict[str, list[Any]], layer: str
) -> None:
    degrees, metres = (geopandas.read_parquet(_path(made, layer)) for made in (in_degrees, in_metres))
    assert len(degrees) == len(metres) == len(published[layer])
    assert str(degrees.crs) in {"OGC:CRS84", "EPSG:4326"}
    assert metres.crs.to_epsg() == 6372
    within = geopandas.read_parquet(_path(in_degrees, layer), bbox=(-92.3, 14.5, -92.0, 15.2))
    assert set(within["id"]) <= set(degrees["id"])
