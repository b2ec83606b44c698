"""The page of figures in time: the month that is asked for colours table, map and line together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opener = Callable[..., Any]
KNOWN = "() => [...new Set([...document.querySelectorAll('#places .known')].map((one) => one.dataset.place))]"


def test_a_month_colours_the_municipalities_that_have_a_figure_for_it(maps: Path, opener: Opener) -> None:
    page = opener(maps / "series.html", state="lang=en&month=2024-03").page
    assert page.evaluate(KNOWN) == ["07089"]
    assert "With a figure for this month: 1 of 23; the largest is 56,801" in page.inner_text("#places figcaption")
    assert page.locator("#places .strip .known").count() == 1
    page.evaluate("() => { location.hash = 'lang=en&month=2025-05'; }")
    page.wait_for_function("() => document.querySelector('#places .known')?.dataset.place === '27017'")
    # Centro has more and is not on the border
    assert "the largest is 10,154" in page.inner_text("#places figcaption")
    page.evaluate("() => { location.hash = 'lang=en&month=2019-06'; }")
    page.wait_for_function("() => !document.querySelector('#places .known')")
    assert "None of the 23 has a figure" in page.inner_text("#places figcaption")


def test_on_a_phone_the_month_is_in_view_beside_the_names(maps: Path, opener: Opener) -> None:
    page = opener(maps / "series.html", size="phone", state="lang=es&month=2025-05").page
    column = page.locator("#indicator-detention_events thead th.asked").last.bounding_box()
    name = page.locator("#indicator-detention_events tbody th").first.bounding_box()
    assert column
    assert name
    assert 0 <= name["x"] < column["x"] < page.viewport_size["width"]


def test_a_month_colours_the_panels_too_and_a_panel_leads_to_its_row(maps: Path, opener: Opener) -> None:
    page = opener(maps / "series.html", state="lang=es&indicator=asylum_applications&month=2024-02").page
    panels = page.locator("#indicator-asylum_applications .multiples figure")
    assert panels.first.locator("rect.asked title").inner_html() == "2024-01 – 2024-02: 10,738"
    panels.filter(has_text="Palenque").locator("a").click()
    row = page.locator("#indicator-asylum_applications tr.pointed")
    assert row.locator("th bdi").first.inner_text() == "Palenque"
    box = row.bounding_box()
    assert box
    assert 0 <= box["y"] < page.viewport_size["height"]
    # what was chosen is still in the address
    assert page.evaluate("location.hash") == "#lang=es&indicator=asylum_applications&month=2024-02"


def test_a_link_to_a_row_of_another_indicator_shows_that_one(maps: Path, opener: Opener) -> None:
    page = opener(maps / "series.html", state="figure-comar_2022_palenque").page
    assert page.locator("#indicator").input_value() == "asylum_applications"
    assert page.locator("#figure-comar_2022_palenque").is_visible()


def test_a_sheet_names_the_indicator_and_the_month_of_its_map(maps: Path, opener: Opener) -> None:
    page = opener(maps / "series.html", state="lang=es&month=2024-03").page
    page.emulate_media(media="print")
    assert page.locator("#indicator").is_visible()
    assert "marzo de 2024" in page.locator("#status").inner_text()
    assert not page.locator("#month").is_visible()
    assert page.locator(".multiples figure").first.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
