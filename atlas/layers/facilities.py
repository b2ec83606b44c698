"""`facilities`: integral border-traffic centres and naval places, at the level of the municipality."""

from __future__ import annotations

from typing import Any

from atlas.evidence import Evidence
from atlas.evidence.records import Facility
from atlas.layers.layer import Citation, Layer, cited, enclosing_radius_m, rounded_up
from atlas.layers.outline_areas import GENERALISED, Areas


def facilities_layer(evidence: Evidence, areas: Areas) -> Layer:
    """One feature a facility: its municipality, or all those that the sources give for it."""
    return Layer.of("facilities", [_facility(row, evidence, areas) for row in evidence.facilities])


def _facility(row: Facility, evidence: Evidence, areas: Areas) -> dict[str, Any]:
    candidates = [area.municipality_cvegeo for area in evidence.facility_areas if area.facility_id == row.facility_id]
    codes = [row.municipality_cvegeo] if row.municipality_cvegeo else candidates
    geometry = areas.municipalities(codes) if codes else None
    properties = {
        "kind": row.kind,
        "name": row.name,
        "status": row.status,
        "municipality": row.municipality,
        "municipality_cvegeos": codes,
        "state": row.state,
        "dataGeneralizations": GENERALISED,
        "outline_uncertainty_m": areas.accuracy_m if codes else None,
        "field_confidence": list(row.field_confidence) or None,
        "note": row.note,
    }
    citation = Citation(
        source_ids=row.source_ids,
        as_of=row.as_of,
        confidence=row.confidence,
        uncertainty_m=rounded_up(enclosing_radius_m(geometry)) if geometry is not None else None,
        protocol="somewhere in the municipality"
        if len(codes) == 1
        else "in one of the municipalities that the sources give",
    )
    return cited(f"facility-{row.facility_id}", geometry, properties, citation)
