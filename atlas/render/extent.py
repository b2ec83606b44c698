"""How far the layers of an edition reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import shapely

from atlas.border_project import box_of, land_kinds
from atlas.render.build_context import BuildContext
from atlas.render.contract import USER_LAYER

# land of this side, in the atlas and in projects of other borders, and of the other side
LAND = (*land_kinds(), "land_neighbours")
Box = tuple[float, float, float, float]
# margin around what lies beyond the base map, as a share of its extent
SHEET_PAD = 0.08


def home_bounds(edition: BuildContext, layer: str = "border") -> Box:
    """What a map shows first: west, south, east (beyond 180° where it goes across), north in degrees of a layer."""
    for name in (layer, *edition.release.names):
        if name in edition.release.names and (box := edition.release.record(name)["bbox"]):
            return box_of(box)
    return -180.0, -85.0, 180.0, 85.0


def sheet_bounds(edition: BuildContext) -> Box:
    """Where the base map ends: west, south, east, north in degrees."""
    kinds = (*LAND, "land_world")
    land = [shape for kind in kinds for shape in of_kind(edition, kind) if shape is not None]
    if not land:
        return home_bounds(edition)
    west, south, east, north = (round(float(value), 4) for value in shapely.total_bounds(land))
    for name in edition.release.names:
        if name.split("-")[0] == USER_LAYER and (box := edition.release.record(name)["bbox"]):
            if west <= box[0] and south <= box[1] and box[2] <= east and box[3] <= north:
                continue
            # a sign on the very edge of the sheet would be half a sign
            pad = SHEET_PAD * max(box[2] - box[0], box[3] - box[1], 1.0)
            west, south = max(-180.0, min(west, box[0] - pad)), max(-85.0, min(south, box[1] - pad))
            # data on both sides of 180° go on beyond it
            most = 180.0 if box[2] <= 180 else west + 360  # noqa: PLR2004 - degrees
            east, north = min(most, max(east, box[2] + pad)), min(85.0, max(north, box[3] + pad))
    return west, south, east, north


def of_kind(edition: BuildContext, kind: str, *, thinned: bool = True) -> list[Any]:
    """Shapes of the base map's features of one kind, thinned for small drawings or as they are."""
    features: Sequence[Mapping[str, Any]] = edition.features.get("basemap", ())
    shapes = (edition.outlines if thinned else edition.shapes).get("basemap", ())
    return [shape for feature, shape in zip(features, shapes, strict=True) if feature["properties"]["kind"] == kind]
