"""The lines and belts of containment that were announced or described, drawn as schematically as they were told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.figure import signs
from atlas.figure.blocks import Beside, Entry, Listing, Paragraph, Stack
from atlas.figure.border_line import draw_plain, whole_line
from atlas.figure.extents import map_extent
from atlas.figure.frame import MapFrame, shape_of
from atlas.figure.labels import Look, place_with_leader
from atlas.figure.plan import Desk, Figure, MapPlan, map_block

STYLES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "states": {"facecolor": "none", "edgecolor": "#9a9a9a", "hatch": "....", "linewidth": 0.4},
        "places": {"facecolor": "#5b5b5b22", "edgecolor": signs.CONTROL, "linewidth": 0.6, "linestyle": (0, (1, 1))},
        "municipalities": {"facecolor": "#5b5b5b88", "edgecolor": signs.CONTROL, "linewidth": 0.5},
        "band": {"facecolor": "#5b5b5b33", "edgecolor": signs.CONTROL, "linewidth": 1.0, "linestyle": (0, (4, 2))},
        "line": {"edgecolor": signs.CONTROL, "linewidth": 1.5, "linestyle": (0, (4, 1.6))},
        "offset": {"edgecolor": signs.CONTROL, "linewidth": 1.5, "linestyle": (0, (1.2, 1))},
    }
)


def compose(desk: Desk) -> Figure:
    """Map with legend, and every item in the order of years."""
    desk.take("border")
    items = _numbered(desk)

    def under(frame: MapFrame) -> None:
        for shape, style in STYLES.items():
            for geometry in {
                feature[1].wkb: feature[1] for _n, feature in items if _kind(feature[0]) == shape
            }.values():
                frame.draw(frame.laid(geometry), **style)
        frame.keep_clear(draw_plain(frame, desk.features("border")), half=0.4)

    def names(frame: MapFrame) -> None:
        _label(frame, desk, items)

    extent = map_extent(
        desk, "containment", [whole_line(desk.features("border")), *(shape for _n, (_f, shape) in items)]
    )
    main = map_block(desk, MapPlan(extent, "sw", "ne", under, names, 14))
    return Figure(
        (Beside(main, _legend(desk, {_kind(item[0]) for _n, item in items})), _listing(desk, items)),
        conic=extent.fits_cone,
    )


Item = tuple[int, tuple[Mapping[str, Any], BaseGeometry]]


def _numbered(desk: Desk) -> list[Item]:
    features = sorted(desk.features("containment"), key=lambda f: (f["properties"]["year"] or "9999", f["id"]))
    return [(number, (feature, shape_of(feature))) for number, feature in enumerate(features, start=1)]


def _kind(feature: Mapping[str, Any]) -> str:
    return str(feature["properties"]["shape"])


def _label(frame: MapFrame, desk: Desk, items: list[Item]) -> None:
    """Numbers and years once for each shape, however many items it stands for."""
    groups: dict[str, tuple[BaseGeometry, list[Item]]] = {}
    for number, (feature, shape) in items:
        if not shape.is_empty:
            key = _key(feature, shape)
            groups.setdefault(key, (shape, []))[1].append((number, (feature, shape)))
    window = shapely.box(0, 0, frame.area.width, frame.area.height)
    for shape, group in groups.values():
        for part in _spots(shapely.intersection(frame.laid(shape), window), _kind(group[0][1][0])):
            text = _text(desk, group)
            place_with_leader(frame, part, text, Look(desk.type.small, "#1f1f1f", "white", bold=True), reach=24)


def _key(feature: Mapping[str, Any], shape: BaseGeometry) -> str:
    # the schematic line and the band across the isthmus stand for the same thing
    isthmus = "isthmus" in feature["properties"]["item"] or _kind(feature) == "band"
    return "isthmus" if isthmus else str(shapely.to_wkt(shape.envelope))


def _spots(shape: BaseGeometry, kind: str) -> list[tuple[float, float]]:
    if shape.is_empty:
        return []
    if kind in {"line", "offset", "border"}:
        longest = max(shapely.get_parts(shapely.line_merge(shape)), key=lambda part: part.length)
        share = {"line": 0.62, "offset": 0.5, "border": 0.3}[kind]
        points = [shapely.line_interpolate_point(longest, share, normalized=True)]
    elif kind == "municipalities":
        points = [shapely.point_on_surface(shape)]
    else:
        points = [shapely.point_on_surface(max(shapely.get_parts(shape), key=lambda part: part.area))]
    return [(float(point.x), float(point.y)) for point in points]


def _text(desk: Desk, group: list[Item]) -> str:
    numbers = desk.words.listed([str(number) for number, _item in group])
    years = [str(year) for _n, (feature, _s) in group if (year := feature["properties"]["year"])]
    ends = sorted({part for year in years for part in year.split("/")})
    span = "–".join(dict.fromkeys((ends[0], ends[-1]))) if ends else ""
    return f"{numbers} · {span}" if span else numbers


def _legend(desk: Desk, kinds: Collection[str]) -> Stack:
    words = desk.words
    entries = []
    for kind, style in ((kind, style) for kind, style in STYLES.items() if kind in kinds):
        lined = kind in {"line", "offset"}
        sign = signs.line_sign((style,)) if lined else signs.area_sign(**style)
        entries.append(Entry(sign, words(f"containment.{kind}")))
    entries.append(Entry(signs.line_sign(signs.LINE), words("containment.border")))
    entries.append(Entry(signs.number_sign("4", desk.type.small), words("containment.numbers")))
    note = Paragraph(words("containment.note"), desk.type.small, after=2)
    return Stack((desk.legend("legend.signs", entries), note))


def _listing(desk: Desk, items: list[Item]) -> Listing:
    words = desk.words
    rows = []
    for number, (feature, shape) in items:
        given = feature["properties"]
        text = words.text_of(f"item.{given['item']}", given["what"])
        if given["from_place"] or given["to_place"]:
            ends = [words.text_of(f"end.{end}", end) for end in (given["from_place"], given["to_place"]) if end]
            text = words("containment.row", what=text, ends=" – ".join(ends))
        if shape.is_empty:
            text = words("containment.undrawn", what=text)
        rows.append((str(number), words.dated(given["year"]), text))
    return Listing(words("containment.list"), rows, desk.type.small, frozenset({0}), 82)
