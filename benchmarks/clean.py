"""Ratio of `atlas clean` to `mapshaper -clean` on the 944 municipalities of six southern states, and what each leaves.

Both read and write the same GeoJSON at six decimals, in turn, in one session on one machine.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas
import numpy as np
import shapely

from atlas.geometry.geodesy import ellipsoid
from atlas.sources import SOUTHERN_STATES
from atlas.sources.outlines import read_outlines
from atlas.sources.source_records import packaged_files, pinned

ROOT = Path(__file__).resolve().parent.parent
STATES = tuple(state for state in SOUTHERN_STATES if state != "31")
JUDGES = ROOT / "web" / "judges"
LIMIT = 2.0
# metres in a degree at the middle of the region
SCALE = np.array([np.cos(np.radians(17.5)), 1.0]) * 111_320


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each side; the median counts")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="atlas-bench-") as name:
        folder = Path(name)
        source = folder / "municipalities.geojson"
        count = write_municipalities(source)
        print(f"{count} municipalities, {source.stat().st_size / 1e6:.1f} MB")
        commands = _commands(source, folder)
        spent: dict[str, list[tuple[float, float]]] = {title: [] for title in commands}
        for _ in range(runs):
            for title, (command, out) in commands.items():
                # GDAL writes over nothing
                out.unlink(missing_ok=True)
                spent[title].append(_timed(command))
        medians = {
            title: [statistics.median(column) for column in zip(*pairs, strict=True)] for title, pairs in spent.items()
        }
        for title, (_, out) in commands.items():
            wall, cpu = medians[title]
            print(f"{title:<22} {wall:6.2f} s ({cpu:.2f} s of processor)   {_left(source, out)}")
        if "mapshaper -clean" in commands:
            wall, cpu = (a / b for a, b in zip(medians["atlas clean"], medians["mapshaper -clean"], strict=True))
            what = f"at most {LIMIT}; median of {runs}; {cpu:.2f} of processor time"
            print(f"atlas clean to mapshaper -clean: ratio {wall:.2f} ({what})")
        else:
            print("mapshaper -clean: not measured, there is no mapshaper (it needs npm)")


def _timed(command: list[str]) -> tuple[float, float]:
    """Seconds that a command takes on the clock, and of the processor."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def write_municipalities(path: Path) -> int:
    """Write the municipalities as GDAL does without being asked for anything; gives how many there are."""
    record = pinned("inegi_municipalities")
    outlines = read_outlines(packaged_files(record)[0], None, digits=5, states=STATES)
    columns = {"cvegeo": outlines.codes, "name": outlines.names}
    geopandas.GeoDataFrame(columns, geometry=outlines.areas, crs=4326).to_file(path, driver="GeoJSON")
    return len(outlines.codes)


def _commands(source: Path, folder: Path) -> dict[str, tuple[list[str], Path]]:
    ours, theirs, gdal = (folder / f"{name}.geojson" for name in ("atlas", "mapshaper", "gdal"))
    found = {"atlas clean": ([sys.executable, "-m", "atlas.cli", "clean", str(source), "-o", str(ours)], ours)}
    if program := _mapshaper():
        command = [program, str(source), "-clean", "-o", str(theirs), "precision=0.000001"]
        found["mapshaper -clean"] = command, theirs
    if program := shutil.which("ogr2ogr"):
        command = [program, "-makevalid", "-lco", "COORDINATE_PRECISION=6", str(gdal), str(source)]
        found["ogr2ogr -makevalid"] = command, gdal
    return found


def _mapshaper() -> str | None:
    """The program that the tests have from npm as well, at the version of its lock file."""
    program = os.environ.get("MAPSHAPER") or str(JUDGES / "node_modules" / ".bin" / "mapshaper")
    if not shutil.which(program) and (npm := shutil.which("npm")):
        subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=JUDGES, check=False)
    return shutil.which(program)


def _left(source: Path, out: Path) -> str:
    """Faults of the coverage that a program wrote, and how far its edges are from where they were."""
    before, after = _areas(source), _areas(out)
    shapes = np.array(list(after.values()), dtype=object)
    invalid = int((~shapely.is_valid(shapes)).sum())
    wrong = int((~shapely.is_empty(shapely.coverage_invalid_edges(shapes))).sum())
    union = shapely.union_all(shapes) if wrong else shapely.coverage_union_all(shapes)
    rings = [ring for part in shapely.get_parts(union).tolist() for ring in part.interiors]
    gaps = sum(_square_m(shapely.Polygon(ring)) for ring in rings)
    overlaps = max(0.0, sum(map(_square_m, shapes.tolist())) - _square_m(union))
    moved = max(_apart_m(before[name], shape) for name, shape in after.items())
    return (
        f"{invalid} invalid areas, {wrong} with wrong edges, {len(rings)} gaps of {gaps:,.1f} m², "
        f"overlaps of {overlaps:,.1f} m², edges at most {moved:.3f} m away"
    )


def _areas(path: Path) -> dict[str, shapely.Geometry]:
    features = json.loads(path.read_bytes())["features"]
    return {one["properties"]["cvegeo"]: shapely.geometry.shape(one["geometry"]) for one in features}


def _square_m(area: shapely.Geometry) -> float:
    return abs(ellipsoid().geometry_area_perimeter(shapely.orient_polygons(area))[0])


def _apart_m(before: shapely.Geometry, after: shapely.Geometry) -> float:
    """The farthest that a position of one outline is from the other outline, either way.

    Of positions that are the same at six decimals only how far rounding took them is looked at.
    """
    return max(_farthest(before, after), _farthest(after, before))


def _farthest(here: shapely.Geometry, there: shapely.Geometry) -> float:
    own, other = (shapely.get_coordinates(shape) for shape in (here, there))
    near, known = np.round(own, 6) + 0.0, set(map(bytes, np.round(other, 6) + 0.0))
    only = np.array([bytes(place) not in known for place in near])
    rounding = float(np.hypot(*((own - near) * SCALE).T).max())
    if not only.any():
        return rounding
    line = shapely.boundary(shapely.transform(there, lambda xy: xy * SCALE))
    shapely.prepare(line)
    return max(rounding, float(shapely.distance(shapely.points(own[only] * SCALE), line).max()))


if __name__ == "__main__":
    main()
