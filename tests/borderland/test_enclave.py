"""A border around an enclave as a whole project: a closed line, from outlines to pages."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from atlas.geojson.shapely_geometries import placed_shape
from tests.borderland.made_up import write

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.slow(60)
def test_a_ring_is_built_verified_and_has_boxes_on_both_banks(command_line: Command, tmp_path: Path) -> None:
    middle = shapely.Point(20.5, -29.5)
    halves = [shapely.box(20, -30, 20.5, -29), shapely.box(20.5, -30, 21, -29)]
    around = [shapely.box(19, -31, 20.5, -28), shapely.box(20.5, -31, 22, -28)]
    inner = [shapely.intersection(middle.buffer(0.4, quad_segs=16), half) for half in halves]
    outer = [shapely.difference(half, middle.buffer(0.4003)) for half in around]
    here = write(tmp_path / "in.geojson", inner, [{"code": f"0{n}", "name": f"Ñandú {n}"} for n in (0, 1)])
    there = write(tmp_path / "out.geojson", outer, [{"code": f"X{n}", "name": f"Out {n}"} for n in (0, 1)])
    folder, sides = tmp_path / "ring", ("--side", "INN=Inner", "--side", "OUT=Outer")
    steps: list[tuple[Any, ...]] = [
        ("new", folder, "--here", here, "--neighbour", there, "--title", "The ring", *sides),
        *(("--project", folder, name) for name in ("refresh", "build", "boxes", "verify")),
        ("--project", folder, "figure", "border", "-o", tmp_path / "border.png", "--dpi", "80"),
    ]
    for step in steps:
        done = command_line(*step)
        assert done.returncode == 0, done.stdout + done.stderr
        if step[-1] == "verify":
            assert done.stdout.splitlines()[-1].startswith("No difference in")
    features = json.loads((folder / "geodata/layers/border.geojson").read_bytes())["features"]
    line = shapely.line_merge(shapely.union_all([placed_shape(one["geometry"]) for one in features]))
    assert line.is_ring
    # a circle of 0.4° at this latitude, as an ellipse of 38.8 and 44.3 km
    assert sum(one["properties"]["length_km"] for one in features) == pytest.approx(261.6, abs=1.5)
    # the zero of the code stays
    units = json.loads((folder / "geodata/layers/municipalities.geojson").read_bytes())["features"]
    assert [unit["properties"]["cvegeo"] for unit in units] == ["00", "01"]
    assert json.loads((folder / "geodata/boxes.json").read_bytes())["both_banks"] is True
    cover = (folder / "maps/index.html").read_text(encoding="utf-8")
    people = dict(re.findall(r'data-t="index.facts.people.(\w+)">[^<]*</dt><dd><data value="(\d+)"', cover))
    assert set(people) == {"INN", "OUT"}
    assert min(map(int, people.values())) >= 0
