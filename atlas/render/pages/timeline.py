"""``timeline.html``: events on an axis of time, institutions, deployments, and flows as tables with small charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from atlas.evidence import Evidence
from atlas.evidence.historical_records import EVENT_KINDS, Event
from atlas.render import flow_charts
from atlas.render.assets import bundle
from atlas.render.bibliography import reference
from atlas.render.build_context import BuildContext
from atlas.render.chronology import Axis, axis_of, marks
from atlas.render.elements import AtlasPage, Blueprint
from atlas.render.layerdata import spanish_credits
from atlas.render.motifs import lanes_of_time
from atlas.render.pages.page import Page
from atlas.render.thumbnail import Sketch
from atlas.render.year_events import when

KEY = "timeline"
References = Mapping[str, Mapping[str, Any]]

TABLES = ("events", "institutions", "deployments", "flows")


class Cited(Protocol):
    """A record that names its sources."""

    @property
    def source_ids(self) -> tuple[str, ...]:
        """Ids of the sources."""


def render(edition: BuildContext) -> str:
    """The page as text."""
    evidence = edition.evidence
    axis = axis_of(evidence.events)
    named = {name: reference(source) for name, source in evidence.sources.items()}
    blueprint = Blueprint(
        KEY,
        "timeline.html.j2",
        scripts=(bundle(KEY),),
        styles=("base.css", "timeline.css"),
        data={"tables": {name: table_cells(getattr(evidence, name)) for name in TABLES}},
        content={
            "axis": axis,
            "lanes": _lanes(evidence.events, axis, named),
            "institutions": [{"row": row, "sources": _cited(named, row)} for row in evidence.institutions],
            "deployments": [{"row": row, "sources": _cited(named, row)} for row in evidence.deployments],
            "series": flow_charts.all_series(evidence.flows),
            "frame": {name: getattr(flow_charts, name.upper()) for name in ("wide", "high", "left", "right", "bottom")},
            "by_flow": {row.flow_id: _cited(named, row) for row in evidence.flows},
            "sources": _all_sources(evidence, named),
        },
        spanish=spanish_credits(edition),
    )
    return AtlasPage(blueprint, edition.catalogues(KEY, ()), edition.release.border).render()


PAGE = Page(f"{KEY}.html", KEY, render, Sketch(motif=lanes_of_time))


def _lanes(rows: Iterable[Event], axis: Axis, named: References) -> list[dict[str, Any]]:
    """Events by kind, each lane in the order of time, those without a date last."""
    events = sorted(rows, key=lambda event: (event.date_from or "9999", event.event_id))
    lanes = [(kind, [event for event in events if event.kind == kind]) for kind in EVENT_KINDS]
    return [
        {"kind": kind, "events": [_event(event, axis, named) for event in members]}
        for kind, members in lanes
        if members
    ]


def _event(event: Event, axis: Axis, named: References) -> dict[str, Any]:
    return {
        "row": event,
        "when": when(event.date_from, event.date_to),
        "marks": marks(event, axis),
        "sources": _cited(named, event),
    }


def _cited(named: References, row: Cited) -> list[Mapping[str, Any]]:
    return [named[name] for name in row.source_ids]


def _all_sources(evidence: Evidence, named: References) -> list[Mapping[str, Any]]:
    """Each source of the page once, by its title or, without one, by who published it."""
    rows: Iterable[Cited] = (*evidence.events, *evidence.institutions, *evidence.deployments, *evidence.flows)
    cited = sorted({name for row in rows for name in row.source_ids})
    return sorted((named[name] for name in cited), key=lambda source: source["headline"].casefold())


def table_cells(rows: Sequence[Any]) -> Mapping[str, Sequence[Any]]:
    """A table as its file has it: names of the columns, and cells as text."""
    records = [asdict(row) for row in rows]
    return {
        "columns": list(records[0]) if records else [],
        "rows": [[_cell(value) for value in record.values()] for record in records],
    }


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if value is None else str(value)
