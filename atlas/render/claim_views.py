"""Which map shows what a claim speaks of, and where on it: the address that a row of the audit leads to."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely

from atlas.evidence.placings import ClaimCheck
from atlas.render.build_context import BuildContext

# a map of this many pixels holds what the address names, on a phone with one step outwards
WIDTH, HEIGHT = 620.0, 520.0
TILE = 256.0
CLOSEST, STEP = 12.0, 0.25

Properties = Mapping[str, Any]
Wanted = Callable[[Properties, str], bool]

# check of claim_checks.csv → layer that it looks at, and which of its features the argument means
_SUBJECTS: Mapping[str, tuple[str, Wanted]] = MappingProxyType(
    {
        "border_length": ("border", lambda held, argument: argument in {"", held["neighbour"]}),
        "border_rivers": ("border", lambda held, argument: argument in {"", held["neighbour"]} and held["river_name"]),
        "municipalities": ("municipalities", lambda held, argument: held["cvegeo"].startswith(argument)),
        "reported_totals": ("crossings_reported", lambda held, argument: held["extent"] == argument),
        "reported_vehicular": ("crossings_reported", lambda held, argument: held["extent"] == argument),
        "place_pair": ("containment", lambda held, argument: held["item"] == argument),
        "facilities": ("facilities", lambda held, argument: held["kind"] == argument),
    }
)
# pages that have to be told which of their layers the claim is about
_LAYERS: Mapping[str, str] = MappingProxyType(
    {"atlas": "border,municipalities,facilities", "crossings": "border,crossings_reported"}
)


def view_of(edition: BuildContext, check: ClaimCheck) -> str | None:
    """Page and state, ``border.html#map=7/16/-91``, that show what a claim is about; None without a page."""
    if check.page is None:
        return None
    state = {"layers": _LAYERS.get(check.page), **_place(edition, check)}
    text = "&".join(f"{key}={value}" for key, value in state.items() if value)
    return f"{check.page}.html" + (f"#{text}" if text else "")


def _place(edition: BuildContext, check: ClaimCheck) -> dict[str, str]:
    """Zoom, latitude and longitude in degrees as the maps write them into their address, and the year of a belt."""
    if check.check not in _SUBJECTS:
        return {}
    layer, wanted = _SUBJECTS[check.check]
    pairs = zip(edition.features.get(layer, ()), edition.shapes.get(layer, ()), strict=True)
    placed = [
        (feature, shape) for feature, shape in pairs if shape and wanted(feature["properties"], check.argument or "")
    ]
    if not placed:
        return {}
    bounds = shapely.total_bounds(np.array([shape for _, shape in placed], dtype=object)).tolist()
    year = str(placed[0][0]["properties"]["year"] or "")[:4] if layer == "containment" else ""
    return {"year": year, "map": _centred(bounds)}


def _centred(bounds: Sequence[float]) -> str:
    west, south, east, north = bounds
    low, high = _northing(south), _northing(north)
    wide, tall = max(east - west, 1e-6) / 360, max(high - low, 1e-9)
    zoom = min(math.log2(WIDTH / (TILE * wide)), math.log2(HEIGHT / (TILE * tall)), CLOSEST)
    latitude = math.degrees(math.atan(math.sinh(math.pi * (low + high))))
    return f"{math.floor(zoom / STEP) * STEP:g}/{latitude:.4f}/{(west + east) / 2:.4f}"


def _northing(latitude: float) -> float:
    """Web Mercator's northing of a latitude in degrees, as a share of the world's height, from the equator."""
    return math.asinh(math.tan(math.radians(latitude))) / (2 * math.pi)
