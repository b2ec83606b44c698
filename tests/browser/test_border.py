"""The line in a real browser: strip and map follow each other, and rulers measure what Python measures."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from atlas.geometry.ruler import walk
from atlas.published import PublishedLayers
from atlas.render.build_context import BuildContext
from atlas.render.pages.border import WHOLE, parts_of

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
CURSOR_KM = "() => Atlas.border.strip.km"


@pytest.fixture(scope="module")
def lines(release: PublishedLayers) -> dict[str, np.ndarray]:
    parts = parts_of(BuildContext(release))
    guatemala, belize = parts.values()
    return {**parts, WHOLE: np.vstack([guatemala, belize[1:]])}


def _at(page: Page, km: float) -> tuple[float, float]:
    """Where a kilometre lies on the strip, in pixels of the window."""
    x, y = page.evaluate(
        """(km) => {
          const rects = [...document.querySelectorAll("[data-band=neighbour] rect")];
          const [first, last] = [rects[0], rects.at(-1)].map((one) => one.getBoundingClientRect());
          return [first.left + ((last.right - first.left) * km) / Atlas.border.lines.both.length, first.top + 5];
        }""",
        km,
    )
    return x, y


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "km 690.0 · Tenosique, Tabasco · parallel · Guatemala"),
        ("es", "km 690.0 · Tenosique, Tabasco · paralelo · Guatemala"),
    ],
)
def test_a_kilometre_in_the_address_is_told_and_shown(maps: Path, opener: Opener, language: str, words: str) -> None:
    opened = opener(maps / "border.html", state=f"lang={language}&km=690")
    expect(opened.page.locator(".strip-line")).to_have_text(words)
    expect(opened.page.locator(".line-cursor")).to_be_visible()
    assert opened.console == []


def test_the_pointer_on_the_strip_moves_the_cursor_on_the_map(maps: Path, opener: Opener) -> None:
    page = opener(maps / "border.html", state="lang=en").page
    page.mouse.move(*_at(page, 412))
    expect(page.locator(".strip-line")).to_contain_text("Benemérito de las Américas, Chiapas · river Salinas")
    assert page.evaluate(CURSOR_KM) == pytest.approx(412, abs=2)
    ring = page.locator(".line-cursor").bounding_box()
    place = page.evaluate(
        """() => {
          const box = Atlas.view.map.getContainer().getBoundingClientRect();
          const point = Atlas.view.map.latLngToContainerPoint(Atlas.border.lines.both.at(Atlas.border.strip.km));
          return [box.left + point.x, box.top + point.y];
        }"""
    )
    assert ring["x"] + ring["width"] / 2 == pytest.approx(place[0], abs=1.5)
    assert ring["y"] + ring["height"] / 2 == pytest.approx(place[1], abs=1.5)
    page.mouse.down()
    page.mouse.up()
    expect(page.locator(".card-popup h3")).to_contain_text("Salinas")
    expect(page).to_have_url(re.compile(r"[#&]km=41\d\."))


def test_the_pointer_on_the_map_moves_the_cursor_on_the_strip(maps: Path, opener: Opener) -> None:
    page = opener(maps / "border.html", state="lang=en").page
    at = page.evaluate(
        """() => {
          const box = Atlas.view.map.getContainer().getBoundingClientRect();
          const point = Atlas.view.map.latLngToContainerPoint(Atlas.border.lines.both.at(850));
          return [box.left + point.x, box.top + point.y];
        }"""
    )
    page.mouse.move(at[0], at[1] + 6)
    assert page.evaluate(CURSOR_KM) == pytest.approx(850, abs=3)
    expect(page.locator(".strip-line")).to_contain_text("Calakmul, Campeche · parallel · Guatemala")
    marked = page.locator(".strip-item.marked > title")
    assert marked.count() >= 1


def test_keys_move_the_cursor_by_one_ten_and_to_the_ends(maps: Path, opener: Opener) -> None:
    page = opener(maps / "border.html", state="lang=en&km=100").page
    strip = page.get_by_role("slider", name="The border, straightened")
    strip.focus()
    for key, km in (("ArrowRight", 101), ("Shift+ArrowRight", 111), ("ArrowLeft", 110), ("Home", 0)):
        page.keyboard.press(key)
        assert page.evaluate(CURSOR_KM) == pytest.approx(km)
    page.keyboard.press("End")
    expect(strip).to_have_attribute("aria-valuenow", "1158.4")
    page.keyboard.press("Enter")
    expect(page.locator(".card-popup h3")).to_contain_text("Hondo")


def test_a_tap_on_the_strip_opens_the_card_and_a_card_rings_its_band(maps: Path, opener: Opener) -> None:
    page = opener(maps / "border.html", size="phone", state="lang=es").page
    page.locator("[data-band=formal] .strip-item", has_text="Nuevo Orizaba").first.locator("circle").tap()
    expect(page.locator(".card-popup h3")).to_have_text("Nuevo Orizaba")
    expect(page.locator(".strip-item.marked > title")).to_have_text(["Nuevo Orizaba"])


def test_no_two_labels_of_the_strip_lie_on_each_other(maps: Path, opener: Opener) -> None:
    for size, language in (("desktop", "en"), ("phone", "es")):
        page = opener(maps / "border.html", size=size, state=f"lang={language}").page
        clashes = page.evaluate(
            """() => {
              const boxes = [...document.querySelectorAll(".strip-scroll [data-band] text")]
                .map((node) => [node.textContent, node.getBoundingClientRect()]);
              return boxes.flatMap(([name, a], i) => boxes.slice(i + 1).filter(([, b]) =>
                a.left + 1 < b.right && b.left + 1 < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
                .map(([other]) => [name, other]));
            }"""
        )
        assert clashes == []


def test_the_strip_scrolls_sideways_on_a_phone_and_the_page_does_not(maps: Path, opener: Opener) -> None:
    page = opener(maps / "border.html", size="phone", state="lang=es&km=1100").page
    wide = "(node) => [node.scrollWidth > node.clientWidth * 2, node.scrollLeft > 100]"
    assert page.locator(".strip-scroll").evaluate(wide) == [True, True]
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_the_saved_strip_is_a_drawing_of_its_own(maps: Path, opener: Opener, tmp_path: Path) -> None:
    opened = opener(maps / "border.html", state="lang=es&km=412")
    with opened.page.expect_download() as download:
        opened.page.get_by_role("button", name="Guardar SVG").click()
    assert download.value.suggested_filename == "border-strip.svg"
    download.value.save_as(tmp_path / "strip.svg")
    tree = ET.parse(tmp_path / "strip.svg")  # noqa: S314 - written by the page under test
    texts = [node.text for node in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "La frontera, desplegada en línea recta"
    assert "Nuevo Orizaba" in texts
    assert "var(" not in (tmp_path / "strip.svg").read_text(encoding="utf-8")
    assert opened.console == []
    assert [url for url in opened.requests if not url.startswith(("file:", "blob:"))] == []


@pytest.mark.parametrize("part", ["GTM", "BLZ", WHOLE])
def test_the_ruler_measures_what_python_measures(maps: Path, opener: Opener, lines: Any, part: str) -> None:
    page = opener(maps / "border.html", state="lang=en").page
    stops = page.evaluate("() => Atlas.ruler.STOPS")
    curve = page.evaluate("(part) => Atlas.ruler.curve(part)", part)
    for index in range(0, len(stops), 9):
        assert curve[index] == pytest.approx(walk(lines[part], ruler_m=stops[index]).length_km, rel=1e-4)
    assert curve[0] == pytest.approx(page.evaluate("(part) => Atlas.border.lines[part].length", part), rel=0.005)


def test_the_range_of_rulers_for_869_km_is_the_measured_one(maps: Path, opener: Opener, lines: Any) -> None:
    page = opener(maps / "border.html", state="lang=en").page
    low, high = page.evaluate("() => Atlas.ruler.range('GTM', 869)")
    rulers = np.arange(2_400, 3_800, 10.0)
    lengths = np.array([walk(lines["GTM"], ruler_m=ruler).length_km for ruler in rulers])
    assert (low, high) == (rulers[lengths <= 869][0], rulers[lengths >= 869][-1])
    finding = page.locator("#ruler-finding")
    expect(finding).to_contain_text("from about 2.6 km to 3.5 km give")
    expect(finding).to_contain_text("A ruler of 2.5 km gives 882 km, 13 km more")


def test_the_slider_redraws_the_line_and_is_kept_in_the_address(maps: Path, opener: Opener) -> None:
    page = opener(maps / "border.html", state="lang=en&ruler=GTM/10000").page
    expect(page.locator("#ruler-result strong")).to_have_text("816.7 km")
    drawn = "() => Atlas.ruler.drawn.getLayers()[0]?.getLatLngs().length ?? 0"
    assert page.evaluate(drawn) == 83
    slider = page.get_by_role("slider", name="Length of the ruler")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#ruler-length-out")).to_have_text("10.6 km")
    page.get_by_role("radio", name="Belize").check()
    expect(page).to_have_url(re.compile("ruler=BLZ/10600"))
    page.get_by_label("Draw its line on the map").uncheck()
    assert page.evaluate(drawn) == 0


def test_the_tables_hold_every_stretch_and_every_published_length(
    maps: Path, opener: Opener, release: PublishedLayers
) -> None:
    page = opener(maps / "border.html", state="lang=es").page
    assert page.locator("#segments-table tbody tr").count() == release.record("border")["feature_count"]
    page.locator("#segments summary").click()
    page.get_by_role("button", name="km 351.5: mostrar este tramo en el mapa").click()
    assert page.evaluate(CURSOR_KM) == pytest.approx(351.469)
    expect(page.locator(".card-popup h3")).to_contain_text("Salinas")
    rows = page.locator("#lengths tbody tr")
    expect(rows.filter(has_text="970").first).to_contain_text("ninguna")
    assert rows.count() >= 15
    bound = rows.filter(has_text="Stanford University Press")
    expect(bound).to_contain_text("más de 869")
    expect(rows.filter(has_text="Allison Fedirka")).to_contain_text("2019 (fecha inferida)")
