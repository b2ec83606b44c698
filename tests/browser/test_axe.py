"""axe-core finds nothing moderate or worse on any page, in either language, by day and by night, large and small."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Page

from atlas.render import PAGES
from tools import node

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opener = Callable[..., Any]
GRAVE = ("moderate", "serious", "critical")
FILES = [page.file for page in PAGES]
# each size, language and theme is seen on each page; crosswise by `make long`
STATES = {"desktop": [("en", "light")], "phone": [("es", "dark")]}
CROSSWISE = {"desktop": [("es", "dark")], "phone": [("en", "dark"), ("es", "light")]}


@pytest.fixture(scope="session")
def axe(repo: Path) -> str:
    return (node.packages(repo / "web") / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def _faults(page: Page, axe: str) -> list[str]:
    """What axe finds once nothing moves any more: a card that fades in has no contrast yet."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe)
    violations = page.evaluate(
        """async () => {
          const frame = () => new Promise((done) => requestAnimationFrame(done));
          for (let more = true; more; more = document.getAnimations().some((one) => one.playState === "running")) {
            await Promise.allSettled(document.getAnimations().map((one) => one.finished));
            await frame();
            await frame();
          }
          // neither how to select what passes nor what style sheets elsewhere say is asked for
          return axe.run(document, {resultTypes: ["violations"], selectors: false, preload: false});
        }"""
    )
    return [
        f"{fault['id']} ({fault['impact']}): {node['html'][:160]} – {node['failureSummary']}"
        for fault in violations["violations"]
        if fault["impact"] in GRAVE
        for node in fault["nodes"][:4]
    ]


def _unfold(page: Page) -> None:
    """What a reader can open: the sheet on a phone, and every fold of the panel."""
    page.evaluate(
        """() => {
          const handle = document.getElementById("handle");
          if (handle && handle.offsetParent && handle.getAttribute("aria-expanded") === "false") handle.click();
          for (const fold of document.querySelectorAll("details")) fold.open = true;
          // a fold is filled after it opens
          return new Promise((done) => setTimeout(() => requestAnimationFrame(done)));
        }"""
    )


def _faults_in_each(page: Page, axe: str, states: Iterable[tuple[str, str]]) -> list[str]:
    faults = []
    for language, theme in states:
        page.locator(f"button[data-language={language}]").click()
        page.evaluate("([l, t]) => { location.hash = `lang=${l}&theme=${t}`; }", [language, theme])
        page.locator(f"html[lang={language}][data-theme={theme}]").wait_for(state="attached")
        _unfold(page)
        faults += [f"{language}, {theme}: {fault}" for fault in _faults(page, axe)]
    return faults


@pytest.mark.parametrize("size", STATES)
@pytest.mark.parametrize("file", FILES)
def test_no_moderate_serious_or_critical_fault(maps: Path, opener: Opener, axe: str, file: str, size: str) -> None:
    page = opener(maps / file, size=size, state="lang=en&theme=light", reduced_motion="reduce").page
    assert _faults_in_each(page, axe, STATES[size]) == []


@pytest.mark.long
@pytest.mark.parametrize("size", CROSSWISE)
@pytest.mark.parametrize("file", FILES)
def test_no_fault_in_the_other_language_by_the_other_light(
    maps: Path, opener: Opener, axe: str, file: str, size: str
) -> None:
    page = opener(maps / file, size=size, state="lang=en&theme=light", reduced_motion="reduce").page
    assert _faults_in_each(page, axe, CROSSWISE[size]) == []


def test_an_open_card_and_an_open_search_are_sound_too(maps: Path, opener: Opener, axe: str) -> None:
    page = opener(maps / "atlas.html", state="lang=es&theme=dark").page
    page.get_by_role("combobox").fill("tapachula")
    page.keyboard.press("ArrowDown")
    assert _faults(page, axe) == []
    page.keyboard.press("Enter")
    page.locator(".card-popup").wait_for()
    assert _faults(page, axe) == []


@pytest.mark.parametrize("state", ["lang=en&theme=dark", "lang=es&theme=light", "lang=es&sun=1"])
def test_the_form_of_a_note_its_questions_and_its_lock_are_sound_too(
    maps: Path, opener: Opener, axe: str, fieldwork: ModuleType, state: str
) -> None:
    size = "phone" if "sun" in state else "desktop"
    page = opener(maps / "annotate.html", size=size, state=state, reduced_motion="reduce").page
    fieldwork.ready(page)
    page.locator("#add").click()
    faults = _faults(page, axe)
    page.locator("#pointing-use").click()
    page.locator("details.more > summary").click()
    page.locator("#save-no_person").click()
    page.locator("#editor-faults:not(:empty)").wait_for()
    faults += _faults(page, axe)
    page.locator("input[name=field-category]").first.check()
    fieldwork.save(page)
    page.locator("#show-table").click()
    faults += _faults(page, axe)
    page.locator("#close-table").click()
    page.locator("#export").click()
    faults += _faults(page, axe)
    page.keyboard.press("Escape")
    fieldwork.protect(page, "correct horse battery")
    page.locator("#lock").click()
    page.locator("#unlock").wait_for()
    faults += _faults(page, axe)
    assert faults == []


def test_the_check_would_see_a_fault(maps: Path, opener: Opener, axe: str) -> None:
    page = opener(maps / "index.html", state="lang=en").page
    page.evaluate("() => document.querySelector('main').append(document.createElement('button'))")
    assert any(fault.startswith("button-name") for fault in _faults(page, axe))
