"""TopoJSON: what neighbours share is one arc, and every position is the one that it was; nothing is quantised."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    return [coordinates] if geometry["type"] == "Point" and coordinates else coordinates if geometry["type"] == "MultiPoint" else []  # fmt: skip


def _arcs(lines: Sequence[tuple[Line, bool]]) -> tuple[list[Line], list[list[int]]]:
    """The arcs, and for each line the arcs that it is made of; ``~i`` is arc ``i`` backwards."""
    numbers, positions = _numbered([line for line, _ in lines])
    junction = _junctions(numbers, [ring for _, ring in lines], len(positions))
    known: dict[tuple[int, ...], int] = {}
    arcs: list[Line] = []
    refs: list[list[int]] = []
    for line, (_, ring) in zip(numbers, lines, strict=True):
        refs.append([])
        for piece in _pieces(line, junction, ring=ring):
            key = tuple(piece)
            if (back := known.get(key[::-1])) is not None and key != key[::-1]:
                refs[-1].append(~back)
                continue
            if key not in known:
                known[key] = len(arcs)
                arcs.append([positions[n] for n in key])
            refs[-1].append(known[key])
    return arcs, refs


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


def _junctions(lines: Sequence[list[int]], rings: Sequence[bool], count: int) -> NDArray[np.bool_]:
    """Positions at which lines part or end: where the two positions beside it are not the same each time."""
    beside = np.full((count, 2), -1, dtype=np.int64)
    junction = np.zeros(count, dtype=bool)
    for line, ring in zip(lines, rings, strict=True):
        closed = ring and len(line) > 1 and line[0] == line[-1]
        if not closed and line:
            junction[line[0]] = junction[line[-1]] = True
        inner = range(len(line) - 1) if closed else range(1, len(line) - 1)
        for at in inner:
            before, after = sorted((line[at - 1] if at else line[-2], line[at + 1]))
            here = line[at]
            if beside[here, 0] < 0:
                beside[here] = before, after
            elif beside[here, 0] != before or beside[here, 1] != after:
                junction[here] = True
    return junction


def _pieces(line: list[int], junction: NDArray[np.bool_], *, ring: bool) -> list[list[int]]:
    """A line cut at junctions; a ring without any begins at its least position, so that its twin is the same arc."""
    if ring and len(line) > 1 and line[0] == line[-1] and not junction[line[0]]:
        body = line[:-1]
        marks = [at for at, number in enumerate(body) if junction[number]]
        # a ring that none touches stays as it is, so that it comes back as it was
        start = marks[0] if marks else 0
        line = [*body[start:], *body[:start], body[start]]
    cuts = [0, *(at for at in range(1, len(line) - 1) if junction[line[at]]), len(line) - 1]
    return [line[begin : end + 1] for begin, end in zip(cuts, cuts[1:], strict=False)] if len(line) > 1 else [line]


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
