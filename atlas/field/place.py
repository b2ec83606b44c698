"""Where a record lies: municipality, nearest reach, chainage and distance to the border line, many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from atlas.errors import GeometryError, InputError
from atlas.files import sha256_of_file
from atlas.geojson.collection import read_collection
from atlas.geojson.geometries import line_of
from atlas.geojson.meridian_features import turned_features, turned_positions
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.locate import LineLocator
from atlas.project import Project

_REACH_KM = 10.0
_LAYERS = ("border", "municipalities", "border_reaches")
_REMEDY = "run `atlas refresh` or restore the folder geodata/layers"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one record lies; chainage in km from the start of the line, distance to the line in metres."""

    municipality_cvegeo: str | None = None
    municipality_name: str | None = None
    nearest_reach: str | None = None
    chainage_km: float | None = None
    border_distance_m: float | None = None


NOWHERE = Place()


@dataclass(frozen=True, slots=True, eq=False)
class Placer:
    """The border line and the municipalities along it, prepared for many positions."""

    locator: LineLocator
    areas: tuple[BaseGeometry, ...]
    cvegeos: tuple[str, ...]
    names: Mapping[str, str]
    reaches: Mapping[str, tuple[str, ...]]
    frame_start: float | None = None

    @classmethod
    def of(cls, project: Project) -> Placer:
        """Prepare a project's layers, or take what was last prepared of the same.

        Raises
        ------
        InputError
            A layer is missing or damaged.
        """
        paths = [project.layers_dir / f"{name}.geojson" for name in _LAYERS]
        key = (project.frame_start, *(sha256_of_file(path) for path in paths if path.is_file()))
        if key not in _LAST:
            made = cls._of_layers(project)
            _LAST.clear()
            _LAST[key] = made
            return made
        return _LAST[key]

    @classmethod
    def _of_layers(cls, project: Project) -> Placer:
        try:
            pieces = _features(project, "border")
            pieces.sort(key=lambda piece: piece["properties"]["chainage_from_km"])
            lines = [np.array(line_of(piece), dtype=np.float64)[:, :2] for piece in pieces]
            # a piece begins where the one before it ends
            line = MeasuredLine.of(np.vstack([lines[0], *(part[1:] for part in lines[1:])]))
            features = sorted(
                _features(project, "municipalities"), key=lambda piece: str(piece["properties"]["cvegeo"])
            )
            cvegeos = tuple(piece["properties"]["cvegeo"] for piece in features)
            names = {piece["properties"]["cvegeo"]: piece["properties"]["name"] for piece in features}
            along = {
                piece["id"]: tuple(piece["properties"]["municipality_cvegeos"])
                for piece in _features(project, "border_reaches")
            }
            areas = tuple(shape(piece["geometry"]) for piece in features)
            shapely.prepare(areas)
        except (KeyError, TypeError, ValueError, IndexError, GeometryError) as error:
            msg = f"the layers in {project.layers_dir} cannot be used to place records ({error!r}); {_REMEDY}"
            raise InputError(msg) from error
        return cls(LineLocator.of(line), areas, cvegeos, names, along, project.frame_start)

    def places(self, positions: Sequence[tuple[float, float]] | NDArray[np.float64]) -> list[Place]:
        """The places of positions (longitude, latitude in degrees), in their order.

        A position on a shared edge belongs to the first of its municipalities by code; one outside the municipalities
        along the border has none.
        """
        points = turned_positions(np.asarray(positions, dtype=np.float64), self.frame_start)
        if not len(points):
            return []
        located = self.locator.locate(points)
        municipality = self._municipalities(points)
        last = len(self.reaches) - 1
        reaches = np.minimum((located.chainage_km / _REACH_KM).astype(int), last)
        columns = (municipality, reaches.tolist(), located.chainage_km.tolist(), located.distance_m.tolist())
        return [
            Place(code, self.names[code] if code else None, f"R{reach:03d}", round(km, 3), round(metres, 1))
            for code, reach, km, metres in zip(*columns, strict=True)
        ]

    def of_reach(self, reach: str) -> Place:
        """The place of a record that names only a stretch: its municipality where the stretch has but one."""
        codes = self.reaches.get(reach)
        if codes is None:
            return NOWHERE
        code = codes[0] if len(codes) == 1 else None
        return Place(code, self.names.get(code) if code else None, reach)

    def _municipalities(self, points: NDArray[np.float64]) -> list[str | None]:
        indexes = np.full(len(points), -1)
        for i, area in reversed(list(enumerate(self.areas))):
            west, south, east, north = shapely.bounds(area)
            lon, lat = points.T
            near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
            indexes[near[shapely.intersects_xy(area, points[near])]] = i
        return [self.cvegeos[i] if i >= 0 else None for i in indexes.tolist()]


# by where longitudes begin and the hashes of the layers: to read them takes a tenth of a second, and several imports
# of one process need it once
_LAST: dict[tuple[float | str | None, ...], Placer] = {}


def _features(project: Project, name: str) -> list[dict[str, Any]]:
    return turned_features(read_collection(project.layers_dir / f"{name}.geojson"), project.frame_start)
