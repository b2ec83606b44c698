"""Reads a policy file and refuses it with all its faults at once; nothing is ever filled in from a default."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from atlas.errors import PolicyError, listed
from atlas.evidence.cells import PLACEHOLDERS
from atlas.evidence.decisions import QUESTIONS
from atlas.files import read_text
from atlas.project import Project
from atlas.published.sensitivity import Sensitivity
from atlas.release.book import KS
from atlas.release.book_reader import BookReader
from atlas.release.terms import CATEGORIES, CROSSINGS, FIELDS, OTHER, Decision, Policy

POLICY_FILE = "policy.toml"
_REMEDY = "start from `atlas release --print-policy > policy.toml`"
_MOST_YEARS = 5
_TOP = ("version", "k", "fields", "books", "open", "categories", "words", "classes")
_VERSION = 2
_OLD = ("floor_m", "places")
_DECISION = ("decided_by", "decided_on", "review_by", *QUESTIONS)
_WORD_LENGTH = 40


def default_policy_text() -> str:
    """The safe default, with its comments, as a file to start from."""
    return resources.files("atlas.release").joinpath(POLICY_FILE).read_text(encoding="utf-8")


def policy_text(project: Project, path: Path | None = None) -> tuple[str, str]:
    """The policy in force and where it comes from: a file given, else the project's own, else the default.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    project_file = project.maps.parent / POLICY_FILE
    chosen = path or (project_file if project_file.exists() else None)
    if chosen is None:
        return default_policy_text(), "the default policy"
    return read_text(chosen, remedy=_REMEDY), str(chosen)


def load_policy(
    project: Project, path: Path | None = None, *, today: date | None = None, allow_lapsed: bool = False
) -> Policy:
    """The policy in force, complete and reviewed.

    Parameters
    ----------
    path
        A policy file; if not given, ``policy.toml`` of the project, or the default.
    today
        The day on which reviews are looked at.
    allow_lapsed
        Take a policy with a lapsed review, under which nothing new is told.

    Raises
    ------
    PolicyError
        Something is unknown, missing, of the wrong kind, too fine, or lapsed; all faults are listed.
    """
    return read_policy(*policy_text(project, path), today=today, allow_lapsed=allow_lapsed)


def read_policy(text: str, where: str, *, today: date | None = None, allow_lapsed: bool = False) -> Policy:
    """A policy from the text of its file; see ``load_policy``.

    Raises
    ------
    PolicyError
        As ``load_policy``.
    """
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        msg = f"{where} is not TOML ({error}); {_REMEDY}"
        raise PolicyError(msg) from error
    reader = _Reader(document)
    policy = reader.policy()
    day = today or date.today()  # noqa: DTZ011 - a review is due on the reader's own day
    lapsed = tuple(name for name, made in policy.decisions.items() if made.lapsed(day)) if not reader.faults else ()
    reader.faults += [
        f"classes.{name}.decided_on: {made.decided_on} is still to come"
        for name, made in policy.decisions.items()
        if made.decided_on > day
    ]
    if lapsed and not allow_lapsed:
        reader.faults += [
            f"classes.{name}.review_by: {policy.decisions[name].review_by} has passed; review the decision and "
            "set a new date, or release again what was told already with --allow-lapsed"
            for name in lapsed
        ]
    if reader.faults:
        raise PolicyError(listed(f"{where} cannot be used; correct it, or {_REMEDY}:", reader.faults, shown=40))
    return replace(policy, lapsed=lapsed)


@dataclass(slots=True)
class _Reader:
    """Takes a document apart and keeps every fault that it finds."""

    document: Mapping[str, Any]
    faults: list[str] = field(default_factory=list)

    def policy(self) -> Policy:
        top = self.document
        if top.get("version") == 1 or any(key in top for key in _OLD):
            self.faults.append(
                "version: 1 is of before there were boxes; take floor_m and [places] out, which the map of boxes "
                "decides now, add [books.default] with expected_notes, and say version = 2"
            )
            return self._rest({key: value for key, value in top.items() if key not in _OLD} | {"version": _VERSION})
        return self._rest(top)

    def _rest(self, top: Mapping[str, Any]) -> Policy:
        self._unknown("", top, _TOP)
        self._number("version", top.get("version"), _VERSION, _VERSION, whole=True)
        words, opened, allowed = self._table("words"), self._table("open"), self._table("fields")
        self._unknown("words", words, ("confidence",))
        self._unknown("open", opened, ("decimals",))
        self._unknown("fields", allowed, ("allow",))
        k = self._step(top.get("k"))
        books = BookReader(k, self.faults).books(self._table("books"))
        return Policy(
            k=k,
            fields=self._words("fields.allow", allowed.get("allow"), FIELDS),
            books=books.by_year,
            usual=books.usual,
            open_decimals=int(self._number("open.decimals", opened.get("decimals"), 2, 5, whole=True)),
            categories=self._categories(),
            confidence=self._words("words.confidence", words.get("confidence"), None),
            decisions=self._decisions(),
        )

    def _step(self, value: object) -> int:
        if type(value) is int and value in KS:
            return value
        what = (
            "missing"
            if value is None
            else f"{value!r} is none of them"
            if type(value) is int
            else f"got {_kind(value)}"
        )
        self.faults.append(f"k: {what}; k is one of {', '.join(map(str, KS))}")
        return KS[0]

    def _categories(self) -> Mapping[str, Sensitivity]:
        categories: dict[str, Sensitivity] = {}
        table = self._table("categories")
        for name, stated in table.items():
            where = f"categories.{name}"
            if not _is_word(name):
                self.faults.append(f"{where}: a category is one lower-case word of at most {_WORD_LENGTH} letters")
            elif not isinstance(stated, str) or stated not in {str(known) for known in Sensitivity}:
                self.faults.append(f"{where}: {stated!r} is no class; the classes are {', '.join(Sensitivity)}")
            elif stated == Sensitivity.OPEN and (name in CROSSINGS or name == OTHER):
                self.faults.append(f"{where}: this category can never be open; say 'generalised' or stricter")
            else:
                categories[name] = Sensitivity(stated)
        self.faults += [
            f"categories.{name}: missing; say in which class it may leave" for name in CATEGORIES if name not in table
        ]
        return MappingProxyType(categories)

    def _decisions(self) -> Mapping[Sensitivity, Decision]:
        table = self._table("classes")
        known = [str(name) for name in Sensitivity]
        self.faults += [
            f"classes.{name}: no class of that name; the classes are {', '.join(known)}"
            for name in table
            if name not in known
        ]
        decisions = {}
        for name in Sensitivity:
            if name not in table:
                self.faults.append(f"classes.{name}: the decision is missing; every class needs one")
            elif not isinstance(table[name], dict):
                self.faults.append(f"classes.{name}: expected a table, got {_kind(table[name])}")
            else:
                decisions[name] = self._decision(f"classes.{name}", table[name])
        return MappingProxyType(decisions)

    def _decision(self, where: str, table: Mapping[str, Any]) -> Decision:
        self._unknown(where, table, _DECISION)
        texts = {key: self._text(f"{where}.{key}", table.get(key)) for key in ("decided_by", *QUESTIONS)}
        decided = self._date(f"{where}.decided_on", table.get("decided_on"))
        review = self._date(f"{where}.review_by", table.get("review_by"))
        if decided and review and not decided < review <= _years_after(decided, _MOST_YEARS):
            self.faults.append(f"{where}.review_by: expected a day at most {_MOST_YEARS} years after decided_on")
        by = texts.pop("decided_by")
        return Decision(by, decided or date.min, review or date.max, MappingProxyType(texts))

    def _table(self, name: str) -> Mapping[str, Any]:
        table = self.document.get(name)
        if isinstance(table, dict):
            return table
        what = "missing" if table is None else f"expected a table, got {_kind(table)}"
        self.faults.append(f"{name}: {what}")
        return {}

    def _unknown(self, where: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
        dot = f"{where}." if where else ""
        self.faults += [f"{dot}{key}: unknown key; known are {', '.join(known)}" for key in table if key not in known]

    def _number(self, where: str, value: object, low: float, high: float, *, whole: bool = False) -> float:
        kind = "a whole number" if whole else "a number"
        if value is None:
            self.faults.append(f"{where}: missing; expected {kind} from {low:g} to {high:g}")
        elif isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            self.faults.append(f"{where}: expected {kind}, got {_kind(value)}")
        elif not low <= value <= high:
            self.faults.append(f"{where}: {value!r} is not from {low:g} to {high:g}")
        else:
            return float(value)
        return low

    def _words(self, where: str, value: object, known: tuple[str, ...] | None) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            self.faults.append(f"{where}: {'missing; ' if value is None else ''}expected a list of words")
            return ()
        wrong = [word for word in value if (word not in known if known else not _is_word(word))]
        expected = f"known are {', '.join(known)}" if known else "expected short lower-case words"
        self.faults += [f"{where}: {word!r} is not known; {expected}" for word in wrong]
        if len(set(value)) < len(value):
            self.faults.append(f"{where}: a word is there twice")
        return tuple(value)

    def _text(self, where: str, value: object) -> str:
        if isinstance(value, str) and value.strip().lower() not in PLACEHOLDERS:
            return value.strip()
        what = "missing" if value is None else "expected words" if isinstance(value, str) else f"got {_kind(value)}"
        self.faults.append(f"{where}: {what}; a decision says who decided and answers the four questions")
        return ""

    def _date(self, where: str, value: object) -> date | None:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        what = "missing" if value is None else f"got {_kind(value)}"
        self.faults.append(f"{where}: {what}; expected a day such as 2027-05-31, without quotes")
        return None


def _years_after(day: date, years: int) -> date:
    last = min(day.year + years, date.max.year)
    # the 28th is there in every month
    return day.replace(year=last, day=min(day.day, 28))


def _is_word(word: str) -> bool:
    return 0 < len(word) <= _WORD_LENGTH and word.isascii() and word == word.lower() and word.isidentifier()


def _kind(value: object) -> str:
    kinds: Iterator[str] = (
        name
        for kind, name in (
            (bool, "true or false"),
            (str, "text"),
            (int, "a whole number"),
            (float, "a number"),
            (list, "a list"),
            (dict, "a table"),
            (datetime, "a time"),
            (date, "a day"),
        )
        if isinstance(value, kind)
    )
    return next(kinds, type(value).__name__)
