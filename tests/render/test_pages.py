"""What every page must be: one file, well formed, small, locked down, the same to the byte."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping

import html5lib
import pytest

from atlas.files import sha256_hex
from atlas.published import PublishedLayers
from atlas.render import PAGES, build_pages

pytestmark = pytest.mark.slow

HTML = [page.file for page in PAGES]
MOST_BYTES = 900_000
MOST_GZIPPED = 330_000


def _blocks(html: str, tag: str) -> list[str]:
    """Contents of the inline scripts or styles that a browser would run."""
    blocks = re.findall(rf"<{tag}([^>]*)>(.*?)</{tag}>", html, re.DOTALL)
    return [content for attributes, content in blocks if "application/json" not in attributes]


def test_two_builds_give_the_same_bytes(release: PublishedLayers, pages: Mapping[str, bytes]) -> None:
    assert build_pages(release) == pages


@pytest.mark.parametrize("name", HTML)
def test_page_parses_strictly(pages: Mapping[str, bytes], name: str) -> None:
    html5lib.HTMLParser(strict=True).parse(pages[name].decode())


@pytest.mark.parametrize("name", HTML)
def test_page_is_small(pages: Mapping[str, bytes], name: str) -> None:
    assert len(pages[name]) <= MOST_BYTES
    assert len(gzip.compress(pages[name], 9)) <= MOST_GZIPPED


@pytest.mark.parametrize("name", HTML)
def test_policy_allows_exactly_the_scripts_and_styles_inside(pages: Mapping[str, bytes], name: str) -> None:
    html = pages[name].decode()
    policy = html5lib.parse(html, namespaceHTMLElements=False).find(".//meta[@http-equiv]").get("content")
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    for directive, tag in (("script-src", "script"), ("style-src", "style")):
        hashes = [hashlib.sha256(block.encode()).digest() for block in _blocks(html, tag)]
        assert directives[directive].split() == [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in hashes]


@pytest.mark.parametrize("name", HTML)
def test_page_names_nothing_that_a_browser_would_fetch(pages: Mapping[str, bytes], name: str) -> None:
    tree = html5lib.parse(pages[name].decode(), namespaceHTMLElements=False)
    assert not tree.findall(".//link")
    assert not [node.tag for node in tree.iter() if isinstance(node.tag, str) and node.get("src")]
    assert not [node.tag for node in tree.iter() if isinstance(node.tag, str) and node.get("style")]
    styles = "".join(_blocks(pages[name].decode(), "style"))
    assert "@import" not in styles
    assert set(re.findall(r"url\(([^)]*)\)", styles)) <= {"#default#VML"}


@pytest.mark.parametrize("name", HTML)
def test_page_has_language_title_and_one_main_heading(pages: Mapping[str, bytes], name: str) -> None:
    tree = html5lib.parse(pages[name].decode(), namespaceHTMLElements=False)
    assert tree.get("lang") == "en"
    assert tree.findtext(".//title")
    assert len(tree.findall(".//h1")) == 1
    assert tree.find(".//main") is not None


def test_manifest_has_the_hashes_of_layers_and_pages(release: PublishedLayers, pages: Mapping[str, bytes]) -> None:
    manifest = json.loads(pages["manifest.json"])
    for name in release.names:
        assert manifest["inputs"][f"layers/{name}.geojson"] == release.record(name)["sha256"]
    assert {"registry.json", "evidence/claims.csv", "evidence/visitor_cards.csv"} <= set(manifest["inputs"])
    assert {name: output["sha256"] for name, output in manifest["outputs"].items()} == {
        name: sha256_hex(data) for name, data in pages.items() if name != "manifest.json"
    }


def test_leaflet_comes_with_its_licence(pages: Mapping[str, bytes]) -> None:
    html = pages["atlas.html"].decode()
    assert "Redistributions in binary form must reproduce the above copyright" in html
    assert 't.version="1.9.4"' in html


def test_index_links_every_layer_and_every_page(release: PublishedLayers, pages: Mapping[str, bytes]) -> None:
    tree = html5lib.parse(pages["index.html"].decode(), namespaceHTMLElements=False)
    links = {node.get("href") for node in tree.iter("a")}
    assert {f"../geodata/layers/{name}.geojson" for name in release.names} <= links
    assert {page.file for page in PAGES if page.file != "index.html"} <= links


def test_progress_is_told_page_by_page(release: PublishedLayers) -> None:
    progress: list[str] = []
    build_pages(release, on_page=progress.append)
    assert progress == [f"{name}, {number} of {len(HTML)}" for number, name in enumerate(HTML, start=1)]
