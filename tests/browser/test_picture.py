"""The still picture stands exactly where the map will be, and is all there is where no script runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.rounds import first

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]

# notes the picture's place when it leaves the page
WATCH = """new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.removedNodes)
    if (node.classList?.contains("picture")) {
      window.still = { view: node.getAttribute("viewBox"),
        layers: [...node.querySelectorAll("g")].map((g) => g.dataset.layer) };
    }
}).observe(document, { childList: true, subtree: true });"""
# how many pixels three places of the border are off between picture and map
OFF = """() => {
  const [x, y, width, height] = still.view.split(" ").map(Number);
  const size = Atlas.view.map.getSize();
  const off = [[14.53, -92.2], [17.8, -91], [18.5, -88.3]].map(([lat, lon]) => {
    const live = Atlas.view.map.latLngToContainerPoint([lat, lon]);
    const south = (-Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) * 180) / Math.PI;
    return [((lon * 1000 - x) / width) * size.x - live.x, ((south * 1000 - y) / height) * size.y - live.y];
  });
  return Math.max(...off.flat().map(Math.abs));
}"""


FIRST_VIEWS = [
    ("atlas", ""),
    ("border", ""),
    ("checkpoints", ""),
    ("containment", ""),
    ("municipalities", ""),
    ("crossings", "map=9.3/16.5/-91"),
    ("atlas", "map=6/25/-80"),
]


@pytest.mark.parametrize(
    ("name", "state", "size"),
    first(
        [*((*view, "desktop") for view in FIRST_VIEWS), ("atlas", "", "phone"), ("atlas", "map=6/25/-80", "phone")],
        [(*view, "phone") for view in FIRST_VIEWS],
    ),
)
def test_the_picture_gives_way_without_a_jump(maps: Path, opener: Opener, name: str, state: str, size: str) -> None:
    page = opener(maps / f"{name}.html", size=size, state=state, script=WATCH).page
    expect(page.locator(".picture")).to_have_count(0)
    # Leaflet rounds the middle of the map to a whole pixel
    assert page.evaluate(OFF) <= 1


def test_a_shared_view_starts_with_its_own_layers(maps: Path, opener: Opener) -> None:
    page = opener(maps / "atlas.html", state="layers=corridor,facilities", script=WATCH).page
    expect(page.locator(".picture")).to_have_count(0)
    assert page.evaluate("() => still.layers") == ["basemap", "corridor"]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_without_scripts_a_page_shows_its_map_and_words(maps: Path, opener: Opener, size: str) -> None:
    page = opener(maps / "atlas.html", size=size, java_script_enabled=False).page
    expect(page.get_by_role("img", name="Picture of the map")).to_be_visible()
    expect(page.locator(".noscript [lang=es]")).to_be_visible()
    expect(page.locator(".noscript [lang=en]")).to_be_visible()
    expect(page.locator("#attribution li").first).to_be_visible()
    assert page.locator(".picture .t-border-river").bounding_box()
