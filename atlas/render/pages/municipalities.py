"""``municipalities.html``: the border municipalities by a figure that the reader chooses, on a map and in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from atlas.render.build_context import BuildContext
from atlas.render.classes import Classes, equal_counts, natural_breaks
from atlas.render.enlarged import small_areas_window
from atlas.render.pages.map_page import MapPage
from atlas.render.thumbnail import Sketch

LAYER = "municipalities"
DENSITY = "density"
PEOPLE, AREA, SHARE = "population_2020", "area_km2", "border_share"
MEASURED = (PEOPLE, "dwellings_2020", AREA, "border_km", SHARE)
UNITS = {PEOPLE: "people", "dwellings_2020": "dwellings", AREA: "km²", "border_km": "km", DENSITY: "people/km²"}
# measured on the outlines
ALWAYS = (AREA, "border_km", SHARE)
ORDER = (PEOPLE, "dwellings_2020", AREA, DENSITY, "border_km", SHARE)

Column = Sequence[float | None]


def _data(edition: BuildContext) -> Mapping[str, Any]:
    features = edition.features.get(LAYER, ())
    rows = [feature["properties"] for feature in features]
    columns: dict[str, Column] = {name: [row.get(name) for row in rows] for name in MEASURED}
    columns[DENSITY] = [density(row.get(PEOPLE), row.get(AREA)) for row in rows]
    # a border without a table of people has none to choose
    shown = [name for name in ORDER if name in ALWAYS or any(value is not None for value in columns[name])]
    states = [str(row.get("state")) for row in rows]
    return {
        LAYER: {
            "figures": {name: _figure(name, columns[name]) for name in shown},
            "states": states,
            "totals": totals(states, columns),
            "inset": small_areas_window(edition.shapes.get(LAYER, ()), columns[AREA]),
        }
    }


def density(people: float | None, area_km2: float | None) -> float | None:
    """People to the square kilometre."""
    return round(people / area_km2, 2) if people is not None and area_km2 else None


def totals(states: Sequence[str], columns: Mapping[str, Column]) -> list[dict[str, Any]]:
    """Sums by state in the order in which they come, then of all; a sum with an unknown part is unknown."""
    groups = [
        (state, [index for index, other in enumerate(states) if other == state]) for state in dict.fromkeys(states)
    ]
    return [_total(state, columns, members) for state, members in (*groups, (None, list(range(len(states)))))]


def _total(state: str | None, columns: Mapping[str, Column], members: Sequence[int]) -> dict[str, Any]:
    sums = {name: _sum([columns[name][index] for index in members]) for name in MEASURED}
    return {"state": state, "count": len(members), **sums, DENSITY: density(sums[PEOPLE], sums[AREA])}


def _sum(values: Column) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known), 4) if len(known) == len(values) else None


def _figure(name: str, values: Column) -> dict[str, Any]:
    return {
        "unit": UNITS.get(name),
        "values": values,
        "classes": {"natural": _sent(natural_breaks(values)), "quantiles": _sent(equal_counts(values))},
    }


def _sent(classes: Classes) -> dict[str, Any]:
    return {"of": classes.of, "ranges": classes.ranges, "counts": classes.counts, "fit": round(classes.fit, 3)}


PAGE = MapPage(
    "municipalities",
    layers=(LAYER, "border", "crossings_formal"),
    shown=(LAYER, "border"),
    home=LAYER,
    styles=("municipalities.css",),
    layout="municipalities.html.j2",
    data=_data,
    sketch=Sketch((LAYER, "border"), LAYER, shade=PEOPLE),
).page
