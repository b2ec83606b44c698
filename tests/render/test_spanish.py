"""The Spanish of what the fact tables and layers say in English words of our own."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from atlas.render.page_texts import FOLDER, SHIPPED, read_catalogue
from atlas.render.spanish import spanish_of, texts_in

# fields of free text; what stands in them is ours
PROSE = {
    "agency",
    "dataGeneralizations",
    "extent_note",
    "informationWithheld",
    "mode",
    "note",
    "operator",
    "position_as_printed",
    "position_note",
    "shape_note",
    "statement",
    "term",
    "treaty",
    "universe",
    "what",
}
# fields of names, which need Spanish where a word of them is English
NAMES = {"claimant", "name", "name_other_side", "municipality", "opposite", "from_place", "to_place"}
ENGLISH = re.compile(
    r"\b(?:and|bridge|centre|city|command|customs|exit|former|informal|land|line|mexican|naval|near|new|not|of|old|or|post|press"
    r"|railway|road|side|state|station|stretch|the|town|use|without)\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d[\d,.]*\d|\d|§+|\b[A-Z]{2,}\b")
# ids of rows are no figures, and no words for a reader
ROW_ID = re.compile(r"\b[CDPT]\d{2}\b")
# these have other letters in Spanish
OTHERWISE = {"US", "UK", "MX-GT", "GPS", "UN"}


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    return read_catalogue(FOLDER / "data.es.json")


def _rows(page: bytes) -> list[tuple[str, Any]]:
    """Fields and values of all layers in a page."""
    pairs = []
    block = rb'<script type="application/json" class="atlas-layer"[^>]*>(.*?)</script>'
    for data in re.findall(block, page, re.DOTALL):
        layer = json.loads(data)
        names = [name for name, *_ in layer["fields"]]
        pairs += [pair for row in layer["rows"] for pair in zip(names, row, strict=True)]
    return pairs


def test_all_that_a_layer_says_in_english_is_there_in_spanish(
    pages: Mapping[str, bytes], known: dict[str, str]
) -> None:
    texts = {(name, value) for name, value in _rows(pages["atlas.html"]) if isinstance(value, str)}
    prose = {value for name, value in texts if name in PROSE}
    named = {value for name, value in texts if name in NAMES and ENGLISH.search(value)}
    assert len(prose) > 100
    assert len(named) > 20
    assert sorted((prose | named) - known.keys()) == []


def _spanish(page: bytes) -> dict[str, str]:
    block = re.search(rb'id="atlas-spanish">(.*?)</script>', page, re.DOTALL)
    return dict(json.loads(block.group(1))) if block else {}


def test_all_that_the_claims_say_is_there_in_spanish(pages: Mapping[str, bytes], known: dict[str, str]) -> None:
    shown = (pages[name] for name in ("claims.html", "checkpoints.html", "timeline.html", "series.html"))
    # a title of a source, which may stay in its language, has its attributes in the other order
    texts = re.findall(rb"<bdi lang=\"en\" data-told>([^<]*)</bdi>", b"".join(shown))
    words = {text.decode().replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&") for text in texts} - {""}
    assert len(words) > 80
    # citations have their Spanish from the table of sources
    for name in ("claims.html", "checkpoints.html", "timeline.html", "series.html"):
        known = {**known, **_spanish(pages[name])}
    assert sorted(word for word in words if not re.fullmatch(r"[\d.,–-]+", word) and word not in known) == []


def test_the_spanish_belongs_to_a_text_that_some_page_shows(pages: Mapping[str, bytes], known: dict[str, str]) -> None:
    shown = {key for page in pages.values() for key in _spanish(page)}
    assert sorted(known.keys() - shown) == []


def test_a_translation_keeps_figures_codes_and_initials(known: dict[str, str]) -> None:
    for english, spanish in known.items():
        lost = Counter(set(NUMBER.findall(ROW_ID.sub("", english))) - OTHERWISE) - Counter(set(NUMBER.findall(spanish)))
        assert not lost, (english, spanish)
        assert spanish.strip() == spanish
        assert spanish, english


def test_a_page_carries_the_spanish_of_its_own_texts_only(known: dict[str, str]) -> None:
    first, second, *_ = known
    assert spanish_of({"a": [first, 3, None]}, [{"b": "no text of the tables"}]) == {first: known[first]}
    assert second not in spanish_of({second: "the key of a mapping is no text"})
    assert sorted(texts_in([{"a": ("x", {"y"})}, "z", 1])) == ["x", "y", "z"]


def test_the_file_is_in_order(known: dict[str, str]) -> None:
    assert list(known) == sorted(known)
    path: Path = SHIPPED / "data.es.json"
    assert path.read_text("utf-8").count('": "') == len(known), "a text stands twice"
