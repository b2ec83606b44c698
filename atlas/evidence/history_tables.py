"""The rules of the tables of events, institutions, deployments and flows, as data."""

from __future__ import annotations

from types import MappingProxyType

from atlas.evidence import historical_records
from atlas.evidence.cells import integer, matching, one_of, period
from atlas.evidence.spec import AREA_CODE, BASIS, CITED, IDENTIFIER, STATEMENT, Column, Table, listing, optional

DATE_BASIS = Column("date_basis", BASIS)
STATES = listing("states", AREA_CODE)
# a force at a place on a day is more than was announced
MONTH_OR_YEAR = matching(
    r"(1[5-9]|20)[0-9]{2}(-(0[1-9]|1[0-2]))?(/(1[5-9]|20)[0-9]{2}(-(0[1-9]|1[0-2]))?)?", "2019, 2019-06 or 2019/2024"
)

HISTORY_TABLES = (
    Table(
        "events",
        historical_records.Event,
        (
            Column("event_id", IDENTIFIER),
            Column("kind", one_of(*historical_records.EVENT_KINDS)),
            Column("title"),
            optional("date_from", period),
            optional("date_to", period),
            Column("duration", one_of("moment", "lasting")),
            DATE_BASIS,
            Column("area"),
            STATES,
            *CITED,
        ),
        key=("event_id",),
        positions=False,
        needs=MappingProxyType(
            {
                ("date_basis", "printed"): ("date_from",),
                ("date_basis", "inferred"): ("date_from",),
                ("duration", "lasting"): ("date_from", "date_to"),
            }
        ),
    ),
    Table(
        "institutions",
        historical_records.Institution,
        (
            Column("institution_id", IDENTIFIER),
            Column("kind", one_of("authority", "coordination", "facility", "force")),
            Column("name"),
            Column("name_es"),
            Column("what"),
            optional("since", period),
            DATE_BASIS,
            Column("area"),
            STATES,
            *CITED,
        ),
        key=("institution_id",),
        positions=False,
        needs=MappingProxyType(
            {("date_basis", "printed"): ("since",), ("date_basis", "inferred"): ("since",)},
        ),
    ),
    Table(
        "deployments",
        historical_records.Deployment,
        (
            Column("deployment_id", IDENTIFIER),
            Column("date", MONTH_OR_YEAR),
            Column("force"),
            optional("number", integer),
            optional("unit"),
            Column("area"),
            *STATEMENT,
            *CITED,
        ),
        key=("deployment_id",),
        positions=False,
    ),
    Table(
        "flows",
        historical_records.Flow,
        (
            Column("flow_id", IDENTIFIER),
            Column("series", one_of(*historical_records.SERIES)),
            optional("item"),
            Column("period", period),
            Column("period_kind", one_of(*historical_records.PERIOD_KINDS)),
            Column("value", integer),
            Column("unit"),
            Column("place"),
            *STATEMENT,
            *CITED,
        ),
        key=("flow_id",),
        positions=False,
    ),
)
