"""Lines and rings of any number of layers as arcs that each exist once: what is shared is shared by construction.

Runs of numbered vertices are cut at junctions: vertices with other than two different neighbours, and the ends of open
runs. A closed run without a junction is one arc that begins at its least vertex.

*Why it is right.* Between two junctions every run that comes along goes the whole way, so that two stretches are the
same vertices or share none inside. Each stretch is kept once, in a direction that depends on its vertices alone:
whatever is done to an arc (simplifying, rounding, packing) is done alike for all that use it, whichever of them came
first.

*Invariants* (`tests/geometry/test_topology.py`): runs put together again are those that were cut, vertex by vertex.
Source: the topology of TopoJSON (M. Bostock, 2012).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Vertices = NDArray[np.int64]
Positions = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Topology:
    """Runs as walks along shared arcs.

    Attributes
    ----------
    places
        Positions (longitude, latitude in degrees) by the number of their vertex, shape (n, 2).
    walks
        For each run the numbers of its arcs; ``~i`` is arc ``i`` backwards.
    arcs
        Vertices of each arc, both ends included.
    """

    places: Positions
    walks: list[list[int]]
    arcs: list[Vertices]


def topology(runs: Sequence[Positions]) -> Topology:
    """Cut runs of positions into arcs; positions are the same where all their digits are."""
    sizes = np.array([len(run) for run in runs])
    flat = np.vstack([run[:, :2] for run in runs]) + 0.0
    places, numbers = np.unique(flat, axis=0, return_inverse=True)
    arcs, walks = shared_arcs(np.split(numbers.reshape(-1).astype(np.int64), np.cumsum(sizes)[:-1]), len(places))
    return Topology(places, walks, arcs)


def shared_arcs(
    runs: Sequence[Vertices], count: int, *, ends: Sequence[int] = ()
) -> tuple[list[Vertices], list[list[int]]]:
    """The arcs and the walks of runs whose vertices are numbered already.

    Parameters
    ----------
    runs
        Numbers of vertices below ``count``.
    ends
        Vertices at which runs are cut as well, such as where a line begins that comes back to its beginning.
    """
    junctions = _junctions(runs, count)
    junctions[list(ends)] = True
    known: dict[bytes, int] = {}
    arcs: list[Vertices] = []
    walks: list[list[int]] = []
    for run in runs:
        walk = []
        for stretch in _stretches(run, junctions):
            forward = _is_forward(stretch)
            arc = stretch if forward else stretch[::-1]
            number = known.setdefault(arc.tobytes(), len(arcs))
            if number == len(arcs):
                arcs.append(arc)
            walk.append(number if forward else ~number)
        walks.append(walk)
    return arcs, walks


def arc_number(step: int) -> int:
    """The arc of a step of a walk, whichever way it goes."""
    return step if step >= 0 else ~step


def _junctions(runs: Sequence[Vertices], count: int) -> NDArray[np.bool_]:
    """Vertices that have other than two neighbours, or at which an open run ends."""
    start, end = (np.concatenate([run[part] for run in runs]) for part in (slice(None, -1), slice(1, None)))
    # each edge once: sorting is quicker than a table of hashes, which numpy's unique makes
    edges = np.sort((np.minimum(start, end) * count + np.maximum(start, end))[start != end])
    edges = edges[np.diff(edges, prepend=-1) != 0]
    degree = np.bincount(edges // count, minlength=count) + np.bincount(edges % count, minlength=count)
    junctions: NDArray[np.bool_] = degree != 2  # noqa: PLR2004 - one before, one after
    for run in runs:
        if run[0] != run[-1]:
            junctions[run[[0, -1]]] = True
    return junctions


def _stretches(run: Vertices, junctions: NDArray[np.bool_]) -> Iterator[Vertices]:
    """A run cut at its junctions; a closed one begins at the first of them."""
    if len(run) > 1 and run[0] == run[-1]:
        ring = run[:-1]
        at = np.flatnonzero(junctions[ring])
        first = int(at[0] if len(at) else np.argmin(ring))
        run = np.concatenate([ring[first:], ring[: first + 1]])
    inside = np.flatnonzero(junctions[run[1:-1]]) + 1
    for start, end in pairwise([0, *inside.tolist(), *([len(run) - 1] if len(run) > 1 else [])]):
        yield run[start : end + 1]


def _is_forward(stretch: Vertices) -> bool:
    """Whether a stretch runs in the direction in which it is kept; the same answer for all who walk it."""
    first, last = stretch[0], stretch[-1]
    if first == last:
        first, last = stretch[1], stretch[-2]
    return bool(first < last) if first != last else stretch.tolist() <= stretch[::-1].tolist()


def rebuilt(shared: Topology, arcs: Sequence[Vertices], originals: Sequence[Positions]) -> list[Positions]:
    """Runs put together again from other arcs; a run that did not change is the same object as before."""
    made = []
    for walk, original in zip(shared.walks, originals, strict=True):
        stretches = [arcs[step] if step >= 0 else arcs[~step][::-1] for step in walk]
        joined = np.concatenate([stretches[0], *(stretch[1:] for stretch in stretches[1:])]) if stretches else None
        if joined is None or len(joined) == len(original):
            made.append(original)
        else:
            made.append(shared.places[joined])
    return made


def lines_of(shared: Topology, arcs: Sequence[Vertices]) -> NDArray[np.object_]:
    """Arcs as lines."""
    sizes = [len(arc) for arc in arcs]
    owners = np.repeat(np.arange(len(arcs)), sizes)
    made: NDArray[np.object_] = shapely.linestrings(shared.places[np.concatenate(list(arcs))], indices=owners)
    return made


def crossing(lines: NDArray[np.object_]) -> set[int]:
    """Numbers of lines that meet others elsewhere than at both their ends, or themselves."""
    wrong = set(np.flatnonzero(~shapely.is_simple(lines)).tolist())
    left, right = shapely.STRtree(lines).query(lines, predicate="intersects")
    ahead = left < right
    left, right = left[ahead], right[ahead]
    common = shapely.intersection(lines[left], lines[right])
    ends = shapely.boundary(lines)
    for a, b, shared in zip(left.tolist(), right.tolist(), common.tolist(), strict=True):
        if not _at_ends(shared, ends[a], ends[b], lines[a], lines[b]):
            wrong.update((a, b))
    return wrong


def _at_ends(shared: BaseGeometry, *around: BaseGeometry) -> bool:
    """Whether what two lines share are ends of both; a closed line ends where it begins."""
    if shared.length > 0:
        return False
    points = set(map(tuple, shapely.get_coordinates(shared).tolist()))
    first, second, a, b = around
    return all(points <= _ends(end, line) for end, line in ((first, a), (second, b)))


def _ends(boundary: BaseGeometry, line: BaseGeometry) -> set[tuple[float, ...]]:
    held = shapely.get_coordinates(line)[:1] if boundary.is_empty else shapely.get_coordinates(boundary)
    return set(map(tuple, held.tolist()))
