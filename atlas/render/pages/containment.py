"""``containment.html``: the isthmus band and the belts of 2011 to 2024, year by year, with the lengths beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import shapely

from atlas.geometry.geodesy import length_km, plane_m
from atlas.render.build_context import BuildContext
from atlas.render.extent import Box, home_bounds
from atlas.render.pages.map_page import MapPage
from atlas.render.year_events import year_events

LAYER = "containment"
RAILWAYS = "railways"
LINE = "isthmus_line_length"
RAIL = "isthmus_rail_length"
# an item told as whole states is an outline, not a place
WHOLE = frozenset({"states"})
# the one item that prints how far a place is from the border, and that place in the table of places
FAR, PLACE = "plan_2011", "huixtla"

_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_KILOMETRES = re.compile(r"(?<![\d,.])[,.]*(\d[\d,.]*+) km\b")


def _lengths(edition: BuildContext) -> list[dict[str, Any]]:
    """What is measured beside what is published, of the border that the atlas comes with."""
    return [row for row in (_isthmus(edition), _far(edition)) if row and edition.release.border is None]


def _content(edition: BuildContext) -> Mapping[str, Any]:
    """Whether there are years to choose from, lengths to compare, and events of a timeline."""
    timed = edition.release.border is None
    return {"dated": bool(_years(edition)), "measured": bool(_lengths(edition)), "timed": timed}


def _data(edition: BuildContext) -> Mapping[str, Any]:
    lengths = _lengths(edition)
    cited = {row.item: row.source_ids for row in edition.evidence.containment}
    # each leads to the timeline, which other borders have not
    events = year_events(edition) if edition.release.border is None else []
    return {LAYER: {"years": _years(edition), "lengths": lengths, "cited": cited}, "events": events}


def _years(edition: BuildContext) -> list[int]:
    """First and last year that an item speaks of."""
    features = edition.features.get(LAYER, ())
    named = [int(year) for feature in features for year in _YEAR.findall(str(feature["properties"]["year"]))]
    return [min(named), max(named)] if named else []


def _isthmus(edition: BuildContext) -> dict[str, Any] | None:
    """The straight line between the two settlements, measured, beside the two figures that are published."""
    drawn = _shape(edition, LAYER, "item", LINE)
    if drawn is None:
        return None
    published = [[item, km] for item in (LINE, RAIL) if (km := _printed_km(edition, item)) is not None]
    return {"key": "isthmus", "measured_km": round(length_km(drawn), 1), "published": published}


def _far(edition: BuildContext) -> dict[str, Any] | None:
    """How far a settlement is from the nearest place of the border, in a straight line, beside what is printed."""
    number = next((place.geonameid for place in edition.evidence.places if place.place_id == PLACE), 0)
    town = _shape(edition, "basemap", "id", f"settlement-{number:08d}")
    printed = _printed_km(edition, FAR)
    line = [shape for shape in edition.shapes.get("border", ()) if shape is not None]
    if town is None or printed is None or not line:
        return None
    # a plane around the settlement is true to a thousandth at this distance
    flat = shapely.transform(line, lambda positions: plane_m(positions, (town.x, town.y)))
    metres = float(shapely.distance(flat, shapely.Point(0, 0)).min())
    return {"key": PLACE, "measured_km": round(metres / 1000, 1), "published": [[FAR, printed]]}


def _shape(edition: BuildContext, layer: str, field: str, wanted: str) -> Any:  # noqa: ANN401 - a shapely geometry or nothing
    for feature, shape in zip(edition.features.get(layer, ()), edition.shapes.get(layer, ()), strict=True):
        if wanted == (feature.get("id") if field == "id" else feature["properties"].get(field)):
            return shape
    return None


def _printed_km(edition: BuildContext, item: str) -> float | None:
    """The kilometres that stand in the words of an item; nothing when there are none."""
    for feature in edition.features.get(LAYER, ()):
        if feature["properties"]["item"] == item and (match := _KILOMETRES.search(str(feature["properties"]["what"]))):
            return float(match[1].replace(",", ""))
    return None


def _frame(edition: BuildContext) -> Box:
    """Where the lines and belts are: an outline of whole states reaches far beyond them."""
    pairs = zip(edition.features.get(LAYER, ()), edition.shapes.get(LAYER, ()), strict=True)
    near = [shape for feature, shape in pairs if shape is not None and feature["properties"]["shape"] not in WHOLE]
    if not near:
        return home_bounds(edition, LAYER)
    west, south, east, north = (round(float(value), 4) for value in shapely.total_bounds(near))
    return west, south, east, north


PAGE = MapPage(
    LAYER,
    layers=("border", LAYER, RAILWAYS),
    shown=("border", LAYER, RAILWAYS),
    home=LAYER,
    frame=_frame,
    styles=("notice.css", "containment.css", "year-events.css"),
    layout="containment.html.j2",
    data=_data,
    content=_content,
).page
