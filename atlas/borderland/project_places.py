"""Places of a project: settlements of the gazetteer by their number, others by a position of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import shapely

from atlas.border_project import BorderProject
from atlas.borderland.placed_rows import in_frame, wrong_codes
from atlas.evidence import Evidence
from atlas.evidence.placings import Place
from atlas.sources import SourceRecord, Sources
from atlas.sources.geonames import Town
from atlas.sources.outlines import Outlines

# farther out of its unit than this, in degrees, a place is a slip
_NEAR_DEG = 0.05


def towns_of(project: BorderProject, sources: Sources, evidence: Evidence) -> Mapping[str, Town]:
    """The places that can be placed: where their row says, or where the gazetteer has their number."""
    towns = {}
    for row in (in_frame(row, project.frame_start) for row in evidence.places):
        if row.longitude is not None and row.latitude is not None:
            towns[row.place_id] = Town(row.geonameid or 0, row.name, row.longitude, row.latitude, "", "", 0)
        elif (town := sources.towns.get(row.geonameid or 0)) is not None:
            towns[row.place_id] = town
    return towns


def gazetteer_of(sources: Sources, evidence: Evidence) -> SourceRecord:
    """The gazetteer, as accurate as the least accurate place."""
    record = sources.records["geonames"]
    off = [row.coordinate_uncertainty_m for row in evidence.places if row.coordinate_uncertainty_m is not None]
    return replace(record, accuracy_m=max([record.accuracy_m, *off]))


def wrong_places(evidence: Evidence, towns: Mapping[str, Town], units: Outlines) -> Iterator[str]:
    """Faults of places that are not where their row says, each with a remedy."""
    named = [("places", row.place_id, "municipality_cvegeo", row.municipality_cvegeo) for row in evidence.places]
    yield from wrong_codes(units, named)
    for row in evidence.places:
        town = towns.get(row.place_id)
        if town is None:
            yield (
                f"places.csv, {row.place_id}, geonameid: GeoNames has no {row.geonameid or 'number'} in the region; "
                "correct it, or write longitude, latitude and coordinate_uncertainty_m"
            )
        elif town.name != row.name:
            yield (
                f"places.csv, {row.place_id}, name: GeoNames {row.geonameid} is called {town.name!r}; write that name, "
                "or correct geonameid"
            )
        elif _is_outside(row, town, units):
            yield (
                f"places.csv, {row.place_id}, municipality_cvegeo: {town.name} lies outside of "
                f"{row.municipality_cvegeo}; correct the code or the position"
            )


def _is_outside(row: Place, town: Town, units: Outlines) -> bool:
    if row.municipality_cvegeo not in units.codes:
        return False
    return bool(shapely.distance(units.area(row.municipality_cvegeo), shapely.points(town.position)) > _NEAR_DEG)
