"""People within 50 km of a line are counted on both sides of it, each once, and nobody beyond its ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from atlas.border_project import End, Line, shipped_border
from atlas.borderland.beside_line import beside_line, widened
from atlas.borderland.side_units import Units
from atlas.borderland.traced_line import trace
from atlas.sources.geonames import Town
from tests.borderland.made_up import units


def towns(*rows: tuple[float, float, int]) -> dict[int, Town]:
    return {n: Town(n, f"T{n}", lon, lat, "XX", "1", people) for n, (lon, lat, people) in enumerate(rows, start=1)}


def counted(here: Units, there: Units, places: dict[int, Town]) -> dict[str, object]:
    end = End(kind="coast", name={}, position=None)
    line = Line(way="shared edge", file=None, leader="here", contested="here", tolerance_m=1000.0, start=end, end=end)
    project = replace(shipped_border(), here=here.side, neighbours=(there.side,), line=line)
    return beside_line(project, trace(project, here, (there,), shapely.Polygon()), (here, there), places)


def test_each_place_counts_on_the_side_whose_units_hold_it() -> None:
    here, there = units("A", shapely.box(10, 20, 11, 22)), units("B", shapely.box(11, 20, 12, 22))
    places = towns(
        (10.9, 21.0, 1_000),
        (11.1, 21.0, 20_000),
        # 52 km away on either side
        (10.5, 21.0, 5_000_000),
        (11.5, 21.0, 5_000_000),
        # in neither outline: beyond the end of the line, and far from both
        (11.1, 19.9, 300),
        (11.3, 22.3, 300),
        (10.99, 21.5, 0),
    )
    made = counted(here, there, places)
    assert made["people"] == [
        {"code": "A", "places": 2, "people": 1_000},
        {"code": "B", "places": 1, "people": 20_000},
    ]


@pytest.mark.parametrize(("west", "lies"), [("A", "left"), ("B", "right")])
def test_the_side_that_this_country_lies_on_is_read_off_the_line(west: str, lies: str) -> None:
    # the line begins at the western end, here the southern one
    boxes = {"A": shapely.box(10, 20, 11, 22), "B": shapely.Polygon([(11, 20), (12, 20), (12, 22), (11, 22)])}
    one, other = (units(code, boxes[code]) for code in (west, "B" if west == "A" else "A"))
    assert counted(one, other, {})["lies"] == lies


def test_a_place_off_a_coarse_coast_counts_where_its_side_is_near() -> None:
    here, there = units("A", shapely.box(10, 20, 11, 22)), units("B", shapely.box(11, 20, 12, 22))
    # a kilometre outside of this side's outline, in nobody's units, beside the line's own end
    made = counted(here, there, towns((10.995, 22.01, 50), (9.99, 21.0, 7)))
    assert [row["people"] for row in made["people"]] == [0, 0]  # type: ignore[attr-defined]


def test_a_box_is_widened_by_50_km_everywhere() -> None:
    west, south, east, north = widened((10.0, 59.0, 11.0, 60.0))
    assert (north - 60.0) * 111.1 > 50
    assert (11.0 - east) * 111.1 * 0.5 < -50
    assert south < 59.0 > west
