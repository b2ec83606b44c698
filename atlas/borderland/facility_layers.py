"""Facilities of a project from its own tables: public offices where the table says, all else as the unit it lies in."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from atlas.border_project import BorderProject
from atlas.borderland.placed_rows import areas_of, in_frame, wrong_codes
from atlas.errors import EvidenceError, listed
from atlas.evidence import Evidence
from atlas.layers.facilities import facilities_layer
from atlas.layers.layer import Layer
from atlas.sources.outlines import Outlines

_WORDS = MappingProxyType(
    {
        "point": "position in the project's table",
        "one": "somewhere in the unit",
        "several": "in one of the units that the sources give",
        "none": "not placed: no source gives a unit",
    }
)


def facility_layers(project: BorderProject, units: Outlines, evidence: Evidence, *, accuracy_m: float) -> list[Layer]:
    """The layer of the module ``facilities``.

    Parameters
    ----------
    project
        The border.
    units
        The units of all sides in its region.
    evidence
        The project's tables.
    accuracy_m
        How far off the outlines may be, in metres.

    Raises
    ------
    EvidenceError
        A row names a unit that there is not.
    """
    named = [
        (table, row.facility_id, "municipality_cvegeo", row.municipality_cvegeo)
        for table, rows in (("facilities", evidence.facilities), ("facility_areas", evidence.facility_areas))
        for row in rows
        if row.municipality_cvegeo
    ]
    if faults := [*wrong_codes(units, named)]:
        raise EvidenceError(listed("the tables of facilities do not fit the outlines:", faults))
    areas = areas_of(units, [code for *_, code in named], accuracy_m=accuracy_m)
    rows = tuple(in_frame(row, project.frame_start) for row in evidence.facilities)
    return [facilities_layer(replace(evidence, facilities=rows), areas, _WORDS)]
