"""The first note on a small phone: few taps, nothing to scroll, and never more exact than there was to see."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.rounds import first

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
SIZE = {"width": 360, "height": 740}
PLACE = {"latitude": 14.912345, "longitude": -92.212345, "accuracy": 8.4}
MOST_TAPS = 4
WAYS = (("en", "es"), ("gps", "map"), ("informal_crossing", "other"))
# each two of language, way and category once
EACH_TWO = [
    ("en", "gps", "informal_crossing"),
    ("en", "map", "other"),
    ("es", "gps", "other"),
    ("es", "map", "informal_crossing"),
]
# whether a finger finds all of it without scrolling, and nothing else lies over it
IN_SIGHT = """(node) => {
  const box = node.getBoundingClientRect();
  const inside = box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return inside && (node.contains(hit) || hit?.contains(node) || hit?.labels?.[0] === node);
}"""


# how much of the map is to be seen above the sheet
MAP_LEFT = """() => document.getElementById("pointing").getBoundingClientRect().top
  - document.querySelector(".stage").getBoundingClientRect().top"""


class Thumb:
    """Taps what is in sight, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, selector: str) -> None:
        target = self.page.locator(selector)
        expect(target).to_be_enabled()
        self.rest(target)
        assert target.evaluate(IN_SIGHT), f"{selector} is not in sight"
        box = target.bounding_box()
        assert box is not None
        self.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.taps += 1

    def rest(self, target: Locator) -> None:
        """No finger is faster than a sheet that opens."""
        before = None
        while (box := target.bounding_box()) != before:
            before = box
            self.page.wait_for_timeout(120)


def opened(maps: Path, opener: Opener, fieldwork: ModuleType, language: str = "en", **options: Any) -> Page:
    page: Page = opener(maps / "annotate.html", size="phone", state=f"lang={language}", **options).page
    page.set_viewport_size(SIZE)  # type: ignore[arg-type]
    return fieldwork.ready(page)  # type: ignore[no-any-return]


def values(page: Page) -> dict[str, Any]:
    record: dict[str, Any] = page.evaluate(
        "() => Atlas.notes.notebook.state(Atlas.notes.filter.apply().matches[0]).values"
    )
    return record


@pytest.mark.parametrize(("language", "how", "category"), first(EACH_TWO, product(*WAYS)))
def test_four_taps_and_no_scrolling(  # noqa: PLR0913, PLR0917 - each way in each language
    maps: Path, opener: Opener, fieldwork: ModuleType, language: str, how: str, category: str
) -> None:
    page = opened(maps, opener, fieldwork, language, geolocation=PLACE, permissions=["geolocation"])
    thumb = Thumb(page)
    thumb.tap("#add")
    thumb.tap("#locate-gps" if how == "gps" else "#pointing-use")
    thumb.tap(f"label[for=field-category-{0 if category == 'informal_crossing' else 10}]")
    thumb.tap("#save-not_asked")
    expect(page.locator("#editor")).to_be_hidden()
    assert thumb.taps <= MOST_TAPS
    assert page.evaluate("() => document.getElementById('panel-body').scrollTop + scrollY") == 0
    record = values(page)
    assert (record["category"], record["consent"], record["position_basis"]) == (category, "not_asked", how)
    assert record["sensitivity"] == "restricted"
    if how == "gps":
        assert record["geometry"]["coordinates"] == [PLACE["longitude"], PLACE["latitude"]]
        assert record["coordinateUncertaintyInMeters"] == 9


def test_the_form_has_at_most_two_screens_before_more(maps: Path, opener: Opener, fieldwork: ModuleType) -> None:
    for language in ("en", "es"):
        page = opened(maps, opener, fieldwork, language)
        page.locator("#add").click()
        page.locator("#pointing-use").click()
        Thumb(page).rest(page.locator(".editor-save"))
        high = page.evaluate(
            """() => document.querySelector("details.more").getBoundingClientRect().top
              - document.getElementById("editor").getBoundingClientRect().top"""
        )
        room = page.locator("#panel-body").evaluate("(node) => node.clientHeight")
        assert high <= 2 * room, language


def test_pointing_at_an_empty_map_is_as_exact_as_the_base_map(
    maps: Path, opener: Opener, fieldwork: ModuleType
) -> None:
    page = opened(maps, opener, fieldwork)
    ground = page.evaluate("() => JSON.parse(document.getElementById('atlas-accuracy').textContent)")
    assert ground["basemap"] > ground["border_reaches"] > 10

    def metres(lat: float, lon: float, zoom: int) -> float:
        look = "([lat, lon, zoom]) => { Atlas.view.map.setView([lat, lon], zoom, {animate: false}); }"
        page.evaluate(look, [lat, lon, zoom])
        radius: float = page.evaluate("() => Atlas.notes.sight.metres(Atlas.view.map.getCenter())")
        return radius

    assert metres(16.75, -93.12, 18) == ground["basemap"]
    lat, lon = page.evaluate("() => Atlas.view.byName.get('border_reaches').features[3].shape.positions[0][0]")
    page.evaluate("() => { Atlas.view.toggle(Atlas.view.byName.get('border_reaches'), true); }")
    assert metres(lat, lon, 18) == ground["border_reaches"]
    # a fingertip that covers more counts
    assert metres(lat, lon, 7) > ground["basemap"]


def test_the_own_position_is_a_dot_while_it_is_measured(maps: Path, opener: Opener, fieldwork: ModuleType) -> None:
    page = opened(maps, opener, fieldwork, geolocation=PLACE, permissions=["geolocation"])
    before = page.locator(".leaflet-overlay-pane path").count()
    page.locator("#add").click()
    expect(page.locator("#locate-gps")).to_have_text("Take this position (± 9 m)")
    assert page.locator(".leaflet-overlay-pane path").count() == before + 2
    # on its side there is a map to point at, and text twice as large pushes nothing out of reach
    page.set_viewport_size({"width": 740, "height": 360})
    assert page.evaluate(MAP_LEFT) >= 100
    page.set_viewport_size(SIZE)  # type: ignore[arg-type]
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    assert page.locator("#locate-gps").evaluate(IN_SIGHT)
    assert page.locator("#pointing").evaluate("(bar) => bar.scrollWidth <= bar.clientWidth")
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    page.locator("#pointing-cancel").click()
    assert page.locator(".leaflet-overlay-pane path").count() == before
    # whoever answered nothing began no note
    expect(page.locator("#editor")).to_be_hidden()
    assert page.evaluate("() => Atlas.notes.storage.drafts()") == []


@pytest.mark.parametrize("accuracy", [0])
def test_a_position_without_accuracy_gets_none(
    maps: Path, opener: Opener, fieldwork: ModuleType, accuracy: float
) -> None:
    place = {**PLACE, "accuracy": accuracy}
    page = opened(maps, opener, fieldwork, geolocation=place, permissions=["geolocation"])
    page.locator("#add").click()
    expect(page.locator("#locating-live")).to_contain_text("without saying how exact")
    page.locator("#locate-gps").click()
    page.locator("input[name=field-category][value=hazard]").check()
    fieldwork.save(page)
    assert values(page).get("coordinateUncertaintyInMeters") is None


def test_photos_are_taken_with_one_button(maps: Path, opener: Opener, fieldwork: ModuleType) -> None:
    page = opened(maps, opener, fieldwork)
    page.locator("#add").click()
    page.locator("#pointing-use").click()
    camera = page.get_by_label("Take a photo")
    assert camera.get_attribute("capture") == "environment"
