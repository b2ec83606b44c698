"""Rings that stand in the wrong place: parts written as holes, holes written as parts, the outer ring not first.

Only what the rings show by turning the other way is put right here, before any ring is reversed; where they show
nothing, clean asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.clean.file_session import FileSession
from atlas.clean.measure import area_m2
from atlas.clean.model import Coordinates, Feature, PositionArray, described
from atlas.clean.position_arrays import signed

OUTSIDE, NESTED = "hole-outside", "polygon-invalid"
_RING = 4
_SHARE = 1e-9


@dataclass(slots=True, eq=False)
class _Ring:
    """A ring, the area in it, and whether it is anticlockwise."""

    run: PositionArray
    area: BaseGeometry = field(init=False)
    left: bool = field(init=False)

    def __post_init__(self) -> None:
        self.area = shapely.Polygon(self.run[:, :2])
        self.left = signed(self.run) > 0

    def holds(self, other: _Ring) -> bool:
        """Whether the other ring is inside, and not the same."""
        return bool(shapely.covers(self.area, other.area)) and self.area.area > other.area.area

    def is_apart(self, other: _Ring) -> bool:
        """Whether the two share no area."""
        shared = shapely.intersection(self.area, other.area).area
        return bool(shared <= _SHARE * min(self.area.area, other.area.area))


def mend_roles(session: FileSession, feature: Feature) -> bool:
    """Put each ring where its direction shows that it belongs; whether anything changed."""
    done = False
    for geometry, _ in feature.geometries():
        if not str(geometry["type"]).endswith("Polygon"):
            continue
        before: Coordinates = geometry["coordinates"]
        arranged = _arranged(before)
        if arranged is None:
            continue
        after, rules = arranged
        if not rules or not rules.isdisjoint(session.options.keep | session.options.reject):
            continue
        geometry["coordinates"] = after
        geometry["type"] = "MultiPolygon" if len(after.parts) > 1 else geometry["type"]
        area = area_m2(after) - area_m2(before)
        session.move(feature, min(rules), _words(before), _words(after), area_m2=area, moved_m=0.0)
        done = True
    return done


def _words(coordinates: Coordinates) -> str:
    holes = sum(len(part) - 1 for part in coordinates.parts)
    return f"{described(coordinates)}, {len(coordinates.parts)} outlines and {holes} holes"


def _arranged(coordinates: Coordinates) -> tuple[Coordinates, set[str]] | None:
    """The rings where they belong, and the rules that they broke; nothing where a ring is no simple area."""
    if any(len(run) < _RING or (run[0, :2] != run[-1, :2]).any() for run in coordinates.runs):
        return None
    if sum(map(len, coordinates.parts)) < 2:  # noqa: PLR2004 - rings that may lie wrong
        return None
    parts = [[_Ring(run) for run in part] for part in coordinates.parts]
    if not all(shapely.is_valid(ring.area) for part in parts for ring in part):
        return None
    rules: set[str] = set()
    divided: list[list[_Ring]] = []
    for part in parts:
        pieces, moved = _divided(_first_outermost(part))
        if len(pieces) > 1 or moved or pieces[0][0] is not part[0]:
            rules.add(OUTSIDE)
        divided += pieces
    merged = _merged(divided)
    if len(merged) < len(divided):
        rules.add(NESTED)
    return Coordinates([[ring.run for ring in part] for part in merged]), rules


def _first_outermost(part: list[_Ring]) -> list[_Ring]:
    """A polygon's rings, beginning with one that holds all others where they turn the other way."""
    outer = next((ring for ring in part[1:] if ring.holds(part[0]) and ring.left != part[0].left), None)
    if outer is None or not all(outer.holds(ring) for ring in part if ring is not outer):
        return part
    return [outer, *(ring for ring in part if ring is not outer)]


def _divided(part: list[_Ring]) -> tuple[list[list[_Ring]], bool]:
    """A polygon as several, where holes outside turn as its outer ring does; and whether a hole changed its place."""
    shell = part[0]
    pieces = [[shell]]
    outside = [ring for ring in part[1:] if ring.is_apart(shell)]
    pieces += [[ring] for ring in outside if ring.left == shell.left]
    moved = False
    for ring in part[1:]:
        if ring in outside and ring.left == shell.left:
            continue
        home = [piece for piece in pieces if piece[0].holds(ring)]
        # a hole that is in none of them stays where it was, and is asked about
        place = home[0] if len(home) == 1 else pieces[0]
        moved = moved or place is not pieces[0]
        place.append(ring)
    return pieces, moved


def _merged(parts: list[list[_Ring]]) -> list[list[_Ring]]:
    """Parts in which one that lies in another and turns the other way is a hole of that."""
    if len(parts) < 2:  # noqa: PLR2004 - one in the other
        return parts
    tree = shapely.STRtree([part[0].area for part in parts])
    inner, outer = tree.query([part[0].area for part in parts], predicate="covered_by")
    home: dict[int, int] = {}
    for n, m in zip(inner.tolist(), outer.tolist(), strict=True):
        around, ring = parts[m], parts[n][0]
        free = all(hole.is_apart(ring) for hole in around[1:])
        if n != m and len(parts[n]) == 1 and around[0].holds(ring) and around[0].left != ring.left and free:
            home[n] = m if n not in home or parts[home[n]][0].area.area > around[0].area.area else home[n]
    # a part that is a hole itself holds none
    home = {n: m for n, m in home.items() if m not in home}
    made = {n: list(part) for n, part in enumerate(parts) if n not in home}
    for n, m in home.items():
        made[m].append(parts[n][0])
    return list(made.values())
