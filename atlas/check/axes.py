"""Whether latitude stands first, told by what the features themselves say: fields, names of cities, where people live.

Numbers that are on the globe either way show nothing by themselves. What does:

- a field ``lat`` that holds the first number and a field ``lon`` that holds the second;
- the name of a large city that lies where the numbers are once they are swapped, and not near where they are;
- the names of countries, where those of half of the features and more agree;
- five places or more of which none is near a settlement, and each is in one when swapped: at sea, or in a desert, that
  does not come about by chance.

Where one feature shows that it is right, the last three say nothing of the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from atlas.check.messages import place
from atlas.check.position_batch import Parts
from atlas.check.settlements import cell_numbers, cities_named, country_named, folded, is_near_settled, is_settled
from atlas.geojson.model import Mark, mark

_LAT = frozenset({"lat", "latitude", "latitud", "lat_dd", "latdd", "y", "ycoord", "y_coord"})
_LON = frozenset({"lon", "lng", "long", "longitude", "longitud", "lon_dd", "londd", "x", "xcoord", "x_coord"})
# fields that name a country in which a thing is not
_ELSEWHERE = (
    "nation",
    "nacion",
    "origin",
    "origen",
    "citizen",
    "ciudadan",
    "from",
    "flag",
    "bandera",
    "lang",
    "destin",
)
_FIELD_DEG = 0.01
_CITY_DEG, _AWAY_DEG = 0.6, 3.0
_FEATURES_READ = 500
_LONGEST = 60
_PLACES = 5
_WORDS = re.compile(r"[^\W\d_][\w'’.-]*", re.UNICODE)
_MOST_WORDS = 3

Positions = NDArray[np.float64]


@dataclass(slots=True)
class Axes:
    """Gathers what features show, batch by batch."""

    right: int = 0
    city: tuple[str, tuple[float, float]] | None = None
    count: int = 0
    marks: list[Mark] = field(default_factory=list)
    _read: int = 0
    _abroad: int = 0
    _country: str = ""
    _cells: set[int] = field(default_factory=set)
    _empty: bool = True

    def check(self, parts: Parts, boxes: Positions, settled: NDArray[np.bool_], cap: int) -> NDArray[np.bool_]:
        """Look at features by their boxes but for those ``settled`` already; gives those that show it themselves.

        At most ``cap`` of the others are kept to be named.
        """
        may = np.isfinite(boxes).all(axis=1) & ~settled
        may[may] = (np.abs(boxes[may]) <= 90).all(axis=1)  # noqa: PLR2004 - either number may be a latitude
        shown = np.zeros(len(boxes), dtype=np.bool_)
        middles = (boxes[:, :2] + boxes[:, 2:]) / 2
        for index in np.flatnonzero(may).tolist():
            if self._read >= _FEATURES_READ:
                break
            self._read += 1
            shown[index] = self._look(parts.batch.items[index].value, middles[index])
        rest = np.flatnonzero(may & ~shown)
        # what is on the globe only as it stands is right
        self.right += int((np.isfinite(boxes).all(axis=1) & ~may & ~settled).sum())
        self._inhabited(middles[rest])
        self.count += len(rest)
        self.marks += [mark(parts.batch.items[index]) for index in rest[: max(0, cap - len(self.marks))].tolist()]
        return shown

    def _look(self, value: object, xy: Positions) -> bool:
        """Whether fields, or the name of a city, show that the axes of a feature are swapped."""
        properties = value.get("properties") if isinstance(value, dict) else None
        if not isinstance(properties, dict):
            return False
        lon, lat = xy.tolist()
        stated = stated_place(properties)
        if stated is not None and abs(stated[0] - stated[1]) > 2 * _FIELD_DEG:
            if _near(stated, (lon, lat), _FIELD_DEG):
                self.right += 1
            return _near(stated, (lat, lon), _FIELD_DEG)
        self._countries(properties, (lon, lat))
        for name, cities in _named(properties):
            if any(_near(city, (lon, lat), _AWAY_DEG) for city in cities):
                self.right += 1
            elif hit := next((city for city in cities if _near(city, (lat, lon), _CITY_DEG)), None):
                self.city = self.city or (name, hit)
                return True
        return False

    def _countries(self, properties: Mapping[str, object], xy: tuple[float, float]) -> None:
        """Count what whole texts that name a country say."""
        named = [
            (value, country_named(folded(value)))
            for key, value in properties.items()
            if _is_short(value) and not any(word in key.casefold() for word in _ELSEWHERE)
        ]
        boxes = [(str(value), box) for value, box in named if box is not None]
        if any(_inside(box, xy, _AWAY_DEG) for _, box in boxes):
            self.right += 1
        elif hit := next((name for name, box in boxes if _inside(box, xy[::-1], 0.0)), None):
            self._abroad += 1
            self._country = self._country or hit

    def _inhabited(self, middles: Positions) -> None:
        if not self._empty or not len(middles):
            return
        turned = middles[:, ::-1]
        if is_near_settled(middles).any() or not is_settled(turned).all():
            self._empty = False
            return
        if len(self._cells) < _PLACES:
            self._cells.update(cell_numbers(middles).tolist())

    def evidence(self) -> str | None:
        """Why the axes of all features that are left are taken to be swapped; nothing where that is not shown."""
        if self.right or not self.count:
            return None
        if self.city is not None:
            name, at = self.city
            return f"{name} is near {place(at)}, which is where it lies once the two numbers are swapped"
        if self._abroad and self._abroad * 2 >= self._read:
            return f"what is of {self._country} lies there once the two numbers are swapped, and not as it stands"
        if self._empty and len(self._cells) >= _PLACES:
            return f"nobody lives at any of {self.count:,} places, and somebody at each of them once they are swapped"
        return None


def _is_short(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST


def _inside(box: tuple[float, float, float, float], xy: tuple[float, float], around: float) -> bool:
    west, south, east, north = box
    return west - around <= xy[0] <= east + around and south - around <= xy[1] <= north + around


def _near(one: tuple[float, float], other: tuple[float, float], limit: float) -> bool:
    return abs(one[0] - other[0]) <= limit and abs(one[1] - other[1]) <= limit


def stated_place(properties: Mapping[str, object]) -> tuple[float, float] | None:
    """Longitude and latitude out of fields that are called so."""
    lon = next((_number(value) for key, value in properties.items() if key.casefold() in _LON), None)
    lat = next((_number(value) for key, value in properties.items() if key.casefold() in _LAT), None)
    return None if lon is None or lat is None else (lon, lat)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value[:_LONGEST] if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) <= 180 else None  # noqa: PLR2004 - degrees


def _named(properties: Mapping[str, object]) -> list[tuple[str, list[tuple[float, float]]]]:
    """Names of large cities in the texts of a feature, of up to three words, with their positions."""
    named = []
    for value in properties.values():
        if not isinstance(value, str) or len(value) > _LONGEST:
            continue
        words = _WORDS.findall(value)
        for size in range(min(_MOST_WORDS, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                name = " ".join(words[start : start + size])
                # names are written with capitals, where there are any
                if name[:1].islower():
                    continue
                if cities := cities_named(folded(name)):
                    named.append((name, cities))
    return named
