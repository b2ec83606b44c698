"""Attacks on releases: what is left of a record's place when everything that was published is put together.

- *places*: the least size of a place as it was published, and how few records share place, category and time;
- *snapping*: a point moved to the nearest border, road, river or settlement; of an area of crossings, the length of the
  border that lies in it, since whoever knows the map knows that a crossing lies on the line;
- *intersecting*: of one record in several releases (`linking`), the size of what its places have in common;
- *averaging*: the mean of its points in several releases, whose error falls with the root of their number;
- *order*: whether the records stand in the order of the exact ones.

*Why it is right.* Each attack uses only what is published and the map, and gives a size in metres: an upper bound of
what is left, for an attacker who knows more has less to search. So a finding is a true one, and no finding is no proof;
the proof for releases in boxes is that of `atlas.release.books`. With the exact records a guess is measured against the
true position; without them a guess at a point counts as reaching it. Places that contradict each other leave the least
of them, not nothing.

*Invariants* (`tests/disclosure/test_attacks.py`): releases that tell the same again leave as much as one of them; a
finding names sizes and counts, and no position. Source: composition attacks (Ganta, Kasiviswanathan and Smith, KDD
2008), differencing in A. Hundepool et al., *Statistical Disclosure Control* (2012); the snapping is our own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.disclosure.audit_report import Attack
from atlas.disclosure.exact_yardstick import Truth
from atlas.disclosure.feature_rules import size_of
from atlas.disclosure.finding import Finding
from atlas.disclosure.limits import Limits
from atlas.disclosure.linking import Linked, linked
from atlas.disclosure.past_releases import Claim, PastRelease
from atlas.geometry.geodesy import distance_m, length_km
from atlas.published.sensitivity import Sensitivity
from atlas.release.terms import CROSSINGS

_ALMOST = 0.99
# outlines of older releases are drawn some 300 to 700 m inside
_BESIDE_DEG = 0.012
_MANY = 3
_SHOWN = 3
Result = tuple[Attack, list[Finding]]


@dataclass
class Attacker:
    """All releases, oldest first, and what an attacker knows beside them: the map.

    Attributes
    ----------
    truth
        True positions, to measure against; an attacker has none.
    """

    releases: Sequence[PastRelease]
    limits: Limits
    ground: Mapping[str, BaseGeometry]
    truth: Truth | None = None
    _sizes: dict[frozenset[str], float] = field(default_factory=dict)

    def attacks(self) -> Iterator[Result]:
        """Every attack that there is something to attack for."""
        if any(release.claims for release in self.releases):
            yield self._places()
            yield from self._snapped()
            yield from self._joined()
        how, groups = linked(self.releases)
        if groups:
            yield self._intersected(how, groups)
            yield from self._averaged(how, groups)

    def _places(self) -> Result:
        """The places as they are: how large the least is, and how few share one with the same category and time."""
        sizes = {claim.place: self._size([claim]) for claim in self._areas()}
        least = min(sizes.values(), default=None)
        groups: Counter[tuple[int, str, str]] = Counter()
        for number, release in enumerate(self.releases):
            for claim in release.claims:
                if _generalised(claim):
                    shown = claim.feature.properties.get("reports_at_least")
                    key = (number, claim.place, _shared(claim))
                    # a class says its number itself; copies of it are no further records
                    groups[key] = shown if type(shown) is int else groups[key] + 1
        fewest = min(groups.values(), default=None)
        findings = []
        if least is not None and least < self.limits.floor_m * _ALMOST:
            findings.append(self._finding("distance", f"a place is {least:,.0f} m across", size=least))
        if fewest is not None and fewest < self.limits.k:
            few = sum(count < self.limits.k for count in groups.values())
            what = f"{few} groups of place, category and time have fewer than {self.limits.k} records; least {fewest}"
            findings.append(Finding("k", self._name(), "records", what, few, k=fewest))
        return Attack("places", f"{len(sizes)} places; {_reached(least, fewest)}", least, k=fewest), findings

    def _snapped(self) -> Iterator[Result]:
        """Moving a guess to the nearest border, road, river or settlement; of an area, what lies on the border."""
        yield from self._snapped_areas()
        points = [claim for release in self.releases for claim in release.claims if claim.is_point and _coarse(claim)]
        if not points:
            return
        for name, shape in self.ground.items():
            positions = shapely.points([_at(claim.shape) for claim in points])
            foot = shapely.get_coordinates(shapely.shortest_line(positions, shape))[1::2]
            guesses = [(claim, (float(x), float(y))) for claim, (x, y) in zip(points, foot, strict=True)]
            yield self._guessed(f"snapping to the nearest {name}", guesses)
        yield self._guessed("points as they are", [(claim, _at(claim.shape)) for claim in points])

    def _snapped_areas(self) -> Iterator[Result]:
        border = self.ground.get("border")
        crossings = {c.place: c for c in self._areas() if _is_of_crossings(c)}
        sizes = []
        for claim in crossings.values():
            if border is not None and claim.shape.geom_type.endswith("Polygon"):
                sizes += [size] if (size := border_beside_m(claim.shape, border)) else []
        if sizes:
            yield self._judged("snapping areas to the border", f"{len(sizes)} areas", min(sizes))

    def _intersected(self, how: str, groups: Sequence[Linked]) -> Result:
        areas = [[claim for claim in group if not claim.is_point] for group in groups]
        least = min((self._size(group) for group in areas if group), default=None)
        return self._judged("intersecting releases", f"{len(groups)} records linked by {how}", least)

    def _averaged(self, how: str, groups: Sequence[Linked]) -> Iterator[Result]:
        """The mean of what several releases say; its error falls with the root of their number."""
        guesses, errors = [], []
        for group in groups:
            points = np.array([_at(claim.shape) for claim in group if claim.is_point and _coarse(claim)])
            if len(points) < _MANY:
                continue
            mean = points.mean(axis=0)
            spread = [distance_m((float(mean[0]), float(mean[1])), (float(x), float(y))) for x, y in points]
            errors.append(math.sqrt(float(np.mean(np.square(spread))) / len(points)))
            guesses.append((group[0], (float(mean[0]), float(mean[1]))))
        if guesses:
            name = "averaging releases"
            attack, findings = self._guessed(name, guesses)
            error = float(np.median(errors))
            what = f"{len(guesses)} records linked by {how}; typical error {error:,.0f} m"
            if error < self.limits.floor_m and not findings:
                findings = [self._finding("distance", f"{name}: {what}", size=error)]
            yield Attack(name, f"{what}; {attack.what}", error, attack.distance_m), findings

    def _joined(self) -> Iterator[Result]:
        if self.truth is not None:
            for release in self.releases:
                fits = self.truth.order(release)
                if fits is not None:
                    attack = Attack("order of records", f"{release.name}: {fits:.0%} stand in the order of the records")
                    yield attack, [Finding("order", release.name, "records", attack.what)]

    def _guessed(self, name: str, guesses: Sequence[tuple[Claim, tuple[float, float]]]) -> Result:
        """Guesses against true positions, where these are known; a guess at a point reaches it otherwise."""
        if self.truth is None:
            return self._judged(name, f"{len(guesses)} points", 0.0)
        distances = [d for claim, at in guesses if (d := self.truth.distance_m(claim, at)) is not None]
        if not distances:
            return self._judged(name, f"{len(guesses)} points that no exact record could be linked to", None)
        near = sum(distance < self.limits.floor_m / 2 for distance in distances) / len(distances)
        what = f"{len(distances)} points; nearest {min(distances):,.0f} m, median {np.median(distances):,.0f} m, "
        what += f"{near:.0%} within half the floor"
        attack, findings = self._judged(name, what, min(distances))
        return Attack(name, attack.what, attack.size_m, min(distances), attack.k), findings

    def _judged(self, name: str, what: str, size: float | None) -> Result:
        findings = []
        if size is not None and size < self.limits.floor_m * _ALMOST:
            findings = [self._finding("distance", f"{name} comes as near as {size:,.0f} m ({what})", size=size)]
        reached = "" if size is None else f"; smallest {size:,.0f} m"
        return Attack(name, f"{what}{reached}", size), findings

    def _size(self, group: Sequence[Claim]) -> float:
        """What is left of the places of one record, in metres; contradicting places leave the least of them."""
        key = frozenset(claim.place for claim in group)
        if key not in self._sizes:
            shapes = {claim.place: claim.shape for claim in group}
            least = min(self._size_alone(name, shape) for name, shape in shapes.items())
            if len(shapes) > 1 and not self._nested(key):
                common = shapely.intersection_all(list(shapes.values()))
                size = None if common.is_empty else size_of(common)
                least = least if size is None else min(least, size)
            self._sizes[key] = least
        return self._sizes[key]

    def _nested(self, names: frozenset[str]) -> bool:
        """Whether public places are of one chain, so that the least of them is all that is left."""
        places = self.limits.places
        if places is None:
            return False
        chains = [{place.place_id for place in places.chain(name)} for name in names]
        return any(names <= chain for chain in chains)

    def _size_alone(self, name: str, shape: BaseGeometry) -> float:
        place = self.limits.places.place(name) if self.limits.places else None
        return place.size_m if place is not None else size_of(shape) or 0.0

    def _areas(self) -> Iterator[Claim]:
        for release in self.releases:
            yield from (claim for claim in release.claims if not claim.is_point and _generalised(claim))

    def _finding(self, rule: str, what: str, *, size: float) -> Finding:
        return Finding(rule, self._name(), "attack", what, distance_m=size)

    def _name(self) -> str:
        names = [release.name for release in self.releases]
        return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _generalised(claim: Claim) -> bool:
    return claim.feature.properties.get("sensitivity") == Sensitivity.GENERALISED


def _coarse(claim: Claim) -> bool:
    """Whether a point is to stand for a place; an open record's is meant as it is."""
    return claim.feature.properties.get("sensitivity") != Sensitivity.OPEN


def _shared(claim: Claim) -> str:
    properties = claim.feature.properties
    names = ("category", "year", "month", "group", "period", "remainder")
    return "|".join(str(properties.get(name)) for name in names)


def _is_of_crossings(claim: Claim) -> bool:
    properties = claim.feature.properties
    return properties.get("category") in CROSSINGS or properties.get("group") == "crossings"


def border_beside_m(shape: BaseGeometry, border: BaseGeometry) -> float:
    """Metres of the border that belong to an area, as who knows that something lies on the border finds them."""
    near = shapely.get_parts(shapely.intersection(border, shapely.buffer(shape, _BESIDE_DEG)))
    return 1000 * length_km(shapely.multilinestrings([part for part in near if part.geom_type == "LineString"]))


def _at(shape: BaseGeometry) -> tuple[float, float]:
    return float(shape.centroid.x), float(shape.centroid.y)


def _reached(size: float | None, k: int | None) -> str:
    least = "no size" if size is None else f"least {size:,.0f} m across"
    return least if k is None else f"{least}, shared by {k} records or more"
