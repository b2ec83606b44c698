"""The ground of maps whose data lie far from the border: countries, coarse, with their names in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from atlas.border_project.expected_region import region
from atlas.cartography.composition import Bilingual, Extent
from atlas.cartography.map_words import worded
from atlas.geojson.shapely_geometries import placed_shape
from atlas.geojson.strict import read_json_file
from atlas.geometry.antimeridian_steps import HALF, WHOLE

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


def land_credit() -> Mapping[str, str]:
    """Whose the land is and its licence, as the record of a layer has them; Spanish with the ending ``_es``."""
    both = {key: worded(f"world.{key}") for key in ("attribution", "licence")}
    return {key: text["en"] for key, text in both.items()} | {f"{key}_es": text["es"] for key, text in both.items()}


def reaches_beyond(extent: Extent | None) -> bool:
    """Whether data lie where the atlas' own base map has nothing."""
    if extent is None:
        return False
    west, south, east, north = extent
    least_west, least_south, most_east, most_north = home()
    return west < least_west or south < least_south or east > most_east or north > most_north


def countries(extent: Extent) -> tuple[Country, ...]:
    """The countries of the world within an extent, cut at it, without the region of the atlas.

    Where the extent goes on beyond 180°, what lies there goes on with it, in one piece with what lies before.
    """
    west, south, east, north = extent
    here = [
        (one, shapely.intersection(one.shape, shapely.box(west, south, min(east, HALF), north)))
        for one in _world(home())
    ]
    if east <= HALF:
        return tuple(_part(one, shape, 0.0) for one, shape in here if shape.area > 0)
    beyond = shapely.box(-HALF, south, east - WHOLE, north)
    made = []
    for one, shape in here:
        rest = affinity.translate(shapely.intersection(one.shape, beyond), WHOLE)
        if shape.area + rest.area > 0:
            made.append(_part(one, shapely.union(shape, rest), 0.0 if one.at[0] >= west else WHOLE))
    return tuple(made)


def _part(country: Country, shape: BaseGeometry, turn: float) -> Country:
    at = (country.at[0] + turn, country.at[1])
    return Country(country.key, _areas(shape), country.name, at, country.area)


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
