"""Heights of units whose outlines were changed, carried over from the outlines as they were read."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.edgematch.plane import DECIMALS
from atlas.geometry.antimeridian_steps import Positions
from atlas.geometry.further_numbers import carried

_DEEP = 3

Shapes = NDArray[np.object_]


def with_heights(new: Shapes, read: Shapes) -> Shapes:
    """Units with the heights of their positions, where those that were read have any.

    Parameters
    ----------
    new
        Areas in degrees; those that did not change are the same objects.
    read
        The same as they were read.

    Returns
    -------
    Shapes
        A position that is new has the height of its place on the nearest edge; an area without heights for all
        positions of a ring has none.
    """
    made = new.copy()
    for n, (unit, before) in enumerate(zip(new.tolist(), read.tolist(), strict=True)):
        if unit is not before and (unit.has_z or before.has_z):
            # what there is may be the other side's, or missing where a line was cut
            flat = shapely.force_2d(unit)
            made[n] = _lifted(flat, before) if before.has_z else flat
    return made


def _lifted(new: BaseGeometry, read: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(new).tolist()
    rings = [[shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)] for part in parts]
    made = iter(carried([run for part in rings for run in part], _runs(read)))
    held = [[next(made) for _ in part] for part in rings]
    if any(run.shape[1] < _DEEP for part in held for run in part):
        return new
    polygons = [shapely.Polygon(shell, holes) for shell, *holes in held]
    return polygons[0] if new.geom_type == "Polygon" else shapely.MultiPolygon(polygons)


def _runs(read: BaseGeometry) -> list[Positions]:
    """The rings as they were read, at the decimals that are written; those that lack a height have none."""
    runs = []
    for ring in shapely.get_rings(shapely.get_parts(read)).tolist():
        run = shapely.get_coordinates(ring, include_z=True)
        run[:, :2] = np.round(run[:, :2], DECIMALS) + 0.0
        runs.append(run if np.isfinite(run).all() else run[:, :2])
    return runs
