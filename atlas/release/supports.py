"""What a record stands on: the border, the corridor, a municipality or the land elsewhere; hence its first place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.geodesy import Positions
from atlas.geometry.locate import LineLocator, Located
from atlas.release.areas import cell_ident
from atlas.release.drafts import Draft
from atlas.release.ground import Ground
from atlas.release.places import PublicPlaces
from atlas.release.stretches import corridor_at
from atlas.release.terms import CROSSINGS, Policy

# the coast of the base map is generalised to about 300 m
_COAST_DEG = 0.01


def first_places(drafts: Sequence[Draft], policy: Policy, places: PublicPlaces) -> list[str | None]:
    """Ident of the finest public place of each draft; nothing where it has none in Mexico."""
    found: list[str | None] = [draft.place or _by_reach(draft, places) for draft in drafts]
    rows = [row for row, draft in enumerate(drafts) if found[row] is None and draft.position is not None]
    if rows:
        placed = _Placing.of([drafts[row] for row in rows], policy, places).idents()
        for row, ident in zip(rows, placed, strict=True):
            found[row] = ident
    return found


def _by_reach(draft: Draft, places: PublicPlaces) -> str | None:
    return places.border.of_reach(draft.reach) if draft.position is None and draft.reach is not None else None


@dataclass(frozen=True, eq=False)
class _Placing:
    """Drafts with positions, and where these lie."""

    drafts: Sequence[Draft]
    policy: Policy
    places: PublicPlaces
    positions: Positions
    municipality: NDArray[np.int64]
    border: Located
    owner: NDArray[np.int64]
    corridor: Located
    on_land: NDArray[np.bool_]

    @classmethod
    def of(cls, drafts: Sequence[Draft], policy: Policy, places: PublicPlaces) -> _Placing:
        ground = places.ground
        positions = np.array([draft.position for draft in drafts], dtype=np.float64)
        municipality = ground.municipality_at(positions)
        border, corridor = ground.locator.locate(positions), ground.corridor_locator.locate(positions)
        land = on_land(ground, positions, municipality)
        owner = ground.municipality_on(border.chainage_km)
        return cls(drafts, policy, places, positions, municipality, border, owner, corridor, land)

    def idents(self) -> list[str | None]:
        return [self._on_border(row) or self._inland(row) for row in range(len(self.drafts))]

    def _on_border(self, row: int) -> str | None:
        """Place of what lies on the border or so near that it is placed there; always in its own municipality."""
        crossing = self.drafts[row].category in CROSSINGS
        inside = int(self.municipality[row])
        within = self.policy.border_within_m
        if crossing and inside >= 0:
            within = max(within, self.policy.crossing_within_m)
        if self.border.distance_m[row] > within:
            return None
        chainage = float(self.border.chainage_km[row])
        owner = int(self.owner[row])
        if inside >= 0 and owner != inside:
            away, chainage = self._on_own_border[row]
            if away > within:
                return None
        at = inside if inside >= 0 else owner
        municipality = self.places.ground.municipalities[at]
        stretch = self.places.border.at(municipality, chainage)
        if stretch is None and crossing:
            # its border is so short that naming the municipality would name the place
            return f"border-{municipality.cvegeo[:2]}"
        return stretch or self._municipality(at)

    @cached_property
    def _on_own_border(self) -> Mapping[int, tuple[float, float]]:
        """For positions nearest to the border of another municipality: metres to their own, and its kilometre there."""
        near = self.border.distance_m <= max(self.policy.border_within_m, self.policy.crossing_within_m)
        abroad = np.flatnonzero(near & (self.municipality >= 0) & (self.municipality != self.owner))
        found: dict[int, tuple[float, float]] = {}
        for index in np.unique(self.municipality[abroad]):
            rows = abroad[self.municipality[abroad] == index]
            for start, located in self._located(int(index), self.positions[rows]):
                for row, away, chainage in zip(rows, located.distance_m, located.chainage_km, strict=True):
                    this = (float(away), start + float(chainage))
                    found[int(row)] = min(found.get(int(row), this), this)
        return found

    def _located(self, municipality: int, positions: Positions) -> Iterator[tuple[float, Located]]:
        """Positions on each stretch of a municipality's border, with the kilometre where it starts."""
        ground = self.places.ground
        for start, end in ground.municipalities[municipality].intervals:
            line = MeasuredLine.of(shapely.get_coordinates(ground.border.between(start, end)))
            yield start, LineLocator.of(line).locate(positions)

    def _inland(self, row: int) -> str | None:
        inside = int(self.municipality[row])
        if inside < 0 and not self.on_land[row]:
            return None
        if (
            self.corridor.distance_m[row] <= self.policy.corridor_within_m
            and self.drafts[row].category not in CROSSINGS
        ):
            return corridor_at(self.places.ground.corridor.length_km, float(self.corridor.chainage_km[row]))
        if inside >= 0:
            return self._municipality(inside)
        lon, lat = self.positions[row]
        return cell_ident(float(lon), float(lat), self.policy.grid_resolution)

    def _municipality(self, index: int) -> str:
        cvegeo = self.places.ground.municipalities[index].cvegeo
        ident = f"municipality-{cvegeo}"
        return ident if self.places.place(ident) else f"municipalities-{cvegeo[:2]}"


def on_land(ground: Ground, positions: Positions, municipality: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether positions outside the border municipalities lie in Mexico, or just off its drawn coast."""
    found = np.zeros(len(positions), dtype=np.bool_)
    rows = np.flatnonzero(municipality < 0)
    shapely.prepare(ground.land)
    inside = shapely.intersects_xy(ground.land, positions[rows, 0], positions[rows, 1])
    found[rows[inside]] = True
    rest = rows[~inside]
    found[rest] = shapely.dwithin(ground.land, shapely.points(positions[rest]), _COAST_DEG)
    return found
