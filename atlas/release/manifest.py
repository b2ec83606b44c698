"""The files of a release, and the record that it keeps of itself."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from atlas.geojson.strict import parse

RECORDS, COUNTS, RECORD = "records.geojson", "counts.csv", "release.json"
FORMAT = "atlas-release"
_MOST_BYTES = 50_000_000


def manifest_in(folder: Path) -> dict[str, Any] | None:
    """What the record of a release in a folder says, nothing where there is none; a damaged one says nothing."""
    path = folder / RECORD
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        data = path.read_bytes()
    except (OSError, ValueError):
        return None
    with suppress(ValueError, RecursionError):
        document = parse(data.decode())
        return document if isinstance(document, dict) and document.get("format") == FORMAT else None
    return {} if FORMAT.encode() in data else None
