"""The map and the table of the municipalities say the same, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from atlas.published import PublishedLayers

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
PAGE = "municipalities.html"
FIRST = "#table tbody tr:first-child th"


def _colours(page: Any) -> list[str]:
    colours: list[str] = page.evaluate(
        """() => Atlas.view.paths.get("municipalities").map((path) => path.options.fillColor)"""
    )
    return colours


# that it is silent and fits in either language at either size, test_pages.py shows of all pages
@pytest.mark.parametrize(
    ("language", "title", "size"),
    [("en", "The border municipalities", "desktop"), ("es", "Los municipios fronterizos", "phone")],
)
def test_page_opens_silently(maps: Path, opener: Opener, language: str, title: str, size: str) -> None:
    opened = opener(maps / PAGE, size=size, state=f"lang={language}")
    expect(opened.page.locator("h1")).to_have_text(title)
    expect(opened.page.locator("#table tbody tr")).to_have_count(23)
    assert opened.console == []
    assert opened.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert "municipalities." not in opened.page.locator("body").inner_text()


def test_table_shows_the_figures_of_the_layer(maps: Path, opener: Opener, release: PublishedLayers) -> None:
    page = opener(maps / PAGE, state="lang=en&sort=name").page
    shown = {
        row[0]: row[2:4] for row in (text.split("\t") for text in page.locator("#table tbody tr").all_inner_texts())
    }
    assert shown == {
        row["name"]: [f"{row['population_2020']:,}", f"{row['dwellings_2020']:,}"]
        for row in (feature["properties"] for feature in release.features("municipalities"))
    }


def test_a_chosen_figure_recolours_the_map_and_stays_in_the_address(maps: Path, opener: Opener) -> None:
    page = opener(maps / PAGE, state="lang=en").page
    before = _colours(page)
    page.get_by_label("Length of border").focus()
    page.keyboard.press("Space")
    assert _colours(page) != before
    assert "figure=border_km" in page.url
    expect(page.locator("#key-title")).to_have_text("Length of border")
    expect(page.locator(FIRST)).to_have_text("Benemérito de las Américas")
    page.get_by_label("Equal counts").check()
    assert "classes=quantiles" in page.url
    expect(page.locator("#key .count")).to_have_text(["(5)", "(5)", "(4)", "(5)", "(4)"])
    kept = _colours(page)
    page.reload()
    assert _colours(page) == kept
    assert len(set(kept)) == 5


def test_heads_sort_by_keyboard_and_say_how(maps: Path, opener: Opener) -> None:
    page = opener(maps / PAGE, state="lang=es").page
    head = page.locator("th[data-column=population_2020]")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(page.locator(FIRST)).to_have_text("Tapachula")
    head.locator("button").focus()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(page.locator(FIRST)).to_have_text("Metapa")
    expect(head.locator("button")).to_be_focused()
    page.locator("th[data-column=name] button").click()
    expect(page.locator(FIRST)).to_have_text("Amatenango de la Frontera")
    expect(page.locator("[aria-sort]")).to_have_count(1)
    assert "sort=name" in page.url


def test_map_and_table_mark_each_other(maps: Path, opener: Opener) -> None:
    page = opener(maps / PAGE, state="lang=en").page
    at = page.evaluate(
        """() => {
          const named = (path) => path.features?.[0].values.name === "Calakmul";
          const path = Atlas.view.paths.get("municipalities").find(named);
          const point = Atlas.view.map.latLngToContainerPoint(path.getBounds().getCenter());
          const box = Atlas.view.map.getContainer().getBoundingClientRect();
          return [box.left + point.x, box.top + point.y];
        }"""
    )
    page.mouse.click(*at)
    expect(page.locator(".card-popup h3")).to_have_text("Calakmul")
    expect(page.locator("#table tr.told th")).to_have_text("Calakmul")
    expect(page.locator("#table tr.told")).to_be_in_viewport()
    assert "place=04010" in page.url
    page.locator("#table").get_by_role("button", name="Metapa").focus()
    marks = """() => Object.values(Atlas.view.map._layers).filter((layer) =>
      layer.options.color === Atlas.theme.colour("focus") && layer.getBounds().getEast() < -92).length"""
    assert page.evaluate(marks) == 1
    page.keyboard.press("Enter")
    expect(page.locator(".card-popup h3")).to_have_text("Metapa")
    expect(page.locator("#table tr.told th")).to_have_text("Metapa")
    assert "place=07055" in page.url


def test_the_small_ones_are_enlarged_until_the_reader_is_near(maps: Path, opener: Opener) -> None:
    page = opener(maps / PAGE, state="lang=es").page
    inset = page.get_by_role("button", name="El Soconusco, ampliado")
    expect(inset.locator("path")).to_have_count(24)
    corner, frame = inset.bounding_box(), page.locator(".inset-frame").bounding_box()
    assert corner is not None
    assert frame is not None
    # it does not lie on what it enlarges
    assert corner["y"] + corner["height"] < frame["y"]
    before = inset.locator("path").first.get_attribute("class")
    page.locator("#figure-area_km2").check(force=True)
    expect(inset.locator("path").first).not_to_have_class(str(before))
    inset.click()
    expect(inset).to_be_hidden()
    assert page.evaluate("Atlas.view.map.getZoom()") > 9


def test_paper_has_every_figure_as_a_small_map(maps: Path, opener: Opener) -> None:
    page = opener(maps / PAGE, state="lang=en").page
    page.emulate_media(media="print")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    figures = page.locator("#multiples figure")
    expect(figures).to_have_count(6)
    titles = page.locator("#figures label").all_text_contents()
    assert figures.locator("figcaption").all_text_contents() == titles
    for figure in figures.all():
        whole, enlarged = figure.locator(".multiple svg").all()
        assert whole.locator("path").count() == enlarged.locator("path").count() == 24
        assert figure.locator(".ramp li").count() == 5
        # five classes, each on the drawing
        shown = whole.evaluate("(node) => [...new Set([...node.children].map((one) => one.getAttribute('class')))]")
        assert {f"class-{number}" for number in range(1, 6)} < set(shown)
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    expect(figures).to_have_count(0)
