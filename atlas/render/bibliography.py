"""How a page cites a source: its title where it has one, whose it is, and the year."""

from __future__ import annotations

from typing import Any

from atlas.evidence.records import Source

SAFE = ("https://", "http://")


def title_of(title: object) -> str | None:
    """A title as published; None where the table only describes the text, in brackets, because it has none."""
    text = str(title or "").strip()
    return None if not text or text.startswith("[") else text


def address_of(url: object) -> str | None:
    """An address that a page may link to; None for any other scheme, and where there is none."""
    text = str(url or "")
    return text if text.startswith(SAFE) else None


def reference(source: Source) -> dict[str, Any]:
    """What a template needs to cite a source; the year is None where the source has no date."""
    return {
        "title": title_of(source.title),
        "language": source.language,
        "publisher": source.publisher,
        "year": source.year,
        "url": address_of(source.url),
        "note": source.note,
    }
