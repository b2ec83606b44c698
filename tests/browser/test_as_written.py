"""What a user wrote is what a reader reads: digits, capitals and names stay as they are in the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import atlas
from atlas.published import PublishedLayers
from atlas.render import render_field_page, render_layer
from tests.rounds import first

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
# JSON by field: what stands behind the colon in the file
NUMBERS = {
    "tasa": "0.0004", "lat": "14.123456", "p": "0.00049", "year": "2019", "mass": "6.02e23", "price": "1.50",
    "small": "1e-7", "large": "12345678901234567890", "odd": "9007199254740993", "nothing": "-0", "count": "1234567",
    "_share": "0.25", "x_share": "0.123456", "coordinateUncertaintyInMeters": "1234.5",
}  # fmt: skip
OTHERS = {
    "clave": ('"007"', "007"),
    "fecha": ('"2021-03-09"', "2021-03-09"),
    "as_of": ('"2021-03"', "2021-03"),
    "confidence": ('"reported"', "reported"),
    "chainage": ('"km 12"', "km 12"),
    "is_open": ("true", "true"),
    "shut": ("false", "false"),
    "list": ('["a", 1.50, null]', '["a", 1.50, null]'),
    "deep": ('{"b": 1E5}', '{"b": 1E5}'),
    "spaced": ('"two  spaces"', "two  spaces"),
    "of_the_atlas": ('"National Guard"', "National Guard"),
}
EXPECTED = {**NUMBERS, **{name: shown for name, (_, shown) in OTHERS.items()}}
TITLE = "de la Cruz"


def _file(path: Path, *features: str) -> Path:
    """A file of points with these members, written to the letter."""
    place = '"geometry": {"type": "Point", "coordinates": [-92.1, 15.0]}'
    rows = ",".join(f'{{"type": "Feature", "properties": {{{members}}}, {place}}}' for members in features)
    path.write_text(f'{{"type": "FeatureCollection", "features": [{rows}]}}', encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    values = {"name": json.dumps(TITLE), **NUMBERS, **{name: text for name, (text, _) in OTHERS.items()}}
    members = ", ".join(f"{json.dumps(name)}: {text}" for name, text in values.items())
    return _file(tmp_path_factory.mktemp("written") / "mine.geojson", members)


@pytest.fixture(scope="module")
def page_file(source: Path, release: PublishedLayers) -> Path:
    path = source.with_name("own.html")
    path.write_bytes(render_layer(source, release=release, fields=["name", *EXPECTED])[0])
    return path


def _listed(page: Page, size: str) -> None:
    if size == "phone":
        page.locator("#handle").click()
    page.locator("[data-layer=own] .list summary").click()


# heads and values as a reader sees them, capitals of a style sheet and all
_FACTS = """() => {
  const raised = (node) => getComputedStyle(node, "::first-letter").textTransform === "uppercase";
  const seen = (node) => node.innerText.replace(/^./u, (first) => (raised(node) ? first.toUpperCase() : first));
  return [...document.querySelectorAll(".card-popup dt")].map((head) => [seen(head), seen(head.nextElementSibling)]);
}"""


@pytest.mark.parametrize(
    ("size", "language"), first([("desktop", "en"), ("phone", "es")], [("desktop", "es"), ("phone", "en")])
)
def test_a_card_shows_what_the_file_says(page_file: Path, opener: Opener, language: str, size: str) -> None:
    opened = opener(page_file, size=size, state=f"lang={language}")
    page = opened.page
    _listed(page, size)
    entry = page.locator("[data-layer=own] .list ol button")
    expect(entry).to_have_text(f"{TITLE} {NUMBERS['tasa']} · {NUMBERS['lat']}")
    entry.click()
    heading = page.locator(".card-popup h3")
    expect(heading).to_have_text(TITLE)
    for part in (".card-popup h3", ".card-popup h3 bdi"):
        transform = "(node) => getComputedStyle(node, '::first-letter').textTransform"
        assert page.locator(part).evaluate(transform) == "none"
    assert dict(page.evaluate(_FACTS)) == EXPECTED
    assert opened.console == []


def test_a_search_finds_and_shows_the_digits_of_the_file(page_file: Path, opener: Opener) -> None:
    page = opener(page_file, state="lang=es").page
    page.get_by_role("combobox").fill("cruz")
    option = page.get_by_role("option").first
    expect(option).to_contain_text(TITLE)
    expect(option).to_contain_text("0.0004")


def test_a_number_that_names_a_feature_stays_as_it_is(tmp_path: Path, release: PublishedLayers, opener: Opener) -> None:
    source = _file(tmp_path / "n.geojson", '"name": 2019.50, "same": 2019.50')
    (tmp_path / "n.html").write_bytes(render_layer(source, release=release, fields=["name", "same"])[0])
    page = opener(tmp_path / "n.html", state="lang=en").page
    page.get_by_role("combobox").fill("2019.5")
    page.get_by_role("listbox").get_by_role("option").click()
    expect(page.locator(".card-popup h3")).to_have_text("2019.50")
    assert page.evaluate(_FACTS) == [["same", "2019.50"]]


def test_a_saved_layer_has_the_digits_of_the_file(page_file: Path, opener: Opener) -> None:
    page = opener(page_file, state="lang=en").page
    page.locator("[data-layer=own] .what summary").click()
    with page.expect_download() as waiting:
        page.locator("[data-layer=own] .save").click()
    text = Path(waiting.value.path()).read_text("utf-8")
    assert json.loads(text)["features"][0]["properties"]["name"] == TITLE
    for name, digits in NUMBERS.items():
        assert f"{json.dumps(name)}:{digits}," in text


def test_a_notebook_shows_the_digits_of_the_file(repo: Path, source: Path, browser: Browser) -> None:
    view = atlas.open(repo).map(layer=source, fields=["name", "price", "year"])
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.set_content(f"<!DOCTYPE html><title>notebook</title>{view._repr_html_()}")
    frame = page.frame_locator("iframe")
    frame.locator("[data-layer=own] .list summary").click()
    expect(frame.locator("[data-layer=own] .list ol button")).to_have_text(f"{TITLE} 1.50 · 2019")
    context.close()


def test_a_map_in_a_folded_cell_of_a_notebook_is_there_when_it_unfolds(
    repo: Path, source: Path, browser: Browser
) -> None:
    view = atlas.open(repo).map(layer=source, fields=["name"])
    context = browser.new_context(offline=True)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content(f"<!DOCTYPE html><title>n</title><div id=cell style='display: none'>{view._repr_html_()}</div>")
    page.evaluate("() => { document.getElementById('cell').style.display = 'block'; }")
    frame = page.frame_locator("iframe")
    expect(frame.locator("[data-layer=own] .list summary")).to_be_visible()
    # the whole of what it shows is in sight, in the size that it has now
    expect(frame.locator(".atlas-map")).to_be_visible()
    sees = "() => Atlas.view.map.getSize().x > 300 && Atlas.view.map.getBounds().contains([15, -92.1])"
    page.frames[-1].wait_for_function(sees)
    assert faults == []
    context.close()


def test_a_teams_layer_under_its_notes_has_names_as_written(
    release: PublishedLayers, tmp_path: Path, opener: Opener
) -> None:
    names = {"1.50": "1.50", "true": "true", '"de la Cruz"': "de la Cruz", '["x"]': '["x"]', "0": "0"}
    source = _file(tmp_path / "mine.geojson", *(f'"name": {name}' for name in names))
    (tmp_path / "field.html").write_bytes(render_field_page(release, layers=[source]))
    page = opener(tmp_path / "field.html", state="lang=es").page
    page.locator("#app[data-kept]:not([data-kept=starting])").wait_for(state="attached")
    page.locator("details:has(#reference) > summary").click()
    page.locator("#reference .list summary").click()
    expect(page.locator("#reference .list ol button")).to_have_text(list(names.values()))


def test_a_note_shows_a_number_as_it_was_typed(maps: Path, opener: Opener) -> None:
    page = opener(maps / "annotate.html", state="lang=en").page
    page.locator("#app[data-kept]:not([data-kept=starting])").wait_for(state="attached")
    shown = page.evaluate("() => Atlas.notes.words.value('coordinateUncertaintyInMeters', 12.34567)")
    assert shown == "12.34567 m"
    assert page.evaluate("() => Atlas.notes.words.value('a_teams_own_field', 2019)") == "2019"
