"""The ground of maps whose data lie far from the border: countries, coarse, with their names in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.cartography.composition import Bilingual, Extent
from atlas.geojson.shapely_geometries import placed_shape
from atlas.geojson.strict import read_json_file

TABLE = Path(__file__).parent / "world.geojson"
# within it the atlas' own base map has all land in detail: west, south, east, north in degrees
REGION: Extent = (-98.0, 13.0, -86.0, 22.0)


@dataclass(frozen=True, slots=True)
class Country:
    """A country: its land outside of the region, its names, where they stand, and how large it is in square degrees."""

    key: str
    shape: BaseGeometry
    name: Bilingual
    at: tuple[float, float]
    area: float


def reaches_beyond(extent: Extent | None) -> bool:
    """Whether data lie where the atlas' own base map has nothing."""
    if extent is None:
        return False
    west, south, east, north = extent
    return west < REGION[0] or south < REGION[1] or east > REGION[2] or north > REGION[3]


def countries(extent: Extent) -> tuple[Country, ...]:
    """The countries of the world within an extent, cut at it, without the region of the atlas."""
    window = shapely.box(*extent)
    cut = ((country, shapely.intersection(country.shape, window)) for country in _world())
    return tuple(Country(one.key, _areas(shape), one.name, one.at, one.area) for one, shape in cut if shape.area > 0)


def _areas(shape: BaseGeometry) -> BaseGeometry:
    """Only the areas of what a cut left: where land touches an edge there may be lines besides."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


@cache
def _world() -> tuple[Country, ...]:
    document: Mapping[str, Any] = read_json_file(TABLE, remedy="install the atlas again, or restore the file")
    region = shapely.box(*REGION)
    made = []
    for number, feature in enumerate(document["features"]):
        given = feature["properties"]
        shape = shapely.difference(placed_shape(feature["geometry"]), region)
        if shape.area > 0:
            east, north = given["at"]
            name = {"en": str(given["en"]), "es": str(given["es"])}
            made.append(Country(f"world.{number}", _areas(shape), name, (east, north), float(given["area"])))
    return tuple(made)
