"""Cards as printed: gaps stay gaps, and every total is held against its parts."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import html5lib
import pytest

from atlas.render.build_context import BuildContext
from atlas.render.pages.cards import check, tables


def test_totals_that_do_not_add_up_come_out_of_the_figures(edition: BuildContext) -> None:
    differences = {
        (table.number, year): (held.status, held.difference)
        for table in tables(edition.evidence.visitor_cards)
        for year, held in zip(table.years, table.checks, strict=True)
        if held.status != "agrees"
    }
    assert differences == {
        (1, 2007): ("missing", 1000),
        (1, 2008): ("exceeds", -200),
        (2, 2007): ("no_parts", None),
        (2, 2008): ("no_parts", None),
        (2, 2013): ("differs", -5),
    }


@pytest.mark.parametrize(
    ("total", "parts", "status"),
    [
        (3, {"A": 1, "B": 2}, "agrees"),
        (0, {"A": 0, "B": 0}, "agrees"),
        (4, {"A": 1, "B": 2}, "differs"),
        (4, {"A": 1, "B": None}, "missing"),
        (1, {"A": 2, "B": None}, "exceeds"),
        (2, {"A": 2, "B": None}, "incomplete"),
        (2, {"A": None, "B": None}, "no_parts"),
        (None, {"A": 1, "B": 2}, "no_total"),
    ],
)
def test_a_part_that_is_not_printed_is_never_nought(
    total: int | None, parts: Mapping[str, int | None], status: str
) -> None:
    held = check(total, parts)
    assert held.status == status
    assert held.absent == tuple(name for name, value in parts.items() if value is None)
    assert held.marked == (status in {"differs", "missing", "exceeds"})


def test_tables_of_the_page_are_the_fact_table(pages: Mapping[str, bytes], repo: Path) -> None:
    printed: dict[tuple[int, int], list[str]] = {}
    with (repo / "geodata" / "evidence" / "visitor_cards.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            printed.setdefault((int(row["table"]), int(row["year"])), []).append(row["cards"])
    tree = html5lib.parse(pages["cards.html"].decode(), namespaceHTMLElements=False)
    shown = {
        (number, int(row.get("data-year"))): [
            data.get("value") if (data := cell.find("data")) is not None else "" for cell in row.findall("td")[:4]
        ]
        for number, table in enumerate(tree.iter("table"), 1)
        for row in table.find("tbody").findall("tr")
    }
    assert shown == printed


def test_page_cites_the_one_source_of_its_figures_and_who_counted(pages: Mapping[str, bytes]) -> None:
    tree = html5lib.parse(pages["cards.html"].decode(), namespaceHTMLElements=False)
    [cited] = tree.findall(".//ul[@class='documents']/li")
    assert "10.29105/pgc6.12-6" in cited.find(".//a").get("href")
    text = " ".join("".join(tree.itertext()).split())
    assert "Given by National Migration Institute (INM), statistics" in text
    assert "Ramos-García et al. (2020), tables 1 and 2" in text


def test_forms_and_cards_are_two_series(edition: BuildContext, pages: Mapping[str, bytes]) -> None:
    for table in tables(edition.evidence.visitor_cards):
        assert list(table.documents) == ["form" if year <= 2013 else "card" for year in table.years]
    tree = html5lib.parse(pages["cards.html"].decode(), namespaceHTMLElements=False)
    begins = [row.get("data-year") for row in tree.iter("tr") if "begins" in row.get("class", "").split()]
    assert begins == ["2014", "2014"]
    sentences = tree.findall(".//p[@data-t='cards.series']")
    assert sentences
    for sentence in sentences:
        assert "To 2013 the source counts migration forms" in "".join(sentence.itertext())
