"""The corridor as a reader uses it: strip, map and tables answer together; a choice holds for all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from atlas.published import PublishedLayers

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
Posts = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def posts(release: PublishedLayers) -> Posts:
    return {feature["id"]: feature["properties"] for feature in release.features("checkpoints")}


def listed(page: Page) -> list[str]:
    return page.locator(".posts button").all_inner_texts()


def ringed(page: Page) -> list[str]:
    return page.locator(".strip-item.marked text").all_text_contents()


def test_tables_hold_every_post_with_its_interval(maps: Path, opener: Opener, posts: Posts) -> None:
    page = opener(maps / "checkpoints.html", state="lang=en").page
    assert sorted(listed(page)) == sorted(post["name"] for post in posts.values())
    for post in posts.values():
        if post["chainage_from_km"] is None:
            continue
        row = page.locator("#posts-on tbody", has=page.get_by_role("button", name=post["name"], exact=True))
        interval = f"{post['chainage_from_km']:.1f} – {post['chainage_to_km']:.1f}"
        expect(row.locator(".number").first).to_have_text(interval)
        expect(row.get_by_text("readings disagree")).to_have_count(int(post["readings_disagree"]))


def test_no_two_posts_or_labels_lie_on_each_other_on_the_strip(maps: Path, opener: Opener) -> None:
    page = opener(maps / "checkpoints.html", state="lang=es").page
    boxes = page.evaluate(
        """() => [...document.querySelectorAll(".strip-item")].flatMap((item) =>
          [...item.querySelectorAll("text, rect:not(.strip-ground)")].map((node) => {
            const {left, top, right, bottom} = node.getBoundingClientRect();
            return [node.textContent, left + 1, top + 2, right - 1, bottom - 2];
          }))"""
    )
    assert len(boxes) > 20
    clashes = [
        (a[0], b[0])
        for index, a in enumerate(boxes)
        for b in boxes[index + 1 :]
        if a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]
    ]
    assert clashes == []


def test_arrow_keys_on_the_strip_light_up_posts_on_map_and_table(maps: Path, opener: Opener, posts: Posts) -> None:
    opened = opener(maps / "checkpoints.html", state="lang=en")
    page = opened.page
    page.locator(".strip-scroll").focus()
    page.keyboard.press("Home")
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".strip-line")).to_contain_text("km 20.0")
    there = {
        p["name"]
        for p in posts.values()
        if p["chainage_from_km"] is not None and p["chainage_from_km"] <= 20 <= p["chainage_to_km"]
    }
    assert set(page.locator(".posts .under button").all_inner_texts()) == there
    assert len(ringed(page)) == len(there)
    at = page.evaluate(
        """() => {
          let found;
          Atlas.view.map.eachLayer((one) => { if (one.options.radius === 6) found = one.getLatLng(); });
          return [found.lat, found.lng];
        }"""
    )
    assert at == pytest.approx([15.02, -92.4], abs=0.1)
    page.keyboard.press("Enter")
    expect(page.locator(".card-popup h3")).to_be_visible()
    assert opened.console == []


def test_pointing_at_a_post_on_the_map_rings_it_on_the_strip(
    maps: Path, opener: Opener, until: Callable[..., None]
) -> None:
    page = opener(maps / "checkpoints.html", state="lang=en").page
    at = page.evaluate(
        """() => {
          const named = (one) => one.features?.[0].values.name;
          const path = Atlas.view.paths.get("checkpoints").find((one) => named(one) === "Mapastepec");
          const middle = path.getBounds().getCenter();
          const box = Atlas.view.map.getContainer().getBoundingClientRect();
          const point = Atlas.view.map.latLngToContainerPoint(middle);
          return [box.left + point.x, box.top + point.y];
        }"""
    )
    page.mouse.move(at[0] - 30, at[1])
    page.mouse.move(*at, steps=4)
    until(page, lambda: len(ringed(page)) > 0)
    assert len(ringed(page)) == 1
    assert ringed(page)[0].startswith("Mapastepec")
    expect(page.locator(".strip-line")).to_contain_text("Mapastepec")


def test_a_choice_holds_for_map_strip_and_tables_and_stays_in_the_address(
    maps: Path, opener: Opener, posts: Posts
) -> None:
    page = opener(maps / "checkpoints.html", state="lang=en").page
    page.get_by_label("Unknown").uncheck()
    page.locator("#agency").select_option("National Guard")
    wanted = {p["name"] for p in posts.values() if p["fixity"] != "unknown" and "National Guard" in p["agency"]}
    assert set(listed(page)) == wanted
    hidden = (
        "() => Atlas.view.byName.get('checkpoints').features.filter((one) => !one.hidden).map((one) => one.values.name)"
    )
    assert set(page.evaluate(hidden)) == wanted
    assert page.locator("[data-band=posts] .strip-item").count() == len(wanted) - 1
    expect(page.locator("#status")).to_have_text(f"{len(wanted)} of {len(posts)} posts")
    assert "fixity=fixed,mobile" in page.url
    page.reload()
    assert set(listed(page)) == wanted
    expect(page.get_by_label("Unknown")).not_to_be_checked()
    page.locator("#year").select_option("2021")
    assert set(listed(page)) == {"Tapachula–Metapa road"}
    page.get_by_role("button", name="Show all").click()
    assert len(listed(page)) == len(posts)
    assert "fixity" not in page.url


def test_a_row_opens_its_post_by_keyboard(maps: Path, opener: Opener) -> None:
    page = opener(maps / "checkpoints.html", state="lang=es").page
    page.get_by_role("button", name="Tapanatepec").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".card-popup h3")).to_have_text("Tapanatepec")


# that it is silent and fits in either language at either size, test_pages.py shows of all pages
@pytest.mark.parametrize(("language", "size"), [("en", "desktop"), ("es", "phone")])
def test_page_opens_silently_on_the_whole_corridor(maps: Path, opener: Opener, language: str, size: str) -> None:
    opened = opener(maps / "checkpoints.html", size=size, state=f"lang={language}")
    page = opened.page
    expect(page.locator("html")).to_have_attribute("lang", language)
    inside = """() => Atlas.view.byName.get("corridor").features
      .every(({shape}) => Atlas.view.map.getBounds().contains(shape.positions[0]))"""
    assert page.evaluate(inside)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert opened.console == []
    assert len(opened.requests) == 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_strip_shows_all_its_towns_without_scrolling(maps: Path, opener: Opener, language: str) -> None:
    page = opener(maps / "checkpoints.html", state=f"lang={language}").page
    expect(page.locator(".picture")).to_have_count(0)
    hidden = page.evaluate(
        """() => { const scroller = document.querySelector(".strip-scroll");
             return scroller.scrollHeight - scroller.clientHeight; }"""
    )
    assert hidden <= 0
