"""A place of the map of boxes: a box, zone, section or part, as it is drawn and as it is described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.geojson.shapely_geometries import geometry_member
from atlas.geometry.geodesy import ellipsoid
from atlas.geometry.meridian_frame import MeridianFrame
from atlas.release.box_floor import plane_km, size_of

_DECIMALS = 4
# what every released feature at a place of the map says of it
PLACE_FIELDS = ("place", "level", "near", "chainage_from_km", "chainage_to_km")


@dataclass(frozen=True, eq=False)
class MapPlace:
    """A place of the map; its name carries its level, as ``box R011`` and ``zone R011`` are two places.

    Attributes
    ----------
    fields
        What a feature placed here says of it.
    """

    place_id: str
    level: str
    atoms: tuple[str, ...]
    fields: Mapping[str, Any] = field(repr=False)
    _drawn: Callable[[], BaseGeometry] = field(repr=False)
    _frame_start: float | None = None

    @cached_property
    def shape(self) -> BaseGeometry:
        """Its shape in degrees: all of the ground that a record of it may lie on, in one piece across 180°."""
        return self._drawn()

    @cached_property
    def geometry(self) -> dict[str, Any]:
        """The ``geometry`` member of every feature placed here, as it is published: cut at 180°."""
        return geometry_member(MeridianFrame(self._frame_start).back([self.shape], _DECIMALS)[0])

    @cached_property
    def radius_m(self) -> float:
        """Radius in metres of a circle around it."""
        rim = shapely.get_coordinates(shapely.convex_hull(self.shape))
        plane = shapely.get_coordinates(plane_km(shapely.multipoints(rim)))
        centre = shapely.get_coordinates(shapely.centroid(shapely.minimum_bounding_circle(shapely.multipoints(plane))))
        middle = rim[0] + (centre[0] - plane[0]) / _scale(rim, plane)
        here = np.broadcast_to(middle, rim.shape)
        return float(np.max(ellipsoid().inv(here[:, 0], here[:, 1], rim[:, 0], rim[:, 1])[2]))

    @cached_property
    def size_m(self) -> float:
        """Least width in metres of its largest part."""
        return size_of(self.shape).width_km * 1000


def _scale(rim: np.ndarray[Any, Any], plane: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    spans = np.ptp(rim, axis=0)
    return np.asarray(np.ptp(plane, axis=0) / spans)
