"""``cards.html``: visitor and worker forms and cards by state and year, as printed, and totals held against parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from atlas.evidence.records import VisitorCards
from atlas.render.assets import bundle
from atlas.render.bibliography import reference
from atlas.render.build_context import BuildContext
from atlas.render.elements import AtlasPage, Blueprint
from atlas.render.layerdata import spanish_credits
from atlas.render.motifs import cards_by_year
from atlas.render.pages.page import Page
from atlas.render.thumbnail import Sketch
from atlas.render.validity_maps import validity
from atlas.render.year_events import year_events

KEY = "cards"
TOTAL = "Total"


Figures = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Check:
    """A printed total held against the sum of the parts that are printed.

    Attributes
    ----------
    status
        ``agrees``; ``differs``; ``missing`` and ``exceeds`` when they differ and a part is not printed, the total
        being greater or smaller; ``incomplete`` and ``no_parts`` when nothing can be said, ``no_total`` without one.
    difference
        The total less the sum.
    absent
        Names of the parts that are not printed.
    """

    status: str
    total: int | None
    sum: int | None
    difference: int | None
    absent: tuple[str, ...]

    @property
    def marked(self) -> bool:
        """Whether the total is not the sum of the parts that are printed."""
        return self.status in {"differs", "missing", "exceeds"}


@dataclass(frozen=True, slots=True)
class Table:
    """One printed table: a figure or nothing by state and year, the printed totals, and what became of each.

    Attributes
    ----------
    documents
        What was counted in each year, ``form`` or ``card``: where it changes, another series begins.
    """

    number: int
    card: str
    years: Sequence[int]
    documents: Sequence[str]
    states: Mapping[str, Figures]
    total: Figures
    checks: Sequence[Check]


def check(total: int | None, parts: Mapping[str, int | None]) -> Check:
    """Hold a printed total against its parts; a part that is not printed is unknown, never 0."""
    printed = [value for value in parts.values() if value is not None]
    absent = tuple(name for name, value in parts.items() if value is None)
    if total is None or not printed:
        return Check(
            "no_total" if total is None else "no_parts", total, sum(printed) if printed else None, None, absent
        )
    summed = sum(printed)
    return Check(_status(total - summed, absent), total, summed, total - summed, absent)


def _status(difference: int, absent: Sequence[str]) -> str:
    if not difference:
        return "incomplete" if absent else "agrees"
    if not absent:
        return "differs"
    return "missing" if difference > 0 else "exceeds"


def tables(rows: Iterable[VisitorCards]) -> list[Table]:
    """The printed tables, one for each card, in the order in which they come."""
    printed: dict[tuple[int, str], dict[str, dict[int, int | None]]] = {}
    documents: dict[tuple[int, str], dict[int, str]] = {}
    for row in rows:
        printed.setdefault((row.table, row.card), {}).setdefault(row.state, {})[row.year] = row.cards
        documents.setdefault((row.table, row.card), {})[row.year] = row.series.document
    return [_table(key, series, documents[key]) for key, series in printed.items()]


def _table(key: tuple[int, str], series: Mapping[str, Mapping[int, int | None]], documents: Mapping[int, str]) -> Table:
    years = sorted({year for figures in series.values() for year in figures})
    lines: dict[str, Figures] = {state: [figures.get(year) for year in years] for state, figures in series.items()}
    states = {state: figures for state, figures in lines.items() if state != TOTAL}
    total = lines.get(TOTAL, [None] * len(years))
    checks = [check(total[at], {state: figures[at] for state, figures in states.items()}) for at in range(len(years))]
    return Table(*key, years, [documents[year] for year in years], states, total, checks)


def _content(edition: BuildContext, printed: Sequence[Table]) -> dict[str, Any]:
    """Tables, what they were taken from, and the last year of forms and first of cards (as words, not as numbers)."""
    series = edition.evidence.visitor_card_series
    cited = dict.fromkeys(source for one in series for source in one.source_ids)
    years = {
        "forms": str(max((one.to_year for one in series if one.document == "form"), default="")),
        "cards": str(min((one.from_year for one in series if one.document == "card"), default="")),
    }
    return {
        "tables": printed,
        "documents": [reference(edition.evidence.sources[source]) for source in cited],
        "claimants": list(dict.fromkeys(one.claimant for one in series)),
        "years": years,
    }


def _render(edition: BuildContext) -> str:
    printed = tables(edition.evidence.visitor_cards)
    blueprint = Blueprint(
        KEY,
        "cards.html.j2",
        scripts=(bundle(KEY),),
        styles=("base.css", "cards.css", "year-events.css"),
        data={KEY: [asdict(table) for table in printed], "events": year_events(edition)},
        content={**_content(edition, printed), "validity": validity(edition), "timed": edition.release.border is None},
        spanish=spanish_credits(edition),
    )
    return AtlasPage(blueprint, edition.catalogues(KEY, ()), edition.release.border).render()


PAGE = Page(f"{KEY}.html", KEY, _render, Sketch(motif=cards_by_year))
