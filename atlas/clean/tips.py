"""Tips of spikes that were removed: where each was, and how far it stood out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from atlas.check.messages import place
from atlas.clean.file_session import FileSession
from atlas.clean.measure import area_m2
from atlas.clean.model import Coordinates, Feature, PositionArray, described
from atlas.geometry.antimeridian_steps import based
from atlas.geometry.geodesy import distance_m
from atlas.geometry.position_grid import packed

RULE = "spike"
_SHOWN = 3
_FEW_M = 1000.0


@dataclass(frozen=True, slots=True)
class Tip:
    """A removed position, and its geodesic distance in metres from what is left."""

    position: tuple[float, float]
    length_m: float

    def __str__(self) -> str:
        """As the ledger has it."""
        length = f"{self.length_m / 1000:,.1f} km" if self.length_m >= _FEW_M else f"{self.length_m:,.1f} m"
        return f"{length} at {place(self.position)}"


def tips(before: Sequence[PositionArray], after: Sequence[PositionArray]) -> list[Tip]:
    """Positions that only the lines or rings before have; the one that stood out farthest first."""
    was, now = (np.vstack([run[:, :2] for run in runs]) for runs in (before, after))
    lost = was[np.sort(np.unique(packed(was), return_index=True)[1])]
    # a ring may be down to one position, which no line is made of
    left = shapely.multilinestrings([shapely.linestrings(np.vstack([run[:1], run])[:, :2]) for run in after])
    removed = [_tip(row, left) for row in lost[~np.isin(packed(lost), packed(now))]]
    return sorted(removed, key=lambda tip: -tip.length_m)


def _tip(row: PositionArray, left: shapely.MultiLineString) -> Tip:
    # degrees as wide as they are at the tip
    scale = np.array([max(math.cos(math.radians(row[1])), 1e-9), 1.0])
    line = shapely.transform(left, lambda xy: xy * scale)
    near = shapely.get_coordinates(shapely.shortest_line(line, shapely.Point(row * scale)))[0] / scale
    lon, lat = float(based(row[:1])[0]), float(row[1])
    return Tip((lon, lat), distance_m((lon, lat), (float(near[0]), float(near[1]))))


def write_down_tips(
    session: FileSession, feature: Feature, before: Coordinates, after: Coordinates, *, areal: bool
) -> None:
    """Write down what was removed, and how much area it had."""
    removed = tips(list(before.runs), list(after.runs))
    shown = "; ".join(map(str, removed[:_SHOWN])) + (f"; {len(removed) - _SHOWN} more" if len(removed) > _SHOWN else "")
    words = f"{described(after)}, without {'a tip' if len(removed) == 1 else 'tips'} of {shown}"
    area = area_m2(after) - area_m2(before) if areal else 0.0
    moved = removed[0].length_m if removed else 0.0
    session.move(feature, RULE, described(before), words if removed else described(after), area_m2=area, moved_m=moved)
