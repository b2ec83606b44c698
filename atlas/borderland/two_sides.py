"""Both sides of a border made to meet, and the line between them.

The units within reach of the other side are matched as `atlas edgematch` does it: this side leads, the other does, or
they meet in the middle. Then all are rounded together to the decimals of the layers, by clean's engine, so that each
side is a coverage and both have the same positions on the line.

*Why it is right.* The line is made of edges that a unit of each side has, position by position; nothing is drawn beside
the outlines. Where a side has no outline, the line is this side's edge, or the line that is given.

*Invariants* (`tests/borderland/test_two_sides.py`): both sides are valid coverages; every step of the line is an edge
of a unit on either side. Source: `atlas.edgematch`, `atlas.clean.coverage_repair`.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.border_project import BorderProject
from atlas.borderland.enclosed_gaps import without_enclosed_gaps
from atlas.borderland.match_ledger import SideMoves, moves_of
from atlas.borderland.side_units import Units, checked_file
from atlas.clean.coverage_repair import CoverageRepair
from atlas.edgematch.edge_matching import Leader, Terms, line_between, matched, meeting_of
from atlas.edgematch.line_matching import matched_to_line
from atlas.edgematch.plane import DECIMALS as PLANE_DECIMALS
from atlas.edgematch.plane import Plane
from atlas.edgematch.sides import read_line
from atlas.errors import GeometryError, SourceError, listed
from atlas.geojson.collection import DECIMALS
from atlas.geometry.geodesy import area_km2
from atlas.geometry.meridian_frame import MeridianFrame
from atlas.geometry.units import METRES_PER_DEGREE
from atlas.layers.trace import rounded_together

_BESIDE_DEG = 0.05
# what outlines of one source may differ by within themselves
_SLIVER_M = 5.0
_PAIR = 2
Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """The units of both sides near the border, made to meet, all lines between them, and what was moved for it.

    Areas and lines are in degrees; ``moves`` has an entry for each side, this one first.
    """

    here: Units
    there: tuple[Units, ...]
    line: BaseGeometry
    moves: tuple[SideMoves, ...]


def met_sides(project: BorderProject, here: Units, there: Sequence[Units]) -> Sides:
    """Make the sides of a border meet.

    Raises
    ------
    SourceError
        A side is no coverage, or what both claim has to be decided.
    GeometryError
        No neighbour comes near this side.
    """
    width = max(project.line.tolerance_m / METRES_PER_DEGREE, _BESIDE_DEG)
    given_units = _near([here, *there], width)
    near = [_coverage(units) for units in given_units]
    plane = Plane.around(np.concatenate([units.areas for units in near]))
    given = (
        read_line(checked_file(project.line.file), MeridianFrame(project.frame_start)) if project.line.file else None
    )
    near = _matched(project, near, plane, given)
    sizes = np.cumsum([len(units.areas) for units in near])[:-1]
    together = rounded_together(np.concatenate([units.areas for units in near]))
    near = [units.with_areas(areas) for units, areas in zip(near, np.split(together, sizes), strict=True)]
    lines = [line_between(near[0].areas, units.areas) for units in near[1:]]
    line = shapely.line_merge(shapely.union_all([part for one in lines for part in shapely.get_parts(one)]))
    if shapely.is_empty(line):
        msg = "the outlines of the two sides share no edge; give a wider tolerance_m in [border]"
        raise GeometryError(msg)
    moves = [moves_of(before, after, plane) for before, after in zip(given_units, near, strict=True)]
    return Sides(near[0], tuple(near[1:]), line, tuple(moves))


def _near(sides: Sequence[Units], width: float) -> list[Units]:
    """Units of each side that lie within a width of the other side's; all neighbours are one side to this one."""
    here, there = sides[0], sides[1:]
    far = np.concatenate([units.areas for units in there])
    picked = [_within(here, far, width), *(_within(units, here.areas, width) for units in there)]
    for units, one in zip(there, picked[1:], strict=True):
        if not len(one.areas):
            metres = width * METRES_PER_DEGREE
            msg = (
                f"no unit of {units.side.name['en']} lies within {metres:,.0f} m of {here.side.name['en']}; give the "
                "outlines of its neighbour, or take it out of [[neighbours]]"
            )
            raise GeometryError(msg)
    return picked


def _within(units: Units, others: Shapes, width: float) -> Units:
    close = shapely.STRtree(others).query(units.areas, predicate="dwithin", distance=width)[0]
    keep = np.zeros(len(units.areas), dtype=bool)
    keep[close] = True
    return units.where(keep)


def _coverage(units: Units) -> Units:
    """The units at the plane's decimals as a coverage; slivers within one source are closed by clean's engine."""
    areas = shapely.transform(units.areas, lambda xy: np.round(xy, PLANE_DECIMALS) + 0.0)
    if not shapely.is_valid(areas).all() or not shapely.coverage_is_valid(areas):
        exact = units.areas
        areas = CoverageRepair(areas, PLANE_DECIMALS, lambda index: exact[index]).mended(_SLIVER_M, None)
    wrong = shapely.coverage_invalid_edges(areas)
    faults = [
        f"{units.codes[i]} {units.names[i]}: its edge does not match its neighbour's near {lon:.5f}, {lat:.5f}"
        for i, edge in enumerate(wrong)
        if not shapely.is_empty(edge)
        for lon, lat in shapely.get_coordinates(edge)[:1]
    ]
    if faults:
        path = units.side.outline.source.located if units.side.outline else ""
        repair = f"atlas clean {shlex.quote(str(path))} -o OUT.geojson"
        remedy = f"repair it with `{repair}`, and name OUT.geojson in atlas.toml, without the old sha256"
        raise SourceError(listed(f"the units of {units.side.name['en']} overlap or leave gaps; {remedy}:", faults))
    return units.with_areas(np.asarray(areas, dtype=object))


def _matched(project: BorderProject, sides: list[Units], plane: Plane, line: BaseGeometry | None) -> list[Units]:
    """Make this side meet its neighbours: all as one where they fit each other, else one by one.

    As one, because what lies between this side and one neighbour goes on beside the next: given to the first, it
    would be a tongue along the border of the second.
    """
    if len(sides) > _PAIR and (joined := _one_side(project, sides, plane)) is not None:
        sizes = np.cumsum([len(units.areas) for units in joined])[:-1]
        codes, names, parents = (
            tuple(text for units in joined for text in getattr(units, name)) for name in ("codes", "names", "parents")
        )
        whole = Units(joined[0].side, codes, names, parents, np.concatenate([units.areas for units in joined]))
        here, met = _pairs_matched(project, [sides[0], whole], plane, line, kept=False)
        parts = zip(joined, np.split(met.areas, sizes), strict=True)
        return [_kept(here), *(_kept(units.with_areas(areas)) for units, areas in parts)]
    return _pairs_matched(project, sides, plane, line)


def _one_side(project: BorderProject, sides: Sequence[Units], plane: Plane) -> list[Units] | None:
    """The neighbours made to meet each other; nothing where they do not fit together."""
    there = list(sides[1:])
    for one, other in combinations(range(len(there)), 2):
        rest = [area for i, units in enumerate(there) if i not in {one, other} for area in units.areas]
        if _is_coverage(np.concatenate([there[one].areas, there[other].areas])):
            # what they have between them and this side is no gap of theirs
            continue
        try:
            meeting = meeting_of(
                there[one].areas, there[other].areas, plane, project.line.tolerance_m, [*rest, *sides[0].areas]
            )
            result = matched(meeting, plane, Terms(Leader.ONE, project.line.tolerance_m))
        except GeometryError:
            # they may be apart, with this side between them
            continue
        there[one], there[other] = there[one].with_areas(result.one), there[other].with_areas(result.other)
    areas = np.concatenate([units.areas for units in there])
    return there if _is_coverage(areas) else None


def _is_coverage(areas: Shapes) -> bool:
    return not shapely.is_empty(areas).any() and bool(shapely.coverage_is_valid(areas))


def _pairs_matched(
    project: BorderProject, sides: list[Units], plane: Plane, line: BaseGeometry | None, *, kept: bool = True
) -> list[Units]:
    """Each pair of sides made to meet; neighbours among each other only where they do so by themselves."""
    made, tolerance = list(sides), project.line.tolerance_m
    keep = _kept if kept else lambda units: units
    for one, other in combinations(range(len(made)), 2):
        try:
            first, second = made[one].areas, made[other].areas
            rest = [area for i, units in enumerate(made) if i not in {one, other} for area in units.areas]
            meeting = meeting_of(first, second, plane, tolerance, rest)
            lead = _leader(project.line.leader) if one == 0 else Leader.ONE
            if line is not None and one == 0:
                result = matched_to_line(meeting, line, plane, Terms(lead, tolerance))
            else:
                decided = _decisions(project, (made[one], made[other]), meeting.contested, plane)
                result = matched(meeting, plane, Terms(lead, tolerance, decided))
        except GeometryError as error:
            if one == 0:
                names = " and ".join(made[i].side.name["en"] for i in (one, other))
                msg = f"{names}: {error}; give a wider tolerance_m in [border] (now {tolerance:g})"
                raise GeometryError(msg) from error
            continue
        made[one] = keep(made[one].with_areas(result.one))
        made[other] = keep(made[other].with_areas(result.other))
        if one == 0:
            _close_pockets(project, made, other, plane)
    return made


def _close_pockets(project: BorderProject, made: list[Units], other: int, plane: Plane) -> None:
    """Give what this side and another enclose to the one that gives way."""
    lead, led = (other, 0) if project.line.leader == "neighbour" else (0, other)
    none = np.array([], dtype=object)
    rest = np.concatenate([none, *(units.areas for i, units in enumerate(made) if i not in {0, other})])
    areas = without_enclosed_gaps(made[lead].areas, made[led].areas, rest, plane, project.line.tolerance_m)
    made[led] = made[led].with_areas(areas)


def _kept(units: Units) -> Units:
    return units.where(~shapely.is_empty(units.areas))


def _leader(word: str) -> Leader:
    return {"here": Leader.ONE, "neighbour": Leader.OTHER, "middle": Leader.MIDDLE}[word]


def _decisions(
    project: BorderProject, pair: tuple[Units, Units], contested: Sequence[object], plane: Plane
) -> dict[int, Leader]:
    if not contested:
        return {}
    if project.line.contested is not None:
        return dict.fromkeys(range(1, len(contested) + 1), _leader(project.line.contested))
    asked = []
    for each in contested:
        area = shapely.transform(each.area, lambda xy: xy / plane.scale)  # type: ignore[attr-defined]
        lon, lat = shapely.get_coordinates(shapely.point_on_surface(area))[0]
        asked.append(f"{area_km2(area) * 100:,.1f} ha at {lon:.5f}, {lat:.5f} (longitude latitude)")
    names = " and ".join(units.side.name["en"] for units in pair)
    who = 'contested = "here", "neighbour" or "middle" in [border] (for `atlas new`: --contested)'
    raise SourceError(listed(f"{names} both claim what is no matter of drawing; say who gets it by {who}:", asked))


def alone(here: Units) -> Units:
    """One side by itself, rounded together, for a line that is its own edge or is given."""
    return here.with_areas(rounded_together(_coverage(here).areas))


def with_decimals(line: BaseGeometry) -> BaseGeometry:
    """A line at the decimals of the layers, without positions that repeat."""
    rounded = shapely.transform(line, lambda xy: np.round(xy, DECIMALS) + 0.0)
    made: BaseGeometry = shapely.remove_repeated_points(rounded)
    return made
