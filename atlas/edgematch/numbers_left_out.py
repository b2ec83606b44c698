"""Which units of a file have numbers in their positions that the reader of editions leaves out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapely

from atlas.editions.edition import Features
from atlas.errors import InputError
from atlas.geojson.document import read_document_file
from atlas.geojson.geometries import evened
from atlas.vector.source import geojson_in


def numbers_left_out(path: Path, features: Features) -> int:
    """How many units have heights in some positions only, or numbers after the height.

    Such a file is read once more; one whose coordinates were all read as they are written is not.

    Parameters
    ----------
    path
        The file.
    features
        What was read of it.
    """
    placed = ~shapely.is_missing(features.shapes)
    if not any(text is None and there for text, there in zip(features.texts, placed.tolist(), strict=False)):
        return 0
    with geojson_in(path) as plain:
        if plain is None:
            return 0
        document = read_document_file(plain, remedy=f"run `atlas check {path}`", named=path).value
    rows = document["features"] if isinstance(document, dict) and "features" in document else [document]
    return sum(_is_shortened(row.get("geometry", row)) for row in rows)


def _is_shortened(geometry: Any) -> bool:  # noqa: ANN401 - from the parser, and read once already
    try:
        return geometry is not None and evened(geometry) is not geometry
    except (LookupError, TypeError, InputError):
        return False
