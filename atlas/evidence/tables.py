"""The rules of the tables of facts, as data: columns, how their cells read, what they refer to."""

from __future__ import annotations

from types import MappingProxyType

from atlas.evidence import project_columns, records
from atlas.evidence.cells import figure, flag, integer, known, list_of, matching, number, one_of, period, year
from atlas.evidence.decision_table import DECISION_TABLE
from atlas.evidence.history_tables import HISTORY_TABLES
from atlas.evidence.observed_tables import OBSERVED_TABLES
from atlas.evidence.placing_tables import PLACING_TABLES
from atlas.evidence.publication import POSTS
from atlas.evidence.spec import (
    BASIS,
    CARD,
    CHECKPOINT,
    CITED,
    CITED_BY_FIELD,
    CODE,
    CODE_IF_KNOWN,
    CONFIDENCE,
    COUNT,
    DISTANCE,
    EXTENT,
    IDENTIFIER,
    NEIGHBOUR,
    NOTE,
    PAIR,
    PARENT,
    PARENT_OR_TOTAL,
    SOURCE,
    SOURCES,
    STATEMENT,
    STATUS,
    UNIT_CODE,
    VEHICULAR,
    Column,
    Table,
    optional,
)
from atlas.evidence.surroundings_tables import SURROUNDING_TABLES
from atlas.evidence.tombstones import TOMBSTONE_TABLE


def _count(**values: object) -> object:
    """A partial count and a reported total are different types, told apart by the letter of their id."""
    partial = str(values["total_id"]).startswith("P")
    return (records.PartialCount if partial else records.ReportedTotal)(**values)  # type: ignore[arg-type]


FACT_TABLES = (
    Table(
        "sources",
        records.Source,
        (
            Column("source_id", IDENTIFIER),
            optional("title", known),
            optional("subject_en", known),
            optional("subject_es", known),
            optional("author", known),
            optional("publisher", known),
            optional("copied_at", known),
            optional("year", year),
            optional("language", one_of("en", "es")),
            optional("doi", matching(r"10\.[0-9]{4,9}/\S+", "10.29105/pgc6.12-6 (without https://doi.org/)")),
            optional("isbn", matching(r"97[89][0-9]{10}", "9780804798280 (13 digits without hyphens)")),
            optional("url", matching(r"https?://\S+", "https://www.example.org/page")),
            Column("kind", one_of("academic", "code", "ngo", "official", "other", "press", "reference")),
            NOTE,
        ),
        key=("source_id",),
        # who reads a source without its title must be told what it is about
        needs=MappingProxyType({("title", ""): ("subject_en", "subject_es")}),
    ),
    Table(
        "municipalities",
        records.Municipality,
        (
            Column("cvegeo", UNIT_CODE),
            Column("name"),
            Column("state", PARENT),
            Column("seat"),
            Column("neighbours", list_of(NEIGHBOUR)),
            Column("population_2020", integer),
            Column("dwellings_2020", integer),
            SOURCE,
        ),
        key=("cvegeo",),
    ),
    Table(
        "crossings_formal",
        records.FormalCrossing,
        (
            Column("crossing_id", IDENTIFIER),
            Column("name"),
            Column("name_other_side"),
            optional("kind", one_of("road_bridge", "road", "boat", "rail")),
            Column("vehicular", VEHICULAR),
            Column("status", STATUS),
            CODE,
            Column("neighbour", NEIGHBOUR),
            optional("longitude", number()),
            optional("latitude", number()),
            optional("coordinate_uncertainty_m", DISTANCE),
            Column("coordinate_basis"),
            *CITED_BY_FIELD,
        ),
        key=("crossing_id",),
    ),
    Table(
        "crossings_informal_named",
        records.NamedInformalCrossing,
        (
            # a name stands only where it is that of a formal crossing
            Column("crossing_id", IDENTIFIER, refers="crossings_formal"),
            Column("name"),
            CODE,
            optional("opposite"),
            Column("vehicular", VEHICULAR),
            optional("mode"),
            *CITED,
        ),
        key=("crossing_id",),
        positions=False,
    ),
    Table(
        "crossings_informal_counts",
        records.InformalCrossingsCount,
        (
            Column("count_id", IDENTIFIER),
            Column("extent", EXTENT),
            Column("named", integer),
            Column("vehicular", VEHICULAR),
            Column("among", COUNT, optional=True, refers="crossings_totals"),
            *CITED,
        ),
        key=("count_id",),
        positions=False,
    ),
    Table(
        "crossings_totals",
        _count,
        (
            Column("total_id", COUNT),
            optional("total", integer),
            optional("vehicular", integer),
            Column("universe"),
            optional("as_of", period),
            SOURCE,
            CONFIDENCE,
            NOTE,
            *STATEMENT,
        ),
        key=("total_id",),
        positions=False,
    ),
    Table(
        "checkpoints",
        records.Checkpoint,
        (
            Column("checkpoint_id", CHECKPOINT),
            Column("name"),
            Column("municipality"),
            CODE_IF_KNOWN,
            Column("agency"),
            Column("fixity", one_of("fixed", "mobile", "unknown")),
            optional("position_as_printed"),
            Column("on_corridor", flag),
            optional("as_of", period),
            *CITED_BY_FIELD,
        ),
        key=("checkpoint_id",),
        positions=False,
    ),
    Table(
        "border_lengths",
        records.BorderLength,
        (
            Column("border", PAIR),
            Column("length_km", DISTANCE),
            optional("length_as_printed"),
            Column("unit", one_of("km", "mi")),
            Column("definition"),
            optional("publisher"),
            optional("year", year),
            SOURCE,
            CONFIDENCE,
            *STATEMENT,
        ),
    ),
    Table(
        "border_definition",
        records.BorderSegment,
        (
            Column("segment_no", integer),
            Column("from"),
            Column("to"),
            Column("defined_by", one_of("river", "line", "parallel", "meridian")),
            Column("description"),
            Column("treaty"),
            CONFIDENCE,
            SOURCES,
        ),
        key=("segment_no",),
    ),
    Table(
        "containment",
        records.Containment,
        (
            Column("item", IDENTIFIER),
            Column("kind", one_of("line", "belt", "distance", POSTS)),
            optional("from_place"),
            optional("to_place"),
            optional("year", period),
            Column("what"),
            *CITED_BY_FIELD,
        ),
        key=("item",),
    ),
    Table(
        "facilities",
        records.Facility,
        (
            Column("facility_id", IDENTIFIER),
            Column("kind", one_of("caitf", "naval")),
            Column("name"),
            Column("status", one_of("built", "planned", "unknown", "closed")),
            Column("municipality"),
            CODE_IF_KNOWN,
            Column("state"),
            optional("as_of", period),
            *CITED_BY_FIELD,
        ),
        key=("facility_id",),
        positions=False,
        in_projects=project_columns.FACILITIES,
    ),
    Table(
        "claims",
        records.Claim,
        (
            Column("claim_id", matching("C[0-9]{2,3}", "C01")),
            Column("subject"),
            Column("what_is_claimed"),
            optional("value", figure),
            Column("unit"),
            Column("place"),
            optional("as_of", period),
            SOURCE,
            optional("locator"),
            Column("checkable_by"),
            CONFIDENCE,
            Column("place_basis", BASIS),
            *STATEMENT,
        ),
        key=("claim_id",),
    ),
    Table(
        "visitor_cards",
        records.VisitorCards,
        (
            Column("table", integer),
            Column("card", CARD),
            Column("state", PARENT_OR_TOTAL),
            Column("year", year),
            optional("cards", integer),
        ),
        key=("table", "card", "state", "year"),
    ),
    Table(
        "visitor_card_series",
        records.CardSeries,
        (
            Column("table", integer),
            Column("card", CARD),
            Column("document", one_of("form", "card")),
            Column("from_year", year),
            Column("to_year", year),
            SOURCE,
            Column("locator"),
            CONFIDENCE,
            NOTE,
            *STATEMENT,
        ),
        key=("table", "card", "document"),
    ),
)

TABLES = (
    *FACT_TABLES,
    *HISTORY_TABLES,
    *OBSERVED_TABLES,
    *PLACING_TABLES,
    *SURROUNDING_TABLES,
    DECISION_TABLE,
    TOMBSTONE_TABLE,
)
