"""The terms of a table of counts, and the ledger beside it that locks them: each period is told once, in one way.

*Why it is right.* A number is the distinct devices of a class, rounded down to a multiple of k, and every class is
told once: a later run repeats what the ledger has and counts only periods that it has not. Tables under other terms are
made of the ledger's numbers, never of the data again. So every number in every table is a multiple of k that follows
from the numbers told first, and no difference of two tables holds anything that these do not.

*Invariants* (`tests/points/test_counting.py`): the tables of any series of runs are functions of the first table of
each period; other terms that do not sum it are refused.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from atlas.errors import InputError, PolicyError, UsageError
from atlas.files import sha256_hex
from atlas.geojson.strict import read_json_file
from atlas.points.places import COLUMNS
from atlas.release.box_levels import BOX, SECTION, ZONE
from atlas.release.boxes import BoxMap

LEDGER = "counts-ledger.json"
FORMAT, VERSION = "atlas-counts-ledger", 1
PLACES = (BOX, ZONE, SECTION)
PERIODS = ("month", "quarter", "half", "year")
STEPS = (5, 10, 20)
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_LETTERS = {"quarter": "Q", "half": "H"}

Key = tuple[str, str, str]
Numbers = Mapping[Key, int]


@dataclass(frozen=True, slots=True)
class CountTerms:
    """What is told together, and in which steps.

    Attributes
    ----------
    place, period
        ``box``, ``zone`` or ``section``; ``month``, ``quarter``, ``half`` or ``year``.
    field
        A column whose values are told apart, or nothing.
    distinct
        The column of devices or persons, of which each counts once in a class.
    k
        The step: 5, 10 or 20.
    columns
        What was said of the columns of time and position, so that rows go into one class under any run.
    """

    place: str
    period: str
    field: str | None
    distinct: str
    k: int
    columns: str = ""

    @classmethod
    def of(cls, by: Sequence[str], distinct: str, k: int, columns: Sequence[str | None] = ()) -> CountTerms:
        """Terms from what stands after ``--by``.

        Raises
        ------
        UsageError
            They are not among those that can be told.
        """
        place, period, *fields = [*(one.strip() for one in by), "", ""][: max(2, len(by))]
        if place not in PLACES or period not in PERIODS or len(fields) > 1 or "" in fields:
            msg = (
                f"--by {','.join(by)}: give a place ({', '.join(PLACES)}), a period ({', '.join(PERIODS)}) and at most "
                "one column, as in box,month or zone,quarter,kind"
            )
            raise UsageError(msg)
        if k not in STEPS:
            msg = f"--k {k}: counts are told in steps of {', '.join(map(str, STEPS))}"
            raise UsageError(msg)
        if fields and fields[0] == distinct:
            msg = f"--by …,{distinct}: who is counted can't be told apart as well; name another column"
            raise UsageError(msg)
        stated = "|".join(one or "" for one in columns)
        return cls(place, period, fields[0] if fields else None, distinct, k, stated)

    def is_sum_of(self, first: CountTerms) -> bool:
        """Whether a table under these terms can be summed from one under other terms."""
        return (
            PLACES.index(self.place) >= PLACES.index(first.place)
            and PERIODS.index(self.period) >= PERIODS.index(first.period)
            and self.field in {None, first.field}
            and (self.distinct, self.k) == (first.distinct, first.k)
        )


def refuse_finer(field: str, names: Sequence[str], positions: Sequence[str | None], time: str) -> None:
    """Refuse a column that would tell places within boxes, or days within periods.

    Raises
    ------
    PolicyError
        It is one of positions, of times, or of places that `atlas locate` added.
    """
    bare = field.removeprefix("atlas_")
    # a name is one of a place only beside the columns that come with it
    is_located = bare in COLUMNS and (bare != "name" or {"reach", "cvegeo"} <= set(names))
    if field in positions or is_located:
        msg = (
            f"--by …,{field}: a place is a box, a zone or a section and nothing finer; name a column that says no place"
        )
        raise PolicyError(msg)
    if field == time:
        msg = f"--by …,{field}: times are told by the period alone; name a column that says no time"
        raise PolicyError(msg)


def period_name(month: int, period: str) -> str:
    """The name of the period that holds a month, counted from the year 0: ``2026-03``, ``2026-Q1``, ``2026``."""
    year, index = divmod(month, 12)
    if period == "month":
        return f"{year:04d}-{index + 1:02d}"
    return f"{year:04d}-{_LETTERS[period]}{index // _MONTHS[period] + 1}" if period in _LETTERS else f"{year:04d}"


def first_month(name: str) -> int:
    """The first month of a period by its name, counted from the year 0."""
    year, _, rest = name.partition("-")
    part = {"Q": 3, "H": 6}.get(rest[:1], 0)
    return int(year) * 12 + ((int(rest[1:]) - 1) * part if part else int(rest) - 1 if rest else 0)


def has_ended(name: str, period: str, this_month: int) -> bool:
    """Whether a period is over in a month."""
    return first_month(name) + _MONTHS[period] <= this_month


@dataclass(slots=True)
class CountLedger:
    """What was told of one source.

    Attributes
    ----------
    terms
        Those of the first table, which hold for good.
    map_sha256
        The map of boxes that it was told in.
    sources
        Hashes of the files that were counted.
    disclosed
        The numbers of each period that was told, also where there are none.
    """

    terms: CountTerms
    map_sha256: str
    sources: set[str]
    disclosed: dict[str, dict[Key, int]]

    def document(self) -> bytes:
        """The ledger as its file."""
        rows = {
            period: [[*key, number] for key, number in sorted(numbers.items())]
            for period, numbers in sorted(self.disclosed.items())
        }
        stated = {
            "format": FORMAT,
            "version": VERSION,
            "terms": asdict(self.terms),
            "map_sha256": self.map_sha256,
            "sources": sorted(self.sources),
            "told": rows,
        }
        stated["sha256"] = _digest(stated)
        return (json.dumps(stated, ensure_ascii=False, indent=1) + "\n").encode()

    def numbers(self) -> Numbers:
        """All that was told, by place, period and value."""
        return {key: number for numbers in self.disclosed.values() for key, number in numbers.items()}

    def summed(self, terms: CountTerms, boxes: BoxMap) -> Numbers:
        """The numbers under other terms, as sums of what was told and of nothing else.

        Raises
        ------
        PolicyError
            The terms do not sum the first table.
        """
        if not terms.is_sum_of(self.terms):
            msg = (
                f"this source was counted by {_by(self.terms)}; a table by {_by(terms)} is no sum of that, and the two "
                "could be subtracted. Count by the same terms, or by coarser places, longer periods or without the "
                "column"
            )
            raise PolicyError(msg)
        sums: Counter[Key] = Counter()
        for (place, period, value), number in self.numbers().items():
            longer = period_name(first_month(period), terms.period)
            sums[boxes.coarser(place, terms.place), longer, value if terms.field else ""] += number
        return dict(sums)


def read_ledger(path: Path) -> CountLedger | None:
    """The ledger in a file; nothing where there is none.

    Raises
    ------
    InputError
        It is damaged, or was edited: a period that is taken out would be counted anew, and the two could be subtracted.
    """
    if not path.exists():
        return None
    document: Any = read_json_file(path, remedy="restore it from a copy")
    try:
        is_whole = document["sha256"] == _digest({key: value for key, value in document.items() if key != "sha256"})
        fits = (document["format"], document["version"]) == (FORMAT, VERSION)
        disclosed = {
            str(period): {(str(place), str(when), str(value)): int(number) for place, when, value, number in rows}
            for period, rows in document["told"].items()
        }
        terms, sources = CountTerms(**document["terms"]), set(document["sources"])
        made = CountLedger(terms, str(document["map_sha256"]), sources, disclosed)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"{path} is no ledger of counts ({type(error).__name__}); restore it from a copy"
        raise InputError(msg) from error
    if not fits:
        msg = f"{path} is no ledger of counts that this version reads; use the version that wrote it"
        raise InputError(msg)
    if not is_whole:
        msg = f"{path} was edited since it was written; restore it from a copy"
        raise InputError(msg)
    return made


def _digest(stated: Mapping[str, Any]) -> str:
    return sha256_hex(json.dumps(stated, sort_keys=True, separators=(",", ":")).encode())


def _by(terms: CountTerms) -> str:
    shown = ", ".join(one for one in (terms.place, terms.period, terms.field) if one)
    return f"{shown} in steps of {terms.k} different {terms.distinct!r}"
