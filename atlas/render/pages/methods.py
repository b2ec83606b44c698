"""``methods.html``: how facts get in, what is withheld, how things are measured, licences, and every source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from atlas.border_project import shipped_border
from atlas.claims import Verdict
from atlas.evidence.decisions import (
    AS_NOTHING,
    EMBARGO_MONTHS,
    LEAST_FLOOR_M,
    LEAST_SHARED,
    PUBLISHED_AS,
    QUESTIONS,
    RECENT_MONTHS,
    PublicationDecision,
)
from atlas.render.assets import bundle
from atlas.render.bibliography import KINDS, uses
from atlas.render.build_context import BuildContext
from atlas.render.elements import AtlasPage, Blueprint
from atlas.render.layerdata import spanish_credits
from atlas.render.motifs import bookshelf
from atlas.render.page_texts import FOLDER, Catalogue, read_catalogue
from atlas.render.pages.page import Page
from atlas.render.thumbnail import Sketch

KEY = "methods"
# texts of these pages that this one repeats, by the beginning of their keys
BORROWED = {"claims": "claims.verdict."}
# parts of the line, each by its neighbour and whether a river makes it
PARTS = (*((code, river) for code in shipped_border().neighbour_codes for river in (None, True, False)), (None, None))


def _render(edition: BuildContext) -> str:
    blueprint = Blueprint(
        KEY,
        "methods.html.j2",
        scripts=(bundle(KEY),),
        styles=("base.css", "methods.css"),
        data={},
        content={
            "terms": {
                "floor": int(LEAST_FLOOR_M / 1000),
                "shared": LEAST_SHARED,
                "embargo": EMBARGO_MONTHS,
                "recent": RECENT_MONTHS,
            },
            "decisions": decisions(edition),
            "lengths": lengths(edition),
            "municipalities": len(edition.features.get("municipalities", ())),
            "verdicts": _verdicts(edition),
            "inputs": [_input(record) for _, record in sorted(edition.release.inputs.items())],
            "layers": [_layer(edition, name) for name in edition.release.names],
            "sources": _sources(edition),
            "count": len(edition.evidence.sources),
        },
        spanish=spanish_credits(edition, edition.release.names),
    )
    return AtlasPage(blueprint, _catalogues(edition), edition.release.border).render()


PAGE = Page(f"{KEY}.html", KEY, _render, Sketch(motif=bookshelf))


def _catalogues(edition: BuildContext) -> Mapping[str, Catalogue]:
    return {
        language: {
            **texts,
            **{
                key: text
                for page, beginning in BORROWED.items()
                for key, text in read_catalogue(FOLDER / language / f"{page}.json").items()
                if key.startswith(beginning)
            },
        }
        for language, texts in edition.catalogues(KEY).items()
    }


def decisions(edition: BuildContext) -> list[dict[str, Any]]:
    """The decisions on what is published, those with the same four answers about one table as one.

    A decision on a row that no page shows, because it has no source, is not repeated.
    """
    unshown = {(row.table, cell) for row in edition.evidence.unsourced for cell in list(row.row.values())[:1]}
    groups: dict[tuple[str, ...], list[PublicationDecision]] = {}
    for decision in edition.evidence.publication_decisions:
        if (decision.table, decision.row_id) not in unshown:
            answers = (str(getattr(decision, question)) for question in QUESTIONS)
            groups.setdefault((decision.table, *answers), []).append(decision)
    return [_group(table, answers, alike) for (table, *answers), alike in groups.items()]


def _group(table: str, answers: Sequence[str], alike: Sequence[PublicationDecision]) -> dict[str, Any]:
    counts = Counter(decision.published_as for decision in alike)
    return {
        "table": AS_NOTHING if counts[AS_NOTHING] == len(alike) else table,
        "count": len(alike),
        "answers": list(zip(QUESTIONS, answers, strict=True)),
        "published_as": [(form, counts[form]) for form in PUBLISHED_AS if counts[form]],
        "withheld": sum(decision.names_withheld for decision in alike),
        "review_by": min(decision.review_by for decision in alike).isoformat(),
        "reasons": list(dict.fromkeys(decision.reason for decision in alike)),
    }


def lengths(edition: BuildContext) -> list[dict[str, Any]]:
    """Length in kilometres of the line and of its parts, by neighbour and by what makes it."""
    rows = [feature["properties"] for feature in edition.features.get("border", ())]

    def total(neighbour: str | None, river: bool | None) -> float:  # noqa: FBT001 - a row of the table PARTS
        return sum(
            float(row["length_km"])
            for row in rows
            if neighbour in {None, row["neighbour"]} and river in {None, row["nature"] == "river"}
        )

    return [
        {"neighbour": neighbour, "river": river, "km": round(total(neighbour, river), 1)} for neighbour, river in PARTS
    ]


def _verdicts(edition: BuildContext) -> list[tuple[str, int]]:
    counts = Counter(finding.verdict for finding in edition.findings)
    return [(verdict.value, counts[verdict]) for verdict in Verdict]


def _input(record: Mapping[str, Any]) -> dict[str, Any]:
    names = ("title", "publisher", "edition", "licence", "attribution", "accuracy_m", "accuracy_basis")
    return {name: record.get(name) for name in names}


def _layer(edition: BuildContext, name: str) -> dict[str, Any]:
    record = edition.release.record(name)
    return {
        "name": name,
        "licence": str(record["licence"]).split("; "),
        "shapes": [str(edition.release.inputs[key]["title"]) for key in record["inputs"]],
    }


def _sources(edition: BuildContext) -> list[tuple[str, list[dict[str, Any]]]]:
    """Every source with what uses it, by kind and then by whose it is."""
    listed = uses(edition)
    kinds = [*KINDS, *sorted({source["kind"] for source in listed} - {*KINDS})]
    groups = [(kind, [source for source in listed if source["kind"] == kind]) for kind in kinds]
    return [(kind, members) for kind, members in groups if members]
