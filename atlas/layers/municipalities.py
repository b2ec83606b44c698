"""`municipalities`: those that touch the border, with their share of it."""

from __future__ import annotations

from typing import Any

from atlas.evidence import Evidence
from atlas.geojson.collection import kilometres
from atlas.geometry.coverage import neighbours_of
from atlas.geometry.geodesy import area_km2
from atlas.layers.border_segments import Spine
from atlas.layers.layer import Citation, Layer, cited, intervals
from atlas.sources import SourceRecord


def municipalities_layer(spine: Spine, evidence: Evidence, record: SourceRecord, state_names: dict[str, str]) -> Layer:
    """One feature a municipality: full-resolution outline, census figures, lengths and areas on the ellipsoid."""
    rows = {row.cvegeo: row for row in evidence.municipalities}
    outlines = spine.municipalities
    beside = neighbours_of(list(outlines.areas))
    features = []
    for index, code in enumerate(outlines.codes):
        row = rows[code]
        properties = {
            "cvegeo": code,
            "name": outlines.name(code),
            "state_code": spine.parent(code),
            "state": state_names[spine.parent(code)],
            "seat": row.seat,
            "neighbours": list(row.neighbours),
            "population_2020": row.population_2020,
            "dwellings_2020": row.dwellings_2020,
            "area_km2": round(area_km2(outlines.areas[index]), 2),
            **_border_share(spine, code),
            "adjacent_cvegeos": [outlines.codes[other] for other in beside[index]],
        }
        citation = Citation(
            source_ids=[record.evidence_id, *row.source_ids],
            as_of=record.as_of or None,
            confidence="seen",
            uncertainty_m=record.accuracy_m,
            protocol="municipal outline, full resolution, six decimals",
        )
        features.append(cited(f"mun-{code}", outlines.areas[index], properties, citation))
    return Layer.of("municipalities", features)


def _border_share(spine: Spine, code: str) -> dict[str, Any]:
    _, pairs = spine.stretch(lambda piece: piece.cvegeo == code)
    length = sum(end - start for start, end in pairs)
    return {
        "border_km": kilometres(length),
        "border_share": round(length / spine.line.length_km, 5),
        "chainage_from_km": kilometres(pairs[0][0]),
        "chainage_to_km": kilometres(pairs[-1][1]),
        "chainage_intervals": intervals(pairs),
    }
