"""Published figures as tables of place by period, one an indicator: gaps stay gaps, and nothing is added up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from atlas.evidence.observed import INDICATORS, Observation, PublishedStatement
from atlas.evidence.periods import first_day, last_day

NO_DATE = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a table: a place, what is counted there, and its figures by period; a period may have several."""

    name: str
    item: str | None
    level: str
    code: str | None
    cells: Mapping[str, Sequence[Observation]]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A table: the periods that any place has a figure for, in the order of time, and the places.

    Attributes
    ----------
    periods
        As the tables write them; ``NO_DATE`` last, where a source gives no date.
    months
        The first and the last month, ``2021-01``; None where no figure has a date.
    """

    key: str
    periods: Sequence[str]
    places: Sequence[Place]
    months: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Figures and statements that don't fit each other, side by side in the order of the tables."""

    word: str
    figures: Sequence[Observation]
    statements: Sequence[PublishedStatement]


def indicators(rows: Iterable[Observation]) -> list[Indicator]:
    """A table for each indicator that has a fact; what is not confirmed is in none."""
    facts = [row for row in rows if row.unconfirmed is None]
    tables = [(key, [row for row in facts if row.indicator == key]) for key in INDICATORS]
    return [_indicator(key, members) for key, members in tables if members]


def conflicts(figures: Iterable[Observation], statements: Iterable[PublishedStatement]) -> list[Conflict]:
    """What shares a word that says that it doesn't fit, also where it is not confirmed."""
    figures, statements = list(figures), list(statements)
    marked = [*(row.conflict for row in figures), *(row.conflict for row in statements)]
    words = dict.fromkeys(word for word in marked if word)
    return [
        Conflict(
            word,
            [row for row in figures if row.conflict == word],
            [row for row in statements if row.conflict == word],
        )
        for word in words
    ]


def _code(cells: Mapping[str, Sequence[Observation]]) -> str | None:
    """The code of a municipality; a state, an office or a part of the people counted there has none on the map."""
    row = next(iter(cells.values()))[0]
    return row.place_code if row.place_level == "municipality" and row.item is None else None


def months_of(period: str) -> tuple[str, str]:
    """The first and the last month that a period touches: ``2021`` is ``2021-01`` and ``2021-12``."""
    return first_day(period).strftime("%Y-%m"), last_day(period).strftime("%Y-%m")


def _indicator(key: str, rows: Sequence[Observation]) -> Indicator:
    dated = sorted({row.period for row in rows if row.period}, key=lambda period: (first_day(period), last_day(period)))
    undated = [NO_DATE] if any(row.period is None for row in rows) else []
    places: dict[tuple[str, str | None, str], dict[str, list[Observation]]] = {}
    for row in rows:
        cells = places.setdefault((row.place, row.item, row.place_level), {})
        cells.setdefault(row.period or NO_DATE, []).append(row)
    ends = [end for period in dated for end in months_of(period)]
    return Indicator(
        key,
        [*dated, *undated],
        [Place(name, item, level, _code(cells), cells) for (name, item, level), cells in places.items()],
        (min(ends), max(ends)) if ends else None,
    )
