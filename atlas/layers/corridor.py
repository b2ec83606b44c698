"""`corridor` and `checkpoints`: the road from Tapachula to Arriaga, schematic, and the posts on it as intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.errors import EvidenceError
from atlas.evidence import Evidence
from atlas.evidence.decisions import LEAST_FLOOR_M
from atlas.evidence.placings import CorridorReading
from atlas.evidence.records import Checkpoint
from atlas.geojson.collection import kilometres
from atlas.geometry.chainage import MeasuredLine
from atlas.layers.layer import Citation, Layer, cited, enclosing_radius_m, rounded_up, years_of
from atlas.layers.outline_areas import Areas
from atlas.sources import SourceRecord
from atlas.sources.geonames import Town

# how it is said that a post is in a unit, near one, or in none that is known
_WORDS = MappingProxyType(
    {
        "in": "somewhere in the municipality",
        "near": "near this municipality, according to the source",
        "none": "not placed: no source gives a municipality",
    }
)
_STEP_M = 1000
_MARK_KM = LEAST_FLOOR_M / 1000


@dataclass(frozen=True, slots=True, eq=False)
class Corridor:
    """The schematic line, the chainage of its settlements, and how far off the road it may be, in metres."""

    line: MeasuredLine
    stops: tuple[str, ...]
    accuracy_m: float
    towns: Mapping[str, Town]
    record: SourceRecord


def make_corridor(evidence: Evidence, towns: Mapping[str, Town], record: SourceRecord) -> Corridor:
    """A line straight from settlement to settlement, in the order of ``corridor_route.csv``.

    How far it may be off the road is read from the places that are named on the road without being
    corners of the line: the farthest of them, and the accuracy of the settlements on top.
    """
    rows = sorted(evidence.corridor_route, key=lambda row: row.position)
    stops = tuple(row.place_id for row in rows)
    line = MeasuredLine.of(np.array([towns[stop].position for stop in stops]))
    named = {row.from_place for row in evidence.corridor_readings if row.reading == "place"} - set(stops)
    farthest = max((line.project(towns[place].position)[1] for place in named), default=0.0)
    return Corridor(line, stops, rounded_up(farthest + record.accuracy_m, 500), towns, record)


def corridor_layer(corridor: Corridor, evidence: Evidence) -> Layer:
    """One feature a leg between two settlements."""
    rows = {row.place_id: row for row in evidence.corridor_route}
    features = []
    for number, (start, end) in enumerate(pairwise(corridor.stops), start=1):
        measures = corridor.line.measures_m[number - 1 : number + 1] / 1000
        properties = {
            "order": number,
            "from_place": corridor.towns[start].name,
            "to_place": corridor.towns[end].name,
            "chainage_from_km": kilometres(measures[0]),
            "chainage_to_km": kilometres(measures[1]),
            "length_km": kilometres(measures[1] - measures[0]),
        }
        ids = [*rows[start].source_ids, *rows[end].source_ids]
        citation = Citation(
            source_ids=ids,
            as_of=years_of(evidence, ids),
            confidence="seen",
            uncertainty_m=corridor.accuracy_m,
            protocol="schematic: straight between GeoNames settlements named on the road; the road itself is longer",
        )
        geometry = shapely.linestrings(corridor.line.positions[number - 1 : number + 1])
        features.append(cited(f"corridor-{number:02d}", geometry, properties, citation))
    return Layer.of("corridor", features)


def checkpoints_layer(
    corridor: Corridor | None, evidence: Evidence, areas: Areas, words: Mapping[str, str] = _WORDS
) -> Layer:
    """Posts on the corridor as intervals of it; the others as the municipality they lie in or near."""
    return Layer.of("checkpoints", [_post(row, corridor, evidence, areas, words) for row in evidence.checkpoints])


def _post(
    row: Checkpoint, corridor: Corridor | None, evidence: Evidence, areas: Areas, words: Mapping[str, str]
) -> dict[str, Any]:
    readings = [reading for reading in evidence.corridor_readings if reading.checkpoint_id == row.checkpoint_id]
    if row.on_corridor and not readings:
        msg = f"corridor_readings.csv has no row for {row.checkpoint_id}, which is on the corridor; add one"
        raise EvidenceError(msg)
    road = corridor if row.on_corridor else None
    placed, geometry = _on_road(readings, road) if road else _in_area(row, evidence, areas, words)
    ids = [*row.source_ids, *(source for reading in readings for source in reading.source_ids)]
    properties = {
        "checkpoint_id": row.checkpoint_id,
        "name": row.name,
        "agency": row.agency,
        "fixity": row.fixity,
        "on_corridor": row.on_corridor,
        "municipality": row.municipality,
        "municipality_cvegeo": row.municipality_cvegeo,
        "position_as_printed": row.position_as_printed,
        **placed,
        "outline_uncertainty_m": _outline_m(geometry, road, areas),
        "field_confidence": list(row.field_confidence) or None,
        "note": row.note,
    }
    margin = road.accuracy_m if road else 0.0
    unsure = geometry is None or placed["position_basis"] == "near_municipality"
    citation = Citation(
        source_ids=ids,
        as_of=row.as_of,
        confidence=row.confidence,
        # near a municipality says nothing of how near
        uncertainty_m=None if unsure else rounded_up(enclosing_radius_m(geometry) + margin),
        protocol=placed["position_note"],
    )
    return cited(f"checkpoint-{row.checkpoint_id}", geometry, properties, citation)


def _outline_m(geometry: BaseGeometry | None, road: Corridor | None, areas: Areas) -> float | None:
    """How far off what is drawn may be as a drawing, in metres: the schematic road, or a municipality's outline."""
    if geometry is None:
        return None
    return road.accuracy_m if road else areas.accuracy_m


def _on_road(readings: Sequence[CorridorReading], corridor: Corridor) -> tuple[dict[str, Any], BaseGeometry]:
    """The interval that covers every reading of a post's position."""
    spans = [_span(reading, corridor) for reading in readings]
    start, end = _to_marks(min(low for low, _ in spans), max(high for _, high in spans), corridor.line.length_km)
    disagree = max(low for low, _ in spans) > min(high for _, high in spans)
    notes = "; ".join(f"{r.reading}: {r.note}" if r.note else r.reading for r in readings)
    placed = {
        "position_basis": "+".join(dict.fromkeys(reading.reading for reading in readings)),
        "readings_disagree": disagree,
        "chainage_from_km": kilometres(start),
        "chainage_to_km": kilometres(end),
        "position_note": ("the readings disagree and the interval covers them all; " if disagree else "") + notes,
    }
    return placed, corridor.line.between(start, end)


def _to_marks(start_km: float, end_km: float, length_km: float) -> tuple[float, float]:
    """An interval widened to the marks of ten kilometres around it, so that no post is given finer than the floor."""
    # what is left after the last whole ten kilometres belongs to them
    last = math.floor(length_km / _MARK_KM) * _MARK_KM
    start = min(math.floor(start_km / _MARK_KM) * _MARK_KM, max(last - _MARK_KM, 0.0))
    end = max(math.ceil(end_km / _MARK_KM) * _MARK_KM, start + _MARK_KM)
    return start, length_km if end >= last else end


def _span(reading: CorridorReading, corridor: Corridor) -> tuple[float, float]:
    """A reading as chainage interval (km) on the corridor, kept on the line."""
    at, off = corridor.line.project(corridor.towns[reading.from_place].position)
    if reading.reading == "stretch":
        there, _ = corridor.line.project(corridor.towns[str(reading.to_place)].position)
        return min(at, there), max(at, there)
    # a settlement beside the line may join the road as far along it as it lies off it
    spread = (off + corridor.record.accuracy_m) / 1000
    if reading.reading == "distance":
        towards = corridor.towns[reading.to_place or corridor.stops[-1]].position
        sign = 1 if corridor.line.project(towards)[0] >= at else -1
        at, spread = at + sign * float(reading.distance_km or 0), float(reading.tolerance_km or 0)
    low, high = max(at - spread, 0.0), min(at + spread, corridor.line.length_km)
    if low >= high:
        far = f"{reading.distance_km} km from {reading.from_place}"
        msg = f"corridor_readings.csv: {reading.checkpoint_id} lies {far}, past the end of the corridor; correct it"
        raise EvidenceError(msg)
    return low, high


def _in_area(
    row: Checkpoint, evidence: Evidence, areas: Areas, words: Mapping[str, str]
) -> tuple[dict[str, Any], BaseGeometry | None]:
    rows = [area for area in evidence.checkpoint_areas if area.checkpoint_id == row.checkpoint_id]
    codes = [area.municipality_cvegeo for area in rows] or (
        [row.municipality_cvegeo] if row.municipality_cvegeo else []
    )
    near = any(area.relation == "near" for area in rows)
    placed = {
        "position_basis": ("near_municipality" if near else "municipality") if codes else "unknown",
        "readings_disagree": False,
        "chainage_from_km": None,
        "chainage_to_km": None,
        "position_note": words["near" if near else "in"] if codes else words["none"],
    }
    return placed, areas.municipalities(codes) if codes else None
