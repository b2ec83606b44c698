"""Positions of a border elsewhere on Earth are looked for in its hemisphere, its zones and its cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import h3
import numpy as np
import pyproj
import pytest

from atlas.border_project import shipped_border
from atlas.border_project.expected_region import region_of
from atlas.disclosure.candidates import PublicPairs
from atlas.disclosure.limits import Limits
from atlas.disclosure.scan import Scan
from atlas.disclosure.search import Search
from atlas.disclosure.secrets import secrets_of

RHINE = (7.6123741, 48.5712638)
PLATA = (-57.6837415, -34.0712638)
LIMPOPO = (29.9837415, -22.2712638)
Rules = Callable[[str], set[str]]

ZONES = {RHINE: 32632, PLATA: 32721, LIMPOPO: 32735}


@pytest.fixture(params=[RHINE, PLATA, LIMPOPO], ids=["Rhine", "Plata", "Limpopo"])
def at(request: pytest.FixtureRequest) -> Iterator[tuple[float, float]]:
    lon, lat = request.param
    box = (lon - 3, lat - 3, lon + 3, lat + 3)
    with region_of(replace(shipped_border(), box=box, around=box, projections=())):
        yield lon, lat


@pytest.fixture
def rules_there(at: tuple[float, float], limits: Limits) -> Rules:
    records = [
        {
            "type": "Feature",
            "id": f"{n:08x}-1111-4222-8333-{n * 7919:012x}",
            "geometry": {"type": "Point", "coordinates": [at[0] + n * 0.0137, at[1] + n * 0.0171]},
            "properties": {"category": "informal_crossing", "sensitivity": "generalised"},
        }
        for n in range(8)
    ]
    search = Search(secrets_of(records, limits), limits, PublicPairs.of(np.zeros(0), np.zeros(0)))

    def rules(text: str) -> set[str]:
        run = Scan(limits, search)
        run.data("file", text.encode(), judged=False)
        return {one.rule for one in run.findings.all()}

    return rules


def test_metres_of_its_zone_are_found(at: tuple[float, float], rules_there: Rules) -> None:
    x, y = pyproj.Transformer.from_crs(4326, ZONES[at], always_xy=True).transform(*at)
    assert "secret-position" in rules_there(f"{x:.1f} E, {y:.1f} N")


def test_cells_of_its_hemisphere_are_found(at: tuple[float, float], rules_there: Rules) -> None:
    assert "secret-cell" in rules_there(f"cell {h3.latlng_to_cell(at[1], at[0], 10)}")


def test_degrees_are_found_as_everywhere(at: tuple[float, float], rules_there: Rules) -> None:
    assert "secret-position" in rules_there(f'"coordinates": [{at[0]:.6f}, {at[1]:.6f}]')
