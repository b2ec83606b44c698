"""Rounding to a grid on which no edges cross: an edge also gets the positions whose cell of the grid it passes through.

Every position goes to the nearest one of the grid (so many decimals of a degree). An edge that passes through the cell
of a position that something else has been rounded to is bent onto it. Where two edges meet at a tip that would fall
together, one of the positions beside the tip may take another corner of its cell, if that moves it less than leaving
the tip out would.

*Why it is right.* If an edge and a position lie on two sides of each other before rounding, they can change sides only
where the edge passes through the position's cell, and there the edge gets the position: they touch and don't cross.
Seen from where an edge was before, nothing moves by more than half the diagonal of a cell, whereas mending what
crosses only after rounding moves it by half a diagonal twice. Only the cells near faults (``places``) are asked, and
`coverage_repair` asks again with those that come up new, until nothing crosses.

*Invariants* (`tests/geometry/test_snap_rounding.py`): one position goes to one place, whichever area has it, and one
edge gets the same positions in both directions, so that what was shared stays shared; nothing moves farther than half
a cell's diagonal. Source: J. D. Hobby, "Practical segment intersection with finite precision output", Computational
Geometry 13 (1999) 199–214; the tips are our own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.geometry.position_grid import nearest, packed, without_repeats

_RING = 4
_CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])

Shapes = NDArray[np.object_]
Indexes = NDArray[np.int64]
Positions = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grid:
    """So many decimals of a degree, in a plane that ``scale`` stretches longitude and latitude to."""

    decimals: int
    scale: Positions

    def nearest(self, xy: Positions) -> Positions:
        """The positions of the grid nearest to those of the plane."""
        return np.asarray(nearest(xy / self.scale, self.decimals) * self.scale)

    def degrees(self, xy: Positions) -> Positions:
        """Positions of the grid in degrees."""
        return nearest(xy / self.scale, self.decimals)

    @property
    def cell(self) -> Positions:
        """Width and height of a cell."""
        return np.asarray(self.scale * 10.0**-self.decimals)

    def around(self, place: Positions) -> Positions:
        """The four positions of the grid around one of the plane."""
        return self.nearest((np.floor(place / self.cell) + _CORNERS) * self.cell)


@dataclass(slots=True)
class Rounding:
    """Where positions go and what edges get on their way, by positions as complex numbers; the same for all areas."""

    grid: Grid
    moves: dict[complex, Positions] = field(default_factory=dict)
    nodes: dict[tuple[complex, complex], Positions] = field(default_factory=dict)

    def near(self, xy: Positions) -> Positions:
        """The positions of the grid that some of the plane go to."""
        made = self.grid.nearest(xy)
        if self.moves:
            whole = packed(xy)
            for at in np.flatnonzero(np.isin(whole, list(self.moves))).tolist():
                made[at] = self.moves[complex(whole[at])]
        return made

    def area(self, exact: BaseGeometry) -> BaseGeometry:
        """An area on the grid, without what has no width there; where its edges cross it is left invalid."""
        polygons = []
        for part in shapely.get_parts(exact).tolist():
            rings = [self._ring(shapely.get_coordinates(one)) for one in (part.exterior, *part.interiors)]
            if len(rings[0]) >= _RING:
                polygons.append(shapely.Polygon(rings[0], [ring for ring in rings[1:] if len(ring) >= _RING]))
        made: BaseGeometry = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
        if shapely.is_valid(made):
            return made
        valid = shapely.make_valid(made, method="structure", keep_collapsed=False)
        held = np.isin(packed(shapely.get_coordinates(valid)), packed(shapely.get_coordinates(made)))
        return valid if held.all() else made

    def _ring(self, run: Positions) -> Positions:
        near = self.near(run)
        if self.nodes:
            whole = packed(run)
            ends = np.array([start for start, _ in self.nodes])
            for at in np.flatnonzero(np.isin(whole[:-1], ends) & np.isin(whole[1:], ends))[::-1].tolist():
                inner = self.nodes.get((complex(whole[at]), complex(whole[at + 1])))
                near = near if inner is None else np.insert(near, at + 1, inner, axis=0)
        return without_repeats(near)

    def keep_tips(self, exact: Shapes) -> None:
        """Let tips that would fall together stay open, or end bluntly, where another corner of a cell is as near."""
        xy, ring = _rings(exact)
        near = self.near(xy)
        first = np.flatnonzero(np.append([True], (near[1:] != near[:-1]).any(axis=1) | (ring[1:] != ring[:-1])))
        last = np.append(first[1:], len(xy)) - 1
        there = packed(near[first])
        folded = (there[:-2] == there[2:]) & (ring[first][:-2] == ring[first][2:])
        for at in np.flatnonzero(folded).tolist():
            tip = int(first[at + 1])
            self._keep_tip(xy[[int(last[at]), tip, int(first[at + 2])]], near[tip], near[last[at]])

    def _keep_tip(self, exact: Positions, goal: Positions, both: Positions) -> None:
        """Move one of two positions beside a tip to another corner, if that is nearer than leaving the tip out."""
        before, tip, after = exact
        turn = np.sign(_cross(tip - before, after - tip))
        best = min(float(np.hypot(*(tip - both))), float(np.hypot(*self.grid.cell)) / 2)
        chosen: tuple[complex, Positions] | None = None
        for place, there in ((before, (None, both)), (after, (both, None))):
            for corner in self.grid.around(place):
                a, b = (corner if one is None else one for one in there)
                opened = np.sign(_cross(goal - a, b - goal)) == turn
                far = float(np.hypot(*(corner - place)))
                if far < best and (opened or (corner == goal).all()):
                    best, chosen = far, (complex(*place), corner)
        if chosen is not None:
            self.moves[chosen[0]] = chosen[1]

    def find_nodes(self, exact: Shapes, places: Positions) -> None:
        """Find what edges pass: the positions ``places`` of the grid, and the other ends of edges that end in them."""
        xy, ring = _rings(exact)
        near = self.near(xy)
        wanted = np.isin(packed(near), packed(places))
        at = np.flatnonzero((ring[1:] == ring[:-1]) & (wanted[1:] | wanted[:-1]))
        middles, half = np.unique(np.vstack([near[at], near[at + 1]]), axis=0), self.grid.cell / 2
        lines = shapely.linestrings(np.stack([xy[at], xy[at + 1]], axis=1))
        cells = shapely.box(*(middles - half).T, *(middles + half).T)
        cell, edge = shapely.STRtree(lines).query(cells, predicate="intersects")
        between = (middles[cell] != near[at[edge]]).any(axis=1) & (middles[cell] != near[at[edge] + 1]).any(axis=1)
        edge, met = edge[between], middles[cell[between]]
        along = ((met - xy[at[edge]]) * (xy[at[edge] + 1] - xy[at[edge]])).sum(axis=1)
        order = np.lexsort([along, edge])
        edge, met, whole = edge[order], met[order], packed(xy)
        for number in np.unique(edge).tolist():
            start, end, inner = complex(whole[at[number]]), complex(whole[at[number] + 1]), met[edge == number]
            self.nodes[start, end], self.nodes[end, start] = inner, inner[::-1]


def meeting(areas: Iterable[BaseGeometry]) -> Positions:
    """Positions of the edges of areas that meet other edges of the same area than those before and after them."""
    crossings = [np.empty((0, 2))]
    for area in areas:
        xy, ring = _rings(np.array([area], dtype=object))
        at = np.flatnonzero(ring[1:] == ring[:-1])
        lines = shapely.linestrings(np.stack([xy[at], xy[at + 1]], axis=1))
        left, right = shapely.STRtree(lines).query(lines, predicate="intersects")
        ends = packed(xy)
        linked = (ends[at[left] + 1] == ends[at[right]]) | (ends[at[right] + 1] == ends[at[left]])
        both = at[left[~linked & (left != right)]]
        crossings += [xy[both], xy[both + 1]]
    return np.vstack(crossings)


def _rings(areas: Shapes) -> tuple[Positions, Indexes]:
    """Positions of all rings, and the number of the ring of each."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(areas)), return_index=True)
    return xy, ring


def _cross(first: Positions, second: Positions) -> float:
    return float(first[0] * second[1] - first[1] * second[0])
