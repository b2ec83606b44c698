"""A join of points to polygons by one engine, in an environment of its own: counts, and processor seconds of each run.

``python joins.py ENGINE POINTS.parquet AREAS.geojson RUNS`` prints a line of JSON. Points are columns ``lon`` and
``lat``; every engine reads the file, joins and counts by ``cvegeo``, and may use all of its threads.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version

Counts = Mapping[str, int]
COUNTED = """SELECT a.cvegeo, count(*) AS points FROM p JOIN a ON ST_Intersects(a.geometry, {point})
GROUP BY a.cvegeo"""


def by_sedonadb(points: str, areas: str) -> Callable[[], Counts]:
    """SedonaDB, polygons at hand and points out of the file."""
    import geopandas as gpd  # noqa: PLC0415 - each engine needs its own
    import sedonadb  # noqa: PLC0415 - as above

    base = sedonadb.connect()
    base.create_data_frame(gpd.read_file(areas)[["cvegeo", "geometry"]]).to_view("a")

    def joined() -> Counts:
        base.read_parquet(points).to_view("p", overwrite=True)
        return _by_code(base.sql(COUNTED.format(point="ST_SetSRID(ST_Point(p.lon, p.lat), 4326)")).to_pandas())

    return joined


def by_duckdb(points: str, areas: str) -> Callable[[], Counts]:
    """DuckDB with its spatial extension, out of its wheel."""
    import duckdb  # noqa: PLC0415 - as above
    import geopandas as gpd  # noqa: PLC0415 - as above
    import pandas as pd  # noqa: PLC0415 - as above
    from duckdb_extensions import import_extension  # noqa: PLC0415 - as above

    import_extension("spatial")
    base = duckdb.connect()
    base.execute("LOAD spatial")
    frame = gpd.read_file(areas)
    base.register("w", pd.DataFrame({"cvegeo": frame["cvegeo"], "wkb": frame.geometry.to_wkb()}))
    base.execute("CREATE TABLE a AS SELECT cvegeo, ST_GeomFromWKB(wkb) AS geometry FROM w")

    def joined() -> Counts:
        base.register("p", base.read_parquet(points))
        return _by_code(base.execute(COUNTED.format(point="ST_Point(p.lon, p.lat)")).df())

    return joined


def by_dask_geopandas(points: str, areas: str) -> Callable[[], Counts]:
    """dask-geopandas on its threads."""
    import dask.dataframe as dd  # noqa: PLC0415 - as above
    import dask_geopandas  # noqa: PLC0415 - as above
    import geopandas as gpd  # noqa: PLC0415 - as above

    frame = gpd.read_file(areas)[["cvegeo", "geometry"]]

    def joined() -> Counts:
        table = dd.read_parquet(points, columns=["lon", "lat"])
        placed = dask_geopandas.from_dask_dataframe(
            table, geometry=dask_geopandas.points_from_xy(table, "lon", "lat", crs=frame.crs)
        )
        within = placed[["geometry"]].sjoin(frame, predicate="intersects")
        counts = within["cvegeo"].value_counts().compute()
        return {str(code): int(count) for code, count in counts.items()}

    return joined


ENGINES: Mapping[str, tuple[str, Callable[[str, str], Callable[[], Counts]]]] = {
    "SedonaDB": ("sedonadb", by_sedonadb),
    "DuckDB": ("duckdb", by_duckdb),
    "dask-geopandas": ("dask-geopandas", by_dask_geopandas),
}


def main() -> None:
    """Run the engine that the first word names."""
    engine, points, areas, runs = sys.argv[1:]
    package, made = ENGINES[engine]
    joined = made(points, areas)
    spent: list[float] = []
    counts: Counts = {}
    # one run more: what is loaded and planned the first time is no part of the join
    for _ in range(int(runs) + 1):
        started = time.process_time()
        counts = joined()
        spent.append(time.process_time() - started)
    print(json.dumps({"version": version(package), "seconds": spent[1:], "counts": dict(counts)}))


def _by_code(frame: object) -> Counts:
    rows = frame.itertuples(index=False)  # type: ignore[attr-defined]
    return {str(code): int(count) for code, count in rows}


if __name__ == "__main__":
    main()
