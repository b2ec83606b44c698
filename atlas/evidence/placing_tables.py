"""The rules of the tables that place facts on the map, as data: columns, how their cells read, what they refer to."""

from __future__ import annotations

from types import MappingProxyType

from atlas.evidence import placings, project_columns
from atlas.evidence.cells import integer, matching, number, one_of
from atlas.evidence.spec import (
    AREA_CODE,
    CHECKPOINT,
    CITED,
    CODE,
    CONFIDENCE,
    COUNT,
    DISTANCE,
    EXTENT,
    IDENTIFIER,
    NEIGHBOUR,
    NOTE,
    SOURCES,
    UNIT_CODE,
    Column,
    Table,
    listing,
    optional,
    place,
)

PLACING_TABLES = (
    Table(
        "border_ends",
        placings.BorderEnd,
        (
            Column("end", one_of("start", "end")),
            Column("name"),
            Column("longitude", number()),
            Column("latitude", number()),
            Column("uncertainty_m", DISTANCE),
            Column("basis"),
            SOURCES,
            CONFIDENCE,
        ),
        key=("end",),
    ),
    Table(
        "containment_shapes",
        placings.ContainmentShape,
        (
            Column("item", IDENTIFIER, refers="containment"),
            Column("shape", one_of("band", "line", "border", "offset", "municipalities", "states", "places", "none")),
            place("from_place", required=False),
            place("to_place", required=False),
            listing("municipalities", UNIT_CODE),
            listing("states", AREA_CODE),
            optional("distance_mi", DISTANCE),
            optional("neighbour", NEIGHBOUR),
            optional("statement_uncertainty_m", DISTANCE),
            Column("statement"),
            NOTE,
        ),
        key=("item",),
        needs=MappingProxyType(
            {
                ("shape", "band"): ("from_place", "to_place"),
                ("shape", "line"): ("from_place", "to_place"),
                ("shape", "offset"): ("distance_mi", "statement_uncertainty_m"),
                ("shape", "municipalities"): ("municipalities",),
                ("shape", "states"): ("states",),
            }
        ),
        in_projects=project_columns.CONTAINMENT_SHAPES,
        # in miles or in kilometres, which is held against the line
        project_needs=MappingProxyType({("shape", "offset"): ("statement_uncertainty_m",)}),
    ),
    Table(
        "places",
        placings.Place,
        (Column("place_id", IDENTIFIER), Column("geonameid", integer), Column("name"), CODE, *CITED),
        key=("place_id",),
        in_projects=project_columns.PLACES,
    ),
    Table(
        "crossing_places",
        placings.CrossingPlace,
        (Column("crossing_id", IDENTIFIER, refers="crossings_formal"), place("place_id"), *CITED),
        key=("crossing_id",),
    ),
    Table(
        "corridor_route",
        placings.CorridorStop,
        (Column("position", integer), place("place_id"), *CITED),
        key=("position",),
    ),
    Table(
        "corridor_readings",
        placings.CorridorReading,
        (
            Column("checkpoint_id", CHECKPOINT, refers="checkpoints"),
            Column("reading", one_of("place", "stretch", "distance")),
            place("from_place"),
            place("to_place", required=False),
            optional("distance_km", DISTANCE),
            optional("tolerance_km", DISTANCE),
            *CITED,
        ),
        needs=MappingProxyType(
            {("reading", "stretch"): ("to_place",), ("reading", "distance"): ("distance_km", "tolerance_km")}
        ),
    ),
    Table(
        "checkpoint_areas",
        placings.CheckpointArea,
        (
            Column("checkpoint_id", CHECKPOINT, refers="checkpoints"),
            Column("relation", one_of("within", "near")),
            CODE,
            *CITED,
        ),
        key=("checkpoint_id", "municipality_cvegeo"),
    ),
    Table(
        "totals_extent",
        placings.TotalExtent,
        (Column("total_id", COUNT, refers="crossings_totals"), Column("extent", EXTENT), CONFIDENCE, NOTE),
        key=("total_id",),
    ),
    Table(
        "border_rivers",
        placings.BorderRiver,
        (Column("segment_no", integer, refers="border_definition"), Column("river_name"), *CITED),
        key=("segment_no",),
    ),
    Table(
        "facility_areas",
        placings.FacilityArea,
        (
            Column("facility_id", IDENTIFIER, refers="facilities"),
            Column("relation", one_of("candidate")),
            CODE,
            *CITED,
        ),
        key=("facility_id", "municipality_cvegeo"),
    ),
    Table(
        "claim_checks",
        placings.ClaimCheck,
        (
            Column("claim_id", matching("C[0-9]{2,3}", "C01"), refers="claims"),
            Column("check", one_of(*placings.CHECKS)),
            optional("argument"),
            optional("relation", one_of("equal", "more", "less", "at_least", "at_most", "part")),
            optional("reference", number()),
            optional("tolerance_pct", number(minimum=0)),
            optional("page", IDENTIFIER),
            optional("note_en"),
            optional("note_es"),
            optional("differs_if_en"),
            optional("differs_if_es"),
        ),
        key=("claim_id",),
        # a check that nothing could fail is none
        needs=MappingProxyType(
            {("check", kind): ("differs_if_en", "differs_if_es") for kind in placings.CHECKS if kind != "none"}
        ),
    ),
)
