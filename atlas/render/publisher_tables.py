"""Figures out of publishers' own files as tables of place by month, with what earlier editions had."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from atlas.publishers import PublishedEditions
from atlas.publishers.edition_tables import Edition, EditionFigure
from atlas.publishers.unit_names import plain

_LEVELS = ("state", "municipality", "office")


@dataclass(frozen=True, slots=True)
class EditionCell:
    """The figure of the newest edition that has it, and the other values of earlier ones, oldest first.

    ``dropped`` says that a later edition has this month for other places, and no longer for this one.
    """

    figure: EditionFigure
    earlier: Sequence[tuple[str, int]]
    dropped: bool


@dataclass(frozen=True, slots=True)
class EditionRow:
    """A place and its cells by month."""

    name: str
    level: str
    code: str | None
    cells: Mapping[str, EditionCell]


@dataclass(frozen=True, slots=True)
class EditionTable:
    """An indicator: its months in the order of time, and its places."""

    indicator: str
    periods: Sequence[str]
    rows: Sequence[EditionRow]


@dataclass(frozen=True, slots=True)
class PublisherTables:
    """All that a page shows of a publisher."""

    key: str
    newest: Edition
    editions: Sequence[Edition]
    tables: Sequence[EditionTable]


def publisher_tables(kept: PublishedEditions, municipalities: Container[str]) -> list[PublisherTables]:
    """Tables of states, offices and the municipalities that a page is about; other places are left to the files."""
    shown = []
    for key in kept.publishers:
        revised = {one.figure.identity: one.values for one in kept.revisions(key)}
        figures = [
            one for one in kept.latest(key) if one.place_level != "municipality" or one.place_code in municipalities
        ]
        indicators = dict.fromkeys(one.indicator for one in figures)
        editions = kept.of(key)
        last = _last_editions(kept, key)
        tables = [_table(name, [one for one in figures if one.indicator == name], revised, last) for name in indicators]
        shown.append(PublisherTables(key, editions[-1], editions, tables))
    return shown


def _last_editions(kept: PublishedEditions, key: str) -> Mapping[tuple[str, str, str], str]:
    """The newest edition that has any figure of an indicator at a level for a month."""
    numbers = {one.edition: one.number for one in kept.of(key)}
    last: dict[tuple[str, str, str], str] = {}
    for one in sorted((kept.figures or {}).get(key, ()), key=lambda figure: numbers[figure.edition]):
        last[one.indicator, one.place_level, one.period] = one.edition
    return last


def _table(
    indicator: str,
    figures: Sequence[EditionFigure],
    revised: Mapping[tuple[str, ...], Sequence[tuple[str, int]]],
    last: Mapping[tuple[str, str, str], str],
) -> EditionTable:
    rows: dict[tuple[int, str, str], dict[str, EditionCell]] = {}
    names: dict[tuple[int, str, str], str] = {}
    for figure in figures:
        earlier = [pair for pair in revised.get(figure.identity, ())[:-1] if pair[1] != figure.value]
        dropped = last[figure.indicator, figure.place_level, figure.period] != figure.edition
        place = (_LEVELS.index(figure.place_level), figure.place_code, plain(figure.place))
        names[place] = figure.place
        rows.setdefault(place, {})[figure.period] = EditionCell(figure, earlier, dropped)
    return EditionTable(
        indicator,
        sorted({figure.period for figure in figures}),
        [
            EditionRow(
                names[place], _LEVELS[place[0]], place[1] if _LEVELS[place[0]] == "municipality" else None, cells
            )
            for place, cells in sorted(rows.items())
        ],
    )
