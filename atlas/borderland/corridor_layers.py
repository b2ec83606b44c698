"""A road of a project between places of its own tables, schematic, and the posts on it as intervals by kilometre."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from atlas.border_project import BorderProject
from atlas.borderland.placed_rows import areas_of, wrong_codes
from atlas.borderland.project_places import gazetteer_of, towns_of, wrong_places
from atlas.errors import EvidenceError, listed
from atlas.evidence import Evidence
from atlas.layers.corridor import checkpoints_layer, corridor_layer, make_corridor
from atlas.layers.layer import Layer
from atlas.sources import Sources
from atlas.sources.outlines import Outlines

_WORDS = MappingProxyType(
    {
        "in": "somewhere in the unit",
        "near": "near this unit, according to the source",
        "none": "not placed: no source gives a unit",
    }
)
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
    towns = towns_of(project, sources, evidence)
    faults = [*wrong_codes(units, named), *_wrong_route(evidence), *wrong_places(evidence, towns, units)]
    if faults:
        raise EvidenceError(listed("the tables of the corridor do not fit the region:", faults))
    road = make_corridor(evidence, towns, gazetteer_of(sources, evidence)) if evidence.corridor_route else None
    areas = areas_of(units, [code for *_, code in named], accuracy_m=accuracy_m)
    line = corridor_layer(road, evidence) if road else Layer("corridor", ())
    return [line, checkpoints_layer(road, evidence, areas, _WORDS)]


def _wrong_route(evidence: Evidence) -> Iterator[str]:
    if 0 < len(evidence.corridor_route) < _FEWEST:
        yield "corridor_route.csv has one place; a road needs two or more, in the order of position: add a row"
    for row in evidence.checkpoints:
        if row.on_corridor and not evidence.corridor_route:
            yield (
                f"checkpoints.csv, {row.checkpoint_id}, on_corridor: corridor_route.csv has no rows yet; "
                "write the road's places there, or false here"
            )
