"""The documentation as people have it: in a folder, in both languages, asking nobody, and readable by everybody."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tools import node, site

pytestmark = [pytest.mark.browser, pytest.mark.interop]

HREF = re.compile(r"""\bhref=["']?([^"'\s>]+)""")
GRAVE = ("moderate", "serious", "critical")
MAIN = (
    "index.html",
    "es/index.html",
    "concepts.html",
    "start/gis.html",
    "es/promises.html",
    "commands.html",
    "python.html",
    "project-file.html",
    "es/map-file.html",
    "notebooks/1_rate_map.html",
    "layers.html",
    "install.html",
)


@pytest.fixture(scope="module")
def built() -> Path:
    assert site.main() == 0
    return site.SITE


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    elsewhere = [address for address in asked if not address.startswith(("file:", "data:", "blob:"))]
    context.close()
    assert elsewhere == []


@pytest.mark.parametrize(
    ("start", "word", "target"),
    [
        ("index.html", "deposit", "commands.html"),
        ("es/index.html", "promesas", "es/promises.html"),
    ],
)
def test_the_search_answers_from_a_folder_in_both_languages(
    built: Path, page: Page, start: str, word: str, target: str
) -> None:
    # what is typed before the index is there is answered when it comes
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/search_index.js", hold)
    with page.expect_request("**/search_index.js"):
        page.goto((built / start).as_uri(), wait_until="commit")
    page.locator(".md-search__input").press_sequentially(word)
    assert page.locator(".md-search-result__link").count() == 0
    for request in held:
        request.continue_()
    expect(page.locator(f".md-search-result__link[href*='{target}']").first).to_be_attached(timeout=30_000)


def test_every_link_of_the_built_site_leads_to_a_file(built: Path) -> None:
    links, broken = 0, []
    for page in sorted(built.rglob("*.html")):
        # the maps have tests of their own, and a page for missing addresses is not opened from a folder
        if page.parent.name == "maps" or page.name == "404.html":
            continue
        for target in HREF.findall(page.read_text("utf-8")):
            path = unquote(html.unescape(target).partition("#")[0])
            links += 1
            if path and ":" not in path and not (page.parent / path).exists():
                broken.append(f"{page.relative_to(built)}: {target}")
    assert broken == []
    assert links > 1000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_moderate_or_serious_fault(built: Path, page: Page, repo: Path, scheme: str) -> None:
    axe = (node.packages(repo / "web") / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type] - one of two words
    faults = []
    for name in MAIN:
        page.goto((built / name).as_uri())
        page.evaluate(axe)
        violations = page.evaluate("() => axe.run(document, {resultTypes: ['violations'], preload: false})")[
            "violations"
        ]
        faults += [(name, fault["id"], fault["nodes"][0]["html"]) for fault in violations if fault["impact"] in GRAVE]
    assert faults == []
