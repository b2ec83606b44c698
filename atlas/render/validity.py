"""Where cards and visas are valid: one small map each, and in words what cannot be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from atlas.render.edition import Edition
from atlas.render.thumbnail import Stroke, area_within, ground_within, view_box

LAYER = "programmes"
KINDS = ("card", "visa")
MARGIN_DEG = 0.25
_OUTLINES = frozenset({"inegi_mg", "gshhg"})
SHOWN = ("name", "areas", "as_of", "since", "until", "term", "hedge", "note")


def validity(edition: Edition) -> Mapping[str, Any]:
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


def _instrument(edition: Edition, feature: Mapping[str, Any], shape: Any, window: Any) -> dict[str, Any]:  # noqa: ANN401 - shapely geometries
    area: Stroke | None = None if shape is None else area_within("t-programmes t-area", shape, window)
    return {
        **{name: feature["properties"][name] for name in SHOWN},
        "id": feature["id"],
        "area": area.d if area else None,
        "sources": _sources(edition, feature["properties"]["source_ids"]),
    }


def _sources(edition: Edition, ids: Sequence[str]) -> list[dict[str, Any]]:
    """The texts that say it; where the outline comes from is said beside the layer."""
    known = [edition.evidence.sources[one] for one in ids if one not in _OUTLINES]
    return [
        {
            "title": one.title,
            "who": ", ".join(str(part) for part in (one.publisher, one.year) if part),
            "language": one.language or "en",
            "url": one.url if one.url and one.url.startswith(("https://", "http://")) else None,
        }
        for one in known
    ]
