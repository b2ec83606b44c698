"""The rules of the tables of published figures by place and period, statements, hours and times of claims, as data."""

from __future__ import annotations

from types import MappingProxyType

from atlas.evidence import observed
from atlas.evidence.cells import matching, number, one_of, period
from atlas.evidence.spec import (
    BASIS,
    CITED,
    CONFIDENCE,
    IDENTIFIER,
    NOTE,
    SOURCES,
    STATEMENT,
    UNIT_OR_AREA_CODE,
    Column,
    Table,
    optional,
)

_CLOCK = matching(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00", "08:00 or 24:00 (local time)")
_UNCONFIRMED = optional("unconfirmed", one_of(*observed.UNCONFIRMED))
_SHARED = (*STATEMENT, SOURCES, CONFIDENCE, _UNCONFIRMED, NOTE)

OBSERVED_TABLES = (
    Table(
        "observations",
        observed.Observation,
        (
            Column("observation_id", IDENTIFIER),
            Column("indicator", one_of(*observed.INDICATORS)),
            optional("item"),
            Column("place"),
            Column("place_level", one_of(*observed.PLACE_LEVELS)),
            optional("place_code", UNIT_OR_AREA_CODE),
            optional("period", period),
            Column("value", number(minimum=0)),
            optional("value_to", number(minimum=0)),
            Column("unit"),
            optional("conflict", IDENTIFIER),
            *_SHARED,
        ),
        key=("observation_id",),
        needs=MappingProxyType(
            {("place_level", "state"): ("place_code",), ("place_level", "municipality"): ("place_code",)}
        ),
    ),
    Table(
        "published_statements",
        observed.PublishedStatement,
        (
            Column("statement_id", IDENTIFIER),
            Column("topic", one_of(*observed.TOPICS)),
            Column("statement_en"),
            Column("statement_es"),
            Column("place"),
            optional("as_of", period),
            optional("conflict", IDENTIFIER),
            *_SHARED,
        ),
        key=("statement_id",),
        positions=False,
    ),
    Table(
        "crossing_hours",
        observed.CrossingHours,
        (
            Column("hours_id", IDENTIFIER),
            # the hours of informal crossings are in no table
            Column("crossing_id", IDENTIFIER, refers="crossings_formal"),
            Column("service", one_of(*observed.SERVICES)),
            Column("days", one_of("daily", "monday_friday")),
            optional("opens", _CLOCK),
            optional("closes", _CLOCK),
            Column("as_of", period),
            optional("until", period),
            *CITED,
        ),
        key=("hours_id",),
        positions=False,
    ),
    Table(
        "claim_validity",
        observed.ClaimValidity,
        (
            Column("claim_id", matching("C[0-9]{2,3}", "C01"), refers="claims"),
            optional("valid_from", period),
            optional("valid_until", period),
            Column("date_basis", BASIS),
            optional("superseded_en"),
            optional("superseded_es"),
            *CITED,
        ),
        key=("claim_id",),
        positions=False,
    ),
)
