"""Lists of places with names and positions, in which a name is looked up as somebody with a map would look it up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.disclosure.kept_content import kept_by_content
from atlas.disclosure.toponyms import Toponym, readings
from atlas.geojson.collection import read_collection
from atlas.geojson.geometries import line_of, lon_lat
from atlas.geojson.meridian_features import turned_features
from atlas.geometry.antimeridian_steps import HALF, WHOLE
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.geodesy import Positions
from atlas.project import Project

# more than a degree is long anywhere here, so that nothing within the floor is left out
_METRES_PER_DEGREE = 100_000.0
LAYERS = "the atlas' own layers"


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """A place of a list: its name and other names, and its longitude and latitude in degrees."""

    names: tuple[str, ...]
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Match:
    """A place that a name may be of: in which list, and how far from the border line in metres."""

    gazetteer: str
    distance_m: float


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """The places of one list that lie within the floor of the border line.

    Attributes
    ----------
    title
        What the list is called in a report.
    size
        How many places the whole list has.
    """

    title: str
    size: int
    places: Sequence[ListedPlace]
    border: MeasuredLine

    @classmethod
    def of(cls, title: str, places: Iterable[ListedPlace], border: MeasuredLine, floor_m: float) -> Gazetteer:
        """Keep of a list what lies within ``floor_m`` of the border."""
        every = list(places)
        positions = np.array([(place.longitude, place.latitude) for place in every], dtype=np.float64).reshape(-1, 2)
        positions = _in_frame(positions, border)
        near = [
            replace(every[at], longitude=float(positions[at, 0])) for at in _near(positions, border, floor_m).tolist()
        ]
        return cls(title, len(every), near, border)

    def nearest(self, name: str) -> Match | None:
        """The place nearest to the border that the name may be of; none when there is none within the floor."""
        numbers = {number for reading in readings(name) for number in self._alike(reading)}
        spots = [(self.places[number].longitude, self.places[number].latitude) for number in numbers]
        distances = [self.border.project(spot)[1] for spot in spots]
        return Match(self.title, min(distances)) if distances else None

    def _alike(self, reading: Toponym) -> set[int]:
        candidates = {number for word in reading.words for number in self._by_word.get(word, ())}
        candidates |= set(self._by_joined.get(reading.joined, ()))
        return {number for number in candidates if any(reading.matches(other) for other in self._readings[number])}

    @cached_property
    def _readings(self) -> Sequence[tuple[Toponym, ...]]:
        return [tuple(one for name in place.names for one in readings(name)) for place in self.places]

    @cached_property
    def _by_word(self) -> Mapping[str, list[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        for number, known in enumerate(self._readings):
            for word in {word for reading in known for word in reading.words}:
                index[word].append(number)
        return index

    @cached_property
    def _by_joined(self) -> Mapping[str, list[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        for number, known in enumerate(self._readings):
            for joined in {reading.joined for reading in known}:
                index[joined].append(number)
        return index


def _in_frame(positions: Positions, border: MeasuredLine) -> Positions:
    """Positions on the same turn of the earth as a border that goes on beyond 180°."""
    east = float(border.positions[:, 0].max())
    turned = positions[:, 0] + WHOLE
    longitudes = np.where((east > HALF) & (turned < east + HALF), turned, positions[:, 0])
    return np.column_stack([longitudes, positions[:, 1]])


def _near(positions: Positions, border: MeasuredLine, floor_m: float) -> NDArray[np.int64]:
    """Numbers of the positions within a distance of the border, in metres."""
    line = shapely.linestrings(border.positions)
    shapely.prepare(line)
    reach = floor_m / _METRES_PER_DEGREE
    west_south, east_north = border.positions.min(axis=0) - reach, border.positions.max(axis=0) + reach
    rough = np.flatnonzero(((positions >= west_south) & (positions <= east_north)).all(axis=1))
    rough = rough[shapely.dwithin(line, shapely.points(positions[rough]), reach)]
    within = [border.project((float(lon), float(lat)))[1] <= floor_m for lon, lat in positions[rough]]
    return np.asarray(rough[np.array(within, dtype=bool)], dtype=np.int64)


def border_of(project: Project) -> MeasuredLine:
    """The border line of the project's layer, measured.

    Raises
    ------
    InputError
        The layer is missing or damaged.
    """
    features = turned_features(read_collection(project.layers_dir / "border.geojson"), project.frame_start)
    lines = [line_of(one) for one in features]
    return MeasuredLine.of(np.array([lines[0][0], *(position for line in lines for position in line[1:])]))


@kept_by_content
def layer_places(project: Project) -> Sequence[ListedPlace]:
    """The places that the project's layers draw as points: settlements, seats by their full names, formal crossings.

    Raises
    ------
    InputError
        A layer is damaged.
    """
    settlements = [place for one in _features(project, "basemap") if (place := _placed(one, ("name",))) is not None]
    seats = sorted({str(one["properties"].get("seat")) for one in _features(project, "municipalities")} - {"None"})
    read_seats = [(seat, readings(seat)) for seat in seats]
    crossings = [
        place
        for one in _features(project, "crossings_formal")
        if (place := _placed(one, ("name", "name_other_side"))) is not None
    ]
    return (*(_with_seat(place, read_seats) for place in settlements), *crossings)


def _with_seat(place: ListedPlace, seats: Iterable[tuple[str, Sequence[Toponym]]]) -> ListedPlace:
    """A settlement with the longer name that it bears as the seat of a municipality."""
    place_readings = readings(place.names[0])
    longer = [
        seat
        for seat, seat_readings in seats
        for reading in seat_readings
        if place_readings and place_readings[0].words < reading.words
    ]
    return ListedPlace((*place.names, *dict.fromkeys(longer)), place.longitude, place.latitude)


def _features(project: Project, layer: str) -> Sequence[Mapping[str, Any]]:
    path = project.layers_dir / f"{layer}.geojson"
    return read_collection(path) if path.is_file() else []


def _placed(one: Mapping[str, Any], fields: Sequence[str]) -> ListedPlace | None:
    properties, shape = one.get("properties"), one.get("geometry")
    if not isinstance(properties, Mapping) or not isinstance(shape, Mapping) or shape.get("type") != "Point":
        return None
    names = tuple(str(properties[field]) for field in fields if properties.get(field))
    lon, lat = lon_lat(one)
    return ListedPlace(names, float(lon), float(lat)) if names else None
