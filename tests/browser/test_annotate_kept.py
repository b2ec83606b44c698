"""What a browser keeps of field notes: killed in the middle, full, sealed, locked, erased; read off the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECRET = "correct horse battery"  # noqa: S105 - it protects nothing
# what is kept of notes that are not saved yet, as text
DRAFTS = "async () => JSON.stringify(await Atlas.notes.storage.drafts())"


@pytest.fixture
def address(maps: Path) -> str:
    return f"{(maps / 'annotate.html').as_uri()}#lang=en"


@pytest.fixture
def started(fieldwork: ModuleType, browser: Browser, tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """Starts a browser on the same profile each time; what still runs at the end is ended."""
    running: list[Any] = []

    def start() -> Any:
        running.append(fieldwork.Chromium(browser.browser_type, tmp_path / "profile"))
        return running[-1]

    yield start
    for one in running:
        one.kill()


def test_a_browser_killed_in_the_middle_loses_no_letter(
    started: Callable[[], Any], fieldwork: ModuleType, address: str
) -> None:
    first = started()
    page = first.page(address)
    fieldwork.add(page, "saved before")
    fieldwork.write(page, "")
    page.locator("#field-note").press_sequentially("typed until the battery went")
    expect(page.locator("#editor-status")).to_have_text("Draft kept in this browser.")
    page.wait_for_timeout(250)
    first.kill()
    page = started().page(address)
    expect(page.locator("#field-note")).to_have_value("typed until the battery went", timeout=15_000)
    expect(page.locator("input[name=field-category]:checked")).to_have_value("hazard")
    fieldwork.save(page)
    assert sorted(fieldwork.notes(page)) == ["saved before", "typed until the battery went"]


def test_a_full_disk_keeps_what_is_typed_and_offers_a_file(
    started: Callable[[], Any], fieldwork: ModuleType, address: str
) -> None:
    page = started().page(address, quota=150_000)
    for number in range(5):
        fieldwork.write(page, f"{number} " + "x" * 18_000)
        page.wait_for_timeout(300)
        fieldwork.save(page)
    expect(page.locator("#notices")).to_contain_text("storage is full")
    assert len(fieldwork.notes(page)) == 5
    page.locator("#notices button").click()
    page.locator("input[value=geojson]").check()
    page.locator("#export-sure").check()
    with page.expect_download() as waited:
        page.locator("#export-save").click()
    assert Path(waited.value.path()).stat().st_size > 5 * 18_000
    fieldwork.Chromium.quota(page, None)
    expect(page.locator("#notices")).not_to_contain_text("storage is full", timeout=30_000)
    page.reload()
    fieldwork.ready(page)
    expect(page.locator("#counted")).to_have_text("5 in all")


def test_of_several_unfinished_notes_the_one_that_was_being_typed_opens_again(
    maps: Path, opener: Callable[..., Any], fieldwork: ModuleType, until: Callable[..., None]
) -> None:
    page = fieldwork.ready(opener(maps / "annotate.html", state="lang=en").page)
    # their ids are random: with these many, another order than that of typing cannot pass by chance
    for number in range(6):
        fieldwork.write(page, f"set aside {number}")
        page.locator("#later").click()
    fieldwork.write(page, "being typed")
    until(page, lambda: "being typed" in page.evaluate(DRAFTS))
    page.reload()
    expect(page.locator("#field-note")).to_have_value("being typed", timeout=15_000)
    waiting = [f"set aside {number}" for number in reversed(range(6))]
    expect(page.locator("#unfinished .row-note")).to_have_text(waiting)


def test_sealed_notes_cannot_be_read_off_the_disk(
    started: Callable[[], Any], fieldwork: ModuleType, until: Callable[..., None], address: str, tmp_path: Path
) -> None:
    first = started()
    page = first.page(address)
    fieldwork.add(page, "PLANTEDBEFORE")
    fieldwork.write(page, "PLANTEDDRAFT")
    page.locator("#later").click()
    fieldwork.protect(page, SECRET)
    fieldwork.add(page, "PLANTEDAFTER", category="shelter")
    fieldwork.write(page, "PLANTEDDRAFTAFTER")
    # this is about what the disk holds; how soon a letter is kept is another test's
    until(page, lambda: "PLANTEDDRAFTAFTER" in page.evaluate(DRAFTS))
    first.kill()
    for word in ("PLANTED", "shelter", SECRET):
        held = [name for name in fieldwork.holding(tmp_path / "profile", word) if "IndexedDB" in name]
        assert held == [], word
    page = started().page(address)
    expect(page.locator("#lockscreen")).to_be_visible()
    assert "PLANTED" not in page.content()
    fieldwork.unlock(page, "not the passphrase")
    expect(page.locator("#lockscreen")).to_contain_text("That is not the passphrase.", timeout=15_000)
    fieldwork.unlock(page, SECRET)
    expect(page.locator("#field-note")).to_have_value("PLANTEDDRAFTAFTER", timeout=15_000)
    assert sorted(fieldwork.notes(page)) == ["PLANTEDAFTER", "PLANTEDBEFORE"]


def test_the_search_of_the_disk_would_find_what_lies_there_in_clear(
    started: Callable[[], Any], fieldwork: ModuleType, address: str, tmp_path: Path
) -> None:
    page = started().page(address)
    page.evaluate(
        """() => new Promise((done) => {
          const asked = indexedDB.open("control", 1);
          asked.onupgradeneeded = () => asked.result.createObjectStore("clear").put({words: "PLANTEDINCLEAR"}, 1);
          asked.onsuccess = done;
        })"""
    )
    assert [name for name in fieldwork.holding(tmp_path / "profile", "PLANTEDINCLEAR") if "IndexedDB" in name]


def test_every_entry_is_sealed_with_an_iv_of_its_own(
    maps: Path, opener: Callable[..., Any], fieldwork: ModuleType
) -> None:
    page = fieldwork.ready(opener(maps / "annotate.html", state="lang=en").page)
    fieldwork.protect(page, SECRET)
    for number in range(3):
        fieldwork.add(page, f"note {number}")
    entries = page.evaluate(
        """async () => {
          const answer = (asked) => new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
          const db = await answer(indexedDB.open("atlas-notes-sealed"));
          const entries = await answer(db.transaction("log").objectStore("log").getAll());
          const lock = await answer(db.transaction("meta").objectStore("meta").get("lock"));
          const names = (await indexedDB.databases()).map((one) => one.name);
          db.close();
          const kinds = entries.map((one) => Object.keys(one).sort().join());
          return {ivs: entries.map(({iv}) => [...iv].join()), kinds, rounds: lock.iterations, names};
        }"""
    )
    assert len(set(entries["ivs"])) == len(entries["ivs"]) == 3
    assert set(entries["kinds"]) == {"data,iv"}
    assert entries["rounds"] >= 600_000
    assert entries["names"] == ["atlas-notes-sealed"]


def test_notes_lock_by_button_in_every_window_and_open_with_a_changed_passphrase(
    maps: Path, opener: Callable[..., Any], fieldwork: ModuleType
) -> None:
    page = fieldwork.ready(opener(maps / "annotate.html", state="lang=en").page)
    fieldwork.add(page, "HIDDENWORDS")
    fieldwork.protect(page, SECRET)
    page.locator("#change-secret").click()
    page.locator("#old-secret").fill(SECRET)
    page.locator("#set-secret").fill("another one entirely")
    page.locator("#set-again").fill("another one entirely")
    page.locator("#set-yes").click()
    expect(page.locator("dialog")).to_have_count(0, timeout=15_000)
    other = page.context.new_page()
    other.goto(page.url)
    fieldwork.ready(other)
    fieldwork.unlock(other, SECRET)
    expect(other.locator("#lockscreen")).to_contain_text("That is not the passphrase.", timeout=15_000)
    fieldwork.unlock(other, "another one entirely")
    expect(other.locator("#list")).to_contain_text("HIDDENWORDS", timeout=15_000)
    page.locator("#lock").click()
    for window in (page, other):
        expect(window.locator("#lockscreen")).to_be_visible()
        assert "HIDDENWORDS" not in window.content()


def test_notes_lock_by_themselves_with_what_is_being_typed(
    maps: Path, opener: Callable[..., Any], fieldwork: ModuleType
) -> None:
    opened = opener(maps / "annotate.html", state="lang=en")
    page = fieldwork.ready(opened.page)
    fieldwork.protect(page, SECRET)
    page.locator("#minutes").select_option("1")
    fieldwork.write(page, "half a sent")
    page.wait_for_timeout(300)
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 61000; }")
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#lockscreen")).to_be_visible()
    expect(page.locator("#editor")).to_be_hidden()
    assert "half a sent" not in page.content()
    fieldwork.unlock(page, SECRET)
    expect(page.locator("#field-note")).to_have_value("half a sent", timeout=15_000)
    assert opened.console == []


@pytest.mark.parametrize("locked", [False, True])
def test_two_taps_erase_everything(
    started: Callable[[], Any], fieldwork: ModuleType, address: str, tmp_path: Path, *, locked: bool
) -> None:
    first = started()
    page = first.page(address)
    page.evaluate("() => localStorage.setItem('left', 'behind')")
    fieldwork.add(page, "PLANTEDWORDS")
    if locked:
        fieldwork.protect(page, SECRET)
        page.locator("#lock").click()
    fieldwork.erase(page, "#erase-locked" if locked else "#erase")
    expect(page.locator("dialog")).to_contain_text("Everything has been erased", timeout=15_000)
    assert fieldwork.notes(page) == []
    assert page.evaluate("() => localStorage.length") == 0
    page.wait_for_timeout(500)
    first.kill()
    assert [name for name in fieldwork.holding(tmp_path / "profile", "PLANTEDWORDS") if "IndexedDB" in name] == []
    page = started().page(address)
    expect(page.locator("#kept")).to_have_text("Kept in this browser, without a passphrase. Notes: 0.")
