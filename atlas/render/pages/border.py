"""``border.html``: the line by nature and neighbour, straightened into a strip, and measured with rulers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from atlas.border_project import shipped_border
from atlas.claims import in_unit
from atlas.evidence import citations
from atlas.evidence.records import BorderLength
from atlas.evidence.spec import pairs_of
from atlas.geojson.geometries import line_of
from atlas.geometry.geodesy import Positions
from atlas.geometry.ruler import walk
from atlas.render import packing
from atlas.render.build_context import BuildContext
from atlas.render.motifs import straightened
from atlas.render.pages.map_page import MapPage
from atlas.render.thumbnail import Sketch

BORDER = "border"
# layers that stand in the strip by their stretches of the line
STRETCHED = ("municipalities", "crossings_formal", "crossings_informal", "crossings_reported")
PER_DEGREE = 1_000_000
WHOLE = "both"
RULERS_KM = (1.0, 2.5, 10.0, 25.0, 100.0)
# pairs of countries, as the table of lengths has them: the first is of the neighbour with the longest line
MAIN_PAIR = pairs_of(shipped_border())[0]
PART = "part:"
UNSOURCED = "not_found"
_LENGTH = "border_length"
# miles are rounded when they are printed as kilometres
_SAME_KM = 0.6
COMPUTED = "computed"


def parts_of(edition: BuildContext) -> dict[str, Positions]:
    """The line by neighbour, in the order of the chainage, at full resolution (longitude, latitude in degrees)."""
    features = sorted(edition.features.get(BORDER, ()), key=lambda feature: feature["properties"]["chainage_from_km"])
    lines: dict[str, list[Any]] = {}
    for feature in features:
        lines.setdefault(feature["properties"]["neighbour"], []).extend(line_of(feature))
    return {neighbour: _without_repeats(np.array(line, dtype=float)) for neighbour, line in lines.items()}


def published(edition: BuildContext) -> list[BorderLength]:
    """Lengths of the whole line with the main neighbour that others published, shortest first.

    The project's own computations are left out: the atlas has one length of its own, that of the layer.
    """
    whole = [
        length
        for length in edition.evidence.border_lengths
        if length.border == MAIN_PAIR
        and not length.definition.startswith(PART)
        and length.confidence not in {UNSOURCED, COMPUTED}
    ]
    return sorted(whole, key=lambda length: (length.length_km, length.year or 0))


def _without_repeats(line: Positions) -> Positions:
    keep = np.append([True], np.any(np.diff(line, axis=0) != 0, axis=1))
    kept: Positions = line[keep]
    return kept


def _data(edition: BuildContext) -> Mapping[str, Any]:
    parts = parts_of(edition)
    steps, sizes = packing.pack([np.round(line * PER_DEGREE).astype(np.int64) for line in parts.values()])
    return {
        "line": {"perDegree": PER_DEGREE, "steps": steps, "sizes": sizes, "neighbours": list(parts)},
        "stretches": {name: [_stretches(feature) for feature in edition.features.get(name, ())] for name in STRETCHED},
        "lengths": [_length(edition, length, claimed_km(edition)) for length in published(edition)],
    }


def _stretches(feature: Mapping[str, Any]) -> list[Sequence[float]] | None:
    intervals: list[Sequence[float]] | None = feature["properties"].get("chainage_intervals")
    return intervals


def claimed_km(edition: BuildContext) -> float | None:
    """The length of the line with the main neighbour that a claim gives, in km; None without such a claim."""
    main = (edition.release.border or shipped_border()).neighbour_codes[0]
    checks = {row.claim_id for row in edition.evidence.claim_checks if (row.check, row.argument) == (_LENGTH, main)}
    claims = (claim for claim in edition.evidence.claims if claim.claim_id in checks)
    return next((km for claim in claims if (km := in_unit(claim, "km")) is not None), None)


def _length(edition: BuildContext, length: BorderLength, claimed: float | None) -> dict[str, Any]:
    sources = [edition.evidence.sources[source] for source in length.source_ids]
    return {
        "km": length.length_km,
        "stated": length.length_as_printed,
        "definition": length.definition,
        "publisher": "; ".join(name for name in (citations.who(source, "en") for source in sources) if name) or None,
        "claimant": length.claimant,
        "bound": length.bound,
        "hedge": length.hedge,
        "year": length.year,
        "basis": length.date_basis,
        "sources": length.source_ids,
        **({"marked": True} if claimed is not None and abs(length.length_km - claimed) < _SAME_KM else {}),
    }


def _content(edition: BuildContext) -> Mapping[str, Any]:
    parts = parts_of(edition)
    lines = {**parts, WHOLE: _without_repeats(np.vstack(list(parts.values())))} if parts else {}
    geodesic = {name: round(math.fsum(_lengths(edition, name)), 1) for name in lines}
    rows = [(ruler, {name: _walked(line, ruler) for name, line in lines.items()}) for ruler in RULERS_KM]
    return {"parts": list(lines), "geodesic": geodesic, "rulers": rows}


def _lengths(edition: BuildContext, part: str) -> list[float]:
    """Lengths in km of the layer's pieces of a part: the one length that the atlas has of its own."""
    pieces = [feature["properties"] for feature in edition.features.get(BORDER, ())]
    return [piece["length_km"] for piece in pieces if part in {WHOLE, piece["neighbour"]}]


def _walked(line: Positions, ruler_km: float) -> float:
    return round(walk(line, ruler_m=ruler_km * 1000).length_km, 1)


def _cited(edition: BuildContext) -> frozenset[str]:
    return frozenset(source for length in published(edition) for source in length.source_ids)


PAGE = MapPage(
    "border",
    layers=(BORDER, "border_reaches", *STRETCHED),
    shown=(BORDER, "municipalities", "crossings_formal"),
    styles=("strip.css", "border.css"),
    layout="border.html.j2",
    data=_data,
    content=_content,
    cited=_cited,
    sketch=Sketch(motif=straightened),
).page
