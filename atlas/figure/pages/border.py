"""The line by nature, with its kilometres, and straightened below."""

from __future__ import annotations

from itertools import cycle
from types import MappingProxyType

import shapely

from atlas.border_project import shipped_border
from atlas.figure import signs
from atlas.figure.blocks import Beside, Entry, Legend, Listing, Stack
from atlas.figure.border_line import draw_by_nature, draw_kilometres, runs, whole_line
from atlas.figure.border_municipalities import Municipality, draw_limits, municipalities, on_frame
from atlas.figure.extents import map_extent
from atlas.figure.formal_crossings import formal_name, lettered
from atlas.figure.frame import MapFrame
from atlas.figure.labels import Look, place_with_leader
from atlas.figure.paper import Type
from atlas.figure.plan import Desk, Figure, MapPlan, map_block
from atlas.figure.strip import Band, Lane, Piece, lines, numbered, pieces, strip_block
from atlas.geojson.geometries import line_of

BORDER = shipped_border()
# neighbours and states that follow each other on the line are told apart
NEIGHBOUR_FILL = MappingProxyType(dict(zip(BORDER.neighbour_codes, cycle(("#e4e4e4", "#c4c4c4")))))
STATE_FILL = MappingProxyType(dict(zip(BORDER.here.parents.values(), cycle(("#f0e6c8", "#d9c58c")))))
KILOMETRES = 100


def compose(desk: Desk) -> Figure:
    """Map with legend, strip, and the municipalities that the strip numbers."""
    desk.take("border", "crossings_formal")
    areas = municipalities(desk)
    plan = MapPlan(map_extent(desk), "se", "nw", lambda f: _under(f, desk, areas), lambda f: _names(f, desk), 26)
    rows = [(str(area.number), area.given["cvegeo"], area.given["name"]) for area in areas]
    listing = Listing(desk.words("border.municipalities"), rows, desk.type.small, frozenset({0}), 48)
    return Figure((Beside(map_block(desk, plan), _legends(desk)), _strip(desk, areas), listing))


def _under(frame: MapFrame, desk: Desk, areas: list[Municipality]) -> None:
    draw_limits(frame, on_frame(frame, areas))
    features = desk.features("border")
    draw_by_nature(frame, features)
    frame.keep_clear(frame.laid(whole_line(features), detail=0.3))


def _names(frame: MapFrame, desk: Desk) -> None:
    change = next(f for f in desk.features("border") if f["properties"]["neighbour"] == BORDER.neighbour_codes[-1])
    at = frame.place(*line_of(change)[0])
    frame.axes.plot([at[0]], [at[1]], marker="o", markersize=4, color="white", markeredgecolor="#2b2b2b")
    look = Look(desk.type.small, "#2b2b2b", "white")
    frame.keep_clear(shapely.Point(at), half=1.2)
    place_with_leader(frame, (at[0] + 8, at[1] - 3), desk.words("border.tripoint"), look, dotted=False)
    draw_kilometres(frame, desk.features("border"), desk, KILOMETRES)


def _legends(desk: Desk) -> Stack:
    features = [feature["properties"] for feature in desk.features("border")]
    words, total = desk.words, sum(given["length_km"] for given in features)
    natures = []
    for nature, styles in signs.NATURES.items():
        km = sum(given["length_km"] for given in features if given["nature"] == nature)
        text = words("entry.length", name=words.value("border", "nature", nature), km=words.km(km))
        natures.append(Entry(signs.line_sign(styles), text))
    neighbours = []
    for code, fill in NEIGHBOUR_FILL.items():
        km = sum(given["length_km"] for given in features if given["neighbour"] == code)
        text = words("entry.length", name=words.value("border", "neighbour", code), km=words.km(km))
        neighbours.append(Entry(signs.area_sign(facecolor=fill, edgecolor="#6b6b6b"), text))
    marks = [
        Entry(signs.number_sign("300", desk.type.small), words("border.kilometres", km=str(KILOMETRES))),
        Entry(signs.area_sign(facecolor=signs.HERE, edgecolor=signs.MUNICIPALITY_LIMIT), words("border.limits")),
        Entry(signs.dot_sign(filled=True), words("legend.town.large")),
        Entry(signs.dot_sign(filled=False), words("legend.town.small")),
    ]
    rivers = [
        (words("border.span", start=words.number(a), end=words.number(b)), name)
        for a, b, (nature, name) in runs(desk.features("border"), "nature", "river_name")
        if nature == "river"
    ]
    return Stack(
        (
            Legend(words("border.natures", km=words.km(total)), natures, desk.type.body),
            desk.legend("border.neighbours", neighbours),
            desk.legend("legend.signs", marks),
            Listing(words("border.rivers"), _spoken(desk, rivers), desk.type.body, column=48),
        ),
    )


def _spoken(desk: Desk, rivers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(span, desk.words.text_of(f"river.{number}", name)) for number, (span, name) in enumerate(rivers, start=1)]


def _strip(desk: Desk, areas: list[Municipality]) -> Stack:
    words, kind = desk.words, desk.type
    features = desk.features("border")
    total = max(float(feature["properties"]["chainage_to_km"]) for feature in features)
    bands = [
        Band(words.field("border", "neighbour"), 4.2, lambda lane: _neighbours(lane, desk)),
        Band(words("strip.nature"), 2.6, lambda lane: _natures(lane, desk)),
        Band(words.field("border", "state"), 4.2, lambda lane: _states(lane, desk)),
        Band(words.field("border", "municipality_name"), 4.2, lambda lane: _areas(lane, areas, kind)),
        Band("", 7.0, lambda lane: _area_numbers(lane, areas, kind)),
        Band(words("strip.formal"), 2.6, lambda lane: _formal(lane, desk)),
        Band("", 7.0, lambda lane: _formal_names(lane, desk)),
    ]
    strip = strip_block(bands, total, kind.small, step=100, unit="km")
    return Stack((Legend(words("border.strip"), (), kind.body), strip, _formal_list(desk)))


def _neighbours(lane: Lane, desk: Desk) -> None:
    parts = [
        Piece(
            a,
            b,
            {"facecolor": NEIGHBOUR_FILL[code], "edgecolor": "#6b6b6b"},
            desk.words.value("border", "neighbour", code),
        )
        for a, b, (code,) in runs(desk.features("border"), "neighbour")
    ]
    pieces(lane, parts, desk.type.small)


def _natures(lane: Lane, desk: Desk) -> None:
    lines(lane, [(a, b, signs.NATURES[code]) for a, b, (code,) in runs(desk.features("border"), "nature")])


def _states(lane: Lane, desk: Desk) -> None:
    parts = [
        Piece(a, b, {"facecolor": STATE_FILL.get(name, "white"), "edgecolor": "#8c7b4a"}, name)
        for a, b, (name,) in runs(desk.features("border"), "state")
    ]
    pieces(lane, parts, desk.type.small)


def _stretches(areas: list[Municipality]) -> list[tuple[float, float, Municipality]]:
    spans = [(float(a), float(b), area) for area in areas for a, b in area.given["chainage_intervals"]]
    return sorted(spans, key=lambda span: span[0])


def _areas(lane: Lane, areas: list[Municipality], kind: Type) -> None:
    spans = _stretches(areas)
    fills = ("#ffffff", "#dcdcdc")
    parts = [
        Piece(a, b, {"facecolor": fills[n % 2], "edgecolor": "#6b6b6b"}, area.given["name"])
        for n, (a, b, area) in enumerate(spans)
    ]
    pieces(lane, parts, kind.small)


def _area_numbers(lane: Lane, areas: list[Municipality], kind: Type) -> None:
    # a sliver of some metres between two longer stretches needs no number of its own
    spans = [span for span in _stretches(areas) if span[1] - span[0] > 1]
    numbered(lane, [((a + b) / 2, str(area.number)) for a, b, area in spans], kind.small)


def _formal(lane: Lane, desk: Desk) -> None:
    middle = lane.box.bottom + lane.box.height / 2
    for _letter, feature in lettered(desk):
        given = feature["properties"]
        for start, end in given["chainage_intervals"] or ():
            lines(lane, [(start, end, signs.unplaced_style())])
        if given["chainage_km"] is not None:
            signs.crossing(lane.axes, (lane.x(given["chainage_km"]), middle), given["kind"], radius=1.1)


def _formal_names(lane: Lane, desk: Desk) -> None:
    marks: dict[float, list[str]] = {}
    for letter, feature in lettered(desk):
        given = feature["properties"]
        km = given["chainage_km"]
        if km is None:
            km = sum(given["chainage_intervals"][0]) / 2
        marks.setdefault(round(float(km), 1), []).append(letter)
    numbered(lane, [(km, ", ".join(marks[km])) for km in sorted(marks)], desk.type.small)


def _formal_list(desk: Desk) -> Listing:
    rows = [(letter, formal_name(desk, feature)) for letter, feature in lettered(desk)]
    return Listing(desk.words.layer("crossings_formal"), rows, desk.type.small, column=48)
