"""Points to places at scale, in processor seconds: the atlas against geopandas and shapely, and three engines.

The sides run in turn on the same points; SedonaDB, DuckDB and dask-geopandas in an environment of their own. What is
not installed is left out and said so.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet
import shapely
from joins import ENGINES

import atlas
from atlas.points.locating import locate_files
from atlas.points.places import BorderPlaces
from atlas.points.tasks import Cluster
from atlas.project import find_project

ROOT = Path(__file__).resolve().parent.parent
MILLION = 1_000_000
MOST_S = 2.5
# two workers against one
GOAL = 1.8
PARTS = 4
# made by `make bench-scale`
PEERS = ROOT / ".cache" / "scale-peers" / "bin" / "python"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=MILLION, help="how many points, anywhere around the border")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side; the median counts")
    parser.add_argument("--peers", type=Path, default=PEERS, help="Python of the engines' own environment")
    parser.add_argument("--alone", action="store_true", help="leave out the two workers")
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
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.parquet"
        pa.parquet.write_table(pa.table({"lon": points[:, 0], "lat": points[:, 1]}), path)
        _by_engines(path, chosen.peers, chosen.runs)
        opened = atlas.open(ROOT)
        spent = _median(lambda: opened.locate(path, f"{folder}/out"), 1)
        print(f"read, located and written: {_each(spent, points):.2f} s a million")
        if not chosen.alone:
            _two_workers(points, Path(folder))


def _by_geopandas(points: np.ndarray[Any, Any], areas: gpd.GeoDataFrame, places: BorderPlaces) -> None:
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*points.T), crs=4326)
    gpd.sjoin(frame, areas, how="left", predicate="intersects")
    line = shapely.linestrings(places.finder.locator.line.positions)
    gpd.GeoSeries(frame.geometry.to_numpy()).distance(line)
    shapely.line_locate_point(line, frame.geometry.to_numpy())


def _by_engines(path: Path, peers: Path, runs: int) -> None:
    """The join out of one file, by code: the atlas, then each engine in an environment of its own."""
    layer = ROOT / "geodata" / "layers" / "municipalities.geojson"
    codes = [one["properties"]["cvegeo"] for one in json.loads(layer.read_text())["features"]]
    finder = BorderPlaces.of(find_project(ROOT)).areas
    counts: dict[str, int] = {}

    def joined() -> None:
        batches = (batch for batch in pa.parquet.ParquetFile(path).iter_batches(131_072, columns=["lon", "lat"]))
        units = [finder.find(np.column_stack([batch["lon"], batch["lat"]])) for batch in batches]
        sums = np.bincount(np.concatenate(units) + 1, minlength=len(codes) + 1)[1:]
        counts.update({code: int(sum_) for code, sum_ in zip(codes, sums, strict=True) if sum_})

    rows = pa.parquet.read_metadata(path).num_rows
    ours = _median(joined, runs)
    print(f"join to {len(codes)} municipalities out of a file: {ours * MILLION / rows:.2f} s a million")
    if not peers.exists():
        print(f"{', '.join(ENGINES)}: left out (no environment {peers}; `make bench-scale` makes it)")
        return
    for engine in ENGINES:
        command = [str(peers), str(ROOT / "benchmarks" / "joins.py"), engine, str(path), str(layer), str(runs)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{engine}: left out ({(done.stderr.strip().splitlines() or ['?'])[-1][:100]})")
            continue
        its = json.loads(done.stdout.splitlines()[-1])
        spent = statistics.median(its["seconds"])
        same = "identical counts" if its["counts"] == counts else "OTHER COUNTS"
        print(
            f"{engine} {its['version']}: {spent * MILLION / rows:.2f} s a million, "
            f"the atlas takes {ours / spent:.2f} of it, {same}"
        )


def _two_workers(points: np.ndarray[Any, Any], folder: Path) -> None:
    """What of a run two workers share, and what they don't: their start, and who hands the tasks out."""
    files = {"rows": np.array_split(points, PARTS), "none": np.array_split(points[: 2 * PARTS], PARTS)}
    spent: dict[str, tuple[float, float]] = {}
    for name, parts in files.items():
        (folder / name).mkdir()
        for number, part in enumerate(parts):
            table = pa.table({"lon": part[:, 0], "lat": part[:, 1]})
            pa.parquet.write_table(table, folder / name / f"{number}.parquet")
    project = find_project(ROOT)
    alone = _median(lambda: locate_files(project, [str(folder / "rows")], f"{folder}/alone"), 1)
    for name in files:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        here = _median(
            lambda name=name: locate_files(
                project, [str(folder / name)], f"{folder}/two-{name}", cluster=Cluster(workers=2)
            ),
            1,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent[name] = here, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    rows = spent["rows"][1] - spent["none"][1]
    start = spent["none"][0] + spent["none"][1] / 2
    print(
        f"two workers: {alone:.2f} s alone, {rows:.2f} s together for the rows, speed-up {2 * alone / rows:.2f} of "
        f"them and {alone / (rows / 2 + start):.2f} with {start:.2f} s for the start, "
        + _most(alone, rows, start, points)
    )


def _most(alone: float, rows: float, start: float, points: np.ndarray[Any, Any]) -> str:
    """From how many rows on the start weighs so little that two workers are 1.8 times as fast as one."""
    gain = alone - GOAL * rows / 2
    if gain <= 0:
        return f"never {GOAL}"
    return f"{GOAL} from {GOAL * start / gain * len(points) / MILLION:.0f} million rows on"


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
