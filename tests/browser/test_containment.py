"""The page of the containment lines in a real browser: the year slider, what it shows, what is said to be schematic."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
DRAWN = """() => Atlas.view.paths.get("containment").filter((path) => Atlas.view.map.hasLayer(path))
  .flatMap((path) => path.features.map((feature) => feature.values.item)).sort()"""
UNDRAWN = {"belts_2014", "post_villahermosa", "post_veracruz_tabasco"}


@pytest.fixture
def belts(maps: Path, opener: Opener) -> Callable[..., Any]:
    return lambda state, **options: opener(maps / "containment.html", state=state, **options)


@pytest.fixture
def items(repo: Path) -> list[dict[str, str]]:
    with (repo / "geodata/evidence/containment.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["source_ids"]]


def _of_year(items: list[dict[str, str]], year: int) -> set[str]:
    spans = {row["item"]: [int(part) for part in row["year"].split("/")] for row in items if row["year"]}
    return {item for item, span in spans.items() if span[0] <= year <= span[-1]}


# that it is silent and fits in either language at either size, test_pages.py shows of all pages
@pytest.mark.parametrize(
    ("language", "head", "word", "size"),
    [("en", "Lines of containment", "schematic", "desktop"), ("es", "Líneas de contención", "esquemática", "phone")],
)
def test_page_opens_silently_and_says_what_is_schematic(
    belts: Callable[..., Any], language: str, head: str, word: str, size: str
) -> None:
    opened = belts(f"lang={language}&year=2019", size=size)
    expect(opened.page.locator("h1")).to_have_text(head)
    expect(opened.page.locator(".atlas-map .notice-belts")).to_contain_text(word)
    assert any(word in text for text in opened.page.locator(".name-belt").all_inner_texts())
    assert opened.page.evaluate("() => document.documentElement.scrollWidth") <= opened.page.viewport_size["width"]
    assert opened.console == []
    assert len(opened.requests) == 1


def test_each_year_shows_and_lists_what_the_sources_say_of_it(
    belts: Callable[..., Any], items: list[dict[str, str]]
) -> None:
    page: Page = belts("lang=en&year=2011").page
    slider = page.get_by_role("slider", name="Year")
    slider.focus()
    for year in range(2011, 2025):
        wanted = _of_year(items, year)
        expect(page.locator("#items-head")).to_have_text(f"Items of {year}")
        assert set(page.evaluate(DRAWN)) == wanted - UNDRAWN
        listed = {node.get_attribute("data-item") for node in page.locator("#items li").all()}
        assert listed == wanted | {"isthmus_rail_length"}
        assert f"year={year}" in page.url or year == 2011
        page.keyboard.press("ArrowRight")


def test_all_years_and_no_year(belts: Callable[..., Any], items: list[dict[str, str]]) -> None:
    page: Page = belts("lang=es&year=all").page
    assert set(page.evaluate(DRAWN)) == {row["item"] for row in items if row["year"]} - UNDRAWN
    page.get_by_role("button", name="Sin año").click()
    assert page.evaluate(DRAWN) == ["isthmus_rail_length"]
    assert "year=none" in page.url
    expect(page.locator("#items")).to_contain_text("longitud del ferrocarril")


def test_what_has_no_place_is_listed_as_not_drawn(belts: Callable[..., Any]) -> None:
    page: Page = belts("lang=en&year=2024").page
    for item in ("post_villahermosa", "post_veracruz_tabasco"):
        entry = page.locator(f"#items li[data-item={item}]")
        expect(entry).to_contain_text("Not drawn")
        assert entry.locator("button").count() == 0


def test_distances_stand_in_miles_and_kilometres(belts: Callable[..., Any]) -> None:
    page: Page = belts("lang=en&year=2013").page
    expect(page.locator("#items li[data-item=distance_2013_2]")).to_contain_text("20 miles = 32.2 km")
    expect(page.locator("#items li[data-item=distance_2013_3]")).to_contain_text("140 miles = 225.3 km")
    names = page.locator(".name-belt").all_inner_texts()
    assert {"2013 · 20 mi = 32 km", "2013 · 140 mi = 225 km"} <= set(names)


def test_playing_goes_on_by_itself_and_stops(belts: Callable[..., Any]) -> None:
    page: Page = belts("lang=en&year=2022").page
    page.get_by_role("button", name="Play the years").click()
    expect(page.locator("#year-now")).to_have_text("2024", timeout=6000)
    expect(page.get_by_role("button", name="Play the years")).to_be_visible(timeout=4000)


def test_who_wants_less_motion_steps_by_hand(belts: Callable[..., Any]) -> None:
    page: Page = belts("lang=en&year=2019", reduced_motion="reduce").page
    page.get_by_role("button", name="Next year").click()
    page.wait_for_timeout(2000)
    expect(page.locator("#year-now")).to_have_text("2020")


def test_lengths_measured_stand_beside_those_published(belts: Callable[..., Any]) -> None:
    page: Page = belts("lang=en").page
    table = page.locator("table[data-length=isthmus]")
    assert table.locator("td.number").all_inner_texts() == ["232.5 km", "200 km", "320 km"]
    expect(table).to_contain_text("La Razón, 2025")


def test_an_item_opens_on_the_map_by_keyboard(belts: Callable[..., Any]) -> None:
    page: Page = belts("lang=en&year=2013").page
    page.locator("#items li[data-item=distance_2013_2] button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup .card-popup h3")).to_contain_text("20 miles")


def test_railways_are_drawn_beside_the_belts_and_say_their_stations(belts: Callable[..., Any]) -> None:
    page: Page = belts("lang=es&map=8.5/16.9/-94.9").page
    names = page.locator(".name-station").all_inner_texts()
    assert {"Chivela", "Matías Romero"} <= set(names)
    # where the base map names the settlement, its station has no second name
    assert not {"Coatzacoalcos", "Juchitán"} & set(names)
    page.evaluate("""() => { const layer = Atlas.view.byName.get("railways");
      Atlas.view.openFromList(layer, layer.features.find((one) => one.id === "railway-line-ka")); }""")
    card = page.locator(".leaflet-popup-content")
    expect(card).to_contain_text("Línea KA (Los Toros – Puerto Chiapas)")
    expect(card).to_contain_text("no se dibuja en el mapa")
    expect(card).to_contain_text("Informador, 2025")


def test_on_a_phone_the_words_stand_in_the_panel_and_not_on_the_map(belts: Callable[..., Any]) -> None:
    page = belts("lang=en&year=2019", size="phone").page
    words = "Bands, dashed straight lines and railways are schematic"
    expect(page.locator("#belts-note")).to_contain_text(words)
    expect(page.locator(".notice-belts p")).to_be_hidden()
    notice, stage = (page.locator(part).bounding_box() for part in (".notice-belts", ".atlas-map"))
    assert notice is not None
    assert stage is not None
    assert notice["width"] * notice["height"] < 0.06 * stage["width"] * stage["height"]
