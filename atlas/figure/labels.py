"""Names on a map: each takes the first free spot near its place, and no name lies on another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.patheffects import withStroke

from atlas.figure.frame import MapFrame
from atlas.figure.paper import INK, POINT_MM, Box, text_width


@dataclass(frozen=True, slots=True)
class Look:
    """How a name is set: size in points, the colour of its halo, and letters spaced or not."""

    size: float
    colour: str = INK
    halo: str = "white"
    bold: bool = False
    italic: bool = False


def place_beside(frame: MapFrame, at: tuple[float, float], text: str, look: Look, *, gap: float = 1.0) -> bool:
    """Set a name beside a point in millimetres, where there is room; says whether there was."""
    width, height = _size(text, look)
    for left, bottom in _around(at, width, height, gap):
        if _free(frame, Box(left, bottom, width, height)):
            _set(frame, (left, bottom), text, look)
            return True
    return False


def place_over(frame: MapFrame, at: tuple[float, float], text: str, look: Look, *, reach: float = 0) -> bool:
    """Set a name over a point in millimetres, or within ``reach`` of it; says whether there was room."""
    width, height = _size(text, look)
    for dx, dy in _spiral(reach):
        box = Box(at[0] + dx - width / 2, at[1] + dy - height / 2, width, height)
        if _free(frame, box):
            _set(frame, (box.left, box.bottom), text, look)
            return True
    return False


def place_with_leader(  # noqa: PLR0913 - as much as the others, and its line
    frame: MapFrame, at: tuple[float, float], text: str, look: Look, *, reach: float = 16, dotted: bool = True
) -> bool:
    """Set a name over a point, or farther off with a thin line to it; says whether there was room."""
    width, height = _size(text, look)
    for dx, dy in _spiral(reach):
        box = Box(at[0] + dx - width / 2, at[1] + dy - height / 2, width, height)
        if not _free(frame, box):
            continue
        if max(abs(dx) - width / 2, abs(dy) - height / 2) > 0:
            _leader(frame, at, box, dotted=dotted)
        _set(frame, (box.left, box.bottom), text, look)
        return True
    return False


def spaced(text: str) -> str:
    """Capitals with thin spaces between them, as countries are written."""
    return "\u2009".join(text.upper())


def _leader(frame: MapFrame, at: tuple[float, float], box: Box, *, dotted: bool) -> None:
    middle = (box.left + box.width / 2, box.bottom + box.height / 2)
    frame.axes.plot([at[0], middle[0]], [at[1], middle[1]], color=INK, linewidth=0.4, solid_capstyle="butt", zorder=2.2)
    if dotted:
        frame.axes.plot([at[0]], [at[1]], marker="o", markersize=1.2, color=INK, markeredgewidth=0, zorder=2.2)


def _size(text: str, look: Look) -> tuple[float, float]:
    return text_width(text, look.size, bold=look.bold), look.size * POINT_MM


def _free(frame: MapFrame, box: Box) -> bool:
    inner = Box(0.8, 0.8, frame.area.width - 1.6, frame.area.height - 1.6)
    return inner.holds(box) and not any(box.meets(other) for other in frame.taken)


def _set(frame: MapFrame, at: tuple[float, float], text: str, look: Look) -> None:
    width, height = _size(text, look)
    frame.axes.text(
        at[0] + width / 2,
        at[1] + height * 0.5,
        text,
        fontsize=look.size,
        fontweight="bold" if look.bold else "normal",
        fontstyle="italic" if look.italic else "normal",
        color=look.colour,
        ha="center",
        va="center_baseline",
        path_effects=[withStroke(linewidth=1.4, foreground=look.halo)],
        zorder=4,
    )
    pad = 0.5
    frame.taken.append(Box(at[0] - pad, at[1] - pad, width + 2 * pad, height + 2 * pad))


def _around(at: tuple[float, float], width: float, height: float, gap: float) -> Iterator[tuple[float, float]]:
    x, y = at
    for away in (gap, gap * 1.8):
        yield x + away, y - height / 2
        yield x - away - width, y - height / 2
        yield x + away * 0.7, y + away * 0.6
        yield x + away * 0.7, y - away * 0.6 - height
        yield x - away * 0.7 - width, y + away * 0.6
        yield x - away * 0.7 - width, y - away * 0.6 - height
        yield x - width / 2, y + away
        yield x - width / 2, y - away - height


def _spiral(reach: float) -> Iterator[tuple[float, float]]:
    """Steps away from a point: the nearest first, and in a fixed order."""
    step = 0.8
    count = int(reach // step)
    offsets = [(i * step, j * step) for i in range(-count, count + 1) for j in range(-count, count + 1)]
    yield from sorted(offsets, key=lambda d: (round(d[0] ** 2 + d[1] ** 2, 6), d))
