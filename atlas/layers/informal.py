"""`crossings_informal`: what may be said of informal crossings, as stretches of the line and never as points.

A name is here only when it is that of a formal crossing. Everything else that published texts name or describe is a
count on a stretch: drawn on a municipality's, listed without a shape where only a state's or a neighbour's is given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from atlas.border_project import shipped_border
from atlas.border_project.expected_region import region
from atlas.errors import EvidenceError
from atlas.evidence import Evidence
from atlas.evidence.decisions import LEAST_FLOOR_M
from atlas.evidence.records import InformalCrossingsCount, NamedInformalCrossing
from atlas.layers.border_segments import Spine
from atlas.layers.layer import Citation, Layer, cited, enclosing_radius_m, intervals, rounded_up, years_of
from atlas.layers.schema import layer_specs
from atlas.layers.totals import on_extent

NAME_STANDS = (
    "Where people cross is not given. The name is that of a formal crossing, whose position is public; "
    "the atlas keeps no position of the informal use."
)
NAMES_WITHHELD = (
    "The texts cited print names; they are not repeated here, because a gazetteer leads from a name to a place beside "
    "the line."
)
# what the texts on the shipped border say besides
_COMMISSION = " The boundary commission withheld its own list for fear of misuse."
GENERALISED = "The place is given as the {unit}'s whole stretch of the border line, not as a point."
NOT_DRAWN = "Too few, or too little known, to be given for a {unit}: counted on a longer stretch and not drawn."

_LAYER = "crossings_informal"
_MUNICIPALITY = "municipality:"


def informal_layer(spine: Spine, evidence: Evidence) -> Layer:
    """Informal use at formal crossings by name, all other informal crossings as counts on a stretch.

    Raises
    ------
    EvidenceError
        A municipality has less border than the floor.
    """
    named = [_named(row, spine, evidence) for row in evidence.crossings_informal_named]
    counted = [_counted(row, spine, evidence) for row in evidence.crossings_informal_counts]
    return Layer.of("crossings_informal", [*named, *counted])


def _named(row: NamedInformalCrossing, spine: Spine, evidence: Evidence) -> dict[str, Any]:
    code = row.municipality_cvegeo
    properties = {
        "name": row.name,
        "named": None,
        "opposite": row.opposite,
        "vehicular": row.vehicular,
        "mode": row.mode,
        "informationWithheld": NAME_STANDS,
        "note": row.note,
    }
    return _feature(
        f"informal-{code}-{_slug(row.name) or row.crossing_id}",
        f"{_MUNICIPALITY}{code}",
        properties,
        (row, spine, evidence),
    )


def _counted(row: InformalCrossingsCount, spine: Spine, evidence: Evidence) -> dict[str, Any]:
    passed = ", passed by vehicles" if row.vehicular == "true" else ""
    properties = {
        "name": f"{_area(row.extent, spine, evidence)}: {row.named} informal crossings in published texts{passed}",
        "named": row.named,
        "opposite": None,
        "vehicular": row.vehicular,
        "mode": None,
        "informationWithheld": NAMES_WITHHELD + _COMMISSION * (region().border is shipped_border()),
        "note": row.note,
    }
    return _feature(f"informal-count-{row.count_id}", row.extent, properties, (row, spine, evidence))


def _feature(
    feature_id: str,
    extent: str,
    properties: dict[str, Any],
    given: tuple[NamedInformalCrossing | InformalCrossingsCount, Spine, Evidence],
) -> dict[str, Any]:
    row, spine, evidence = given
    wanted = on_extent(extent, spine)
    code = extent.removeprefix(_MUNICIPALITY) if extent.startswith(_MUNICIPALITY) else None
    geometry, pairs = spine.stretch(wanted)
    if (length_m := sum(end - start for start, end in pairs) * 1000) < LEAST_FLOOR_M:
        first = next((piece.neighbour for piece in spine.pieces if wanted(piece)), region().border.neighbour_codes[0])
        state = f"{first}:state:{spine.parent(code) if code else '00'}"
        msg = (
            f"{feature_id}: its stretch of the border is {length_m:,.0f} m long, shorter than the floor of "
            f"{LEAST_FLOOR_M:,.0f} m; give it for the state's border, as {state}"
        )
        raise EvidenceError(msg)
    unit = "municipality" if region().border is shipped_border() else "unit"
    placed = {
        "extent": extent,
        "municipality_cvegeo": code,
        "municipality_name": spine.municipalities.name(code) if code else None,
        "neighbours": list(dict.fromkeys(piece.neighbour for piece in spine.pieces if wanted(piece))),
        "chainage_intervals": intervals(pairs) if code else None,
        "outline_uncertainty_m": spine.accuracy_m if code else None,
        "dataGeneralizations": (GENERALISED if code else NOT_DRAWN).format(unit=unit),
    }
    citation = Citation(
        source_ids=row.source_ids,
        as_of=years_of(evidence, row.source_ids),
        confidence=row.confidence,
        uncertainty_m=rounded_up(enclosing_radius_m(geometry)) if code else None,
        protocol="somewhere on the municipality's stretch of the border" if code else "not placed",
        sensitivity="generalised",
    )
    return cited(feature_id, geometry if code else None, _in_order({**properties, **placed}), citation)


def _in_order(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties as the schema lists them."""
    return {field.name: properties[field.name] for field in layer_specs()[_LAYER].fields if field.name in properties}


def _area(extent: str, spine: Spine, evidence: Evidence) -> str:
    """What a stretch is called: a municipality, a state, or a neighbour's border."""
    if extent.startswith(_MUNICIPALITY):
        return spine.municipalities.name(extent.removeprefix(_MUNICIPALITY))
    state = extent.rpartition(":state:")[2] if ":state:" in extent else None
    names = {spine.parent(row.cvegeo): row.state for row in evidence.municipalities if row.state}
    beside = {side.code: f"Border with {side.name['en']}" for side in region().border.neighbours}
    return names[state] if state in names else beside.get(extent.partition(":")[0], "Border")


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
