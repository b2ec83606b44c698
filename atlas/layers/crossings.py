"""`crossings_formal` and `crossings_vehicular`; a formal crossing is a point where a position is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.evidence import Evidence
from atlas.evidence.records import FormalCrossing
from atlas.exchange.geojson import kilometres
from atlas.geometry.geodesy import distance_m
from atlas.layers.border import reach_of
from atlas.layers.layer import Citation, Layer, cited, enclosing_radius_m, intervals, rounded_up, years_of
from atlas.layers.spine import Spine
from atlas.sources import SourceRecord
from atlas.sources.geonames import Town


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Towns by crossing, and the record of the source that they come from."""

    towns: Mapping[str, Town]
    record: SourceRecord


def formal_layer(spine: Spine, evidence: Evidence, gazetteer: Gazetteer) -> Layer:
    """Formal crossings: a GeoNames settlement, else the table's position, else the municipality's stretch."""
    return Layer.of("crossings_formal", [_formal(row, spine, evidence, gazetteer) for row in evidence.crossings_formal])


def _formal(row: FormalCrossing, spine: Spine, evidence: Evidence, gazetteer: Gazetteer) -> dict[str, Any]:
    town = gazetteer.towns.get(row.crossing_id)
    printed = (row.longitude, row.latitude) if row.longitude is not None and row.latitude is not None else None
    position = town.position if town else printed
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
    placed, geometry, uncertainty, protocol = (
        _stretched(row, spine) if position is None else _pointed(row, spine, gazetteer, position, printed)
    )
    town_source = [gazetteer.record.evidence_id] if town else []
    citation = Citation(
        source_ids=[*row.source_ids, *town_source],
        as_of=years_of(evidence, row.source_ids),
        confidence=row.confidence,
        uncertainty_m=uncertainty,
        protocol=protocol,
    )
    return cited(f"formal-{row.crossing_id}", geometry, {**properties, **placed, "note": row.note}, citation)


_Placed = tuple[dict[str, Any], BaseGeometry, float, str]


def _pointed(
    row: FormalCrossing,
    spine: Spine,
    gazetteer: Gazetteer,
    position: tuple[float, float],
    printed: tuple[float, float] | None,
) -> _Placed:
    chainage, off = spine.line.project(position)
    town = gazetteer.towns.get(row.crossing_id)
    # the crossing is on the line, so the circle around the mark has to reach it
    spans = [row.coordinate_uncertainty_m or 0.0, off]
    if town:
        spans += [gazetteer.record.accuracy_m, distance_m(position, printed) if printed else 0.0]
        protocol = f"GeoNames settlement {town.name} (geonameid {town.geonameid}), which stands for the crossing"
    else:
        protocol = f"position in the fact table: {row.coordinate_basis}"
    placed = {
        "position_basis": "geonames_settlement" if town else "public_code",
        "geonameid": town.geonameid if town else None,
        "chainage_km": kilometres(chainage),
        "chainage_intervals": None,
        "reach": reach_of(chainage),
        "distance_to_border_m": float(round(off)),
    }
    return placed, shapely.points(position), rounded_up(max(spans)), protocol


def _stretched(row: FormalCrossing, spine: Spine) -> _Placed:
    geometry, pairs = spine.stretch(lambda p: p.cvegeo == row.municipality_cvegeo and p.neighbour == row.neighbour)
    reaches = {reach_of(km) for pair in pairs for km in pair}
    placed = {
        "position_basis": "municipality",
        "geonameid": None,
        "chainage_km": None,
        "chainage_intervals": intervals(pairs),
        "reach": reaches.pop() if len(reaches) == 1 else None,
        "distance_to_border_m": None,
    }
    protocol = f"no usable position ({row.coordinate_basis}); somewhere on the municipality's stretch of the border"
    return placed, geometry, rounded_up(enclosing_radius_m(geometry)), protocol


_VEHICULAR = (
    "name",
    "vehicular",
    "status",
    "municipality_cvegeo",
    "municipality_name",
    "chainage_km",
    "chainage_intervals",
)
_CITED = ("as_of", "confidence", "coordinateUncertaintyInMeters", "georeferenceProtocol", "sensitivity", "source_ids")


def vehicular_layer(formal: Layer, informal: Layer) -> Layer:
    """All crossings that vehicles are known to pass, each with the geometry that it has in its own layer."""
    features = []
    for layer, formality in ((formal, "formal"), (informal, "informal")):
        for found in layer.features:
            held = found["properties"]
            if held["vehicular"] != "true":
                continue
            properties = {
                "crossing": found["id"],
                "formality": formality,
                "way": held.get("kind") or held.get("mode"),
                "opposite": held.get("name_other_side") or held.get("opposite"),
                **{
                    key: held.get(key)
                    for key in (*_VEHICULAR, "informationWithheld", "dataGeneralizations", "note", *_CITED)
                },
            }
            features.append({**found, "id": f"vehicular-{found['id']}", "properties": properties})
    return Layer.of("crossings_vehicular", features)
