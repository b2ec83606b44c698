"""The border on a map: by nature or plain, with kilometre marks and the point where the neighbour changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.figure import signs
from atlas.figure.frame import MapFrame, shape_of
from atlas.figure.labels import Look, place_over, place_with_leader
from atlas.figure.plan import Desk

Features = Sequence[Mapping[str, Any]]


def ordered(features: Features) -> list[Mapping[str, Any]]:
    """Features of the border from its start to its end."""
    return sorted(features, key=lambda feature: int(feature["properties"]["order"]))


def whole_line(features: Features) -> BaseGeometry:
    """The border as one line in degrees, from km 0 on."""
    parts = [shapely.get_coordinates(shape_of(feature)) for feature in ordered(features)]
    return shapely.remove_repeated_points(shapely.LineString(np.concatenate(parts)))


def runs(features: Features, *fields: str) -> list[tuple[float, float, tuple[str, ...]]]:
    """Stretches of the border over which the fields do not change: from and to in kilometres, and the values."""
    stretches: list[tuple[float, float, tuple[str, ...]]] = []
    for feature in ordered(features):
        given = feature["properties"]
        values = tuple(str(given[name]) for name in fields)
        start = float(given["chainage_from_km"])
        if stretches and stretches[-1][2] == values:
            start = stretches.pop()[0]
        stretches.append((start, float(given["chainage_to_km"]), values))
    return stretches


def draw_by_nature(frame: MapFrame, features: Features) -> None:
    """Each stretch of one nature as one line, so that dashes run on over its pieces."""
    for nature, group in _grouped(features):
        line = shapely.line_merge(shapely.union_all([shape_of(feature) for feature in group]))
        signs.stroke(frame.axes, frame.laid(line, detail=0.08), signs.NATURES.get(nature, signs.IN_DISPUTE))


def draw_plain(frame: MapFrame, features: Features) -> BaseGeometry:
    """The border as one dark line; returns it in millimetres."""
    line = frame.laid(whole_line(features))
    signs.stroke(frame.axes, line, signs.LINE)
    return line


def draw_kilometres(frame: MapFrame, features: Features, desk: Desk, step: int) -> None:
    """Ticks every ``step`` kilometres with their number, and the ends of the line."""
    total = max(float(feature["properties"]["chainage_to_km"]) for feature in features)
    line = whole_line(features)
    plane = shapely.transform(line, frame.places)
    for km in range(0, int(total) + 1, step):
        at = _kilometre(features, km)
        reached = shapely.line_locate_point(plane, shapely.Point(frame.place(*at)))
        for x, y, nx, ny in signs.kilometre_ticks(frame.axes, plane, [reached]):
            text = desk.words.number(km) + (" km" if km == 0 else "")
            look = Look(desk.type.small, "#2b2b2b", "white", bold=True)
            beside = ((x + nx * side, y + ny * side) for side in (2.6, -2.6, 3.6, -3.6))
            if not any(place_over(frame, spot, text, look) for spot in beside):
                place_with_leader(frame, (x, y), text, look, reach=8, dotted=False)


def _kilometre(features: Features, km: float) -> tuple[float, float]:
    """Position of a kilometre in degrees: by the piece that holds it and the share along it, on the ground."""
    for feature in ordered(features):
        start, end = feature["properties"]["chainage_from_km"], feature["properties"]["chainage_to_km"]
        if start <= km <= end:
            return _along(shapely.get_coordinates(shape_of(feature)), (km - start) / (end - start))
    return tuple(shapely.get_coordinates(shape_of(ordered(features)[-1]))[-1])


def _along(positions: np.ndarray[Any, Any], share: float) -> tuple[float, float]:
    # pieces are short, so a degree of longitude at their own latitude is enough
    squeeze = np.cos(np.radians(positions[:, 1].mean()))
    scaled = shapely.LineString(positions * [squeeze, 1])
    point = shapely.line_interpolate_point(scaled, share, normalized=True)
    return float(point.x / squeeze), float(point.y)


def _grouped(features: Features) -> list[tuple[str, list[Mapping[str, Any]]]]:
    groups: list[tuple[str, list[Mapping[str, Any]]]] = []
    for feature in ordered(features):
        nature = feature["properties"]["nature"]
        if groups and groups[-1][0] == nature:
            groups[-1][1].append(feature)
        else:
            groups.append((nature, [feature]))
    return groups
