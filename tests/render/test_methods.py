"""Sources and methods: every decision, layer, package and source is there, in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import html5lib
import pytest

from atlas.evidence.decisions import QUESTIONS
from atlas.render.bibliography import address_of, uses
from atlas.render.build_context import BuildContext
from atlas.render.page_texts import FOLDER, read_catalogue
from atlas.render.pages.methods import decisions, lengths


@pytest.fixture(scope="module")
def tree(pages: Mapping[str, bytes]) -> Any:
    return html5lib.parse(pages["methods.html"].decode(), namespaceHTMLElements=False)


def test_every_decision_is_counted_once_and_every_answer_has_spanish(edition: BuildContext) -> None:
    groups = decisions(edition)
    held = edition.evidence.publication_decisions
    assert len(held) - sum(group["count"] for group in groups) <= 1
    assert sum(group["withheld"] for group in groups) == sum(decision.names_withheld for decision in held)
    known = read_catalogue(FOLDER / "data.es.json").keys()
    texts = {text for group in groups for _, text in group["answers"]} | {r for g in groups for r in g["reasons"]}
    assert {question for group in groups for question, _ in group["answers"]} == set(QUESTIONS)
    assert sorted(texts - known) == []


def test_a_decision_on_what_no_page_shows_is_not_told(edition: BuildContext, tree: Any) -> None:
    assert "caitf_centla" in {decision.row_id for decision in edition.evidence.publication_decisions}
    assert "no such centre" not in "".join(tree.find(".//main").itertext())


def test_lengths_of_the_parts_add_up_to_the_line(edition: BuildContext) -> None:
    km = {(row["neighbour"], row["river"]): row["km"] for row in lengths(edition)}
    assert km[None, None] == pytest.approx(km["GTM", None] + km["BLZ", None], abs=0.11)
    for neighbour in ("GTM", "BLZ"):
        assert km[neighbour, None] == pytest.approx(km[neighbour, True] + km[neighbour, False], abs=0.11)


def test_every_source_is_listed_with_its_year_and_its_use(edition: BuildContext, tree: Any) -> None:
    entries = ["".join(item.itertext()) for item in tree.findall(".//ul[@class='sources']/li")]
    assert len(entries) == len(edition.evidence.sources)
    assert [entry for entry in entries if not re.search(r"\b(?:18|19|20)\d\d\b|no date", entry)] == []
    assert [entry for entry in entries if "[" in entry] == []
    assert [entry for entry in entries if not re.search(r"Layers:|Figures checked:|lengths|tables|guides", entry)] == []


def test_claims_and_layers_of_a_source_are_those_that_cite_it(edition: BuildContext) -> None:
    claims = {claim for source in uses(edition) for claim in source["claims"]}
    assert claims == {claim.claim_id for claim in edition.evidence.claims}
    layers = {layer for source in uses(edition) for layer in source["layers"]}
    assert layers == {view.name for view in edition.views}


def test_licences_and_accuracy_of_every_package_are_there(edition: BuildContext, tree: Any) -> None:
    text = "".join(tree.find(".//main").itertext())
    for record in edition.release.inputs.values():
        assert record["attribution"] in text
        assert record["accuracy_basis"] in text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "", None, "ftp://x", " https://x"])
def test_no_other_address_is_linked(address: str | None) -> None:
    assert address_of(address) is None
