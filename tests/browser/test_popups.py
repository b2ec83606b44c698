"""Every popup of every page in both languages, as the page itself makes it: sources, units, words for a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from atlas.release import Release
from tests.browser.conftest import Opener

MAPS = ("atlas", "border", "municipalities", "crossings", "checkpoints", "containment", "annotate")
# what the card of a feature says, without putting it on the screen
CARDS = """(language) => {
  Atlas.text.choose(language);
  const text = (node) => node.textContent;
  const card = (layer, feature) => {
    const node = Atlas.details.card(layer, feature);
    const facts = [...node.querySelectorAll("dt")].map((head) => [text(head), text(head.nextSibling), head.nextSibling.lang]);
    const sources = [...node.querySelectorAll(".sources li")].map((item) => {
      const title = item.querySelector("bdi[lang]");
      return { words: text(item), title: title ? text(title) : "" };
    });
    const heads = ["h3", ".kicker", ".sure"].map((part) => node.querySelector(part)?.textContent ?? "");
    return { id: `${layer.name} ${feature.id}`, layer: layer.name, heads, facts, sources };
  };
  return Atlas.view.layers.flatMap((layer) => layer.features.map((feature) => card(layer, feature)));
}"""

YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
UNDATED = {"en": "no date", "es": "sin fecha"}
# what a machine calls things, and what a table writes where it has nothing to say
MACHINE = re.compile(
    r"\b\w+_\w+\b|\b(?:true|false|null|undefined|None|NaN)\b|\[(?:titles?|object)\b|\.(?:csv|json|geojson|toml|py)\b"
    r"|\{\w+\}|\b(?:see|and|véase|y) [CDPT]\d\d\b"
)
ROW_ID = re.compile(r"[CDPT]\d{2}|CP\d{2}")
# English words that no Spanish text has, and words that were faults once
ENGLISH = re.compile(
    r"\b(?:the|and|of|with|from|then|not|is|are|was|by|on|between|near|only|which|this|that|its|own|about|beyond|their"
    r"|weak|origin|author|identified|public code|schematic|printed|stated|stretch|copied|recorded|inferred|unknown|road"
    r"|post|mouth|River|crossings?|terms|outlines|settlements|rivers|neighbours)\b",
    re.IGNORECASE,
)
# names that are names in any language
NAMES = re.compile(
    r"Blue Creek|Stanford University Press|Washington Post|The Guardian|Stars and Stripes|Fox News|Office of the Historian"
    r"|P\. Wessel[^;]*NOAA|Washington Office on Latin America|[Bb]elize\.com|World Factbook|Center for Immigration Studies"
)
FAULTS = re.compile(
    r"\bprinted\b|\bimpres[oa]s?\b|\brecuentos?\b|puestos? de control\b|migrantes irregulares|\d%|(?<![\w-])-\d", re.IGNORECASE
)
UNITS = {"km": "km", "m": "m", "km²": "km²", "mi": "mi"}


def _walk(page: Page, language: str) -> list[Mapping[str, Any]]:
    return list(page.evaluate(CARDS, language))


def _faults(card: Mapping[str, Any], language: str) -> Iterator[str]:
    for source in card["sources"]:
        whose = source["words"].replace(source["title"], "", 1)
        if not (YEAR.search(whose) or UNDATED[language] in whose):
            yield f"a source without a year: {source['words']}"
        if MACHINE.search(source["words"]):
            yield f"machine's words in a source: {source['words']}"
        if language == "es" and (word := ENGLISH.search(NAMES.sub("", whose))):
            yield f"{word[0]!r} in {whose!r}"
    texts = [*card["heads"], *(text for head, value, _ in card["facts"] for text in (head, value))]
    for text in texts:
        if found := MACHINE.search(text) or ROW_ID.fullmatch(text) or FAULTS.search(text):
            yield f"{found[0]!r} in {text!r}"
        if language == "es" and (word := ENGLISH.search(NAMES.sub("", text))):
            yield f"{word[0]!r} in {text!r}"
    yield from (f"{value!r} is English" for _, value, tongue in card["facts"] if language == "es" and tongue == "en")


@pytest.mark.parametrize("name", MAPS)
def test_every_popup_speaks_to_a_reader(maps: Path, opener: Opener, name: str) -> None:
    page = opener(maps / f"{name}.html", state="lang=en").page
    page.locator("#tree li").first.wait_for()
    faults = []
    for language in ("en", "es"):
        cards = _walk(page, language)
        assert len(cards) > 100
        unsourced = {card["layer"] for card in cards if not card["sources"]}
        assert not unsourced, language
        faults += [f"{language} {card['id']}: {fault}" for card in cards for fault in _faults(card, language)]
    assert not faults, "\n".join(sorted(set(faults))[:60])


def test_every_measure_has_its_unit(maps: Path, opener: Opener, release: Release) -> None:
    page = opener(maps / "atlas.html", state="lang=es").page
    page.locator("#tree li").first.wait_for()
    cards = _walk(page, "es")
    measured = {
        (name, field["title"]["es"]): UNITS[field["unit"]]
        for name in release.names
        for field in release.record(name)["fields"]
        if field.get("unit") in UNITS
    }
    shown = [
        (card["id"], value, measured[card["layer"], head])
        for card in cards
        for head, value, _ in card["facts"]
        if (card["layer"], head) in measured
    ]
    assert len(shown) > 100
    assert [row for row in shown if not row[1].endswith(f" {row[2]}")] == []
