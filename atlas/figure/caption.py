"""The caption of a figure as a text file: both languages, the citations as text, and the same as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from atlas.cartography.assembly import Assembled
from atlas.cartography.composition import LANGUAGES, in_language
from atlas.figure.figure_texts import load_words
from atlas.published import PublishedLayers, atlas_citation

_SPECIAL = re.compile(r"[\\{}$&#^_%~]")
_HEADS: Mapping[str, str] = {"en": "English", "es": "Español"}


def caption_text(release: PublishedLayers, assembled: Assembled) -> str:
    """The whole caption, ending with a line break."""
    parts = [part for language in LANGUAGES for part in (_HEADS[language], _caption(release, assembled, language), "")]
    entries = [atlas_citation.bibtex(), *_source_entries(assembled), *_entries(release, assembled)]
    return "\n".join([*parts, "BibTeX", *entries]) + "\n"


def _caption(release: PublishedLayers, assembled: Assembled, language: str) -> str:
    words, composition = load_words(language), assembled.composition
    lines = [text for key in ("title", "lead") if (text := composition.text(key, language))]
    for layer in assembled.drawn:
        made = layer.portrayal
        if made.size_head:
            lines.append(f"{made.size_head[language]}.")
        if made.head:
            lines.append(
                f"{made.head[language]}: " + "; ".join(f"{e.text[language]} ({e.count:,})" for e in made.entries) + "."
            )
        lines += [note[language] for note in layer.notes]
    lines += [
        words(f"own.{key}", text=text) for key in ("credit", "licence") if (text := composition.text(key, language))
    ]
    if composition.sources:
        lines.append(
            words("own.sources", text="; ".join(in_language(source, language) for source in composition.sources))
        )
    lines += [str(release.sources[key]["citation"][language]) for key in _ids(release, assembled)]
    return "\n".join([*lines, atlas_citation.plain()])


def _ids(release: PublishedLayers, assembled: Assembled) -> list[str]:
    """Sources of the layers of the atlas that the figure shows as such."""
    names = dict.fromkeys((*assembled.native, *(layer.origin for layer in assembled.drawn if layer.origin)))
    ids = {key for name in names for feature in release.features(name) for key in feature["properties"]["source_ids"]}
    return sorted(key for key in ids if key in release.sources)


def _entries(release: PublishedLayers, assembled: Assembled) -> Iterator[str]:
    for key in _ids(release, assembled):
        source = release.sources[key]
        fields = {
            "title": source["title"] or source["headline"]["en"],
            "author": source["author"] or source["publisher"],
            "year": source["year"],
            "doi": source["doi"],
            "url": source["url"],
        }
        yield _entry(key, {name: value for name, value in fields.items() if value})


def _source_entries(assembled: Assembled) -> Iterator[str]:
    for number, source in enumerate(assembled.composition.sources, start=1):
        yield _entry(f"source_{number}", {"title": in_language(source, "en")})


def _entry(key: str, fields: Mapping[str, Any]) -> str:
    lines = [f"  {name:<6} = {{{_escaped(str(value))}}}" for name, value in fields.items()]
    return "\n".join([f"@misc{{{re.sub('[^A-Za-z0-9_-]', '_', key)},", ",\n".join(lines), "}"])


def _escaped(text: str) -> str:
    """A text in which LaTeX reads nothing as a command."""
    named = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
    return _SPECIAL.sub(lambda mark: named.get(mark[0], f"\\{mark[0]}"), " ".join(text.split()))
