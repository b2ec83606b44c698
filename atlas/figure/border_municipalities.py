"""The border municipalities: numbered along the line, drawn as a coverage without gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.figure import signs
from atlas.figure.frame import MapFrame, shape_of
from atlas.figure.labels import Look, place_with_leader
from atlas.figure.plan import Desk


@dataclass(frozen=True, slots=True)
class Municipality:
    """A border municipality with its number along the line, from 1 at its start."""

    number: int
    given: Mapping[str, Any]
    shape: BaseGeometry


def municipalities(desk: Desk) -> list[Municipality]:
    """The municipalities in the order in which the line first meets them."""
    features = sorted(desk.features("municipalities"), key=lambda f: float(f["properties"]["chainage_from_km"]))
    return [Municipality(n, f["properties"], shape_of(f)) for n, f in enumerate(features, start=1)]


def on_frame(frame: MapFrame, areas: Sequence[Municipality]) -> list[BaseGeometry]:
    """Their outlines in millimetres, thinned together so that neighbours still share their edges."""
    plane = [shapely.transform(area.shape, frame.places) for area in areas]
    # coverage_simplify counts areas: its tolerance is about the square root of the smallest triangle kept
    return [shapely.make_valid(shape) for shape in shapely.coverage_simplify(plane, 0.12)]


def draw_limits(frame: MapFrame, shapes: Sequence[BaseGeometry]) -> None:
    """Thin outlines."""
    for shape in shapes:
        frame.draw(shape, edgecolor=signs.MUNICIPALITY_LIMIT, linewidth=0.35)


def write_numbers(frame: MapFrame, areas: Sequence[Municipality], shapes: Sequence[BaseGeometry], size: float) -> None:
    """Each number in the roomiest spot of its municipality, or beside it with a thin line."""
    window = shapely.box(0, 0, frame.area.width, frame.area.height)
    within = [(a, shapely.intersection(s, window)) for a, s in zip(areas, shapes, strict=True)]
    # the small ones first: they have the fewest spots to choose from
    for area, shape in sorted(within, key=lambda pair: (pair[1].area, pair[0].number)):
        if shape.area < min(0.4, 0.5 * window.area):
            continue
        circle = shapely.maximum_inscribed_circle(shape, tolerance=0.05)
        at = shapely.get_coordinates(circle)[0]
        look = Look(size, "#1f1f1f", "white", bold=True)
        place_with_leader(frame, (float(at[0]), float(at[1])), str(area.number), look)
