"""The border municipalities of the page of series: their outlines as a small map, and where they lie on the line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from atlas.geojson.shapely_geometries import placed_shape

# of a drawing 300 wide, about a kilometre and a half: enough to tell which is which
_SIMPLER_DEG = 0.012
_WIDTH, _STRIP = 300.0, 1000.0


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A municipality: code, name, outline as a path, and its stretches of the line as left edge and width."""

    code: str
    name: str
    path: str
    stretches: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class SeriesMap:
    """The municipalities in the order of the line, and the height of the map, which is 300 wide; the strip is 1000."""

    height: float
    places: Sequence[MapPlace]


def series_map(municipalities: Sequence[Mapping[str, Any]]) -> SeriesMap:
    """The map out of the layer of municipalities."""
    shapes = shapely.simplify([placed_shape(one["geometry"]) for one in municipalities], _SIMPLER_DEG)
    west, south, east, north = shapely.total_bounds(shapes)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = _WIDTH / ((east - west) * narrow)
    length_km = max(float(one["properties"]["chainage_to_km"]) for one in municipalities)

    def paths(shape: Any) -> Iterator[str]:  # noqa: ANN401 - any shapely geometry
        for part in shapely.get_parts(shape):
            points = [((x - west) * narrow * scale, (north - y) * scale) for x, y in part.exterior.coords[:-1]]
            yield "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "z"

    places = [
        MapPlace(
            one["properties"]["cvegeo"],
            one["properties"]["name"],
            "".join(paths(shape)),
            [
                (round(start / length_km * _STRIP, 1), round((end - start) / length_km * _STRIP, 1))
                for start, end in one["properties"]["chainage_intervals"]
            ],
        )
        for one, shape in zip(municipalities, shapes, strict=True)
    ]
    places.sort(key=lambda place: place.stretches[0] if place.stretches else (_STRIP, 0.0))
    return SeriesMap(round((north - south) * scale, 1), places)
