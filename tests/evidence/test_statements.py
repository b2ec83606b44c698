"""Who makes a statement, where, how exactly and by what date: typed, held together, and given to every card row."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from atlas.errors import EvidenceError
from atlas.evidence import Evidence, load_evidence
from atlas.evidence.records import Statement
from atlas.evidence.tables import TABLES

Spoil = Callable[[str, str, str], Path]
# tables whose rows call a value inferred and that have no column of a basis yet
WITHOUT_BASIS = {
    "checkpoints",
    "corridor_readings",
    "containment",
    "crossings_formal",
    "crossings_informal_counts",
    "facilities",
}

EDITS = {
    "no claimant": ("crossings_totals.csv", ",Proceso,eltelegrafo2014", ",,eltelegrafo2014", "'claimant': ''.*a value"),
    "nowhere printed": ("claims.csv", "WOLA,galemba2019,", "WOLA,,", "'printed_in': ''.*a value"),
    "another source": ("claims.csv", "WOLA,galemba2019,", "WOLA,gpf2019,", "'gpf2019' is not in source_id"),
    "an id that is none": ("claims.csv", "WOLA,galemba2019,", "WOLA,Galemba2O19,", "'Galemba2O19' is not in source_id"),
    "no bound": (
        "crossings_totals.csv",
        "novedadestab2019a,≈,",
        "novedadestab2019a,,",
        "'bound': ''.*how the figure binds",
    ),
    "a bound that is none": ("crossings_totals.csv", ",≈,printed,about", ",~,printed,about", "'~', expected one of ="),
    "strictly below": ("claims.csv", ",≤,printed,reportedly", ",<,printed,reportedly", "'<', expected one of ="),
    "a bound without number": ("claims.csv", "Stratfor,stratfor2017,,", "Stratfor,stratfor2017,=,", "without a number"),
    "hedge and bound apart": ("crossings_totals.csv", ",≥,printed,at", ",=,printed,at", "'at least', expected '≥'"),
    "bound past its hedge": ("border_lengths.csv", ",>,printed,over", ",≥,printed,over", "'over', expected '>'"),
    "no more than": ("crossings_totals.csv", ",≥,printed,at least", ",≥,printed,No more than", "expected '≤'"),
    "no basis": ("claims.csv", "WOLA,galemba2019,=,not stated", "WOLA,galemba2019,=,", "'date_basis': ''.*a value"),
    "an unknown basis": (
        "claims.csv",
        ",=,not stated,",
        ",=,not_stated,",
        "'not_stated', expected one of printed, inf",
    ),
    "a date that is not stated": ("claims.csv", ",Chiapas,2015,", ",Chiapas,,", "'printed' in a row without as_of"),
    "not stated with its date": (
        "crossings_totals.csv",
        '23 municipalities",,',
        '23 municipalities",2013/2015,',
        "'2013/2015', expected no date where date_basis is 'not stated'",
    ),
    "seen though inferred": (
        "crossings_totals.csv",
        "prensalibre_desgobierno,=,inferred",
        "prensalibre_desgobierno,=,printed",
        "'confidence': 'seen' while the note says that a value is inferred; write 'inferred' in date_basis",
    ),
    "a card year in no series": ("visitor_card_series.csv", "card,2014,2018", "card,2015,2018", "is in no series"),
    "a card year in two series": (
        "visitor_card_series.csv",
        "card,2014,2018",
        "card,2013,2018",
        "is in the series of lines 2 and 3 of visitor_card_series.csv, expected one",
    ),
}


@pytest.mark.parametrize(("table", "old", "new", "message"), EDITS.values(), ids=EDITS.keys())
def test_an_edit_is_refused_and_named(spoil: Spoil, table: str, old: str, new: str, message: str) -> None:
    folder = spoil(table, old, new)
    with pytest.raises(EvidenceError, match=message):
        load_evidence(folder)


def test_a_work_that_is_no_source_is_named_in_words(spoil: Spoil) -> None:
    folder = spoil("claims.csv", "WOLA,galemba2019,", 'WOLA,"report of WOLA, 2015",')
    assert "report of WOLA, 2015" in {claim.printed_in for claim in load_evidence(folder).claims}


def statements(evidence: Evidence) -> Iterator[Statement]:
    yield from evidence.claims
    yield from evidence.crossings_totals
    yield from evidence.border_lengths
    for row in evidence.visitor_cards:
        yield row.series


def test_every_figure_has_claimant_place_and_basis(evidence: Evidence) -> None:
    for row in statements(evidence):
        assert row.claimant, row
        assert row.printed_in, row
        assert row.date_basis in {"printed", "inferred", "not stated"}, row
        assert row.bound in {"=", "≈", "≥", ">", "≤", None}, row


def test_figures_are_as_exact_as_their_source(evidence: Evidence) -> None:
    totals = {row.total_id: (row.bound, row.total, row.hedge) for row in evidence.crossings_totals}
    assert totals["T12"] == ("≈", 400, "about")
    assert totals["T13"] == ("≥", 300, "at least")
    claims = {row.claim_id: (row.bound, row.value, row.hedge) for row in evidence.claims}
    assert claims["C32"] == (">", 80500, "more than")
    assert claims["C17"] == ("=", 12, "a dozen")
    assert claims["C34"] == ("=", 144000, "reportedly")
    assert claims["C21"][0] == "≈"


def test_every_card_figure_is_of_one_source_and_one_kind_of_document(evidence: Evidence) -> None:
    assert len(evidence.visitor_cards) == 96
    for row in evidence.visitor_cards:
        assert row.series.source_ids == ("ramos2020",)
        assert row.series.document == ("form" if row.year <= 2013 else "card")


def test_no_row_is_seen_whose_note_calls_a_value_inferred(tables: Path) -> None:
    undeclared = []
    for table in TABLES:
        with (tables / table.file).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                bases = [row[name] for name in row if name.endswith("_basis") and name != "coordinate_basis"]
                inferred = re.search(r"\binferred\b", row.get("note") or "")
                if row.get("confidence") == "seen" and inferred and "inferred" not in bases:
                    undeclared.append((table.name, next(iter(row.values()))))
    assert [pair for pair in undeclared if pair[0] not in WITHOUT_BASIS] == []
