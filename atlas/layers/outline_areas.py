"""Municipalities and states as areas that say where something is, no finer than that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.geojson.collection import DECIMALS
from atlas.geometry.coverage import tidied
from atlas.geometry.units import METRES_PER_MILE
from atlas.sources.outlines import Outlines

TOLERANCE_DEG = 0.001
SIMPLIFIED_M = 100.0
GENERALISED = "Outlines simplified to about 100 m."
KM_PER_MILE = METRES_PER_MILE / 1000


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Outlines to take areas from by code, simplified to about 100 m; ``accuracy_m`` is what comes of it, in metres."""

    municipal: Outlines
    states: Outlines
    accuracy_m: float

    @classmethod
    def of(cls, municipal: Outlines, states: Outlines, codes: Collection[str], *, accuracy_m: float) -> Areas:
        """The municipalities with these codes, simplified together so that neighbours keep one edge between them.

        Raises
        ------
        SourceError
            The outlines have no municipality with one of the codes.
        """
        for code in codes:
            municipal.area(code)
        wanted = municipal.where([code in codes for code in municipal.codes])
        exact = [tidied(area, decimals=DECIMALS) for area in wanted.areas]
        together = np.asarray(shapely.coverage_simplify(exact, TOLERANCE_DEG), dtype=object)
        return cls(Outlines(wanted.codes, wanted.names, together), states, accuracy_m + SIMPLIFIED_M)

    def municipalities(self, codes: Sequence[str]) -> BaseGeometry:
        """The municipalities with these five-digit codes as a MultiPolygon."""
        return _joined([self.municipal.area(code) for code in codes])

    def of_states(self, codes: Sequence[str]) -> BaseGeometry:
        """The states with these two-digit codes as a MultiPolygon."""
        return _joined(shapely.make_valid(shapely.simplify([self.states.area(code) for code in codes], TOLERANCE_DEG)))


def _joined(areas: Sequence[BaseGeometry]) -> BaseGeometry:
    union = shapely.union_all(areas, grid_size=1e-6)
    parts = [part for part in shapely.get_parts(union) if part.geom_type == "Polygon"]
    whole = [part for part in parts if shapely.area(part) > TOLERANCE_DEG**2]
    return shapely.multipolygons(whole)
