"""Claims against the layers: the verdict follows the figures, whatever they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from atlas.claims import Finding, Verdict, audit_claims
from atlas.claims.measures import Layers
from atlas.errors import EvidenceError
from atlas.evidence import Evidence, load_evidence
from atlas.project import find_project
from atlas.published import open_published_layers

LAYERS = ("border", "municipalities", "facilities", "containment", "crossings_reported")


@pytest.fixture(scope="module")
def evidence(repo: Path) -> Evidence:
    return load_evidence(repo / "geodata" / "evidence")


@pytest.fixture(scope="module")
def layers(repo: Path) -> Layers:
    release = open_published_layers(find_project(repo))
    return {name: release.features(name) for name in LAYERS}


@pytest.fixture(scope="module")
def findings(evidence: Evidence, layers: Layers) -> dict[str, Finding]:
    return {finding.claim.claim_id: finding for finding in audit_claims(evidence, layers)}


def with_claim(evidence: Evidence, claim_id: str, value: float) -> Evidence:
    claims = tuple(replace(c, value=value) if c.claim_id == claim_id else c for c in evidence.claims)
    return replace(evidence, claims=claims)


def verdict(evidence: Evidence, layers: Layers, claim_id: str) -> Verdict:
    return next(f.verdict for f in audit_claims(evidence, layers) if f.claim.claim_id == claim_id)


def test_every_claim_gets_a_verdict_in_the_order_of_the_table(findings: dict[str, Finding], evidence: Evidence) -> None:
    assert list(findings) == [claim.claim_id for claim in evidence.claims]
    # no claim is borne out by another source yet
    assert set(Verdict) - {Verdict.AGREES} == {finding.verdict for finding in findings.values()}


def test_540_miles_fall_short_of_the_measured_border(findings: dict[str, Finding]) -> None:
    finding = findings["C01"]
    assert finding.verdict is Verdict.DIFFERS
    assert finding.compared == 869.0
    assert finding.measured == pytest.approx(963.1, abs=0.1)
    assert finding.difference_pct == pytest.approx(10.8, abs=0.1)


def test_a_claim_of_the_measured_length_is_measured(evidence: Evidence, layers: Layers) -> None:
    assert verdict(with_claim(evidence, "C01", 598.4), layers, "C01") is Verdict.MEASURED


@pytest.mark.parametrize(("miles", "expected"), [(500, Verdict.MEASURED), (600, Verdict.DIFFERS)])
def test_a_lower_bound_holds_only_below_the_measure(
    evidence: Evidence, layers: Layers, miles: float, expected: Verdict
) -> None:
    assert verdict(with_claim(evidence, "C02", miles), layers, "C02") is expected


def test_a_count_of_municipalities_that_is_off_differs(evidence: Evidence, layers: Layers) -> None:
    assert verdict(evidence, layers, "C08") is Verdict.MEASURED
    assert verdict(with_claim(evidence, "C08", 19), layers, "C08") is Verdict.DIFFERS


def test_370_is_in_conflict_with_other_counts_of_the_same_stretch(findings: dict[str, Finding]) -> None:
    finding = findings["C05"]
    assert finding.verdict is Verdict.CONFLICT
    assert {rival.value for rival in finding.rivals} >= {704.0, 400.0}
    assert all(set(rival.source_ids).isdisjoint(finding.claim.source_ids) for rival in finding.rivals)
    assert finding.measured is None


def test_56_is_never_held_against_the_land_line_inventory_of_56(findings: dict[str, Finding]) -> None:
    assert {rival.value for rival in findings["C06"].rivals} == {50.0}


def test_two_documents_that_print_different_figures_are_in_conflict(evidence: Evidence, layers: Layers) -> None:
    assert verdict(evidence, layers, "C36") is Verdict.CONFLICT
    assert verdict(with_claim(evidence, "C36", 6500), layers, "C36") is Verdict.AGREES


def test_arithmetic_in_a_text_is_done_again(evidence: Evidence, layers: Layers) -> None:
    for claim_id, other in {"C28": 1500, "C30": 50000, "C35": 101000, "C46": 98, "C66": 1019041}.items():
        assert verdict(evidence, layers, claim_id) is Verdict.CONSISTENT
        assert verdict(with_claim(evidence, claim_id, other), layers, claim_id) is Verdict.DIFFERS


@pytest.mark.parametrize("claim_id", ["C16", "C18", "C25", "C26", "C43"])
def test_what_only_its_own_source_says_is_not_checkable(findings: dict[str, Finding], claim_id: str) -> None:
    assert findings[claim_id].verdict is Verdict.NOT_CHECKABLE
    assert findings[claim_id].note_es


def test_layers_that_rest_on_the_source_of_the_claim_confirm_nothing(evidence: Evidence, layers: Layers) -> None:
    claims = tuple(replace(c, source_ids=("inegi2020",)) if c.claim_id == "C08" else c for c in evidence.claims)
    with pytest.raises(EvidenceError, match=r"C08 is held against features that rest on its own source inegi2020"):
        audit_claims(replace(evidence, claims=claims), layers)


def test_two_documents_of_one_source_never_agree(evidence: Evidence, layers: Layers) -> None:
    same = with_claim(evidence, "C36", 6500)
    claims = tuple(replace(c, source_ids=("wayne2019",)) if c.claim_id == "C36" else c for c in same.claims)
    assert verdict(replace(same, claims=claims), layers, "C36") is Verdict.CONSISTENT


def test_every_check_says_what_would_have_made_it_differ(findings: dict[str, Finding], evidence: Evidence) -> None:
    checked = {check.claim_id for check in evidence.claim_checks if check.check != "none"}
    assert {
        claim_id for claim_id, finding in findings.items() if finding.differs_if_en and finding.differs_if_es
    } == checked


@pytest.mark.parametrize(
    ("claim_id", "value", "holds"),
    [
        ("C01", 586, False),
        ("C01", 587, True),
        ("C01", 610, True),
        ("C01", 611, False),
        ("C02", 598, True),
        ("C02", 599, False),
    ],
)
def test_what_a_check_says_would_have_made_it_differ_does(
    evidence: Evidence, layers: Layers, claim_id: str, value: float, *, holds: bool
) -> None:
    assert (verdict(with_claim(evidence, claim_id, value), layers, claim_id) is Verdict.MEASURED) == holds


def test_what_is_planned_is_not_in_operation(evidence: Evidence, layers: Layers) -> None:
    checks = tuple(
        replace(c, check="facilities", argument="caitf", relation="equal") if c.claim_id == "C18" else c
        for c in evidence.claim_checks
    )
    planned = [{**f, "properties": {**f["properties"], "status": "planned"}} for f in layers["facilities"]]
    measured = audit_claims(replace(evidence, claim_checks=checks), {**layers, "facilities": planned})
    assert next(f.measured for f in measured if f.claim.claim_id == "C18") == 0


def test_the_posts_are_never_counted_against_the_list_of_eleven(findings: dict[str, Finding]) -> None:
    assert findings["C12"].verdict is Verdict.NOT_CHECKABLE
    assert findings["C12"].note_en
    assert findings["C12"].note_es


def test_a_new_claim_without_a_check_is_not_checkable(evidence: Evidence, layers: Layers) -> None:
    extra = replace(evidence.claims[0], claim_id="C99")
    more = replace(evidence, claims=(*evidence.claims, extra))
    assert verdict(more, layers, "C99") is Verdict.NOT_CHECKABLE


def test_a_ratio_without_a_number_names_the_row(evidence: Evidence, layers: Layers) -> None:
    checks = tuple(replace(c, argument="C43") if c.claim_id == "C28" else c for c in evidence.claim_checks)
    with pytest.raises(EvidenceError, match=r"claim_checks\.csv: C28 needs another claim with a number"):
        audit_claims(replace(evidence, claim_checks=checks), layers)


def test_every_note_is_there_in_both_languages(evidence: Evidence) -> None:
    assert [c.claim_id for c in evidence.claim_checks if (c.note_en is None) != (c.note_es is None)] == []
