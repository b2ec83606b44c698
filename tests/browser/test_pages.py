"""Each page in a real browser, from a file, without a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from atlas.render import PAGES
from atlas.render.page_texts import FOLDER, read_catalogue

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
NAMES = [page.file for page in PAGES]


def title(name: str, language: str) -> str:
    key = f"page.{name.removesuffix('.html')}.title"
    return str(read_catalogue(FOLDER / f"{language}.json")[key])


# the language that a page opens in; the other is a tap away, and each page opens in both
OPENED_IN = {"desktop": ("en", "es"), "phone": ("es", "en")}


@pytest.mark.parametrize("size", OPENED_IN)
@pytest.mark.parametrize("name", NAMES)
def test_page_is_silent_in_both_languages_and_never_scrolls_sideways(
    maps: Path, opener: Opener, settled: Callable[[Page], None], name: str, size: str
) -> None:
    opened = opener(maps / name, size=size, state=f"lang={OPENED_IN[size][0]}")
    for tap, language in enumerate(OPENED_IN[size]):
        if tap:
            opened.page.locator(f"button[data-language={language}]").click()
        expect(opened.page.locator("h1")).to_have_text(title(name, language))
        assert opened.page.locator("html").get_attribute("lang") == language
        settled(opened.page)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert opened.page.evaluate(wide) == 0
    assert opened.console == []
    assert [url.split("#")[0] for url in opened.requests] == [(maps / name).as_uri()]


@pytest.mark.parametrize(("locale", "language"), [("es-GT", "es"), ("en-GB", "en"), ("fr-FR", "en")])
def test_language_follows_the_browser(maps: Path, opener: Opener, locale: str, language: str) -> None:
    opened = opener(maps / "index.html", locale=locale)
    expect(opened.page.locator("html")).to_have_attribute("lang", language)


def test_language_switch_is_kept_in_the_address_and_carried_on(maps: Path, opener: Opener) -> None:
    page = opener(maps / "index.html", state="lang=en").page
    page.get_by_role("button", name="ES").click()
    expect(page.locator("h1")).to_have_text("La frontera sur de México")
    assert "lang=es" in page.url
    page.get_by_role("link", name="El atlas completo").click()
    expect(page.locator("h1")).to_have_text("El atlas completo")
    expect(page.get_by_label("Acercar", exact=True)).to_be_visible()
    page.get_by_role("button", name="EN").click()
    expect(page.locator("h1")).to_have_text("The whole atlas")
    expect(page.get_by_label("Zoom in", exact=True)).to_be_visible()


def test_theme_follows_the_system_and_the_button(maps: Path, opener: Opener) -> None:
    page = opener(maps / "atlas.html", color_scheme="dark").page
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert "theme=light" in page.url


def test_every_layer_has_its_features_and_its_count(maps: Path, opener: Opener, expected: Mapping[str, int]) -> None:
    page = opener(maps / "atlas.html", state="lang=en").page
    held = page.evaluate(
        "() => Object.fromEntries(Atlas.view.layers.map((layer) => [layer.name, layer.features.length]))"
    )
    assert held == expected
    count = page.locator("[data-layer=crossings_formal] .count").inner_text()
    assert count == "10 open, 3 in doubt or closed"
    for name in expected.keys() - {"basemap", "crossings_formal"}:
        assert page.locator(f"[data-layer={name}] .count").inner_text() == f"{expected[name]:,}"


def test_layers_can_be_switched_and_the_view_is_kept_in_the_address(maps: Path, opener: Opener) -> None:
    page = opener(maps / "atlas.html", state="lang=en&layers=border&map=9/15.2/-92.1").page
    box = page.get_by_label("Border municipalities")
    expect(box).not_to_be_checked()
    box.check()
    on_map = "() => Atlas.view.paths.get('municipalities').every((path) => Atlas.view.map.hasLayer(path))"
    assert page.evaluate(on_map)
    assert "layers=municipalities,border" in page.url
    box.uncheck()
    assert not page.evaluate(on_map)
    assert page.evaluate("() => Atlas.view.map.getZoom()") == 9


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize(("language", "sources"), [("en", "Sources"), ("es", "Fuentes")])
def test_popup_says_what_it_is_and_names_its_sources(
    maps: Path, opener: Opener, language: str, sources: str, size: str
) -> None:
    view = f"lang={language}&map=11/14.96/-92.15"
    page = opener(maps / "atlas.html", size=size, state=view, reduced_motion="reduce").page
    at = page.evaluate(
        """() => {
          const paths = Atlas.view.paths.get("crossings_formal");
          const path = paths.find((one) => one.features?.[0].values.name === "Talismán");
          const point = Atlas.view.map.latLngToContainerPoint(path.getLatLng());
          const box = Atlas.view.map.getContainer().getBoundingClientRect();
          return [box.left + point.x, box.top + point.y];
        }"""
    )
    page.mouse.click(*at)
    card = page.locator(".leaflet-popup .card-popup")
    expect(card.locator("h3")).to_have_text("Talismán")
    expect(card.locator("h4").first).to_have_text(sources)
    assert card.locator(".sources li").count() >= 2
    assert card.locator("dt").count() >= 3
    frame = page.locator(".atlas-map").bounding_box()
    popup = page.locator(".leaflet-popup-content-wrapper")
    shown = popup.bounding_box()
    assert frame is not None
    assert shown is not None
    assert shown["x"] >= frame["x"]
    assert shown["y"] >= frame["y"]
    assert shown["x"] + shown["width"] <= frame["x"] + frame["width"]


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_the_map_keeps_still_for_who_asks_for_less_motion(
    maps: Path, opener: Opener, motion: str, *, moves: bool
) -> None:
    page = opener(maps / "atlas.html", state="lang=en", reduced_motion=motion).page
    before, after, fading, panning = page.evaluate(
        """async () => {
          const frame = () => new Promise((done) => requestAnimationFrame(done));
          const { map, paths } = Atlas.view;
          const before = map.getZoom();
          document.querySelector(".leaflet-control-zoom-in").click();
          paths.get("crossings_formal")[0].fire("click", { latlng: paths.get("crossings_formal")[0].getLatLng() });
          await frame();
          await frame();
          const zoomed = map.getZoom();
          const fading = map._animatingZoom || document.getAnimations().length > 0;
          map.panBy([40, 0]);
          return [before, zoomed, fading, map._panAnim?._inProgress];
        }"""
    )
    assert bool(fading) == bool(panning) == moves
    assert moves or after == before + 1


def test_names_that_share_a_stretch_are_all_there(maps: Path, opener: Opener) -> None:
    page = opener(maps / "atlas.html", state="lang=en").page
    page.evaluate(
        """() => {
          const path = Atlas.view.paths.get("checkpoints").find((one) => one.features.length > 2);
          const line = path.getLatLngs()[0];
          Atlas.view.map.setView(line[Math.floor(line.length / 2)], 12, {animate: false});
          Atlas.view.ask(line[Math.floor(line.length / 2)]);
        }"""
    )
    also = page.locator(".also button")
    assert also.count() >= 2
    name = also.first.locator("bdi").inner_text()
    also.first.click()
    expect(page.locator(".card-popup h3")).to_have_text(name)


def test_no_informal_crossing_is_drawn_as_a_point(maps: Path, opener: Opener) -> None:
    page = opener(maps / "atlas.html").page
    kinds = page.evaluate(
        """() => [...new Set(["crossings_informal", "crossings_vehicular"].flatMap((name) =>
          Atlas.view.layers.find((layer) => layer.name === name).features
            .filter((feature) => feature.values.formality !== "formal" && feature.shape)
            .map((feature) => feature.shape.kind)))]"""
    )
    assert kinds == ["l"]


def test_list_opens_a_feature_by_keyboard(maps: Path, opener: Opener) -> None:
    page = opener(maps / "atlas.html", state="lang=en").page
    summary = page.locator("[data-layer=municipalities] .list summary")
    entry = page.locator("[data-layer=municipalities] .list button").first
    summary.focus()
    page.keyboard.press("Enter")
    # the list is filled after it opens
    expect(entry).to_be_visible()
    for _ in range(3):
        if entry.evaluate("(node) => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(entry).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup .card-popup h3")).to_be_visible()


def test_sheet_opens_and_closes_on_a_phone(maps: Path, opener: Opener) -> None:
    page = opener(maps / "atlas.html", size="phone", state="lang=es").page
    handle = page.get_by_role("button", name="Capas y leyenda")
    expect(page.locator("#panel-body")).not_to_be_visible()
    handle.tap()
    expect(page.locator("#panel-body")).to_be_visible()
    expect(handle).to_have_attribute("aria-expanded", "true")
    handle.tap()
    expect(page.locator("#panel-body")).not_to_be_visible()


@pytest.mark.parametrize("state", ["", "map=9.5/14.9/-92.2", "map=7/17/-91&layers=crossings_reported,containment"])
def test_no_two_names_lie_on_each_other(maps: Path, opener: Opener, state: str) -> None:
    page = opener(maps / "atlas.html", state=f"lang=es&{state}").page
    boxes = page.evaluate(
        """() => [...document.querySelectorAll(".name")].map((node) => {
          const range = document.createRange();
          range.selectNodeContents(node);
          const {left, top, right, bottom} = range.getBoundingClientRect();
          return [node.textContent, left, top + 2, right, bottom - 2];
        })"""
    )
    assert len(boxes) > 5
    clashes = [
        (a[0], b[0])
        for index, a in enumerate(boxes)
        for b in boxes[index + 1 :]
        if a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]
    ]
    assert clashes == []


CONTROLS = """() => {
  const canvas = document.createElement("canvas").getContext("2d");
  const plain = (colour) => Object.assign(canvas, { fillStyle: colour }).fillStyle;
  const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
  const drawn = [...document.querySelectorAll("input, select, progress, meter")];
  return [drawn.length, [...new Set(drawn.map((one) => plain(getComputedStyle(one).accentColor) === plain(accent)))]];
}"""


@pytest.mark.parametrize("name", ["series.html", "timeline.html", "cards.html", "atlas.html", "annotate.html"])
def test_native_controls_have_the_colour_of_the_page(maps: Path, opener: Opener, name: str) -> None:
    page = opener(maps / name).page
    for theme in ("light", "dark"):
        page.evaluate("(theme) => document.documentElement.setAttribute('data-theme', theme)", theme)
        count, coloured = page.evaluate(CONTROLS)
        assert count
        assert coloured == [True], theme
    # where the system has colours of its own, they stay
    page.emulate_media(forced_colors="active")
    systems = "() => [...document.querySelectorAll('input')].map((one) => getComputedStyle(one).accentColor)"
    assert set(page.evaluate(systems)) == {"auto"}
    page.emulate_media(forced_colors="none")
