"""The figure of a border that a project describes: its line by neighbour, the units on it, numbered and listed."""

from __future__ import annotations

from atlas.border_project import BorderProject
from atlas.figure import signs
from atlas.figure.blocks import Beside, Entry, Legend, Listing, Stack
from atlas.figure.border_line import draw_by_nature, draw_kilometres, whole_line
from atlas.figure.border_municipalities import Municipality, draw_limits, municipalities, on_frame, write_numbers
from atlas.figure.extents import map_extent
from atlas.figure.frame import MapFrame
from atlas.figure.plan import Desk, Figure, MapPlan, map_block

_STEPS_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_MARKS = 14
# pages of which a figure says what it is about
OF_MODULES = ("crossings", "checkpoints", "containment")


def compose(desk: Desk) -> Figure:
    """Map with legend, and the units that it numbers."""
    desk.take("border")
    areas, features = municipalities(desk), desk.features("border")
    total_km = max(float(feature["properties"]["chainage_to_km"]) for feature in features)
    step_km = next((step for step in _STEPS_KM if total_km / step <= _MARKS), _STEPS_KM[-1])

    def under(frame: MapFrame) -> None:
        draw_limits(frame, on_frame(frame, areas))
        draw_by_nature(frame, features)
        frame.keep_clear(frame.laid(whole_line(features), detail=0.3))

    def names(frame: MapFrame) -> None:
        draw_kilometres(frame, features, desk, step_km)
        write_numbers(frame, areas, on_frame(frame, areas), desk.type.small)

    extent = map_extent(desk)
    plan = MapPlan(extent, "se", "nw", under, names, 16)
    blocks = Beside(map_block(desk, plan), _legend(desk, step_km)), _listing(desk, areas)
    return Figure(blocks, conic=extent.fits_cone)


def title_of(border: BorderProject, desk: Desk, page: str) -> tuple[str, str]:
    """Title and lead of a project's figure."""
    language = desk.words.language
    if page in OF_MODULES:
        return desk.words(f"{page}.title", title=border.title[language]), desk.words(f"{page}.subtitle")
    there = desk.words.listed([side.name[language] for side in border.neighbours])
    return border.title[language], desk.words("project.subtitle", here=border.here.name[language], there=there)


def _legend(desk: Desk, step_km: int) -> Stack:
    words, features = desk.words, [feature["properties"] for feature in desk.features("border")]
    by_neighbour: dict[str, float] = {}
    for given in features:
        by_neighbour[given["neighbour"]] = by_neighbour.get(given["neighbour"], 0.0) + given["length_km"]
    lengths = [
        Entry(signs.line_sign(signs.LINE), words("entry.length", name=_label(desk, "neighbour", code), km=words.km(km)))
        for code, km in by_neighbour.items()
    ]
    natures = [
        Entry(signs.line_sign(styles), words(f"project.nature.{nature}"))
        for nature, styles in signs.NATURES.items()
        if any(given["nature"] == nature for given in features)
    ]
    marks = [
        Entry(signs.number_sign(str(step_km), desk.type.small), words("border.kilometres", km=str(step_km))),
        Entry(signs.number_sign("1", desk.type.small), words("municipalities.numbers")),
        Entry(signs.dot_sign(filled=True), words("legend.town.large")),
        Entry(signs.dot_sign(filled=False), words("legend.town.small")),
    ]
    total_km = sum(by_neighbour.values())
    claims = [
        Entry(signs.line_sign(signs.IN_DISPUTE), _label(desk, "treaty", code))
        for code in dict.fromkeys(given["treaty"] for given in features if given["treaty"])
    ]
    return Stack(
        (
            Legend(words("project.lengths", km=words.km(total_km)), lengths, desk.type.body),
            desk.legend("project.natures", natures),
            *([desk.legend("project.disputes", claims)] if claims else []),
            desk.legend("legend.signs", marks),
        )
    )


def _label(desk: Desk, name: str, code: str) -> str:
    """What a coded value of the border is called."""
    fields = {field["name"]: field for field in desk.release.record("border")["fields"]}
    named = (fields[name].get("values") or {}).get(code)
    return str(named[desk.words.language]) if named else code


def _listing(desk: Desk, areas: list[Municipality]) -> Listing:
    rows = [
        (str(area.number), area.given["cvegeo"], desk.words.number(area.given["border_km"], 1), area.given["name"])
        for area in areas
    ]
    return Listing(desk.words("project.units"), rows, desk.type.small, frozenset({0, 2}), 60)
