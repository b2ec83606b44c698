"""The page of checkpoints: agencies and years apart, words in both languages, and a count that stands beside."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import html5lib
import pytest

from atlas.render.agencies import agencies_of
from atlas.render.build_context import BuildContext
from atlas.render.page_texts import FOLDER, LANGUAGES, read_catalogue
from atlas.render.pages import checkpoints


@pytest.fixture(scope="module")
def html(pages: Mapping[str, bytes]) -> str:
    return pages["checkpoints.html"].decode()


def block(html: str, name: str) -> Any:
    match = re.search(rf'id="{name}">(.*?)</script>', html, re.DOTALL)
    assert match is not None
    return json.loads(match[1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INM; military; state police", ["INM", "military", "state police"]),
        ("INM; Federal Police, later National Guard", ["INM", "Federal Police", "National Guard"]),
        ("state border police", ["state border police"]),
        (None, []),
    ],
)
def test_agencies_are_told_apart(text: str | None, expected: list[str]) -> None:
    assert agencies_of(text) == expected


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2019/2023", (2019, 2023)), ("2022-09", (2022, 2022)), ("2019", (2019, 2019)), (None, None)],
)
def test_years_are_the_first_and_last_of_the_sources(as_of: str | None, expected: tuple[int, int] | None) -> None:
    assert checkpoints.years_of(as_of) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_agency_of_the_layer_has_its_word(html: str, language: str) -> None:
    keys = read_catalogue(FOLDER / language / "checkpoints.json").keys()
    agencies = {agency for post in block(html, "atlas-posts") for agency in post["agencies"]}
    assert {f"checkpoints.agency.{agency}" for agency in agencies} <= keys


def test_every_post_reaches_the_page_and_says_when_readings_disagree(edition: BuildContext, html: str) -> None:
    posts = {post["id"]: post for post in block(html, "atlas-posts")}
    features = edition.features["checkpoints"]
    assert list(posts) == [feature["id"] for feature in features]
    for feature in features:
        assert posts[feature["id"]]["disagree"] == feature["properties"]["readings_disagree"]


def test_the_count_of_wola_stands_beside_with_its_source_and_is_compared_with_nothing(html: str) -> None:
    beside = html5lib.parse(html, namespaceHTMLElements=False).find(".//div[@id='claim-C12']")
    text = " ".join("".join(beside.itertext()).split())
    assert "11 checkpoints documented by WOLA" in text
    assert "Rebecca Galemba, TMC (2019)" in text
    assert "they are not its list" in text
    assert "galemba2019" in block(html, "atlas-sources")
    assert not re.search(r"\b(of|from) 11\b|\b\d+ of the 11\b", html)


def test_the_map_opens_on_the_corridor(edition: BuildContext, html: str) -> None:
    box = html5lib.parse(html, namespaceHTMLElements=False).find(".//div[@data-bounds]").get("data-bounds")
    assert [float(part) for part in box.split(",")] == edition.release.record("corridor")["bbox"]
