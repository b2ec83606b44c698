"""``series.html``: published figures by place and period, conflicting ones side by side, and the source of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from atlas.render.assets import bundle
from atlas.render.bibliography import reference
from atlas.render.build_context import BuildContext
from atlas.render.elements import AtlasPage, Blueprint
from atlas.render.layerdata import spanish_credits
from atlas.render.motifs import lanes_of_figures
from atlas.render.pages.page import Page
from atlas.render.pages.timeline import table_cells
from atlas.render.publisher_tables import publisher_tables
from atlas.render.series import conflicts, indicators, months_of
from atlas.render.series_map import series_map
from atlas.render.series_multiples import indicator_multiples, publisher_multiples, row_id
from atlas.render.thumbnail import Sketch

KEY = "series"
TABLES = ("observations", "published_statements", "crossing_hours")


def render(edition: BuildContext) -> str:
    """The page as text."""
    evidence = edition.evidence
    named = {name: reference(source) for name, source in evidence.sources.items()}
    rows = [row for name in TABLES for row in getattr(evidence, name)]
    cited = sorted(
        {name for row in rows for name in row.source_ids}, key=lambda name: named[name]["headline"].casefold()
    )
    blueprint = Blueprint(
        KEY,
        "series.html.j2",
        scripts=(bundle(KEY),),
        styles=("base.css", "timeline.css", "series.css"),
        data={"tables": {name: table_cells(getattr(evidence, name)) for name in TABLES}},
        content={
            "indicators": indicators(evidence.observations),
            "months_of": months_of,
            "multiples": indicator_multiples,
            "publisher_multiples": publisher_multiples,
            "row_id": row_id,
            "map": series_map(edition.release.features("municipalities")),
            "publishers": publisher_tables(edition.release.editions, {row.cvegeo for row in evidence.municipalities}),
            "conflicts": conflicts(evidence.observations, evidence.published_statements),
            "unconfirmed": [row for row in evidence.observations if row.unconfirmed],
            "statements": evidence.published_statements,
            "hours": evidence.crossing_hours,
            "crossings": {row.crossing_id: row.name for row in evidence.crossings_formal},
            "cited": _cited(named, rows),
            "sources": [named[name] for name in cited],
        },
        spanish=spanish_credits(edition),
    )
    return AtlasPage(blueprint, edition.catalogues(KEY, ()), edition.release.border).render()


PAGE = Page(f"{KEY}.html", KEY, render, Sketch(motif=lanes_of_figures))


def _cited(
    named: Mapping[str, Mapping[str, Any]], rows: Iterable[Any]
) -> dict[tuple[str, ...], list[Mapping[str, Any]]]:
    return {row.source_ids: [named[name] for name in row.source_ids] for row in rows}
