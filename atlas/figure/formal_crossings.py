"""Formal crossings: lettered along the line, drawn by kind with the circle or stretch within which each lies."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any

import shapely
from matplotlib.patches import Circle

from atlas.evidence.formal import open_and_other
from atlas.figure import signs
from atlas.figure.blocks import Entry
from atlas.figure.frame import MapFrame
from atlas.figure.labels import Look, place_with_leader
from atlas.figure.plan import Desk
from atlas.geojson.geometries import lon_lat

KINDS = ("road_bridge", "road", "boat", "rail", None)


def lettered(desk: Desk) -> list[tuple[str, Mapping[str, Any]]]:
    """The crossings from A on, in the order of their kilometre; one that has a stretch stands at its middle."""
    features = sorted(desk.features("crossings_formal"), key=_order)
    return [(_letters(number), feature) for number, feature in enumerate(features)]


def formal_name(desk: Desk, feature: Mapping[str, Any]) -> str:
    """Name in the figure's language."""
    return desk.words.text_of(f"name.{feature['id']}", feature["properties"]["name"])


def draw_formal(frame: MapFrame, desk: Desk, *, radius: float = 1.25) -> None:
    """Stretches first, then circles in metres on the ground, then the signs."""
    crossings = [feature for _letter, feature in lettered(desk)]
    for feature in crossings:
        if feature["geometry"]["type"] != "Point":
            signs.stroke(frame.axes, frame.shape(feature), signs.unplaced_style())
    points = [feature for feature in crossings if feature["geometry"]["type"] == "Point"]
    for feature in points:
        reach = feature["properties"]["coordinateUncertaintyInMeters"] / frame.metres
        at = frame.place(*lon_lat(feature))
        frame.axes.add_artist(Circle(at, reach, facecolor=signs.FORMAL, alpha=0.22, edgecolor="none"))
        frame.axes.add_artist(Circle(at, reach, facecolor="none", edgecolor=signs.FORMAL, linewidth=0.4))
    for feature in points:
        at = frame.place(*lon_lat(feature))
        signs.crossing(frame.axes, at, feature["properties"]["kind"], radius=radius)
        frame.keep_clear(shapely.Point(at), half=radius + 0.5)


def write_letters(frame: MapFrame, desk: Desk) -> None:
    """Letters beside the signs; crossings at one position share a label."""
    spots: dict[tuple[float, float], list[str]] = {}
    for letter, feature in lettered(desk):
        shape = frame.shape(feature)
        if shape.is_empty:
            continue
        middle = shape if shape.geom_type == "Point" else shapely.line_interpolate_point(shape, 0.25, normalized=True)
        spots.setdefault((round(float(middle.x), 2), round(float(middle.y), 2)), []).append(letter)
    inside = frame.area
    for at, letters in spots.items():
        if 0 < at[0] < inside.width and 0 < at[1] < inside.height:
            look = Look(desk.type.body, "#00593f", "white", bold=True)
            place_with_leader(frame, at, ", ".join(letters), look, reach=14)


def formal_counted(desk: Desk) -> str:
    """How many formal crossings sources list as open, and how many are in doubt or closed."""
    listed, other = open_and_other(desk.features("crossings_formal"))
    name = desk.words.layer("crossings_formal")
    return desk.words("formal.counted", name=name, open=str(len(listed)), other=str(len(other)))


def formal_entries(desk: Desk, *, circles: bool) -> list[Entry]:
    """Signs of formal crossings by kind; ``circles`` adds that of their uncertainty."""
    words = desk.words
    entries = []
    for kind in KINDS:
        name = words.value("crossings_formal", "kind", kind) if kind else words("formal.kind.none")
        entries.append(Entry(signs.crossing_sign(kind), words("formal.entry", kind=name)))
    entries.append(Entry(signs.line_sign(signs.unplaced_style()), words("formal.stretch")))
    if circles:
        entries.append(Entry(signs.circle_sign(signs.FORMAL), words("formal.circle")))
    return entries


def _letters(number: int) -> str:
    """A to Z, then AA, AB and so on."""
    more, last = divmod(number, len(ascii_uppercase))
    return (_letters(more - 1) if more else "") + ascii_uppercase[last]


def _order(feature: Mapping[str, Any]) -> tuple[float, str]:
    given = feature["properties"]
    km = given["chainage_km"]
    start = sum(given["chainage_intervals"][0]) / 2 if km is None else km
    return float(start), str(feature["id"])
