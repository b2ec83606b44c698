"""`facilities`: offices, centres and posts at the level of the unit; public offices of a project at their position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.evidence import Evidence
from atlas.evidence.records import Facility
from atlas.layers.layer import Citation, Layer, cited, enclosing_radius_m, rounded_up
from atlas.layers.outline_areas import GENERALISED, Areas

_WORDS = MappingProxyType(
    {
        "one": "somewhere in the municipality",
        "several": "in one of the municipalities that the sources give",
        "none": "in one of the municipalities that the sources give",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """Where something is drawn: its shape, what was done to the outline, how far off it may be, and by which words."""

    geometry: BaseGeometry | None
    generalised: str | None
    outline_m: float | None
    uncertainty_m: float | None
    protocol: str


def facilities_layer(evidence: Evidence, areas: Areas, words: Mapping[str, str] = _WORDS) -> Layer:
    """One feature a facility: its position, its unit, or all those that the sources give for it.

    Parameters
    ----------
    evidence
        The tables.
    areas
        The units that facilities lie in.
    words
        How it is said that something is in one unit, in one of several, or in none that is known.
    """
    return Layer.of("facilities", [_facility(row, evidence, areas, words) for row in evidence.facilities])


def _facility(row: Facility, evidence: Evidence, areas: Areas, words: Mapping[str, str]) -> dict[str, Any]:
    candidates = [area.municipality_cvegeo for area in evidence.facility_areas if area.facility_id == row.facility_id]
    codes = [row.municipality_cvegeo] if row.municipality_cvegeo else candidates
    placed = _placed(row, codes, areas, words)
    properties = {
        "kind": row.kind,
        "name": row.name,
        "status": row.status,
        "municipality": row.municipality,
        "municipality_cvegeos": codes,
        "state": row.state,
        "dataGeneralizations": placed.generalised,
        "outline_uncertainty_m": placed.outline_m,
        "field_confidence": list(row.field_confidence) or None,
        "note": row.note,
    }
    citation = Citation(
        source_ids=row.source_ids,
        as_of=row.as_of,
        confidence=row.confidence,
        uncertainty_m=placed.uncertainty_m,
        protocol=placed.protocol,
    )
    return cited(f"facility-{row.facility_id}", placed.geometry, properties, citation)


def _placed(row: Facility, codes: list[str], areas: Areas, words: Mapping[str, str]) -> _Placed:
    if row.longitude is not None and row.latitude is not None:
        point = shapely.points(row.longitude, row.latitude)
        return _Placed(point, None, None, row.coordinate_uncertainty_m, words["point"])
    protocol = words["one" if len(codes) == 1 else "several" if codes else "none"]
    if not codes:
        return _Placed(None, GENERALISED, None, None, protocol)
    geometry = areas.municipalities(codes)
    return _Placed(geometry, GENERALISED, areas.accuracy_m, rounded_up(enclosing_radius_m(geometry)), protocol)
