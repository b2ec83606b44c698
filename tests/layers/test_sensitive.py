"""What must never be published, in every committed layer; and counts that must not grow together."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
import shapely.ops

from atlas.evidence import Evidence

GEOD = pyproj.Geod(ellps="GRS80")
Features = list[dict[str, Any]]
Layers = Mapping[str, Features]
LINES = {"LineString", "MultiLineString"}
FLOOR_KM = 10


def _rows(geodata: Path, table: str) -> list[dict[str, str]]:
    with (geodata / "evidence" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_no_informal_crossing_has_a_point_in_any_layer(layers: Layers) -> None:
    for name, features in layers.items():
        for feature in features:
            properties = feature["properties"]
            if name == "crossings_informal" or properties.get("formality") == "informal":
                assert feature["geometry"] is None or feature["geometry"]["type"] in LINES, feature["id"]
                assert properties["sensitivity"] == "generalised"
                assert properties.get("chainage_km") is None
                assert properties["informationWithheld"]
                assert properties["dataGeneralizations"]


def test_an_informal_crossing_is_its_municipalitys_whole_stretch(layers: Layers) -> None:
    stretches = {f["properties"]["cvegeo"]: f["properties"]["chainage_intervals"] for f in layers["municipalities"]}
    for feature in layers["crossings_informal"]:
        properties = feature["properties"]
        assert properties["chainage_intervals"] == stretches.get(properties["municipality_cvegeo"])
        assert (feature["geometry"] is None) == (properties["municipality_cvegeo"] is None)


def test_an_informal_crossing_has_a_name_only_where_it_is_that_of_a_formal_one(layers: Layers, geodata: Path) -> None:
    formal = {row["crossing_id"] for row in _rows(geodata, "crossings_formal")}
    rows = _rows(geodata, "crossings_informal_named")
    assert {row["crossing_id"] for row in rows} <= formal
    named = [f["properties"]["name"] for f in layers["crossings_informal"] if f["properties"]["named"] is None]
    assert sorted(named) == sorted(row["name"] for row in rows)


def test_what_is_not_named_is_counted_with_its_sources(layers: Layers, geodata: Path) -> None:
    rows = {f"informal-count-{row['count_id']}": row for row in _rows(geodata, "crossings_informal_counts")}
    counts = {f["id"]: f["properties"] for f in layers["crossings_informal"] if f["properties"]["named"] is not None}
    assert counts.keys() == rows.keys()
    for total_id, properties in counts.items():
        assert (properties["named"], properties["extent"]) == (int(rows[total_id]["named"]), rows[total_id]["extent"])
        assert properties["source_ids"] == rows[total_id]["source_ids"].split(";")
        assert "gazetteer" in properties["informationWithheld"]


def test_no_text_says_that_the_place_of_a_published_name_is_not_public(layers: Layers) -> None:
    for feature in layers["crossings_informal"]:
        assert "No position" not in feature["properties"]["informationWithheld"]


def test_vehicular_is_what_the_tables_say_is_vehicular(layers: Layers) -> None:
    wanted = {
        feature["id"]
        for name in ("crossings_formal", "crossings_informal")
        for feature in layers[name]
        if feature["properties"]["vehicular"] == "true"
    }
    origin = {f["id"]: f["geometry"] for name in ("crossings_formal", "crossings_informal") for f in layers[name]}
    assert {feature["properties"]["crossing"] for feature in layers["crossings_vehicular"]} == wanted
    for feature in layers["crossings_vehicular"]:
        assert feature["properties"]["vehicular"] == "true"
        assert feature["geometry"] == origin[feature["properties"]["crossing"]]


def test_every_formal_crossing_is_there_with_its_uncertainty(layers: Layers, geodata: Path, line: np.ndarray) -> None:
    rows = {f"formal-{row['crossing_id']}": row for row in _rows(geodata, "crossings_formal")}
    border = shapely.linestrings(line)
    assert {feature["id"] for feature in layers["crossings_formal"]} == set(rows)
    for feature in layers["crossings_formal"]:
        properties, geometry = feature["properties"], feature["geometry"]
        if geometry["type"] != "Point":
            assert properties["chainage_km"] is None
            continue
        along = shapely.line_locate_point(border, shapely.Point(geometry["coordinates"]))
        before = shapely.get_coordinates(shapely.ops.substring(border, 0, along))
        off = GEOD.inv(*geometry["coordinates"], *before[-1])[2]
        assert properties["distance_to_border_m"] == pytest.approx(off, abs=3), feature["id"]
        # the crossing is on the line, so the circle around the mark must reach it
        assert properties["coordinateUncertaintyInMeters"] >= off
        # nearest in degrees is not quite nearest on the ground: the feet differ a little
        assert properties["chainage_km"] == pytest.approx(GEOD.line_length(*before.T) / 1000, abs=0.01 + off / 20_000)


def test_suchiate_ii_is_not_drawn_as_a_point(layers: Layers) -> None:
    (crossing,) = [f for f in layers["crossings_formal"] if f["id"] == "formal-suchiate_2"]
    assert crossing["geometry"]["type"] in LINES


def test_counts_are_the_printed_ones_and_none_is_summed(layers: Layers, geodata: Path) -> None:
    printed = {row["total_id"]: row for row in _rows(geodata, "crossings_totals") if row["confidence"] != "not_found"}
    counts = {f["properties"]["total_id"]: f["properties"] for f in layers["crossings_reported"]}
    assert set(counts) <= set(printed)
    for total_id, properties in counts.items():
        assert str(properties["total"] if properties["total"] is not None else "") == printed[total_id]["total"]
        assert properties["count_kind"] == ("partial" if total_id.startswith("P") else "whole")
    parts = sum(properties["total"] or 0 for properties in counts.values() if properties["count_kind"] == "partial")
    assert parts not in {properties["total"] for properties in counts.values()}
    assert {370, 56} <= {properties["total"] for properties in counts.values()} | {
        properties["vehicular"] for properties in counts.values()
    }


def test_the_count_of_56_lies_on_the_land_line_with_guatemala_alone(layers: Layers) -> None:
    (land,) = [f for f in layers["crossings_reported"] if f["properties"]["extent"] == "GTM:land"]
    expected = [
        [f["properties"]["chainage_from_km"], f["properties"]["chainage_to_km"]]
        for f in layers["border"]
        if f["properties"]["neighbour"] == "GTM" and f["properties"]["nature"] != "river"
    ]
    kilometres = sum(end - start for start, end in expected)
    assert sum(b - a for a, b in land["properties"]["chainage_intervals"]) == pytest.approx(kilometres, abs=0.05)
    assert kilometres == pytest.approx(573, rel=0.03)


def test_posts_on_the_corridor_are_intervals_and_no_post_is_a_point(layers: Layers) -> None:
    for feature in layers["checkpoints"]:
        properties, geometry = feature["properties"], feature["geometry"]
        if properties["on_corridor"]:
            assert geometry["type"] in LINES
            assert properties["chainage_to_km"] - properties["chainage_from_km"] >= FLOOR_KM
            assert properties["chainage_from_km"] % FLOOR_KM == 0
        else:
            assert geometry is None or geometry["type"] == "MultiPolygon"
            assert properties["chainage_from_km"] is None


def test_the_corridor_is_one_line_with_its_own_chainage(layers: Layers) -> None:
    at, end = 0.0, None
    for feature in layers["corridor"]:
        properties, positions = feature["properties"], feature["geometry"]["coordinates"]
        assert end in {None, tuple(positions[0])}
        assert properties["chainage_from_km"] == pytest.approx(at, abs=0.002)
        at, end = properties["chainage_to_km"], tuple(positions[-1])
    assert (layers["corridor"][0]["properties"]["from_place"], properties["to_place"]) == ("Tapachula", "Arriaga")


def test_facilities_are_areas_and_never_points(layers: Layers) -> None:
    assert {f["geometry"]["type"] for f in layers["facilities"] if f["geometry"]} == {"MultiPolygon"}


def test_rows_without_a_source_are_in_no_layer(layers: Layers, evidence: Evidence) -> None:
    everything = {
        value for features in layers.values() for f in features for value in map(str, f["properties"].values())
    }
    keys = {
        "crossings_totals": "total_id",
        "checkpoints": "checkpoint_id",
        "containment": "item",
        "facilities": "facility_id",
    }
    kept_apart = [row.row[keys[row.table]] for row in evidence.unsourced if row.table in keys]
    assert kept_apart
    assert not set(kept_apart) & everything


@pytest.mark.slow
@pytest.mark.parametrize("miles", [20, 140])
def test_every_position_of_a_published_belt_is_at_its_distance(layers: Layers, line: np.ndarray, miles: float) -> None:
    belts = [f for f in layers["containment"] if f["properties"]["distance_mi"] == miles and f["geometry"]]
    assert belts
    lengths = np.asarray(GEOD.inv(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1])[2])
    pieces = [
        np.linspace(a, b, int(m // 200) + 1, endpoint=False) for a, b, m in zip(line, line[1:], lengths, strict=False)
    ]
    fine = np.vstack([*pieces, line[-1:]])
    for feature in belts:
        for lon, lat in shapely.get_coordinates(shapely.geometry.shape(feature["geometry"])):
            away = GEOD.inv(np.full(len(fine), lon), np.full(len(fine), lat), fine[:, 0], fine[:, 1])[2].min()
            assert away == pytest.approx(miles * 1609.344, abs=3), feature["id"]


def test_settlements_are_the_only_points_beside_formal_crossings(layers: Layers) -> None:
    for name, features in layers.items():
        for feature in features:
            if feature["geometry"] and "Point" in feature["geometry"]["type"]:
                properties = feature["properties"]
                assert (
                    name == "crossings_formal"
                    or properties.get("formality") == "formal"
                    or (name, properties.get("kind")) == ("basemap", "settlement")
                    # every place of a list of places, so that none is chosen
                    or name == "settlements"
                    # a station is placed at the settlement of its name
                    or (name, properties.get("part")) == ("railways", "station")
                ), feature["id"]


def test_land_of_the_base_map_has_no_overlap_along_the_border(layers: Layers, line: np.ndarray) -> None:
    land = {f["id"]: shapely.geometry.shape(f["geometry"]) for f in layers["basemap"] if f["id"].startswith("land-")}
    overlap = shapely.intersection(land["land-mexico"], land["land-neighbours"])
    assert shapely.area(overlap) < 1e-6
    both = shapely.union_all(list(land.values()))
    middle = shapely.linestrings(line[200:-200])
    # no gap either: what lies on the border lies on land
    assert shapely.length(shapely.difference(middle, shapely.buffer(both, 1e-4))) < 0.02
