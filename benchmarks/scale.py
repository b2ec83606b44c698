"""Points to places at scale, in processor seconds: the atlas against geopandas and shapely, DuckDB and SedonaDB.

The sides run in turn on the same points. What is not installed is left out and said so.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

import atlas
from atlas.points.places import BorderPlaces
from atlas.project import find_project

ROOT = Path(__file__).resolve().parent.parent
MILLION = 1_000_000
MOST_S = 2.5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=MILLION, help="how many points, anywhere around the border")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side; the median counts")
    chosen = parser.parse_args()
    project = find_project(ROOT)
    points = np.random.default_rng(1).uniform((-92.7, 14.3), (-87.9, 18.8), (chosen.points, 2))
    places = BorderPlaces.of(project)
    # numba compiles before the clock runs
    places.columns(points[:100])
    areas = gpd.read_file(project.layers_dir / "municipalities.geojson")[["cvegeo", "geometry"]]
    ours = _median(lambda: places.columns(points), chosen.runs)
    print(f"{chosen.points:,} points, all columns: {_each(ours, points):.2f} s a million (at most {MOST_S})")
    # geopandas and shapely are too slow for all of the points
    few = points[: max(1, len(points) // 100)]
    slow = _median(lambda: _by_geopandas(few, areas, places), 1)
    print(
        f"geopandas and shapely: {_each(slow, few):.1f} s a million, ratio {_each(slow, few) / _each(ours, points):.0f}"
    )
    join = _median(lambda: places.areas.find(points), chosen.runs)
    print(f"join to {len(areas)} municipalities: {_each(join, points):.2f} s a million")
    for name, side in (("DuckDB", _by_duckdb), ("SedonaDB", _by_sedonadb)):
        try:
            counts = []
            other = _median(lambda side=side, counts=counts: counts.append(side(points, areas)), 1)
        except Exception as error:  # noqa: BLE001 - whatever another program raises
            print(f"{name}: left out ({type(error).__name__}: {' '.join(str(error).split())[:100]})")
            continue
        same = "identical counts" if counts[0] == int((places.areas.find(points) >= 0).sum()) else f"{counts[0]} joined"
        print(f"{name}: {_each(other, points):.2f} s a million, ratio {other / join:.1f}, {same}")
    _whole_command(project.geodata.parent, points)


def _whole_command(root: Path, points: np.ndarray[Any, Any]) -> None:
    import pandas as pd  # noqa: PLC0415 - only for the file

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.parquet"
        pd.DataFrame(points, columns=["lon", "lat"]).to_parquet(path)
        opened = atlas.open(root)
        spent = _median(lambda: opened.locate(path, f"{folder}/out"), 1)
        print(f"read, located and written: {_each(spent, points):.2f} s a million")


def _by_geopandas(points: np.ndarray[Any, Any], areas: gpd.GeoDataFrame, places: BorderPlaces) -> None:
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*points.T), crs=4326)
    gpd.sjoin(frame, areas, how="left", predicate="intersects")
    line = shapely.linestrings(places.finder.locator.line.positions)
    gpd.GeoSeries(frame.geometry.to_numpy()).distance(line)
    shapely.line_locate_point(line, frame.geometry.to_numpy())


def _by_duckdb(points: np.ndarray[Any, Any], areas: gpd.GeoDataFrame) -> int:
    import duckdb  # noqa: PLC0415 - may be missing
    import pandas as pd  # noqa: PLC0415 - as above

    base = duckdb.connect()
    base.execute("LOAD spatial")
    base.register("p", pd.DataFrame(points, columns=["lon", "lat"]))
    base.register("a", pd.DataFrame({"cvegeo": areas["cvegeo"], "wkb": areas.geometry.to_wkb()}))
    query = "SELECT count(*) FROM p JOIN (SELECT ST_GeomFromWKB(wkb) g FROM a) ON ST_Intersects(g, ST_Point(lon, lat))"
    return int(base.execute(query).fetchone()[0])


def _by_sedonadb(points: np.ndarray[Any, Any], areas: gpd.GeoDataFrame) -> int:
    import sedonadb  # noqa: PLC0415 - may be missing

    base = sedonadb.connect()
    base.create_data_frame(gpd.GeoDataFrame(geometry=gpd.points_from_xy(*points.T), crs=4326)).to_view("p")
    base.create_data_frame(areas).to_view("a")
    query = "SELECT count(*) FROM p JOIN a ON ST_Intersects(a.geometry, p.geometry)"
    return int(base.sql(query).to_pandas().iloc[0, 0])


def _median(side: Callable[[], object], runs: int) -> float:
    spent = []
    for _ in range(runs):
        started = time.process_time()
        side()
        spent.append(time.process_time() - started)
    return statistics.median(spent)


def _each(seconds: float, points: np.ndarray[Any, Any]) -> float:
    return seconds * MILLION / len(points)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
