"""Languages of a project besides English and Spanish: every text of a page in each, or an error that names what lacks.

A project brings a file for each language: a flat object of JSON with texts by their keys, and what the data say in
English words by these words. {title}, {here} and {there} stand for the project's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from atlas.border_project import BorderProject
from atlas.errors import InputError, listed
from atlas.geojson.strict import read_json_file
from atlas.render.page_texts import Catalogue
from atlas.render.project_words import LABEL, filled, stray_places, words_of

_NEIGHBOUR = re.compile(r"(?:border\.part|crossings\.extent|value\.[a-z_]+\.neighbours?)\.(.+)")


class MissingTextsError(InputError):
    """Texts that a language lacks: their English by key, by the file that should have them."""

    def __init__(self, missing: Mapping[str, Mapping[str, str]]) -> None:
        self.missing = missing
        rows = [
            f"{file}: {json.dumps(key, ensure_ascii=False)}: {json.dumps(text, ensure_ascii=False)}"
            for file, texts in missing.items()
            for key, text in sorted(texts.items())
        ]
        head = f"{len(rows)} texts of the pages are missing; add each to its file, in that file's language:"
        super().__init__(listed(head, rows))

    @classmethod
    def of_all(cls, errors: Sequence[MissingTextsError]) -> MissingTextsError:
        """One error of those of several pages."""
        files = dict.fromkeys(file for error in errors for file in error.missing)
        return cls({file: {k: t for e in errors for k, t in e.missing.get(file, {}).items()} for file in files})


@dataclass(frozen=True, slots=True)
class MoreLanguage:
    """A language with what its file says: ``words`` by key of a text, or by English words of the data."""

    code: str
    name: str
    file: str
    words: Mapping[str, str]

    def catalogue(self, english: Catalogue, border: BorderProject) -> Catalogue:
        """The texts of a page in this language.

        Raises
        ------
        InputError
            A text is missing.
        """
        places = words_of(border, self.code)
        given = {"atlas.name": "{title}", "page.index.title": "{title}", **dict(_names(english, border, self.code))}
        known = {**given, **self.words}
        self.refuse_missing({key: text for key, text in english.items() if key not in known})
        strays = {key: more for key, text in english.items() if (more := stray_places(known[key], text))}
        if strays:
            faults = [
                f"{key!r} has {{{more[0]}}}, which its English has not; remove it" for key, more in strays.items()
            ]
            raise InputError(listed(f"{self.file} has texts that do not fit the pages:", faults))
        return {key: filled(known[key], places) for key in english}

    def refuse_missing(self, missing: Mapping[str, str]) -> None:
        """Refuse a file that lacks texts, each with its English.

        Raises
        ------
        InputError
            There are any.
        """
        if missing:
            raise MissingTextsError({self.file: missing})


def read_more_languages(border: BorderProject) -> tuple[MoreLanguage, ...]:
    """The languages that a project brings.

    Raises
    ------
    InputError
        A file is no flat object of texts.
    """
    return tuple(_read(code, border) for code in border.more_languages)


def translations_in(
    more: Sequence[MoreLanguage], spanish: Mapping[str, str], data: object
) -> dict[str, dict[str, str]]:
    """What the data say in English words in each language, as the pages have it in Spanish.

    Raises
    ------
    InputError
        Words are missing.
    """
    for one in more:
        wanted = dict.fromkeys([*spanish, *_english_in(data)])
        one.refuse_missing({words: words for words in wanted if words and words not in one.words})
    return {one.code: {words: one.words[words] for words in spanish} for one in more}


def in_languages(value: Any, more: Sequence[MoreLanguage]) -> Any:  # noqa: ANN401 - whatever JSON can say
    """Data in which each text that stands in English and Spanish stands in the other languages, too."""
    if not more:
        return value
    if isinstance(value, Mapping):
        if _is_bilingual(value):
            return {**value, **{one.code: one.words[value["en"]] for one in more if value["en"]}}
        return {key: in_languages(part, more) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [in_languages(part, more) for part in value]
    return value


def _read(code: str, border: BorderProject) -> MoreLanguage:
    language = border.more_languages[code]
    remedy = "write an object of texts by key"
    words = read_json_file(language.path, remedy=remedy)
    if not isinstance(words, dict) or not all(isinstance(text, str) and text.strip() for text in words.values()):
        msg = f"{language.path} is no flat object of texts that say something; {remedy}, each a text in quotes"
        raise InputError(msg)
    return MoreLanguage(code, language.name, str(language.path), words)


def _names(english: Catalogue, border: BorderProject, language: str) -> Iterator[tuple[str, str]]:
    """Names of the neighbours and of what the project places on its maps, wherever a text is one."""
    names = {side.code: side.name[language] for side in border.neighbours}
    labels = {f"{LABEL}{n}": one.name[language] for n, one in enumerate(border.labels, start=1)}
    yield from ((key, labels[key]) for key in english if key in labels)
    for key in english:
        matched = _NEIGHBOUR.fullmatch(key)
        if matched and matched[1] in names:
            yield key, names[matched[1]]


def _english_in(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        if _is_bilingual(value):
            yield value["en"]
        else:
            for part in value.values():
                yield from _english_in(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _english_in(part)


def _is_bilingual(value: Mapping[str, Any]) -> bool:
    return set(value) == {"en", "es"} and all(isinstance(text, str) for text in value.values())
