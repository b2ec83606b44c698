"""A cleaned document in the format that the output's name, or the user, says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from atlas.clean.model import Document
from atlas.clean.writing import document_bytes
from atlas.errors import InputError, UsageError
from atlas.geojson.strict import JsonFaultError, parse
from atlas.vector.file_format import FileFormat, file_format
from atlas.vector.layer import LAYER_MARK
from atlas.vector.output_format import OUTPUT_FORMATS, encode, format_of, layer_name

_GEOJSON = "geojson"


def output_name(path: Path, form: str | None) -> str:
    """What a cleaned file is called in a folder: as before where it stays GeoJSON, else by the ending of its format."""
    name, _, layer = path.name.partition(LAYER_MARK)
    bare = path.with_name(name)
    if form is None and not layer and bare.is_file() and file_format(bare) is FileFormat.GEOJSON:
        return name
    ending = OUTPUT_FORMATS[_GEOJSON if form is None else format_of(bare, form).name].ending
    stem = layer_name(Path(name)) if bare.suffix.lower() not in {".shp", ".gdb"} else layer_name(Path(bare.stem))
    return f"{stem}_{layer_name(Path(layer))}{ending}" if layer else f"{stem}{ending}"


def document_in(document: Document, target: Path, form: str | None) -> bytes:
    """The bytes of a document in its format; what the format could not hold goes among the document's remarks.

    Raises
    ------
    UsageError
        There is no such format, or the numbers are not degrees, which others than GeoJSON would be said to hold.
    InputError
        A value or shape cannot be written in the format.
    """
    chosen = format_of(target, form, usual=_GEOJSON)
    if chosen.name == _GEOJSON:
        return document_bytes(document)
    if "crs" in document.root:
        msg = (
            f"{document.path}: its member crs was kept, and {chosen.title} would be written in degrees; write .geojson"
        )
        raise UsageError(msg)
    encoded = encode(_features(document), chosen, layer_name(target))
    document.remarks += [f"{target.name}: {note}" for note in encoded.notes]
    return encoded.data


def _features(document: Document) -> Sequence[Any]:
    try:
        value = parse(document_bytes(document).decode())
    except (JsonFaultError, UnicodeError) as fault:
        msg = f"{document.path} {fault}; write .geojson"
        raise InputError(msg) from None
    if value.get("type") == "FeatureCollection":
        features: list[Any] = value["features"]
        return features
    return [value if value.get("type") == "Feature" else {"type": "Feature", "geometry": value, "properties": {}}]
