"""What lies under the layers: no paper beyond the sheet in a first view, and in close views names on their own side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import Page, expect

from atlas.published import PublishedLayers
from tests.rounds import first

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
MAP_PAGES = ("atlas", "border", "municipalities", "crossings", "checkpoints", "containment", "annotate")
# how many pixels of the map lie beyond each edge of the sheet
BLANK = """() => {
  const { map } = Atlas.view;
  const [west, south, east, north] = document.querySelector(".atlas-map").dataset.sheet.split(",").map(Number);
  const [first, last] = [map.latLngToContainerPoint([north, west]), map.latLngToContainerPoint([south, east])];
  const size = map.getSize();
  return [first.x, first.y, size.x - last.x, size.y - last.y];
}"""
# the map itself is nothing to bring back from a page
SHOW = "([zoom, lat, lon]) => { Atlas.view.map.setView([lat, lon], zoom, { animate: false }); }"
# names on the map by kind, with the middle and the corners of their words in degrees
NAMES = """() => {
  const { map } = Atlas.view;
  const frame = map.getContainer().getBoundingClientRect();
  const degrees = (x, y) => {
    const { lat, lng } = map.containerPointToLatLng([x - frame.left, y - frame.top]);
    return [lng, lat];
  };
  return [...document.querySelectorAll(".name")].map((node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [node.className.replace("name name-", ""), node.textContent, degrees((left + right) / 2, (top + bottom) / 2),
      [[left, top], [right, top], [right, bottom], [left, bottom]].map(([x, y]) => degrees(x, y))];
  });
}"""
# zoom, latitude and longitude of a place on the line, and the country on the other side
VIEWS = [
    *((zoom, 14.68, -92.145, "GUATEMALA", "Suchiate") for zoom in (9, 10, 11, 12, 13, 14)),
    *((zoom, 16.87, -90.93, "GUATEMALA", None) for zoom in (9, 11, 13)),
    *((zoom, 17.8157, -90.2, "GUATEMALA", None) for zoom in (9, 12, 14)),
    *((zoom, 18.3, -88.58, "BELICE", None) for zoom in (9, 10, 12, 14)),
]


@pytest.mark.parametrize(
    ("name", "size"),
    first(
        [*((name, "desktop") for name in MAP_PAGES), ("border", "phone"), ("annotate", "phone")],
        [(name, "phone") for name in MAP_PAGES],
    ),
)
def test_a_first_view_has_no_blank_margin(maps: Path, opener: Opener, name: str, size: str) -> None:
    page = opener(maps / f"{name}.html", size=size, state="lang=es").page
    expect(page.locator(".picture")).to_have_count(0)
    assert max(page.evaluate(BLANK)) <= 1


@pytest.mark.parametrize(("width", "height"), first([(1366, 768), (1920, 940)], [(1600, 900), (1920, 1080)]))
@pytest.mark.parametrize("name", ["border", "containment"])
def test_a_wide_window_has_no_blank_margin(maps: Path, opener: Opener, name: str, width: int, height: int) -> None:
    page = opener(maps / "index.html").page
    page.set_viewport_size({"width": width, "height": height})
    page.goto((maps / f"{name}.html").as_uri())
    expect(page.locator(".picture")).to_have_count(0)
    assert max(page.evaluate(BLANK)) <= 1


@pytest.fixture
def sides(release: PublishedLayers) -> tuple[Any, Any]:
    shapes = {
        feature["properties"]["kind"]: shapely.geometry.shape(feature["geometry"])
        for feature in release.features("basemap")
        if feature["properties"]["kind"].startswith("land_")
    }
    return shapes["land_mexico"], shapes["land_neighbours"]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_both_countries_and_the_river_are_named_in_close_views(
    maps: Path, opener: Opener, sides: tuple[Any, Any], size: str
) -> None:
    page = opener(maps / "atlas.html", size=size, state="lang=es&layers=border").page
    expect(page.locator(".picture")).to_have_count(0)
    faults = []
    for zoom, lat, lon, beyond, river in VIEWS:
        page.evaluate(SHOW, [zoom, lat, lon])
        names = page.evaluate(NAMES)
        countries = {text: middle for kind, text, middle, _ in names if kind == "country"}
        rivers = {text for kind, text, *_ in names if kind == "river"}
        where = f"{zoom}/{lat}/{lon}: {sorted(countries)} {sorted(rivers)}"
        if not {"MÉXICO", beyond} <= countries.keys() or (river and river not in rivers):
            faults.append(where)
        for text, middle in countries.items():
            if sides[text != "MÉXICO"].distance(shapely.Point(middle)) > 0:
                faults.append(f"{where}: {text} stands on the wrong side")
    assert faults == []


@pytest.mark.parametrize("view", ["9/14.9/-92.2", "10/14.75/-92.2", "9/16.5/-91.2", "9/18.2/-88.8"])
def test_the_name_of_a_municipality_does_not_cross_the_line(
    maps: Path, opener: Opener, release: PublishedLayers, view: str
) -> None:
    page = opener(maps / "atlas.html", state=f"lang=en&map={view}").page
    expect(page.locator(".picture")).to_have_count(0)
    line = shapely.union_all([shapely.geometry.shape(feature["geometry"]) for feature in release.features("border")])
    names = [(text, shapely.Polygon(box)) for kind, text, _, box in page.evaluate(NAMES) if kind == "municipality"]
    assert names
    # the words' box has some air, and the line on the screen is thinned
    assert [text for text, box in names if line.intersects(box.buffer(-0.1 * box.length / 4))] == []


def test_towns_beside_the_line_are_named_on_the_other_side_too(maps: Path, opener: Opener) -> None:
    page = opener(maps / "atlas.html", state="lang=es&layers=border&map=10.5/18.3/-88.5").page
    expect(page.locator(".picture")).to_have_count(0)
    assert {"Corozal", "Orange Walk"} <= {text for _, text, *_ in page.evaluate(NAMES)}
    page.evaluate(SHOW, [12, 14.68, -92.13])
    assert "Ciudad Tecún Umán" in {text for _, text, *_ in page.evaluate(NAMES)}


def test_capitals_are_marked(maps: Path, opener: Opener) -> None:
    page = opener(maps / "containment.html", state="lang=en&map=7/15.5/-89.5").page
    expect(page.locator(".picture")).to_have_count(0)
    expect(page.locator(".name-capital", has_text="Belmopan")).to_be_visible()
    assert page.locator(".dot-capital").count() >= 2


def _search(page: Page, text: str) -> None:
    page.get_by_role("combobox").fill(text)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_after_a_search_the_card_has_the_focus_and_escape_closes_it(maps: Path, opener: Opener) -> None:
    page = opener(maps / "atlas.html", state="lang=en", reduced_motion="reduce").page
    _search(page, "metapa")
    expect(page.locator(".leaflet-popup-content")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(page.get_by_role("combobox")).to_be_focused()
    # without a card, the key still empties the field
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox")).to_have_value("")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", ["atlas", "crossings"])
def test_no_capital_stands_on_the_name_of_a_country(maps: Path, opener: Opener, name: str, language: str) -> None:
    page = opener(maps / f"{name}.html", size="phone", state=f"lang={language}").page
    page.set_viewport_size({"width": 360, "height": 740})
    page.reload()
    expect(page.locator(".picture")).to_have_count(0)
    met = page.evaluate(
        """() => [".dot-capital", ".name-country"].map((kind) => [...document.querySelectorAll(kind)].map((node) =>
             node.getBoundingClientRect())).reduce((dots, names) => [dots.length, dots.filter((dot) =>
             names.some((name) => name.left < dot.right && dot.left < name.right && name.top < dot.bottom &&
             dot.top < name.bottom)).length])"""
    )
    assert met[0] > 0
    assert met[1] == 0
