"""Features as text again: what did not change as it stood, coordinates in bulk."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import orjson

from atlas.clean.model import Coordinates, Document, Feature, PositionArray
from atlas.geojson.text_offset import span_of

_HALF = re.compile("[\ud800-\udfff]")
_PLAIN = orjson.OPT_SERIALIZE_NUMPY


def document_bytes(document: Document) -> bytes:
    """The document with the features that are kept; byte for byte as it was where nothing changed."""
    if not document.changed:
        return document.original
    kept = document.kept
    if document.wrapping == "Feature" and len(kept) == 1:
        return feature_bytes(kept[0]) + b"\n"
    if document.wrapping == "geometry" and len(kept) == 1:
        only = kept[0].value
        if only.get("geometry") is not None and only.get("properties") is None and "id" not in only:
            return value_bytes({**only["geometry"], **document.root}) + b"\n"
    return collection_bytes(document.root, map(feature_bytes, kept))


def collection_bytes(root: Mapping[str, Any], features: Iterable[bytes]) -> bytes:
    """A FeatureCollection, one feature a line; other members stand before the features."""
    opening, closing = collection_head(root)
    pieces, between = [], opening
    for one in features:
        pieces += [between, one]
        between = b",\n"
    if between is opening:
        return opening.rstrip() + b"]}\n"
    # a buffer that grows step by step leaves holes in memory of several times its size
    return b"".join([*pieces, closing])


def collection_head(root: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """What stands before the first feature of a FeatureCollection and after the last one."""
    members = {"type": "FeatureCollection", **{key: value for key, value in root.items() if key != "type"}}
    return value_bytes(members)[:-1] + b',"features":[\n', b"\n]}\n"


def feature_bytes(feature: Feature) -> bytes:
    """A feature as it stood, with its new geometry, or written anew."""
    if not feature.stub_text or feature.rebuilt:
        return value_bytes(feature.value)
    if not feature.moved:
        return feature.text
    text = feature.stub_text.decode("utf-8", "surrogatepass")
    span = span_of(text, "geometry")
    if span is None:
        return value_bytes(feature.value)
    before, after = (end.encode("utf-8", "surrogatepass") for end in (text[: span[0]], text[span[1] :]))
    filled = feature.stubs.filled
    return filled(before) + value_bytes(feature.value["geometry"]) + filled(after)


def replaced_geometry(text: str, geometry: bytes) -> bytes:
    """The text of a feature with another geometry in the place of its own."""
    span = span_of(text, "geometry")
    if span is None:
        msg = "a feature without a geometry"
        raise LookupError(msg)
    return text[: span[0]].encode() + geometry + text[span[1] :].encode()


def value_bytes(value: Any) -> bytes:  # noqa: ANN401 - whatever JSON may hold
    """A value as JSON; arrays of coordinates are written in bulk."""
    pieces: list[bytes] = []
    # a sign that no text of the file has
    sign = uuid.uuid4().hex

    def taken(stub: _Typed) -> str:
        pieces.append(coordinates_bytes(stub.kind, stub.coordinates))
        return f"{sign}-{len(pieces) - 1}"

    text = json.dumps(_typed(value), ensure_ascii=False, separators=(",", ":"), default=taken)
    # half of a pair of surrogates cannot be written, only escaped
    written = _HALF.sub(lambda match: rf"\u{ord(match[0]):04x}", text).encode()
    for number, piece in enumerate(pieces):
        written = written.replace(f'"{sign}-{number}"'.encode(), piece, 1)
    return written


class _Typed:
    """Coordinates with the type that says how they are nested."""

    __slots__ = ("coordinates", "kind")

    def __init__(self, kind: str, coordinates: Coordinates) -> None:
        self.kind, self.coordinates = kind, coordinates


def _typed(value: Any) -> Any:  # noqa: ANN401 - whatever JSON may hold
    if isinstance(value, dict):
        held = value.get("coordinates")
        if isinstance(held, Coordinates):
            return {
                key: _Typed(value["type"], held) if key == "coordinates" else _typed(one) for key, one in value.items()
            }
        return {key: _typed(one) for key, one in value.items()}
    return [_typed(one) for one in value] if isinstance(value, list) else value


def coordinates_bytes(kind: str, coordinates: Coordinates) -> bytes:
    """The member ``coordinates`` of a geometry of one type."""
    parts = [[_run_bytes(run) for run in part] for part in coordinates.parts]
    if kind == "Point":
        return parts[0][0][1:-1]
    if kind in {"LineString", "MultiPoint"}:
        return parts[0][0]
    if kind == "MultiLineString":
        return b"[" + b",".join(runs[0] for runs in parts) + b"]"
    polygons = [b"[" + b",".join(runs) + b"]" for runs in parts]
    return polygons[0] if kind == "Polygon" else b"[" + b",".join(polygons) + b"]"


def as_lists(kind: str, coordinates: Coordinates) -> list[Any]:
    """The same as lists."""
    parts: list[Any] = [[run.tolist() for run in part] for part in coordinates.parts]
    if kind == "Point":
        position: list[Any] = parts[0][0][0]
        return position
    if kind in {"LineString", "MultiPoint", "Polygon"}:
        inner: list[Any] = parts[0] if kind == "Polygon" else parts[0][0]
        return inner
    return [runs[0] for runs in parts] if kind == "MultiLineString" else parts


def _run_bytes(run: PositionArray) -> bytes:
    return orjson.dumps(np.ascontiguousarray(run), option=_PLAIN)
