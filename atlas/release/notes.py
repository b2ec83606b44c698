"""Free text that a person has marked as reviewed, looked at once more: names, numbers and contacts stay behind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_LONGEST = 500
_LAST_LATIN = 0x24F
_NUMBER_WORDS = frozenset(
    """cero uno una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte treinta
    cuarenta cincuenta sesenta setenta ochenta noventa cien ciento mil zero one two three four five six seven eight
    nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty ninety hundred thousand oh double doble
    """.split()  # noqa: SIM905 - a list of words is read more easily than a list of strings
)
# a sentence that begins otherwise may begin with a name
_OPENERS = frozenset(
    """el la los las un una unos unas en al a de del por para con sin sobre entre desde hasta hay no se es son está
    están fue eran había muy más menos poco poca pocos pocas mucho mucha muchos muchas varios varias algunos algunas
    paso cruce agua río camino lluvia lluvias zona lugar acceso servicio camas comida atención cerrado abierto
    the an in on at of by for with without about between from to there not it is are was were very more less few many
    several some crossing water river road rain area place access service beds food care closed open this these no
    """.split()  # noqa: SIM905 - as above
)
_TELLING = (
    re.compile(r"https?|www|\b\w+\.(?:com|org|net|mx|gt|bz|info|io|me)\b"),
    re.compile(
        r"\b(?:arroba|whats\w*|telegram|signal|facebook|instagram|tel|tels|tel[eé]fono|cel|celular|phone|call|llam\w+|"
        r"e-?mail|correo|gps|lat\w*|lon\w*|coord\w*|utm|km|sr|sra|srta|don|do[nñ]a|mr|mrs|ms|lic|ing|dr|dra|alias|"
        r"nombre|name|named)\b"
    ),
    # persons and houses by what they are called in a village, in lower case as well
    re.compile(
        r"\b(?:do[nñ]it[ao]|maestr[ao]s?|profe(?:sor|sora)?s?|familias?|se[nñ]or(?:a|es|as|ita)?|compadres?|comadres?|vecin[ao]s?|"
        r"abuel[ao]s?|t[ií][ao]s?|primos?|padre|madre|cura|pastor|patr[oó]n|due[nñ][ao]s?|coyotes?|polleros?|gu[ií]as?|"
        r"famil(?:y|ies)|teacher|neighbou?rs?|uncle|aunt|cousin|priest|owner|smuggler|guide|"
        r"casas?|cuartos?|tiendas?|ranchos?|fincas?|iglesias?|escuelas?|houses?|homes?|rooms?|stores?|shops?|ranch|church|school|"
        r"calle|avenida|barrio|colonia|street|avenue|n[uú]meros?|numbers?|lad[ae]s?|tel[eé]fonos?|phones?|m[oó]vil(?:es)?)\b"
    ),
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
    small = text.lower()
    if any(pattern.search(small) for pattern in _TELLING):
        return None
    bare = f" {plain(text)} "
    if any(f" {name} " in bare for name in places):
        return None
    if sum(word in _NUMBER_WORDS for word in _WORD.findall(small)) > 1:
        return None
    return text if all(_names_nobody(sentence) for sentence in re.split(r"[.!?]", text)) else None


def plain(text: str) -> str:
    """A text as words without capitals, accents and signs, for comparing."""
    letters = "".join(
        letter for letter in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(letter)
    )
    return " ".join(_WORD.findall(letters))


def _is_plain(letter: str) -> bool:
    return letter in " .,;:!?¡¿()-–" or (letter.isalpha() and letter.isprintable() and ord(letter) <= _LAST_LATIN)


def _names_nobody(sentence: str) -> bool:
    """Whether the sentence has no capital but that of a common first word."""
    words = _WORD.findall(sentence)
    return not words or (words[0].lower() in _OPENERS and all(word == word.lower() for word in words[1:]))
