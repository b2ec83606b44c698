"""The instruments of a map of one's own in a real browser: time, table, chart, distances, copies, keyboard, axe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from atlas.admission.published_atlas import PublishedAtlas
from atlas.cartography.composition import Composition, Join, MapLayer, Style, bilingual
from atlas.render import render_composition
from tools import node

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opener = Callable[..., Any]
RATES = "cvegeo,rate,year,note\n07089,1.50,2020,=1+1\n07015,10,2020,</b>\n07089,20,2021,x\n07015,3,2021,y\n"


@pytest.fixture(scope="module")
def page_file(release: PublishedAtlas, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("instruments")
    (folder / "rates.csv").write_text(RATES, encoding="utf-8")
    style = Style("rate", time="year", label="name", hatch=True)
    layer = MapLayer(folder / "rates.csv", style, popup=("name", "note"), join=Join("municipalities", "cvegeo"))
    texts = {"title": bilingual({"en": "Rates <b>", "es": "Tasas <b>"}, "title"), "credit": bilingual("Ana", "credit")}
    html, _ = render_composition(Composition((layer,), texts, (bilingual("INM", "source"),)), release=release)
    (folder / "own.html").write_bytes(html)
    return folder / "own.html"


def _unfold(page: Any) -> None:
    page.evaluate(
        """() => {
          const handle = document.getElementById("handle");
          if (handle && handle.offsetParent && handle.getAttribute("aria-expanded") === "false") handle.click();
          for (const fold of document.querySelectorAll("details")) fold.open = true;
        }"""
    )


def test_time_goes_by_slider_and_link_and_the_table_follows(page_file: Path, opener: Opener) -> None:
    opened = opener(page_file, state="lang=en&time=2020")
    page = opened.page
    expect(page.locator(".own-step")).to_have_text("2020")
    _unfold(page)
    rows = page.locator(".own-table tbody tr")
    expect(rows).to_have_count(23)
    page.get_by_label("Only rows with").fill("tapachula")
    expect(rows).to_have_count(1)
    # as it was written
    expect(rows.first).to_contain_text("1.50")
    page.locator("#own-step").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".own-step")).to_have_text("2021")
    expect(rows.first).to_contain_text("20")
    assert "time=2021" in page.url
    expect(page.locator(".own-multiples figure")).to_have_count(2)
    expect(page.locator(".own-sides figure")).to_have_count(2)
    page.get_by_label("Only rows with").fill("")
    page.locator(".own-table thead button").nth(2).click()
    expect(page.locator(".own-table thead th").nth(2)).to_have_attribute("aria-sort", "ascending")
    expect(page.locator(".own-bars li")).not_to_have_count(0)
    assert opened.console == []
    assert len(opened.requests) == 1


def test_table_and_drawings_are_saved_as_they_stand(page_file: Path, opener: Opener, tmp_path: Path) -> None:
    opened = opener(page_file, state="lang=es&time=2021")
    page = opened.page
    _unfold(page)

    def saved(button: str) -> bytes:
        with page.expect_download() as given:
            page.get_by_role("button", name=button).first.click()
        path = tmp_path / str(given.value.suggested_filename)
        given.value.save_as(path)
        return path.read_bytes()

    table = saved("Guardar la tabla como CSV").decode()
    assert table.startswith("name,note,")
    assert "Tapachula,x,20,2021" in table
    drawing = saved("Guardar el mapa como SVG").decode()
    assert "Tasas &lt;b&gt;" in drawing
    assert "<pattern" in drawing
    assert "INM" in drawing
    assert saved("Guardar el mapa como PNG").startswith(b"\x89PNG")
    assert page.locator("#map-cite").input_value().startswith("Ana: Tasas <b>. ")
    assert 'title="Tasas &lt;b&gt;"' in page.locator("#map-embed").input_value()
    assert opened.console == []


def test_a_link_opens_a_feature_and_distances_are_measured(page_file: Path, opener: Opener) -> None:
    opened = opener(page_file, state="lang=en&time=2021&feature=own/2")
    page = opened.page
    expect(page.locator(".card-popup h3")).not_to_have_text("")
    _unfold(page)
    assert page.evaluate("() => Math.round(Atlas.measure.distance([0, 0], [0, 1]))") == 111319
    for place in ("[14.55, -92.2]", "[18.4, -88.5]"):
        page.evaluate(f"() => void Atlas.view.map.setView({place}, 9, {{animate: false}})")
        page.get_by_role("button", name="Mark the middle of the map").click()
    expect(page.locator("#map-measure [role=status]")).to_contain_text("Along the border line, from km")
    expect(page.locator("#map-measure [role=status]")).to_contain_text("Straight: 5")
    assert opened.console == []


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(
    page_file: Path, opener: Opener, repo: Path, size: str
) -> None:
    page = opener(page_file, size=size, state="lang=en&theme=light", reduced_motion="reduce").page
    _unfold(page)
    page.evaluate((node.packages(repo / "web") / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    for language, theme in (("en", "light"), ("es", "dark")):
        page.evaluate("([l, t]) => { location.hash = `lang=${l}&theme=${t}`; }", [language, theme])
        page.locator(f"html[data-theme={theme}]").wait_for(state="attached")
        _unfold(page)
        violations = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        faults = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in violations if one["impact"] != "minor"]
        assert faults == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
