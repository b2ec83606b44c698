"""Simplifies lines and areas of several layers together: what they share stays the same, and nothing crosses.

All lines and rings of all files are cut into arcs that exist once (`atlas.geometry.topology`). Each arc is simplified
by itself in metres, its ends kept. Arcs that then cross another arc, or whose features have a fault that they did not
have before, are simplified again with half the tolerance, and at last not at all.

*Why it is right.* What two features share is one arc, so that it is the same line afterwards, whatever was left out of
it. Ramer's algorithm keeps positions of the arc only, none of those left out being farther from the
result than the tolerance. It may make arcs cross, which is why all are compared after each round. Every round with a
fault lowers the tolerance of the arcs that have it, the last to nothing, which gives the arcs as they were: so it ends,
at worst with what was given.

*Invariants* (`tests/clean/test_neighbours.py`): no position is invented or moved; neighbours share their edges; check
finds nothing new; layers that lie on each other still do. Source: U. Ramer, Computer Graphics and Image Processing 1
(1972) 244–256; the sharing of arcs as in TopoJSON.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.clean.area_repair import area_of, has_rings
from atlas.clean.file_session import FileSession
from atlas.clean.measure import area_m2
from atlas.clean.model import Coordinates, Feature, PositionArray
from atlas.clean.position_arrays import rotated
from atlas.clean.recheck import shapes_of
from atlas.geometry.topology import Topology, Vertices, arc_number, crossing, lines_of, rebuilt, topology
from atlas.geometry.units import METRES_PER_DEGREE

_HALVINGS = 6
_ROUNDS = 12
_RING = 4
_FAULTS = ("spike", "sliver", "ring-short", "ring-flat", "line-zero-length", "line-short")

Owner = tuple[FileSession, Feature, dict[str, Any]]


def simplify_together(sessions: Sequence[FileSession], tolerance_m: float) -> None:
    """Leave out positions nearer than so many metres to the line without them, the same ones in every layer."""
    owners: list[Owner] = []
    runs: list[PositionArray] = []
    for session in sessions:
        for feature in session.document.kept:
            for geometry, _ in feature.geometries():
                if not str(geometry["type"]).endswith("Point"):
                    owners.append((session, feature, geometry))
                    runs.extend(geometry["coordinates"].runs)
    if not runs or not tolerance_m:
        return
    before = [geometry["coordinates"] for _, _, geometry in owners]
    shared = topology(runs)
    arcs = _Simplifier(shared, owners, before, runs).arcs(tolerance_m)
    _put(owners, before, rebuilt(shared, arcs, runs))
    changes = _moved(shared, arcs)
    at = 0
    for (session, feature, geometry), old in zip(owners, before, strict=True):
        count = len(list(old.runs))
        numbers = {arc_number(step) for walk in shared.walks[at : at + count] for step in walk}
        at += count
        new = geometry["coordinates"]
        was, now = (sum(map(len, one.runs)) for one in (old, new))
        if was == now:
            geometry["coordinates"] = old
            continue
        areal = str(geometry["type"]).endswith("Polygon")
        area = area_m2(new) - area_m2(old) if areal else 0.0
        moved = max(changes[number] for number in numbers)
        session.move(feature, "simplify", f"{was:,} positions", f"{now:,} positions", area_m2=area, moved_m=moved)


def _put(owners: Sequence[Owner], before: Sequence[Coordinates], runs: Sequence[PositionArray]) -> None:
    """Put runs in the place of those that there were, in the same order."""
    waiting = iter(runs)
    for (_, _, geometry), old in zip(owners, before, strict=True):
        closed = str(geometry["type"]).endswith("Polygon")
        parts = [[_fitted(next(waiting), run, closed=closed) for run in part] for part in old.parts]
        geometry["coordinates"] = Coordinates(parts)


def _fitted(new: PositionArray, old: PositionArray, *, closed: bool) -> PositionArray:
    """A run with the heights of the old one, beginning where that begins."""
    if new is old:
        return old
    if old.shape[1] > 2:  # noqa: PLR2004 - longitude, latitude
        known = {row[:2].tobytes(): row[2:] for row in old + 0.0}
        new = np.column_stack([new, [known[row.tobytes()] for row in new]])
    return rotated(new, old[0]) if closed else new


def _plane(shared: Topology) -> PositionArray:
    """Places in metres; the scale is that of the least latitude, where degrees are longest, in whole degrees."""
    least = math.floor(float(np.abs(shared.places[:, 1]).min()))
    return shared.places * (METRES_PER_DEGREE * np.array([math.cos(math.radians(least)), 1.0]))


def _moved(shared: Topology, arcs: Sequence[Vertices]) -> list[float]:
    """How far each arc is from what it was, at the positions that were left out."""
    places = _plane(shared)
    distances = []
    for old, new in zip(shared.arcs, arcs, strict=True):
        gone = np.setdiff1d(old, new)
        line = shapely.linestrings(places[new])
        shapely.prepare(line)
        distances.append(float(shapely.distance(shapely.points(places[gone]), line).max()) if len(gone) else 0.0)
    return distances


class _Simplifier:
    """Simplifies arcs, and those again with less where anything would be wrong."""

    def __init__(
        self, shared: Topology, owners: Sequence[Owner], before: Sequence[Coordinates], runs: Sequence[PositionArray]
    ) -> None:
        self._topology, self._owners, self._before, self._runs = shared, owners, before, runs
        self._plane = _plane(shared)
        self._faulty_before = self._faulty(shared.arcs)

    def arcs(self, tolerance_m: float) -> list[Vertices]:
        """Arcs with fewer vertices, at most ``tolerance_m`` metres away."""
        tolerances = np.full(len(self._topology.arcs), tolerance_m)
        for turn in range(_ROUNDS + _HALVINGS):
            arcs = [self._one(arc, limit) for arc, limit in zip(self._topology.arcs, tolerances.tolist(), strict=True)]
            wrong = crossing(lines_of(self._topology, arcs)) or (self._faulty(arcs) - self._faulty_before)
            wrong = {number for number in wrong if tolerances[number] > 0}
            if not wrong:
                return arcs
            least = tolerance_m / 2**_HALVINGS
            for number in wrong:
                half = tolerances[number] / 2
                tolerances[number] = half if half > least and turn < _ROUNDS else 0.0
        return list(self._topology.arcs)

    def _one(self, arc: Vertices, tolerance_m: float) -> Vertices:
        if not tolerance_m or len(arc) < 3:  # noqa: PLR2004 - nothing between the ends
            return arc
        line = shapely.simplify(shapely.linestrings(self._plane[arc]), tolerance_m, preserve_topology=False)
        held = shapely.get_coordinates(line)
        if arc[0] == arc[-1] and len(held) < _RING:
            return arc
        kept = np.zeros(len(arc), dtype=np.bool_)
        at = 0
        for position in held:
            while not (self._plane[arc[at]] == position).all():
                at += 1
            kept[at] = True
            at += 1
        return arc[kept]

    def _faulty(self, arcs: Sequence[Vertices]) -> set[int]:
        """Arcs of features in which check would find something, or whose edges do not match their neighbours'."""
        _put(self._owners, self._before, rebuilt(self._topology, arcs, self._runs))
        bad = self._broken() | self._unmatched()
        numbers: set[int] = set()
        at = 0
        for n, old in enumerate(self._before):
            count = len(list(old.runs))
            if n in bad:
                numbers.update(arc_number(step) for walk in self._topology.walks[at : at + count] for step in walk)
            at += count
        return numbers

    def _broken(self) -> set[int]:
        bad = set()
        for session in {id(work): work for work, _, _ in self._owners}.values():
            features = {id(feature): feature for owner, feature, _ in self._owners if owner is session}.values()
            notes = [note for note in shapes_of(features, areas=False) if note.rule in _FAULTS]
            notes += shapes_of(features, areas=True)
            indexes = {note.index for note in notes}
            bad |= {n for n, (owner, one, _) in enumerate(self._owners) if owner is session and one.index in indexes}
        return bad

    def _unmatched(self) -> set[int]:
        """Areas that a neighbour in the same file overlaps, or whose edges it does not share."""
        bad = set()
        for session in {id(work): work for work, _, _ in self._owners}.values():
            numbers = [
                n for n, (owner, _, geometry) in enumerate(self._owners) if owner is session and has_rings(geometry)
            ]
            shapes: NDArray[np.object_] = np.array(
                [area_of(self._owners[n][2]["coordinates"]) for n in numbers] or [None], dtype=object
            )
            if len(numbers) > 1 and shapely.is_valid(shapes).all():
                wrong = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes))
                bad |= {numbers[n] for n in np.flatnonzero(wrong).tolist()}
        return bad
