"""An independent reading of RFC 7946: what a GeoJSON file may be, without the code that writes it."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

TYPES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}
MOJIBAKE = re.compile("Ã[\u0080-\u00bf]|Â[\u0080-\u00bf]|â€|\ufffd")


def faults_of(data: bytes) -> list[str]:
    """Everything that is wrong with a file, a sentence each."""
    try:
        text = data.decode("utf-8")
        # decimals as written: a float would hide how many there are
        document = json.loads(text, parse_float=Decimal, parse_constant=_refused)
    except ValueError as error:
        return [f"not JSON in UTF-8: {error}"]
    faults = ["mojibake"] * bool(MOJIBAKE.search(text)) + ["a byte order mark"] * text.startswith("\ufeff")
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        return [*faults, "not a FeatureCollection"]
    if foreign := set(document) - {"type", "bbox", "features"}:
        faults.append(f"foreign members {sorted(foreign)} (crs is of an older standard)")
    features = document.get("features")
    if not isinstance(features, list):
        return [*faults, "features is not a list"]
    for number, feature in enumerate(features):
        faults += [f"feature {number}: {fault}" for fault in _feature(feature)]
    counts = Counter(str(feature.get("id")) for feature in features)
    faults += [f"the id {feature_id} stands {count} times" for feature_id, count in counts.items() if count > 1]
    return faults + _box(document, features)


def _refused(word: str) -> None:
    msg = f"{word} is not JSON"
    raise ValueError(msg)


def _feature(feature: Any) -> Iterator[str]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        yield "not a Feature"
        return
    if set(feature) != {"type", "id", "geometry", "properties"}:
        yield f"members {sorted(feature)}"
    if not isinstance(feature.get("id"), str | int):
        yield "the id is neither text nor number"
    if not isinstance(feature.get("properties"), dict | None):
        yield "properties is neither an object nor null"
    geometry = feature.get("geometry")
    if geometry is None:
        return
    if set(geometry) != {"type", "coordinates"} or geometry["type"] not in TYPES:
        yield f"geometry of type {geometry.get('type')} with {sorted(geometry)}"
        return
    yield from _geometry(geometry["type"], geometry["coordinates"])


def _geometry(kind: str, coordinates: Any) -> Iterator[str]:
    for position in positions_of(coordinates):
        yield from _position(position)
    if kind.startswith("Multi"):
        if not coordinates:
            yield f"an empty {kind}"
        for part in coordinates:
            yield from _part(kind.removeprefix("Multi"), part)
    else:
        yield from _part(kind, coordinates)


def _part(kind: str, coordinates: Any) -> Iterator[str]:
    if kind == "LineString":
        yield from _line(coordinates, least=2)
    if kind == "Polygon":
        if not coordinates:
            yield "a polygon without rings"
        for number, ring in enumerate(coordinates):
            yield from _line(ring, least=4)
            if ring[0] != ring[-1]:
                yield "a ring that is not closed"
            turn = _turn(ring)
            if turn == 0 or (turn > 0) != (number == 0):
                yield f"ring {number} runs the wrong way round"


def _line(positions: Any, *, least: int) -> Iterator[str]:
    if len(positions) < least:
        yield f"{len(positions)} positions, at least {least} needed"
    for before, after in itertools.pairwise(positions):
        if before == after:
            yield f"the position {tuple(map(float, before))} stands twice in a row"


def _position(position: Any) -> Iterator[str]:
    lon, lat = position if len(position) == 2 else (math.nan, math.nan)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        yield f"{position} is no longitude and latitude"
    for value in position:
        if isinstance(value, Decimal) and -int(value.as_tuple().exponent) > 6:
            yield f"{value} has more than six decimals"


def _turn(ring: Any) -> float:
    """Twice the signed area: positive when the ring runs anticlockwise."""
    xs, ys = [float(p[0]) for p in ring], [float(p[1]) for p in ring]
    # measured from the ring's own corner, so that nothing is lost to rounding
    return math.fsum(
        (xs[i] - xs[0]) * (ys[i + 1] - ys[0]) - (xs[i + 1] - xs[0]) * (ys[i] - ys[0]) for i in range(len(ring) - 1)
    )


def positions_of(coordinates: Any) -> Iterator[Any]:
    """Every position in the coordinates of any geometry."""
    if coordinates and not isinstance(coordinates[0], list):
        yield coordinates
        return
    for inner in coordinates:
        yield from positions_of(inner)


def _box(document: Any, features: Any) -> list[str]:
    shapes = [feature["geometry"] for feature in features if feature.get("geometry")]
    placed = [p[:2] for shape in shapes for p in positions_of(shape.get("coordinates", []))]
    if not placed:
        return ["a bbox of nothing"] * ("bbox" in document)
    lons, lats = zip(*placed, strict=True)
    expected = [min(lons), min(lats), max(lons), max(lats)]
    right = [float(v) for v in document.get("bbox", [])] == [float(v) for v in expected]
    return [] if right else [f"the bbox is {document.get('bbox')}, expected {expected}"]
