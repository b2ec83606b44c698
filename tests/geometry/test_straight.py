from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyproj
import pytest

from atlas.geometry import straight
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.straight import stretches

pytestmark = pytest.mark.slow

GEOD = pyproj.Geod(ellps="GRS80")


def _line(*legs: tuple[str, float], seed: int = 3) -> MeasuredLine:
    """Legs of a kind and a length in km one after the other: winding ones turn at every 300 m."""
    turns = np.random.default_rng(seed)
    positions = [(-91.0, 16.0)]
    for kind, km in legs:
        start = positions[-1]
        if kind == "river":
            count = int(km / 0.3)
            for azimuth in 40 + 60 * np.sign(np.sin(np.arange(count) / 4)) + turns.normal(0, 25, count):
                lon, lat, _ = GEOD.fwd(*positions[-1], azimuth, 300)
                positions.append((lon, lat))
            continue
        azimuth = {"parallel": 90, "meridian": 0, "straight": 45}[kind]
        lon, lat, _ = GEOD.fwd(*start, azimuth, km * 1000)
        end = (lon, start[1]) if kind == "parallel" else (lon, lat)
        # surveyed lines are digitised with some tens of metres of wobble
        steps = np.linspace(0, 1, int(km / 2) + 2)[1:, None]
        wobble = np.vstack([turns.normal(0, 1e-4, (len(steps) - 1, 2)), [[0, 0]]])
        positions += (np.array(start) + (np.array(end) - np.array(start)) * steps + wobble).tolist()
    return MeasuredLine.of(np.array(positions))


def _kinds(line: MeasuredLine) -> Sequence[tuple[str, int]]:
    return [(s.nature, round((line.measures_m[s.end] - line.measures_m[s.start]) / 1000)) for s in stretches(line)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_winding_and_straight_legs_are_told_apart(seed: int) -> None:
    legs = [("river", 60.0), ("parallel", 80.0), ("river", 40.0), ("meridian", 50.0), ("straight", 30.0)]
    kinds = _kinds(_line(*legs, seed=seed))
    assert [kind for kind, _ in kinds] == [kind for kind, _ in legs]
    assert [km for _, km in kinds] == pytest.approx([km for _, km in legs], abs=3)


def test_a_short_straight_reach_of_a_river_is_river() -> None:
    assert [kind for kind, _ in _kinds(_line(("river", 30), ("straight", 8), ("river", 30)))] == ["river"]


def test_two_straight_lines_at_an_angle_are_two() -> None:
    assert [kind for kind, _ in _kinds(_line(("straight", 40), ("meridian", 40), ("parallel", 40)))] == [
        "straight",
        "meridian",
        "parallel",
    ]


def test_a_whole_line_that_is_straight_is_one_stretch() -> None:
    line = _line(("meridian", 100))
    (only,) = stretches(line)
    assert (only.start, only.end, only.nature) == (0, len(line.positions) - 1, "meridian")


def test_the_real_border_runs_as_the_treaties_say(border_line: MeasuredLine, border_features: list[dict]) -> None:
    runs = stretches(border_line)
    treaty = {row["properties"]["segment_no"]: row["properties"]["nature"] for row in border_features}
    assert [stretch.nature for stretch in runs] == list(treaty.values())
    assert [stretch.start for stretch in runs[1:]] == [stretch.end for stretch in runs[:-1]]
    assert (runs[0].start, runs[-1].end) == (0, len(border_line.positions) - 1)


def test_every_straight_stretch_of_the_real_border_is_near_a_straight_line(border_line: MeasuredLine) -> None:
    for stretch in stretches(border_line):
        if stretch.nature != "river":
            ends = border_line.positions[[stretch.start, stretch.end]]
            way = (border_line.measures_m[stretch.end] - border_line.measures_m[stretch.start]) / 1000
            chord = GEOD.inv(*ends[0], *ends[1])[2] / 1000
            assert chord == pytest.approx(way, rel=0.002), stretch


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_start_is_passed_over(seed: int) -> None:
    line = _line(("river", 60), ("parallel", 20), ("river", 30), ("straight", 15), seed=seed)
    best = (0, 1)
    for start in range(len(line.positions) - 1):
        end = int(np.searchsorted(line.measures_m, line.measures_m[start] + straight._km(line, best) * 1000, "right"))
        if end < len(line.positions) and straight._deviation_m(line.positions[start : end + 1]) < 100:
            best = (start, straight._reach(line, start, end, len(line.positions) - 1, 100))
    assert straight._longest(line, 0, len(line.positions) - 1, 100) == best
