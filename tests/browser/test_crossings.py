"""The page of the crossings in a real browser: filters, counts, and dots that are not places."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
DOTS = "() => Atlas.dots.onScreen().map(({x, y}) => [x, y])"
SHOWN = """() => ["crossings_formal", "crossings_informal"].map((name) => new Set(Atlas.view.paths.get(name)
  .filter((path) => path.features && Atlas.view.map.hasLayer(path)).flatMap((path) => path.features)).size)"""


@pytest.fixture
def crossings(maps: Path, opener: Opener) -> Callable[..., Any]:
    return lambda state, **options: opener(maps / "crossings.html", state=state, **options)


# that it is silent and fits in either language at either size, test_pages.py shows of all pages
@pytest.mark.parametrize(
    ("language", "head", "warning", "size"),
    [("en", "Crossings", "Dots are not places", "desktop"), ("es", "Los cruces", "Los puntos no son lugares", "phone")],
)
def test_page_opens_silently_and_warns_on_the_map(
    crossings: Callable[..., Any], language: str, head: str, warning: str, size: str
) -> None:
    opened = crossings(f"lang={language}&dots=T06", size=size)
    expect(opened.page.locator("h1")).to_have_text(head)
    notice = opened.page.locator(".atlas-map .notice-dots")
    expect(notice).to_be_visible()
    expect(notice).to_contain_text(warning)
    expect(notice).to_contain_text("370")
    assert opened.page.evaluate("() => document.documentElement.scrollWidth") <= opened.page.viewport_size["width"]
    assert opened.console == []
    assert len(opened.requests) == 1


def test_filters_leave_what_they_say_and_are_kept_in_the_address(crossings: Callable[..., Any]) -> None:
    page: Page = crossings("lang=en").page
    assert page.evaluate(SHOWN) == [13, 5]
    page.get_by_label("Vehicles").select_option("true")
    assert page.evaluate(SHOWN) == [8, 0]
    expect(page.locator("#filter-said")).to_contain_text(
        "8 formal crossings, of 10 that sources list as open and 3 in doubt or closed; 1 of 8"
    )
    page.get_by_label("Formal or informal").select_option("informal")
    assert page.evaluate(SHOWN) == [0, 0]
    assert "vehicles=true" in page.url
    assert "form=informal" in page.url
    page.get_by_role("button", name="Show all").click()
    assert page.evaluate(SHOWN) == [13, 5]
    assert "vehicles" not in page.url


def test_an_address_with_filters_opens_filtered(crossings: Callable[..., Any]) -> None:
    page: Page = crossings("lang=es&kind=boat").page
    assert page.evaluate(SHOWN) == [2, 0]
    page.locator(".table-of > summary").first.click()
    expect(page.locator("#crossings-table tbody th")).to_have_text(
        ["Frontera Corozal", "La Unión"], use_inner_text=True
    )


def test_what_is_counted_for_a_state_is_listed_and_not_drawn(crossings: Callable[..., Any]) -> None:
    hatched = """() => Atlas.view.paths.get("crossings_informal")
      .filter((path) => Atlas.view.map.hasLayer(path) && path.options.hatch).length"""
    page: Page = crossings("lang=en&vehicles=true&form=informal").page
    assert page.evaluate(hatched) == 0
    expect(page.locator(".legend")).not_to_contain_text(["one of them used by vehicles"])
    page.locator(".table-of > summary").first.click()
    rows = page.locator("#crossings-table tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Chiapas: 2 informal crossings in published texts")
    expect(rows).to_contain_text("not drawn")
    expect(page.locator("#withheld")).to_contain_text("only counted here: 16")


def test_every_count_stands_there_as_printed(crossings: Callable[..., Any], repo: Path) -> None:
    with (repo / "geodata/evidence/crossings_totals.csv").open(encoding="utf-8", newline="") as stream:
        wanted = {r["total_id"]: r for r in csv.DictReader(stream) if r["total"] or r["vehicular"]}
    page: Page = crossings("lang=en").page
    rows = page.locator("tr[data-total]")
    assert rows.count() == len(wanted) == 18
    for row in rows.all():
        given = wanted[str(row.get_attribute("data-total"))]
        for kind in ("total", "vehicular"):
            cell = row.locator(f"td.{kind}").inner_text()
            figure = given[kind]
            hedge = f"{given['hedge']} " if given["hedge"] and kind == "total" else ""
            assert cell.startswith(f"{hedge}{int(figure):,}" if figure else "–")
        universe = row.locator("xpath=following-sibling::tr[1]").locator(".universe")
        expect(universe).to_have_text(given["universe"])
    assert page.locator("#counts-partial tr[data-total]").count() == 5
    expect(page.locator("#counts .warning")).to_contain_text("not a part of 370")
    expect(page.locator("#counts-whole")).to_contain_text("Given by Mexican Interior Ministry")
    expect(page.locator("#counts-whole")).to_contain_text("2014 (date inferred)")
    page.locator("button[data-total=T12]").click()
    popup = page.locator(".leaflet-popup .card-popup")
    expect(popup.locator("h3")).to_have_text("about 400 crossings, as published")
    expect(popup).to_contain_text("of which 97 % illegal")
    expect(popup).to_contain_text("Mexican Interior Ministry")


def test_focus_on_a_count_marks_its_stretch_and_enter_opens_it(crossings: Callable[..., Any]) -> None:
    page: Page = crossings("lang=es").page
    marks = (
        "() => { let n = 0; Atlas.view.map.eachLayer((one) => { if (one.options.weight === 12) n += 1; }); return n; }"
    )
    assert page.evaluate(marks) == 0
    page.locator("button[data-total=T08]").focus()
    assert page.evaluate(marks) == 1
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup .card-popup h3")).to_contain_text("56")


def test_there_are_as_many_dots_as_the_count_says_always_the_same(crossings: Callable[..., Any]) -> None:
    state = "lang=en&map=7/16.6/-90.6"
    page: Page = crossings(state).page
    assert page.evaluate("() => Atlas.dots.size") == 0
    expect(page.locator(".notice-dots")).to_be_hidden()
    box = page.get_by_label("Show a count as dots")
    box.focus()
    page.keyboard.press("Space")
    assert page.evaluate("() => Atlas.dots.size") == 370
    assert "dots=T06" in page.url
    first = page.evaluate(DOTS)
    assert crossings(f"{state}&dots=T06").page.evaluate(DOTS) == first
    page.get_by_label("Count that the dots stand for").select_option("T07")
    assert page.evaluate("() => Atlas.dots.size") == 704
    assert page.evaluate(DOTS)[:370] != first


def test_a_dot_keeps_away_from_formal_crossings_and_their_names(crossings: Callable[..., Any]) -> None:
    page: Page = crossings("lang=en&dots=T06&map=9/15.2/-92").page
    assert page.evaluate("() => Atlas.dots.size") == 370
    names, nearest = page.evaluate(
        """() => {
          const frame = document.querySelector(".atlas-map").getBoundingClientRect();
          const boxes = [...document.querySelectorAll(".name-crossing")].map((node) => node.getBoundingClientRect());
          const within = (x, y) => boxes.some((box) => x > box.left && x < box.right && y > box.top && y < box.bottom);
          const inside = Atlas.dots.onScreen().filter(({x, y}) => within(x + frame.left, y + frame.top));
          const formal = Atlas.view.byName.get("crossings_formal").features.filter(({shape}) => shape?.kind === "p");
          const far = Atlas.dots.onScreen().map((dot) => Atlas.view.map.containerPointToLatLng(dot)).map((at) =>
            Math.min(...formal.map(({shape}) => Atlas.view.map.distance(at, shape.positions[0]))));
          return [[boxes.length, inside.length], Math.min(...far)];
        }"""
    )
    assert names[0] > 0
    assert names[1] == 0
    assert nearest > 8_000


def test_a_dot_cannot_be_asked_and_is_gone_when_seen_close(
    crossings: Callable[..., Any], settled: Callable[[Page], None]
) -> None:
    page: Page = crossings("lang=en&layers=&dots=T06&map=8/16/-91.5").page
    x, y = next(at for at in page.evaluate(DOTS) if 80 < at[0] < 700 and 150 < at[1] < 700)
    frame = page.locator(".atlas-map").bounding_box()
    assert frame is not None
    page.mouse.click(frame["x"] + x, frame["y"] + y)
    settled(page)
    assert page.locator(".leaflet-popup").count() == 0
    page.evaluate("() => { Atlas.view.map.setZoom(11, {animate: false}); }")
    assert page.evaluate("() => Atlas.dots.size") == 0
    expect(page.locator(".notice-dots")).to_contain_text("none of the 370 is drawn")
