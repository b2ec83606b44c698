"""The words of the vocabularies and of column headers, as people write them, to the names of a record."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from atlas.field.readers.cell_values import key
from atlas.field.record import Field, Schema

_REMEMBERED = 2_000
_LETTERS = 10
_CUT = frozenset({"accuracy", "coordinateUncertaintyInMeters", "sensitivity", "position_basis"})


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("atlas.field.readers").joinpath("words.toml").read_text("utf-8"))


@cache
def _column_roles() -> Mapping[str, str]:
    """Role by the key of a header: ``fecha`` is ``observed_at``."""
    return {key(word): role for role, words in _tables()["columns"].items() for word in words}


@cache
def machine_columns() -> frozenset[str]:
    """Headers that form servers add to what people answered, without the groups before them."""
    return frozenset(_tables()["machine"]["columns"])


class Words:
    """What a schema's words are called: codes, titles in both languages, and exact synonyms."""

    def __init__(self, schema: Schema) -> None:
        self.fields = schema.fields
        self._codes = {name: _codes(field) for name, field in schema.fields.items() if field.values}
        # what only a review decides is no column that a table can fill in
        asked = [field for field in schema.fields.values() if field.control != "none"]
        titles = {key(title): field.name for field in asked for title in _spellings(field.titles)}
        # a table has few words and says them often
        self._codes_of_words: dict[tuple[str, str], str | None] = {}
        self._roles = {**titles, **{key(field.name): field.name for field in asked}, **_column_roles()}

    def code(self, field: str, word: str) -> str | None:
        """The code of a word in a field's vocabulary; nothing when the vocabulary has no such word."""
        word_of_field = field, word
        if word_of_field not in self._codes_of_words:
            if len(self._codes_of_words) >= _REMEMBERED:
                self._codes_of_words.clear()
            self._codes_of_words[word_of_field] = self._codes.get(field, {}).get(key(word))
        return self._codes_of_words[word_of_field]

    def role(self, header: str) -> str | None:
        """What a column holds, by the key of its header; nothing when that is not known."""
        return self._roles.get(header)

    def uncut(self, header: str) -> str | None:
        """A header of which a shapefile kept ten letters: that of one field, or of metres and classes."""
        begin = key(header)
        # what would be a pair is none beside a shape
        if len(header) < _LETTERS or self.role(begin) not in {None, "pair"}:
            return None
        begun = ((word, role) for word, role in self._roles.items() if word.startswith(begin))
        fitting = {word: role for word, role in begun if role in _CUT or word == key(role)}
        return min(fitting) if len(set(fitting.values())) == 1 else None


def _codes(field: Field) -> Mapping[str, str]:
    titles = {key(title): code for code, names in field.values.items() for title in _spellings(names)}
    codes = {key(code): code for code in field.values}
    synonyms = {key(word): code for code, words in _tables().get(field.name, {}).items() for word in words}
    return {**{word: code for word, code in synonyms.items() if code in field.values}, **titles, **codes}


def _spellings(titles: Mapping[str, str]) -> Iterator[str]:
    """A title in each language, its part before a colon, and both languages as one label."""
    for title in titles.values():
        yield from (title, title.partition(":")[0])
    yield " ".join(titles.values())
