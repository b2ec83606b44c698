"""Icons of the page of field notes: its pin on the two sides of a line, drawn by ourselves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

SEA, LAND, LINE, PIN, EYE = "#12395b", "#f4efe4", "#b5542b", "#c40043", "#ffffff"
# a launcher may cut a maskable icon down to the circle of 80 % in its middle
_SAFE = 0.62
_FINER = 4

Point = tuple[float, float]


@cache
def icons() -> Mapping[str, bytes]:
    """PNG files by name, the same bytes each time with the same Pillow.

    ``maskable`` fills its square for launchers that cut it to a shape of theirs; the others have round corners, but for
    Apple's, which is cut by the telephone and may not be transparent.
    """
    return {
        "apple-touch-icon.png": _png(180, scale=0.8, corner=0.0),
        "icon-192.png": _png(192, scale=0.86, corner=0.2),
        "icon-512.png": _png(512, scale=0.86, corner=0.2),
        "icon-maskable-512.png": _png(512, scale=_SAFE, corner=0.0),
    }


def _png(size: int, *, scale: float, corner: float) -> bytes:
    side = size * _FINER
    picture = Image.new("RGB", (side, side), SEA)
    pen = ImageDraw.Draw(picture)

    def place(x: float, y: float) -> Point:
        """From a square of -1 to 1 around the middle, y upwards, to pixels."""
        return side / 2 * (1 + scale * x), side / 2 * (1 - scale * y)

    border = [place(x / 10, 0.22 * math.sin(x / 4.2) - 0.28) for x in range(-20, 21)]
    pen.polygon([*border, (side, side), (0, side)], fill=LAND)
    pen.line(border, fill=LINE, width=round(side * scale * 0.035), joint="curve")
    pen.polygon([place(*point) for point in _pin()], fill=PIN)
    (left, top), (right, bottom) = place(-0.17, 0.55), place(0.17, 0.21)
    pen.ellipse((left, top, right, bottom), fill=EYE)
    small = picture.resize((size, size), Image.Resampling.LANCZOS)
    if corner:
        mask = Image.new("L", (side, side), 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, side - 1, side - 1), side * corner, fill=255)
        small.putalpha(mask.resize((size, size), Image.Resampling.LANCZOS))
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def _pin() -> list[Point]:
    """The outline of the map's pin: a circle that runs out into a point."""
    middle, radius = 0.38, 0.44
    turn = math.radians(-35)
    arc = [turn + (math.pi - 2 * turn) * step / 60 for step in range(61)]
    return [*((radius * math.cos(angle), middle + radius * math.sin(angle)) for angle in arc), (0.0, -0.62)]
