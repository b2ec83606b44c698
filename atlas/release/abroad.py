"""Where a position lies that is in no box, in words: such a record is refused by name, and never dropped in silence."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import shapely

from atlas.geojson.meridian_features import turned_positions
from atlas.geojson.shapely_geometries import placed_shape
from atlas.geometry.geodesy import Positions
from atlas.project import Project
from atlas.published.layers import open_published_layers
from atlas.release.ground import Ground, open_ground

_FAR_KM = 200.0
ELSEWHERE = "at sea or elsewhere, in no box of the map"


class Abroad:
    """Says of positions in no box where they are; the ground is only opened when there is one."""

    def __init__(self, project: Project, *, both_banks: bool) -> None:
        self._project = project
        self._both_banks = both_banks

    def __call__(self, positions: Positions) -> list[str]:
        """The words for positions, longitude and latitude in degrees, shape (n, 2)."""
        words = [ELSEWHERE] * len(positions)
        positions = turned_positions(positions, self._project.frame_start)
        rows = np.flatnonzero(shapely.intersects_xy(self._neighbours, positions[:, 0], positions[:, 1]))
        located = self._ground.locator.locate(positions[rows])
        for row, km, away_m in zip(rows.tolist(), located.chainage_km, located.distance_m, strict=True):
            if away_m <= _FAR_KM * 1000:
                words[row] = self._words(self._country(float(km)))
        return words

    def _words(self, country: str) -> str:
        if self._both_banks:
            return f"in {country}, in no box of the map"
        return f"in {country}, where the map has no boxes: the project lacks its outlines (layers/neighbours.geojson)"

    def _country(self, chainage_km: float) -> str:
        names = {side.code: side.name["en"] for side in self._project.described.neighbours}
        for start, code in reversed(self._stretches):
            if chainage_km >= start:
                return names.get(code, code)
        return "a neighbouring country"

    @cached_property
    def _ground(self) -> Ground:
        return open_ground(self._project)

    @cached_property
    def _neighbours(self) -> shapely.Geometry:
        features = open_published_layers(self._project).features("basemap")
        shapes = [
            placed_shape(each["geometry"]) for each in features if each["properties"]["kind"] == "land_neighbours"
        ]
        land = shapely.union_all([shapely.make_valid(shape) for shape in shapes])
        shapely.prepare(land)
        return land

    @cached_property
    def _stretches(self) -> list[tuple[float, str]]:
        features = open_published_layers(self._project).features("border")
        return sorted((each["properties"]["chainage_from_km"], each["properties"]["neighbour"]) for each in features)
