"""Holds a map of boxes against the floor by other means than those that built it.

| what | in `box_floor` | here |
|---|---|---|
| width | edges of the hull, in a plane | shadows in 5,000 directions, in an azimuthal equidistant plane |
| area | in that plane | on the ellipsoid, by its rings |
| circle | largest circle inside | what is left when 4 km are taken off the edge |
| guides | the line cut by the polygons | a walk in steps of 20 m, each labelled by the map as a record is |
| partition | noded edges | areas add up to that of the union, and no two interiors meet |

*Why it is right.* A shadow (the extent in one direction) changes by at most the diameter times the turn, so that
between two directions that are tried the least width is less than the least shadow by no more than that: this is
taken off.

*Invariant*: reads the map as a release reads it, from its file, and the project's layers; never the builder's numbers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.geodesy import Positions, area_km2, ellipsoid
from atlas.release.box_floor import CIRCLE_KM, FLOOR_KM, LEAST_KM2, LINE_KM
from atlas.release.box_levels import BOX
from atlas.release.boxes import BoxMap
from atlas.release.ground import Ground

_DIRECTIONS = 5_000
_STEP_KM = 0.02
# a walk in steps may miss one at either end of a box, and of each of several pieces
_WALK_KM = 0.1
_AREA_SHARE = 1e-7


def faults_of(boxes: BoxMap, ground: Ground, beyond: BaseGeometry | None = None) -> list[str]:
    """What a map lacks of the floor, a sentence each; none for a map that may be used."""
    faults = list(_partition_faults(boxes))
    home = shapely.union_all([ground.land, *(each.shape for each in ground.municipalities)], grid_size=1e-6)
    for place_id in boxes.names(BOX):
        place = boxes.place(place_id)
        if place is None:
            continue
        land = _within(home, place.shape)
        if beyond is not None and boxes.levels.parts[boxes.coarser(place_id, "section").partition(" ")[2]] == "beyond":
            land = shapely.intersection(place.shape, beyond)
        faults += (f"{place_id}: {fault}" for fault in _floor_faults(land))
    for guide, line in (("border", ground.border), ("corridor", ground.corridor)):
        if line is not None:
            faults += (f"{place_id}: {fault}" for place_id, fault in _guide_faults(boxes, guide, line))
    return faults


def _within(land: BaseGeometry, shape: BaseGeometry) -> BaseGeometry:
    """The land of a shape; most boxes are all land."""
    shapely.prepare(land)
    if shapely.contains_properly(land, shape):
        return shape
    near = shapely.clip_by_rect(land, *shapely.bounds(shapely.buffer(shape, 0.01)).tolist())
    return shapely.intersection(near, shape)


def _floor_faults(shape: BaseGeometry) -> Iterator[str]:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    part = max(parts, key=area_km2, default=None)
    if part is None:
        yield "no land"
        return
    plane = _around(part)
    if (width := least_shadow_km(plane)) < FLOOR_KM:
        yield f"{width:.2f} km wide"
    if (area := area_km2(part)) < LEAST_KM2:
        yield f"{area:.1f} km²"
    if shapely.buffer(plane, -CIRCLE_KM / 2, quad_segs=32).is_empty:
        yield f"no circle of {CIRCLE_KM:g} km fits inside"


def _around(shape: BaseGeometry) -> BaseGeometry:
    """A shape in km from its middle, distances and directions from there as they are on the ellipsoid."""
    middle = shapely.centroid(shape)

    def moved(at: Positions) -> Positions:
        start = np.broadcast_to([middle.x, middle.y], at.shape)
        azimuth, _, away_m = ellipsoid().inv(start[:, 0], start[:, 1], at[:, 0], at[:, 1])
        turned = np.radians(azimuth)
        return np.column_stack([np.sin(turned), np.cos(turned)]) * (np.asarray(away_m) / 1000)[:, None]

    return shapely.transform(shape, moved)


def least_shadow_km(plane: BaseGeometry) -> float:
    """A lower bound of the least width of a shape in km: its least shadow, less what may lie between two directions."""
    corners = shapely.get_coordinates(shapely.convex_hull(plane))
    turn = math.pi / _DIRECTIONS
    angles = np.arange(_DIRECTIONS) * turn
    shadows = np.ptp(corners @ np.vstack([np.cos(angles), np.sin(angles)]), axis=0)
    return float(shadows.min() - shadows.max() * turn / 2)


def _guide_faults(boxes: BoxMap, guide: str, line: MeasuredLine) -> Iterator[tuple[str, str]]:
    at_km = np.arange(_STEP_KM / 2, line.length_km, _STEP_KM)
    walked = np.column_stack([np.interp(at_km * 1000, line.measures_m, line.positions[:, axis]) for axis in (0, 1)])
    held = Counter(atom if atom is None else boxes.place_of(atom, BOX) for atom in boxes.atoms_at(walked))
    for place_id, steps in sorted(held.items(), key=str):
        if place_id is None:
            yield "the map", f"{steps * _STEP_KM:.2f} km of the {guide} lie in no box"
        elif steps * _STEP_KM < LINE_KM - _WALK_KM:
            yield place_id, f"holds {steps * _STEP_KM:.2f} km of the {guide}"


def _partition_faults(boxes: BoxMap) -> Iterator[str]:
    shapes = np.array(list(boxes.atoms.values()))
    if not shapely.is_valid(shapes).all():
        yield "an atom is no valid polygon"
        return
    whole, summed = float(shapely.union_all(shapes).area), float(shapely.area(shapes).sum())
    if abs(whole - summed) > whole * _AREA_SHARE:
        yield f"atoms overlap: {summed:.6f} square degrees of them cover {whole:.6f}"
