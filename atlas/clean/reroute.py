"""Lines and outer layers follow the edges of areas that were mended, so that what was the same stays the same.

Edges that the areas had and have no more are looked for in all other lines and rings. A run of such edges is replaced
by the shortest route along the edges that the areas have now, from the last position before it that is still on these
to the first behind it.

*Why it is right.* A border line that had an area's edges lay on them; the shortest route between the same two places
along the new edges is the edge as it is now, for a mended edge lies within the width of the old one. A route longer
than one and a half times the old run and ten widths would be another edge: then the line stays as it was.

*Invariants* (`tests/clean/test_neighbours.py`): no position is invented; what had none of the old edges is untouched.
Source: E. W. Dijkstra, Numerische Mathematik 1 (1959) 269–271.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.clean.file_session import FileSession
from atlas.clean.measure import area_m2
from atlas.clean.model import Coordinates, PositionArray
from atlas.geometry.units import METRES_PER_DEGREE

Place = tuple[float, float]
Edge = tuple[Place, Place]
# a way along the new edges is not much longer than the old one
_DETOUR = 1.5


@dataclass(slots=True)
class Edges:
    """Edges that areas had and have no more, and the net of those that they have now."""

    gone: set[Edge] = field(default_factory=set)
    net: dict[Place, set[Place]] = field(default_factory=dict)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what is gone."""
        flat = np.array([place for edge in self.gone for place in edge])
        return (*flat.min(axis=0).tolist(), *flat.max(axis=0).tolist())


def changed_edges(before: Iterable[BaseGeometry], after: Iterable[Coordinates]) -> Edges:
    """What areas lost, and what they have."""
    edges = Edges()
    for shape in before:
        for ring in shapely.get_rings(shapely.get_parts(shape)).tolist():
            edges.gone.update(_edges(shapely.get_coordinates(ring)))
    for coords in after:
        for run in coords.runs:
            for a, b in _edges(run):
                edges.gone.discard((a, b))
                edges.net.setdefault(a, set()).add(b)
                edges.net.setdefault(b, set()).add(a)
    return edges


def _edges(run: PositionArray) -> list[Edge]:
    places: list[Place] = [(lon, lat) for lon, lat in (run[:, :2] + 0.0).tolist()]
    return [(a, b) if a <= b else (b, a) for a, b in pairwise(places)]


def reroute(sessions: Sequence[FileSession], edges: Edges, mended: set[int], snap_m: float) -> None:
    """Put lines, and areas other than the ``mended`` ones (by id of their geometry), onto the new edges."""
    if not edges.gone:
        return
    west, south, east, north = edges.box
    for session in sessions:
        for feature in session.document.kept:
            for geometry, _ in feature.geometries():
                if str(geometry["type"]).endswith("Point") or id(geometry) in mended:
                    continue
                old: Coordinates = geometry["coordinates"]
                low = np.min([run[:, :2].min(axis=0) for run in old.runs], axis=0)
                high = np.max([run[:, :2].max(axis=0) for run in old.runs], axis=0)
                if low[0] > east or high[0] < west or low[1] > north or high[1] < south or old.deep:
                    continue
                _reroute_feature(session, feature, geometry, edges, snap_m)


def _reroute_feature(session: FileSession, feature: Any, geometry: dict[str, Any], edges: Edges, snap_m: float) -> None:  # noqa: ANN401 - a feature
    old: Coordinates = geometry["coordinates"]
    areal = str(geometry["type"]).endswith("Polygon")
    new = Coordinates([[_rerouted(run, edges, snap_m, ring=areal) for run in part] for part in old.parts])
    pairs = [pair for pair in zip(old.runs, new.runs, strict=True) if pair[0] is not pair[1]]
    if not pairs:
        return
    geometry["coordinates"] = new
    area = area_m2(new) - area_m2(old) if areal else 0.0
    was, now = (sum(map(len, one.runs)) for one in (old, new))
    session.move(
        feature,
        "edge-mismatch",
        f"{was:,} positions",
        f"{now:,} positions, on the mended edges",
        area_m2=area,
        moved_m=max(_apart_m(*pair) for pair in pairs),
    )


def _rerouted(run: PositionArray, edges: Edges, snap_m: float, *, ring: bool) -> PositionArray:
    """The run with its stretches of edges that are gone replaced by ways along the new ones."""
    lost = np.array([edge in edges.gone for edge in _edges(run)])
    if not lost.any() or lost.all():
        return run
    if ring and lost[0]:
        first = int(np.flatnonzero(~lost)[0])
        run = np.vstack([run[first:-1], run[: first + 1]])
        lost = np.roll(lost, -first)
    places: list[Place] = [(lon, lat) for lon, lat in (run[:, :2] + 0.0).tolist()]
    made: list[Place] = []
    at = 0
    for start, end in _stretches(lost):
        low, high = start, end
        while low > at and places[low] not in edges.net:
            low -= 1
        while high < len(places) - 1 and places[high] not in edges.net:
            high += 1
        route = _shortest_route(edges.net, places[low : high + 1], snap_m)
        if route is not None and low >= at:
            made += [*places[at:low], *route[:-1]]
            at = high
    made += places[at:]
    return run if made == places else np.array(made)


def _stretches(lost: np.ndarray[Any, np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    """First and last position of each run of lost edges."""
    turns = np.flatnonzero(np.diff(np.concatenate([[False], lost, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(turns[::2], turns[1::2], strict=True)]


def _shortest_route(net: dict[Place, set[Place]], old: Sequence[Place], snap_m: float) -> list[Place] | None:
    """The shortest way from the first to the last place along the net; nothing where it would be a detour."""
    start, goal = old[0], old[-1]
    if start == goal or start not in net or goal not in net:
        return None
    most = _DETOUR * sum(_step_m(a, b) for a, b in pairwise(old)) + 10 * snap_m
    best: dict[Place, float] = {start: 0.0}
    came: dict[Place, Place] = {}
    waiting = [(0.0, start)]
    while waiting:
        length, here = heapq.heappop(waiting)
        if here == goal:
            route = [goal]
            while route[-1] != start:
                route.append(came[route[-1]])
            return route[::-1]
        for there in net[here]:
            longer = length + _step_m(here, there)
            if longer <= most and longer < best.get(there, math.inf):
                best[there], came[there] = longer, here
                heapq.heappush(waiting, (longer, there))
    return None


def _step_m(a: Place, b: Place) -> float:
    return METRES_PER_DEGREE * math.hypot((a[0] - b[0]) * math.cos(math.radians(a[1])), a[1] - b[1])


def _apart_m(old: PositionArray, new: PositionArray) -> float:
    scale = METRES_PER_DEGREE * np.array([math.cos(math.radians(float(old[0, 1]))), 1.0])
    first, second = (shapely.linestrings(run[:, :2] * scale) for run in (old, new))
    return float(shapely.hausdorff_distance(first, second))
