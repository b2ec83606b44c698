"""What leaves the screen: printed pages, and layers saved from a page that has nothing beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from atlas.pipeline.notebook import MapView

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
PRINT = "(when) => window.dispatchEvent(new Event(when))"
# share of the ground's canvas that is darker than any colour of the light theme
DARK = """() => {
  const canvas = document.querySelector(".leaflet-ground-pane canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0, all = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) { all += 1; dark += data[i] < 90; }
  return dark / all;
}"""


@pytest.fixture
def border(maps: Path, opener: Opener) -> Page:
    page: Page = opener(maps / "border.html", state="lang=en&theme=dark&map=9/16.5/-91.2").page
    expect(page.locator(".picture")).to_have_count(0)
    return page


def test_closed_tables_are_printed_and_closed_again(border: Page) -> None:
    closed = border.locator("details:not([open]):has(table)")
    before = closed.count()
    assert before
    border.evaluate(PRINT, "beforeprint")
    expect(closed).to_have_count(0)
    border.evaluate(PRINT, "afterprint")
    expect(closed).to_have_count(before)


def test_a_dark_map_is_light_on_paper_at_once(border: Page) -> None:
    assert border.evaluate(DARK) > 0.5
    # no frame passes between the event and the look at the canvas
    light = border.evaluate(f"() => {{ window.dispatchEvent(new Event('beforeprint')); return ({DARK})(); }}")
    assert light < 0.1
    border.evaluate(PRINT, "afterprint")


def test_printing_leaves_view_and_address_as_they_were(border: Page) -> None:
    view = "() => [Atlas.view.map.getZoom(), Atlas.view.map.getCenter().lat.toFixed(3), location.hash]"
    before = border.evaluate(view)
    border.evaluate(PRINT, "beforeprint")
    size = border.evaluate("() => Atlas.view.map.getSize().x")
    assert size == pytest.approx(18 / 2.54 * 96, abs=2)
    border.evaluate(PRINT, "afterprint")
    assert border.evaluate(view) == before


@pytest.mark.parametrize("layer", ["border", "municipalities", "crossings_formal", "crossings_informal", "checkpoints"])
def test_a_layer_can_be_saved_from_the_page_alone(
    maps: Path, opener: Opener, expected: Mapping[str, int], layer: str
) -> None:
    page = opener(maps / "atlas.html", state="lang=en").page
    page.locator(f"[data-layer={layer}] .what summary").click()
    with page.expect_download() as waiting:
        page.locator(f"[data-layer={layer}] .save").click()
    assert waiting.value.suggested_filename == f"{layer}.geojson"
    saved = json.loads(Path(waiting.value.path()).read_text("utf-8"))
    assert len(saved["features"]) == expected[layer]
    assert saved["licence"]
    kinds = {feature["geometry"]["type"] for feature in saved["features"] if feature["geometry"]}
    assert kinds
    if layer == "crossings_informal":
        assert kinds <= {"LineString", "MultiLineString"}
    west, south = _first(next(f["geometry"]["coordinates"] for f in saved["features"] if f["geometry"]))
    assert -99 < west < -86
    assert 13 < south < 22


def test_a_layer_can_be_saved_from_the_frame_in_a_notebook(
    maps: Path, opener: Opener, expected: Mapping[str, int], tmp_path: Path
) -> None:
    view = MapView("border", (maps / "border.html").read_bytes())
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!doctype html><title>notebook</title>{view._repr_html_()}", encoding="utf-8")
    page = opener(notebook).page
    frame = page.frame_locator("iframe")
    frame.locator("[data-layer=border] .what summary").click()
    with page.expect_download() as waiting:
        frame.locator("[data-layer=border] .save").click()
    assert len(json.loads(Path(waiting.value.path()).read_text("utf-8"))["features"]) == expected["border"]


def _first(coordinates: Any) -> list[float]:
    while isinstance(coordinates[0], list):
        coordinates = coordinates[0]
    return coordinates
