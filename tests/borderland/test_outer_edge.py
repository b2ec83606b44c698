"""A border as the outer edge of one side: what lies far from it neither stops nor widens it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
import shapely

from atlas.borderland.new_project import Wanted, new_project
from atlas.borderland.outer_edge import _to_lines, outer_edge
from atlas.errors import GeometryError
from tests.borderland.made_up import edge, strips, units, write

# a square country whose northern half of the western edge is coast
COUNTRY = [shapely.box(10 + x, 20 + y, 11 + x, 21 + y) for x in range(3) for y in range(3)]
LAND = shapely.union(shapely.box(5, 15, 18, 28) - shapely.box(5, 21.5, 10, 28), shapely.box(10, 20, 13, 23))


def test_overlapping_units_in_the_interior_do_not_stop_it() -> None:
    middle = shapely.box(11, 20.99, 12, 22)
    areas = [*COUNTRY[:4], middle, *COUNTRY[5:]]
    assert not shapely.coverage_is_valid(areas)
    line, near = outer_edge(units("A", *(shapely.segmentize(area, 0.01) for area in areas)), LAND)
    assert shapely.length(line) == pytest.approx(10.5, abs=0.05)
    assert "A4" not in near.codes


def test_it_ends_where_the_coast_begins() -> None:
    line, _ = outer_edge(units("A", *(shapely.segmentize(area, 0.01) for area in COUNTRY)), LAND)
    ends = shapely.get_coordinates(line)[[0, -1]]
    assert {tuple(np.round(end, 1)) for end in ends} == {(10.0, 21.5), (10.0, 23.0)}


def test_an_island_has_none() -> None:
    with pytest.raises(GeometryError, match="coast everywhere; give a neighbour's outlines or a line"):
        outer_edge(units("A", *COUNTRY), shapely.box(10, 20, 13, 23))


@pytest.mark.slow
def test_neighbours_without_outlines_are_named_by_the_command(tmp_path: Path) -> None:
    here = write(tmp_path / "here.geojson", strips(edge(0), 9.2, 3), [{"code": n, "name": f"N{n}"} for n in range(3)])
    names = ("AAA=South", "BBB=North", "CCC=East")
    made = new_project(tmp_path / "new", Wanted(here=here, names=names))
    tables = tomllib.loads((tmp_path / "new/atlas.toml").read_text(encoding="utf-8"))
    assert [(each["code"], each["name"]["en"]) for each in tables["neighbours"]] == [("BBB", "North"), ("CCC", "East")]
    assert made.proposals[-1] == "CCC (East): a neighbour without outlines"


def test_distances_to_a_long_shore_are_exact() -> None:
    shore = shapely.boundary(shapely.buffer(shapely.multipoints([[0, 0], [3, 1], [9, 9]]), 1.5))
    points = shapely.points(np.random.default_rng(4).uniform(-3, 12, (60, 2)))
    assert (_to_lines(points, shore) == shapely.distance(shore, points)).all()
