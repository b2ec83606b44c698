"""Public places: the fixed stretches, intervals, areas and cells that records are generalised to, each in its chain.

A place does not depend on any record. Each has at most one coarser place, which holds all of it, so that what several
releases say of one record can never be intersected to less than the first place of its chain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.geojson.collection import geometry_member
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.coverage import tidied
from atlas.release.areas import (
    border_beside_m,
    cell_on_land,
    cell_within,
    coarser_cell,
    inset,
    kept_single,
    radius_m,
)
from atlas.release.ground import REACH_KM, Ground, Municipality
from atlas.release.stretches import LEAST_KM, BorderCuts, Part, corridor_cuts

Kind = Literal["border", "corridor", "municipality", "municipalities", "grid"]

# what every released record says of its place
PLACE_FIELDS = (
    "place",
    "place_kind",
    "municipality_cvegeo",
    "municipality_name",
    "state",
    "reaches",
    "chainage_from_km",
    "chainage_to_km",
)
_DECIMALS = 4
# some 20 m, and 50 m for hundreds of kilometres; the line's own uncertainty is 100 m
_SIMPLE_DEG, _SIMPLE_LONG_DEG, _LONG_KM = 0.0002, 0.0005, 100.0
_CORRIDOR_OWN_M = 5_500.0
# cells made of finer ones reach a little beyond their own outline
_CELL_BESIDE_DEG = 0.15


@dataclass(frozen=True, eq=False)
class Place:
    """A public place; ``coarser`` is the ident of the next place of its chain.

    ``fields`` is what a record placed there says of it. Its shape is drawn when somebody asks for it: of a chain
    only one place is published.
    """

    ident: str
    kind: Kind
    coarser: str | None
    fields: Mapping[str, Any] = field(repr=False)
    _drawn: Callable[[], BaseGeometry] = field(repr=False)
    _around: Callable[[BaseGeometry], float] = field(repr=False)
    _length_m: float | None = field(default=None, repr=False)

    @cached_property
    def shape(self) -> BaseGeometry:
        """Its shape in degrees, as it is published."""
        return self._drawn()

    @cached_property
    def radius_m(self) -> float:
        """Radius in metres of a circle around what it stands for."""
        return self._around(self.shape)

    @property
    def size_m(self) -> float:
        """Its length in metres along a line, or across an area."""
        return 2 * self.radius_m if self._length_m is None else self._length_m

    @cached_property
    def geometry(self) -> dict[str, Any]:
        """The ``geometry`` member of every feature placed here."""
        return geometry_member(self.shape)


@dataclass(frozen=True, eq=False)
class PublicPlaces:
    """All public places of a ground, made when they are asked for."""

    ground: Ground
    _made: dict[str, Place | None] = field(default_factory=dict, repr=False)
    _chains: dict[str, tuple[Place, ...]] = field(default_factory=dict, repr=False)
    _beside_m: dict[str, float] = field(default_factory=dict, repr=False)

    def place(self, ident: str) -> Place | None:
        """The place of that name, if there is one."""
        if ident not in self._made:
            self._made[ident] = self._make(ident)
        return self._made[ident]

    def chain(self, ident: str) -> tuple[Place, ...]:
        """The place and all coarser ones, finest first; a cell with too little land gives way to the next."""
        if ident not in self._chains:
            self._chains[ident] = tuple(self._chain(ident))
        return self._chains[ident]

    def _chain(self, ident: str) -> Iterator[Place]:
        at: str | None = ident
        while at is not None:
            place = self.place(at)
            if place is not None:
                yield place
            at = place.coarser if place else coarser_cell(at) if at.startswith("grid-") else None

    def chain_of_crossing(self, ident: str, floor_m: float) -> tuple[Place, ...]:
        """The chain without areas that have less of the border than the floor: everybody knows where crossings lie."""
        return tuple(place for place in self.chain(ident) if not 0 < self._border_m(place) < floor_m)

    def _border_m(self, place: Place) -> float:
        """How much of the border an area has; nothing for one away from it, or for a place along a line."""
        if place.kind in {"border", "corridor"}:
            return 0.0
        if place.ident not in self._beside_m:
            beside = place.kind != "grid" or cell_within(place.ident, _CELL_BESIDE_DEG, self._border)
            self._beside_m[place.ident] = border_beside_m(place.shape, self._border) if beside else 0.0
        return self._beside_m[place.ident]

    @cached_property
    def _border(self) -> BaseGeometry:
        line = shapely.linestrings(self.ground.border.positions)
        shapely.prepare(line)
        return line

    def recognised(self, ident: object, geometry: object) -> Place | None:
        """The public place that a feature says it is at, if its geometry is that place's and no other."""
        place = self.place(ident) if isinstance(ident, str) else None
        return place if place is not None and place.geometry == geometry else None

    def fixed(self) -> Iterator[Place]:
        """All places but the cells of the grid, which are as many as the land is wide."""
        for ident in (*self.border.parts, *self.corridor, *self._areas):
            if (place := self.place(ident)) is not None:
                yield place

    @cached_property
    def border(self) -> BorderCuts:
        """The border, cut."""
        return BorderCuts(self.ground)

    @cached_property
    def corridor(self) -> Mapping[str, Part]:
        """The corridor, cut."""
        return corridor_cuts(self.ground.corridor.length_km)

    @cached_property
    def _areas(self) -> Mapping[str, tuple[Municipality, ...]]:
        municipalities = self.ground.municipalities
        areas_by_id = {f"municipality-{each.cvegeo}": (each,) for each in municipalities}
        together = {
            f"municipalities-{code}": tuple(each for each in municipalities if each.cvegeo.startswith(code))
            for code in self.border.states
        }
        return MappingProxyType(areas_by_id | together)

    def _make(self, ident: str) -> Place | None:
        if part := self.border.parts.get(ident):
            return _on_line(part, "border", self.ground.border)
        if part := self.corridor.get(ident):
            return _on_line(part, "corridor", self.ground.corridor)
        if members := self._areas.get(ident):
            return _area(ident, members)
        drawn = cell_on_land(ident, self.ground.land) if ident.startswith("grid-") else None
        return Place(ident, "grid", coarser_cell(ident), _fields(ident, "grid"), drawn, radius_m) if drawn else None


def public_places(ground: Ground) -> PublicPlaces:
    """The public places of a ground."""
    return PublicPlaces(ground)


def _on_line(part: Part, kind: Kind, line: MeasuredLine) -> Place:
    length = math.fsum(end - start for start, end in part.intervals)

    def drawn() -> BaseGeometry:
        lines = [line.between(start, end) for start, end in part.intervals]
        # drawn many times over, and beside secret positions: no more and no finer positions than the line is true
        tolerance = _SIMPLE_DEG if length < _LONG_KM else _SIMPLE_LONG_DEG
        return tidied(shapely.simplify(kept_single(shapely.multilinestrings(lines)), tolerance), decimals=_DECIMALS)

    def around(shape: BaseGeometry) -> float:
        return radius_m(shape) + (_CORRIDOR_OWN_M if kind == "corridor" else 0)

    start, end = part.intervals[0][0], part.intervals[-1][1]
    fields = _fields(part.ident, kind, part.municipality, part.state)
    fields |= {"chainage_from_km": round(start, 3), "chainage_to_km": round(end, 3)}
    if kind == "border":
        fields["reaches"] = [name for pair in part.intervals for name in _reaches(*pair)]
    # the shortest stretches are ten kilometres to the metre of their chainage
    size = max(length, LEAST_KM) if round(length, 2) >= LEAST_KM else length
    return Place(part.ident, kind, part.coarser, MappingProxyType(fields), drawn, around, size * 1000)


def _reaches(start_km: float, end_km: float) -> list[str]:
    metre = 0.001
    first, last = math.floor((start_km + metre) / REACH_KM), math.ceil((end_km - metre) / REACH_KM)
    return [f"R{number:03d}" for number in range(first, last)]


def _area(ident: str, members: tuple[Municipality, ...]) -> Place | None:
    one = members[0] if ident.startswith("municipality-") else None
    whole = shapely.union_all([shapely.convex_hull(each.shape) for each in members])
    radius = radius_m(whole)
    if one and 2 * radius < LEAST_KM * 1000:
        return None

    def drawn() -> BaseGeometry:
        return kept_single(
            shapely.multipolygons([part for each in members for part in shapely.get_parts(inset(each.shape))])
        )

    kind: Kind = "municipality" if one else "municipalities"
    coarser = f"municipalities-{one.cvegeo[:2]}" if one else None
    fields = _fields(ident, kind, one, members[0].state)
    return Place(ident, kind, coarser, MappingProxyType(fields), drawn, lambda _shape: radius)


def _fields(
    ident: str, kind: Kind, municipality: Municipality | None = None, state: str | None = None
) -> dict[str, Any]:
    return dict.fromkeys(PLACE_FIELDS) | {
        "place": ident,
        "place_kind": kind,
        "municipality_cvegeo": municipality.cvegeo if municipality else None,
        "municipality_name": municipality.name if municipality else None,
        "state": state,
        "reaches": [],
    }
