"""A road of a project between places of its own tables, schematic, and the posts on it as intervals by kilometre."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

import shapely

from atlas.border_project import BorderProject
from atlas.borderland.placed_rows import areas_of, in_frame, wrong_codes
from atlas.errors import EvidenceError, listed
from atlas.evidence import Evidence
from atlas.evidence.placings import Place
from atlas.layers.corridor import checkpoints_layer, corridor_layer, make_corridor
from atlas.layers.layer import Layer
from atlas.sources import SourceRecord, Sources
from atlas.sources.geonames import Town
from atlas.sources.outlines import Outlines

_WORDS = MappingProxyType(
    {
        "in": "somewhere in the unit",
        "near": "near this unit, according to the source",
        "none": "not placed: no source gives a unit",
    }
)
# farther out of its unit than this, in degrees, a place is a slip
_NEAR_DEG = 0.05
_FEWEST = 2


def corridor_layers(
    project: BorderProject, sources: Sources, units: Outlines, evidence: Evidence, *, accuracy_m: float
) -> list[Layer]:
    """The layers of the module ``corridor``.

    Parameters
    ----------
    project
        The border.
    sources
        The settlements of its region, with the gazetteer's record.
    units
        The units of all sides in the region.
    evidence
        The project's tables.
    accuracy_m
        How far off the outlines may be, in metres.

    Raises
    ------
    EvidenceError
        A row does not fit the settlements or the outlines: each with its table, row, column and a remedy.
    """
    named = [
        (table, row.checkpoint_id, "municipality_cvegeo", row.municipality_cvegeo)
        for table, rows in (("checkpoints", evidence.checkpoints), ("checkpoint_areas", evidence.checkpoint_areas))
        for row in rows
        if row.municipality_cvegeo
    ]
    in_places = [("places", row.place_id, "municipality_cvegeo", row.municipality_cvegeo) for row in evidence.places]
    faults = [*wrong_codes(units, [*in_places, *named]), *_wrong_route(evidence)]
    towns = _towns(project, sources, evidence)
    faults += _wrong_places(evidence, towns, units)
    if faults:
        raise EvidenceError(listed("the tables of the corridor do not fit the region:", faults))
    road = make_corridor(evidence, towns, _record(sources, evidence)) if evidence.corridor_route else None
    areas = areas_of(units, [code for *_, code in named], accuracy_m=accuracy_m)
    line = corridor_layer(road, evidence) if road else Layer("corridor", ())
    return [line, checkpoints_layer(road, evidence, areas, _WORDS)]


def _towns(project: BorderProject, sources: Sources, evidence: Evidence) -> Mapping[str, Town]:
    """The places that can be placed: where their row says, or where the gazetteer has their number."""
    towns = {}
    for row in (in_frame(row, project.frame_start) for row in evidence.places):
        if row.longitude is not None and row.latitude is not None:
            towns[row.place_id] = Town(row.geonameid or 0, row.name, row.longitude, row.latitude, "", "", 0)
        elif (town := sources.towns.get(row.geonameid or 0)) is not None:
            towns[row.place_id] = town
    return towns


def _record(sources: Sources, evidence: Evidence) -> SourceRecord:
    """The gazetteer, as accurate as the least accurate place."""
    record = sources.records["geonames"]
    off = [row.coordinate_uncertainty_m for row in evidence.places if row.coordinate_uncertainty_m is not None]
    return replace(record, accuracy_m=max([record.accuracy_m, *off]))


def _wrong_places(evidence: Evidence, towns: Mapping[str, Town], units: Outlines) -> Iterator[str]:
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


def _wrong_route(evidence: Evidence) -> Iterator[str]:
    if 0 < len(evidence.corridor_route) < _FEWEST:
        yield "corridor_route.csv has one place; a road needs two or more, in the order of position: add a row"
    for row in evidence.checkpoints:
        if row.on_corridor and not evidence.corridor_route:
            yield (
                f"checkpoints.csv, {row.checkpoint_id}, on_corridor: corridor_route.csv has no rows yet; "
                "write the road's places there, or false here"
            )
