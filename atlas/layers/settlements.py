"""Settlements that positions are taken from: GeoNames towns, checked against the fact tables and the outlines."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import shapely

from atlas.errors import EvidenceError, listed
from atlas.evidence import Evidence
from atlas.sources import Sources
from atlas.sources.geonames import Town

_NEAR_DEG = 0.02


def towns_by_place(sources: Sources, evidence: Evidence) -> Mapping[str, Town]:
    """The town of each place in ``places.csv``.

    Raises
    ------
    EvidenceError
        A GeoNames id is not in the source, has another name there, or does not lie in the municipality named.
    """
    faults, towns = [], {}
    for row in evidence.places:
        town = sources.towns.get(row.geonameid)
        if town is None:
            faults.append(f"{row.place_id}: GeoNames {row.geonameid} is not in the source")
            continue
        towns[row.place_id] = town
        if town.name != row.name:
            faults.append(f"{row.place_id}: GeoNames {row.geonameid} is called {town.name!r}, expected {row.name!r}")
        area = sources.municipalities.area(row.municipality_cvegeo)
        if shapely.distance(area, shapely.points(town.position)) > _NEAR_DEG:
            faults.append(f"{row.place_id}: {town.name} does not lie in municipality {row.municipality_cvegeo}")
    if faults:
        raise EvidenceError(listed("places.csv does not fit the settlements; correct the rows or the source:", faults))
    return MappingProxyType(towns)
