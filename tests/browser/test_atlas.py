"""The whole atlas: search, filters, and a view that can be shared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from atlas.published import PublishedLayers

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]


def _search(page: Page, text: str) -> list[str]:
    page.get_by_role("combobox").fill(text)
    return page.get_by_role("option").all_inner_texts()


@pytest.fixture
def page(maps: Path, opener: Opener) -> Page:
    opened_page: Page = opener(maps / "atlas.html", state="lang=en").page
    return opened_page


def test_search_ignores_accents_case_and_order_and_knows_codes(page: Page) -> None:
    for typed in ("othon", "OTHÓN", "othón p. blanco", "blanco oth", "23004"):
        assert _search(page, typed)[0].startswith("Othón P. Blanco"), typed


def test_search_finds_reaches_and_settlements(page: Page) -> None:
    for typed, first in (("R041", "R041"), ("tapachula", "Tapachula"), ("quetzaltenango", "Quetz")):
        assert _search(page, typed)[0].startswith(first), typed


@pytest.mark.parametrize(("language", "none"), [("en", "Nothing found"), ("es", "Sin resultados")])
def test_search_without_an_answer_says_so(maps: Path, opener: Opener, language: str, none: str) -> None:
    page = opener(maps / "atlas.html", state=f"lang={language}").page
    assert _search(page, "zzqx") == []
    expect(page.locator(".search-status")).to_contain_text(none)
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")


def test_search_by_keyboard(page: Page) -> None:
    box = page.get_by_role("combobox")
    box.focus()
    page.keyboard.type("ciudad")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    options = page.get_by_role("option")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    name = options.nth(1).locator("bdi").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".card-popup h3")).to_have_text(name)
    expect(box).to_have_attribute("aria-expanded", "false")
    box.focus()
    page.keyboard.press("ArrowUp")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")
    expect(box).to_have_value("")


def test_filters_reach_map_lists_counts_and_address(page: Page, release: PublishedLayers) -> None:
    features = release.features("border")
    rivers = sum(feature["properties"]["nature"] == "river" for feature in features)
    page.locator(".filters > summary").click()
    page.locator("[id='filter-border.river']").uncheck()
    left = len(features) - rivers
    expect(page.locator("[data-layer=border] .count")).to_have_text(f"{left} of {len(features)}")
    page.locator("[data-layer=border] .list summary").click()
    expect(page.locator("[data-layer=border] .list button")).to_have_count(left)
    natures = page.evaluate(
        """() => Atlas.view.paths.get("border").filter((path) => Atlas.view.map.hasLayer(path))
          .flatMap((path) => path.features).map((feature) => feature.values.nature)"""
    )
    assert len(natures) == left
    assert "river" not in natures
    assert "without=border.river" in page.url
    assert not [text for text in _search(page, "suchiate") if "Border line" in text]
    page.locator("#filter-reset").click()
    expect(page.locator("[data-layer=border] .count")).to_have_text(str(len(features)))
    assert "without" not in page.url


def test_a_filtered_point_takes_its_name_and_circle_with_it(
    maps: Path, opener: Opener, release: PublishedLayers
) -> None:
    uncertain = sum(
        feature["geometry"]["type"] == "Point" and feature["properties"]["status"] != "open"
        for feature in release.features("crossings_formal")
    )
    page = opener(maps / "atlas.html", state="lang=en&map=11/14.96/-92.15&without=status.open").page
    expect(page.locator(".name-crossing", has_text="Talismán")).to_have_count(0)
    circles = page.evaluate(
        """() => Atlas.view.paths.get("crossings_formal")
          .filter((path) => !path.features && Atlas.view.map.hasLayer(path)).length"""
    )
    assert circles == uncertain
    assert page.locator(".filters").get_attribute("open") is not None


def test_a_shared_view_opens_as_it_was(maps: Path, opener: Opener) -> None:
    state = "lang=es&theme=dark&layers=border,facilities&map=8.5/17.2000/-91.0000&without=facilities.naval"
    page = opener(maps / "atlas.html", state=state).page
    shown = page.evaluate(
        "() => ({zoom: Atlas.view.map.getZoom(), lat: Atlas.view.map.getCenter().lat, "
        "shown: Atlas.view.layers.filter((l) => l.shown && l.group !== 'base').map((l) => l.name), "
        "kinds: [...new Set(Atlas.view.byName.get('facilities').features.filter((f) => !f.hidden)"
        ".map((f) => f.values.kind))]})"
    )
    assert shown["zoom"] == 8.5
    assert shown["lat"] == pytest.approx(17.2, abs=0.01)
    assert set(shown["shown"]) == {"border", "facilities"}
    assert shown["kinds"] == ["caitf"]
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("h1")).to_have_text("El atlas completo")


def test_an_address_edited_by_hand_and_the_way_back_are_followed(maps: Path, opener: Opener) -> None:
    opened = opener(maps / "atlas.html", state="lang=en&layers=border&map=8/15.0000/-92.0000")
    page = opened.page
    page.evaluate("() => { location.hash = 'lang=es&layers=municipalities&map=10/16/-91&without=border.river'; }")
    expect(page.locator("h1")).to_have_text("El atlas completo")
    assert page.locator("#show-municipalities").is_checked()
    assert not page.locator("#show-border").is_checked()
    assert page.evaluate("() => Atlas.view.map.getZoom()") == 10
    expect(page.locator("[data-layer=border] .count")).to_contain_text("de")
    page.go_back()
    expect(page.locator("h1")).to_have_text("The whole atlas")
    assert page.locator("#show-border").is_checked()
    assert page.evaluate("() => Atlas.view.map.getZoom()") == 8
    page.evaluate("() => { location.hash = 'map=x/y/z&layers=nothing&without=%E0%A4%A,a.b&lang=xx'; }")
    expect(page.locator("#show-border")).not_to_be_checked()
    assert opened.console == []


def test_the_skip_link_keeps_the_view(maps: Path, opener: Opener) -> None:
    page = opener(maps / "atlas.html", state="lang=en&layers=border").page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_focused()
    assert "layers=border" in page.url


@pytest.mark.parametrize(("language", "district"), [("en", "Belize District"), ("es", "Distrito de Belice")])
def test_departments_and_districts_are_named_in_the_readers_language(
    maps: Path, opener: Opener, language: str, district: str
) -> None:
    page = opener(maps / "atlas.html", state=f"lang={language}&map=8.5/16.9/-89.9").page
    names = set(page.locator(".name-region").all_inner_texts())
    assert {"Petén", "Cayo", district} <= names


# how many layers stand in the tree, and what of the still picture, when the map draws its first stroke
FIRST_STROKE = """for (const verb of ["stroke", "fill"]) {
  const plain = CanvasRenderingContext2D.prototype[verb];
  CanvasRenderingContext2D.prototype[verb] = function (...given) {
    if (this.canvas.closest(".leaflet-container")) {
      window.listed ??= document.querySelectorAll("#tree .layer").length;
      window.pictured ??= [...document.querySelectorAll(".picture [data-layer]:not([display])")].map(
        (one) => one.dataset.layer);
    }
    return plain.apply(this, given);
  };
}"""


# share of the ground's canvas that has been painted with land
INKED = """() => {
  const canvas = document.querySelector(".leaflet-ground-pane canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let inked = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i]) inked += 1;
  return inked / (data.length / 4);
}"""


def test_the_map_is_drawn_before_its_lists_and_loaded_with_them(maps: Path, opener: Opener) -> None:
    opened = opener(maps / "atlas.html", script=FIRST_STROKE)
    # at once, without waiting for anything
    listed, pictured, names, filters, left = opened.page.evaluate(
        """() => [window.listed, window.pictured, ...[".name", ".filters fieldset", "iframe, audio, .picture"].map(
             (what) => document.querySelectorAll(what).length)]"""
    )
    assert listed == 0
    # the ground stands in the still picture until the map draws it
    assert pictured == ["basemap"]
    assert names > 30
    assert filters > 5
    assert left == 0
    assert opened.page.evaluate(INKED) > 0.4
    assert not opened.console


def test_a_line_lies_on_the_pixels_where_leaflet_would_draw_it(page: Page) -> None:
    off = """() => ["municipalities", "border"].flatMap((name) => Atlas.view.paths.get(name)).filter((path) =>
      path.features).flatMap((path) => {
        const own = path.features[0].shape.kind === "a" ? L.polygon(path.features[0].shape.positions)
          : L.polyline(path.features[0].shape.positions);
        own.options.renderer = path.options.renderer;
        own.addTo(Atlas.view.map);
        const [theirs, ours] = [own.getBounds(), path.getBounds()].map((box) => box.toBBoxString());
        // its positions are whole pixels, ours are what they were rounded from
        const near = (some, { x, y }, far) => some.some((at) => Math.hypot(at.x - x, at.y - y) <= far);
        const [all, drawn] = [own._rings.flat(), path._rings.flat()];
        const strays = drawn.filter((at) => !near(all, at, Math.SQRT1_2));
        const gaps = all.filter((at) => !near(drawn, at, 1 + Math.SQRT1_2));
        own.remove();
        return [theirs === ours ? 0 : 1, strays.length, gaps.length];
      }).reduce((sum, count) => sum + count, 0)"""
    assert page.evaluate(off) == 0
    page.evaluate("() => { Atlas.view.map.setView([16.1, -91.5], 10, { animate: false }); }")
    assert page.evaluate(off) == 0


def test_a_drag_meets_no_empty_paper(page: Page) -> None:
    margins = """() => { const view = Atlas.view.map.getSize(); return [...document.querySelectorAll(
      ".leaflet-container canvas")].map((one) => one.getBoundingClientRect().width / view.x); }"""
    assert min(page.evaluate(margins)) > 1.5
