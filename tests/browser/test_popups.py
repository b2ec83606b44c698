"""Every popup of every page, and every page, in both languages: sources with a year, units, words for a reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from atlas.published import PublishedLayers
from atlas.render import PAGES

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]

MAPS = ("atlas", "border", "municipalities", "crossings", "checkpoints", "containment", "annotate")
# what the card of a feature says, without putting it on the screen
CARDS = """() => {
  const text = (node) => node.textContent;
  const card = (layer, feature) => {
    const node = Atlas.details.card(layer, feature);
    const facts = [...node.querySelectorAll("dt")].map((head) => [text(head), head.nextSibling])
      .map(([head, value]) => [head, text(value), value.lang]);
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
    r"|post|mouth|River|crossings?|terms|outlines|settlements|rivers|neighbours|there|after|before|during|since|until"
    r"|above|below|under|over|through|who|when|where|each|every|others?|more|most|been|have|will|would|could|should|but"
    r"|all|some|at|known|line|years?|months?|people|towns?|state|figures?|table|read|closed|built|planned|north|south"
    r"|bridge|reported|station|police|undated|no date|second-hand)\b",
    re.IGNORECASE,
)
# names that are names in any language
NAMES = re.compile(
    r"CC BY|Blue Creek|Stanford University Press|Washington Post|Mexico Daily Post|The Guardian|Stars and Stripes"
    r"|Fox News|Office of the Historian|P\. Wessel[^;]*NOAA|Washington Office on Latin America|[Bb]elize\.com"
    r"|World Factbook|Center for Immigration Studies|Centre for Humanitarian Data(?: and JIPS)?"
    r"|Environment and Planning D"
    r"|EthicalGEO and Benchmark|Foreign Relations of the United States|ministry-of-information\.co\.uk"
)
FAULTS = re.compile(
    r"\bprinted\b|\bimpres[oa]s?\b|\brecuentos?\b|puestos? de control\b|migrantes irregulares|\d%|(?<![\w-])-\d",
    re.IGNORECASE,
)
UNITS = {"km": "km", "m": "m", "km²": "km²", "mi": "mi"}


def _titles(release: PublishedLayers) -> set[str]:
    return {source.title for source in release.evidence.sources.values() if source.title}


def _walk(page: Page, language: str) -> list[Mapping[str, Any]]:
    page.locator(f"[data-language={language}]").click()
    return list(page.evaluate(CARDS))


def _faults(card: Mapping[str, Any], language: str, titles: Collection[str]) -> Iterator[str]:
    for source in card["sources"]:
        # what is no title of the source is our words for it: with the year, and in the reader's language
        whose = source["words"].replace(source["title"], "", 1) if source["title"] in titles else source["words"]
        if not (YEAR.search(whose) or UNDATED[language] in whose):
            yield f"a source without a year: {source['words']}"
        if MACHINE.search(source["words"]):
            yield f"machine's words in a source: {source['words']}"
        if language == "es" and (word := ENGLISH.search(NAMES.sub("", whose))):
            yield f"{word[0]!r} in {whose!r}"
    texts = [*card["heads"], *(text for head, value, _ in card["facts"] for text in (head, value))]
    for text in texts:
        if match := MACHINE.search(text) or ROW_ID.fullmatch(text) or FAULTS.search(text):
            yield f"{match[0]!r} in {text!r}"
        if language == "es" and (word := ENGLISH.search(NAMES.sub("", text))):
            yield f"{word[0]!r} in {text!r}"
    yield from (f"{value!r} is English" for _, value, tongue in card["facts"] if language == "es" and tongue == "en")


@pytest.mark.parametrize("name", MAPS)
def test_every_popup_speaks_to_a_reader(maps: Path, opener: Opener, release: PublishedLayers, name: str) -> None:
    titles = _titles(release)
    page = opener(maps / f"{name}.html", state="lang=en").page
    page.locator("#tree li").first.wait_for(state="attached")
    faults = []
    for language in ("en", "es"):
        cards = _walk(page, language)
        assert len(cards) > 100
        unsourced = {card["layer"] for card in cards if not card["sources"]}
        assert not unsourced, language
        faults += [f"{language} {card['id']}: {fault}" for card in cards for fault in _faults(card, language, titles)]
    assert not faults, "\n".join(sorted(set(faults))[:60])


def test_every_measure_has_its_unit(maps: Path, opener: Opener, release: PublishedLayers) -> None:
    page = opener(maps / "atlas.html", state="lang=es").page
    page.locator("#tree li").first.wait_for(state="attached")
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


# what a page says on the screen, line by line, and apart from it what it marks as English
TEXTS = """() => {
  const whole = document.body.cloneNode(true);
  const hidden = [".note-en", ".only-en", "noscript", "script", "style", "svg"];
  const unread = [...hidden, "pre", ".cite", "[data-language]", "a[download]"];
  for (const node of whole.querySelectorAll(unread)) node.remove();
  const english = [...whole.querySelectorAll("[lang=en]")].map((node) => node.textContent.trim());
  for (const node of whole.querySelectorAll("[lang=en]")) node.remove();
  for (const node of whole.querySelectorAll(":not(bdi, a, strong)")) node.append("\\n");
  const attributes = ["aria-label", "title", "placeholder"];
  const named = (name) => [...document.querySelectorAll(`[${name}]`)].map((node) => node.getAttribute(name));
  const drawn = [...document.querySelectorAll("svg text, svg title, svg desc")].map((node) => node.textContent);
  const labels = attributes.flatMap(named).concat(drawn);
  const lines = whole.textContent.split("\\n").concat(labels).map((line) => line.trim()).filter(Boolean);
  return [lines, english];
}"""
# what a page may say of files and switches: their own names
CODE = re.compile(r"geodata/layers/?|`[^`]+`|RFC 7946|\(content://\)|\w+\.geojson|\.atlasnotes|Open Street ?Map")


# what is marked as English and shown, on the page and in the cards of all features, open or not
IN_ENGLISH = """() => {
  const layers = window.Atlas?.view?.layers ?? [];
  const cards = layers.flatMap((layer) => layer.features.map((one) => Atlas.details.card(layer, one)));
  return [document.body, ...cards].flatMap((root) => [...root.querySelectorAll("[lang=en]")])
    .filter((node) => !node.closest(".cite, [data-language]") && node.textContent.trim())
    .filter((node) => !node.isConnected || node.checkVisibility())
    .map((node) => node.textContent);
}"""


@pytest.mark.parametrize("name", [page.file for page in PAGES])
def test_a_spanish_page_has_no_english_but_titles_of_sources(
    maps: Path, opener: Opener, settled: Callable[[Page], None], release: PublishedLayers, name: str
) -> None:
    page = opener(maps / name, state="lang=es").page
    page.locator("[data-language=es][aria-pressed=true]").wait_for()
    settled(page)
    lines, english = page.evaluate(TEXTS)
    assert len(lines) > 20
    titles = _titles(release)
    assert sorted(set(page.evaluate(IN_ENGLISH)) - titles) == []
    names = re.compile("|".join(re.escape(title) for title in sorted(titles, key=len, reverse=True)))
    # an id is a reference for a reader where the page shows which row has it
    rows = re.compile("|".join([r"(?!)", *map(re.escape, page.locator(".claim .id").all_text_contents())]))
    faults = [f"marked as English: {text}" for text in english if ENGLISH.search(NAMES.sub("", names.sub("", text)))]
    for line in lines:
        text = rows.sub("", NAMES.sub("", names.sub("", CODE.sub("", line))))
        faults += [f"{match[0]!r} in {line!r}" for rule in (ENGLISH, MACHINE, FAULTS) if (match := rule.search(text))]
    assert not faults, "\n".join(sorted(set(faults))[:40])
