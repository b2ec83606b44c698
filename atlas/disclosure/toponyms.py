"""Names of places in the form in which they are compared: whoever looks for a place does not mind how it is spelt.

A name is reduced to its telling words: lower case, no accents, abbreviations written out, and without articles,
prepositions and the words that say what kind of place it is, in Spanish and English (ejido, rancho, paso, crossing).
The order of what is left does not count. What stands in brackets or between dashes, slashes and commas is a name of
its own besides, since a table writes two names of one place so.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from atlas.border_project.expected_region import region

_WORD = re.compile(r"[a-z0-9]+")
# one that is not closed holds the rest
_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)(?:[)\]}]|\Z)")
_BETWEEN = re.compile(r"[,;:/|\n–—]|(?<=\s)-(?=\s)|\b(?:or|and|o|u|y|e|alias|aka)\b", re.IGNORECASE)
# typewriter's, typographic and modifier letters
_APOSTROPHES = re.compile("['\u2019\u02bc`\u00b4]")
# combining marks, and signs that are not seen at all
_UNSEEN = frozenset({"Mn", "Cf"})
_TABLES = tomllib.loads(resources.files("atlas.disclosure").joinpath("toponyms.toml").read_text("utf-8"))
_WRITTEN_OUT: Mapping[str, str] = MappingProxyType(_TABLES["written_out"])
_SMALL = frozenset(_TABLES["generic"]["small"].split())
_GENERIC = frozenset(word for words in _TABLES["generic"].values() for word in words.split())
# a name of one or two words that are all of a kind of place is a name all the same: La Frontera, El Puente
_SHORT = 2


@dataclass(frozen=True, slots=True)
class Toponym:
    """One way of reading a name: its telling words, and the same written as one word in their order."""

    words: frozenset[str]
    joined: str

    def matches(self, other: Toponym) -> bool:
        """Whether two names may be those of one place: the words of one are among those of the other."""
        return self.joined == other.joined or self.words <= other.words or other.words <= self.words


def readings(name: str) -> tuple[Toponym, ...]:
    """Every way of reading a name, the whole of it first; none where no word of it tells a place."""
    readings_of_name = dict.fromkeys(reading for part in _parts(name) if (reading := _reading(part)) is not None)
    return tuple(readings_of_name)


def folded(text: str) -> str:
    """Lower case, without accents, apostrophes and what is not seen."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _APOSTROPHES.sub("", "".join(sign for sign in plain if unicodedata.category(sign) not in _UNSEEN))


def _parts(name: str) -> Iterator[str]:
    outside = _BRACKETS.sub(" ", name)
    yield outside
    for part in (outside, *_BRACKETS.findall(name)):
        yield part
        yield from _BETWEEN.split(part)


@cache
def _nations(names: tuple[str | None, ...]) -> frozenset[str]:
    """The words of the names and codes of the countries on both sides, which tell no place."""
    return frozenset(word for name in names if name for word in _WORD.findall(folded(name)))


def _reading(part: str) -> Toponym | None:
    words = [_WRITTEN_OUT.get(word, word) for word in _WORD.findall(folded(part))]
    nations = _nations(tuple(text for side in region().border.sides for text in (*side.name.values(), side.country)))
    telling = [word for word in words if word not in _GENERIC and word not in nations and len(word) > 1]
    if not telling and len(plain := [word for word in words if word not in _SMALL]) <= _SHORT:
        telling = plain
    if not any(word.isalpha() for word in telling):
        return None
    return Toponym(frozenset(telling), "".join(telling))
