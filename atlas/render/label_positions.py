"""Where words stand on a map: chosen for countries, seas and states, the middle for each municipality."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from atlas.geojson.strict import read_json_file
from atlas.render.build_context import BuildContext
from atlas.render.extent import of_kind
from atlas.render.page_texts import SHIPPED
from atlas.render.project_words import LABEL

PLACEMENTS = SHIPPED / "placements.json"
MUNICIPALITIES = "municipalities"
REGIONS = "neighbour_regions"
# from half a zoom on they stand beside the line (web/src/line-names.js)
_BESIDE_LINE = 8.4
# layer whose areas are named: kind of the name, and the zooms that show it
NAMED: Mapping[str, tuple[str, float, float]] = {
    MUNICIPALITIES: ("municipality", 9.0, 14.0),
    REGIONS: ("region", 7.5, 13.0),
}


@lru_cache(maxsize=1)
def placements(edition: BuildContext) -> list[dict[str, Any]]:
    """Names with the position of their middle (longitude, latitude in degrees) and the zooms that show them."""
    if edition.release.border is not None:
        fixed = [*_countries(edition), *_labels(edition)]
    else:
        fixed = read_json_file(PLACEMENTS, remedy="restore the file from the project")
    return [*fixed, *(name for layer in NAMED for name in _areas(edition, layer))]


@lru_cache(maxsize=1)
def seats(edition: BuildContext) -> list[str]:
    """Ids of the base map's settlements that are the seat of a municipality of the atlas: same name, inside it."""
    areas = edition.shapes.get(MUNICIPALITIES, [])
    towns = edition.shapes.get("basemap", [])
    if not len(areas) or not len(towns):
        return []
    town, area = shapely.STRtree(areas).query(towns, predicate="within")
    features = edition.features
    return sorted(
        str(features["basemap"][i]["id"])
        for i, j in zip(town.tolist(), area.tolist(), strict=True)
        if features["basemap"][i]["properties"].get("name") == features[MUNICIPALITIES][j]["properties"].get("seat")
    )


def _countries(edition: BuildContext) -> list[dict[str, Any]]:
    """Names of the two sides of another border, where there is most room for them, in the words of its layers."""
    border = edition.release.border
    if border is None:
        return []
    rooms = {"land_here": border.here, "land_neighbours": border.neighbours[0]}
    placed = []
    placed_by_hand = {label.name["en"] for label in border.labels}
    for kind, side in rooms.items():
        # the project places the name itself
        if side.name["en"] in placed_by_hand:
            continue
        # land of several neighbours is one area: its room would have the name of one of them
        if kind == "land_neighbours" and len(border.neighbours) > 1:
            continue
        for shape in of_kind(edition, kind)[:1]:
            middle = shapely.get_coordinates(shapely.get_point(shapely.maximum_inscribed_circle(shape, 0.05), 0))[0]
            at = [round(float(value), 4) for value in middle]
            placed.append({"kind": "country", "name": side.name["en"], "at": at, "from": 4, "to": _BESIDE_LINE})
    return placed


def _labels(edition: BuildContext) -> list[dict[str, Any]]:
    """Names that the project file places on the maps."""
    border = edition.release.border
    return [
        {"kind": one.kind, "key": f"{LABEL}{n}", "at": list(one.position), "from": one.least, "to": one.most}
        for n, one in enumerate(border.labels if border else (), start=1)
    ]


def _areas(edition: BuildContext, layer: str) -> list[dict[str, Any]]:
    areas = edition.outlines.get(layer, [])
    if not len(areas):
        return []
    circles = shapely.maximum_inscribed_circle(areas, tolerance=0.02)
    middles = np.round(shapely.get_coordinates(shapely.get_point(circles, 0)), 4).tolist()
    names = [feature["properties"]["name"] for feature in edition.features[layer]]
    kind, least, most = NAMED[layer]
    return [
        {"kind": kind, "name": n, "at": at, "from": least, "to": most} for n, at in zip(names, middles, strict=True)
    ]
