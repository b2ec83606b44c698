"""The cover: a card for every page, each with a drawing of its own, and words to cite it by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import html5lib
import pytest

import atlas
from atlas.published import atlas_citation as citation
from atlas.render import PAGES
from atlas.render.build_context import BuildContext
from atlas.render.thumbnail import GROUND, Sketch, draw

CARDS = [page for page in PAGES if page.key != "index"]


@pytest.fixture(scope="module")
def index(pages: Mapping[str, bytes]) -> str:
    return pages["index.html"].decode()


def test_every_page_has_a_card_and_the_cover_stays_small(index: str) -> None:
    links = re.findall(r'<a href="([a-z]+\.html)" data-page-link>', index)
    assert links == [page.file for page in CARDS]
    assert len(index.encode()) < 200_000


def test_each_drawing_is_in_the_page_once_and_is_used(index: str) -> None:
    drawn = re.findall(r'<g id="(sketch-[\w-]+)">', index)
    used = re.findall(r'<use href="#(sketch-[\w-]+)"/>', index)
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == set(used)
    assert used.count("sketch-ground") == sum(page.sketch.motif is None for page in CARDS)


def test_no_two_cards_look_the_same(index: str) -> None:
    cards = re.findall(r'<svg viewBox="[^"]+" preserveAspectRatio.*?</svg>', index, re.DOTALL)
    assert len(cards) == len(set(cards)) == len(CARDS)


def test_every_class_of_a_drawing_has_a_style(index: str) -> None:
    used = {name for classes in re.findall(r'<path class="t ([^"]+)"', index) for name in classes.split()}
    unstyled = {name for name in used if not re.search(rf"\.{name}\b[^-]", index)}
    assert not unstyled
    assert html5lib.HTMLParser(strict=True).parse(index) is not None


def test_an_informal_crossing_is_a_stretch_on_a_card_too(edition: BuildContext) -> None:
    strokes = draw(edition, [Sketch(("crossings_informal",))]).symbols["crossings_informal"]
    assert strokes
    assert not [stroke for stroke in strokes if "h0" in stroke.d]


def test_shades_sort_areas_into_four_classes_of_equal_count(edition: BuildContext) -> None:
    album = draw(edition, [Sketch(("municipalities",), shade="population_2020")])
    strokes = album.symbols["municipalities-population_2020"]
    assert [stroke.role for stroke in strokes] == [f"t-shade t-shade-{rank}" for rank in (1, 2, 3, 4)]
    assert album.cards[0].uses == (GROUND, "municipalities-population_2020")


def test_the_citation_is_that_of_the_project(repo: Path, index: str) -> None:
    record = (repo / "CITATION.cff").read_text(encoding="utf-8")
    assert f'title: "{citation.TITLE}"' in record
    assert f'  - name: "{citation.AUTHORS}"' in record
    assert f"version = {{{atlas.__version__}}}" in index
    assert "@misc{southern_border_atlas," in index
