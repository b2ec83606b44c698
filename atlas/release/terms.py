"""The terms of a release: what a policy file says, once it has been found complete."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

from atlas.evidence.decisions import LEAST_FLOOR_M
from atlas.files import sha256_hex
from atlas.published.sensitivity import Sensitivity
from atlas.release.book import Book
from atlas.release.box_levels import CELL

CLASSES = tuple(Sensitivity)
FIELDS = ("category", "month", "year", "confidence", "sensitivity", "note", "photos")
CATEGORIES = (
    "informal_crossing",
    "vehicular_crossing",
    "formal_crossing",
    "checkpoint",
    "shelter",
    "service",
    "incident",
    "hazard",
    "infrastructure",
    "observation",
    "other",
)
# crossings lie on the border line, and never leave as points
CROSSINGS = frozenset({"informal_crossing", "vehicular_crossing"})
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided on a class, when, until when it holds, and the answers to the four questions."""

    decided_by: str
    decided_on: date
    review_by: date
    answers: Mapping[str, str]

    def lapsed(self, today: date) -> bool:
        """Whether the review is overdue."""
        return self.review_by < today


@dataclass(frozen=True)
class Policy:
    """What may leave, and how coarse; distances in metres.

    ``categories`` gives, for every known category, the least strict class in which it may leave; ``books`` the terms of
    years that have their own, by their first year, and ``usual`` those of any other year. ``lapsed`` names the classes
    whose review is overdue where the release was asked for all the same: nothing new is told then.
    """

    k: int
    fields: tuple[str, ...]
    books: Mapping[int, Book]
    usual: Book | None
    open_decimals: int
    categories: Mapping[str, Sensitivity]
    confidence: tuple[str, ...]
    decisions: Mapping[Sensitivity, Decision]
    lapsed: tuple[Sensitivity, ...] = ()

    @property
    def floor_m(self) -> float:
        """Least size of a place in metres, which the map of boxes keeps and no policy changes."""
        return float(LEAST_FLOOR_M)

    @property
    def grid_resolution(self) -> int:
        """Finest resolution of a cell of the h3 grid."""
        return CELL

    def book_of(self, year: int) -> Book | None:
        """The book that holds a year: its own, or the usual terms for a year without one."""
        for book in self.books.values():
            if 0 <= year - book.year < book.years:
                return book
        return None if self.usual is None else replace(self.usual, year=year)

    @cached_property
    def sha256(self) -> str:
        """What the policy says, as a hash: the same for two files that say the same."""
        stated_terms = {
            "k": self.k,
            "fields": sorted(self.fields),
            "books": {book.name: dict(book.terms) for book in self.books.values()},
            "usual": None if self.usual is None else dict(self.usual.terms),
            "open_decimals": self.open_decimals,
            "categories": {name: str(stated) for name, stated in sorted(self.categories.items())},
            "confidence": sorted(self.confidence),
            "decisions": {
                str(name): [
                    made.decided_by,
                    str(made.decided_on),
                    str(made.review_by),
                    dict(sorted(made.answers.items())),
                ]
                for name, made in sorted(self.decisions.items())
            },
            "lapsed": [str(name) for name in self.lapsed],
        }
        return sha256_hex(json.dumps(stated_terms, sort_keys=True, ensure_ascii=False).encode())

    def category(self, stated: object) -> str:
        """The category under which a record leaves: a known word, or ``other``."""
        return stated if isinstance(stated, str) and stated in self.categories else OTHER

    def sensitivity(self, category: str, stated: object) -> Sensitivity:
        """The class of a record: the stricter of what it says and what its category allows; unclear is restricted."""
        stated_terms = _WORDS.get(stated, Sensitivity.RESTRICTED) if isinstance(stated, str) else Sensitivity.RESTRICTED
        allowed = self.categories[category]
        return stated_terms if _RANKS[stated_terms] >= _RANKS[allowed] else allowed

    def allows(self, field: str) -> bool:
        """Whether a field is on the allow-list."""
        return field in self._allowed

    @cached_property
    def _allowed(self) -> frozenset[str]:
        return frozenset(self.fields)


def strictest(classes: Iterable[Sensitivity]) -> Sensitivity:
    """The strictest of several classes."""
    return max(classes, key=_RANKS.__getitem__)


_RANKS = {name: rank for rank, name in enumerate(CLASSES)}
_WORDS = MappingProxyType({str(name): name for name in CLASSES})
