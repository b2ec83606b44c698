"""The public ledger of what a project has published in boxes: ``ledger.json`` of a release and of the project.

It says which map and which terms hold, what each told class shows, what was told at closing, and the hashes of all
ledgers that were published before it, oldest first. What is published besides (`publication`) is a function of the
ledger and the map. Only published ledgers are in the chain: the hash of a draft would name what it held.

*Why it is right.* A book's terms and a ledger's map are compared by hash before anything is counted, so that no two
rules can range one record. A ledger that follows another holds all that the other told, unchanged, or less where the
table was narrowed by a withdrawal. That a copy of the project went another way shows: of two ledgers neither is in the
other's chain.

*Invariants*: the same ledger has the same bytes; its id is drawn once, at its start.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from atlas.errors import InputError, PolicyError
from atlas.files import sha256_hex
from atlas.geojson.strict import read_json_file
from atlas.project import Project
from atlas.release.book import Book
from atlas.release.groups import ALL_GROUPS

LEDGER = "ledger.json"
FORMAT, VERSION = "atlas-ledger", 1
_REMEDY = "restore it as it was published"


@dataclass(frozen=True)
class BookEntry:
    """What was told of a book.

    Attributes
    ----------
    periods
        The day on which each period was told, by its name.
    shown
        What each class shows, by place, group and period.
    rest
        What was told at closing, by place and group.
    """

    terms: Mapping[str, Any]
    periods: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, int] = field(default_factory=dict)
    closed: str | None = None
    rest: Mapping[str, int] = field(default_factory=dict)

    @property
    def epsilon_spent(self) -> float:
        """What of privacy its numbers have spent: epsilon of its terms, once, as each day is in one class of it."""
        return float(self.terms.get("epsilon", 0.0)) if self.periods else 0.0

    def refuse_other_terms(self, book: Book, path: Path) -> None:
        """Refuse to go on under other terms than a book began with.

        Raises
        ------
        PolicyError
            With what differs.
        """
        if dict(self.terms) == dict(book.terms):
            return
        differing = [
            f"{key} was {self.terms.get(key)!r}, is {value!r}"
            for key, value in {**dict.fromkeys(self.terms), **book.terms}.items()
            if self.terms.get(key) != value
        ]
        since = min(self.periods.values(), default="its start")
        msg = (
            f"the terms of book {book.name} are locked since {since} ({path}): {'; '.join(differing)}. Put them back, "
            f"and write the new ones under [books.{book.year + book.years}]"
        )
        raise PolicyError(msg)


@dataclass(frozen=True)
class Ledger:
    """A ledger, and where it was read; ``chain`` are the hashes of all that were published before it, oldest first."""

    ledger_id: str
    map_sha256: str
    chain: tuple[str, ...] = ()
    books: Mapping[str, BookEntry] = field(default_factory=dict)
    narrowed: bool = False
    path: Path = Path(LEDGER)

    @property
    def data(self) -> bytes:
        """Its file."""
        document = {
            "format": FORMAT,
            "version": VERSION,
            "id": self.ledger_id,
            "map_sha256": self.map_sha256,
            "chain": list(self.chain),
            "narrowed": self.narrowed,
            "books": {name: _entry_document(entry) for name, entry in sorted(self.books.items())},
        }
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()

    @property
    def sha256(self) -> str:
        """The hash of its file."""
        return sha256_hex(self.data)

    @property
    def last_day(self) -> date | None:
        """The latest day on which anything of it was told."""
        days = [day for entry in self.books.values() for day in (*entry.periods.values(), entry.closed) if day]
        return max(map(date.fromisoformat, days), default=None)

    def follows(self, other: Ledger) -> bool:
        """Whether this is the other ledger, or came after it."""
        return other.sha256 == self.sha256 or other.sha256 in self.chain

    def successor(self, books: Mapping[str, BookEntry], *, narrowed: bool = False) -> Ledger:
        """The ledger that comes next; this one where nothing of it is new."""
        if dict(books) == dict(self.books) and narrowed == self.narrowed:
            return self
        before = (self.sha256,) if self.books or self.chain else ()
        return replace(self, chain=(*self.chain, *before), books=dict(books), narrowed=narrowed)


def new_ledger(map_sha256: str) -> Ledger:
    """A ledger that nothing was written into yet."""
    return Ledger(secrets.token_hex(8), map_sha256)


def ledger_of(project: Project) -> Ledger | None:
    """The project's own ledger, if it has one.

    Raises
    ------
    InputError
        It is damaged.
    """
    return read_ledger(ledger_path(project))


def ledger_path(project: Project) -> Path:
    """Where a project keeps its ledger."""
    return project.geodata / "released" / LEDGER


def read_ledger(path: Path) -> Ledger | None:
    """The ledger at a path; nothing where there is no file.

    Raises
    ------
    InputError
        It is damaged, or no ledger.
    """
    if not path.is_file():
        return None
    document = read_json_file(path, remedy=_REMEDY)
    try:
        refuse_other_format(document, FORMAT, VERSION)
        books = {str(name): _entry(str(name), each) for name, each in document["books"].items()}
        chain = tuple(str(each) for each in document["chain"])
        ledger = Ledger(
            str(document["id"]), str(document["map_sha256"]), chain, books, bool(document["narrowed"]), path
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"{path} is not a ledger of releases ({type(error).__name__}); {_REMEDY}"
        raise InputError(msg) from error
    if sha256_hex(path.read_bytes()) != ledger.sha256:
        msg = f"{path} is not as it was written: its bytes are not those of what it says; {_REMEDY}"
        raise InputError(msg)
    return ledger


def refuse_other_format(document: Mapping[str, Any], form: str, version: int) -> None:
    """Refuse a file of another format or version; an error of any kind where it states none."""
    if (document["format"], document["version"]) != (form, version):
        msg = f"expected {form} {version}"
        raise ValueError(msg)


def latest(ledgers: Iterable[Ledger]) -> Ledger | None:
    """Of several ledgers of one project the last, which all others came before; nothing where there are none.

    Raises
    ------
    PolicyError
        Two of them went different ways.
    """
    head: Ledger | None = None
    for ledger in ledgers:
        if head is None or ledger.follows(head):
            head = ledger
        elif not head.follows(ledger):
            msg = (
                f"{head.path} and {ledger.path} went different ways: neither came after the other, and what two "
                "ledgers tell of the same notes may be compared. Go on with the one that was published, and take the "
                "other release down"
            )
            raise PolicyError(msg)
    return head


def _entry_document(entry: BookEntry) -> dict[str, Any]:
    return {
        "terms": dict(entry.terms),
        "periods": dict(sorted(entry.periods.items())),
        "shown": dict(sorted(entry.shown.items())),
        "closed": entry.closed,
        "rest": dict(sorted(entry.rest.items())),
        **({"epsilon_spent": entry.epsilon_spent} if "epsilon" in entry.terms else {}),
    }


def _entry(name: str, document: Mapping[str, Any]) -> BookEntry:
    book = Book.of_terms(name, document["terms"])
    periods = {period.name for period in book.periods}
    for key in document["shown"]:
        _, group, period = key.split("|")
        if period not in periods or group not in ALL_GROUPS:
            raise ValueError(key)
    days = (*document["periods"].values(), document["closed"] or "2000-01-01")
    if not periods >= set(document["periods"]) or any(str(date.fromisoformat(day)) != day for day in days):
        msg = "a period that the book does not have, or a day that is none"
        raise ValueError(msg)
    if any(key.count("|") != 1 or key.partition("|")[2] not in ALL_GROUPS for key in document["rest"]):
        msg = "a rest is of a place and a group"
        raise ValueError(msg)
    numbers = {**document["shown"], **document["rest"]}
    if not all(type(number) is int and number > 0 for number in numbers.values()):
        msg = "a number that a class shows is a whole one above 0"
        raise ValueError(msg)
    closed = document["closed"]
    return BookEntry(
        terms=dict(document["terms"]),
        periods={str(name): str(day) for name, day in document["periods"].items()},
        shown=dict(document["shown"]),
        closed=None if closed is None else str(closed),
        rest=dict(document["rest"]),
    )
