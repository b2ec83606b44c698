"""A small drawing of the layers for the index: real shapes, thinned until they fit a card."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from atlas.render.edition import Edition

WIDTH, HEIGHT = 560, 420
MARGIN_DEG = 0.15


@dataclass(frozen=True, slots=True)
class Stroke:
    """One path of the drawing; ``role`` is its class in the style sheet."""

    role: str
    d: str


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """Paths and discs in a box of ``WIDTH`` by ``HEIGHT``."""

    strokes: tuple[Stroke, ...]
    discs: tuple[tuple[float, float], ...] = ()
    width: int = WIDTH
    height: int = HEIGHT


def of_atlas(edition: Edition) -> Thumbnail:
    """The whole border on its ground."""
    frame = _frame(edition)
    window = shapely.box(*frame)
    ground = [(kind, _of_kind(edition, kind)) for kind in ("land_neighbours", "land_mexico", "water", "river", "state")]
    themes = [(name, edition.outlines.get(name, ())) for name in ("municipalities", "border", "corridor")]
    lines = [
        shape
        for shape in edition.outlines.get("checkpoints", ())
        if shape is not None and shape.geom_type == "LineString"
    ]
    themes.append(("checkpoints", lines))
    strokes = [
        Stroke(f"t-{role.replace('_', '-')}", path)
        for role, shapes in [*ground, *themes]
        if (path := _path(shapes, window, frame))
    ]
    points = [s for s in edition.outlines.get("crossings_formal", ()) if s is not None and s.geom_type == "Point"]
    discs = tuple(map(tuple, _project(shapely.get_coordinates(points), frame).tolist())) if points else ()
    return Thumbnail(tuple(strokes), discs)


def _of_kind(edition: Edition, kind: str) -> list[Any]:
    features: Sequence[Mapping[str, Any]] = edition.features.get("basemap", ())
    shapes = edition.outlines.get("basemap", ())
    return [shape for feature, shape in zip(features, shapes, strict=True) if feature["properties"]["kind"] == kind]


def _frame(edition: Edition) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees, in the proportion of the drawing."""
    west, south, east, north = home_bounds(edition)
    west, south, east, north = west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = (east - west) * squeeze, north - south
    if wide / high < WIDTH / HEIGHT:
        extra = (high * WIDTH / HEIGHT - wide) / squeeze / 2
        return west - extra, south, east + extra, north
    extra = (wide * HEIGHT / WIDTH - high) / 2
    return west, south - extra, east, north + extra


def home_bounds(edition: Edition, layer: str = "border") -> tuple[float, float, float, float]:
    """What a map shows first: west, south, east, north in degrees of a layer, or of what there is."""
    for name in (layer, *edition.release.names):
        if name in edition.release.names and (box := edition.release.record(name)["bbox"]):
            west, south, east, north = box
            return west, south, east, north
    return -180.0, -85.0, 180.0, 85.0


def sheet_bounds(edition: Edition) -> tuple[float, float, float, float]:
    """Where the base map ends: west, south, east, north in degrees."""
    land = [s for s in _of_kind(edition, "land_mexico") + _of_kind(edition, "land_neighbours") if s is not None]
    if not land:
        return home_bounds(edition)
    west, south, east, north = (round(float(value), 4) for value in shapely.total_bounds(land))
    return west, south, east, north


def _path(shapes: Iterable[Any], window: Any, frame: tuple[float, float, float, float]) -> str:  # noqa: ANN401 - a polygon
    placed = [shape for shape in shapes if shape is not None and not shape.geom_type.endswith("Point")]
    placed = [shape for shape, near in zip(placed, shapely.intersects(placed, window), strict=True) if near]
    kept = shapely.intersection(shapely.make_valid(placed), window)
    parts = shapely.get_parts(shapely.get_parts(kept))
    lines = [line for part in parts for line in _lines(part) if not line.is_empty]
    return "".join(_subpath(shapely.get_coordinates(line), frame, closed=line.is_ring) for line in lines)


def _lines(part: Any) -> Sequence[Any]:  # noqa: ANN401 - any shapely geometry
    if part.geom_type == "Polygon":
        return list(shapely.get_rings(part))
    return [part] if part.geom_type == "LineString" else []


def _subpath(positions: Any, frame: tuple[float, float, float, float], *, closed: bool) -> str:  # noqa: ANN401 - an array
    steps = _project(positions, frame)
    body = "L".join(f"{x:g} {y:g}" for x, y in steps.tolist())
    return f"M{body}Z" if closed else f"M{body}"


def _project(positions: Any, frame: tuple[float, float, float, float]) -> Any:  # noqa: ANN401 - arrays
    west, south, east, north = frame
    x = (positions[:, 0] - west) / (east - west) * WIDTH
    y = (north - positions[:, 1]) / (north - south) * HEIGHT
    return np.round(np.column_stack([x, y]), 1)
