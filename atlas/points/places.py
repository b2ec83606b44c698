"""Columns that say where points lie: unit, reach, chainage, distance to the border and side, or units of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.errors import UsageError
from atlas.field.place import Placer
from atlas.geojson.collection import read_collection
from atlas.geojson.meridian_features import turned_features, turned_positions
from atlas.geometry.area_finder import AreaFinder
from atlas.geometry.geodesy import Positions
from atlas.geometry.line_finder import LEFT, RIGHT, LineFinder
from atlas.points.area_files import read_areas
from atlas.project import Project, find_project

REACH_KM = 10.0
COLUMNS = ("cvegeo", "name", "reach", "chainage_km", "border_distance_m", "side")

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class AreasOption:
    """Other people's polygons: their file, and its field of codes."""

    path: Path
    key: str


def usable(points: Positions) -> Mask:
    """Which positions are on the globe: finite, within 180 and 90 degrees."""
    lon, lat = points[:, 0], points[:, 1]
    # what is not a number is not within anything
    return np.asarray((np.abs(lon) <= 180) & (np.abs(lat) <= 90))  # noqa: PLR2004 - degrees


@dataclass(frozen=True, eq=False)
class BorderPlaces:
    """The project's border line and municipalities, which many points are held against.

    Attributes
    ----------
    lands
        The place of each area's country among ``countries``: 0 for this side.
    """

    finder: LineFinder
    areas: AreaFinder
    codes: tuple[str, ...]
    names: tuple[str, ...]
    reaches: int
    neighbours: NDArray[np.int8]
    countries: tuple[str, ...]
    home_side: int
    lands: NDArray[np.int8]
    frame_start: float | None = None

    @classmethod
    def of(cls, project: Project) -> BorderPlaces:
        """Prepare a project's layers.

        Raises
        ------
        InputError
            A layer is missing or damaged.
        """
        placer = Placer.of(project)
        pieces = turned_features(read_collection(project.layers_dir / "border.geojson"), project.frame_start)
        pieces.sort(key=lambda piece: piece["properties"]["chainage_from_km"])
        stated = [str(piece["properties"]["neighbour"]) for piece in pieces]
        lengths = [len(piece["geometry"]["coordinates"]) - 1 for piece in pieces]
        countries = (project.described.here.code, *dict.fromkeys(stated))
        neighbours = np.repeat(np.array([countries.index(one) for one in stated], dtype=np.int8), lengths)
        finder = LineFinder(placer.locator)
        middles = shapely.get_coordinates(shapely.point_on_surface(np.array(placer.areas, dtype=object)))
        sides = finder.places(middles, REACH_KM).sides
        home = LEFT if (sides == LEFT).sum() >= (sides == RIGHT).sum() else RIGHT
        names = [placer.names[code] for code in placer.cvegeos]
        beyond = _units_beyond(project, countries)
        codes = (*placer.cvegeos, *(unit.code for unit in beyond))
        names += [unit.name for unit in beyond]
        areas = AreaFinder.of([*placer.areas, *(unit.area for unit in beyond)])
        lands = np.array([0] * len(placer.areas) + [unit.country for unit in beyond], dtype=np.int8)
        sizes, start = len(placer.reaches), project.frame_start
        return cls(finder, areas, codes, tuple(names), sizes, neighbours, countries, home, lands, start)

    def columns(self, points: Positions) -> dict[str, pa.Array]:
        """What is added to points, by name; nothing but blanks where a position is not on the globe."""
        good = usable(points)
        placed = np.ascontiguousarray(turned_positions(points[good], self.frame_start))
        units = self.areas.find(placed)
        at = self.finder.places(placed, REACH_KM)
        reaches = np.minimum((at.exact_km / REACH_KM).astype(np.int16), self.reaches - 1)
        sides = np.where(at.sides == self.home_side, 0, self.neighbours[at.steps] if len(placed) else 0)
        # beyond the line's ends, and on the line itself, it has no sides
        sides = np.where(np.isin(at.sides, (LEFT, RIGHT)), sides, -1)
        sides = np.where(units >= 0, self.lands[units] if len(self.lands) else 0, sides)
        return {
            "cvegeo": _words(units, self.codes, good),
            "name": _words(units, self.names, good),
            "reach": _words(reaches, [f"R{number:03d}" for number in range(self.reaches)], good),
            "chainage_km": _numbers(at.chainage_km, good),
            "border_distance_m": _numbers(at.distance_m, good),
            "side": _words(sides, self.countries, good),
        }


class _Unit(NamedTuple):
    """A unit of a neighbour, and the place of its country among those of the line."""

    code: str
    name: str
    country: int
    area: BaseGeometry


def _units_beyond(project: Project, countries: Sequence[str]) -> list[_Unit]:
    """The neighbours' units on the line, where a project has their outlines."""
    path = project.layers_dir / "neighbour_regions.geojson"
    if project.border is None or not path.is_file():
        return []
    held = [
        (one["properties"], shapely.geometry.shape(one["geometry"]))
        for one in turned_features(read_collection(path), project.frame_start)
    ]
    return [
        _Unit(str(unit["admin1_code"] or ""), str(unit["name"]), countries.index(unit["neighbour"]), area)
        for unit, area in held
        if unit["neighbour"] in countries
    ]


@dataclass(frozen=True, eq=False)
class AreaPlaces:
    """Other people's polygons, which many points are held against."""

    areas: AreaFinder
    key: str
    codes: tuple[str, ...]

    @classmethod
    def of(cls, option: AreasOption) -> AreaPlaces:
        """Read the polygons.

        Raises
        ------
        InputError
            The file cannot be read, or holds no polygons.
        UsageError
            It has no such field.
        """
        rows = read_areas(option.path)
        fields = list(dict.fromkeys(name for properties, _ in rows for name in properties))
        if option.key not in fields:
            msg = f"--key {option.key}: {option.path} has no such field; it has {', '.join(fields[:20]) or 'none'}"
            raise UsageError(msg)
        codes = tuple("" if one.get(option.key) is None else str(one[option.key]) for one, _ in rows)
        return cls(AreaFinder.of([polygon for _, polygon in rows]), option.key, codes)

    def columns(self, points: Positions) -> dict[str, pa.Array]:
        """The code of the area of each point, under the name of its field."""
        good = usable(points)
        return {self.key: _words(self.areas.find(np.ascontiguousarray(points[good])), self.codes, good)}


@lru_cache(maxsize=4)
def places_of(geodata: Path, areas: AreasOption | None = None) -> BorderPlaces | AreaPlaces:
    """The places of a project's folder of layers, or other people's, that points are held against; once a process."""
    if areas is not None:
        return AreaPlaces.of(areas)
    # by the project's own file, where it lies beside: it says whose sides they are
    project = Project(geodata=geodata, maps=geodata.parent / "maps")
    return BorderPlaces.of(replace(project, border=find_project(geodata.parent).border))


def column_names(areas: AreasOption | None) -> Sequence[str]:
    """Names of the columns that are added."""
    return COLUMNS if areas is None else (areas.key,)


def _words(indexes: NDArray[Any], words: Sequence[str], good: Mask) -> pa.Array:
    full = np.full(len(good), -1, dtype=np.int32)
    full[good] = indexes
    # two areas of one code are one word
    distinct = {word: number for number, word in enumerate(dict.fromkeys(words))}
    numbers = np.array([*(distinct[word] for word in words), -1], dtype=np.int32)[full]
    codes = pa.array(numbers, mask=numbers < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(list(distinct), pa.string()))


def _numbers(values: NDArray[np.float64], good: Mask) -> pa.Array:
    full = np.full(len(good), np.nan)
    full[good] = values
    return pa.array(full, mask=~good)


Placing = Mapping[str, pa.Array]
