"""``checkpoints.html``: posts as intervals of the Tapachula–Arriaga road, on a map and on a strip by kilometre."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from atlas.claims import Finding
from atlas.render.agencies import agencies_of
from atlas.render.bibliography import reference
from atlas.render.build_context import BuildContext
from atlas.render.pages.map_page import MapPage

KEY = "checkpoints"
_YEAR = re.compile(r"\d{4}")


def years_of(as_of: str | None) -> tuple[int, int] | None:
    """First and last year that the sources of a post speak of."""
    years = [int(year) for year in _YEAR.findall(as_of or "")]
    return (min(years), max(years)) if years else None


def _post(feature: Mapping[str, Any]) -> dict[str, Any]:
    held = feature["properties"]
    return {
        "id": feature["id"],
        "agencies": agencies_of(held["agency"]),
        "years": years_of(held["as_of"]),
        "disagree": bool(held["readings_disagree"]),
    }


def _data(edition: BuildContext) -> Mapping[str, Any]:
    return {"posts": [_post(feature) for feature in edition.features.get(KEY, ())]}


def claimed(edition: BuildContext) -> Sequence[Finding]:
    """Published counts of posts: they stand beside the posts, and are held against nothing."""
    return [finding for finding in edition.findings if finding.page == KEY]


def _content(edition: BuildContext) -> Mapping[str, Any]:
    return {"claims": [_claim(edition, finding) for finding in claimed(edition)]}


def _claim(edition: BuildContext, finding: Finding) -> dict[str, Any]:
    claim = finding.claim
    sources = [edition.evidence.sources[name] for name in claim.source_ids]
    value = claim.value
    return {
        "id": claim.claim_id,
        "value": int(value) if isinstance(value, float) and value.is_integer() else value,
        "text": claim.what_is_claimed,
        "as_of": claim.as_of,
        "locator": claim.locator,
        "sources": [reference(source) for source in sources],
        "notes": [(language, note) for language, note in (("en", finding.note_en), ("es", finding.note_es)) if note],
    }


def _cited(edition: BuildContext) -> frozenset[str]:
    return frozenset(name for finding in claimed(edition) for name in finding.claim.source_ids)


PAGE = MapPage(
    KEY,
    layers=("corridor", KEY, "border", "railways"),
    shown=("corridor", KEY, "border"),
    home="corridor",
    styles=("strip.css", "checkpoints.css"),
    layout="checkpoints.html.j2",
    data=_data,
    content=_content,
    cited=_cited,
).page
