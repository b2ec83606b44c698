"""What the units of a border belong to."""

from __future__ import annotations

from dataclasses import replace

import shapely

from atlas.borderland.region import parent_codes, parents_of
from tests.borderland.made_up import units


def test_a_unit_belongs_to_its_own_parent_where_others_of_the_region_do_not_reach_the_line() -> None:
    region = units("U", *(shapely.box(10 + n, 20, 11 + n, 21) for n in range(4)))
    region = replace(region, parents=("Alfa", "Beta", "Gama", "Delta"))
    on_the_line = region.where([False, True, True, False])
    drawn = parents_of(region)
    names = dict(zip(drawn.codes, drawn.names, strict=True))
    codes = parent_codes(on_the_line, region.parents)
    assert {code: names[codes[code]] for code in on_the_line.codes} == {"U1": "Beta", "U2": "Gama"}
