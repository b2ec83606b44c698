"""Which texts of features give a day or coordinates, asked of all at once, since most give neither."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from atlas.disclosure.contact import Match, coordinates
from atlas.disclosure.scanned_feature import Collection, ScannedFeature

_FINER_THAN_MONTH = re.compile(
    r"(?<!\d)(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)|(?<!\d)[0-3]?\d/[0-3]?\d/(?:19|20)\d\d(?!\d)"
)
# what a day and coordinates have of which other texts have little: quicker than the patterns
_IN_DAYS, _IN_PAIRS = re.compile(r"-[01]\d-[0-3]|/[0-3]?\d/[12]"), re.compile(r"[.,]\d{3}|[°º]")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
# coordinates have one of these
_MARKS = (".", ",", "°", "º")
_SHORTEST = 6
_APART, _LONGEST = "\n\0\n", 16_000_000
_OF_NUMBERS = str.maketrans(dict.fromkeys(f"0123456789.-{_APART}"))


@dataclass(frozen=True, slots=True)
class TextFacts:
    """Whether a text gives a day, and the coordinates in it."""

    day: bool
    pairs: tuple[Match, ...]


@dataclass(frozen=True)
class TellingTexts:
    """What texts tell that were read before."""

    _known: dict[str, TextFacts | None] = field(default_factory=dict)

    def of(self, feature: ScannedFeature, telling: frozenset[str]) -> Iterator[tuple[str, TextFacts]]:
        """Which of the fields that may tell something do so in a feature."""
        for name, value in feature.properties.items() if telling else ():
            if name in telling and isinstance(value, str) and (facts := self.facts(value)) is not None:
                yield name, facts

    def facts(self, value: str) -> TextFacts | None:
        """What a text tells, if anything."""
        return self._known[value] if value in self._known else self._read(value)

    def _read(self, value: str) -> TextFacts | None:
        """What a text tells, if anything; most texts stand in many features."""
        # a number by itself, as most values of a table are, tells nothing; nor does what is shorter than coordinates
        if len(value) < _SHORTEST or _NUMBER.fullmatch(value):
            self._known[value] = None
            return None
        pairs = tuple(coordinates(value)) if any(mark in value for mark in _MARKS) else ()
        facts = TextFacts(_FINER_THAN_MONTH.search(value) is not None, pairs)
        self._known[value] = facts if facts.day or facts.pairs else None
        return self._known[value]


def telling_fields(collection: Collection) -> frozenset[str]:
    """Fields of a list in which any text gives a day or coordinates: asked of all at once, since most say neither."""
    rows = [feature.properties for feature in collection.features]
    texts = ((name, {text for row in rows if type(text := row.get(name)) is str}) for name in collection.fields)
    return frozenset(name for name, values in texts if may_tell(values))


def may_tell(texts: set[str]) -> bool:
    """Whether any of some texts gives a day or coordinates."""
    if _are_numbers(texts):
        return False
    joined = _APART.join(text for text in texts if len(text) >= _SHORTEST)
    if len(joined) > _LONGEST or (_IN_DAYS.search(joined) and _FINER_THAN_MONTH.search(joined)) is not None:
        return True
    # numbers by themselves are no coordinates
    return _IN_PAIRS.search(joined) is not None and bool(joined.translate(_OF_NUMBERS)) and any(coordinates(joined))


def _are_numbers(texts: set[str]) -> bool:
    """Whether all are plain numbers, as in most columns of a table; the first that is none ends the asking."""
    try:
        # a day without its marks would be a number too, and tells nothing either
        for _ in map(float, texts):
            pass
    except ValueError:
        return False
    return True
