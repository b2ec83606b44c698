"""Municipalities and states as areas that say where something is, no finer than that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.geometry.geodesy import METRES_PER_MILE
from atlas.sources.outlines import Outlines

TOLERANCE_DEG = 0.001
GENERALISED = "Outlines simplified to about 100 m."
KM_PER_MILE = METRES_PER_MILE / 1000


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Outlines to take areas from by code; what comes out is simplified to about 100 m."""

    municipal: Outlines
    states: Outlines

    def municipalities(self, codes: Sequence[str]) -> BaseGeometry:
        """The municipalities with these five-digit codes as a MultiPolygon."""
        return _joined([self.municipal.area(code) for code in codes])

    def of_states(self, codes: Sequence[str]) -> BaseGeometry:
        """The states with these two-digit codes as a MultiPolygon."""
        return _joined([self.states.area(code) for code in codes])


def _joined(areas: Sequence[BaseGeometry]) -> BaseGeometry:
    union = shapely.union_all(shapely.make_valid(shapely.simplify(list(areas), TOLERANCE_DEG)), grid_size=1e-6)
    parts = [part for part in shapely.get_parts(union) if part.geom_type == "Polygon"]
    whole = [part for part in parts if shapely.area(part) > TOLERANCE_DEG**2]
    return shapely.multipolygons(whole)
