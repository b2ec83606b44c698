"""Words of a project's own border on the pages, in place of those that speak of the atlas' border."""

from __future__ import annotations

from collections.abc import Mapping

from atlas.border_project import BorderProject
from atlas.geojson.strict import read_json_file
from atlas.render.page_texts import FOLDER, Catalogue

PROJECT = FOLDER / "project"
PEOPLE = "index.facts.people"
_REMEDY = "restore the file from the project"


def with_project_words(texts: Catalogue, border: BorderProject, language: str) -> dict[str, str]:
    """A page's texts with the project's own: what it is called, who its neighbours are, and what its file says."""
    general: Mapping[str, str] = dict(read_json_file(PROJECT / f"{language}.json", remedy=_REMEDY))
    words = words_of(border, language)
    made = {key: filled(general[key], words) if key in general else text for key, text in texts.items()}
    if "index.facts.border" in texts:
        for side in (one for one in border.sides if one.code in border.people):
            words_of_side = {**words, "side": side.name[language] if language in side.name else side.name["en"]}
            made[f"index.facts.people.{side.code}"] = filled(general[PEOPLE], words_of_side)
    if any(key.startswith("border.part.") for key in texts):
        made |= {f"border.part.{side.code}": side.name[language] for side in border.neighbours}
    return made | {key: text for key, text in border.texts.get(language, {}).items() if key in made}


def words_of(border: BorderProject, language: str) -> dict[str, str]:
    """What texts of a project name: its title, this side, the neighbours."""
    link = {"en": " and ", "es": " y "}.get(language, ", ")
    return {
        "title": border.title[language],
        "here": border.here.name[language],
        "there": link.join(side.name[language] for side in border.neighbours),
    }


def filled(text: str, words: Mapping[str, str]) -> str:
    """A text with a project's words in its places; other braces stay."""
    for word, value in words.items():
        text = text.replace(f"{{{word}}}", value)
    return text
