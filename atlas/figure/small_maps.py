"""One small map for each time, side by side and one below another, all of one extent and with the same classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.patches import Rectangle

from atlas.errors import UsageError
from atlas.figure.basemap import draw_base
from atlas.figure.blocks import Block, Drawing, Paragraph, Row, Stack
from atlas.figure.frame import Extent, MapFrame
from atlas.figure.furniture import draw_scale_bar
from atlas.figure.paper import INK, Box, Canvas
from atlas.figure.plan import Desk, around, mapped_region

# more than these nobody compares on a sheet
MOST_MAPS = 24
LEAST_MM = 24.0

Paint = Callable[[MapFrame, str], None]


def small_maps(desk: Desk, extent: Extent, steps: Sequence[str], under: Paint, *, columns: int) -> Block:
    """The maps in rows; the first has the scale bar.

    Raises
    ------
    UsageError
        There are more than a sheet can show.
    """
    if len(steps) > MOST_MAPS:
        msg = (
            f"there are {len(steps)} times, and a figure shows at most {MOST_MAPS} small maps; "
            "choose some by --where, or show them on a page"
        )
        raise UsageError(msg)
    maps = [_one(desk, extent, step, under, scaled=number == 0) for number, step in enumerate(steps)]
    # a row that is not full keeps the width of the others
    maps += [Stack(())] * (-len(maps) % columns)
    return Stack([Row(maps[at : at + columns], least=0, gap=2.0) for at in range(0, len(maps), columns)])


def column_counts(count: int, width: float) -> range:
    """How many maps may stand side by side, the fewest first."""
    return range(min(2, count), min(count, max(2, int(width // LEAST_MM))) + 1)


def _one(desk: Desk, extent: Extent, step: str, under: Paint, *, scaled: bool) -> Block:
    def tall(width: float) -> float:
        return width * extent.aspect

    def paint(canvas: Canvas, box: Box) -> None:
        frame = MapFrame(canvas.axes(box), extent, box)
        draw_base(frame, around(desk.features("basemap"), extent), mapped_region(desk, extent))
        under(frame, step)
        if scaled:
            draw_scale_bar(frame, "se", desk.type.small)
        edge = Rectangle((box.left, box.bottom), box.width, box.height, facecolor="none", edgecolor=INK, linewidth=0.5)
        canvas.page.add_artist(edge)

    return Stack([Paragraph(step, desk.type.body, bold=True, after=0.4), Drawing(tall, paint, after=1.5)])
