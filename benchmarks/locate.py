"""Positions along the border: the atlas against geopandas' distance and shapely's place along the line.

Once the locator alone, once all that an import does: municipality, reach, chainage and distance as records. The sides
run in turn on the same positions, so that the ratio means something where the seconds do not.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import geopandas
import numpy as np
import shapely

from atlas.field.place import Placer
from atlas.geojson.collection import read_collection
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.locate import LineLocator
from atlas.project import find_project

BORDER = Path(__file__).resolve().parent.parent / "geodata" / "layers" / "border.geojson"
LEAST_RATIO = 8
MILLION = 1_000_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--positions", type=int, default=20_000, help="how many positions, anywhere around the border")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side; the median counts")
    chosen = parser.parse_args()
    steps = [found["geometry"]["coordinates"] for found in read_collection(BORDER)]
    line = MeasuredLine.of(np.array([steps[0][0], *(position for step in steps for position in step[1:])]))
    low, high = line.positions.min(axis=0) - 0.2, line.positions.max(axis=0) + 0.2
    points = np.random.default_rng(1).uniform(low, high, (chosen.positions, 2))
    placer = Placer.of(find_project(BORDER.parents[2]))
    spent: tuple[list[float], list[float], list[float]] = ([], [], [])
    for _ in range(chosen.runs):
        for side, seconds in zip((_ours, lambda _line, found: placer.places(found), _theirs), spent, strict=True):
            started = time.perf_counter()
            side(line, points)
            seconds.append(time.perf_counter() - started)
    ours, placing, theirs = (statistics.median(seconds) for seconds in spent)
    print(f"{chosen.positions:,} positions: {ours:.2f} s, geopandas and shapely {theirs:.2f} s")
    print(
        f"ratio {theirs / ours:.1f} (at least {LEAST_RATIO}); a million in about {ours * MILLION / len(points):.0f} s"
    )
    print(f"with municipalities, as records: {placing:.2f} s, ratio {theirs / placing:.1f} (at least {LEAST_RATIO})")


def _ours(line: MeasuredLine, points: np.ndarray) -> None:
    LineLocator.of(line).locate(points)


def _theirs(line: MeasuredLine, points: np.ndarray) -> None:
    whole = shapely.linestrings(line.positions)
    series = geopandas.GeoSeries(shapely.points(points))
    series.distance(whole)
    shapely.line_locate_point(whole, series.to_numpy())


if __name__ == "__main__":
    main()
