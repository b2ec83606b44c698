"""Published figures by place and period: what is a fact, what is not yet, and what does not fit together."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.errors import EvidenceError
from atlas.evidence import Evidence, load_evidence

Spoil = Callable[[str, str, str], Path]

# table, what stands there, what is put in its place, what the message must say
EDITS = {
    "a figure without a source": (
        "observations.csv",
        ",jornada2014b,=,printed,,jornada2014b,",
        ",jornada2014b,=,printed,,,",
        "source_ids",
    ),
    "a range upside down": ("observations.csv", ",3.93,465.33,", ",465.33,3.93,", "'3.93' is not more than value"),
    "a conflict with nobody": (
        "observations.csv",
        ",monuments,Proceso,",
        ",obelisks,Proceso,",
        "'obelisks' stands in one row",
    ),
    "a state by a municipality's code": (
        "observations.csv",
        "Tabasco,state,27,2022",
        "Tabasco,state,27017,2022",
        "expected 2",
    ),
    "a code without its zero": ("observations.csv", ",municipality,07089,", ",municipality,7089,", "leading zero"),
    "a figure that is our sum": (
        "observations.csv",
        "printed; the nine",
        "sum of the nine",
        "'sum of' says that figures",
    ),
    "a period backwards": (
        "observations.csv",
        "2024-01/2024-02,10738",
        "2024-02/2024-01,10738",
        "ends before it begins",
    ),
    "an inferred year that calls itself printed": (
        "observations.csv",
        ",expreso2024,=,inferred,,expreso2024,seen,year_inferred,",
        ",expreso2024,=,printed,,expreso2024,seen,year_inferred,",
        "'printed' of a row that is year_inferred",
    ),
    "an inferred year that calls itself a fact": (
        "observations.csv",
        ",expreso2024,seen,year_inferred,",
        ",expreso2024,seen,,",
        "'' of a row whose note says",
    ),
    "a shelter by its name and not its municipality": (
        "observations.csv",
        "Tapachula,municipality,07089,2023-03,700",
        "Tapachula,office,07089,2023-03,700",
        "expected municipality or municipality_abroad",
    ),
    "a fresh figure of people who fled": (
        "observations.csv",
        ",2025-08,161,",
        ",2026-08,161,",
        "younger than 12 months",
    ),
    "people who fled, without a decision": (
        "publication_decisions.csv",
        ",reverse_flow_2024_07,",
        ",humanitarian_stays_2025_08,",
        "",
    ),
    "hours of a crossing that is none": (
        "crossing_hours.csv",
        ",subteniente_lopez_2,freight,",
        ",el_vado,freight,",
        "unknown",
    ),
    "an hour that no clock has": ("crossing_hours.csv", ",08:00,17:00,", ",08:00,25:00,", "'25:00', expected"),
    "a claim that ends before it begins": (
        "claim_validity.csv",
        ",2014,2017-05,",
        ",2018,2017-05,",
        "is before valid_from",
    ),
    "a claim superseded in one language": (
        "claim_validity.csv",
        "Desde mayo de 2017 la tarjeta permite estancias de siete días.",
        "",
        "superseded_es",
    ),
}


@pytest.mark.parametrize(("table", "old", "new", "message"), EDITS.values(), ids=EDITS.keys())
def test_an_edit_is_refused_and_named(spoil: Spoil, table: str, old: str, new: str, message: str) -> None:
    folder = spoil(table, old, new)
    with pytest.raises(EvidenceError, match=rf"{re.escape(table)}, line.*{message}|has no decision"):
        load_evidence(folder)


def test_what_is_not_confirmed_says_why_and_is_no_plain_figure(evidence: Evidence) -> None:
    reasons = {row.observation_id: row.unconfirmed for row in evidence.observations if row.unconfirmed}
    assert reasons["events_2023_tabasco_inm"] == "check"
    assert reasons["tvr_posts_2023_10"] == "second_hand"
    assert reasons["comar_2024_10_mexico"] == "year_inferred"
    assert reasons["tvr_cards_belizeans"] == "year_unknown"
    assert len(reasons) >= 9


def test_figures_that_do_not_fit_stand_side_by_side(evidence: Evidence) -> None:
    side_by_side = {
        word: {row.value for row in evidence.observations if row.conflict == word}
        for word in ("formal_crossings", "monuments")
    }
    assert side_by_side == {"formal_crossings": {11, 8, 7}, "monuments": {1704, 1597}}
    assert [row.claimant for row in evidence.published_statements if row.conflict == "la_union"] == [
        "A. Peza",
        "Minister of State for Immigration of Belize",
    ]


def test_the_eleven_are_seven_and_three_and_one_as_printed(evidence: Evidence) -> None:
    parts = {row.place: row.value for row in evidence.observations if row.source_ids == ("contracorriente2019",)}
    assert (parts["Chiapas"], parts["Quintana Roo"], parts["Tabasco"]) == (7, 3, 1)


def test_the_monuments_off_the_line_are_a_range_in_metres(evidence: Evidence) -> None:
    (row,) = (row for row in evidence.observations if row.indicator == "line_deviation")
    assert (row.value, row.value_to, row.unit) == (3.93, 465.33, "m")


def test_the_offices_of_2024_come_to_what_their_source_printed(evidence: Evidence) -> None:
    rows = [row for row in evidence.observations if row.source_ids == ("cuartopoder2024_comar",)]
    whole = [row.value for row in rows if row.place_level == "country"]
    assert [sum(row.value for row in rows if row.place_level != "country")] == whole == [16732]


def test_seventy_two_hours_hold_until_may_2017(evidence: Evidence) -> None:
    (row,) = (row for row in evidence.claim_validity if row.claim_id == "C42")
    assert (row.valid_from, row.valid_until) == ("2014", "2017-05")
    assert "hoylosangeles2017" in row.source_ids


def test_no_station_or_shelter_is_finer_than_its_municipality(evidence: Evidence) -> None:
    rows = [row for row in evidence.observations if row.indicator in {"station_capacity", "shelter_places"}]
    assert {row.place_level for row in rows} == {"municipality"}
    assert not [row for row in rows if "Belén" in str(row) or "Pastor" in str(row)]
