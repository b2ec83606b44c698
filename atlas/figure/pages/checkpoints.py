"""Posts on the Tapachula–Arriaga road as intervals, on a map and along the road's own kilometres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import shapely

from atlas.figure import signs
from atlas.figure.blocks import Beside, Drawing, Entry, Legend, Listing, Paragraph, Stack
from atlas.figure.border_line import draw_plain
from atlas.figure.extents import map_extent
from atlas.figure.frame import MapFrame, shape_of
from atlas.figure.labels import Look, place_beside, place_with_leader
from atlas.figure.paper import Box, Canvas, wrapped
from atlas.figure.plan import Desk, Figure, MapPlan, map_block
from atlas.figure.strip import WIDE, Band, Lane, beside, lines, slanted, strip_block
from atlas.geojson.geometries import line_of

AREA = MappingProxyType({"facecolor": signs.POST, "alpha": 0.22, "edgecolor": "#8a3d6e", "linewidth": 0.4})


def compose(desk: Desk) -> Figure:
    """Map with legend, diagram by kilometre, and the posts that lie off the road."""
    desk.take("border", "corridor", "checkpoints")

    def under(frame: MapFrame) -> None:
        _draw(frame, desk)

    def names(frame: MapFrame) -> None:
        _name(frame, desk)

    extent = map_extent(desk, "checkpoints", [shape_of(f) for f in desk.features("corridor")])
    main = map_block(desk, MapPlan(extent, "sw", "ne", under, names, 10))
    lists = [_diagram(desk)] if _posts(desk, on_road=True) else []
    others = [_others(desk)] if _posts(desk, on_road=False) else []
    return Figure((Beside(main, _legends(desk)), *lists, *others), conic=extent.fits_cone)


def _posts(desk: Desk, *, on_road: bool) -> list[Mapping[str, Any]]:
    posts = [f for f in desk.features("checkpoints") if f["properties"]["on_corridor"] == on_road]
    return sorted(posts, key=lambda f: (f["properties"]["chainage_from_km"] or 0, f["properties"]["checkpoint_id"]))


def _draw(frame: MapFrame, desk: Desk) -> None:
    for feature in _posts(desk, on_road=False):
        frame.draw(frame.shape(feature), **AREA)
    draw_plain(frame, desk.features("border"))
    road = [frame.shape(feature) for feature in desk.features("corridor")]
    # the longest below, so that a short interval inside it is still seen
    for feature in sorted(_posts(desk, on_road=True), key=_length, reverse=True):
        styles = signs.FIXITIES[feature["properties"]["fixity"]]
        signs.stroke(frame.axes, frame.shape(feature), styles)
    for piece in road:
        signs.stroke(frame.axes, piece, signs.ROAD)
        frame.keep_clear(piece)


def _length(feature: Mapping[str, Any]) -> float:
    given = feature["properties"]
    return float(given["chainage_to_km"] - given["chainage_from_km"])


def _name(frame: MapFrame, desk: Desk) -> None:
    stops = [(f["properties"]["from_place"], line_of(f)[0]) for f in desk.features("corridor")]
    last = desk.features("corridor")[-1]
    stops.append((last["properties"]["to_place"], line_of(last)[-1]))
    for _place, position in stops:
        at = frame.place(*position)
        signs.town(frame.axes, at, filled=True)
        frame.keep_clear(shapely.Point(at), half=0.7)
    look = Look(desk.type.body, "#2b2b2b", "white", bold=True)
    for name, position in stops:
        place_beside(frame, frame.place(*position), name.split(" (")[0], look, gap=1.4)
    for feature in _posts(desk, on_road=False):
        shape = shapely.intersection(frame.shape(feature), shapely.box(0, 0, frame.area.width, frame.area.height))
        if not shape.is_empty:
            at = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
            code = feature["properties"]["checkpoint_id"]
            place_with_leader(
                frame, (float(at[0]), float(at[1])), code, Look(desk.type.small, "#6b2752", "white", bold=True)
            )


def _legends(desk: Desk) -> Stack:
    words = desk.words
    posts = [
        Entry(signs.line_sign(styles), words.value("checkpoints", "fixity", code))
        for code, styles in signs.FIXITIES.items()
    ]
    marks = [
        Entry(signs.area_sign(**AREA), words("checkpoints.area")),
        Entry(signs.line_sign(signs.ROAD), words("checkpoints.road")),
        Entry(signs.line_sign(signs.LINE), words("legend.border")),
        Entry(signs.dot_sign(filled=True), words("checkpoints.stops")),
    ]
    return Stack(
        (
            Legend(words("checkpoints.fixity"), posts, desk.type.body),
            desk.legend("legend.signs", marks),
            Paragraph(words("checkpoints.note"), desk.type.small, after=2),
        ),
    )


def _diagram(desk: Desk) -> Stack:
    posts = _posts(desk, on_road=True)
    length = max(float(f["properties"]["chainage_to_km"]) for f in desk.features("corridor"))
    bands = [Band(_title(desk, post), 4.6, _row(post)) for post in posts]
    head = Legend(desk.words("checkpoints.diagram"), (), desk.type.body)
    places = Band("", 14.0, lambda lane: _places(lane, desk))
    return Stack((head, _labelled(desk, posts, bands, places, length)))


def _labelled(
    desk: Desk, posts: Sequence[Mapping[str, Any]], bands: Sequence[Band], places: Band, length: float
) -> Drawing:
    """The diagram with agency and year on the right where the sheet is wide, above each bar where it is not."""
    size = desk.type.small
    rights = [_facts(desk, post) for post in posts]
    left, right = 41.0, 43.0

    def tall(width: float) -> float:
        return _inner(width).height(width)

    def _inner(width: float) -> Drawing:
        if width >= WIDE:
            return strip_block([places, *bands], length, size, step=50, unit="km", left=left, right=right)
        named = [Band(f"{b.name} · {text}", 2.6, b.paint) for b, text in zip(bands, rights, strict=True)]
        return strip_block([places, *named], length, size, step=50, unit="km", right=right)

    def paint(canvas: Canvas, box: Box) -> None:
        _inner(box.width).draw(canvas, box)
        if box.width >= WIDE:
            top = box.top - places.height - 1.3
            for band, text in zip(bands, rights, strict=True):
                lane = Box(box.left, top - band.height, box.width, band.height)
                beside(canvas.page, lane, box.right - right + 2, wrapped(text, right - 2, size), size)
                top -= band.height + 1.3

    return Drawing(tall, paint)


def _row(post: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a closure over one post
    given = post["properties"]

    def paint(lane: Lane) -> None:
        middle = lane.box.bottom + lane.box.height / 2
        lane.axes.plot([lane.box.left, lane.box.right], [middle, middle], color="#c9c9c9", linewidth=0.4, zorder=0)
        lines(lane, [(given["chainage_from_km"], given["chainage_to_km"], signs.FIXITIES[given["fixity"]])])

    return paint


def _places(lane: Lane, desk: Desk) -> None:
    stops = [(f["properties"]["chainage_from_km"], f["properties"]["from_place"]) for f in desk.features("corridor")]
    last = desk.features("corridor")[-1]["properties"]
    stops.append((last["chainage_to_km"], last["to_place"]))
    slanted(lane, [(km, name.split(" (")[0]) for km, name in stops], desk.type.small)


def _title(desk: Desk, post: Mapping[str, Any]) -> str:
    given = post["properties"]
    return desk.words.text_of(f"post.{given['checkpoint_id']}", given["name"])


def _facts(desk: Desk, post: Mapping[str, Any]) -> str:
    given = post["properties"]
    agency = desk.words.text_of(f"agency.{given['checkpoint_id']}", given["agency"] or "")
    return f"{agency} · {desk.words.dated(given['as_of'])}"


def _others(desk: Desk) -> Listing:
    rows = [
        (
            post["properties"]["checkpoint_id"],
            desk.words(
                "checkpoints.row",
                name=_title(desk, post),
                fixity=desk.words.value("checkpoints", "fixity", post["properties"]["fixity"]),
                facts=_facts(desk, post),
            ),
        )
        for post in _posts(desk, on_road=False)
    ]
    return Listing(desk.words("checkpoints.others"), rows, desk.type.small, column=82)
