"""Small drawings for the index: every layer and the ground once, in one system of units that all cards look into."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import shapely

from atlas.border_project import LAND_HERE, land_kinds
from atlas.render.build_context import BuildContext
from atlas.render.drawn_layers import THIN_DEG
from atlas.render.extent import Box, home_bounds, of_kind, sheet_bounds

PROPORTION = 4 / 3
PER_DEGREE = 100
MARGIN = 0.04
MIDDLE_LATITUDE = 16.5
# how much shorter a degree of longitude is than one of latitude where the sheet lies
SQUEEZE = math.cos(math.radians(MIDDLE_LATITUDE))
_SQUEEZE: ContextVar[float] = ContextVar("squeeze", default=SQUEEZE)
GROUND = "ground"
GROUND_KINDS = ("land_neighbours", *land_kinds(), "water", "river", "state")
DEFAULT = ("municipalities", "border", "corridor", "checkpoints", "crossings_formal")
SHADES = 4


@dataclass(frozen=True, slots=True)
class Stroke:
    """One path of a drawing; ``role`` is its class in the style sheet."""

    role: str
    d: str


Motif = Callable[[BuildContext], Sequence[Stroke]]


@dataclass(frozen=True, slots=True)
class Sketch:
    """What the card of a page shows.

    Parameters
    ----------
    layers
        Layers over the ground, bottom to top.
    home
        Layer whose extent the card shows.
    shade
        Field of numbers by which the areas of the first layer are shaded, in four classes of equal count.
    motif
        For a page without a map: its own drawing, in a box of 400 by 300.
    """

    layers: tuple[str, ...] = DEFAULT
    home: str = "border"
    shade: str | None = None
    motif: Motif | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What one card shows: names of symbols, or strokes of its own, in a view box."""

    uses: tuple[str, ...]
    strokes: Sequence[Stroke]
    view: str


@dataclass(frozen=True, slots=True)
class Album:
    """Symbols drawn once, and the cards that use them."""

    symbols: Mapping[str, Sequence[Stroke]]
    cards: Sequence[Card]


def draw(edition: BuildContext, sketches: Sequence[Sketch]) -> Album:
    """The drawings of all cards together."""
    token = _SQUEEZE.set(_squeeze_of(edition))
    try:
        return _drawn(edition, sketches)
    finally:
        _SQUEEZE.reset(token)


def _squeeze_of(edition: BuildContext) -> float:
    if edition.release.border is None:
        return _SQUEEZE.get()
    _, south, _, north = sheet_bounds(edition)
    return math.cos(math.radians((south + north) / 2))


def _drawn(edition: BuildContext, sketches: Sequence[Sketch]) -> Album:
    maps = [sketch for sketch in sketches if not sketch.motif]
    frames = {sketch.home: _frame(edition, sketch.home) for sketch in maps}
    if not frames:
        return Album({}, [_card(edition, sketch, frames) for sketch in sketches])
    ends = np.array(list(frames.values()))
    window = shapely.box(*ends[:, :2].min(axis=0), *ends[:, 2:].max(axis=0))
    symbols = {GROUND: _ground(edition, window)}
    for sketch in maps:
        for name, layer, shade in _named(edition, sketch):
            if name not in symbols:
                symbols[name] = _layer(edition, layer, shade, window)
    return Album(symbols, [_card(edition, sketch, frames) for sketch in sketches])


def ground_within(edition: BuildContext, window: Any) -> Sequence[Stroke]:  # noqa: ANN401 - a polygon
    """Land, water, rivers and limits of states in a window, in degrees, for a small drawing of its own."""
    return _ground(edition, window)


def area_within(role: str, shape: Any, window: Any) -> Stroke:  # noqa: ANN401 - a polygon, and one around it
    """An area in a window, in degrees, thinned like the ground."""
    return Stroke(role, _path([shapely.simplify(shape, THIN_DEG)], window))


def view_box(window: Box) -> str:
    """The view box of a drawing that shows west, south, east, north in degrees."""
    west, south, east, north = window
    (x, top), (right, bottom) = _project(np.array([[west, north], [east, south]])).tolist()
    return f"{x:g} {top:g} {right - x:g} {bottom - top:g}"


def _card(edition: BuildContext, sketch: Sketch, frames: Mapping[str, Box]) -> Card:
    if sketch.motif:
        return Card((), sketch.motif(edition), "0 0 400 300")
    view = view_box(frames[sketch.home])
    return Card((GROUND, *(name for name, _, _ in _named(edition, sketch))), (), view)


def _named(edition: BuildContext, sketch: Sketch) -> list[tuple[str, str, str | None]]:
    """Symbol, layer and shade of a sketch's layers that this edition has."""
    shades = dict.fromkeys(sketch.layers[:1], sketch.shade)
    known = [layer for layer in sketch.layers if layer in edition.features and layer != "basemap"]
    return [(f"{layer}-{shades[layer]}" if shades.get(layer) else layer, layer, shades.get(layer)) for layer in known]


def _frame(edition: BuildContext, home: str) -> Box:
    """West, south, east, north in degrees, in the proportion of a card, kept on the sheet where that is possible."""
    west, south, east, north = home_bounds(edition, home)
    wide, high = (east - west) * _SQUEEZE.get(), north - south
    high = max(high, wide / PROPORTION) * (1 + 2 * MARGIN)
    wide = high * PROPORTION / _SQUEEZE.get()
    left, bottom, right, top = sheet_bounds(edition)
    x = _held((west + east) / 2, wide, left, right)
    y = _held((south + north) / 2, high, bottom, top)
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def _held(middle: float, size: float, low: float, high: float) -> float:
    if size >= high - low:
        return (low + high) / 2
    return min(max(middle, low + size / 2), high - size / 2)


def _ground(edition: BuildContext, window: Any) -> list[Stroke]:  # noqa: ANN401 - a polygon
    drawn = [(kind, _path(of_kind(edition, kind), window)) for kind in GROUND_KINDS]
    return [Stroke(role_of(kind), path) for kind, path in drawn if path]


def _layer(edition: BuildContext, name: str, shade: str | None, window: Any) -> list[Stroke]:  # noqa: ANN401 - a polygon
    shapes = edition.outlines.get(name)
    if shapes is None:
        shapes = shapely.simplify(np.array(edition.shapes[name], dtype=object), THIN_DEG)
    if shade:
        values = [feature["properties"].get(shade) for feature in edition.features[name]]
        return _shaded(shapes, values, window)
    # points are strokes without length: they keep their size in any view
    points = shapely.get_coordinates([s for s in shapes if s is not None and s.geom_type == "Point"])
    dots = "".join(f"M{x:g} {y:g}h0" for x, y in _project(points).tolist())
    areas = [s for s in shapes if s is not None and s.geom_type.endswith("Polygon")]
    lines = {s.wkb: s for s in shapes if s is not None and s.geom_type.endswith("LineString")}
    role = role_of(name)
    strokes = [Stroke(f"{role} t-area", _path(areas, window)), Stroke(role, _path(lines.values(), window))]
    strokes += [Stroke("t-dot-edge", dots), Stroke(f"t-dot {role}", dots)]
    return [stroke for stroke in strokes if stroke.d]


def _shaded(shapes: Sequence[Any], values: Sequence[float | None], window: Any) -> list[Stroke]:  # noqa: ANN401 - a polygon
    known = sorted((value, number) for number, value in enumerate(values) if value is not None)
    classed = [(place * SHADES // len(known) + 1, number) for place, (_, number) in enumerate(known)]
    groups = groupby(classed, key=lambda pair: pair[0])
    return [Stroke(f"t-shade t-shade-{rank}", _path([shapes[i] for _, i in group], window)) for rank, group in groups]


def role_of(name: str) -> str:
    """The class of what is drawn of a layer or a kind of ground: one for this side's land, whatever it is called."""
    name = LAND_HERE if name in land_kinds() else name
    return f"t-{name.replace('_', '-')}"


def _path(shapes: Iterable[Any], window: Any) -> str:  # noqa: ANN401 - a polygon
    placed = [shape for shape in shapes if shape is not None and not shape.geom_type.endswith("Point")]
    placed = [shape for shape, near in zip(placed, shapely.intersects(placed, window), strict=True) if near]
    kept = shapely.intersection(shapely.make_valid(placed), window)
    parts = shapely.get_parts(shapely.get_parts(kept))
    lines = [line for part in parts for line in _lines(part) if not line.is_empty]
    return "".join(_subpath(shapely.get_coordinates(line), closed=line.is_ring) for line in lines)


def _lines(part: Any) -> Sequence[Any]:  # noqa: ANN401 - any shapely geometry
    if part.geom_type == "Polygon":
        return list(shapely.get_rings(part))
    return [part] if part.geom_type == "LineString" else []


def _subpath(positions: Any, *, closed: bool) -> str:  # noqa: ANN401 - an array
    """A path in whole units, each step from the one before; steps that round to nothing are left out."""
    places = _project(positions)
    steps = np.diff(places, axis=0)
    steps = steps[(steps != 0).any(axis=1)]
    start = f"M{places[0, 0]:g} {places[0, 1]:g}"
    body = "l" + " ".join(f"{x:g} {y:g}" for x, y in np.round(steps, 1).tolist()) if len(steps) else ""
    return f"{start}{body}{'z' if closed else ''}".replace(" -", "-")


def _project(positions: Any) -> Any:  # noqa: ANN401 - arrays
    west, north = -98.0, 22.0
    x = (positions[:, 0] - west) * _SQUEEZE.get() * PER_DEGREE
    y = (north - positions[:, 1]) * PER_DEGREE
    return np.round(np.column_stack([x, y]), 1)
