"""RFC 7946 GeoJSON: one feature a line, right-handed rings, six decimals, no member left to chance.

Six decimals of a degree are 0.11 m on the ground, three orders finer than the outlines are true.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.errors import GeometryError, InputError
from atlas.geojson.geometries import positions_in
from atlas.geojson.shapely_geometries import geometry_member
from atlas.geojson.strict import read_json_file
from atlas.geometry.coverage import tidied

DECIMALS = 6
_REMEDY = "run `atlas refresh` or restore the file"
_SPACE = b" \t\r\n"

Feature = Mapping[str, Any]


def feature(feature_id: str, geometry: BaseGeometry | None, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature: geometry (longitude, latitude in degrees, EPSG:4326) rounded, rings right-handed."""
    member: dict[str, Any] = {"type": "Feature", "id": feature_id}
    if geometry is None:
        return {**member, "geometry": None, "properties": dict(properties)}
    tidy = rounded(geometry)
    return {**member, "geometry": geometry_member(tidy), "properties": dict(properties)}


def rounded(geometry: BaseGeometry) -> BaseGeometry:
    """The geometry at six decimals without repeated positions.

    Raises
    ------
    GeometryError
        Rounding would leave nothing, or an invalid area.
    """
    tidy = tidied(geometry, decimals=DECIMALS)
    if tidy.is_empty or not shapely.is_valid(tidy):
        msg = (
            f"a {geometry.geom_type} does not survive rounding to {DECIMALS} decimals: {shapely.is_valid_reason(tidy)}"
        )
        raise GeometryError(msg)
    return tidy


def dumps(features: Sequence[Feature], box: Sequence[float] | None = None) -> bytes:
    """A FeatureCollection as bytes: features in the order given, one a line, UTF-8, newline at the end.

    ``box`` is its ``bbox`` where that is not the least and most of all positions.

    Raises
    ------
    GeometryError
        A property is not finite, which JSON cannot say.
    """
    box = box or bounding_box(features)
    head = {"type": "FeatureCollection", "bbox": list(box)} if box else {"type": "FeatureCollection"}
    opening = json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1]
    try:
        lines = [json.dumps(f, ensure_ascii=False, separators=(",", ":"), allow_nan=False) for f in features]
    except ValueError as error:
        msg = f"a property is not a finite number ({error})"
        raise GeometryError(msg) from error
    body = ",\n".join(lines)
    return f'{opening},"features":[\n{body}\n]}}\n'.encode()


def feature_texts(
    members: Sequence[Mapping[str, Any]],
    shapes: Sequence[BaseGeometry | None],
    written: Sequence[tuple[str, bytes] | None] | None = None,
) -> bytes:
    """A FeatureCollection of large shapes as bytes, each position as it is.

    Parameters
    ----------
    members
        What each feature says besides its type and geometry.
    shapes
        In degrees (longitude, latitude); None for a feature without a place.
    written
        The type and the coordinates of a shape as the text that it was read from, where that is known.
    """
    texts_at_hand = written or [None] * len(shapes)
    rest = [None if text else shape for text, shape in zip(texts_at_hand, shapes, strict=True)]
    # the text of a shape is at hand, and thousands of positions need not become lists for it
    geometries = [
        f'{{"type":"{text[0]}","coordinates":{text[1].translate(None, _SPACE).decode()}}}' if text else made
        for text, made in zip(texts_at_hand, shapely.to_geojson(np.array([*rest, None], dtype=object)), strict=False)
    ]
    texts = [json.dumps(one, ensure_ascii=False, separators=(",", ":"), default=str)[1:-1] for one in members]
    lines = [
        f'{{"type":"Feature",{text},"geometry":{geometry or "null"}}}'
        for text, geometry in zip(texts, geometries, strict=True)
    ]
    return ('{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n").encode()


def bounding_box(features: Sequence[Feature]) -> list[float] | None:
    """Box of all positions as west, south, east, north in degrees; nothing when no feature has a place."""
    placed = [p for f in features if f["geometry"] for p in positions_in(f["geometry"])]
    if not placed:
        return None
    lons, lats = zip(*placed, strict=True)
    return [min(lons), min(lats), max(lons), max(lats)]


def read_collection(path: Path) -> list[dict[str, Any]]:
    """The features of a GeoJSON file.

    Raises
    ------
    InputError
        The file is missing, not UTF-8, not JSON, or not a FeatureCollection.
    """
    document = read_json(path)
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        msg = f"{path} is not a GeoJSON FeatureCollection: it has no list of features; {_REMEDY}"
        raise InputError(msg)
    return features


def read_json(path: Path) -> Any:  # noqa: ANN401 - a file may hold anything
    """What a derived JSON file holds.

    Raises
    ------
    InputError
        The file is missing, not UTF-8, not JSON, or has a member twice.
    """
    return read_json_file(path, remedy=_REMEDY)


def kilometres(value: float) -> float:
    """A length in km as files carry it: to the metre."""
    if not math.isfinite(value):
        msg = f"a length of {value!r} km cannot be written"
        raise GeometryError(msg)
    return round(float(value), 3)
