"""What a map needs to be read: a graticule with its degrees, a scale bar of a round length, an arrow to the north."""

from __future__ import annotations

import numpy as np
import shapely
from matplotlib.patches import Polygon, Rectangle
from matplotlib.patheffects import withStroke

from atlas.figure.frame import Extent, MapFrame, Positions
from atlas.figure.paper import INK, QUIET, Box, Canvas, text_width, write
from atlas.geometry.antimeridian_steps import HALF
from atlas.geometry.meridian_frame import MeridianFrame

STEPS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
POLE = 85.0
LABEL_LEFT = 6.0
LABEL_BELOW = 3.4
CORNER = 3.0


def graticule_step(extent: Extent, width: float) -> float:
    """Degrees between lines, so that they stand at least 18 mm apart on a frame of this width in millimetres."""
    wanted = (extent.east - extent.west) / max(2, width / 19)
    return next((step for step in STEPS if step >= wanted), STEPS[-1])


def draw_graticule(frame: MapFrame) -> None:
    """Thin lines over the base map."""
    for positions in _meridians(frame.extent, frame.box.width) + _parallels(frame.extent, frame.box.width):
        places = frame.places(positions)
        frame.axes.plot(places[:, 0], places[:, 1], color="#8a8a8a", linewidth=0.25, alpha=0.7)


def draw_frame(canvas: Canvas, frame: MapFrame, size: float, compass: str) -> None:
    """The neat line, with degrees outside it below and on the left; ``compass`` has the letters for E, W, N and S."""
    box = frame.box
    canvas.page.add_artist(
        Rectangle((box.left, box.bottom), box.width, box.height, facecolor="none", edgecolor=INK, linewidth=0.6)
    )
    for positions in _meridians(frame.extent, box.width):
        x = _where(frame.places(positions), axis=1)
        if x is not None and CORNER < x < box.width - CORNER:
            _tick(canvas, ((box.left + x, box.bottom), (box.left + x, box.bottom - 0.8)))
            at = (box.left + x, box.bottom - 1.1)
            write(
                canvas.page,
                at,
                _degrees(MeridianFrame.within(float(positions[0, 0])), compass[:2]),
                size,
                colour=QUIET,
                align="center",
                anchor="top",
            )
    for positions in _parallels(frame.extent, box.width):
        y = _where(frame.places(positions), axis=0)
        if y is not None and CORNER < y < box.height - 2 * CORNER:
            _tick(canvas, ((box.left, box.bottom + y), (box.left - 0.8, box.bottom + y)))
            at = (box.left - 1.1, box.bottom + y)
            label = _degrees(positions[0, 1], compass[2:])
            write(canvas.page, at, label, size, colour=QUIET, align="center", anchor="bottom", turn=90)


def draw_scale_bar(frame: MapFrame, corner: str, size: float) -> None:
    """A bar of a round number of kilometres in a corner: two letters, ``s`` or ``n``, then ``w`` or ``e``."""
    length = round_length_km(frame.metres * frame.box.width / 1000 * 0.3)
    long = length * 1000 / frame.metres
    left = 4.0 if "w" in corner else frame.box.width - long - 7
    bottom = 3.5 if "s" in corner else frame.box.height - 7.5
    for part in range(4):
        face = INK if part % 2 == 0 else "white"
        piece = Rectangle((left + part * long / 4, bottom), long / 4, 1.0, facecolor=face, edgecolor=INK, linewidth=0.5)
        piece.set_zorder(5)
        frame.axes.add_artist(piece)
    room = long / 2 > text_width(f"{length / 2:,g}", size) + text_width(f"{length:,g} km", size) / 2 + 1
    for share in (0, 0.5, 1) if room else (0, 1):
        figure = f"{length * share:,g}" + (" km" if share == 1 else "")
        frame.axes.text(
            left + share * long,
            bottom + 1.7,
            figure,
            fontsize=size,
            color=INK,
            ha="center",
            va="bottom",
            zorder=5,
            path_effects=[withStroke(linewidth=1.4, foreground="white")],
        )
    frame.taken.append(Box(left - 2.5, bottom - 1, long + 8, 7))


def draw_north(frame: MapFrame, corner: str, size: float) -> None:
    """An arrow in a corner, turned to where north is at that spot, with its letter."""
    x = 5.0 if "w" in corner else frame.box.width - 5.0
    y = 5.5 if "s" in corner else frame.box.height - 9.0
    up = _northward(frame, x, y)
    side = np.array([up[1], -up[0]])
    foot = np.array([x, y])
    tip, notch = foot + up * 5.2, foot + up * 1.2
    for sign, face in ((-1, INK), (1, "white")):
        corners = [tip, foot + side * sign * 1.5, notch]
        frame.axes.add_artist(Polygon(corners, closed=True, facecolor=face, edgecolor=INK, linewidth=0.5, zorder=5))
    label = tip + up * 1.5
    frame.axes.text(
        float(label[0]),
        float(label[1]),
        "N",
        fontsize=size,
        fontweight="bold",
        color=INK,
        ha="center",
        va="center",
        zorder=5,
    )
    frame.taken.append(Box(x - 2.5, y - 1, 5, 10))


def round_length_km(longest: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above ``longest`` kilometres."""
    power = 10 ** np.floor(np.log10(longest))
    return float(max(step for step in (power, 2 * power, 5 * power) if step <= longest))


def _northward(frame: MapFrame, x: float, y: float) -> Positions:
    left, bottom, _right, _top = frame.extent.bounds
    longitude, latitude = frame.extent.projection(left + x * frame.metres, bottom + y * frame.metres, inverse=True)
    here, there = (np.array(frame.place(longitude, latitude + d)) for d in (0, 0.1))
    ahead = there - here
    return np.asarray(ahead / np.hypot(*ahead))


def _meridians(extent: Extent, width: float) -> list[Positions]:
    step = graticule_step(extent, width)
    latitudes = np.linspace(max(extent.south - 1, -POLE), min(extent.north + 1, POLE), 60)
    first = np.ceil((extent.west - 1) / step) * step
    return [np.column_stack((np.full(60, at), latitudes)) for at in np.arange(first, extent.east + 1, step)]


def _parallels(extent: Extent, width: float) -> list[Positions]:
    step = graticule_step(extent, width)
    longitudes = np.linspace(extent.west - 1, extent.east + 1, 60)
    first = np.ceil((extent.south - 1) / step) * step
    return [np.column_stack((longitudes, np.full(60, at))) for at in np.arange(first, extent.north + 1, step)]


def _where(places: Positions, *, axis: int) -> float | None:
    """Where a graticule line meets the lower edge (axis 1) or the left edge (axis 0), in millimetres along the edge."""
    far = 1e4
    edge = [(-far, 0), (far, 0)] if axis == 1 else [(0, -far), (0, far)]
    met = shapely.intersection(shapely.LineString(places), shapely.LineString(edge))
    return None if met.is_empty else float(shapely.get_coordinates(met)[0][1 - axis])


def _tick(canvas: Canvas, ends: tuple[tuple[float, float], tuple[float, float]]) -> None:
    (x0, y0), (x1, y1) = ends
    canvas.page.plot([x0, x1], [y0, y1], color=INK, linewidth=0.5, solid_capstyle="butt")


def _degrees(value: float, letters: str) -> str:
    whole, minutes = divmod(round(abs(value) * 60), 60)
    # the equator is neither north nor south, and 180° neither east nor west
    letter = "" if value in {0, HALF, -HALF} else f" {letters[0] if value > 0 else letters[1]}"
    return f"{whole}°{minutes:02d}′{letter}" if minutes else f"{whole}°{letter}"
