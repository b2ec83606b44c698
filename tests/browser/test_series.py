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
    assert "1 of 23 have a figure for this month; the largest is 56,801" in page.inner_text("#places figcaption")
    assert page.locator("#places .strip .known").count() == 1
    page.evaluate("() => { location.hash = 'lang=en&month=2025-05'; }")
    page.wait_for_function("() => document.querySelector('#places .known')?.dataset.place === '27017'")
    # Centro has more and is not on the border
    assert "the largest is 10,154" in page.inner_text("#places figcaption")
    page.evaluate("() => { location.hash = 'lang=en&month=2019-06'; }")
    page.wait_for_function("() => !document.querySelector('#places .known')")
    assert "0 of 23" in page.inner_text("#places figcaption")


def test_on_a_phone_the_month_is_in_view_beside_the_names(maps: Path, opener: Opener) -> None:
    page = opener(maps / "series.html", size="phone", state="lang=es&month=2025-05").page
    column = page.locator("#indicator-detention_events thead th.asked").last.bounding_box()
    name = page.locator("#indicator-detention_events tbody th").first.bounding_box()
    assert column
    assert name
    assert 0 <= name["x"] < column["x"] < page.viewport_size["width"]
