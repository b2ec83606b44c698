"""Degrees as metres of one plane, by the scale at the middle latitude: a linear map, so that straight lines stay so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.geometry.geodesy import scale_m

Shapes = NDArray[np.object_]

# a centimetre on the ground: what the atlas' own grid has
DECIMALS = 7
GRID_DEG = 1e-7


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres of a degree of longitude and of latitude."""

    scale: NDArray[np.float64]

    @classmethod
    def around(cls, shapes: Shapes) -> Plane:
        """The plane for these shapes, in degrees."""
        box = shapely.total_bounds(shapes)
        return cls(scale_m(np.array([(box[1] + box[3]) / 2]))[0])

    def to_metres(self, shapes: Shapes) -> Shapes:
        """Shapes in degrees as shapes in metres."""
        moved: Shapes = shapely.transform(shapes, lambda xy: xy * self.scale)
        return moved

    def to_degrees(self, shapes: Shapes) -> Shapes:
        """Shapes in metres as shapes in degrees, at the decimals that are written."""
        moved: Shapes = shapely.transform(shapes, lambda xy: np.round(xy / self.scale, DECIMALS) + 0.0)
        return moved
