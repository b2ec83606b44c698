"""Two uncertainties, of the statement and of the drawing; one rule for positions; and what stands told from plans."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from pyproj import Geod

from atlas.evidence import Evidence
from atlas.layers.crossings import SAME_PLACE_M, at_one_place

Features = list[dict[str, Any]]
Layers = Mapping[str, Features]

GEOD = Geod(ellps="GRS80")
LEAST_M = 1000
# the smallest that something said of a whole, or with "about", may claim
VAGUE = re.compile(r"\b(?:about|around|near|some|whole|several|unas?|cerca)\b", re.IGNORECASE)
OUTLINED = ("border", "offset", "municipalities", "states", "places")


def test_an_outline_says_how_exactly_it_is_drawn_and_how_exactly_its_place_is_known(layers: Layers) -> None:
    outlined = [f["properties"] for f in layers["containment"] if f["properties"]["shape"] in OUTLINED]
    assert len(outlined) == 8
    for properties in outlined:
        assert properties["outline_uncertainty_m"] in {100, 200}, properties["item"]
        assert properties["coordinateUncertaintyInMeters"] >= LEAST_M, properties["item"]
        assert properties["coordinateUncertaintyInMeters"] != properties["outline_uncertainty_m"]
        assert properties["statement"], properties["item"]


@pytest.mark.parametrize("name", ["containment", "facilities", "checkpoints", "crossings_reported"])
def test_nothing_said_of_a_whole_or_with_about_is_finer_than_a_kilometre(layers: Layers, name: str) -> None:
    for feature in layers[name]:
        properties = feature["properties"]
        words = " ".join(
            str(properties.get(key) or "") for key in ("what", "statement", "position_as_printed", "universe")
        )
        whole = properties.get("shape") in OUTLINED or feature["geometry"] is not None
        if whole or VAGUE.search(words):
            metres = properties["coordinateUncertaintyInMeters"]
            assert metres is None or metres >= LEAST_M, (feature["id"], words)


def test_what_is_said_in_miles_is_as_vague_as_it_is_said(layers: Layers) -> None:
    stated = {f["properties"]["item"]: f["properties"]["coordinateUncertaintyInMeters"] for f in layers["containment"]}
    assert 5_000 < stated["distance_2013_2"] < 20_000
    assert stated["distance_2013_3"] > 40 * 1609
    assert stated["isthmus_line_length"] is None


def test_every_drawn_stretch_or_area_says_both(layers: Layers) -> None:
    for name in ("facilities", "checkpoints", "crossings_reported", "crossings_informal", "crossings_formal"):
        for feature in layers[name]:
            properties, drawn = feature["properties"], feature["geometry"]
            outlined = drawn is not None and drawn["type"] != "Point"
            assert (properties["outline_uncertainty_m"] is not None) == outlined, feature["id"]


def test_the_best_sourced_position_stands_with_its_own_uncertainty(layers: Layers, evidence: Evidence) -> None:
    drawn = {feature["id"]: feature for feature in layers["crossings_formal"]}
    for row in evidence.crossings_formal:
        feature = drawn[f"formal-{row.crossing_id}"]
        properties = feature["properties"]
        if row.longitude is None:
            assert properties["position_basis"] in {"geonames_settlement", "municipality"}
            continue
        assert properties["position_basis"] == "public_code"
        assert feature["geometry"]["coordinates"] == [row.longitude, row.latitude]
        assert properties["coordinateUncertaintyInMeters"] >= row.coordinate_uncertainty_m
        # no finer than its source, and no coarser than that and the way to the line ask for
        assert (
            properties["coordinateUncertaintyInMeters"]
            < max(row.coordinate_uncertainty_m, properties["distance_to_border_m"]) + 100
        )
    cuauhtemoc = drawn["formal-ciudad_cuauhtemoc"]["properties"]
    assert cuauhtemoc["coordinateUncertaintyInMeters"] >= 5000


def test_no_two_signs_lie_on_one_point_without_a_word(layers: Layers) -> None:
    points = [f for f in layers["crossings_formal"] if f["geometry"]["type"] == "Point"]
    pairs = 0
    for one, other in combinations(points, 2):
        metres = GEOD.inv(*one["geometry"]["coordinates"], *other["geometry"]["coordinates"])[2]
        named = other["properties"]["name"] in (one["properties"]["shares_position_with"] or [])
        assert named == (metres < SAME_PLACE_M), (one["id"], other["id"])
        pairs += named
    assert pairs == 1, "the railway lay on the bridge Suchiate I"


def _point(name: str, *position: float) -> dict[str, Any]:
    return {"geometry": {"type": "Point", "coordinates": position}, "properties": {"name": name}}


def test_signs_that_nearly_lie_on_one_another_name_each_other_too() -> None:
    stretch = {"geometry": {"type": "LineString", "coordinates": []}, "properties": {"name": "d"}}
    neighbours = at_one_place([_point("a", -92, 14.5), _point("b", -92.0005, 14.5), _point("c", -92.01, 14.5), stretch])
    assert neighbours == [["b"], ["a"], [], []]


def test_facilities_that_were_planned_or_given_up_are_told_from_those_that_stand(layers: Layers) -> None:
    status = {feature["id"]: feature["properties"]["status"] for feature in layers["facilities"]}
    assert status["facility-caitf_palenque"] == "planned"
    assert status["facility-naval_rio_hondo_former"] == "closed"
    assert status["facility-naval_subteniente_lopez"] == "unknown"
    assert {feature_id for feature_id, word in status.items() if word == "built" and "caitf" in feature_id} == {
        "facility-caitf_catazaja",
        "facility-caitf_huixtla",
        "facility-caitf_la_trinitaria",
    }


def test_customs_sections_keep_their_zero(layers: Layers, repo: Path) -> None:
    spanish = json.loads((repo / "atlas/projects/southern_border/texts/data.es.json").read_bytes())
    notes = [str(f["properties"]["note"]) for f in layers["crossings_formal"]]
    notes += [spanish.get(note, "") for note in notes]
    sections = re.findall(r"(?:customs section|sección aduanera) (\d+)", " ".join(notes))
    assert {"050", "051"} <= set(sections)
    assert all(len(section) == 3 for section in sections), sections
