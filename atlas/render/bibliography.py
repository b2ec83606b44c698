"""How a page cites a source: its title where it has one, who, and the year; else all of it in words of our own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlas.evidence import Source, citations

SAFE = ("https://", "http://")


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
