"""Formal crossings by kind, informal ones as stretches of the line, and published counts with their sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import shapely

from atlas.figure import signs
from atlas.figure.blocks import Beside, Entry, Listing, Paragraph, Row, Stack
from atlas.figure.border_line import draw_plain
from atlas.figure.extents import map_extent
from atlas.figure.formal_crossings import draw_formal, formal_entries, formal_name, lettered, write_letters
from atlas.figure.frame import Extent, MapFrame, shape_of
from atlas.figure.plan import Desk, Figure, MapPlan, map_block

# metres to the millimetre: below it, circles of uncertainty are larger than the signs, so these are made smaller
LARGE_SCALE = 2500
# headline, map, and the corners of its scale bar and arrow
DETAILS = (
    ("crossings.south", "crossings_start", ("sw", "ne")),
    ("crossings.north", "crossings_end", ("se", "nw")),
)


def compose(desk: Desk) -> Figure:
    """Map and legend, two details with uncertainties to scale, three lists."""
    plan = _plan(desk)
    details = [
        Stack(
            (
                Paragraph(desk.words(key), desk.type.body, bold=True),
                map_block(desk, plan(map_extent(desk, name), *corners, 6)),
            )
        )
        for key, name, corners in DETAILS
    ]
    main = map_block(desk, plan(map_extent(desk), "se", "nw", 14))
    blocks = (Beside(main, _column(desk)), Row(details), _formal(desk), _totals(desk))
    return Figure(blocks, cited=("crossings_reported",))


def compose_of_project(desk: Desk) -> Figure:
    """Map and legend of another border, and the lists that have anything in them."""
    plan, extent = _plan(desk), map_extent(desk)
    main = Beside(map_block(desk, plan(extent, "se", "nw", 14)), _column(desk))
    formal = [_formal(desk)] if desk.features("crossings_formal") else []
    totals = [_totals(desk)] if desk.features("crossings_reported") else []
    return Figure((main, *formal, *totals), cited=("crossings_reported",), conic=extent.fits_cone)


def _plan(desk: Desk) -> Callable[[Extent, str, str, int], MapPlan]:
    """Maps of the crossings: by extent, corners of scale bar and arrow, and number of settlements."""
    desk.take("border", "crossings_formal", "crossings_informal", "crossings_reported")

    def under(frame: MapFrame) -> None:
        for stretch, vehicular in _stretches(desk):
            signs.stretch(frame.axes, frame.laid(stretch, detail=0.3), vehicular=vehicular)
        line = draw_plain(frame, desk.features("border"))
        frame.keep_clear(line, half=1.3)
        draw_formal(frame, desk, radius=1.25 if frame.metres > LARGE_SCALE else 0.95)

    def names(frame: MapFrame) -> None:
        write_letters(frame, desk)

    return lambda extent, scale, north, settlements: MapPlan(extent, scale, north, under, names, settlements)


def _stretches(desk: Desk) -> list[tuple[shapely.Geometry, bool]]:
    """Each stretch once, however many names lie on it; those with a vehicular one last."""
    stretches: dict[str, tuple[shapely.Geometry, bool]] = {}
    for feature in desk.features("crossings_informal"):
        given = feature["properties"]
        if feature["geometry"] is None:
            continue
        code = given["municipality_cvegeo"]
        vehicular = given["vehicular"] == "true" or (code in stretches and stretches[code][1])
        stretches[code] = (shape_of(feature), vehicular)
    return sorted(stretches.values(), key=lambda pair: pair[1])


def _column(desk: Desk) -> Stack:
    words = desk.words
    hatched = any(vehicular for _, vehicular in _stretches(desk))
    marks = [
        Entry(signs.stretch_sign(vehicular=False), words("crossings.stretch")),
        *([Entry(signs.stretch_sign(vehicular=True), words("crossings.stretch.vehicular"))] if hatched else []),
        Entry(signs.line_sign(signs.LINE), words("legend.border")),
    ]
    return Stack(
        (
            desk.legend("crossings.formal", formal_entries(desk, circles=True)),
            desk.legend("crossings.informal", marks),
            Paragraph(words("crossings.nowhere"), desk.type.small, after=2),
            *([_informal(desk)] if desk.features("crossings_informal") else []),
        ),
    )


def _informal(desk: Desk) -> Listing:
    rows = []
    for feature in sorted(desk.features("crossings_informal"), key=_where):
        given = feature["properties"]
        text = desk.words.text_of(f"name.{feature['id']}", given["name"])
        # a count bears the name of its stretch already, and the headline says where it was read
        counted = given["named"] is not None
        text = text.replace(desk.words("crossings.informal.where"), "") if counted else text
        rows.append((text if counted else desk.words("crossings.name", place=given["municipality_name"], name=text),))
    return Listing(desk.words("crossings.informal.list"), rows, desk.type.small, column=48)


def _where(feature: Mapping[str, Any]) -> tuple[float, str]:
    """From south to north; what is counted for a state or a whole border stands last."""
    intervals = feature["properties"]["chainage_intervals"]
    return (float(intervals[0][0]) if intervals else float("inf")), str(feature["id"])


def _formal(desk: Desk) -> Listing:
    rows = []
    for letter, feature in lettered(desk):
        given = feature["properties"]
        status = desk.words.value("crossings_formal", "status", given["status"])
        km = given["chainage_km"]
        at = (
            desk.words("crossings.km", km=desk.words.number(km)) if km is not None else desk.words("crossings.unplaced")
        )
        text = desk.words("crossings.row", name=formal_name(desk, feature), at=at, status=status)
        rows.append((letter, text))
    return Listing(desk.words("crossings.formal.list"), rows, desk.type.small, column=54)


def _totals(desk: Desk) -> Stack:
    features = sorted(desk.features("crossings_reported"), key=_when)
    rows = [_total(desk, feature) for feature in features]
    head = Paragraph(desk.words("crossings.totals"), desk.type.body, bold=True, after=0.4)
    note = Paragraph(desk.words("crossings.totals.note"), desk.type.small, after=0.8)
    return Stack((head, note, Listing("", rows, desk.type.small, frozenset({1, 2}), 160)))


def _when(feature: Mapping[str, Any]) -> tuple[str, str]:
    return str(feature["properties"]["as_of"]), str(feature["id"])


def _total(desk: Desk, feature: Mapping[str, Any]) -> tuple[str, ...]:
    given, words = feature["properties"], desk.words
    counts = [_bounded(desk, given, key) for key in ("total", "vehicular")]
    sources = [desk.release.sources[source_id] for source_id in given["source_ids"]]
    cited = [source["who"][words.language] or source["short"][words.language] for source in sources]
    universe = words.text_of(f"universe.{given['total_id']}", given["universe"])
    if given["hedge"]:
        # as the source puts it: about 400, of which …
        number = words.number(given["vehicular"] if given["total"] is None else given["total"])
        universe = f"{words('hedge.' + given['hedge'])} {number}, {universe}"
    source = words.listed(cited)
    claimant = words.text_of(f"claimant.{given['total_id']}", given["claimant"])
    # nobody is named twice in a row
    if claimant not in universe and not any(given["claimant"] in (held["who"]["en"] or "") for held in sources):
        source = words("crossings.claimant", claimant=claimant, source=source)
    if given["date_basis"] == "inferred":
        source = words("crossings.inferred", source=source)
    return (words.dated(given["as_of"]), *counts, words("crossings.total", universe=universe, source=source))


def _bounded(desk: Desk, given: Mapping[str, Any], key: str) -> str:
    """A count with the sign of its bound, which speaks of the total where there is one."""
    if given[key] is None:
        return "–"
    number = desk.words.number(given[key])
    bound = given["bound"] if key == "total" or given["total"] is None else "="
    return number if bound == "=" else f"{bound} {number}"
