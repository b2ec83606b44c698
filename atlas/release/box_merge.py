"""Puts atoms together until each box keeps the floor by itself.

1. *Walk* along the border, reach by reach, and close a box as soon as its land keeps the floor; a rest joins the last
   box. The same along the corridor.
2. *While* a box lacks something: the smallest such box joins a neighbour. A crumb of a guide goes to the neighbour that
   holds most of that guide; a piece of the border or the corridor prefers its own kind; any other goes to the one that
   it touches most. What touches none (an island) goes to the nearest box that keeps the floor.

*Why it is right.* The loop ends only when no box lacks anything, and each step lowers their number, so it ends. Joining
can't spoil a box for good: width, area and circle of the union are no smaller (the largest part of the union holds the
largest part of either), and of a guide it holds at least as much. No record is read anywhere.

*Invariants*: the boxes are unions of atoms; the same atoms give the same boxes (all choices are by measures and names);
`box_proof` holds each box against the floor by other means. Source: "boxes" in the gate's design; the joining of least
areas with neighbours is what statistical offices do with areas below a threshold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.errors import GeometryError
from atlas.release.box_atoms import Atoms, united
from atlas.release.box_floor import Guides, Size, lacking_of_guides, lines_km, plane_km, size_of

BORDER, CORRIDOR = "border", "corridor"
_KINDS = {"R": 0, "C": 1}


def kind_of(name: str) -> str:
    """R for a piece of the border, C for one of the corridor, h for a cell of the grid."""
    return name[0] if name[0] in _KINDS else "h"


def merge(atoms: Atoms, earlier: Mapping[str, BaseGeometry] | None = None) -> Mapping[str, tuple[str, ...]]:
    """The atoms of each box, by the name of the box: that of its first atom, border before corridor before grid.

    Parameters
    ----------
    earlier
        Places that releases of another kind have drawn, by name: lines and areas in degrees that are guides as well.

    Raises
    ------
    GeometryError
        The whole ground is smaller than the floor.
    """
    merging = _Merging.of(atoms, _guides(atoms, earlier or {}))
    for letter, guide in (("R", BORDER), ("C", CORRIDOR)):
        merging.walk(letter, guide)
    merging.settle()
    return {name: tuple(sorted(members)) for name, members in sorted(merging.members.items())}


def _guides(atoms: Atoms, earlier: Mapping[str, BaseGeometry]) -> Guides:
    lines = {BORDER: atoms.border, CORRIDOR: atoms.corridor}
    lines = {name: line for name, line in lines.items() if not line.is_empty}
    lines |= {name: shape for name, shape in earlier.items() if shape.geom_type.endswith("LineString")}
    return Guides(lines, {name: shape for name, shape in earlier.items() if shape.geom_type.endswith("Polygon")})


@dataclass
class _Merging:
    """Boxes in the making: the atoms of each, and of each atom its box."""

    atoms: Atoms
    guides: Guides
    touching: Mapping[str, Mapping[str, float]]
    members: dict[str, set[str]] = field(default_factory=dict)
    box_of: dict[str, str] = field(default_factory=dict)
    _sizes: dict[str, Size] = field(default_factory=dict)
    _lacking: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _land: dict[str, BaseGeometry] = field(default_factory=dict)

    @classmethod
    def of(cls, atoms: Atoms, guides: Guides) -> _Merging:
        names = list(atoms.shapes)
        return cls(atoms, guides, _touching(atoms), {name: {name} for name in names}, {name: name for name in names})

    def land(self, name: str) -> BaseGeometry:
        if name not in self._land:
            self._land[name] = united([self.atoms.land[atom] for atom in self.atoms.on_one_side(self.members[name])])
        return self._land[name]

    def size(self, name: str) -> Size:
        if name not in self._sizes:
            self._sizes[name] = size_of(self.land(name))
        return self._sizes[name]

    def lacking(self, name: str) -> tuple[str, ...]:
        if name not in self._lacking:
            shape = united([self.atoms.shapes[atom] for atom in sorted(self.members[name])])
            self._lacking[name] = (*self.size(name).lacks, *lacking_of_guides(shape, self.guides))
        return self._lacking[name]

    def join(self, first: str, second: str) -> str:
        keep, lose = sorted((first, second), key=lambda name: (_KINDS.get(name[0], 2), name))
        for atom in self.members[lose]:
            self.box_of[atom] = keep
        self.members[keep] |= self.members.pop(lose)
        for known in (self._sizes, self._lacking, self._land):
            known.pop(keep, None)
            known.pop(lose, None)
        return keep

    def walk(self, letter: str, guide: str) -> None:
        """Close boxes along a guide; what else they lack is left for `settle`."""
        pending = closed = None
        for name in sorted(name for name in self.members if name[0] == letter):
            pending = name if pending is None else self.join(pending, name)
            if not {*self.size(pending).lacks, guide} & {*self.lacking(pending)}:
                pending, closed = None, pending
        if pending and closed:
            self.join(closed, pending)

    def settle(self) -> None:
        """Join what lacks anything with a neighbour, the smallest first, until nothing lacks anything."""
        while waiting := [name for name in self.members if self.lacking(name)]:
            smallest = min(waiting, key=lambda name: (self.size(name).area_km2, name))
            if len(self.members) == 1:
                msg = f"the ground is smaller than the floor: it lacks {', '.join(self.lacking(smallest))}"
                raise GeometryError(msg)
            self.join(smallest, self._neighbour(smallest))

    def _neighbour(self, name: str) -> str:
        beside: defaultdict[str, float] = defaultdict(float)
        for atom in self.members[name]:
            for other, km in self.touching.get(atom, {}).items():
                if self.box_of[other] != name:
                    beside[self.box_of[other]] += km
        same_side = [other for other in beside if self._beyond(other) == self._beyond(name)] or list(beside)
        if not same_side:
            return self._nearest(name)
        return max(same_side, key=partial(self._preference, name, beside))

    def _preference(self, name: str, beside: Mapping[str, float], other: str) -> tuple[object, ...]:
        lacking, kind = self.lacking(name), kind_of(name)
        guide = next((each for each in lacking if each in self.guides.lines or each in self.guides.areas), None)
        if guide is not None and lacking == (guide,):
            return self._held(guide, other), beside[other], other
        if kind == "h":
            return kind_of(other) == "h", beside[other], other
        return kind_of(other) == kind, bool(self.lacking(other)), beside[other], other

    def _held(self, guide: str, name: str) -> float:
        """How much of a guide a box holds: km of a line, square degrees of an area."""
        shape = united([self.atoms.shapes[atom] for atom in sorted(self.members[name])])
        if guide in self.guides.lines:
            return lines_km(shapely.intersection(self.guides.lines[guide], shape))
        return float(shapely.intersection(self.guides.areas[guide], shape).area)

    def _nearest(self, name: str) -> str:
        """The nearest box that keeps the floor, from an island; any other where none keeps it yet."""
        kept = [other for other in self.members if other != name and not self.lacking(other)]
        others = kept or [other for other in self.members if other != name]
        here = shapely.centroid(self._whole(name))
        return min(others, key=lambda other: (float(shapely.distance(here, self._whole(other))), other))

    def _whole(self, name: str) -> BaseGeometry:
        return shapely.multipolygons(
            [part for atom in sorted(self.members[name]) for part in shapely.get_parts(self.atoms.shapes[atom])]
        )

    def _beyond(self, name: str) -> bool:
        return self.atoms.is_beyond(self.members[name])


def _touching(atoms: Atoms) -> Mapping[str, Mapping[str, float]]:
    """How many km of edge each two atoms share; those of one line that follow each other count as touching anyway."""
    names = list(atoms.shapes)
    shapes = np.array([atoms.shapes[name] for name in names])
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < other
    edges = shapely.intersection(shapely.boundary(shapes[one[pairs]]), shapely.boundary(shapes[other[pairs]]))
    touching: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for first, second, edge in zip(one[pairs].tolist(), other[pairs].tolist(), edges, strict=True):
        if edge.length > 0:
            _note(touching, names[first], names[second], float(plane_km(edge).length))
    for letter in _KINDS:
        ordered = sorted(name for name in names if name[0] == letter)
        for first, second in pairwise(ordered):
            _note(touching, first, second, touching[first].get(second, 0.0) + 1.0)
    return touching


def _note(touching: Mapping[str, dict[str, float]], first: str, second: str, km: float) -> None:
    touching[first][second] = touching[second][first] = km
