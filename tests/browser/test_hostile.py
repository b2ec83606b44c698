"""Strings that try to be something else, in every field of a release, stay strings in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from atlas.evidence import Evidence
from atlas.files import write_set
from atlas.published import PublishedLayers
from atlas.publishers import PublishedEditions
from atlas.publishers.edition_tables import Edition, EditionFigure
from atlas.render import PAGES, build_pages

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src=x onerror=\"document.title='run'\"></script><script>document.title='run'</script>"
    "${7*7}`{{7*7}}{name}\u2028\u202eabc"
)
CODED = {"kind", "nature", "neighbour", "vehicular", "fixity", "status", "formality", "sensitivity", "source_ids"}


def _attacked(schema: Any) -> Any:
    """A form in which every text for a reader is an attack."""
    if isinstance(schema, dict):
        attack = {"en": HOSTILE, "es": HOSTILE}
        return {key: attack if key in {"titles", "descriptions"} else _attacked(part) for key, part in schema.items()}
    return [_attacked(part) for part in schema] if isinstance(schema, list) else schema


@dataclass(frozen=True)
class Hostile:
    """A release in which every free text is an attack."""

    real: PublishedLayers

    @property
    def names(self) -> tuple[str, ...]:
        return self.real.names

    @property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        both = {"en": HOSTILE, "es": HOSTILE}
        attack = {"title": HOSTILE, "publisher": HOSTILE, "url": "javascript:document.title='run'"}
        attack |= {"headline": both, "who": both, "citation": both, "short": both}
        return {name: {**source, **attack} for name, source in self.real.sources.items()}

    @property
    def inputs(self) -> Mapping[str, Mapping[str, Any]]:
        attack = dict.fromkeys(("title", "publisher", "edition", "licence", "attribution", "accuracy_basis"), HOSTILE)
        return {name: {**record, **attack} for name, record in self.real.inputs.items()}

    @property
    def evidence(self) -> Evidence:
        real = self.real.evidence
        attack = dict.fromkeys(("subject", "what_is_claimed", "unit", "place", "as_of", "locator"), HOSTILE)
        claims = tuple(replace(claim, **attack) for claim in real.claims)
        # a check of units names a code, and here no unit has one
        checks = tuple(
            replace(
                check,
                note_en=HOSTILE,
                note_es=HOSTILE,
                argument=None if check.check == "municipalities" else check.argument,
            )
            for check in real.claim_checks
        )
        address = "javascript:document.title='run'"
        words = {"title": HOSTILE, "author": HOSTILE, "publisher": HOSTILE, "copied_at": HOSTILE, "doi": None}
        cited = {k: replace(v, **words, url=address) for k, v in real.sources.items()}
        lengths = tuple(replace(row, publisher=HOSTILE, definition=HOSTILE) for row in real.border_lengths)
        return replace(real, claims=claims, claim_checks=checks, sources=cited, border_lengths=lengths)

    @property
    def editions(self) -> PublishedEditions:
        edition = Edition(
            publisher_key="comar", edition=HOSTILE, number=1, publisher=HOSTILE, title_en=HOSTILE, title_es=HOSTILE,
            licence=HOSTILE, layout_status="seen", layout_source=HOSTILE, file=HOSTILE, sha256="", sheet=HOSTILE,
            indicator="deaths", unit=HOSTILE, footnotes=HOSTILE,
        )  # fmt: skip
        figure = EditionFigure(
            edition=HOSTILE, indicator="deaths", place_level="office", place_code="", place=HOSTILE, within="",
            period="2024-01", value=1, unit=HOSTILE, footnote=HOSTILE, cell="A1",
        )  # fmt: skip
        return PublishedEditions((edition,), {"comar": (figure,)})

    @property
    def border(self) -> None:
        return None

    @property
    def annotation(self) -> Mapping[str, Any]:
        return dict(_attacked(self.real.annotation))

    @property
    def released(self) -> list[dict[str, Any]]:
        texts = dict.fromkeys(("note", "month", "municipality_name"), HOSTILE)
        place = {"type": "Polygon", "coordinates": [[[-92, 15], [-91, 15], [-91, 16], [-92, 15]]]}
        properties = {"category": "hazard", "sensitivity": "generalised", **texts}
        return [{"type": "Feature", "id": "1", "geometry": place, "properties": properties}]

    def hashes(self) -> Mapping[str, str]:
        return self.real.hashes()

    def record(self, name: str) -> Mapping[str, Any]:
        texts = {"en": HOSTILE, "es": HOSTILE}
        record = self.real.record(name)
        fields = [{**field, "title": texts} for field in record["fields"]]
        attack = {"title": texts, "description": texts, "attribution": HOSTILE, "licence": HOSTILE}
        attack |= {"attribution_es": HOSTILE, "licence_es": HOSTILE}
        return {**record, **attack, "fields": fields}

    def features(self, name: str) -> list[dict[str, Any]]:
        return [
            {**feature, "properties": {key: self._attack(key, value) for key, value in feature["properties"].items()}}
            for feature in self.real.features(name)
        ]

    @staticmethod
    def _attack(key: str, value: Any) -> Any:
        return HOSTILE if isinstance(value, str) and key not in CODED else value


@pytest.fixture(scope="module")
def hostile_maps(release: PublishedLayers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    write_set(folder, build_pages(Hostile(release)))
    return folder


# the page of cards shows nothing but numbers and the titles of sources
@pytest.mark.parametrize("name", [page.file for page in PAGES if page.key != "cards"])
def test_hostile_strings_render_literally(hostile_maps: Path, opener: Callable[..., Any], name: str) -> None:
    opened = opener(hostile_maps / name, state="lang=en&map=8/15.5/-92")
    expect(opened.page.locator("body")).to_contain_text("<img src=x onerror=")
    expect(opened.page.locator("body")).to_contain_text("${7*7}`{{7*7}}{name}")
    assert "run" not in opened.page.title()
    assert opened.page.locator("img").count() == 0
    assert opened.console == []


def test_hostile_popup_has_no_link_and_no_element(hostile_maps: Path, opener: Callable[..., Any]) -> None:
    opened = opener(hostile_maps / "atlas.html", state="lang=en")
    opened.page.locator("[data-layer=crossings_formal] .list summary").click()
    opened.page.locator("[data-layer=crossings_formal] .list button").first.click()
    card = opened.page.locator(".card-popup")
    expect(card.locator("h3")).to_contain_text("<img src=x onerror=")
    assert card.locator("a").count() == 0
    assert card.locator("img, script").count() == 0
    assert "run" not in opened.page.title()
    assert opened.console == []
