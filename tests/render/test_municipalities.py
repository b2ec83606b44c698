"""The page of the municipalities carries their figures, and sums that can be done again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
import shapely

from atlas.render.build_context import BuildContext
from atlas.render.enlarged import small_areas_window
from atlas.render.pages.municipalities import density, totals


@pytest.fixture(scope="module")
def block(pages: Mapping[str, bytes]) -> Any:
    match = re.search(r'id="atlas-municipalities">(.*?)</script>', pages["municipalities.html"].decode(), re.DOTALL)
    assert match is not None
    return json.loads(match[1])


def test_figures_are_those_of_the_layer(edition: BuildContext, block: Any) -> None:
    rows = [feature["properties"] for feature in edition.features["municipalities"]]
    for name in ("population_2020", "dwellings_2020", "area_km2", "border_km", "border_share"):
        assert block["figures"][name]["values"] == [row[name] for row in rows]
    people = block["figures"]["density"]["values"]
    assert people == [pytest.approx(row["population_2020"] / row["area_km2"], abs=0.005) for row in rows]


def test_sums_by_state_make_up_the_whole(block: Any) -> None:
    *states, whole = block["totals"]
    assert {sums["state"]: sums["count"] for sums in states} == {
        "Campeche": 2,
        "Chiapas": 18,
        "Quintana Roo": 1,
        "Tabasco": 2,
    }
    for name in ("population_2020", "dwellings_2020", "area_km2", "border_km"):
        assert sum(sums[name] for sums in states) == pytest.approx(whole[name])
        assert whole[name] == pytest.approx(sum(block["figures"][name]["values"]))
    assert whole["border_share"] == pytest.approx(1, abs=1e-3)


def test_density_of_a_sum_is_people_by_area_and_no_sum_of_densities() -> None:
    columns: dict[str, list[float | None]] = {
        "population_2020": [100, 300],
        "dwellings_2020": [1, None],
        "area_km2": [10, 10],
        "border_km": [1, 1],
        "border_share": [0.5, 0.5],
    }
    assert totals(["A", "A"], columns)[-1]["density"] == 20
    assert totals(["A", "A"], columns)[-1]["dwellings_2020"] is None


@pytest.mark.parametrize(("people", "area"), [(None, 5.0), (5, None), (5, 0.0)])
def test_density_without_people_or_area_is_unknown(people: float | None, area: float | None) -> None:
    assert density(people, area) is None


def test_inset_holds_the_small_municipalities_of_the_soconusco(edition: BuildContext, block: Any) -> None:
    west, south, east, north = block["inset"]
    window = shapely.box(west, south, east, north)
    inside = {
        feature["properties"]["name"]
        for feature, shape in zip(edition.features["municipalities"], edition.shapes["municipalities"], strict=True)
        if shapely.within(shape, window)
    }
    assert inside == {"Cacahoatán", "Unión Juárez", "Tuxtla Chico", "Metapa", "Frontera Hidalgo", "Suchiate"}


def test_areas_of_one_size_need_no_inset() -> None:
    alike = [shapely.box(x, 0, x + 1, 1) for x in range(5)]
    assert small_areas_window(alike, [12_000.0] * 5) is None
    assert small_areas_window([None, *alike], [None, *[12_000.0] * 5]) is None
    assert small_areas_window([], []) is None
    # two small ones are none yet
    assert small_areas_window([*alike, shapely.box(9, 9, 9.1, 9.1)], [12_000.0] * 5 + [120.0]) is None
