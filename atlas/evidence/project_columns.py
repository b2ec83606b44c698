"""Columns that tables have in a project of another border, in place of those of the same name or beside the others."""

from __future__ import annotations

from atlas.evidence.cells import integer, number, one_of
from atlas.evidence.spec import DISTANCE, Column, optional

# public offices, which may stand at a position; whatever else there is stands for its unit
OFFICES = ("customs", "immigration", "quarantine", "consulate")
GUARDED = ("police", "military", "detention")
FACILITY_KINDS = (*OFFICES, *GUARDED, "shelter", "aid", "health", "other")

# a place that the gazetteer has not may have a position of its own
PLACES = (
    optional("geonameid", integer),
    optional("longitude", number()),
    optional("latitude", number()),
    optional("coordinate_uncertainty_m", DISTANCE),
)
# a distance in kilometres, where the source gives none in miles
CONTAINMENT_SHAPES = (optional("distance_km", DISTANCE),)
FACILITIES = (
    Column("kind", one_of(*FACILITY_KINDS)),
    optional("state"),
    optional("longitude", number()),
    optional("latitude", number()),
    optional("coordinate_uncertainty_m", DISTANCE),
)
