"""Confidence belongs to a field: a row that was seen says of which of its fields that is not true."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import EvidenceError
from atlas.evidence import Evidence, load_evidence

Spoil = Callable[[str, str, str], Path]

TABLES = {"checkpoints": "as_of", "facilities": "as_of", "containment": "year", "crossings_formal": None}
WEAK = re.compile(r"\binferred\b|general knowledge", re.IGNORECASE)


@pytest.mark.parametrize("table", TABLES)
def test_a_row_whose_note_says_inferred_names_the_field(evidence: Evidence, table: str) -> None:
    weak = [row for row in getattr(evidence, table) if row.confidence == "seen" and WEAK.search(row.note or "")]
    assert not [row for row in weak if not row.field_confidence]
    for row in getattr(evidence, table):
        for entry in row.field_confidence:
            name, _, basis = entry.partition(":")
            assert getattr(row, name) is not None, entry
            assert basis in {"inferred", "general"}


@pytest.mark.parametrize(("table", "field"), [pair for pair in TABLES.items() if pair[1]])
def test_a_year_that_only_sources_of_an_inferred_year_give_is_inferred(
    evidence: Evidence, table: str, field: str
) -> None:
    def guessed(row: Any) -> bool:
        sources = [evidence.sources[source] for source in row.source_ids]
        for year in re.findall(r"\d{4}", getattr(row, field) or ""):
            giving = [source for source in sources if source.year == int(year)]
            if giving and all("year inferred" in (source.note or "") for source in giving):
                return True
        return False

    unmarked = [
        next(iter(vars_of(row)))
        for row in getattr(evidence, table)
        if guessed(row) and f"{field}:inferred" not in row.field_confidence
    ]
    assert unmarked == []


def vars_of(row: Any) -> list[str]:
    return [str(getattr(row, name)) for name in type(row).__slots__]


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        ("checkpoints.csv", "seen,as_of:inferred,year inferred", "seen,,year inferred", r"expected FIELD:inferred"),
        ("facilities.csv", "seen,municipality_cvegeo:general,", "seen,,", r"expected FIELD:general"),
        ("checkpoints.csv", "seen,as_of:inferred,", "seen,date:inferred,", r"'date' is no field of this row"),
        ("checkpoints.csv", "seen,as_of:inferred,", "seen,as_of:guess,", r"'as_of:guess', expected a value such as"),
        ("checkpoints.csv", "seen,,tent\n", "seen,,tent; municipality inferred\n", r"expected FIELD:inferred"),
        ("containment.csv", "seen,,no distances given", "seen,,year assumed", r"expected FIELD:inferred"),
    ],
)
def test_a_row_surer_than_its_note_is_refused(spoil: Spoil, table: str, old: str, new: str, message: str) -> None:
    folder = spoil(table, old, new)
    with pytest.raises(EvidenceError, match=message):
        load_evidence(folder)
