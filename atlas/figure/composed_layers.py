"""Layers of a user's own on paper, and their legend: the same classes, colours and marks as on the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from shapely.geometry.base import BaseGeometry

from atlas.cartography.assembly import Assembled, DrawnLayer
from atlas.cartography.composition import Style
from atlas.cartography.palettes import PLAIN
from atlas.cartography.portrayal import LegendEntry, Portrayal
from atlas.figure import signs
from atlas.figure.blocks import Block, Drawing, Entry, Legend, Sign
from atlas.figure.frame import MapFrame, shape_of
from atlas.figure.paper import INK, POINT_MM, Box, Canvas, Type, line_height, wrapped, write
from atlas.figure.plan import Desk

LARGEST_MM = 5.0
POINT_RADIUS_MM = 1.05
# points of type: that of a wide sheet is larger
NARROW_TITLE = 9
GAP = "#7a7a7a"
MARKERS: Mapping[str, str] = {"square": "s", "bar": "_", "diamond": "D", "hull": "v"}
# points that names keep off; of more, a map has no room for names
MOST_CLEARED = 400
WIDEST_POINTS = 6.0
# the denser the later, as on the page
HATCHES = ("...", "---", "///", "\\\\\\", "|||", "+++", "xxx", "///--", "xxx--")
# share of the extent beyond its edge that a cone may still show
AROUND = 0.4


def near(frame: MapFrame, feature: Mapping[str, Any]) -> BaseGeometry:
    """The part of a feature of the atlas that lies around the map, in degrees: far off, the projection has no place."""
    return _cut(frame, shape_of(feature))


def _cut(frame: MapFrame, shape: BaseGeometry) -> BaseGeometry:
    extent = frame.extent
    wide, high = (extent.east - extent.west) * AROUND, (extent.north - extent.south) * AROUND
    window = shapely.box(extent.west - wide, extent.south - high, extent.east + wide, extent.north + high)
    if shapely.contains_properly(window, shapely.envelope(shape)):
        return shape
    whole = shapely.make_valid(shape) if shape.geom_type.endswith("Polygon") else shape
    return shapely.intersection(whole, window)


def draw_native(frame: MapFrame, name: str, shape: BaseGeometry) -> None:
    """A feature of the atlas in its colours."""
    if shape.is_empty:
        return
    if shape.geom_type.endswith("Point"):
        at = frame.places(shapely.get_coordinates(shape))
        frame.axes.scatter(
            at[:, 0], at[:, 1], s=_area(POINT_RADIUS_MM), c=signs.FORMAL, edgecolors="white", linewidths=0.5, zorder=3
        )
        return
    look = signs.LINE if name == "border" else ({"edgecolor": signs.MUNICIPALITY_LIMIT, "linewidth": 0.4},)
    signs.stroke(frame.axes, frame.laid(shape), look)


def draw_composed(frame: MapFrame, made: Portrayal, *, largest: float, step: str | None = None) -> None:
    """The features of a layer, areas below lines below points; ``largest`` is a radius in millimetres.

    Of a layer with times those of the ``step`` are drawn, or of the last one.
    """
    points: dict[tuple[int | None, bool], list[tuple[float, float, float]]] = defaultdict(list)
    for number, feature in enumerate(made.features):
        if feature.shape is None or not at_time(made, number, step):
            continue
        shape = _cut(frame, feature.shape)
        if shape.is_empty:
            continue
        of = made.of[number] if made.of else None
        if shape.geom_type.endswith("Point"):
            share = made.shares[number] if made.shares else None
            radius = POINT_RADIUS_MM if not made.sizes else max(0.2, (share or 0) * largest) if share else 0.5
            hollow = bool(made.sizes) and not share
            points[of, hollow] += [(x, y, radius) for x, y in frame.places(shapely.get_coordinates(shape)).tolist()]
        else:
            _draw_shape(frame, frame.laid(shape), made, number)
    for x, y, radius in [place for places in points.values() for place in places][:MOST_CLEARED]:
        frame.taken.append(Box(x - radius, y - radius, 2 * radius, 2 * radius))
    for (of, hollow), places in sorted(points.items(), key=lambda pair: str(pair[0])):
        _scatter(frame, places, None if of is None else made.entries[of], hollow=hollow, sized=bool(made.sizes))


def largest_mm(kind: Type) -> float:
    """Radius of the largest circle in millimetres: smaller on a narrow sheet, and the same on map and legend."""
    return LARGEST_MM if kind.title > NARROW_TITLE else 0.75 * LARGEST_MM


def at_time(made: Portrayal, number: int, step: str | None) -> bool:
    """Whether a feature is there at a time: what has no time always is."""
    time = made.times[number] if made.steps else None
    return time is None or made.steps[time] == (step or made.steps[-1])


def _draw_shape(frame: MapFrame, shape: BaseGeometry, made: Portrayal, number: int) -> None:
    of = made.of[number] if made.of else None
    entry = None if of is None else made.entries[of]
    if shape.geom_type.endswith("LineString"):
        signs.stroke(frame.axes, shape, line_style(entry, made.widths[number]) if made.widths else _line(entry))
    else:
        frame.draw(shape, **_area_style(entry, made.style, of))


def line_style(entry: LegendEntry | None, share: float | None) -> tuple[Mapping[str, Any], ...]:
    """A line as wide as its share of the widest; without a number thin and broken."""
    (style,) = _line(entry)
    if share is None:
        return ({**style, "linewidth": 0.5, "linestyle": (0, (2, 2))},)
    return ({**style, "linewidth": max(0.3, share * WIDEST_POINTS), "capstyle": "round"},)


def _line(entry: LegendEntry | None) -> tuple[Mapping[str, Any], ...]:
    if entry is not None and entry.empty:
        return ({"edgecolor": GAP, "linewidth": 0.8, "linestyle": (0, (2, 1.5))},)
    return ({"edgecolor": PLAIN if entry is None else entry.colour, "linewidth": 1.5},)


def _area_style(entry: LegendEntry | None, style: Style, of: int | None) -> dict[str, Any]:
    if entry is None:
        return {"facecolor": (*_rgb(PLAIN), 0.2), "edgecolor": PLAIN, "linewidth": 0.8}
    if entry.empty:
        # with hatches for classes, what has none is plain
        hatch = {} if style.hatch else {"hatch": "/////"}
        return {"facecolor": "#ffffff", "edgecolor": GAP, "linewidth": 0.3, **hatch}
    lined: dict[str, Any] = {"hatch": HATCHES[(of or 0) % len(HATCHES)], "hatch_linewidth": 0.4} if style.hatch else {}
    return {"facecolor": (*_rgb(entry.colour), style.opacity), "edgecolor": "#3d3d3d", "linewidth": 0.35, **lined}


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _area(radius_mm: float) -> float:
    """What matplotlib calls the size of a sign: its width in points, squared."""
    return (2 * radius_mm / POINT_MM) ** 2


def _scatter(
    frame: MapFrame, places: list[tuple[float, float, float]], entry: LegendEntry | None, *, hollow: bool, sized: bool
) -> None:
    x, y, radii = np.array(places).T
    empty = hollow or (entry is not None and entry.empty)
    face: Any = "none" if empty else (*_rgb(PLAIN if entry is None else entry.colour), 0.75 if sized else 1.0)
    style: dict[str, Any] = {"edgecolors": INK, "linewidths": 0.4, "zorder": 3}
    frame.axes.scatter(x, y, s=[_area(radius) for radius in radii], c=[face] if face != "none" else face, **style)
    if entry is not None and not sized and entry.mark in MARKERS:
        frame.axes.scatter(x, y, s=_area(0.42), c="white", marker=MARKERS[entry.mark], linewidths=0.5, zorder=3.1)


def legends(desk: Desk, assembled: Assembled) -> list[Block]:
    """What the signs of each layer mean."""
    blocks: list[Block] = []
    for layer in assembled.drawn:
        blocks += _of_layer(desk, layer, titled=len(assembled.drawn) > 1)
    if assembled.native:
        entries = [Entry(signs.line_sign(signs.LINE), desk.words.layer(name)) for name in assembled.native]
        blocks.append(Legend("", entries, desk.type.body))
    return blocks


def _of_layer(desk: Desk, layer: DrawnLayer, *, titled: bool) -> list[Block]:
    language, made = desk.words.language, layer.portrayal
    name = layer.title.get(language) or layer.file.name
    if made.is_plain:
        return [Legend("", [Entry(_sign(layer, None), name)], desk.type.body)]
    blocks: list[Block] = []
    if made.size_head is not None:
        blocks.append(_circles(desk, made))
    if made.width_head is not None:
        widths = [Entry(signs.line_sign(line_style(None, e.share)), e.text[language]) for e in made.width_steps]
        blocks.append(Legend(made.width_head[language], widths, desk.type.body, column=24.0))
    if made.head is not None:
        title = f"{name}: {made.head[language]}" if titled else made.head[language]
        entries = [Entry(_sign(layer, entry), f"{entry.text[language]} ({entry.count:,})") for entry in made.entries]
        blocks.append(Legend(title, entries, desk.type.body, column=36.0))
    return blocks


def _sign(layer: DrawnLayer, entry: LegendEntry | None) -> Sign:
    kinds = {f.shape.geom_type for f in layer.portrayal.features if f.shape is not None}
    if any(kind.endswith("Polygon") for kind in kinds):
        of = None if entry is None else layer.portrayal.entries.index(entry)
        return signs.area_sign(**_area_style(entry, layer.portrayal.style, of))
    if any(kind.endswith("LineString") for kind in kinds):
        return signs.line_sign(_line(entry))
    return _point_sign(entry, marked=not layer.portrayal.sizes)


def _point_sign(entry: LegendEntry | None, *, marked: bool) -> Sign:
    def sign(axes: Axes, box: Box) -> None:
        at = box.left + box.width / 2, box.bottom + box.height / 2
        face = PLAIN if entry is None else "none" if entry.empty else entry.colour
        axes.add_artist(Circle(at, POINT_RADIUS_MM, facecolor=face, edgecolor=INK, linewidth=0.4))
        if entry is not None and marked and entry.mark in MARKERS:
            axes.scatter(*at, s=_area(0.42), c="white", marker=MARKERS[entry.mark], linewidths=0.5, zorder=3.1)

    return sign


def _circles(desk: Desk, made: Portrayal) -> Drawing:
    """Circles in each other, standing on one line, each with its number beside its top."""
    language, size = desk.words.language, desk.type.body
    head, largest = made.size_head[language] if made.size_head else "", largest_mm(desk.type)

    def rows(width: float) -> list[str]:
        return wrapped(head, width, size, bold=True)

    def tall(width: float) -> float:
        return len(rows(width)) * line_height(size) + max(2 * largest, 3 * line_height(size)) + 1.5

    def paint(canvas: Canvas, box: Box) -> None:
        step = line_height(size)
        for number, line in enumerate(rows(box.width)):
            write(canvas.page, (box.left, box.top - (number + 0.8) * step), line, size, bold=True)
        foot, middle = box.bottom + 0.6, box.left + largest + 0.5
        labelled = foot - step
        for entry in sorted(made.sizes, key=lambda one: one.share):
            radius = entry.share * largest
            circle = Circle((middle, foot + radius), radius, facecolor="none", edgecolor=INK, linewidth=0.5)
            canvas.page.add_artist(circle)
            labelled = max(foot + 2 * radius - size * POINT_MM / 2, labelled + step)
            right = middle + largest + 1.5
            level = labelled + size * POINT_MM * 0.36
            canvas.page.plot([middle, right - 0.4], [foot + 2 * radius, level], color=INK, linewidth=0.3)
            write(canvas.page, (right, labelled), entry.text[language], size)

    return Drawing(tall, paint)
