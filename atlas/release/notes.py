"""Free text that a person has marked as reviewed, looked at once more: names, numbers and contacts stay behind.

A list of words that stop a note is never complete: anybody can have any nickname. So a note leaves only if every word
of it is one of those that say what a place is like (``note_words.toml``, Spanish and English), none of them begins with
a capital within a sentence, and none of the project's places is named by words that are on the list themselves.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from importlib import resources

_LONGEST = 500
_LAST_LATIN = 0x24F
_NUMBER_WORDS = frozenset(
    """cero uno una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte treinta
    cuarenta cincuenta sesenta setenta ochenta noventa cien ciento mil zero one two three four five six seven eight
    nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty ninety hundred thousand oh double doble
    """.split()  # noqa: SIM905 - a list of words is read more easily than a list of strings
)
_WORD = re.compile(r"\w+")


def publishable_note(note: str, places: Collection[str] = ()) -> str | None:
    """The note as it may leave, or nothing: no digits, names, contacts, places or letters that hide others.

    Parameters
    ----------
    places
        Names of settlements and crossings as `plain` writes them, which stop a note in lower case too.
    """
    text = " ".join(unicodedata.normalize("NFKC", note).split())
    if not text or len(text) > _LONGEST or not all(_is_plain(letter) for letter in text):
        return None
    bare = f" {plain(text)} "
    if any(f" {name} " in bare for name in places):
        return None
    words = _WORD.findall(text.lower())
    numbers = sum(word in _NUMBER_WORDS for word in words)
    if numbers > 1 or not all(word in _NUMBER_WORDS or plain(word) in known_words() for word in words):
        return None
    sentences = (_WORD.findall(sentence) for sentence in re.split(r"[.!?]", text))
    return text if all(word == word.lower() for sentence in sentences for word in sentence[1:]) else None


@cache
def known_words() -> frozenset[str]:
    """The words of which a note may be made, with their forms, as `plain` writes them."""
    lists = tomllib.loads(resources.files("atlas.release").joinpath("note_words.toml").read_text(encoding="utf-8"))
    return frozenset(plain(form) for words in lists.values() for word in words.split() for form in _forms(word))


def _forms(word: str) -> Iterator[str]:
    yield from (word, f"{word}s", f"{word}es")
    if word.endswith("o"):
        yield from (f"{word[:-1]}a", f"{word[:-1]}as")
    if word.endswith("z"):
        yield f"{word[:-1]}ces"


def plain(text: str) -> str:
    """A text as words without capitals, accents and signs, for comparing."""
    letters = "".join(
        letter for letter in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(letter)
    )
    return " ".join(_WORD.findall(letters))


def _is_plain(letter: str) -> bool:
    return letter in " .,;:!?¡¿()-–" or (letter.isalpha() and letter.isprintable() and ord(letter) <= _LAST_LATIN)
