"""The ground of maps whose data lie far from the border: countries, coarse, with their names in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.border_project.expected_region import region
from atlas.cartography.composition import Bilingual, Extent
from atlas.geojson.shapely_geometries import placed_shape
from atlas.geojson.strict import read_json_file

TABLE = Path(__file__).parent / "world.geojson"


@dataclass(frozen=True, slots=True)
class Country:
    """A country: its land outside of the region, its names, where they stand, and how large it is in square degrees."""

    key: str
    shape: BaseGeometry
    name: Bilingual
    at: tuple[float, float]
    area: float


def home() -> Extent:
    """The region whose base map has all land in detail: west, south, east, north in degrees."""
    return region().border.box


def reaches_beyond(extent: Extent | None) -> bool:
    """Whether data lie where the atlas' own base map has nothing."""
    if extent is None:
        return False
    west, south, east, north = extent
    least_west, least_south, most_east, most_north = home()
    return west < least_west or south < least_south or east > most_east or north > most_north


def countries(extent: Extent) -> tuple[Country, ...]:
    """The countries of the world within an extent, cut at it, without the region of the atlas."""
    window = shapely.box(*extent)
    cut = ((country, shapely.intersection(country.shape, window)) for country in _world(home()))
    return tuple(Country(one.key, _areas(shape), one.name, one.at, one.area) for one, shape in cut if shape.area > 0)


def _areas(shape: BaseGeometry) -> BaseGeometry:
    """Only the areas of what a cut left: where land touches an edge there may be lines besides."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


@cache
def _world(box: Extent) -> tuple[Country, ...]:
    document: Mapping[str, Any] = read_json_file(TABLE, remedy="install the atlas again, or restore the file")
    near = shapely.box(*box)
    made = []
    for number, feature in enumerate(document["features"]):
        given = feature["properties"]
        shape = shapely.difference(placed_shape(feature["geometry"]), near)
        if shape.area > 0:
            east, north = given["at"]
            name = {"en": str(given["en"]), "es": str(given["es"])}
            made.append(Country(f"world.{number}", _areas(shape), name, (east, north), float(given["area"])))
    return tuple(made)
