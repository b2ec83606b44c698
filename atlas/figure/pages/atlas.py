"""Everything at once, kept quiet: the line, its municipalities and crossings, and the controls behind it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from atlas.figure import signs
from atlas.figure.blocks import Beside, Entry, Paragraph, Stack
from atlas.figure.border_line import draw_kilometres, draw_plain
from atlas.figure.border_municipalities import draw_limits, municipalities, on_frame
from atlas.figure.extents import map_extent
from atlas.figure.formal_crossings import draw_formal, formal_counted
from atlas.figure.frame import MapFrame, shape_of
from atlas.figure.labels import Look, place_beside
from atlas.figure.pages.containment import STYLES
from atlas.figure.plan import Desk, Figure, MapPlan, map_block
from atlas.geojson.geometries import line_of

AREA = MappingProxyType({"facecolor": signs.INFORMAL, "alpha": 0.16, "edgecolor": "none"})
DRAWN = ("band", "line", "offset")


def compose(desk: Desk) -> Figure:
    """One map, one legend, and the figures that the data give."""
    desk.take("border", "crossings_formal", "corridor", "checkpoints", "containment")
    areas = municipalities(desk)

    def under(frame: MapFrame) -> None:
        shapes = on_frame(frame, areas)
        for shape in shapes:
            frame.draw(shape, **AREA)
        draw_limits(frame, shapes)
        for feature in desk.features("containment"):
            kind = feature["properties"]["shape"]
            if kind in DRAWN and "length" not in feature["properties"]["item"]:
                frame.draw(frame.laid(shape_of(feature)), **_light(kind))
        for feature in desk.features("corridor"):
            signs.stroke(frame.axes, frame.shape(feature), signs.ROAD)
        for feature in desk.features("checkpoints"):
            if feature["properties"]["on_corridor"]:
                signs.stroke(
                    frame.axes, frame.shape(feature), ({"edgecolor": signs.POST, "linewidth": 3, "alpha": 0.7},)
                )
        frame.keep_clear(draw_plain(frame, desk.features("border")))
        draw_formal(frame, desk, radius=1.0)

    def names(frame: MapFrame) -> None:
        draw_kilometres(frame, desk.features("border"), desk, 100)
        first, last = (desk.features("corridor")[n] for n in (0, -1))
        look = Look(desk.type.small, "#2b2b2b", "white", bold=True)
        ends = (
            (first["properties"]["from_place"], line_of(first)[0]),
            (last["properties"]["to_place"], line_of(last)[-1]),
        )
        for name, position in ends:
            place_beside(frame, frame.place(*position), name, look, gap=1.6)

    main = map_block(desk, MapPlan(map_extent(desk, "atlas"), "sw", "ne", under, names, 24))
    return Figure((Beside(main, _column(desk)),))


def _light(kind: str) -> dict[str, Any]:
    """The sign of a containment line, lighter than on its own figure."""
    return {**STYLES[kind], "facecolor": "none", "edgecolor": "#7d7d7d", "linewidth": 0.9}


def _column(desk: Desk) -> Stack:
    words = desk.words
    total = sum(feature["properties"]["length_km"] for feature in desk.features("border"))
    line = [
        Entry(signs.line_sign(signs.LINE), words("entry.length", name=words.layer("border"), km=words.km(total))),
        Entry(
            signs.area_sign(**AREA | {"edgecolor": signs.MUNICIPALITY_LIMIT, "alpha": 0.4}),
            _counted(desk, "municipalities"),
        ),
        Entry(signs.crossing_sign("road"), formal_counted(desk)),
        Entry(signs.line_sign(signs.unplaced_style()), words("formal.stretch")),
    ]
    control = [
        Entry(signs.line_sign(signs.ROAD), words("checkpoints.road")),
        Entry(signs.line_sign(({"edgecolor": signs.POST, "linewidth": 3, "alpha": 0.7},)), words("atlas.posts")),
        Entry(signs.area_sign(**_light("band")), words("containment.band")),
        Entry(signs.line_sign((_light("line"),)), words("containment.line")),
        Entry(signs.line_sign((_light("offset"),)), words("containment.offset")),
    ]
    return Stack(
        (
            desk.legend("atlas.line", line),
            desk.legend("atlas.control", control),
            Paragraph(words("atlas.note"), desk.type.small, after=2),
        ),
    )


def _counted(desk: Desk, layer: str) -> str:
    return desk.words("entry.count", name=desk.words.layer(layer), count=str(len(desk.features(layer))))
