"""By what a text or an id of a record is found again: runs of words, digests, bytes, pieces of a picture."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping
from itertools import pairwise

from atlas.disclosure.multi_pattern import TAIL
from atlas.disclosure.word_runs import words_of

SHINGLE, LONG_WORD = 3, 4
_RARE_WORD, _SHORT_VALUE = 5, 6
_RARE = 3
_PAIR = 2
_DIGESTS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b", "blake2s")
# words of a note written as one
_JOINED_WORDS, _JOINED_LETTERS = 5, 18
_SPACES = (uuid.NAMESPACE_DNS, uuid.NAMESPACE_URL, uuid.NAMESPACE_OID, uuid.NAMESPACE_X500)


def grams_of(kind: str, text: str, counts: Mapping[str, int]) -> Iterator[tuple[list[str], str]]:
    """The runs of words by which a text is found again."""
    words = words_of(text)
    if kind == "id":
        if len(words) > 1 or len(text) >= LONG_WORD:
            yield words, "id"
    elif kind == "value" and len(words) <= _SHORT_VALUE:
        if len(words) > 1 or (words and len(words[0]) >= _RARE_WORD):
            yield words, "text"
        if len(words) > _PAIR:
            yield from (([*pair], "text") for pair in pairwise(words) if min(map(len, pair)) >= LONG_WORD)
    elif kind in {"note", "value"}:
        yield from ((run, "text") for run in _shingles(words))
    if kind == "note":
        if 1 < len(words) < SHINGLE:
            yield words, "text"
        striking = [word for word in _striking(text) if len(word) >= _RARE_WORD and counts.get(word, 0) <= _RARE]
        yield from (([word], "text") for word in striking)


def _shingles(words: list[str]) -> Iterator[list[str]]:
    """Every three words in a row, two of them long."""
    for start in range(len(words) - SHINGLE + 1):
        run = words[start : start + SHINGLE]
        if sum(len(word) >= LONG_WORD for word in run) >= _PAIR and not all(word.isdigit() for word in run):
            yield run


def _striking(text: str) -> set[str]:
    """Words that look like names or codes: with a capital inside a sentence, or letters and digits."""
    names = re.findall(r"(?<![.!?¿¡:\n]\s)(?<!^)\b[A-ZÁÉÍÓÚÑ][a-záéíóúñü]{4,}", text)
    codes = re.findall(r"\b(?=\w*\d)(?=\w*[A-Za-z])\w{5,}\b", text)
    return {word for name in (*names, *codes) for word in words_of(name)}


def digests(record_id: str) -> list[bytes]:
    """Digests by which somebody may have meant to hide an id that can be guessed."""
    return [hashlib.new(name, record_id.encode(), usedforsecurity=False).digest() for name in _DIGESTS]


def hex_digests(record_id: str, *, named: bool) -> list[bytes]:
    """The same in hexadecimal letters, and, if ``named``, the UUIDs that are made of names."""
    texts = [digest.hex().encode() for digest in digests(record_id)]
    if not named:
        return texts
    names = [uuid.uuid5(space, record_id) for space in _SPACES] + [uuid.uuid3(uuid.NAMESPACE_URL, record_id)]
    return [*texts, *(str(name).encode()[:13] for name in names)]


def joined_words(text: str) -> Iterator[bytes]:
    """Every five words of a text as one word, as in a name of a file; and an id without its marks."""
    words = words_of(text)
    for start in range(max(1, len(words) - _JOINED_WORDS + 1)):
        run = "".join(words[start : start + _JOINED_WORDS])
        if len(run) >= _JOINED_LETTERS or (len(words) < _JOINED_WORDS and len(run) >= TAIL):
            yield run.encode()


def uuid_bytes(record_id: str) -> bytes | None:
    """The sixteen bytes of an id that is a UUID."""
    try:
        return uuid.UUID(record_id).bytes
    except ValueError:
        return None


def address_pieces(address: str) -> Iterator[bytes]:
    """Pieces of a picture that stands in a ``data:`` address."""
    try:
        data = base64.b64decode(address.partition(",")[2], validate=False)
    except (binascii.Error, ValueError):
        return
    yield from picture_pieces(data)


def picture_pieces(data: bytes) -> Iterator[bytes]:
    """Pieces of a picture's bytes, by which it is found again."""
    for start in range(64, len(data) - 48, max(1, len(data) // 24)):
        piece = data[start : start + 48]
        if len(set(piece)) > TAIL:
            yield piece
