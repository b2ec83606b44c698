"""`crossings_formal` and `crossings_vehicular`; a formal crossing is a point where a position is known.

The best-sourced position stands, with its own uncertainty: that of the fact table; where it has none, the settlement
whose name the crossing bears; else the municipality's stretch of the border. Crossings at one place name each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.evidence import Evidence
from atlas.evidence.records import FormalCrossing
from atlas.geojson.collection import kilometres
from atlas.geojson.geometries import lon_lat
from atlas.geometry.geodesy import distance_m
from atlas.layers.border import reach_of
from atlas.layers.border_segments import Spine
from atlas.layers.layer import Citation, Layer, cited, enclosing_radius_m, intervals, rounded_up, years_of
from atlas.sources import SourceRecord
from atlas.sources.geonames import Town


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Towns by crossing, and the record of the source that they come from."""

    towns: Mapping[str, Town]
    record: SourceRecord


# signs nearer to each other than this, in metres, lie on one another
SAME_PLACE_M = 100.0


def formal_layer(spine: Spine, evidence: Evidence, gazetteer: Gazetteer) -> Layer:
    """Formal crossings: the table's position, else a GeoNames settlement, else the municipality's stretch."""
    features = [_formal(row, spine, evidence, gazetteer) for row in evidence.crossings_formal]
    for feature, beside in zip(features, at_one_place(features), strict=True):
        feature["properties"]["shares_position_with"] = beside or None
    return Layer.of("crossings_formal", features)


def at_one_place(features: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """For each feature, the names of the others whose point lies within ``SAME_PLACE_M`` of its own."""
    points = [
        (index, lon_lat(feature), feature["properties"]["name"])
        for index, feature in enumerate(features)
        if feature["geometry"] and feature["geometry"]["type"] == "Point"
    ]
    beside: list[list[str]] = [[] for _ in features]
    for (one, here, name), (other, there, name_there) in combinations(points, 2):
        if distance_m(here, there) < SAME_PLACE_M:
            beside[one].append(name_there)
            beside[other].append(name)
    return beside


def _formal(row: FormalCrossing, spine: Spine, evidence: Evidence, gazetteer: Gazetteer) -> dict[str, Any]:
    written = (row.longitude, row.latitude) if row.longitude is not None and row.latitude is not None else None
    town = None if written else gazetteer.towns.get(row.crossing_id)
    properties: dict[str, Any] = {
        "name": row.name,
        "name_other_side": row.name_other_side,
        "kind": row.kind,
        "vehicular": row.vehicular,
        "status": row.status,
        "municipality_cvegeo": row.municipality_cvegeo,
        "municipality_name": spine.municipalities.name(row.municipality_cvegeo),
        "neighbour": row.neighbour,
    }
    if written:
        placed, geometry, uncertainty, protocol = _as_written(row, spine, written)
    elif town:
        placed, geometry, uncertainty, protocol = _at_town(town, spine, gazetteer.record)
    else:
        placed, geometry, uncertainty, protocol = _stretched(row, spine)
    town_source = [gazetteer.record.evidence_id] if town else []
    citation = Citation(
        source_ids=[*row.source_ids, *town_source],
        as_of=years_of(evidence, row.source_ids),
        confidence=row.confidence,
        uncertainty_m=uncertainty,
        protocol=protocol,
    )
    last = {"field_confidence": list(row.field_confidence) or None, "note": row.note}
    return cited(f"formal-{row.crossing_id}", geometry, {**properties, **placed, **last}, citation)


_Placed = tuple[dict[str, Any], BaseGeometry, float, str]


def _as_written(row: FormalCrossing, spine: Spine, position: tuple[float, float]) -> _Placed:
    placed, off = _pointed(spine, position)
    placed |= {"position_basis": "public_code"}
    # the crossing is on the line, so the circle around the mark has to reach it
    uncertainty = rounded_up(max(row.coordinate_uncertainty_m or 0.0, off))
    return placed, shapely.points(position), uncertainty, f"position in the fact table: {row.coordinate_basis}"


def _at_town(town: Town, spine: Spine, record: SourceRecord) -> _Placed:
    placed, off = _pointed(spine, town.position)
    placed |= {"position_basis": "geonames_settlement", "geonameid": town.geonameid}
    protocol = f"GeoNames settlement {town.name} (geonameid {town.geonameid}), which stands for the crossing"
    return placed, shapely.points(town.position), rounded_up(record.accuracy_m + off), protocol


def _pointed(spine: Spine, position: tuple[float, float]) -> tuple[dict[str, Any], float]:
    """What a point says of the line, and how far it lies off it, in metres."""
    chainage, off = spine.line.project(position)
    placed = {
        "position_basis": None,
        "geonameid": None,
        "shares_position_with": None,
        "chainage_km": kilometres(chainage),
        "chainage_intervals": None,
        "reach": reach_of(chainage),
        "distance_to_border_m": float(round(off)),
        "outline_uncertainty_m": None,
    }
    return placed, off


def _stretched(row: FormalCrossing, spine: Spine) -> _Placed:
    geometry, pairs = spine.stretch(lambda p: p.cvegeo == row.municipality_cvegeo and p.neighbour == row.neighbour)
    reaches = {reach_of(km) for pair in pairs for km in pair}
    placed = {
        "position_basis": "municipality",
        "geonameid": None,
        "shares_position_with": None,
        "chainage_km": None,
        "chainage_intervals": intervals(pairs),
        "reach": reaches.pop() if len(reaches) == 1 else None,
        "distance_to_border_m": None,
        "outline_uncertainty_m": spine.accuracy_m,
    }
    protocol = f"no usable position ({row.coordinate_basis}); somewhere on the municipality's stretch of the border"
    return placed, geometry, rounded_up(enclosing_radius_m(geometry)), protocol


_VEHICULAR = (
    "name",
    "vehicular",
    "status",
    "municipality_cvegeo",
    "municipality_name",
    "shares_position_with",
    "chainage_km",
    "chainage_intervals",
    "outline_uncertainty_m",
    "field_confidence",
)
_CITED = ("as_of", "confidence", "coordinateUncertaintyInMeters", "georeferenceProtocol", "sensitivity", "source_ids")


def vehicular_layer(formal: Layer, informal: Layer) -> Layer:
    """All crossings that vehicles are known to pass, each with the geometry that it has in its own layer."""
    features = []
    for layer, formality in ((formal, "formal"), (informal, "informal")):
        for feature in layer.features:
            held = feature["properties"]
            if held["vehicular"] != "true":
                continue
            properties = {
                "crossing": feature["id"],
                "formality": formality,
                "way": held.get("kind") or held.get("mode"),
                "opposite": held.get("name_other_side") or held.get("opposite"),
                **{
                    key: held.get(key)
                    for key in (*_VEHICULAR, "informationWithheld", "dataGeneralizations", "note", *_CITED)
                },
            }
            features.append({**feature, "id": f"vehicular-{feature['id']}", "properties": properties})
    return Layer.of("crossings_vehicular", features)
