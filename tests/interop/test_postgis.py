"""PostGIS: the GeoPackage loaded by ogr2ogr into a database of our own, judged there, and taken out again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import psycopg.sql
import pytest
import shapely
from shapely.geometry import shape

from atlas.api import Atlas
from atlas.export import Exported
from atlas.published import open_published_layers

Run = Callable[..., str]
Connection = psycopg.Connection[Any]
EXACT = ["-lco", "COORDINATE_PRECISION=15", "-lco", "SIGNIFICANT_FIGURES=17"]
# ST_CoverageInvalidEdges came with PostGIS 3.4
COVERAGE_SINCE = (3, 4)
PARTS = ("", "_points", "_lines", "_areas", "_unplaced")


@pytest.fixture(scope="module")
def loaded(
    run: Run, ogr2ogr: str, postgres_url: str, in_degrees: Exported, in_metres: Exported
) -> Iterator[Connection]:
    """Every table of both GeoPackages in the database, in the schemas `degrees` and `metres`."""
    with closing(psycopg.connect(postgres_url, autocommit=True)) as connection:
        for schema, exported in (("degrees", in_degrees), ("metres", in_metres)):
            connection.execute(f"CREATE SCHEMA {schema}")
            options = ["-lco", f"SCHEMA={schema}", "-lco", "LAUNDER=NO", "-lco", "GEOMETRY_NAME=geom"]
            run(ogr2ogr, "-f", "PostgreSQL", postgres_url, exported.folder / "atlas.gpkg", *options, quiet=False)
        yield connection


def _tables(connection: Connection, schema: str) -> list[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", (schema,))
    return [name for (name,) in rows if name != "layer_styles"]


def _shapes(connection: Connection) -> list[tuple[str, str, int, str]]:
    rows = connection.execute(
        "SELECT f_table_schema, f_table_name, srid, type FROM geometry_columns "
        "WHERE f_table_schema IN ('degrees', 'metres')"
    )
    return rows.fetchall()


def test_every_row_arrives(loaded: Connection, published: dict[str, list[Any]]) -> None:
    for schema in ("degrees", "metres"):
        counts = {
            table: loaded.execute(f'SELECT count(*), count(DISTINCT id) FROM {schema}."{table}"').fetchone()  # noqa: S608 - ours
            for table in _tables(loaded, schema)
        }
        for layer, features in published.items():
            sizes = [counts[layer + part] for part in PARTS if layer + part in counts]
            assert sum(rows for rows, _ in sizes if rows) == sum(ids for _, ids in sizes if ids) == len(features), layer


def test_every_table_of_shapes_has_its_system_and_one_kind(loaded: Connection) -> None:
    shapes = _shapes(loaded)
    assert {schema: srid for schema, _, srid, _ in shapes} == {"degrees": 4326, "metres": 6372}
    assert all(kind != "GEOMETRY" for *_, kind in shapes)
    assert len(shapes) == len({(schema, table) for schema, table, *_ in shapes}) > 20


def test_every_shape_is_valid(loaded: Connection) -> None:
    faults = [
        (schema, table, feature_id, reason)
        for schema, table, *_ in _shapes(loaded)
        for feature_id, reason in loaded.execute(
            f'SELECT id, ST_IsValidReason(geom) FROM {schema}."{table}" WHERE NOT ST_IsValid(geom)'  # noqa: S608 - ours
        )
    ]
    assert faults == []


def test_neighbouring_municipalities_share_their_edges(loaded: Connection) -> None:
    version = loaded.execute("SELECT postgis_lib_version()").fetchone()
    assert version
    if tuple(int(part) for part in version[0].split(".")[:2]) >= COVERAGE_SINCE:
        wrong = "SELECT count(e) FROM (SELECT ST_CoverageInvalidEdges(geom) OVER () e FROM degrees.municipalities) x"
        assert loaded.execute(wrong).fetchone() == (0,)
    loaded.execute(
        "CREATE TEMP TABLE pairs AS SELECT a.geom ga, b.geom gb, ST_Intersection(a.geom, b.geom) shared "
        "FROM degrees.municipalities a JOIN degrees.municipalities b ON a.id < b.id AND ST_Intersects(a.geom, b.geom)"
    )
    # no common area, and what is common begins, turns and ends only at positions of both
    pairs = loaded.execute("SELECT count(*), sum(ST_Area(shared)) FROM pairs").fetchone()
    assert pairs
    assert pairs[0] > 20
    assert pairs[1] == 0
    assert loaded.execute("SELECT count(*) FROM pairs WHERE NOT ST_Relate(ga, gb, 'F********')").fetchone() == (0,)
    corners = "SELECT ST_Points(shared) p, ST_Points(ga) pa, ST_Points(gb) pb FROM pairs"
    lone = "ST_IsEmpty(ST_Difference(p, pa)) AND ST_IsEmpty(ST_Difference(p, pb))"
    assert loaded.execute(f"SELECT count(*) FROM ({corners}) x WHERE NOT ({lone})").fetchone() == (0,)  # noqa: S608 - ours


@pytest.mark.parametrize("table", ["municipalities", "border", "checkpoints_lines", "crossings_reported"])
def test_out_again_nothing_is_lost(  # noqa: PLR0913, PLR0917 - fixtures
    run: Run,
    ogr2ogr: str,
    loaded: Connection,
    postgres_url: str,
    published: dict[str, list[Any]],
    tmp_path: Path,
    table: str,
) -> None:
    out = tmp_path / "back.geojson"
    run(ogr2ogr, "-f", "GeoJSON", *EXACT, out, postgres_url, f"degrees.{table}", quiet=False)
    back = {feature["properties"]["id"]: feature for feature in json.loads(out.read_text(encoding="utf-8"))["features"]}
    features = {feature["id"]: feature for name in published for feature in published[name] if feature["id"] in back}
    assert set(features) == set(back)
    assert loaded.execute(f'SELECT count(*) FROM degrees."{table}"').fetchone() == (len(back),)  # noqa: S608 - ours
    for feature_id, feature in back.items():
        for name, value in features[feature_id]["properties"].items():
            given = feature["properties"][name]
            assert (json.loads(given) if isinstance(value, list) and isinstance(given, str) else given) == value
        ours, theirs = (shapely.get_coordinates(shape(f["geometry"])) for f in (features[feature_id], feature))
        assert (ours == theirs).all()


def test_metres_there_and_degrees_here_are_the_same_places(loaded: Connection) -> None:
    # PostGIS has a PROJ of its own; both round to the millimetre
    far = loaded.execute(
        "SELECT max(ST_HausdorffDistance(ST_Transform(d.geom, 6372), m.geom)) "
        "FROM degrees.municipalities d JOIN metres.municipalities m USING (id)"
    ).fetchone()
    assert far
    assert far[0] < 0.002


def test_the_script_beside_an_export_loads_every_table(
    run: Run, program: Callable[[str, str], str], postgres_url: str, atlas: Atlas, tmp_path: Path
) -> None:
    made = atlas.export(tmp_path, formats=["postgis", "gpkg"])
    psql = program("psql", "postgresql-client")
    for _ in range(2):
        run(
            psql, "-q", "-v", "ON_ERROR_STOP=1", "-d", postgres_url, "-f", made.folder / "load-postgis.sql", quiet=False
        )
    with closing(psycopg.connect(postgres_url)) as connection:
        for layer, features in _by_layer(atlas).items():
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'border_atlas' AND tablename ~ %s",
                [f"^{layer}(_points|_lines|_areas|_unplaced)?$"],
            ).fetchall()
            names = [psycopg.sql.Identifier("border_atlas", name) for (name,) in tables]
            counts = [
                connection.execute(psycopg.sql.SQL("SELECT count(*) FROM {}").format(name)).fetchone() for name in names
            ]
            assert sum(count[0] for count in counts if count) == features


def _by_layer(atlas: Atlas) -> dict[str, int]:
    release = open_published_layers(atlas.project)
    return {name: len(release.features(name)) for name in atlas.layers}
