"""The rules of the tables of what lies around the border, as data: columns, and how their cells read."""

from __future__ import annotations

from types import MappingProxyType

from atlas.evidence import surroundings
from atlas.evidence.cells import integer, list_of, matching, one_of, period
from atlas.evidence.spec import (
    AREA_CODE,
    CITED,
    CONFIDENCE,
    COUNTRY,
    IDENTIFIER,
    NEIGHBOUR,
    NOTE,
    SOURCES,
    Column,
    Table,
    listing,
    optional,
)

HEDGE = optional("hedge")
HEDGED = (SOURCES, CONFIDENCE, HEDGE, NOTE)

SURROUNDING_TABLES = (
    Table(
        "railways",
        surroundings.Railway,
        (
            Column("railway_id", IDENTIFIER),
            Column("name"),
            optional("operator"),
            Column("status", one_of("in_service", "under_construction", "closed", "not_stated")),
            optional("since", period),
            *HEDGED,
        ),
        key=("railway_id",),
        needs=MappingProxyType({("status", "in_service"): ("operator", "since")}),
    ),
    Table(
        "railway_stations",
        surroundings.RailwayStation,
        (
            Column("railway_id", IDENTIFIER, refers="railways"),
            Column("position", integer),
            Column("station"),
            optional("geonameid", integer),
            optional("place_name"),
            optional("state_code", AREA_CODE),
            *CITED,
        ),
        key=("railway_id", "position"),
    ),
    Table(
        "settlement_names",
        surroundings.SettlementName,
        (Column("geonameid", integer), Column("name_in_source"), Column("name"), *CITED),
        key=("geonameid",),
    ),
    Table(
        "capitals",
        surroundings.Capital,
        (Column("geonameid", integer), Column("name"), Column("country", COUNTRY), *CITED),
        key=("geonameid",),
    ),
    Table(
        "neighbour_regions",
        surroundings.NeighbourRegion,
        (
            Column("region_id", IDENTIFIER),
            Column("kind", one_of("department", "district")),
            Column("neighbour", NEIGHBOUR),
            Column("name"),
            Column("admin1_code", matching("[0-9]{2}", "08 (two digits, text)")),
            *CITED,
        ),
        key=("region_id",),
    ),
    Table(
        "programmes",
        surroundings.Programme,
        (
            Column("programme_id", IDENTIFIER),
            Column("kind", one_of("card", "visa", "coordination", "support")),
            Column("name"),
            listing("states", AREA_CODE),
            Column("regions", list_of(IDENTIFIER), optional=True, refers="neighbour_regions", empty=()),
            optional("since", period),
            optional("until", period),
            optional("term"),
            *HEDGED,
        ),
        key=("programme_id",),
    ),
)
