"""In a real browser: the time to the first drawn shape, and the frames of a drag."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tools import browsers

EYES = Path(__file__).with_name("eyes.js")
SIZE = {"width": 1280, "height": 800}
# both waits are long: a busy machine is slow, not broken
PATIENCE_MS = 300_000
PAUSE_MS = 250
# frames come at the beat of a display; this is past one of them and far from two
ON_TIME_MS = 1000 / 60 * 1.2
STEPS = 60


@dataclass
class Seen:
    """Seconds from the start of the navigation, run by run, and the milliseconds of each frame of a drag."""

    path: list[float] = field(default_factory=list)
    live: list[float] = field(default_factory=list)
    frames: list[float] = field(default_factory=list)

    @property
    def on_time(self) -> float:
        """Share of frames that keep to 60 in a second."""
        return sum(frame <= ON_TIME_MS for frame in self.frames) / len(self.frames)

    @property
    def slow(self) -> float:
        """Milliseconds that 95 of 100 frames stay under."""
        return statistics.quantiles(self.frames, n=20)[-1]


def program() -> Path | None:
    """Where Chromium is."""
    return browsers.find(browsers.CHROMIUM)


def first_paths(addresses: Sequence[str], runs: int) -> dict[str, Seen]:
    """Open the pages in turn, each with nothing kept from before."""
    seen = {address: Seen() for address in addresses}
    with _browser() as browser:
        for _ in range(runs):
            for address, found in seen.items():
                with _opened(browser, address) as page:
                    found.path.append(page.evaluate("() => benchEyes.path / 1000"))
                    found.live.append(page.evaluate("() => benchEyes.live / 1000"))
    return seen


def drags(addresses: Sequence[str], runs: int, *, rest_ms: int = 0) -> dict[str, Seen]:
    """Drag each map about with the mouse, in turn, after it has come to rest; look on for a while after the release."""
    seen = {address: Seen() for address in addresses}
    with _browser() as browser:
        for _ in range(runs):
            for address, found in seen.items():
                with _opened(browser, address) as page:
                    page.wait_for_timeout(1500)
                    found.frames += _dragged(page, rest_ms)
    return seen


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program(), args=browsers.BARE)
        yield started
        started.close()


@contextmanager
def _opened(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(path=EYES)
    page.goto(address, wait_until="commit")
    _wait(page)
    yield page
    context.close()


def _wait(page: Page) -> None:
    """Look now and then: what waits inside the page would need `unsafe-eval`."""
    for _ in range(PATIENCE_MS // PAUSE_MS):
        page.wait_for_timeout(PAUSE_MS)
        if page.evaluate("() => benchEyes.live") is not None:
            return
    sys.exit(f"{page.url} drew nothing in {PATIENCE_MS / 1000:.0f} s")


def _dragged(page: Page, rest_ms: int) -> list[float]:
    """Frames while the pointer goes about a square with the button down."""
    x, y = 850, 400
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("() => { benchEyes.watching = true; }")
    for dx, dy in ((-160, 0), (0, -120), (160, 0), (0, 120)):
        page.mouse.move(x + dx, y + dy, steps=STEPS)
        x, y = x + dx, y + dy
    if rest_ms:
        page.mouse.up()
        page.wait_for_timeout(rest_ms)
    page.evaluate("() => { benchEyes.watching = false; }")
    if not rest_ms:
        page.mouse.up()
    frames: list[float] = page.evaluate("() => benchEyes.frames")
    return frames
