"""The audit in its three forms says the same."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from atlas.claims import Finding, audit_claims
from atlas.claims.claims_report import render
from atlas.errors import UsageError
from atlas.evidence import load_evidence
from atlas.project import find_project
from atlas.published import open_published_layers


@pytest.fixture(scope="module")
def findings(repo: Path) -> list[Finding]:
    project = find_project(repo)
    release = open_published_layers(project)
    names = ("border", "municipalities", "facilities", "containment", "crossings_reported")
    return audit_claims(load_evidence(project.evidence_dir), {name: release.features(name) for name in names})


def test_json_and_csv_carry_the_same_verdicts(findings: list[Finding]) -> None:
    rows = json.loads(render(findings, "json"))
    cells = list(csv.DictReader(io.StringIO(render(findings, "csv"))))
    assert [(row["claim_id"], row["verdict"]) for row in rows] == [(c["claim_id"], c["verdict"]) for c in cells]
    assert len(rows) == len(findings)


def test_text_says_by_how_much_a_claim_differs(findings: list[Finding]) -> None:
    text = render(findings, "text")
    assert "C01  differs" in text
    assert "Measured: 963.1 km against 869; differs by +94.1 (+10.8 %)" in text
    assert text.splitlines()[-1].startswith(f"{len(findings)} claims: ")


def test_csv_of_no_claims_is_still_a_table() -> None:
    assert render([], "csv") == "claim_id\n"


def test_an_unknown_format_is_named(findings: list[Finding]) -> None:
    with pytest.raises(UsageError, match="there is no format 'xml'; the formats are text, json, csv"):
        render(findings, "xml")


def test_each_form_says_who_gives_a_figure_how_exactly_and_by_what_date(findings: list[Finding]) -> None:
    text = " ".join(render(findings, "text").split())
    assert "more than 80500 people (Mexican Foreign Ministry, in gpf2019, 2018-12/2019-05)" in text
    assert "Also published: about 400 (novedadestab2019a, 2019-06): of which 97 % illegal" in text
    assert "reportedly 144000 people" in text
    row = next(row for row in json.loads(render(findings, "json")) if row["claim_id"] == "C12")
    assert (row["claimant"], row["printed_in"], row["bound"], row["date_basis"], row["as_of"]) == (
        "WOLA",
        "galemba2019",
        "=",
        "not stated",
        None,
    )
    cells = next(csv.DictReader(io.StringIO(render(findings, "csv"))))
    assert cells["date_basis"] == "inferred"
    assert cells["differs_if_es"].startswith("una longitud publicada")


def test_each_form_says_until_when_a_claim_held(findings: list[Finding]) -> None:
    text = " ".join(render(findings, "text").split())
    assert "Holds: 2014 to 2017-05. Since May 2017 the card allows stays of seven days." in text
    row = next(row for row in json.loads(render(findings, "json")) if row["claim_id"] == "C42")
    assert (row["valid_from"], row["valid_until"]) == ("2014", "2017-05")
    assert row["validity_source_ids"] == ["ramos2020", "hoylosangeles2017", "elhispano2017"]
    cells = next(row for row in csv.DictReader(io.StringIO(render(findings, "csv"))) if row["claim_id"] == "C42")
    assert cells["superseded_es"] == "Desde mayo de 2017 la tarjeta permite estancias de siete días."
