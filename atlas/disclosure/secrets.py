"""What must not get out: taken from the team's exact records, and made ready to be looked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from atlas.border_project.expected_region import region
from atlas.disclosure.candidates import Floats, Integers
from atlas.disclosure.contact import contacts
from atlas.disclosure.identifiers import (
    LONG_WORD,
    address_pieces,
    digests,
    grams_of,
    hex_digests,
    joined_words,
    uuid_bytes,
)
from atlas.disclosure.limits import Limits
from atlas.disclosure.multi_pattern import TAIL, Needle, Needles
from atlas.disclosure.times import TIME_MARK, time_bytes, time_texts
from atlas.disclosure.word_runs import Grams, words_of

_LONGITUDES = frozenset({"lon", "lng", "long", "longitude", "longitud", "x", "decimallongitude"})
_LATITUDES = frozenset({"lat", "latitude", "latitud", "y", "decimallatitude"})
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)")
_ID_LETTERS = 5
_SHORT_VALUE = 6
_PHONE_DIGITS = (7, 17)
_GUESSES = 20_000


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a record: ``id``, ``note``, ``value`` or ``time``."""

    kind: str
    text: str
    record: int


@dataclass
class Secrets:
    """Positions and texts of the exact records.

    Attributes
    ----------
    lon, lat, owner, allowed
        Positions in degrees without their signs, the record of each, and the unit to which the policy lets it be
        published (else infinite).
    signs
        The signs of longitude and latitude as noted, shape (n, 2).
    """

    ids: list[str]
    lon: Floats
    lat: Floats
    owner: Integers
    allowed: Floats
    texts: list[Text]
    public: list[str] = field(default_factory=list)
    signs: Floats = field(default_factory=lambda: np.zeros((0, 2)))

    @property
    def signed(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes with their signs: those of the region, where all of it has the same."""
        kept = self.signs if len(self.signs) else np.ones((len(self.lon), 2))
        east, north = region().signs
        return self.lon * (east or kept[:, 0]), self.lat * (north or kept[:, 1])

    @cached_property
    def phones(self) -> Mapping[str, int]:
        """Digits of telephone numbers, without and with the country's, by record."""
        phones: dict[str, int] = {}
        for text in self.texts:
            if text.kind == "time":
                continue
            for match in contacts(f"tel {text.text}" if text.text[:1].isdigit() else text.text):
                digits = "".join(letter for letter in match.text if letter.isdigit())
                if match.rule == "phone" and _PHONE_DIGITS[0] <= len(digits) <= _PHONE_DIGITS[1]:
                    phones.update(dict.fromkeys({digits, digits[-10:], digits[-8:]}, text.record))
        return phones

    @cached_property
    def grams(self) -> Grams:
        """Runs of words that give a record away, without those that are public anyway."""
        grams = Grams()
        frequencies = Counter(word for text in self.texts if text.kind == "note" for word in set(words_of(text.text)))
        for text in self.texts:
            for gram, kind in grams_of(text.kind, text.text, frequencies):
                grams.add(gram, kind, text.record)
        grams.drop(self.public)
        return grams

    @cached_property
    def folded(self) -> Needles:
        """Strings looked for in lower case at every byte."""
        needles: list[Needle] = []
        for text in self.texts:
            plain = text.text.strip().lower().encode()
            words = words_of(plain) if text.kind == "value" else []
            # a short value that stands in the atlas' own data, such as the name of a municipality, is no secret
            is_striking = text.kind in {"id", "time"} or (
                words and (len(words) > _SHORT_VALUE or self.grams.holds(words))
            )
            if is_striking and len(plain) >= TAIL and not plain.isalpha():
                needles.append((plain[:96], "text" if text.kind == "value" else text.kind, text.record))
            if text.kind == "time" and TIME_MARK in text.text:
                needles += [(written, "time", text.record) for written in time_texts(text.text)]
            if text.kind == "id" and len(text.text) >= LONG_WORD:
                named = text.record < _GUESSES
                needles += [(digest[:12], "hash", text.record) for digest in hex_digests(text.text, named=named)]
            if (text.kind == "note" and plain) or (text.kind == "id" and _has_both(plain)):
                needles += [
                    (joined, "text" if text.kind == "note" else "id", text.record) for joined in joined_words(text.text)
                ]
        return Needles(needles)

    @cached_property
    def raw(self) -> Needles:
        """Strings looked for as they are: ids and their digests as bytes, and pieces of pictures."""
        needles: list[Needle] = []
        for text in self.texts:
            if text.kind == "id":
                if (packed := uuid_bytes(text.text)) is not None:
                    needles += [(packed, "id", text.record)]
                if len(text.text) >= LONG_WORD:
                    needles += [(digest[:10], "hash", text.record) for digest in digests(text.text)]
            elif text.kind == "time" and TIME_MARK in text.text:
                needles += [(written, "time", text.record) for written in time_bytes(text.text)]
            elif text.kind == "picture":
                needles += [(piece, "picture", text.record) for piece in address_pieces(text.text)]
        return Needles(needles)


def secrets_of(features: Sequence[Mapping[str, Any]], limits: Limits, public: Sequence[str] = ()) -> Secrets:
    """What of the records must not be found in what is published.

    Parameters
    ----------
    public
        Words that the project publishes, in their order.
    """
    positions: list[tuple[float, float, int, float]] = []
    texts: list[Text] = []
    ids: list[str] = []
    for number, feature in enumerate(features):
        properties = feature.get("properties") or {}
        record_id = feature.get("id", properties.get("id"))
        ids.append("" if record_id is None else str(record_id))
        allowed = limits.unit_of(properties)
        positions += [(lon, lat, number, allowed) for lon, lat in _positions([feature.get("geometry"), properties])]
        if _tells(ids[-1]):
            texts.append(Text("id", ids[-1], number))
        texts += _texts(properties, limits, number)
    columns = np.array(positions, dtype=np.float64).reshape(-1, 4)
    good = np.isfinite(columns[:, :2]).all(axis=1)
    columns = columns[good]
    lon, lat, owner, allowed_unit = columns.T
    signs = np.where(np.signbit(columns[:, :2]), -1.0, 1.0)
    place = np.abs(lon), np.abs(lat)
    return Secrets(ids, *place, owner.astype(np.int64), allowed_unit, texts, list(public), signs)


def _has_both(record_id: bytes) -> bool:
    """Whether an id has digits and letters, and marks that may be left out."""
    return (
        not record_id.isalnum()
        and any(map(str.isdigit, record_id.decode()))
        and any(map(str.isalpha, record_id.decode()))
    )


def _tells(record_id: str) -> bool:
    letters = "".join(character for character in record_id if character.isalnum())
    return len(letters) >= (_ID_LETTERS if letters.isdigit() else LONG_WORD)


def _positions(value: Any) -> Iterator[tuple[float, float]]:  # noqa: ANN401 - anything that JSON can say
    """Positions in a geometry, or in lists and objects that look like one."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            named = {str(key).lower(): inner for key, inner in one.items()}
            lon = next((named[key] for key in named if key in _LONGITUDES), None)
            lat = next((named[key] for key in named if key in _LATITUDES), None)
            if (pair := _pair(lon, lat)) is not None:
                yield pair
            waiting += list(one.values())
        elif isinstance(one, list):
            pair = _pair(one[0], one[1]) if len(one) in {2, 3} else None
            if pair is not None:
                yield pair
            else:
                waiting += [inner for inner in one if isinstance(inner, list | Mapping)]


def _pair(lon: Any, lat: Any) -> tuple[float, float] | None:  # noqa: ANN401 - as above
    try:
        pair = float(lon), float(lat)
    except (TypeError, ValueError, OverflowError):
        return None
    whole = all(number == int(number) for number in pair if abs(number) < 181)  # noqa: PLR2004 - else it is no degree
    return pair if not whole and abs(pair[0]) <= 180 and abs(pair[1]) <= 90 else None  # noqa: PLR2004 - degrees


def _texts(properties: Mapping[str, Any], limits: Limits, number: int) -> Iterator[Text]:
    for name, value in properties.items():
        for text in _strings(value):
            if name == "note":
                if properties.get("note_reviewed") is not True:
                    yield Text("note", text, number)
            elif name == "observed_at":
                if match := _TIME.search(text):
                    yield from (Text("time", f"{match.group(1)}{mark}{match.group(2)}", number) for mark in "T ")
            elif text.startswith("data:"):
                yield Text("picture", text, number)
            elif name not in {"id", "sensitivity"} and not limits.is_known(name, text):
                yield Text("value", text, number)


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, int) and not isinstance(one, bool) and one >= 10**6:
            yield str(one)
        elif isinstance(one, Mapping):
            waiting += list(one.values())
        elif isinstance(one, list):
            waiting += one
