"""What a record stands on: the border, the corridor, a municipality or the land elsewhere; hence its first place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.geodesy import Positions
from atlas.geometry.locate import LineLocator, Located
from atlas.release.areas import cell_ident
from atlas.release.drafts import Draft
from atlas.release.ground import Ground, Indexes
from atlas.release.places import PublicPlaces
from atlas.release.stretches import corridor_at
from atlas.release.terms import CROSSINGS, Policy

# the coast of the base map is generalised to about 300 m
_COAST_DEG = 0.01


def first_places(drafts: Sequence[Draft], policy: Policy, places: PublicPlaces) -> list[str | None]:
    """Ident of the finest public place of each draft; nothing where it has none in Mexico."""
    places_of_drafts: list[str | None] = [draft.place or _by_reach(draft, places) for draft in drafts]
    rows = [row for row, draft in enumerate(drafts) if places_of_drafts[row] is None and draft.position is not None]
    if rows:
        placed = _Placing.of([drafts[row] for row in rows], policy, places).idents()
        for row, ident in zip(rows, placed, strict=True):
            places_of_drafts[row] = ident
    return places_of_drafts


def _by_reach(draft: Draft, places: PublicPlaces) -> str | None:
    return places.border.of_reach(draft.reach) if draft.position is None and draft.reach is not None else None


@dataclass(frozen=True, eq=False)
class _Placing:
    """Positions of drafts, the border municipality that each lies in, and whether it is of a crossing."""

    policy: Policy
    places: PublicPlaces
    positions: Positions
    municipality: Indexes
    crossing: NDArray[np.bool_]

    @classmethod
    def of(cls, drafts: Sequence[Draft], policy: Policy, places: PublicPlaces) -> _Placing:
        positions = np.array([draft.position for draft in drafts], dtype=np.float64)
        crossing = np.array([draft.category in CROSSINGS for draft in drafts])
        return cls(policy, places, positions, places.ground.municipality_at(positions), crossing)

    def idents(self) -> list[str | None]:
        supports = dict(self._on_border())
        rest = np.array([row for row in range(len(self.positions)) if row not in supports], dtype=np.int64)
        supports |= dict(self._inland(rest))
        return [supports.get(row) for row in range(len(self.positions))]

    def _on_border(self) -> Iterator[tuple[int, str]]:
        """Places of what lies on the border or so near that it is placed there; always in its own municipality."""
        ground, inside = self.places.ground, self.municipality
        located = ground.locator.locate(self.positions)
        within = np.where(self.crossing & (inside >= 0), self._widest_m, self.policy.border_within_m)
        near, chainage = located.distance_m <= within, located.chainage_km.copy()
        owner = ground.municipality_on(chainage)
        abroad = np.flatnonzero(near & (inside >= 0) & (owner != inside))
        for row, (away, own_side) in self._on_own_border(abroad).items():
            near[row], chainage[row] = away <= within[row], own_side
        rows, at = np.flatnonzero(near), np.where(inside >= 0, inside, owner)
        for index in np.unique(at[rows]).tolist():
            here = rows[at[rows] == index]
            yield from zip(here.tolist(), self._stretches(index, chainage[here], self.crossing[here]), strict=True)

    @property
    def _widest_m(self) -> float:
        return max(self.policy.border_within_m, self.policy.crossing_within_m)

    def _stretches(self, index: int, chainage_km: NDArray[np.float64], crossing: NDArray[np.bool_]) -> Iterator[str]:
        """Finest places on the border of a municipality."""
        municipality, border = self.places.ground.municipalities[index], self.places.border
        # where its border is so short that naming the municipality would name the place, a crossing is given by state
        state, whole = f"border-{municipality.cvegeo[:2]}", self._municipality(index)
        for chainage, crosses in zip(chainage_km.tolist(), crossing.tolist(), strict=True):
            yield border.at(municipality, chainage) or (state if crosses else whole)

    def _on_own_border(self, abroad: Indexes) -> Mapping[int, tuple[float, float]]:
        """For positions nearest to the border of another municipality: metres to their own, and its kilometre there."""
        nearest: dict[int, tuple[float, float]] = {}
        for index in np.unique(self.municipality[abroad]):
            rows = abroad[self.municipality[abroad] == index]
            for start, located in self._located(int(index), self.positions[rows]):
                for row, away, chainage in zip(rows, located.distance_m, located.chainage_km, strict=True):
                    this = (float(away), start + float(chainage))
                    nearest[int(row)] = min(nearest.get(int(row), this), this)
        return nearest

    def _located(self, municipality: int, positions: Positions) -> Iterator[tuple[float, Located]]:
        """Positions on each stretch of a municipality's border, with the kilometre where it starts."""
        ground = self.places.ground
        for start, end in ground.municipalities[municipality].intervals:
            line = MeasuredLine.of(shapely.get_coordinates(ground.border.between(start, end)))
            yield start, LineLocator.of(line).locate(positions)

    def _inland(self, rows: Indexes) -> Iterator[tuple[int, str]]:
        """Places of what is not on the border, as far as it is in Mexico."""
        ground, inside, positions = self.places.ground, self.municipality[rows], self.positions[rows]
        kept = (inside >= 0) | on_land(ground, positions, inside)
        rows, inside, positions = rows[kept], inside[kept], positions[kept]
        corridor = ground.corridor_locator.locate(positions)
        beside = (corridor.distance_m <= self.policy.corridor_within_m) & ~self.crossing[rows]
        areas = [self._municipality(index) for index in range(len(ground.municipalities))]
        for row, chainage in zip(rows[beside].tolist(), corridor.chainage_km[beside].tolist(), strict=True):
            yield row, corridor_at(ground.corridor.length_km, chainage)
        away = ~beside
        for row, (lon, lat), index in zip(
            rows[away].tolist(), positions[away].tolist(), inside[away].tolist(), strict=True
        ):
            yield row, areas[index] if index >= 0 else cell_ident(lon, lat, self.policy.grid_resolution)

    def _municipality(self, index: int) -> str:
        cvegeo = self.places.ground.municipalities[index].cvegeo
        ident = f"municipality-{cvegeo}"
        return ident if self.places.place(ident) else f"municipalities-{cvegeo[:2]}"


def on_land(ground: Ground, positions: Positions, municipality: Indexes) -> NDArray[np.bool_]:
    """Whether positions outside the border municipalities lie in Mexico, or just off its drawn coast."""
    on_ground = np.zeros(len(positions), dtype=np.bool_)
    rows = np.flatnonzero(municipality < 0)
    shapely.prepare(ground.land)
    inside = shapely.intersects_xy(ground.land, positions[rows, 0], positions[rows, 1])
    on_ground[rows[inside]] = True
    rest = rows[~inside]
    on_ground[rest] = shapely.dwithin(ground.land, shapely.points(positions[rest]), _COAST_DEG)
    return on_ground
