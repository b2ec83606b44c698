"""What lies beside the line of a project: on which side of it this country, and how many people within 50 km of it.

People are those that GeoNames counts in its places. A place belongs to the side whose units hold it; one that is in no
unit, as on a coarse coast, to the side of the line that it lies on, if that side's outline comes near it. What
is left, beyond the ends of the line or in a third country, is not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.border_project import BorderProject
from atlas.border_project.model import Box
from atlas.borderland.side_units import Units
from atlas.borderland.traced_line import Traced
from atlas.geometry.line_finder import LEFT, RIGHT, LineFinder
from atlas.geometry.locate import LineLocator
from atlas.geometry.units import METRES_PER_DEGREE
from atlas.layers.border import REACH_KM
from atlas.sources.geonames import Town

WITHIN_KM = 50
_NEAR_DEG = 0.02

Codes = NDArray[np.int64]


def widened(box: Box) -> Box:
    """A box with all that lies within 50 km of what it holds, in degrees."""
    west, south, east, north = box
    high = WITHIN_KM * 1000 / METRES_PER_DEGREE * 1.05
    wide = high / max(np.cos(np.radians(min(max(abs(south), abs(north)), 85.0))), 0.05)
    return west - wide, south - high, east + wide, north + high


def beside_line(
    project: BorderProject, traced: Traced, sides: Sequence[Units], towns: Mapping[int, Town]
) -> dict[str, Any]:
    """The registry's words on both sides of the line.

    Parameters
    ----------
    sides
        All units of the sides that have an outline, this one first.
    towns
        Settlements by GeoNames id, all within 50 km among them.
    """
    finder = LineFinder(LineLocator.of(traced.line))
    middles = shapely.get_coordinates(shapely.point_on_surface(traced.here.areas))
    hands = finder.places(middles, REACH_KM).sides
    home = LEFT if (hands == LEFT).sum() >= (hands == RIGHT).sum() else RIGHT
    known = list(towns.values())
    points = np.array([town.position for town in known], dtype=np.float64).reshape(-1, 2)
    held = _sides(project, traced, sides, points, (finder, home))
    near = finder.locator.locate(points).distance_m <= WITHIN_KM * 1000 if len(points) else np.zeros(0, dtype=bool)
    counts = []
    for number, side in enumerate(project.sides):
        rows = np.flatnonzero(near & (held == number)).tolist()
        rows = [row for row in rows if side.country in {None, known[row].country}]
        counts.append({"code": side.code, "places": len(rows), "people": sum(known[row].population for row in rows)})
    return {"lies": "left" if home == LEFT else "right", "within_km": WITHIN_KM, "people": counts}


def _sides(
    project: BorderProject,
    traced: Traced,
    sides: Sequence[Units],
    points: NDArray[np.float64],
    line: tuple[LineFinder, int],
) -> Codes:
    """The number of the side that each point lies on, this one 0; -1 for none."""
    finder, home = line
    held = np.full(len(points), -1, dtype=np.int64)
    if not len(points):
        return held
    codes = [side.code for side in project.sides]
    places = shapely.points(points)
    for units in reversed(sides):
        held[np.unique(shapely.STRtree(places).query(units.areas, predicate="intersects")[1])] = codes.index(
            units.side.code
        )
    at = finder.places(points, REACH_KM)
    across = [codes.index(units.side.code) for units in traced.there] or [1]
    beyond = np.array(across)[traced.side[at.steps]]
    guess = np.where(at.sides == home, 0, beyond)
    loose = np.flatnonzero((held < 0) & np.isin(at.sides, (LEFT, RIGHT)))
    outlines = {codes.index(units.side.code): shapely.STRtree(units.areas) for units in sides}
    for row in loose.tolist():
        tree = outlines.get(int(guess[row]))
        # without an outline a neighbour is all that lies beyond the line
        if tree is None or len(tree.query(places[row], predicate="dwithin", distance=_NEAR_DEG)):
            held[row] = guess[row]
    return held
