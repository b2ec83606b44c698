"""The page of the containment lines: what is measured, beside what is printed, and whose words they are."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyproj
import pytest
import shapely

from atlas.render.build_context import BuildContext

GEOD = pyproj.Geod(ellps="GRS80")


@pytest.fixture(scope="module")
def held(pages: Mapping[str, bytes]) -> Any:
    match = re.search(r'id="atlas-containment">(.*?)</script>', pages["containment.html"].decode(), re.DOTALL)
    assert match is not None
    return json.loads(match[1])


@pytest.fixture(scope="module")
def items(repo: Path) -> dict[str, dict[str, str]]:
    with (repo / "geodata/evidence/containment.csv").open(encoding="utf-8", newline="") as stream:
        return {row["item"]: row for row in csv.DictReader(stream)}


def _settlement(edition: BuildContext, name: str) -> tuple[float, float]:
    matches = [f for f in edition.features["basemap"] if f["properties"].get("name") == name]
    assert len(matches) == 1
    lon, lat = matches[0]["geometry"]["coordinates"]
    return lon, lat


def test_the_isthmus_is_measured_between_its_two_settlements(held: Any, edition: BuildContext) -> None:
    row = next(row for row in held["lengths"] if row["key"] == "isthmus")
    ends = _settlement(edition, "Coatzacoalcos"), _settlement(edition, "Salina Cruz")
    assert row["measured_km"] == pytest.approx(GEOD.inv(*ends[0], *ends[1])[2] / 1000, abs=0.06)
    assert row["published"] == [["isthmus_line_length", 200], ["isthmus_rail_length", 320]]
    # the page says so in words
    assert row["measured_km"] > 200


def test_huixtla_is_measured_to_the_nearest_place_of_the_border(held: Any, edition: BuildContext) -> None:
    row = next(row for row in held["lengths"] if row["key"] == "huixtla")
    lon, lat = _settlement(edition, "Huixtla")
    nearest = min(
        GEOD.inv(lon, lat, *position)[2]
        for shape in edition.shapes["border"]
        for position in shapely.get_coordinates(shapely.segmentize(shape, 0.002)).tolist()
    )
    assert row["measured_km"] == pytest.approx(nearest / 1000, abs=0.15)
    assert row["published"] == [["plan_2011", 70]]


def test_the_slider_spans_the_years_that_the_items_name(held: Any, items: dict[str, dict[str, str]]) -> None:
    years = sorted(int(year) for row in items.values() for year in row["year"].split("/") if year)
    assert held["years"] == [years[0], years[-1]] == [2011, 2024]


def test_an_item_is_cited_by_who_says_it(held: Any, items: dict[str, dict[str, str]]) -> None:
    for item, sources in held["cited"].items():
        assert ";".join(sources) == items[item]["source_ids"]
