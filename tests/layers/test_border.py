"""The committed border and municipalities against computations of their own."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely

GEOD = pyproj.Geod(ellps="GRS80")
Features = list[dict[str, Any]]
Layers = Mapping[str, Features]


def _km(positions: Any) -> float:
    lon, lat = np.asarray(positions).T
    return float(GEOD.line_length(lon, lat)) / 1000


def _km_where(layers: Layers, **wanted: str) -> float:
    held = [(f["properties"], f["geometry"]["coordinates"]) for f in layers["border"]]
    return sum(_km(line) for properties, line in held if all(properties[key] == value for key, value in wanted.items()))


def test_the_line_is_as_long_as_it_should_be(layers: Layers, line: np.ndarray) -> None:
    assert 955 <= _km_where(layers, neighbour="GTM") <= 970
    assert 190 <= _km_where(layers, neighbour="BLZ") <= 200
    assert _km(line) == pytest.approx(_km_where(layers), abs=0.001)


def test_its_parts_with_guatemala_agree_with_the_published_breakdown(layers: Layers) -> None:
    suchiate = _km_where(layers, river_name="Suchiate")
    usumacinta = _km_where(layers, river_name="Salinas (Chixoy), then Usumacinta")
    land = _km_where(layers, neighbour="GTM") - suchiate - usumacinta
    # RTMG's figures, as in border_lengths.csv
    assert suchiate == pytest.approx(81.2, rel=0.03)
    assert usumacinta == pytest.approx(305.5, rel=0.03)
    assert land == pytest.approx(573.2, rel=0.03)


def test_its_features_follow_each_other_in_place_and_in_chainage(layers: Layers) -> None:
    at = 0.0
    for before, after in itertools.pairwise(layers["border"]):
        assert before["geometry"]["coordinates"][-1] == after["geometry"]["coordinates"][0]
        assert before["properties"]["chainage_to_km"] == after["properties"]["chainage_from_km"]
        assert after["properties"]["order"] == before["properties"]["order"] + 1
    for feature in layers["border"]:
        properties = feature["properties"]
        assert properties["chainage_from_km"] == pytest.approx(at, abs=0.001)
        assert properties["length_km"] == pytest.approx(_km(feature["geometry"]["coordinates"]), abs=0.001)
        at += _km(feature["geometry"]["coordinates"])
        assert properties["chainage_to_km"] == pytest.approx(at, abs=0.001)


def test_it_runs_from_the_suchiate_to_the_hondo_and_never_crosses_itself(line: np.ndarray) -> None:
    assert GEOD.inv(*line[0], -92.2268, 14.5321)[2] < 500
    assert GEOD.inv(*line[-1], -88.310, 18.485)[2] < 500
    assert shapely.is_simple(shapely.linestrings(line))


def test_river_names_stand_on_rivers_only(layers: Layers) -> None:
    for feature in layers["border"]:
        properties = feature["properties"]
        assert (properties["river_name"] is not None) == (properties["nature"] == "river"), feature["id"]


def test_treaty_segments_come_in_their_order(layers: Layers) -> None:
    numbers = [feature["properties"]["segment_no"] for feature in layers["border"]]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 11))


def test_the_municipalities_are_23_and_where_they_should_be(layers: Layers) -> None:
    states = Counter(feature["properties"]["state"] for feature in layers["municipalities"])
    assert states == {"Chiapas": 18, "Tabasco": 2, "Campeche": 2, "Quintana Roo": 1}
    assert all(
        feature["properties"]["cvegeo"][:2] == feature["properties"]["state_code"]
        for feature in layers["municipalities"]
    )


def test_they_are_a_coverage_without_gap_or_overlap(outlines: Mapping[str, shapely.Geometry]) -> None:
    areas = list(outlines.values())
    assert shapely.coverage_is_valid(areas, gap_width=1e-4)
    assert shapely.is_valid(areas).all()


@pytest.mark.slow
def test_their_outer_edge_is_the_border_line_to_the_last_digit(
    outlines: Mapping[str, shapely.Geometry], line: np.ndarray
) -> None:
    rings = shapely.get_coordinates(shapely.boundary(shapely.coverage_union_all(list(outlines.values())))).tolist()
    edges = {frozenset(map(tuple, pair)) for pair in itertools.pairwise(rings)}
    assert not [pair for pair in itertools.pairwise(line.tolist()) if frozenset(map(tuple, pair)) not in edges]


def test_border_lengths_and_areas_are_those_of_an_independent_computation(
    layers: Layers, outlines: Mapping[str, shapely.Geometry], line: np.ndarray
) -> None:
    border = shapely.linestrings(line)
    for feature in layers["municipalities"]:
        properties, area = feature["properties"], outlines[feature["properties"]["cvegeo"]]
        shared = shapely.get_parts(shapely.intersection(shapely.boundary(area), border))
        length = sum(_km(part.coords) for part in shared if part.geom_type == "LineString")
        assert properties["border_km"] == pytest.approx(length, abs=0.002), properties["name"]
        assert properties["area_km2"] == pytest.approx(abs(GEOD.geometry_area_perimeter(area)[0]) / 1e6, abs=0.006)
        assert properties["border_share"] == pytest.approx(length / _km(line), abs=1e-5)


def test_border_lengths_add_up_to_the_line(layers: Layers, line: np.ndarray) -> None:
    total = sum(feature["properties"]["border_km"] for feature in layers["municipalities"])
    assert total == pytest.approx(_km(line), rel=1e-3)
    assert total == pytest.approx(_km(line), abs=0.05)


def test_chainage_intervals_cover_the_line_once(layers: Layers, line: np.ndarray) -> None:
    pairs = sorted(pair for f in layers["municipalities"] for pair in f["properties"]["chainage_intervals"])
    assert pairs[0][0] == 0
    assert pairs[-1][1] == pytest.approx(_km(line), abs=0.001)
    assert all(before[1] == after[0] for before, after in itertools.pairwise(pairs))
    for feature in layers["municipalities"]:
        properties = feature["properties"]
        assert properties["border_km"] == pytest.approx(
            sum(b - a for a, b in properties["chainage_intervals"]), abs=0.002
        )


def test_neighbours_across_the_border_are_those_of_the_line(layers: Layers) -> None:
    beside = defaultdict(set)
    for feature in layers["border"]:
        beside[feature["properties"]["municipality_cvegeo"]].add(feature["properties"]["neighbour"])
    for feature in layers["municipalities"]:
        assert set(feature["properties"]["neighbours"]) == beside[feature["properties"]["cvegeo"]]


def test_adjacent_municipalities_share_more_than_a_point(
    layers: Layers, outlines: Mapping[str, shapely.Geometry]
) -> None:
    for feature in layers["municipalities"]:
        code = feature["properties"]["cvegeo"]
        shared = {
            other: shapely.length(shapely.intersection(shapely.boundary(outlines[code]), shapely.boundary(area)))
            for other, area in outlines.items()
            if other != code
        }
        assert feature["properties"]["adjacent_cvegeos"] == sorted(o for o, length in shared.items() if length > 0)


def test_reaches_are_ten_kilometres_each_and_leave_nothing_out(layers: Layers, line: np.ndarray) -> None:
    reaches = layers["border_reaches"]
    assert [feature["id"] for feature in reaches] == [f"R{n:03d}" for n in range(len(reaches))]
    for number, feature in enumerate(reaches):
        properties, length = feature["properties"], _km(feature["geometry"]["coordinates"])
        wanted = 10 if number < len(reaches) - 1 else _km(line) - 10 * number
        # ends are cut at six decimals, which is a tenth of a metre each
        assert length == pytest.approx(wanted, abs=0.001)
        assert properties["chainage_from_km"] == 10 * number
        assert sum(properties["municipality_shares"]) == pytest.approx(1, abs=1e-3)
        assert set(properties["municipality_cvegeos"]) <= {f["properties"]["cvegeo"] for f in layers["municipalities"]}
    for before, after in itertools.pairwise(reaches):
        assert before["geometry"]["coordinates"][-1] == after["geometry"]["coordinates"][0]


def test_shares_of_the_reaches_add_up_to_the_municipalities_lengths(layers: Layers) -> None:
    lengths: dict[str, float] = defaultdict(float)
    for feature in layers["border_reaches"]:
        properties = feature["properties"]
        for code, share in zip(properties["municipality_cvegeos"], properties["municipality_shares"], strict=True):
            lengths[code] += share * properties["length_km"]
    for feature in layers["municipalities"]:
        assert lengths[feature["properties"]["cvegeo"]] == pytest.approx(feature["properties"]["border_km"], abs=0.02)
