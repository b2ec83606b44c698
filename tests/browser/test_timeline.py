"""The timeline as a reader has it: kinds to choose, events to open and to lead to, tables to save."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.rounds import first

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
PAGE = "timeline.html"


@pytest.fixture(scope="session")
def written(repo: Path) -> list[dict[str, str]]:
    with (repo / "geodata" / "evidence" / "events.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(
    ("size", "language"), first([("desktop", "en"), ("phone", "es")], [("desktop", "es"), ("phone", "en")])
)
def test_each_event_is_seen_once_and_nothing_is_left_in_english(
    maps: Path, opener: Opener, written: list[dict[str, str]], language: str, size: str
) -> None:
    opened = opener(maps / PAGE, size=size, state=f"lang={language}")
    page = opened.page
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator(".event")).to_have_count(len(written))
    assert page.locator(".event summary .name").evaluate_all("(nodes) => nodes.every((node) => node.offsetHeight > 0)")
    assert len(set(page.locator(".event summary .name").all_inner_texts())) == len(written)
    assert "timeline." not in page.locator("body").inner_text()
    if language == "es":
        for event in page.locator(".event").all():
            event.evaluate("(node) => { node.open = true; }")
        # titles of sources stand in their own language
        ours = "main [lang=en]:not(.documents *):not(.event li *):visible"
        assert page.locator(ours).all_inner_texts() == []
    assert opened.console == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.parametrize(("size", "later", "years"), [("desktop", "2015", 15), ("phone", "2010", 10)])
def test_marks_lie_on_the_axis_over_the_years_that_they_mean(
    maps: Path, opener: Opener, size: str, later: str, years: int
) -> None:
    page = opener(maps / PAGE, size=size, state="lang=en").page
    places = page.evaluate(
        """(later) => {
          const x = (node) => { const box = node.getBoundingClientRect(); return [box.left, box.right]; };
          const named = [...document.querySelectorAll(".axis text")];
          const year = (text) => named.find((one) => one.textContent === text);
          const mark = (event, form) => document.querySelector(`#event-${event} .${form}`);
          const middle = (node) => { const [left, right] = x(node); return (left + right) / 2; };
          return { from: middle(year("2000")), to: middle(year(later)), plan: x(mark("plan_sur", "rise")),
            end: x(mark("plan_sur", "fall")), day: middle(mark("southern_border_programme", "day")) };
        }""",
        later,
    )
    each = (places["to"] - places["from"]) / years
    assert places["plan"][0] == pytest.approx(places["from"] + each, abs=1.5)
    assert places["end"][1] == pytest.approx(places["from"] + 4 * each, abs=1.5)
    assert places["day"] == pytest.approx(places["from"] + 14.5 * each, abs=2)


def test_kinds_are_chosen_by_keyboard_and_kept_in_the_address(
    maps: Path, opener: Opener, written: list[dict[str, str]]
) -> None:
    agreements = sum(row["kind"] == "agreement" for row in written)
    page = opener(maps / PAGE, state="lang=en").page
    page.locator("#kind-agreement").focus()
    page.keyboard.press("Space")
    expect(page.locator(".event:visible")).to_have_count(agreements)
    expect(page.locator("#status")).to_contain_text(f"{agreements} of {len(written)} ")
    assert "kind=agreement" in page.url
    page.get_by_role("button", name="ES").click()
    expect(page.locator("#status")).to_contain_text(f"{agreements} de {len(written)} ")
    page.locator("#reset").click()
    assert "kind=" not in page.url
    expect(page.locator(".lane:visible")).to_have_count(len({row["kind"] for row in written}))


def test_an_event_opens_by_keyboard_with_its_source_and_can_be_led_to(maps: Path, opener: Opener) -> None:
    page = opener(maps / PAGE, state="lang=en").page
    event = page.locator("#event-plan_sur")
    event.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(event.locator("dl")).to_be_visible()
    expect(event).to_contain_text("Ramos-García, Barrachina-Lisón, Ramos, Política, Globalidad y Ciudadanía 6(12)")
    expect(page).to_have_url(re.compile("event=plan_sur"))
    expect(event.locator("[data-event]")).to_have_attribute("href", re.compile("event=plan_sur"))
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("event="))


def test_an_address_shows_its_event_whatever_kinds_it_asks_for(maps: Path, opener: Opener) -> None:
    page = opener(maps / PAGE, state="lang=es&kind=cards&event=guard_presented").page
    event = page.locator("#event-guard_presented")
    expect(event.locator("dl")).to_be_visible()
    expect(event.locator("summary")).to_be_in_viewport()
    expect(event.locator(".name")).to_have_text("Presentación de la Guardia Nacional")
    assert page.evaluate("location.hash").count("event=") == 1
    page.goto(page.url.split("#")[0] + "#lang=es&event=nothing")
    expect(page.locator(".event:visible").first).to_be_visible()


def test_a_table_is_saved_as_it_stands_in_the_folder(maps: Path, opener: Opener, repo: Path) -> None:
    page = opener(maps / PAGE, state="lang=es").page
    for name in ("events", "institutions", "deployments", "flows"):
        with page.expect_download() as download:
            page.locator(f"[data-save={name}]").click()
        assert download.value.suggested_filename == f"{name}.csv"
        saved = Path(download.value.path()).read_text(encoding="utf-8")
        wanted = (repo / "geodata" / "evidence" / f"{name}.csv").read_text(encoding="utf-8")
        assert list(csv.reader(saved.splitlines())) == list(csv.reader(wanted.splitlines()))


def test_on_paper_every_event_is_open(maps: Path, opener: Opener) -> None:
    page = opener(maps / PAGE, state="lang=en").page
    assert page.locator(".event[open]").count() == 0
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".event:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".event[open]").count() == 0


@pytest.mark.parametrize("name", ["cards", "containment"])
def test_the_events_of_the_year_stand_beside_its_slider(maps: Path, opener: Opener, name: str) -> None:
    page = opener(maps / f"{name}.html", state="lang=en&year=2014").page
    events = page.locator("#events")
    expect(events).to_contain_text("Events of 2014")
    expect(events).to_contain_text("Southern Border Programme announced")
    expect(events).not_to_contain_text("Mérida")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(events).to_contain_text("Events of 2015")
    expect(events).not_to_contain_text("Southern Border Programme announced")
    page.get_by_role("button", name="ES").click()
    expect(events.locator("h3")).to_have_text("Acontecimientos de 2015")
    events.get_by_role("link", name="aumentan a más del doble").click()
    expect(page.locator("#event-raids_2014_2015 dl")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "es")
