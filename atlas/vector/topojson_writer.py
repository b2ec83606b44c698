"""TopoJSON: what neighbours share is one arc, and every position is the one that it was; nothing is quantised."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from atlas.geometry.topology import shared_arcs

_LINES = {"LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_RINGS = frozenset({"Polygon", "MultiPolygon"})
Line = list[list[float]]


def topojson(features: Sequence[Mapping[str, Any]], name: str) -> bytes:
    """A topology with one object, of features of GeoJSON in degrees (longitude, latitude)."""
    geometries = [feature.get("geometry") for feature in features]
    lines: list[tuple[Line, bool]] = []
    for geometry in geometries:
        _collect(geometry, lines)
    arcs, refs = _arcs(lines)
    after = iter(refs)
    members = []
    for feature, geometry in zip(features, geometries, strict=True):
        member = _object(geometry, after)
        if feature.get("id") is not None:
            member["id"] = feature["id"]
        if feature.get("properties"):
            member["properties"] = feature["properties"]
        members.append(member)
    topology: dict[str, Any] = {"type": "Topology"}
    positions = [p for arc in arcs for p in arc] + [p for one in geometries for p in _points(one)]
    if positions:
        xs, ys = [p[0] for p in positions], [p[1] for p in positions]
        topology["bbox"] = [min(xs), min(ys), max(xs), max(ys)]
    topology["objects"] = {name: {"type": "GeometryCollection", "geometries": members}}
    topology["arcs"] = arcs
    return (json.dumps(topology, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n").encode()


def _lines_of(geometry: Mapping[str, Any]) -> list[Line]:
    depth = _LINES[geometry["type"]]
    coordinates = geometry["coordinates"]
    if depth == 1:
        return [coordinates] if coordinates else []
    return list(coordinates) if depth == 2 else [ring for part in coordinates for ring in part]  # noqa: PLR2004 - lists of rings


def _collect(geometry: Mapping[str, Any] | None, lines: list[tuple[Line, bool]]) -> None:
    if geometry is None:
        return
    if geometry["type"] == "GeometryCollection":
        for member in geometry["geometries"]:
            _collect(member, lines)
    elif geometry["type"] in _LINES:
        lines.extend((line, geometry["type"] in _RINGS) for line in _lines_of(geometry))


def _points(geometry: Mapping[str, Any] | None) -> list[list[float]]:
    if geometry is None:
        return []
    if geometry["type"] == "GeometryCollection":
        return [one for member in geometry["geometries"] for one in _points(member)]
    coordinates = geometry.get("coordinates") or []
    if geometry["type"] == "Point":
        return [coordinates] if coordinates else []
    return coordinates if geometry["type"] == "MultiPoint" else []


def _arcs(lines: Sequence[tuple[Line, bool]]) -> tuple[list[Line], list[list[int]]]:
    """The arcs, and for each line the arcs that it is made of; ``~i`` is arc ``i`` backwards."""
    whole = [(line, ring) for line, ring in lines if line]
    if not whole:
        return [], [[] for _ in lines]
    numbers, positions = _numbered([line for line, _ in whole])
    # an arc has two ends; a line that comes back to its beginning still begins there, whereas a ring begins anywhere
    runs = [np.array(line if len(line) > 1 else line * 2, dtype=np.int64) for line in numbers]
    ends = [line[0] for line, (_, ring) in zip(numbers, whole, strict=True) if not ring]
    arcs, walks = shared_arcs(runs, len(positions), ends=ends)
    after = iter(walks)
    return [[positions[n] for n in arc.tolist()] for arc in arcs], [next(after) if line else [] for line, _ in lines]


def _numbered(lines: Sequence[Line]) -> tuple[list[list[int]], list[list[float]]]:
    """Each line as numbers of positions; equal positions have one number."""
    known: dict[tuple[float, ...], int] = {}
    positions: list[list[float]] = []
    numbers = []
    for line in lines:
        held = []
        for position in line:
            key = tuple(position)
            number = known.setdefault(key, len(positions))
            if number == len(positions):
                positions.append(position)
            held.append(number)
        numbers.append(held)
    return numbers, positions


def _object(geometry: Mapping[str, Any] | None, refs: Any) -> dict[str, Any]:  # noqa: ANN401 - an iterator
    if geometry is None:
        return {"type": None}
    kind = geometry["type"]
    if kind == "GeometryCollection":
        return {"type": kind, "geometries": [_object(member, refs) for member in geometry["geometries"]]}
    coordinates = geometry["coordinates"]
    if kind not in _LINES:
        return {"type": kind, "coordinates": coordinates}
    if kind == "LineString":
        return {"type": kind, "arcs": next(refs) if coordinates else []}
    if kind == "MultiPolygon":
        return {"type": kind, "arcs": [[next(refs) for _ in part] for part in coordinates]}
    return {"type": kind, "arcs": [next(refs) for _ in coordinates]}
