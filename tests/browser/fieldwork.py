"""What a fieldworker does on the page of notes, and a Chromium of their own that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from playwright.sync_api import BrowserType, Page, expect

from tools import browsers

PATIENCE_S = 30


def ready(page: Page) -> Page:
    """Wait until the page knows what this browser keeps."""
    page.locator("#app[data-kept]:not([data-kept=starting])").wait_for(state="attached")
    return page


def write(page: Page, note: str, *, category: str = "hazard", at: tuple[int, int] | None = None) -> None:
    """Everything of a note but saving it; pointed at with the cross, or by a tap at ``at`` in the map."""
    page.locator("#add").click()
    if at:
        box = page.locator(".atlas-map").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + at[0], box["y"] + at[1])
    page.locator("#pointing-use").click()
    page.locator(f"input[name=field-category][value={category}]").check()
    page.locator("#field-note").fill(note)


def save(page: Page) -> None:
    """Answer who it is about, which saves a new note; one that has the answer is saved."""
    page.locator("#save, #save-no_person").click()
    expect(page.locator("#editor")).to_be_hidden()


def add(page: Page, note: str, **how: object) -> None:
    write(page, note, **how)  # type: ignore[arg-type]
    save(page)


def protect(page: Page, secret: str) -> None:
    page.locator("#set-passphrase").click()
    page.locator("#set-secret").fill(secret)
    page.locator("#set-again").fill(secret)
    page.locator("#set-yes").click()
    page.locator("#change-secret").wait_for(timeout=PATIENCE_S * 1000)


def unlock(page: Page, secret: str) -> None:
    page.locator("#unlock-secret").fill(secret)
    page.locator("#unlock").click()


def erase(page: Page, button: str = "#erase") -> None:
    page.locator(button).click()
    page.locator("#erase-yes").click()


def notes(page: Page) -> list[str]:
    """The words of all living notes, in the order of the list."""
    records: list[str] = page.evaluate(
        "() => Atlas.notes.filter.apply().matches.map((one) => Atlas.notes.notebook.state(one).values.note)"
    )
    return records


def holding(folder: Path, words: str) -> list[str]:
    """Files below a folder in which the words stand, as UTF-8 or UTF-16."""
    holders = []
    for path in folder.rglob("*"):
        try:
            data = path.read_bytes() if path.is_file() else b""
        except OSError:
            continue
        if words.encode() in data or words.encode("utf-16-le") in data:
            holders.append(str(path.relative_to(folder)))
    return holders


class Chromium:
    """A real browser with a profile on the disk, started and killed like a person's."""

    def __init__(self, kind: BrowserType, profile: Path) -> None:
        self.profile = profile
        profile.mkdir(exist_ok=True)
        port_file = profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        program = browsers.find(browsers.CHROMIUM)
        assert program, browsers.CHROMIUM.remedy
        options = [*browsers.BARE, "--headless=new", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"]
        # what Chromium does for itself is none of the page's
        options += ["--disable-background-networking", "--disable-component-update", "--disable-extensions"]
        self._process = subprocess.Popen(
            [program, *options, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        late = time.monotonic() + PATIENCE_S
        while not (port_file.is_file() and port_file.read_text(encoding="ascii").count("\n")):
            assert time.monotonic() < late, "Chromium did not start"
            time.sleep(0.05)
        port = port_file.read_text(encoding="ascii").split("\n")[0]
        self._browser = kind.connect_over_cdp(f"http://127.0.0.1:{port}")

    def page(self, address: str, *, quota: int | None = None) -> Page:
        page = self._browser.contexts[0].new_page()
        page.set_viewport_size({"width": 1280, "height": 800})
        if quota is not None:
            self.quota(page, quota)
        page.goto(address)
        return ready(page)

    @staticmethod
    def quota(page: Page, quota: int | None) -> None:
        """Give the pages of files this much room, in bytes, or as much as there is."""
        wanted = {"origin": "file:///"} if quota is None else {"origin": "file:///", "quotaSize": quota}
        page.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", wanted)

    def kill(self) -> None:
        """As when the battery is taken out."""
        if self._process.poll() is not None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=PATIENCE_S)
