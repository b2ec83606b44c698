"""Which document a figure of the card tables counts, and by what source: said once a series, given to every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from atlas.evidence.records import CardSeries, VisitorCards
from atlas.evidence.rows import Reading, Row, fault

CARDS = "visitor_cards"
SERIES = "visitor_card_series"


def check_series(readings: Mapping[str, Reading]) -> Iterator[str]:
    """Faults where a year of a card table is in no series, or in two."""
    cards, series = readings[CARDS], readings[SERIES]
    if not series.whole or series.faults or cards.faults:
        return
    for row in cards.rows:
        covering = _covering(row.values, series)
        if len(covering) == 1:
            continue
        lines = " and ".join(str(other.line) for other in covering)
        problem = (
            f"is in the series of lines {lines} of {series.table.file}, expected one; part their years"
            if covering
            else f"is in no series of {series.table.file}, so nothing says what was counted; widen a series, or add one"
        )
        where = f"table {row.cells['table']}, {row.cells['card']}, {row.cells['year']}"
        yield fault(cards.table, row.line, "year", f"{where!r} {problem}")


def with_series(readings: Mapping[str, Reading]) -> Callable[..., VisitorCards]:
    """The record of a card row, whose series is looked up as it is made; ``check_series`` has passed the tables."""
    series = readings[SERIES]

    def made(**values: object) -> VisitorCards:
        covering = _covering(values, series)[0]
        return VisitorCards(**values, series=CardSeries(**covering.values))  # type: ignore[arg-type]

    return made


def _covering(values: Mapping[str, object], series: Reading) -> list[Row]:
    return [
        row
        for row in series.rows
        if (row.values["table"], row.values["card"]) == (values["table"], values["card"])
        and int(str(row.values["from_year"])) <= int(str(values["year"])) <= int(str(row.values["to_year"]))
    ]
