"""Names on a user's own map on paper: those of its features, and of countries far from the region, with their land."""

from __future__ import annotations

import shapely

from atlas.cartography.assembly import Assembled
from atlas.cartography.map_words import worded
from atlas.cartography.world import countries, reaches_beyond
from atlas.figure import signs
from atlas.figure.composed_layers import at_time
from atlas.figure.frame import Extent, MapFrame
from atlas.figure.labels import Look, place_beside, place_over
from atlas.figure.paper import Type

LONGEST = 60
# of more a sheet has no room, and each is tried at several places
MOST_NAMES = 400
AROUND_DEG = 4.0
LAND = {"facecolor": signs.NEIGHBOUR, "edgecolor": "#9c9c9c", "linewidth": 0.3}


def draw_world(frame: MapFrame, assembled: Assembled) -> None:
    """Land beneath data that lie beyond the region."""
    for country in countries(_window(frame)) if _is_far(assembled) else ():
        frame.draw(frame.laid(country.shape), **LAND)


def name_features(frame: MapFrame, *, assembled: Assembled, kind: Type, language: str) -> None:
    """Labels of the layers, the largest areas first, then countries; what has no room is left out."""
    for layer in assembled.drawn:
        made = layer.portrayal
        named = [
            (feature.shape, text)
            for number, (feature, text) in enumerate(zip(made.features, made.labels, strict=False))
            if text and feature.shape is not None and at_time(made, number, None)
        ]
        # the order of the file among those of one size
        named.sort(key=lambda pair: -pair[0].area)
        for shape, text in named[:MOST_NAMES]:
            _name(frame, shape, text, Look(kind.small, bold=True))
    for country in sorted(countries(_window(frame)), key=lambda one: -one.area) if _is_far(assembled) else ():
        at = frame.place(*country.at)
        if country.name[language] and 0 < at[0] < frame.area.width and 0 < at[1] < frame.area.height:
            place_over(frame, at, country.name[language], Look(kind.small, "#4a4a4a", signs.NEIGHBOUR), reach=4)


def _name(frame: MapFrame, shape: shapely.Geometry, text: str, look: Look) -> None:
    short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    if shape.geom_type.endswith("Polygon"):
        middle = shapely.point_on_surface(shape)
        place_over(frame, frame.place(middle.x, middle.y), short, look, reach=4)
    elif shape.geom_type.endswith("LineString"):
        middle = shapely.line_interpolate_point(
            max(shapely.get_parts(shape), key=lambda part: part.length), 0.5, normalized=True
        )
        place_beside(frame, frame.place(middle.x, middle.y), short, look)
    else:
        first = shapely.get_parts(shape)[0]
        place_beside(frame, frame.place(first.x, first.y), short, look, gap=1.6)


def credits_of_world(extent: Extent, assembled: Assembled, language: str) -> list[str]:
    """Whose the land is that lies beneath far data; nothing where none of it is drawn."""
    if not (_is_far(assembled) and countries((extent.west, extent.south, extent.east, extent.north))):
        return []
    return [f"{worded('world.attribution')[language]}."]


def _is_far(assembled: Assembled) -> bool:
    return reaches_beyond(assembled.data_extent) or reaches_beyond(assembled.composition.extent)


def _window(frame: MapFrame) -> tuple[float, float, float, float]:
    extent = frame.extent
    return (
        max(-180.0, extent.west - AROUND_DEG),
        max(-85.0, extent.south - AROUND_DEG),
        min(180.0 if extent.east <= 180.0 else 360.0, extent.east + AROUND_DEG),  # noqa: PLR2004 - degrees
        min(85.0, extent.north + AROUND_DEG),
    )
