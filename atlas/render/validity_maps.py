"""Where cards and visas are valid: one small map each, and in words what cannot be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from atlas.render.bibliography import reference
from atlas.render.build_context import BuildContext
from atlas.render.thumbnail import Stroke, area_within, ground_within, view_box

LAYER = "programmes"
KINDS = ("card", "visa")
MARGIN_DEG = 0.25
# where an outline comes from is said beside the layer, not as what says that a card is valid
_OUTLINES = frozenset({"inegi_mg", "gshhg"})
SHOWN = ("name", "areas", "as_of", "since", "until", "term", "hedge", "note")


def validity(edition: BuildContext) -> Mapping[str, Any]:
    """The ground of the small maps, their view box, and the instruments: those with an area first."""
    pairs = zip(edition.features.get(LAYER, ()), edition.shapes.get(LAYER, ()), strict=True)
    chosen = [(f, shape) for f, shape in pairs if f["properties"]["programme_kind"] in KINDS]
    order = [f"programme-{row.programme_id.replace('_', '-')}" for row in edition.evidence.programmes]
    chosen.sort(key=lambda pair: order.index(pair[0]["id"]))
    drawn = [shape for _, shape in chosen if shape is not None]
    if not drawn:
        return {"ground": (), "view": "0 0 1 1", "instruments": []}
    west, south, east, north = (float(value) for value in shapely.total_bounds(np.array(drawn, dtype=object)))
    box = (west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG)
    window = shapely.box(*box)
    instruments = [_instrument(edition, feature, shape, window) for feature, shape in chosen]
    return {
        "ground": ground_within(edition, window),
        "view": view_box(box),
        "instruments": [one for one in instruments if one["area"]] + [one for one in instruments if not one["area"]],
    }


def _instrument(edition: BuildContext, feature: Mapping[str, Any], shape: Any, window: Any) -> dict[str, Any]:  # noqa: ANN401 - shapely geometries
    cited = feature["properties"]["source_ids"]
    area: Stroke | None = None if shape is None else area_within("t-programmes t-area", shape, window)
    return {
        **{name: feature["properties"][name] for name in SHOWN},
        "id": feature["id"],
        "area": area.d if area else None,
        "sources": [reference(edition.evidence.sources[one]) for one in cited if one not in _OUTLINES],
    }
