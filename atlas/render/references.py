"""A source as a page names it: title in its own language, publisher and year, an address that is safe to follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from atlas.evidence.records import Source
from atlas.render.spanish import spanish_of

SAFE = ("https://", "http://")
# what stands in the table for a title that nobody wrote down
UNKNOWN = "["


def references(sources: Mapping[str, Source]) -> Mapping[str, Mapping[str, Any]]:
    """Every source by its id as ``reference`` gives it."""
    worded = spanish_of([source.publisher for source in sources.values()])
    return {name: reference(source, worded) for name, source in sources.items()}


def reference(source: Source, worded: Iterable[str]) -> dict[str, Any]:
    """Title, language, address, publisher, year and note of a source.

    ``title`` is none where it is not known, ``url`` where a browser should not follow it; ``worded`` says that the
    publisher is more than a name and has Spanish.
    """
    url = source.url or ""
    title = source.title or ""
    return {
        "title": None if not title or title.startswith(UNKNOWN) else title,
        "language": source.language or "en",
        "url": url if url.startswith(SAFE) else None,
        "publisher": source.publisher,
        "worded": source.publisher in worded,
        "year": source.year,
        "note": source.note,
    }
