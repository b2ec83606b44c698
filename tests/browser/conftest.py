from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, ViewportSize, expect

from atlas.admission.published_atlas import PublishedAtlas, open_published_atlas
from atlas.project import find_project
from atlas.render.views import APART

# only what fails takes so long, on a machine that has other work too
PATIENCE_S = 20.0
expect.set_options(timeout=PATIENCE_S * 1000)

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}


@dataclass
class Opened:
    """A page in a browser without a network, and everything that it complained about or asked for."""

    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


Opener = Callable[..., Opened]
# the size of a window, and what else a browser was started with
Key = tuple[str, str]


@pytest.fixture(scope="session")
def release(repo: Path) -> PublishedAtlas:
    return open_published_atlas(find_project(repo))


@pytest.fixture(scope="session")
def maps(built: Path) -> Path:
    return built / "maps"


class Profiles:
    """Browsers without a network and with nothing kept, lent to one test after the other, each with its tab.

    A new browser takes as long as a page takes to open, a new tab half of that: its process starts anew. A tab rests on
    an empty page between two tests; one that is of another size or on paper since its test is replaced.
    """

    def __init__(self, browser: Browser, resting: Path) -> None:
        self._browser = browser
        self._resting = resting
        self._idle: dict[Key, list[BrowserContext]] = {}

    def take(self, size: str, options: Mapping[str, Any]) -> tuple[Key, BrowserContext]:
        key = (size, repr(sorted(options.items())))
        if idle := self._idle.get(key):
            return key, idle.pop()
        phone = size == "phone"
        context = self._browser.new_context(
            viewport=_viewport(size), has_touch=phone, is_mobile=phone, offline=True, **options
        )
        self._rest(context.new_page())
        return key, context

    def give_back(self, key: Key, context: BrowserContext) -> None:
        """With its tab at rest, its other pages closed and its storage emptied."""
        tab, *pages = context.pages
        for page in pages:
            page.close()
        # a page with words that nobody kept asks whether it may go
        tab.on("dialog", Dialog.accept)
        self._rest(tab)
        tab.remove_listener("dialog", Dialog.accept)
        on_paper = tab.evaluate("() => { sessionStorage.clear(); return matchMedia('print').matches; }")
        if on_paper or tab.viewport_size != _viewport(key[0]):
            self._rest(context.new_page())
            tab.close()
            (tab,) = context.pages
        # a tab that is told to be a screen prints as one
        tab.emulate_media(media="null", forced_colors="null")
        session = context.new_cdp_session(tab)
        session.send("Storage.clearDataForOrigin", {"origin": "file:///", "storageTypes": "all"})
        session.detach()
        self._idle.setdefault(key, []).append(context)

    def _rest(self, tab: Page) -> None:
        tab.goto(self._resting.as_uri())


def _viewport(size: str) -> ViewportSize:
    width, height = SIZES[size]
    return {"width": width, "height": height}


@pytest.fixture(scope="session")
def profiles(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Profiles:
    resting = tmp_path_factory.mktemp("resting") / "resting.html"
    resting.write_text("<!doctype html><title>resting</title>", encoding="utf-8")
    return Profiles(browser, resting)


@pytest.fixture
def opener(profiles: Profiles) -> Iterator[Opener]:
    lent = []

    def opens(path: Path, *, size: str = "desktop", state: str = "", script: str = "", **options: Any) -> Opened:
        key, context = profiles.take(size, options)
        # a script would run in all that its tab opens afterwards
        opened = Opened(context.new_page() if script else context.pages[0])
        listeners = {
            "console": lambda message: opened.console.append(message.text),
            "pageerror": lambda error: opened.console.append(str(error)),
            "request": lambda request: opened.requests.append(request.url),
        }
        lent.append((key, context, opened.page, listeners))
        for event, listener in listeners.items():
            opened.page.on(event, listener)
        if script:
            opened.page.add_init_script(script)
        opened.page.goto(f"{path.as_uri()}#{state}")
        return opened

    yield opens
    for key, context, page, listeners in lent:
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
        profiles.give_back(key, context)


@pytest.fixture
def until() -> Callable[[Page, Callable[[], bool]], None]:
    """Waits for what Playwright has no word for; what never comes is left to the assertion after it."""

    def wait(page: Page, come: Callable[[], bool]) -> None:
        late = time.monotonic() + PATIENCE_S
        while not come() and time.monotonic() < late:
            page.wait_for_timeout(50)

    return wait


SETTLED = """async () => {
  await document.fonts.ready;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await new Promise((done) => requestIdleCallback(done, { timeout: 10000 }));
}"""


@pytest.fixture(scope="session")
def settled() -> Callable[[Page], None]:
    """Waits until a page has drawn and has nothing more to do; what it complained about until then has arrived."""

    def wait(page: Page) -> None:
        page.evaluate(SETTLED)

    return wait


@pytest.fixture(scope="session")
def fieldwork() -> ModuleType:
    """What a fieldworker does on the page of notes."""
    spec = spec_from_file_location("fieldwork", Path(__file__).with_name("fieldwork.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def expected(release: PublishedAtlas) -> Mapping[str, int]:
    return {name: release.record(name)["feature_count"] for name in release.names if name not in APART}
