"""Lines and rings of several layers as arcs that each exist once: what is shared is shared by construction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.clean.model import PositionArray

Vertices = NDArray[np.int64]


@dataclass(slots=True, eq=False)
class Topology:
    """Runs cut at every vertex where something begins, ends, or meets something else."""

    places: PositionArray
    # for each run the numbers of its arcs, and whether it walks them backwards
    walks: list[list[tuple[int, bool]]]
    arcs: list[Vertices]


def topology(runs: Sequence[PositionArray]) -> Topology:
    """Cut runs of positions into arcs; a closed run without a node is one arc that begins at its least vertex."""
    sizes = np.array([len(run) for run in runs])
    flat = np.vstack([run[:, :2] for run in runs]) + 0.0
    places, numbers = np.unique(flat, axis=0, return_inverse=True)
    numbers = numbers.reshape(-1).astype(np.int64)
    ends = np.cumsum(sizes)
    pieces = np.split(numbers, ends[:-1])
    nodes = _nodes(pieces, len(places))
    known: dict[bytes, int] = {}
    arcs: list[Vertices] = []
    walks = []
    for piece in pieces:
        walk = []
        for stretch in _stretches(piece, nodes):
            # the same whichever way it is walked
            key = min(stretch.tobytes(), stretch[::-1].tobytes())
            if key not in known:
                known[key] = len(arcs)
                arcs.append(stretch)
            number = known[key]
            walk.append((number, bool((arcs[number] != stretch).any())))
        walks.append(walk)
    return Topology(places, walks, arcs)


def _nodes(pieces: Sequence[Vertices], count: int) -> NDArray[np.bool_]:
    """Vertices that have more than two neighbours, or at which an open run ends."""
    steps = np.concatenate([np.column_stack([piece[:-1], piece[1:]]) for piece in pieces])
    steps = steps[steps[:, 0] != steps[:, 1]]
    edges = np.unique(np.sort(steps, axis=1), axis=0)
    nodes = np.bincount(edges.ravel(), minlength=count) != 2  # noqa: PLR2004 - one before, one after
    for piece in pieces:
        if piece[0] != piece[-1]:
            nodes[piece[[0, -1]]] = True
    return np.asarray(nodes, dtype=np.bool_)


def _stretches(piece: Vertices, nodes: NDArray[np.bool_]) -> list[Vertices]:
    """A run cut at its nodes."""
    closed = len(piece) > 1 and piece[0] == piece[-1]
    if closed:
        ring = piece[:-1]
        at = np.flatnonzero(nodes[ring])
        start = int(at[0]) if len(at) else int(np.argmin(ring))
        ring = np.roll(ring, -start)
        piece = np.append(ring, ring[0])
    cuts = np.flatnonzero(nodes[piece])
    cuts = np.unique(np.concatenate([[0], cuts, [len(piece) - 1]]))
    return [piece[a : b + 1] for a, b in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)]


def rebuilt(shared: Topology, arcs: Sequence[Vertices], originals: Sequence[PositionArray]) -> list[PositionArray]:
    """Runs put together again from other arcs; a run that did not change is the same object as before."""
    made = []
    for walk, original in zip(shared.walks, originals, strict=True):
        stretches = [arcs[number][::-1] if backwards else arcs[number] for number, backwards in walk]
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
