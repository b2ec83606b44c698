"""Published figures by place and period: a row each, with its source, and the period that it is about on one axis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from atlas.evidence import Source, citations, project_evidence
from atlas.evidence.observed import INDICATORS, Observation
from atlas.evidence.periods import first_day, last_day
from atlas.figure.figure_texts import Words
from atlas.figure.lanes import Lane, lanes
from atlas.figure.plan import Desk, Figure

_FEWEST = 2
PLAIN, DISPUTED = "#0072b2", "#d55e00"


def compose(desk: Desk) -> Figure:
    """A row for each fact of the indicators that have two or more; what is not confirmed is in none."""
    evidence = project_evidence(desk.release.project)
    facts = [row for row in evidence.observations if row.unconfirmed is None and row.period]
    counts = Counter(row.indicator for row in facts)
    facts.sort(key=lambda row: (first_day(str(row.period)), last_day(str(row.period))))
    rows = []
    for key in INDICATORS:
        if counts[key] >= _FEWEST:
            rows.append(Lane(desk.words(f"series.indicator.{key}"), is_head=True))
            rows += [_lane(row, desk.words, evidence.sources) for row in facts if row.indicator == key]
    return Figure((lanes(rows, desk.type.small),), ("series.never_summed", "series.conflicts"))


def _lane(row: Observation, words: Words, sources: Mapping[str, Source]) -> Lane:
    value = words.number(row.value, _decimals(row.value))
    if row.value_to is not None:
        value += f"–{words.number(row.value_to, _decimals(row.value_to))}"
    bound = f"{row.bound} " if row.bound and row.bound != "=" else ""
    place = words.of_data(row.place) + (f" ({words.of_data(row.item)})" if row.item else "")
    value += f" {words.of_data(row.unit)}" + (" *" if row.conflict else "")
    source = citations.short(sources[row.source_ids[0]], words.language)
    period = str(row.period)
    detail = f"{words.dated(period)}; {source}"
    colour = DISPUTED if row.conflict else PLAIN
    return Lane(f"{place}: {bound}{value}", detail, (first_day(period), last_day(period)), colour=colour)


def _decimals(value: float) -> int:
    return 0 if value == int(value) else 2
