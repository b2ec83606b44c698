"""How rare a false alarm is: one chance in a hundred for each file, divided among all the ways in which it is read.

A file is read in many ways, and each could give by chance what looks like a position. The chance of a false alarm is
stated for the file as a whole, so each way gets a part of it (Bonferroni's inequality):

- Of its views (its bytes as they are, what is packed in it, what is written anew) the texts share 95 % and the others
  5 %. Of each kind the first gets 95 %, and the ``n``-th ``1 / (n * (n - 1))`` of the rest, which together never are
  more than one. Pieces and windows share equally.
- Within a view the readings share that give any candidate at all, in proportion to how far each is trusted: what lies
  near degrees of a text with their sign forty parts, what is a secret in them to the last digit four, other readings
  of a text one, numbers in bytes and single coordinates a tenth.
- Among more than ten files the limit is divided by a tenth of their number; the versions that a history holds count as
  files, from some number on as 10,000.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from atlas.disclosure.candidates import Floats, Integers
from atlas.disclosure.numbers import SIGNED

SINGLE = "single coordinates in "
LIMIT = 0.01
_SIGNED_NEAR, _SIGNED_EXACT, _READ, _GUESSED = 40.0, 4.0, 1.0, 0.1
_TEXTS = _FIRST = 0.95
_FEW_FILES = 10


@dataclass(frozen=True, slots=True)
class Clue:
    """Positions that look like secrets.

    Attributes
    ----------
    how
        How they were read.
    secret, offsets, distance_m
        Which secrets, at which bytes, and how far away each is, in metres; not a number for single coordinates.
    chance
        How likely chance gives as much or more.
    exact
        Whether they are secrets to the last digit, or only lie near.
    """

    how: str
    secret: Integers
    offsets: Integers
    distance_m: Floats
    chance: float
    exact: bool


@dataclass
class Portions:
    """How the chance of one file, or of one of so many equal parts of it, is divided among its views."""

    files: int
    parts: int = 1
    _views: Counter[bool] = field(default_factory=Counter)

    def next(self, *, is_text: bool) -> float:
        """What the next view gets."""
        self._views[is_text] += 1
        number = self._views[is_text]
        of_kind = _TEXTS if is_text else 1.0 - _TEXTS
        of_view = _FIRST if number == 1 else (1.0 - _FIRST) / (number * (number - 1))
        return of_kind * of_view / self.parts / max(1.0, self.files / _FEW_FILES)


def weight_of(how: str, *, exact: bool) -> float:
    """How large a part a reading gets, in which positions must be exact or may lie near."""
    if "-bit" in how or how.startswith(SINGLE):
        return _GUESSED
    if how in SIGNED:
        return _SIGNED_EXACT if exact else _SIGNED_NEAR
    return _READ


@dataclass
class Readings:
    """Ways in which a view was read, and what each gave: of one way, the most exact clue first."""

    portion: float
    _weight: float = 0.0
    _clues: list[list[Clue]] = field(default_factory=list)

    def begin(self) -> None:
        """Read in the next way."""
        self._clues.append([])

    def add(self, how: str, clue: Clue | None, *, exact: bool) -> None:
        """Count that candidates were held against the secrets, with what that gave."""
        self._weight += weight_of(how, exact=exact)
        if clue is not None:
            self._clues[-1].append(clue)

    @property
    def per_weight(self) -> float:
        """The limit of a reading, for each part that it gets."""
        return LIMIT * self.portion / max(self._weight, _GUESSED)

    def telling(self) -> list[Clue]:
        """Of each way, the most exact clue that chance does not explain."""
        kept = (
            [clue for clue in clues if clue.chance <= self.per_weight * weight_of(clue.how, exact=clue.exact)]
            for clues in self._clues
        )
        return [clues[0] for clues in kept if clues]
