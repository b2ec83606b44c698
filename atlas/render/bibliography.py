"""How a page cites a source: its title where it has one, who, and the year; else all of it in words of our own."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from atlas.evidence import Source, citations
from atlas.render.build_context import BuildContext

SAFE = ("https://", "http://")
# kinds of sources, in the order in which they are listed
KINDS = ("official", "academic", "ngo", "press", "reference", "code", "other")


def address_of(url: object) -> str | None:
    """An address that a page may link to; None for any other scheme, and where there is none."""
    text = str(url or "")
    return text if text.startswith(SAFE) else None


def reference(source: Source) -> dict[str, Any]:
    """What a template needs to cite a source; the year is None where the source has no date."""
    return {
        "title": source.title,
        "headline": citations.headline(source, "en"),
        "language": source.language,
        "publisher": citations.who(source, "en") or citations.headline(source, "en"),
        "year": source.year,
        "url": address_of(source.address),
        "note": source.note,
    }


def packed(source: Mapping[str, Any]) -> list[Any]:
    """The same of a source of the registry, as scripts read it: title, who, year, address, language, headline."""
    titled = bool(source.get("title"))
    who = source["who"]["en"] or source["headline"]["en"]
    known = [source["title"] if titled else None, who, source.get("year"), address_of(source.get("url"))]
    return [*known, source.get("language")] if titled else [*known, None, source["headline"]["en"]]


def uses(edition: BuildContext) -> list[dict[str, Any]]:
    """Every source of the fact tables, with the layers, claims and tables that it stands behind."""
    layers: dict[str, list[str]] = defaultdict(list)
    for view in edition.views:
        for name in sorted({name for feature in edition.features[view.name] for name in _cited(feature["properties"])}):
            layers[name].append(view.name)
    claims: dict[str, list[str]] = defaultdict(list)
    for claim in edition.evidence.claims:
        for name in claim.source_ids:
            claims[name].append(claim.claim_id)
    lengths = {name for length in edition.evidence.border_lengths for name in length.source_ids}
    elsewhere = set(_in_tables(edition))
    return [
        {
            **reference(source),
            "kind": source.kind,
            "layers": layers[name],
            "claims": claims[name],
            "lengths": name in lengths,
            "tables": name in elsewhere,
        }
        for name, source in sorted(edition.evidence.sources.items(), key=lambda pair: _order(pair[1]))
    ]


def _cited(properties: Mapping[str, Any]) -> Sequence[str]:
    named = properties.get("source_ids")
    return named if isinstance(named, list) else ()


def _in_tables(edition: BuildContext) -> Iterator[str]:
    """Every source that a row of any fact table names."""
    for table in fields(edition.evidence):
        rows = getattr(edition.evidence, table.name)
        if isinstance(rows, tuple):
            for row in rows:
                yield from getattr(row, "source_ids", ())


def _order(source: Source) -> tuple[str, int, str]:
    cited = reference(source)
    return (plain(str(cited["publisher"])), source.year or 0, plain(source.title or ""))


def plain(text: str) -> str:
    """A text without capitals and accents, to put a list in order."""
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign)).casefold()
