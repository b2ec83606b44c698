"""A map's frame: a conformal conic projection laid for its extent, millimetres on paper, and room kept for labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyproj
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.figure.paper import Box
from atlas.geojson.shapely_geometries import placed_shape
from atlas.geometry.antimeridian_steps import HALF

Positions = NDArray[np.float64]
# degrees of longitude
WIDEST_CONE = 72


@dataclass(frozen=True)
class Extent:
    """What a map shows: west, south, east, north in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def parallels(self) -> tuple[float, float]:
        """Standard parallels in degrees, a sixth of the height from either edge."""
        sixth = (self.north - self.south) / 6
        return self.south + sixth, self.north - sixth

    @property
    def fits_cone(self) -> bool:
        """Whether the extent lies on one side of the equator and is less wide than a fifth of the globe."""
        return self.south * self.north > 0 and self.east - self.west <= WIDEST_CONE

    @cached_property
    def projection(self) -> pyproj.Proj:
        """Lambert's conformal conic on GRS 80, centred on the extent; Mercator's where a cone fits badly; metres."""
        if not self.fits_cone:
            # a longitude beyond 180° would be drawn at the other end
            across = {"lon_0": (self.west + self.east) / 2} if self.east > HALF else {}
            return pyproj.Proj({"proj": "merc", "lat_ts": (self.south + self.north) / 2, "ellps": "GRS80", **across})
        lower, upper = self.parallels
        middle = ((self.west + self.east) / 2, (self.south + self.north) / 2)
        return pyproj.Proj(
            proj="lcc", lat_1=lower, lat_2=upper, lon_0=middle[0], lat_0=middle[1], ellps="GRS80", units="m"
        )

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of the projected extent in metres."""
        edge = shapely.segmentize(shapely.box(self.west, self.south, self.east, self.north), 0.2)
        x, y = self.projection(*shapely.get_coordinates(edge).T)
        return float(min(x)), float(min(y)), float(max(x)), float(max(y))

    @property
    def aspect(self) -> float:
        """Height by width."""
        left, bottom, right, top = self.bounds
        return (top - bottom) / (right - left)


@dataclass(frozen=True)
class MapFrame:
    """Axes in millimetres over an extent: everything drawn on it goes through the projection."""

    axes: Axes
    extent: Extent
    box: Box
    taken: list[Box] = field(default_factory=list)

    @property
    def area(self) -> Box:
        """The frame in its own millimetres."""
        return Box(0, 0, self.box.width, self.box.height)

    @property
    def metres(self) -> float:
        """Metres on the ground that a millimetre on paper stands for."""
        left, _bottom, right, _top = self.extent.bounds
        return (right - left) / self.box.width

    def places(self, positions: Positions) -> Positions:
        """Positions (longitude, latitude in degrees) as millimetres from the lower left corner of the frame."""
        left, bottom, _right, _top = self.extent.bounds
        x, y = self.extent.projection(positions[:, 0], positions[:, 1])
        return np.column_stack(((np.asarray(x) - left) / self.metres, (np.asarray(y) - bottom) / self.metres))

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """One position in degrees as millimetres on the frame (right, up)."""
        x, y = self.places(np.array([[longitude, latitude]]))[0]
        return float(x), float(y)

    def laid(self, geometry: BaseGeometry, *, detail: float = 0.04) -> BaseGeometry:
        """A geometry in degrees as millimetres on the frame, without detail below ``detail`` mm, cut near the edge."""
        plane = shapely.transform(geometry, self.places)
        coarse = shapely.simplify(plane, detail)
        if coarse.geom_type.endswith("Polygon"):
            coarse = shapely.make_valid(coarse)
        margin = 3
        return shapely.intersection(
            coarse, shapely.box(-margin, -margin, self.box.width + margin, self.box.height + margin)
        )

    def shape(self, feature: Mapping[str, Any]) -> BaseGeometry:
        """The geometry of a GeoJSON feature on the frame."""
        return self.laid(shape_of(feature))

    def draw(self, geometry: BaseGeometry, **style: Any) -> None:  # noqa: ANN401 - what matplotlib calls a style
        """Draw a geometry in millimetres; areas are filled when the style has a ``facecolor``."""
        for outline in outlines(geometry):
            patch = PathPatch(outline, **{"facecolor": "none", "edgecolor": "none", "capstyle": "butt", **style})
            self.axes.add_artist(patch)

    def keep_clear(self, geometry: BaseGeometry, *, half: float = 0.7, step: float = 1.4) -> None:
        """Keep labels off a line or point in millimetres."""
        for part in shapely.get_parts(shapely.segmentize(geometry, step)):
            for x, y in shapely.get_coordinates(part):
                self.taken.append(Box(x - half, y - half, 2 * half, 2 * half))


def shape_of(feature: Mapping[str, Any]) -> BaseGeometry:
    """The geometry of a GeoJSON feature in degrees; an empty one where it has no place."""
    member = feature["geometry"]
    return placed_shape(member) if member else shapely.GeometryCollection()


def outlines(geometry: BaseGeometry) -> list[Outline]:
    """Matplotlib paths of the lines and areas in a geometry; points have none."""
    outlines_in = []
    for part in shapely.get_parts(geometry):
        if part.geom_type == "LineString" and not part.is_empty:
            outlines_in.append(Outline(shapely.get_coordinates(part)))
        elif part.geom_type == "Polygon" and not part.is_empty:
            rings = [part.exterior, *part.interiors]
            outlines_in.append(
                Outline.make_compound_path(*(Outline(shapely.get_coordinates(r), closed=True) for r in rings))
            )
        elif part.geom_type.startswith("Multi") or part.geom_type == "GeometryCollection":
            outlines_in += outlines(part)
    return outlines_in
