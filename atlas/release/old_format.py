"""Releases of before there were boxes: their places, held against a project's map of boxes.

A record that left before at an old place, and leaves now in a box, lies where both meet. So each old place is a guide:
a box may hold nothing of it, or as much as the floor. Where a box holds less, the release is refused, and
`atlas boxes --after DIR` makes that project's own map, in which such boxes are joined with their neighbours. Dates
don't matter: a site is visited in several years.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.errors import InputError, PolicyError, listed
from atlas.geojson.collection import read_collection
from atlas.geojson.shapely_geometries import placed_shape
from atlas.published.sensitivity import Sensitivity
from atlas.release.box_floor import Guides, lacking_of_guides
from atlas.release.box_levels import BOX
from atlas.release.boxes import BoxMap
from atlas.release.manifest import RECORDS

_LEVEL = "level"
_SHOWN = 6


def is_old_release(folder: Path) -> bool:
    """Whether a folder holds a release of before there were boxes."""
    return bool(old_places([folder])) if (folder / RECORDS).is_file() else False


def old_places(folders: Iterable[Path]) -> Mapping[str, BaseGeometry]:
    """The places that old releases have drawn, by their names, in degrees; none for a release in boxes.

    Raises
    ------
    InputError
        A folder holds no release, or its records cannot be read.
    """
    places: dict[str, BaseGeometry] = {}
    for folder in folders:
        path = folder / RECORDS
        if not path.is_file():
            msg = f"{folder} holds no release: there is no {RECORDS} in it; give the folder that was published"
            raise InputError(msg)
        for feature in read_collection(path):
            properties = feature.get("properties") or {}
            place, shape = properties.get("place"), feature.get("geometry")
            if place is None or shape is None or _LEVEL in properties:
                continue
            if properties.get("sensitivity") == Sensitivity.GENERALISED and place not in places:
                places[str(place)] = shapely.make_valid(placed_shape(shape))
    return places


def cut_boxes(boxes: BoxMap, places: Mapping[str, BaseGeometry]) -> dict[str, list[str]]:
    """The boxes of which old places hold something, and less than the floor: names of the places by box."""
    lines = {name: shape for name, shape in places.items() if shape.geom_type.endswith("LineString")}
    areas = {name: shape for name, shape in places.items() if shape.geom_type.endswith("Polygon")}
    cut: dict[str, list[str]] = {}
    everywhere = shapely.union_all(list(places.values())) if places else shapely.Point()
    shapely.prepare(everywhere)
    for place_id in boxes.names(BOX):
        place = boxes.place(place_id)
        near = place is not None and shapely.intersects(everywhere, place.shape)
        if place is not None and near and (lacking := lacking_of_guides(place.shape, Guides(lines, areas))):
            cut[place_id] = list(lacking)
    return cut


def refuse_cut_boxes(boxes: BoxMap, folders: Iterable[Path]) -> None:
    """Refuse to release beside old releases whose places would cut a box below the floor.

    Raises
    ------
    PolicyError
        With the boxes, and the command that makes a map for this project.
    """
    held = [folder for folder in folders if is_old_release(folder)]
    if not held or not (cut := cut_boxes(boxes, old_places(held))):
        return
    named = " ".join(str(folder) for folder in held)
    faults = [f"{box} and {', '.join(places[:2])}" for box, places in cut.items()]
    headline = (
        f"{named}: a release of the format before there were boxes; what its places and {len(cut)} boxes have in "
        "common is smaller than the floor, and a record that leaves in both would lie there. "
        f"Make a map for this project with `atlas boxes --after {named}`, and release with that"
    )
    raise PolicyError(listed(headline, faults, shown=_SHOWN))
