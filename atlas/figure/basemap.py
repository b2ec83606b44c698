"""The quiet ground of every map: sea, land, lakes, rivers, limits, and names of countries, seas, states and towns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.border_project import land_kinds
from atlas.figure import signs
from atlas.figure.figure_texts import SHIPPED, Words
from atlas.figure.frame import MapFrame, shape_of
from atlas.figure.labels import Look, place_beside, place_over, spaced
from atlas.figure.paper import QUIET, Type
from atlas.geojson.strict import read_json_file

ANCHORS = SHIPPED / "anchors.json"
# better places of these on a page
MOVED = SHIPPED / "moved.json"
STYLES: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("land_neighbours", {"facecolor": signs.NEIGHBOUR, "edgecolor": "#9c9c9c", "linewidth": 0.3}),
    *((kind, {"facecolor": signs.HERE, "edgecolor": "#9c9c9c", "linewidth": 0.3}) for kind in land_kinds()),
    ("water", {"facecolor": signs.SEA, "edgecolor": signs.RIVER_BASE, "linewidth": 0.3}),
    ("river", {"edgecolor": signs.RIVER_BASE, "linewidth": 0.45}),
    ("state", {"edgecolor": signs.STATE_LIMIT, "linewidth": 0.55, "linestyle": (0, (4, 1.5))}),
    ("neighbour_border", {"edgecolor": "#8a8a8a", "linewidth": 0.7, "linestyle": (0, (5, 1.5, 1, 1.5))}),
)
LARGE = 2
# of edges of the box, which are parallels and meridians
_BEND_DEG = 0.5
SMALL_TOWN = 3


def moved_names(page: str) -> Mapping[str, tuple[float, float]]:
    """Where names stand on a page that has no room for them elsewhere, in degrees, by their keys."""
    places = read_json_file(MOVED, remedy="install the atlas again, or restore the file from the project")
    return {key: (lon, lat) for key, (lon, lat) in places.get(page, {}).items()}


def draw_base(frame: MapFrame, features: Sequence[Mapping[str, Any]], sea: BaseGeometry) -> None:
    """Areas and lines of the base map, from the sea up; beyond ``sea``, in degrees, nothing is known, not even that."""
    laid = frame.laid(shapely.segmentize(sea, _BEND_DEG))
    is_whole = laid.covers(shapely.box(0, 0, frame.area.width, frame.area.height))
    frame.axes.set_axis_on()
    frame.axes.set(xticks=[], yticks=[], facecolor=signs.SEA if is_whole else "white")
    frame.axes.spines[:].set_visible(False)
    if not is_whole:
        frame.draw(laid, facecolor=signs.SEA, edgecolor=signs.RIVER_BASE, linewidth=0.4)
    for kind, style in STYLES:
        for feature in features:
            if feature["properties"]["kind"] == kind:
                frame.draw(frame.shape(feature), **style)


def name_regions(frame: MapFrame, words: Words, kind: Type, moved: Mapping[str, tuple[float, float]]) -> None:
    """Names of countries, seas and states where there is room; ``moved`` has better places, in degrees, for a page."""
    looks = {
        "country": (Look(kind.body + 1.5, "#4a4a4a", signs.NEIGHBOUR, bold=True), 14.0),
        "sea": (Look(kind.body, "#2f6c93", signs.SEA, italic=True), 14.0),
        "state": (Look(kind.small, "#7a6c48", signs.HERE, bold=True), 9.0),
    }
    for anchor in _anchors(Path(ANCHORS)):
        at = frame.place(*moved.get(anchor["key"], anchor["at"]))
        look, reach = looks[anchor["kind"]]
        if 0 < at[0] < frame.area.width and 0 < at[1] < frame.area.height:
            name = words(f"place.{anchor['key']}")
            place_over(frame, at, spaced(name) if anchor["kind"] != "sea" else name, look, reach=reach)


def name_settlements(
    frame: MapFrame, features: Sequence[Mapping[str, Any]], words: Words, kind: Type, most: int
) -> None:
    """Dots and names of the largest settlements, at most so many; one without room for its name is left out."""
    towns = [f["properties"] | {"at": shape_of(f)} for f in features if f["properties"]["kind"] == "settlement"]
    south, north = frame.extent.south, frame.extent.north
    towns = [town for town in towns if south < town["at"].y < north]
    towns = [town | {"shown": words.text_of(f"town.{town['name']}", town["name"])} for town in towns]
    towns.sort(key=lambda town: (town["rank"], -(town["population"] or 0), town["name"]))
    drawn = 0
    for town in towns:
        if drawn >= most or town["rank"] > SMALL_TOWN:
            return
        drawn += _settlement(frame, town, kind)


def _settlement(frame: MapFrame, town: Mapping[str, Any], kind: Type) -> bool:
    at = frame.place(town["at"].x, town["at"].y)
    spot = shapely.Point(at)
    crowded = any(
        box.left - 0.6 < at[0] < box.right + 0.6 and box.bottom - 0.6 < at[1] < box.top + 0.6 for box in frame.taken
    )
    if crowded or not place_beside(frame, at, town["shown"], Look(kind.small, QUIET, "#f4f1ea")):
        return False
    signs.town(frame.axes, at, filled=town["rank"] <= LARGE)
    frame.keep_clear(spot, half=0.8)
    return True


def _anchors(path: Path) -> list[dict[str, Any]]:
    anchors: list[dict[str, Any]] = read_json_file(path, remedy="restore the file from the project")
    return anchors
