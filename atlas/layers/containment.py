"""`containment`: the line across the Isthmus of Tehuantepec and the belts of 2011 to 2024, as published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.border_project import shipped_border
from atlas.clean.area_repair import blunted
from atlas.evidence import Evidence
from atlas.evidence.placings import ContainmentShape
from atlas.evidence.records import Containment
from atlas.geojson.collection import DECIMALS
from atlas.geometry.coverage import tidied
from atlas.geometry.geodesy import offset_line
from atlas.layers.border_segments import Spine
from atlas.layers.layer import Citation, Layer, cited, enclosing_radius_m, rounded_up, years_of
from atlas.layers.outline_areas import KM_PER_MILE, Areas
from atlas.sources import SourceRecord
from atlas.sources.geonames import Town

BAND_HALF_WIDTH_KM = 10

# spikes narrower than this are left over from drawing states and municipalities together
_NEEDLE_M = 20.0
# what is drawn along outlines, and not straight between two names
_OUTLINED = frozenset({"border", "offset", "municipalities", "states", "places"})
_PART = shipped_border().here.part["en"]
_PROTOCOL = {
    "band": f"schematic band straight between the two places, {2 * BAND_HALF_WIDTH_KM} km wide so that it can be seen",
    "line": "schematic: straight between the two places named",
    "border": "the border line",
    "offset": f"all positions in {_PART} at the published geodesic distance from the border line",
    "municipalities": "the municipalities named",
    "states": "the states named",
    "places": "the municipality and the state named; no line is drawn between them",
    "none": "no place or distance that could be drawn",
}


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What belts are drawn on: the border, towns by place, areas, and the southern states as one."""

    spine: Spine
    towns: Mapping[str, Town]
    areas: Areas
    south: BaseGeometry
    outline: SourceRecord
    gazetteer: SourceRecord


def containment_layer(evidence: Evidence, ground: Ground, words: Mapping[str, str] = _PROTOCOL) -> Layer:
    """One feature an item of ``containment.csv``; items that say no place or distance have no geometry.

    Parameters
    ----------
    evidence
        The tables.
    ground
        What items are drawn on.
    words
        How each shape is drawn.
    """
    shapes = {row.item: row for row in evidence.containment_shapes}
    features = [_item(row, shapes.get(row.item), evidence, ground, words) for row in evidence.containment]
    return Layer.of("containment", features)


def _item(
    row: Containment, shape: ContainmentShape | None, evidence: Evidence, ground: Ground, words: Mapping[str, str]
) -> dict[str, Any]:
    kind = shape.shape if shape else "none"
    geometry = _drawn(shape, ground) if shape else None
    kilometres = _kilometres(shape) if shape else None
    properties = {
        "item": row.item,
        "what": row.what,
        "from_place": row.from_place,
        "to_place": row.to_place,
        "year": row.year,
        "shape": kind,
        "schematic": kind in {"band", "line"},
        "distance_mi": shape.distance_mi if shape else None,
        "distance_km": None if kilometres is None else round(kilometres, 3),
        "shape_note": shape.note if shape else None,
        "statement": shape.statement if shape else None,
        "outline_uncertainty_m": _outline_m(kind, ground),
        "field_confidence": list(row.field_confidence) or None,
        "note": row.note,
    }
    citation = Citation(
        source_ids=[*row.source_ids, *_drawn_from(kind, ground)],
        as_of=row.year or years_of(evidence, row.source_ids),
        confidence=row.confidence,
        uncertainty_m=_statement_m(shape, geometry, ground) if shape else None,
        protocol=words[kind],
    )
    return cited(f"containment-{row.item}", geometry, properties, citation)


def _kilometres(shape: ContainmentShape) -> float | None:
    """The distance, by whichever of the two measures it is given in."""
    if shape.distance_km is not None:
        return shape.distance_km
    return None if shape.distance_mi is None else shape.distance_mi * KM_PER_MILE


def _statement_m(shape: ContainmentShape, geometry: BaseGeometry | None, ground: Ground) -> float | None:
    """Metres within which the thing is, by what the source says; a schematic line says nothing of it."""
    if shape.statement_uncertainty_m is not None:
        return rounded_up(shape.statement_uncertainty_m)
    if geometry is None or shape.shape not in _OUTLINED:
        return None
    # several places are each somewhere in an area of their own; of a state, and of a stretch, no part is named
    named = [ground.areas.municipalities([code]) for code in shape.municipalities]
    whole = [ground.areas.of_states([code]) for code in shape.states]
    return rounded_up(max(enclosing_radius_m(area) for area in (*named, *whole) or (geometry,)))


def _outline_m(kind: str, ground: Ground) -> float | None:
    """Metres by which what is drawn may be off as a drawing; a schematic line has none, since it claims no position."""
    if kind in {"border", "offset"}:
        return ground.spine.accuracy_m
    return ground.areas.accuracy_m if kind in _OUTLINED else None


def _drawn_from(kind: str, ground: Ground) -> list[str]:
    if kind == "none":
        return []
    return [ground.gazetteer.evidence_id if kind in {"band", "line"} else ground.outline.evidence_id]


def _drawn(shape: ContainmentShape, ground: Ground) -> BaseGeometry | None:
    if shape.shape in {"band", "line"}:
        ends = [ground.towns[str(place)].position for place in (shape.from_place, shape.to_place)]
        return _band(ends) if shape.shape == "band" else shapely.linestrings(ends)
    if shape.shape == "border":
        return ground.spine.stretch(lambda piece: shape.neighbour in {None, piece.neighbour})[0]
    if shape.shape == "offset":
        return offset_line(ground.spine.line.positions, distance_km=_kilometres(shape) or 0.0, area=ground.south)
    if shape.shape in {"municipalities", "states", "places"}:
        parts = [ground.areas.municipalities(shape.municipalities)] if shape.municipalities else []
        parts += [ground.areas.of_states(shape.states)] if shape.states else []
        whole = shapely.multipolygons([part for one in parts for part in shapely.get_parts(one)])
        return blunted(tidied(whole, decimals=DECIMALS), _NEEDLE_M)
    return None


def _band(ends: list[tuple[float, float]]) -> BaseGeometry:
    """A band of fixed width around the straight line between two positions, drawn in a plane around its middle."""
    lon, lat = np.mean(ends, axis=0)
    plane = pyproj.CRS.from_proj4(f"+proj=aeqd +lat_0={lat:.4f} +lon_0={lon:.4f} +ellps=GRS80 +units=m")
    there = pyproj.Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    flat = shapely.linestrings(np.column_stack(there.transform(*np.transpose(ends))))
    band = shapely.buffer(flat, BAND_HALF_WIDTH_KM * 1000, cap_style="flat")
    return shapely.transform(band, lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1], direction="INVERSE")))
