"""Figures in time: every fact once and no other among the figures, gaps as gaps, and what doesn't fit side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pytest

from atlas.evidence import Evidence, load_evidence
from atlas.render.page_texts import FOLDER, read_catalogue
from atlas.render.series import NO_DATE, conflicts, indicators, months_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def evidence(repo: Path) -> Evidence:
    return load_evidence(repo / "geodata" / "evidence")


@pytest.fixture(scope="module")
def tree(pages: Mapping[str, bytes]) -> Any:
    return html5lib.parse(pages["series.html"].decode(), namespaceHTMLElements=False)


def _text(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def test_every_fact_is_in_its_table_once_and_what_is_none_yet_is_in_no_table(tree: Any, evidence: Evidence) -> None:
    shown = [
        node.get("id", "")[len("figure-") :]
        for article in tree.findall(".//article")
        for node in article.iter("p")
        if node.get("id", "").startswith("figure-")
    ]
    assert sorted(shown) == sorted(row.observation_id for row in evidence.observations if row.unconfirmed is None)


def test_a_figure_stands_beside_its_source_and_claimant(tree: Any) -> None:
    for cell in tree.findall(".//table[@class='grid']/tbody/tr/td"):
        if cell.get("class") != "gap":
            assert cell.findall(".//strong"), _text(cell)
            assert " in " in _text(cell), _text(cell)


def test_a_place_without_a_figure_for_a_period_has_a_gap_and_no_nought(evidence: Evidence, tree: Any) -> None:
    (events,) = (one for one in indicators(evidence.observations) if one.key == "detention_events")
    tenosique = next(place for place in events.places if place.name == "Tenosique")
    assert list(tenosique.cells) == ["2025-01/2025-08"]
    rows = tree.findall(".//article[@id='indicator-detention_events']//tbody/tr")
    row = next(row for row in rows if _text(row).startswith("Tenosique"))
    assert [cell.get("class") for cell in row.findall("td")].count("gap") == len(events.periods) - 1


def test_periods_are_in_order_and_what_has_no_date_comes_last(evidence: Evidence) -> None:
    by_key = {one.key: one for one in indicators(evidence.observations)}
    assert by_key["monuments"].periods == ["2017-04", NO_DATE]
    assert by_key["formal_crossings"].months == ("2003-01", "2023-12")
    assert months_of("2024-01/2024-02") == ("2024-01", "2024-02")


def test_figures_that_do_not_fit_stand_together_also_unconfirmed(evidence: Evidence, tree: Any) -> None:
    held = {one.word: one for one in conflicts(evidence.observations, evidence.published_statements)}
    assert {row.unconfirmed for row in held["events_tabasco"].figures} == {"check", None}
    assert len(held["la_union"].statements) == 2
    assert {f"conflict-{word}" for word in held} <= {node.get("id") for node in tree.iter("h3")}


def test_two_figures_of_one_place_and_period_are_both_shown(evidence: Evidence) -> None:
    row = evidence.observations[0]
    (one,) = indicators([row, replace(row, observation_id="other", value=1.0)])
    assert [len(cell) for cell in one.places[0].cells.values()] == [2]
    assert indicators([replace(row, unconfirmed="check")]) == []


def test_each_indicator_level_and_word_has_both_languages(evidence: Evidence) -> None:
    for language in ("en", "es"):
        texts = read_catalogue(FOLDER / language / "series.json")
        wanted = {f"series.indicator.{row.indicator}" for row in evidence.observations}
        wanted |= {f"series.level.{row.place_level}" for row in evidence.observations}
        wanted |= {f"series.conflict.{row.conflict}" for row in evidence.observations if row.conflict}
        assert sorted(wanted - texts.keys()) == []


def test_every_border_municipality_is_on_the_map_and_on_the_strip(tree: Any) -> None:
    figure = next(node for node in tree.iter("figure") if node.get("id") == "places")
    outlines = [node.get("data-place") for node in figure.iter(f"{SVG}path")]
    stretches = list(figure.iter(f"{SVG}rect"))
    assert len(set(outlines)) == len(outlines) == 23
    assert {node.get("data-place") for node in stretches} == set(outlines)
    assert sum(float(node.get("width")) for node in stretches) == pytest.approx(1000, abs=1)
    # the line begins at the Suchiate
    assert stretches[0].get("data-place") == "07087"


def test_only_whole_municipalities_colour_the_map(tree: Any) -> None:
    coded = {(_text(row.find("th")), row.get("data-code")) for row in tree.iter("tr") if row.get("data-code")}
    assert ("Tapachula municipality", "07089") in coded
    assert {name for name, _ in coded if not name.endswith(" municipality")} == set()
