"""Rules on polygons as shapes: crossings, holes outside, parts within parts."""

from __future__ import annotations

import re

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.check.messages import place
from atlas.check.model import Findings
from atlas.check.position_batch import Kind, Parts, distinct

_REASON = re.compile(r"(?P<what>[^\[]*)(?:\[(?P<lon>\S+) (?P<lat>\S+)\])?")
_RULES = {
    "Self-intersection": "self-intersection",
    "Ring Self-intersection": "self-intersection",
    "Hole lies outside shell": "hole-outside",
}
_REMEDIES = {
    "self-intersection": "Rings cross or touch along a stretch near {at}: untangle them there.",
    "hole-outside": "A hole lies outside its outer ring near {at}: remove it, or make it a polygon.",
}

Shapes = NDArray[np.object_]


def polygons_of(parts: Parts) -> tuple[Shapes, NDArray[np.int64]]:
    """Polygons of all whose rings are sound, and for each the part that is its outer ring."""
    ringed = parts.rings
    broken = distinct(parts.polygons[ringed & ~parts.sound])
    usable = np.flatnonzero(ringed & ~np.isin(parts.polygons, broken))
    if not len(usable):
        return np.array([], dtype=object), np.array([], dtype=np.int64)
    chosen = np.isin(parts.part_of, usable)
    ring_of = np.searchsorted(usable, parts.part_of[chosen])
    rings = shapely.linearrings(parts.xy[chosen], indices=ring_of)
    outer = usable[parts.kinds[usable] == Kind.SHELL]
    # rings are in the order of the file, each outer ring before its holes
    made = shapely.polygons(rings, indices=np.searchsorted(parts.polygons[outer], parts.polygons[usable]))
    return np.asarray(made, dtype=object), outer


def look_at_polygons(parts: Parts, findings: Findings) -> tuple[Shapes, NDArray[np.int64]]:
    """Hold polygons against the rules; gives the areas of the features that are sound, and their indexes."""
    made, outer = polygons_of(parts)
    valid = shapely.is_valid(made)
    for index in np.flatnonzero(~valid).tolist():
        _report(parts, findings, int(outer[index]), str(shapely.is_valid_reason(made[index])))
    parts.sound[outer[~valid]] = False
    owners = parts.owners[outer]
    items, counts = np.unique(owners, return_counts=True)
    # a feature with faulty rings is no area to compare with others
    whole = ~np.isin(items, parts.owners[parts.rings & ~parts.sound])
    items, counts = items[whole], counts[whole]
    if not len(items):
        return np.array([], dtype=object), items
    kept = np.isin(owners, items)
    areas = shapely.multipolygons(made[kept], indices=np.searchsorted(items, owners[kept]))
    several = counts > 1
    valid_areas = np.ones(len(areas), dtype=np.bool_)
    valid_areas[several] = shapely.is_valid(areas[several])
    for index in np.flatnonzero(~valid_areas).tolist():
        first = int(outer[np.flatnonzero(owners == items[index])[0]])
        # what is only collected may overlap
        if "geometries" not in parts.batch.paths[first]:
            _report(parts, findings, first, str(shapely.is_valid_reason(areas[index])), whole_item=True)
    return areas[valid_areas], items[valid_areas]


def _report(parts: Parts, findings: Findings, part: int, reason: str, *, whole_item: bool = False) -> None:
    match = _REASON.match(reason)
    what = match["what"].strip() if match else reason
    position = (float(match["lon"]), float(match["lat"])) if match and match["lon"] else None
    rule = _RULES.get(what, "polygon-invalid")
    at = place(position) if position else "its first position"
    message = _REMEDIES.get(rule, f"{what} near {{at}}: draw the area anew there.").format(at=at)
    path = parts.batch.paths[part][: -2 if whole_item else -1]
    if rule == "self-intersection" and whole_item:
        rule = "overlap-parts"
        message = f"Two parts of the area overlap or share an edge near {at}: merge them."
    findings.add(rule, parts.item(part), message, path=path, position=position)
