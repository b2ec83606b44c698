"""Words of texts, without case and accents, and runs of words looked for in other texts."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_ACCENTED = "áéíóúàèìòùäëïöüâêîôûãõñçåýÿ"
_ACCENTS = _ACCENTED + _ACCENTED.upper()
_PLAIN = {letter.encode(): unicodedata.normalize("NFKD", letter)[0].lower().encode() for letter in _ACCENTS}
_WESTERN = bytes.maketrans(
    "".join(letter for letter in _ACCENTS if len(letter.encode("latin-1", "ignore")) == 1).encode("latin-1"),
    "".join(unicodedata.normalize("NFKD", x)[0].lower() for x in _ACCENTS if x.encode("latin-1", "ignore")).encode(),
)
_ACCENTED_LETTER = re.compile(rb"\xc3[\x80-\xbf]")
_LONGEST = 8
_APART = bytes(byte if chr(byte).isalnum() and byte < 128 else 32 for byte in range(256))  # noqa: PLR2004 - ASCII

Gram = tuple[str, ...]


def folded(data: bytes) -> bytes:
    """Lower case, without accents, whether they are in UTF-8 or in the Western alphabet."""
    plain = data.lower()
    if plain.isascii():
        return plain
    if b"\xc3" in plain:
        for accented in set(_ACCENTED_LETTER.findall(plain)) & _PLAIN.keys():
            plain = plain.replace(accented, _PLAIN[accented])
    return plain.translate(_WESTERN)


def words_of(text: str | bytes) -> list[str]:
    """The words of a text: letters and digits."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return folded(data).translate(_APART).decode().split() or [""]


@dataclass
class Grams:
    """Runs of one to eight words, each with its kind and the number of its record."""

    _by_first: dict[str, list[tuple[Gram, str, int]]] = field(default_factory=lambda: defaultdict(list))
    _added: set[Gram] = field(default_factory=set)
    _public: set[Gram] = field(default_factory=set)

    def add(self, words: Iterable[str], kind: str, record: int) -> None:
        """A run of words to be looked for; the first record that has it stands for all."""
        gram = tuple(words)[:_LONGEST]
        if gram and gram not in self._added:
            self._added.add(gram)
            self._by_first[gram[0]].append((gram, kind, record))

    def drop(self, known: Iterable[str]) -> None:
        """Forget the runs that occur in a text which is public anyway."""
        grams = {gram for gram, _, _, _ in self.search(list(known))}
        self._public |= grams
        for gram in grams:
            self._by_first[gram[0]] = [entry for entry in self._by_first[gram[0]] if entry[0] != gram]

    def holds(self, words: Iterable[str]) -> bool:
        """Whether a run is looked for: it was added, and is not public."""
        gram = tuple(words)[:_LONGEST]
        return gram in self._added and gram not in self._public

    def search(self, words: list[str]) -> Iterator[tuple[Gram, str, int, int]]:
        """Every run that occurs: the run, its kind, its record, and the number of its first word."""
        firsts: Mapping[str, list[tuple[Gram, str, int]]] = dict(self._by_first)
        # most texts have none of them
        if firsts.keys().isdisjoint(words):
            return
        for at in [at for at, word in enumerate(words) if word in firsts]:
            word, entries = words[at], firsts[words[at]]
            # a word that begins thousands of runs: by what follows
            for gram, kind, record in entries if len(entries) <= _MANY else self._following(word, words, at):
                if len(gram) == 1 or (
                    words[at + 1 : at + 2] == [gram[1]] and tuple(words[at : at + len(gram)]) == gram
                ):
                    yield gram, kind, record, at

    def _following(self, word: str, words: list[str], at: int) -> Iterator[tuple[Gram, str, int]]:
        index = self._deep.get(word)
        if index is None:
            index = {entry[0]: entry for entry in self._by_first[word]}
            self._deep[word] = index
        for length in range(1, _LONGEST + 1):
            if (entry := index.get(tuple(words[at : at + length]))) is not None:
                yield entry

    _deep: dict[str, dict[Gram, tuple[Gram, str, int]]] = field(default_factory=dict)


_MANY = 8
