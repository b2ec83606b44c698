"""The page of claims shows each finding as the audit has it, and lacks no word in either language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import html5lib
import pytest

from atlas.claims import Verdict
from atlas.evidence import Evidence
from atlas.evidence.placings import ClaimCheck
from atlas.evidence.records import Claim
from atlas.published import PublishedLayers
from atlas.render import PAGES
from atlas.render.build_context import BuildContext
from atlas.render.claim_views import view_of
from atlas.render.page_texts import FOLDER, LANGUAGES, read_catalogue
from atlas.render.pages import claims


@dataclass(frozen=True)
class Retold:
    """The real release with other fact tables."""

    real: PublishedLayers
    evidence: Evidence

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def with_claims(release: PublishedLayers, *claims: Claim) -> BuildContext:
    return BuildContext(Retold(release, replace(release.evidence, claims=claims)))


@pytest.fixture(scope="module")
def tree(pages: Mapping[str, bytes]) -> Any:
    return html5lib.parse(pages["claims.html"].decode(), namespaceHTMLElements=False)


def row(tree: Any, claim_id: str) -> str:
    return " ".join("".join(tree.find(f".//li[@id='claim-{claim_id}']").itertext()).split())


def test_every_claim_stands_in_the_file_with_its_verdict(edition: BuildContext, tree: Any) -> None:
    rows = tree.findall(".//ol[@id='claims']/li")
    shown = [(row.get("id"), row.get("data-verdict")) for row in rows]
    assert shown == [(f"claim-{f.claim.claim_id}", f.verdict.value) for f in edition.findings]


def test_the_chart_counts_the_verdicts(edition: BuildContext, tree: Any) -> None:
    counts = Counter(finding.verdict.value for finding in edition.findings)
    buttons = [node for node in tree.iter("button") if node.get("data-verdict")]
    shown = {node.get("data-verdict"): int(node.find("data").get("value")) for node in buttons}
    assert shown == {verdict.value: counts[verdict.value] for verdict in Verdict}
    assert {node.get("data-verdict") for node in buttons} == set(Verdict)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_subject_unit_or_verdict_of_the_tables_lacks_its_word(edition: BuildContext, language: str) -> None:
    keys = read_catalogue(FOLDER / language / "claims.json").keys()
    findings = edition.findings
    assert {f"claims.subject.{f.claim.subject}" for f in findings} <= keys
    numbers = {f.claim.unit for f in findings if isinstance(f.claim.value, int | float)}
    numbers |= {f.unit for f in findings if isinstance(f.measured, int | float) and f.unit}
    assert {f"claims.unit.{unit}" for unit in numbers} <= keys
    for verdict in Verdict:
        assert {f"claims.verdict.{verdict.value}", f"claims.verdict.{verdict.value}.what"} <= keys


@pytest.mark.slow
def test_a_new_subject_and_unit_stay_english_and_say_so(release: PublishedLayers) -> None:
    first, *others = release.evidence.claims
    strange = replace(first, subject="river <b>noise</b>", unit="furlong", value=7)
    edition = with_claims(release, strange, *others)
    tree = html5lib.parse(claims.render(edition), namespaceHTMLElements=False)
    english = [node.text for node in tree.find(".//li[@id='claim-C01']").iter("bdi") if node.get("lang") == "en"]
    assert {"river <b>noise</b>", "furlong"} <= set(english)
    assert "7 furlong" in row(tree, "C01")


def test_a_length_is_shown_with_what_it_comes_to_and_by_how_much_it_differs(tree: Any) -> None:
    shown = row(tree, "C01")
    assert "540 miles" in shown
    assert "869 km" in shown
    assert "963.1 km" in shown
    assert "+94.1" in shown
    assert "Geopolitical Futures" in shown


def test_a_bound_that_holds_has_no_difference(tree: Any) -> None:
    assert "more than 804.7 km" in row(tree, "C02")
    assert "Difference" not in row(tree, "C02")


def test_conflicts_name_figure_universe_year_and_source_of_the_others(edition: BuildContext, tree: Any) -> None:
    finding = next(f for f in edition.findings if f.claim.claim_id == "C05")
    shown = row(tree, "C05")
    for rival in finding.rivals:
        assert f"{rival.value:,.0f} {rival.universe}".replace("\xa0", " ") in shown
        assert str(rival.as_of) in shown


def test_the_count_of_wola_is_held_against_nothing(tree: Any) -> None:
    shown = row(tree, "C12")
    assert "not verifiable with these data" in shown
    assert "The atlas measures" not in shown


def test_every_finding_with_a_page_of_the_atlas_leads_there(edition: BuildContext, tree: Any) -> None:
    files = {page.file for page in PAGES}
    linked = {
        node.get("id"): [a.get("href") for a in node.iter("a") if a.get("data-view") is not None]
        for node in tree.findall(".//ol[@id='claims']/li")
    }
    for finding in edition.findings:
        target = f"{finding.page}.html"
        ways = linked[f"claim-{finding.claim.claim_id}"]
        assert [way.split("#")[0] for way in ways] == ([target] if target in files else [])


@pytest.mark.parametrize(
    ("check", "argument", "page", "inside"),
    [
        ("municipalities", "27", "municipalities", (17.4, -91.3)),
        ("border_length", "GTM", "border", (16.1, -91.2)),
        ("place_pair", "isthmus_line", "containment", (17.1, -94.8)),
        ("facilities", "caitf", "atlas", (16.7, -91.9)),
    ],
)
def test_the_map_opens_where_the_claim_speaks_of(
    edition: BuildContext, check: str, argument: str, page: str, inside: tuple[float, float]
) -> None:
    empty = dict.fromkeys(("relation", "reference", "tolerance_pct", "note_en", "note_es"))
    row = {"claim_id": "C01", "differs_if_en": None, "differs_if_es": None, **empty}
    way = view_of(edition, ClaimCheck(**row, check=check, argument=argument, page=page))
    assert way is not None
    zoom, latitude, longitude = map(float, way.split("map=")[1].split("/"))
    assert 5 <= zoom <= 12
    assert (latitude, longitude) == pytest.approx(inside, abs=0.7)
    assert ("year=2014" in way) == (page == "containment")


def test_a_verdict_that_no_claim_has_is_still_in_the_chart(release: PublishedLayers) -> None:
    edition = with_claims(release, *release.evidence.claims[1:3])
    assert {finding.verdict for finding in edition.findings} == {Verdict.MEASURED}
    assert 'data-verdict="conflict"' in claims.render(edition)


@pytest.mark.parametrize(
    ("claim_id", "shown"),
    [
        ("C32", "more than 80,500 people"),
        ("C14", "just under 50 %"),
        ("C17", "a dozen: 12"),
        ("C34", "reportedly 144,000 people"),
        ("C35", "reportedly under 100,000 people"),
        ("C05", "about 400 of which 97 % illegal; Guatemala and Belize, 1,149.8 km"),
        ("C05", "at least 300 Mexico–Guatemala–Belize"),
        ("C32", "Mexican Foreign Ministry"),
        ("C04", "Source: Mexican Interior Secretary, Olga Sánchez Cordero"),
        ("C12", "Place and date: Tapachula-Arriaga, no date"),
        ("C46", "Place and date: no place stated, 2014/2016"),
        ("C39", "the text itself names no place (place inferred)"),
        ("C28", "Different outcome: less than twice C27."),
        ("C66", "not printed; computed from two figures of the source"),
    ],
)
def test_a_figure_is_shown_as_exactly_as_its_source_gives_it(tree: Any, claim_id: str, shown: str) -> None:
    assert shown in row(tree, claim_id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_hedge_of_the_tables_has_its_words(edition: BuildContext, language: str) -> None:
    keys = read_catalogue(FOLDER / f"{language}.json").keys()
    evidence = edition.evidence
    rows = (*evidence.claims, *evidence.crossings_totals, *evidence.border_lengths, *evidence.visitor_card_series)
    assert {f"hedge.{row.hedge}" for row in rows if row.hedge} <= keys
    assert {f"bound.{row.bound}" for row in rows if row.bound not in {None, "="}} <= keys
