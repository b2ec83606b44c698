from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from atlas.files import write_set
from atlas.project import find_project
from atlas.release import Release, open_release
from atlas.render import build_pages
from tools import browsers

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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = browsers.find(browsers.CHROMIUM)
    if program is None:
        pytest.fail(browsers.CHROMIUM.remedy)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def release(repo: Path) -> Release:
    return open_release(find_project(repo))


@pytest.fixture(scope="session")
def maps(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("maps")
    write_set(folder, build_pages(release))
    return folder


@pytest.fixture
def opener(browser: Browser) -> Iterator[Opener]:
    contexts = []

    def opens(path: Path, *, size: str = "desktop", state: str = "", script: str = "", **options: Any) -> Opened:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=size == "phone",
            is_mobile=size == "phone",
            offline=True,
            **options,
        )
        contexts.append(context)
        opened = Opened(context.new_page())

        def asked(request: Request) -> None:
            opened.requests.append(request.url)

        opened.page.on("console", lambda message: opened.console.append(message.text))
        opened.page.on("pageerror", lambda error: opened.console.append(str(error)))
        opened.page.on("request", asked)
        if script:
            opened.page.add_init_script(script)
        opened.page.goto(f"{path.as_uri()}#{state}")
        return opened

    yield opens
    for context in contexts:
        context.close()


@pytest.fixture
def until() -> Callable[[Page, Callable[[], bool]], None]:
    """Waits for what Playwright has no word for; what never comes is left to the assertion after it."""

    def wait(page: Page, come: Callable[[], bool]) -> None:
        late = time.monotonic() + PATIENCE_S
        while not come() and time.monotonic() < late:
            page.wait_for_timeout(50)

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
def expected(release: Release) -> Mapping[str, int]:
    return {name: release.record(name)["feature_count"] for name in release.names}
