"""The rules of the table of decisions, as data."""

from __future__ import annotations

from atlas.evidence.cells import answer, day, integer, matching, one_of
from atlas.evidence.decisions import PUBLISHED_AS, QUESTIONS, PublicationDecision
from atlas.evidence.publication import DECISIONS, SENSITIVE
from atlas.evidence.spec import Column, Table, optional

DECISION_TABLE = Table(
    DECISIONS,
    PublicationDecision,
    (
        Column("decision_id", matching("D[0-9]{2,3}", "D01")),
        Column("table", one_of(*SENSITIVE)),
        optional("row_id"),
        Column("published_as", one_of(*PUBLISHED_AS)),
        Column("names_withheld", integer),
        *(Column(question, answer) for question in QUESTIONS),
        Column("k_and_floor", answer),
        Column("decided_by", answer),
        Column("decided_on", day),
        Column("review_by", day),
        Column("reason", answer),
    ),
    key=("decision_id",),
    positions=False,
)
