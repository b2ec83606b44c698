"""People to the square kilometre in the border municipalities, numbered and listed."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

from atlas.figure import signs
from atlas.figure.basemap import moved_names
from atlas.figure.blocks import Beside, Entry, Listing, Paragraph, Stack
from atlas.figure.border_line import draw_plain
from atlas.figure.border_municipalities import Municipality, municipalities, on_frame, write_numbers
from atlas.figure.extents import map_extent
from atlas.figure.frame import MapFrame
from atlas.figure.plan import Desk, Figure, MapPlan, map_block

BREAKS = (10, 25, 50, 100)


def compose(desk: Desk) -> Figure:
    """Map with classes, a detail of the small ones in the south, and the list."""
    desk.take("border")
    areas = municipalities(desk)

    def under(frame: MapFrame) -> None:
        shapes = on_frame(frame, areas)
        for area, shape in zip(areas, shapes, strict=True):
            frame.draw(shape, facecolor=signs.CLASSES[_class(area)])
        # a light line below the dark one parts two dark areas as well as two light ones
        for colour, width in (("#ffffff", 1.0), ("#4a4a4a", 0.35)):
            for shape in shapes:
                frame.draw(shape, edgecolor=colour, linewidth=width)
        draw_plain(frame, desk.features("border"))

    def names(frame: MapFrame) -> None:
        write_numbers(frame, areas, on_frame(frame, areas), desk.type.small)

    main = MapPlan(map_extent(desk), "se", "nw", under, names, 14, moved_names("municipalities"))
    detail = MapPlan(map_extent(desk, "municipalities_start"), "sw", "ne", under, names, 8)
    column = Stack(
        (
            _legend(desk),
            Paragraph(desk.words("municipalities.detail"), desk.type.body, bold=True),
            map_block(desk, detail),
        )
    )
    return Figure((Beside(map_block(desk, main), column), _listing(desk, areas)))


def _density(area: Municipality) -> float:
    return float(area.given["population_2020"] / area.given["area_km2"])


def _class(area: Municipality) -> int:
    return bisect_right(BREAKS, _density(area))


def _legend(desk: Desk) -> Stack:
    words = desk.words
    texts = [words("class.below", high=str(BREAKS[0]))]
    texts += [words("class.between", low=str(a), high=str(b)) for a, b in pairwise(BREAKS)]
    texts.append(words("class.above", low=str(BREAKS[-1])))
    entries = [
        Entry(signs.area_sign(facecolor=colour, edgecolor="#4a4a4a"), text)
        for colour, text in zip(signs.CLASSES, texts, strict=True)
    ]
    marks = [
        Entry(signs.line_sign(signs.LINE), words("legend.border")),
        Entry(signs.number_sign("1–23", desk.type.small), words("municipalities.numbers")),
    ]
    return Stack(
        (
            desk.legend("municipalities.classes", entries),
            desk.legend("legend.signs", marks),
        ),
    )


def _listing(desk: Desk, areas: list[Municipality]) -> Stack:
    words = desk.words
    rows = [
        (
            str(area.number),
            area.given["cvegeo"],
            words.number(area.given["population_2020"]),
            words.number(_density(area), 1),
            words.number(area.given["border_km"], 1),
            area.given["name"],
        )
        for area in areas
    ]
    head = Paragraph(words("municipalities.list"), desk.type.body, bold=True, after=0.6)
    note = Paragraph(words("municipalities.note"), desk.type.small, after=1.5)
    return Stack((head, Listing("", rows, desk.type.small, frozenset({0, 2, 3, 4}), 78), note))
