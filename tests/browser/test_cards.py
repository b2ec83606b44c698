"""The year slider, its bars and the small charts, by mouse and by keyboard, moving and still."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
PAGE = "cards.html"
VISITORS, WORKERS = "#bars [data-card=regional_visitor]", "#bars [data-card=border_worker]"


# that it is silent and fits in either language at either size, test_pages.py shows of all pages
@pytest.mark.parametrize(
    ("language", "title", "size"),
    [("en", "Visitor and worker cards", "desktop"), ("es", "Tarjetas de visitante y de trabajador", "phone")],
)
def test_page_opens_silently(maps: Path, opener: Opener, language: str, title: str, size: str) -> None:
    opened = opener(maps / PAGE, size=size, state=f"lang={language}")
    expect(opened.page.locator("h1")).to_have_text(title)
    expect(opened.page.locator("#charts svg")).to_have_count(8)
    assert opened.console == []
    assert opened.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert "cards." not in opened.page.locator("body").inner_text()


def test_slider_chooses_the_year_by_keyboard_and_keeps_it_in_the_address(maps: Path, opener: Opener) -> None:
    page = opener(maps / PAGE, state="lang=en&year=2012").page
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    assert "year=2013" in page.url
    expect(page.locator("#year-shown")).to_have_text("2013")
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "2013")
    expect(page.locator(f"{WORKERS} .said")).to_have_text(["15,749", "32", "6", "15,782 *"])
    expect(page.locator(f"{WORKERS} .verdict-line")).to_have_text(
        "The published total is 15,782; the states add up to 15,787. The difference is 5."
    )
    expect(page.locator(f"{VISITORS} .line.marked")).to_have_count(0)
    page.get_by_role("button", name="ES").click()
    expect(page.locator("#year-shown")).to_have_text("2013")
    expect(page.locator(f"{WORKERS} .verdict-line")).to_contain_text("los estados suman 15,787")


def test_what_is_not_published_is_a_gap_and_not_a_nought(maps: Path, opener: Opener) -> None:
    page = opener(maps / PAGE, state="lang=en&year=2007").page
    expect(page.locator(f"{WORKERS} .said")).to_have_text(["no figure", "no figure", "no figure", "27,840"])
    expect(page.locator(f"{WORKERS} .verdict-line")).to_contain_text("cannot be verified")
    expect(page.locator(f"{VISITORS} .line.gap")).to_have_count(1)
    page.get_by_role("slider").fill("2")
    expect(page.locator(f"{WORKERS} .said")).to_have_text(["30,655", "23", "0", "30,678"])
    expect(page.locator(f"{WORKERS} .line.gap")).to_have_count(0)


def test_a_bar_of_a_small_chart_chooses_its_year(maps: Path, opener: Opener) -> None:
    page = opener(maps / PAGE, state="lang=en").page
    page.locator("#charts svg").first.locator("[data-year='2010'] .value").click()
    expect(page.locator("#year-shown")).to_have_text("2010")
    expect(page.locator("#charts .bar.chosen")).to_have_count(8)
    expect(page.locator("#charts .bar.marked")).to_have_count(3)


def test_scale_is_stated_changes_the_bars_and_stays_in_the_address(maps: Path, opener: Opener) -> None:
    page = opener(maps / PAGE, state="lang=en").page
    bar = page.locator("#charts svg").nth(1).locator("[data-year='2014'] .value")
    scaled = float(bar.get_attribute("height") or 0)
    page.get_by_label("Same scale").check()
    expect(page.locator("#scale-note")).to_contain_text("have the same scale")
    assert float(bar.get_attribute("height") or 0) == pytest.approx(scaled * 8725 / 172059)
    assert "scale=same" in page.url


def test_years_play_when_asked_and_stop(maps: Path, opener: Opener) -> None:
    page = opener(maps / PAGE, state="lang=en&year=2016").page
    page.get_by_role("button", name="Play the years").click()
    expect(page.locator("#year-shown")).to_have_text("2017")
    page.get_by_role("button", name="Pause").click()
    stopped = page.locator("#year-shown").inner_text()
    page.wait_for_timeout(1600)
    expect(page.locator("#year-shown")).to_have_text(stopped)


def test_nothing_plays_for_who_wants_less_motion(maps: Path, opener: Opener) -> None:
    page = opener(maps / PAGE, state="lang=en&year=2016", reduced_motion="reduce").page
    expect(page.locator("#play")).to_be_hidden()
    page.get_by_role("button", name="Next year").click()
    expect(page.locator("#year-shown")).to_have_text("2017")
    assert page.locator(".fill").first.evaluate("(node) => getComputedStyle(node).transitionDuration") == "0s"


@pytest.mark.parametrize(
    ("language", "words", "nowhere"),
    [
        ("en", ("Regional visitor card, with Yucatán", "April 24, 2019"), "no state named"),
        ("es", ("Tarjeta de visitante regional, con Yucatán", "24 de abril de 2019"), "no se nombra ningún estado"),
    ],
)
def test_where_a_card_is_valid_is_shaded_and_said(
    maps: Path, opener: Opener, language: str, words: tuple[str, str], nowhere: str
) -> None:
    page = opener(maps / PAGE, state=f"lang={language}").page
    card = page.locator("#programme-regional-card-2019")
    for text in (*words, "Campeche, Chiapas, Quintana Roo, Tabasco, Yucatán"):
        expect(card).to_contain_text(text)
    shaded, whole = (card.locator(what).bounding_box() for what in (".where .t-programmes", ".where"))
    assert shaded["width"] > 0.8 * whole["width"]
    # a visa whose source names no state has words and no map
    visa = page.locator("#programme-regional-visas-2019")
    expect(visa).to_contain_text(nowhere)
    expect(visa.locator("svg")).to_have_count(0)
    assert page.locator("#programme-coordination-2014").count() == 0
