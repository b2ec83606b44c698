"""Words of a project's own border on the pages, in place of those that speak of the atlas' border."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from atlas.border_project import BorderProject, shipped_border
from atlas.errors import InputError, listed
from atlas.geojson.strict import read_json_file
from atlas.render.page_texts import FOLDER, Catalogue

PROJECT = FOLDER / "project"
PEOPLE = "index.facts.people"
# of a name that the project places on its maps, with its number
LABEL = "label."
# where the year of the census is known, the words that name it
_OF_CENSUS = ("municipalities.head.", "municipalities.figure.")
_COUNTED = ("population_2020", "dwellings_2020")
_SUBJECT = "claims.subject."
_CARD = "cards.card."
# how a project's forms and cards are called after their kind
_DOCUMENTS = MappingProxyType({"form": "cards.document.form", "card": "cards.document.card"})
_AGENCY = "checkpoints.agency."
# names of measured lengths, which are of the shipped border
_NAMED = ("containment.length.",)
# what a text of a project may name besides what it is about
WORDS = ("title", "here", "there", "example")
# of pages that are made of modules
_OF_MODULES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "crossings": ("page.crossings.", "legend.formal", "legend.informal", "legend.reported"),
        "cards": ("page.cards.",),
        "claims": ("page.claims.",),
        "corridor": ("page.checkpoints.", "legend.checkpoint", "legend.corridor"),
        "containment": ("page.containment.", "legend.containment"),
        "facilities": ("legend.facility",),
        "": (
            *(f"page.{name}." for name in ("methods", "series")),
            "page.timeline.lead",
            *(f"legend.{name}" for name in ("programme", "railway", "vehicular")),
        ),
    }
)
# texts that there are one of for each neighbour
_OF_NEIGHBOURS = ("border.part", "crossings.extent")
_HALF_TURN = 180.0
_PLACE = re.compile(r"\{([a-z_]+)\}")
_REMEDY = "restore the file from the project"


def with_project_words(texts: Catalogue, border: BorderProject, language: str) -> dict[str, str]:
    """A page's texts with the project's own: what it is called, who its neighbours are, and what its file says."""
    general: Mapping[str, str] = dict(read_json_file(PROJECT / f"{language}.json", remedy=_REMEDY))
    words = words_of(border, language)
    kept = {key: text for key, text in texts.items() if not _of_another(key, border)}
    kept = {key: text for key, text in kept.items() if not key.startswith(_NAMED) or key in general}
    made = {key: filled(general[key], words) if key in general else text for key, text in kept.items()}
    if "index.facts.border" in texts:
        for side in (one for one in border.sides if one.code in border.people):
            words_of_side = {**words, "side": side.name[language] if language in side.name else side.name["en"]}
            made[f"index.facts.people.{side.code}"] = filled(general[PEOPLE], words_of_side)
    if (year := border.here.census_year) is not None:
        counted = [f"{start}{name}" for start in _OF_CENSUS for name in _COUNTED if f"{start}{name}" in made]
        made |= {key: filled(general[f"{key}.census"], {"year": str(year)}) for key in counted}
    if any(key.startswith("legend.") for key in texts):
        made |= {f"{LABEL}{n}": one.name[language] for n, one in enumerate(border.labels, start=1)}
    for part in _OF_NEIGHBOURS:
        if any(key.startswith(f"{part}.") for key in texts):
            made |= {f"{part}.{side.code}": side.name[language] for side in border.neighbours}
    return made | {key: filled(text, words) for key, text in border.texts.get(language, {}).items() if key in made}


def with_subjects(texts: Catalogue, subjects: Collection[str]) -> Catalogue:
    """Texts of a page of claims with those subjects that a project's claims have, as its table calls them at first."""
    if not any(key.startswith(_SUBJECT) for key in texts):
        return texts
    kept = {key: text for key, text in texts.items() if not key.startswith(_SUBJECT) or key == f"{_SUBJECT}all"}
    return kept | {key: texts.get(key, one) for one in subjects if (key := f"{_SUBJECT}{one}")}


def with_cards(texts: Catalogue, kinds: Collection[str], language: str) -> Catalogue:
    """Texts of a page of cards with those kinds that a project's table has, as the table calls them at first."""
    if not any(key.startswith(_CARD) for key in texts):
        return texts
    general = read_json_file(PROJECT / f"{language}.json", remedy=_REMEDY)
    made = {key: text for key, text in texts.items() if not key.startswith((_CARD, "cards.document."))}
    for kind in kinds:
        made |= {f"{_CARD}{kind}": kind}
        made |= {
            f"cards.document.{kind}.{one}": filled(general[key], {"kind": kind}) for one, key in _DOCUMENTS.items()
        }
    return made


def with_agencies(texts: Catalogue, names: Collection[str]) -> Catalogue:
    """Texts of a page of checkpoints with the agencies of a project's table, as the table calls them at first."""
    if f"{_AGENCY}all" not in texts:
        return texts
    kept = {key: text for key, text in texts.items() if not key.startswith(_AGENCY) or key == f"{_AGENCY}all"}
    return kept | {f"{_AGENCY}{name}": name for name in names}


def refuse_unfit_texts(border: BorderProject, known: Mapping[str, Catalogue]) -> None:
    """Refuse words of the project file that no page would show, or that name a figure that the text has not.

    Parameters
    ----------
    border
        The project's border.
    known
        Every text of every page, by language and key.

    Raises
    ------
    InputError
        There are such words: each with its key and a remedy.
    """
    faults = [
        fault
        for language, texts in border.texts.items()
        for key, text in texts.items()
        if (fault := _unfit(key, text, known[language], f"[texts.{language}] {key!r}"))
    ]
    if faults:
        raise InputError(listed("atlas.toml has words that do not fit the pages:", faults))


def _unfit(key: str, text: str, known: Catalogue, title: str) -> str | None:
    if key not in known:
        near = get_close_matches(key, known, n=1)
        remedy = f"did you mean {near[0]!r}?" if near else "remove it"
        return f"{title} is no text of a page; {remedy}"
    if more := stray_places(text, known[key]):
        return f"{title} has {{{more[0]}}}, for which there is nothing to put in; remove it"
    return None


def stray_places(text: str, model: str) -> list[str]:
    """Places for words in a text, such as ``count`` of ``{count}``, that another one and the project do not have."""
    return sorted(set(_PLACE.findall(text)) - set(_PLACE.findall(model)) - set(WORDS))


def _of_another(key: str, border: BorderProject) -> bool:
    """Whether a text is of the shipped border alone: a name on its maps, one of its neighbours, its road."""
    others = set(shipped_border().neighbour_codes) - set(border.neighbour_codes)
    off = [start for module, starts in _OF_MODULES.items() if not border.modules.get(module) for start in starts]
    return key.startswith(("place.", *off)) or key in {f"{part}.{code}" for code in others for part in _OF_NEIGHBOURS}


def words_of(border: BorderProject, language: str) -> dict[str, str]:
    """What texts of a project name: its title, this side, the neighbours."""
    link = {"en": " and ", "es": " y "}.get(language, ", ")
    return {
        "title": border.title[language],
        "here": border.here.name[language],
        "there": link.join(side.name[language] for side in border.neighbours),
        "example": _example(border),
    }


def _example(border: BorderProject) -> str:
    """A position of the region as it is typed: latitude, longitude in degrees."""
    west, south, east, north = border.box
    longitude = (west + east) / 2
    return f"{(south + north) / 2:.4f}, {longitude if longitude <= _HALF_TURN else longitude - 2 * _HALF_TURN:.4f}"


def filled(text: str, words: Mapping[str, str]) -> str:
    """A text with a project's words in its places; other braces stay."""
    for word, value in words.items():
        text = text.replace(f"{{{word}}}", value)
    return text
