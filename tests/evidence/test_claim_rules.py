"""Checks that would test a claim against itself, or that nothing could fail, are refused with the tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.errors import EvidenceError
from atlas.evidence import load_evidence

Change = Callable[..., Path]


@pytest.fixture
def check(copy: Path) -> Change:
    def change(claim_id: str, **cells: str) -> Path:
        path = copy / "claim_checks.csv"
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        next(row for row in rows if row["claim_id"] == claim_id).update(cells)
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return copy

    return change


IF = {"differs_if_en": "Another figure.", "differs_if_es": "Otra cifra."}
REFUSED = {
    "the drawn line against its own source": (
        "C16",
        {"check": "place_pair", "argument": "isthmus_line", "relation": "equal"},
        "holds C16 against containment.csv, line .*own source ramos2020; set the check to 'none'",
    ),
    "a longer period of one source": (
        "C25",
        {"check": "other_claim", "argument": "C26", "relation": "at_least"},
        "'at_least' between C25 and C26, both of ramos2020: an inequality of two figures of one source tests neither",
    ),
    "a shorter period of one source": (
        "C26",
        {"check": "other_claim", "argument": "C25", "relation": "at_most"},
        "'at_most' between C26 and C25, both of ramos2020",
    ),
    "a figure of the table": (
        "C43",
        {"check": "border_length", "argument": "GTM", "relation": "less", "reference": "3145"},
        "'reference': '3145' has no source; give the figure a row of its own",
    ),
    "a ratio of nothing": ("C28", {"reference": ""}, "expected the figure of the claim's words"),
    "a claim that is not there": ("C36", {"argument": "C99"}, "'C99', expected one claim of claims.csv with a number"),
    "a claim without number": ("C28", {"argument": "C43"}, "'C43', expected one claim of claims.csv with a number"),
    "half a difference": ("C66", {"argument": "C25"}, "'C25', expected 2 claims, separated by ';'"),
    "a check that nothing could fail": ("C01", {"differs_if_en": ""}, "'differs_if_en': ''|'differs_if_en': '',"),
    "a bound held to be exact": (
        "C02",
        {"relation": "equal"},
        "'equal' for a claim that binds by '>', expected 'more'",
    ),
    "a figure held as a bound": ("C08", {"relation": "more"}, "'more' for a claim that binds by '=', expected 'equal'"),
    "in one language": ("C01", {"differs_if_es": ""}, "column 'differs_if_es': '', expected a value where check is"),
}


@pytest.mark.parametrize(("claim_id", "cells", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_the_check_is_refused(check: Change, claim_id: str, cells: dict[str, str], message: str) -> None:
    folder = check(claim_id, **{**IF, **cells})
    with pytest.raises(EvidenceError, match=message):
        load_evidence(folder)


def test_two_documents_may_be_held_against_each_other_by_an_inequality(check: Change) -> None:
    folder = check("C36", relation="at_most")
    assert load_evidence(folder).claim_checks
