"""Colours and signs, the same on the map and in its legend: Okabe and Ito's colours, in forms that grey keeps too."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch, Rectangle
from shapely.geometry.base import BaseGeometry

from atlas.figure.blocks import Sign
from atlas.figure.frame import outlines
from atlas.figure.paper import Box, write

SEA, HERE, NEIGHBOUR = "#dfeaf2", "#ece7db", "#f4f1ea"
STATE_LIMIT, MUNICIPALITY_LIMIT, RIVER_BASE = "#a99d80", "#b9ae96", "#8fb8d4"
BORDER, RIVER, LAND_LINE = "#2b2b2b", "#0072b2", "#8c2d19"
FORMAL, INFORMAL, POST, CONTROL = "#009e73", "#e69f00", "#cc79a7", "#5b5b5b"

Style = Mapping[str, Any]

# a light core tells the river from the parallel where there is no colour
NATURES: Mapping[str, tuple[Style, ...]] = MappingProxyType(
    {
        "river": ({"edgecolor": RIVER, "linewidth": 2.0}, {"edgecolor": "white", "linewidth": 0.6}),
        "parallel": ({"edgecolor": LAND_LINE, "linewidth": 2.0},),
        "meridian": ({"edgecolor": LAND_LINE, "linewidth": 2.0, "linestyle": (0, (3.2, 1.2))},),
        "straight": ({"edgecolor": LAND_LINE, "linewidth": 2.0, "linestyle": (0, (1.1, 1.0))},),
    },
)
IN_DISPUTE: tuple[Style, ...] = ({"edgecolor": BORDER, "linewidth": 1.6, "linestyle": (0, (4.0, 2.0))},)
LINE: tuple[Style, ...] = ({"edgecolor": BORDER, "linewidth": 1.3},)
ROAD: tuple[Style, ...] = ({"edgecolor": CONTROL, "linewidth": 0.8},)
FIXITIES: Mapping[str, tuple[Style, ...]] = MappingProxyType(
    {
        "fixed": ({"edgecolor": POST, "linewidth": 5.0, "capstyle": "round"},),
        "mobile": ({"edgecolor": POST, "linewidth": 5.0, "linestyle": (0, (0.7, 0.45))},),
        "unknown": (
            {"edgecolor": POST, "linewidth": 5.0, "capstyle": "round"},
            {"edgecolor": "white", "linewidth": 3.0, "capstyle": "round"},
        ),
    },
)
# those of the page of municipalities; light to dark, so that grey keeps the order
CLASSES = ("#f1e4ee", "#d3b5da", "#ab80c1", "#7d4ea0", "#4b1a70")


def stroke(axes: Axes, geometry: BaseGeometry, styles: tuple[Style, ...]) -> None:
    """Draw the lines of a geometry in millimetres, one style over the other."""
    for style in styles:
        for outline in outlines(geometry):
            axes.add_artist(PathPatch(outline, **{"facecolor": "none", "capstyle": "butt", **style}))


def line_sign(styles: tuple[Style, ...]) -> Sign:
    """A short piece of a line."""

    def sign(axes: Axes, box: Box) -> None:
        middle = box.bottom + box.height / 2
        stroke(axes, shapely.LineString([(box.left + 0.6, middle), (box.right - 0.6, middle)]), styles)

    return sign


def area_sign(**style: Any) -> Sign:  # noqa: ANN401 - what matplotlib calls a style
    """A small area."""

    def sign(axes: Axes, box: Box) -> None:
        low, tall = box.bottom + box.height * 0.14, box.height * 0.72
        axes.add_artist(Rectangle((box.left + 1, low), box.width - 2, tall, **{"linewidth": 0.5, **style}))

    return sign


def stretch_style(*, vehicular: bool) -> tuple[Style, ...]:
    """A stretch of the line along which an informal crossing has its name; hatched where vehicles pass."""
    band = {"facecolor": INFORMAL, "alpha": 0.5, "edgecolor": "none"}
    return (
        ({**band, "hatch": "////////", "edgecolor": "#4d3500", "alpha": 0.9, "linewidth": 0},) if vehicular else (band,)
    )


def stretch(axes: Axes, line: BaseGeometry, *, vehicular: bool) -> None:
    """The band of an informal stretch around a line in millimetres."""
    ribbon = shapely.buffer(line, 1.5, cap_style="flat")
    for style in stretch_style(vehicular=vehicular):
        for outline in outlines(ribbon):
            axes.add_artist(PathPatch(outline, **style))


def stretch_sign(*, vehicular: bool) -> Sign:
    """The band in a legend."""

    def sign(axes: Axes, box: Box) -> None:
        middle = box.bottom + box.height / 2
        piece = shapely.LineString([(box.left + 0.6, middle), (box.right - 0.6, middle)])
        ribbon = shapely.buffer(piece, min(1.3, box.height * 0.4), cap_style="flat")
        for style in stretch_style(vehicular=vehicular):
            for outline in outlines(ribbon):
                axes.add_artist(PathPatch(outline, **style))
        stroke(axes, piece, LINE)

    return sign


def unplaced_style() -> tuple[Style, ...]:
    """A formal crossing of which only the stretch is known."""
    return ({"edgecolor": FORMAL, "linewidth": 5.0, "alpha": 0.45},)


def crossing(axes: Axes, at: tuple[float, float], kind: str | None, *, radius: float = 1.25) -> None:
    """A formal crossing: a disc that holds a square (road, filled: bridge), a ring (boat) or a bar (rail)."""
    x, y = at
    axes.add_artist(Circle(at, radius, facecolor=FORMAL, edgecolor="white", linewidth=0.5, zorder=3))
    side = radius * 0.85
    if kind in {"road", "road_bridge"}:
        filled = "white" if kind == "road_bridge" else "none"
        axes.add_artist(
            Rectangle(
                (x - side / 2, y - side / 2), side, side, facecolor=filled, edgecolor="white", linewidth=0.6, zorder=3
            )
        )
    elif kind == "rail":
        axes.add_artist(
            Rectangle((x - radius * 0.75, y - 0.2), radius * 1.5, 0.4, facecolor="white", linewidth=0, zorder=3)
        )
    elif kind == "boat":
        axes.add_artist(Circle(at, radius * 0.42, facecolor="none", edgecolor="white", linewidth=0.6, zorder=3))


def crossing_sign(kind: str | None) -> Sign:
    """A formal crossing in a legend."""

    def sign(axes: Axes, box: Box) -> None:
        crossing(axes, (box.left + box.width / 2, box.bottom + box.height / 2), kind)

    return sign


def circle_sign(colour: str) -> Sign:
    """The circle within which a position may err."""

    def sign(axes: Axes, box: Box) -> None:
        at = (box.left + box.width / 2, box.bottom + box.height / 2)
        axes.add_artist(Circle(at, box.height * 0.48, facecolor=colour, alpha=0.25, edgecolor="none"))
        axes.add_artist(Circle(at, box.height * 0.48, facecolor="none", edgecolor=colour, linewidth=0.5))

    return sign


def number_sign(text: str, size: float) -> Sign:
    """A number as it stands on the map."""

    def sign(axes: Axes, box: Box) -> None:
        write(
            axes, (box.left + box.width / 2, box.bottom + box.height / 2), text, size, align="center", anchor="center"
        )

    return sign


def dot_sign(*, filled: bool) -> Sign:
    """A settlement."""

    def sign(axes: Axes, box: Box) -> None:
        town(axes, (box.left + box.width / 2, box.bottom + box.height / 2), filled=filled)

    return sign


def town(axes: Axes, at: tuple[float, float], *, filled: bool) -> None:
    """The dot of a settlement: filled for large ones."""
    axes.add_artist(
        Circle(
            at,
            0.6 if filled else 0.5,
            facecolor="#333333" if filled else "white",
            edgecolor="white" if filled else "#333333",
            linewidth=0.4,
            zorder=2.5,
        )
    )


def kilometre_ticks(
    axes: Axes, line: BaseGeometry, at_mm: list[float], *, half: float = 1.1
) -> list[tuple[float, ...]]:
    """Ticks across a line at distances along it in millimetres; returns position and unit normal of each."""
    ticks = []
    for distance in at_mm:
        here = np.array(shapely.line_interpolate_point(line, distance).coords[0])
        before, after = (np.array(shapely.line_interpolate_point(line, distance + d).coords[0]) for d in (-1.5, 1.5))
        along = after - before
        norm = float(np.hypot(*along)) or 1.0
        normal = np.array([-along[1], along[0]]) / norm
        ends = np.array([here - normal * half, here + normal * half])
        axes.plot(ends[:, 0], ends[:, 1], color=BORDER, linewidth=0.7, solid_capstyle="butt")
        ticks.append((*here.tolist(), *normal.tolist()))
    return ticks
