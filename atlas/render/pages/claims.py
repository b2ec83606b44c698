"""``claims.html``: every published figure beside what the layers measure, as a list that can be filtered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from atlas.claims import Finding, Rival, Verdict
from atlas.evidence import citations
from atlas.evidence.placings import ClaimCheck
from atlas.evidence.records import Source
from atlas.render.assets import bundle
from atlas.render.bibliography import reference
from atlas.render.build_context import BuildContext
from atlas.render.claim_views import view_of
from atlas.render.elements import AtlasPage, Blueprint
from atlas.render.layerdata import spanish_credits
from atlas.render.motifs import verdicts
from atlas.render.page_texts import Catalogue
from atlas.render.pages.page import Page
from atlas.render.thumbnail import Sketch

KEY = "claims"
# checks that compare printed figures with each other, not with a layer
ARITHMETIC = frozenset({"ratio", "drop", "difference", "remainder"})
BOUNDS = frozenset({"more", "less", "at_least", "at_most"})

Number = int | float


def render(edition: BuildContext) -> str:
    """The page as text."""
    texts = edition.catalogues(KEY, ())
    checks = {check.claim_id: check for check in edition.evidence.claim_checks}
    rows = [_row(edition, finding, checks.get(finding.claim.claim_id), texts["en"]) for finding in edition.findings]
    blueprint = Blueprint(
        KEY,
        "claims.html.j2",
        scripts=(bundle(KEY),),
        styles=("base.css", "claims.css"),
        data={},
        content={
            "rows": rows,
            "verdicts": _counts(edition.findings),
            "subjects": _subjects(rows),
            "sources": _cited(edition),
        },
        spanish=spanish_credits(edition),
    )
    return AtlasPage(blueprint, texts, edition.release.border).render()


PAGE = Page("claims.html", KEY, render, Sketch(motif=verdicts))


def _counts(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Claims by verdict, also those that none has, with the share of the longest bar in percent."""
    counts = Counter(finding.verdict for finding in findings)
    most = max(counts.values(), default=1)
    return [
        {"code": verdict.value, "count": counts[verdict], "bar": round(100 * counts[verdict] / most, 1)}
        for verdict in Verdict
    ]


def _subjects(rows: Sequence[Mapping[str, Any]]) -> list[tuple[dict[str, Any], int]]:
    """Subjects in the order of the table, with the number of their claims."""
    counts = Counter(row["subject"]["code"] for row in rows)
    words = {row["subject"]["code"]: row["subject"] for row in rows}
    return [(words[code], count) for code, count in counts.items()]


def _row(edition: BuildContext, finding: Finding, check: ClaimCheck | None, texts: Catalogue) -> dict[str, Any]:
    claim = finding.claim
    sources = edition.evidence.sources
    cited = [sources[name] for name in claim.source_ids]
    relation = check.relation if check else None
    return {
        "id": claim.claim_id,
        "subject": _word(f"{KEY}.subject.{claim.subject}", claim.subject, texts),
        "text": claim.what_is_claimed,
        "value": _figure(claim.value, claim.unit, texts),
        "exact": _exactness(claim.bound, claim.hedge, texts),
        "place": claim.place,
        "place_basis": claim.place_basis,
        "as_of": claim.as_of,
        "date_basis": claim.date_basis,
        "validity": _validity(edition, finding),
        "locator": claim.locator,
        "claimant": _claimant(claim.claimant, cited),
        "work": None if claim.printed_in in claim.source_ids else claim.printed_in,
        "sources": [reference(source) for source in cited],
        "verdict": finding.verdict.value,
        "basis": "computed" if check and check.check in ARITHMETIC else "measured",
        "measured": _figure(finding.measured, finding.unit, texts),
        "compared": _compared(finding, relation, texts),
        "difference": _difference(finding, relation),
        "other_claim": check.argument if check and check.check == "other_claim" else None,
        "rivals": [_rival(edition, rival, claim.unit, texts) for rival in finding.rivals],
        "notes": [(language, note) for language, note in (("en", finding.note_en), ("es", finding.note_es)) if note],
        "differs_if": [
            (lang, text) for lang, text in (("en", finding.differs_if_en), ("es", finding.differs_if_es)) if text
        ],
        **_view(edition, check, texts),
    }


def _validity(edition: BuildContext, finding: Finding) -> dict[str, Any] | None:
    """From when until when a claim holds, what has taken its place in both languages, and the sources of that."""
    held = finding.validity
    if held is None:
        return None
    later = [(lang, text) for lang, text in (("en", held.superseded_en), ("es", held.superseded_es)) if text]
    cited = [reference(edition.evidence.sources[name]) for name in held.source_ids]
    return {"from": held.valid_from, "until": held.valid_until, "superseded": later, "sources": cited}


def _rival(edition: BuildContext, rival: Rival, unit: str, texts: Catalogue) -> dict[str, Any]:
    """A figure that another source prints in place of a claim, in the claim's unit."""
    cited = [edition.evidence.sources[name] for name in rival.source_ids]
    return {
        "value": _figure(rival.value, unit, texts),
        "exact": _exactness(rival.bound, rival.hedge, texts),
        "as_of": rival.as_of,
        "date_basis": rival.date_basis,
        "claimant": _claimant(rival.claimant, cited),
        "universe": rival.universe,
        "sources": [reference(source) for source in cited],
    }


def _exactness(bound: str | None, hedge: str | None, texts: Catalogue) -> str | None:
    """The key of the words before a figure: the hedge of its source, else its bound; None where it stands alone."""
    return next((key for key in (f"hedge.{hedge}", f"bound.{bound}") if key in texts), None)


def _claimant(claimant: str | None, sources: Sequence[Source]) -> str | None:
    """Who gives the figure, where that is not whoever published it."""
    return None if any((claimant or "") in (citations.who(source, "en") or "") for source in sources) else claimant


def _view(edition: BuildContext, check: ClaimCheck | None, texts: Catalogue) -> dict[str, Any]:
    """The map that shows a claim, if the atlas has it, and the key of its title."""
    title = f"page.{check.page}.title" if check else ""
    if check is None or title not in texts:
        return {"view": None, "page": None}
    return {"view": view_of(edition, check), "page": title}


def _word(key: str, code: str, texts: Catalogue) -> dict[str, Any]:
    """A word of the table with the key of its translation; without one it stays English."""
    return {"code": code, "key": key if key in texts else None, "word": texts.get(key, code)}


def _figure(value: Number | str | None, unit: str | None, texts: Catalogue) -> dict[str, Any] | None:
    """A number with the key of its unit, or words as they stand in the table."""
    if value is None or unit is None:
        return None
    if isinstance(value, str):
        return {"words": value}
    plain = int(value) if float(value).is_integer() else value
    key = f"{KEY}.unit.{unit}"
    return {"words": None, "value": plain, "unit": unit, "key": key if key in texts else None}


def _compared(finding: Finding, relation: str | None, texts: Catalogue) -> dict[str, Any] | None:
    """What a claim comes to, where that is not what it prints: in another unit, or as a bound."""
    if finding.measured is None or isinstance(finding.compared, str) or relation == "part":
        return None
    if relation not in BOUNDS and finding.unit in {finding.claim.unit, None}:
        return None
    figure = _figure(finding.compared, finding.unit, texts)
    return {**figure, "relation": relation if relation in BOUNDS else None} if figure else None


def _difference(finding: Finding, relation: str | None) -> dict[str, Any] | None:
    """Measured less claimed; a bound that holds has a margin and no difference."""
    if finding.difference is None or (relation in BOUNDS and finding.verdict is not Verdict.DIFFERS):
        return None
    return {"value": finding.difference, "unit": finding.unit, "percent": finding.difference_pct}


def _cited(edition: BuildContext) -> list[dict[str, Any]]:
    """Each source of the page once, by its title, or by whose it is."""
    named = {
        name
        for finding in edition.findings
        for name in (
            *finding.claim.source_ids,
            *(finding.validity.source_ids if finding.validity else ()),
            *(source_id for rival in finding.rivals for source_id in rival.source_ids),
        )
    }
    return sorted(
        (reference(edition.evidence.sources[name]) for name in named),
        key=lambda source: str(source["headline"]).casefold(),
    )
