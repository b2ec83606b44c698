"""A user's own file in a real browser: hostile strings stay strings, every shape is drawn, a notebook shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

import atlas
from atlas.pipeline.notebook import MapView
from atlas.published import PublishedLayers
from atlas.render import render_layer, render_page

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
HOSTILE = (
    "<img src=x onerror=\"document.title='run'\"></script><script>document.title='run'</script>"
    "${7*7}`{{7*7}}{name}\u2028\u202eabc"
)
FIELDS = [HOSTILE, "__proto__", "constructor", "source_ids", "x_share", "note"]


@pytest.fixture(scope="module")
def user_page(release: PublishedLayers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    attack = {name: f"{HOSTILE}{number or ''}" for number, name in enumerate(FIELDS)}
    shapes = [
        {"type": "MultiPoint", "coordinates": [[-91, 16], [-91.5, 16.5]]},
        {"type": "LineString", "coordinates": [[-92, 15], [-90, 17]]},
        {"type": "Polygon", "coordinates": [[[-91, 17], [-90, 17], [-90, 18], [-91, 17]]]},
        None,
    ]
    features = [{"type": "Feature", "geometry": shape, "properties": attack} for shape in shapes]
    path = folder / "<b>{name} ${x}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    html, _ = render_layer(path, release=release, fields=FIELDS)
    (folder / "own.html").write_bytes(html)
    return folder / "own.html"


@pytest.mark.parametrize("language", ["en", "es"])
def test_hostile_properties_and_names_render_literally(user_page: Path, opener: Opener, language: str) -> None:
    opened = opener(user_page, state=f"lang={language}")
    page = opened.page
    expect(page.locator("h1")).to_have_text("<b>{name} ${x}.geojson")
    expect(page.locator("[data-layer=own] .count")).to_have_text("4")
    page.get_by_role("combobox").fill("onerror")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(4)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    card = page.locator(".card-popup")
    expect(card.locator("h3")).to_contain_text("<img src=x onerror=")
    expect(card.locator("dt").first).to_contain_text("__proto__")
    assert card.locator("img, script, a").count() == 0
    assert "run" not in page.title()
    assert opened.console == []
    assert len(opened.requests) == 1


def test_every_shape_is_on_the_map(user_page: Path, opener: Opener) -> None:
    page = opener(user_page, state="lang=en").page
    drawn = page.evaluate(
        """() => Atlas.view.paths.get("own").filter((path) => Atlas.view.map.hasLayer(path))
          .map((path) => path.features[0].shape.kind)"""
    )
    assert sorted(drawn) == ["a", "l", "p", "p"]
    assert page.locator("[data-layer=own] .legend li").count() == 3


def test_an_empty_file_opens_silently(release: PublishedLayers, tmp_path: Path, opener: Opener) -> None:
    (tmp_path / "e.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    (tmp_path / "e.html").write_bytes(render_layer(tmp_path / "e.geojson", release=release)[0])
    opened = opener(tmp_path / "e.html", state="lang=es")
    expect(opened.page.locator(".notes")).to_contain_text("no hay nada que dibujar")
    assert opened.console == []


def test_tiles_ask_one_server_and_say_so(
    release: PublishedLayers, tmp_path: Path, opener: Opener, until: Callable[..., None]
) -> None:
    (tmp_path / "t.html").write_bytes(render_page(release, "atlas", tiles="OpenStreetMap.Mapnik"))
    opened = opener(tmp_path / "t.html", state="lang=es")
    notice = opened.page.locator(".tiles-notice")
    expect(notice.first).to_contain_text("tile.openstreetmap.org")
    expect(notice.nth(1)).to_contain_text("rechaza las páginas abiertas desde un archivo")
    expect(opened.page.locator(".about")).not_to_contain_text("no descarga nada de internet")
    expect(opened.page.locator(".tiles-credit")).to_contain_text("OpenStreetMap contributors")
    until(opened.page, lambda: any(url.startswith("http") for url in opened.requests))
    opened.page.wait_for_timeout(500)
    asked = {url.split("/")[2] for url in opened.requests if url.startswith("http")}
    assert asked == {"tile.openstreetmap.org"}
    assert not [line for line in opened.console if "Content Security Policy" in line]


def test_a_notebook_shows_a_page_in_a_frame_of_its_own(repo: Path, browser: Browser) -> None:
    view = atlas.open(repo).map("municipalities")
    assert isinstance(view, MapView)
    context = browser.new_context(offline=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content(f"<!DOCTYPE html><title>notebook</title>{view._repr_html_()}")
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_have_text("The border municipalities")
    frame.get_by_role("button", name="ES").click()
    expect(frame.locator("html")).to_have_attribute("lang", "es")
    frame.get_by_role("button", name="Claro u oscuro").click()
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    context.close()
    assert faults == []


def test_thousands_of_points_are_one_drawing_that_can_be_asked_filtered_and_listed(
    release: PublishedLayers, tmp_path: Path, opener: Opener
) -> None:
    count = 6000
    # a lattice, plainly nobody's places
    points = [[-92.5 + 0.05 * (i % 100), 14.6 + 0.05 * (i // 100)] for i in range(count)]
    features = [
        {"type": "Feature", "properties": {"name": f"point {i}"}, "geometry": {"type": "Point", "coordinates": at}}
        for i, at in enumerate(points)
    ]
    source = tmp_path / "lattice.geojson"
    source.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    path = tmp_path / "lattice.html"
    path.write_bytes(render_layer(source, release=release)[0])
    opened = opener(path, state="lang=en&map=12/15.6/-91.0")
    page = opened.page
    assert page.evaluate("() => Atlas.view.paths.get('own').length") == 1
    wanted = 100 * 20 + 30
    at = page.evaluate(
        "([lon, lat]) => { const p = Atlas.view.map.latLngToContainerPoint([lat, lon]);"
        "const b = Atlas.view.map.getContainer().getBoundingClientRect(); return [p.x + b.x, p.y + b.y]; }",
        points[wanted],
    )
    page.mouse.click(*at)
    expect(page.locator(".card-popup h3")).to_have_text(f"point {wanted}")
    page.locator("[data-layer=own] .list summary").click()
    rows = page.locator("[data-layer=own] .list ol > li")
    expect(rows).to_have_count(501)
    rows.last.get_by_role("button").click()
    expect(rows).to_have_count(1001)
    page.locator("#show-own").uncheck()
    expect(page.locator(".leaflet-cloud-pane canvas")).to_have_count(0)
    assert opened.console == []
