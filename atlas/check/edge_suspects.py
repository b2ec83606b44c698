"""Which areas may have edges that do not match their neighbours': a quick look that leaves few for GEOS to compare.

GEOS builds a map of its own edges and its neighbours' for every area, whatever is wrong with it. Here all edges are
numbered once. An area of which every edge stands a second time, in another area and the other way round, matches. The
other edges are *loose*; they are on the coast, or wrong.

*Why it is right.* For GEOS a loose edge is wrong where it crosses, touches or runs along an edge of another area, is
nearly parallel to one within the width, or is inside another area. The first three are asked of each pair that is near
enough, by the same formula with a little more room. A run of loose edges that meets none of another area's edges but
in its end points is as a whole inside of that area or outside, so that one of its points tells.

*Invariants* (`tests/check/test_edge_suspects.py`): whatever GEOS finds is among the suspects, at any width. Source:
coverage validation of JTS and GEOS (M. Davis, 2022).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.check.outer_edges import AllEdges, edges_of, portions_of

# edges of a ring that have one box, and pairs of such boxes that are looked at together
_TOGETHER = 16
_PORTION = 2_000
# GEOS' sums may differ in the last digits
_ROOM = 1e-3
_TOUCHING_DEG = 1e-10

Positions = NDArray[np.float64]
Indexes = NDArray[np.int64]
Flags = NDArray[np.bool_]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Widths:
    """Edges that lie beside each other for longer than ``least`` and no farther apart than ``most``, in degrees."""

    least: float
    most: float


@dataclass(frozen=True, slots=True, eq=False)
class _Chunks:
    """Edges of a ring, some at a time: the first of each and how many, whose they are, and the box around them."""

    firsts: Indexes
    counts: Indexes
    owners: Indexes
    boxes: Positions


def edge_suspects(shapes: Shapes, widths: Widths) -> Indexes:
    """Indexes of all areas that have edges which differ from a neighbour's, at any of these widths, and of a few more.

    The areas are valid.
    """
    suspect = np.zeros(len(shapes), dtype=np.bool_)
    if len(shapes) < 2:  # noqa: PLR2004 - neighbours are two
        return np.flatnonzero(suspect)
    loose, counts = _loose(shapes, suspect)
    having = np.unique(np.repeat(np.arange(len(shapes)), counts)[loose])
    if len(having):
        some = _meeting(shapes, having, _only(loose, counts, having), widths.most)
        _look_at_loose(shapes, some, _only(loose, counts, some), widths, suspect)
    return np.flatnonzero(suspect)


def _only(flags: Flags, counts: Indexes, chosen: Indexes) -> Flags:
    """What is said of the edges of some areas; ``counts`` says how many each has."""
    return flags[np.repeat(np.isin(np.arange(len(counts)), chosen), counts)]


def _meeting(shapes: Shapes, having: Indexes, loose: Flags, width: float) -> Indexes:
    """Areas with loose edges, and those whose boxes are no farther from any of these than the width."""
    chunks = _chunks(_edges(shapes[having]))
    boxes = chunks.boxes[np.logical_or.reduceat(loose, chunks.firsts)] + [-width, -width, width, width]
    return np.union1d(shapely.STRtree(shapes).query(shapely.box(*boxes.T))[1], having)


def _look_at_loose(shapes: Shapes, some: Indexes, loose: Flags, widths: Widths, suspect: Flags) -> None:
    """Mark areas whose loose edges cross, touch or nearly run along those of others, or are inside them."""
    edges = _edges(shapes[some])
    edges = AllEdges(edges.xy, edges.marks, edges.starts, edges.keys, some[edges.owners])
    chunks = _chunks(edges)
    left, right = _near(chunks, np.logical_or.reduceat(loose, chunks.firsts), widths.most)
    joints = [edges.marks[:0]]
    while len(left):
        left, right = (side[~suspect[chunks.owners[left]]] for side in (left, right))
        pairs = _pairs(chunks, left[:_PORTION], right[:_PORTION])
        joints.append(_look_at_pairs(edges, _close(edges, pairs, loose, widths.most), suspect, widths))
        left, right = left[_PORTION:], right[_PORTION:]
    _look_inside(shapes, edges, loose & ~suspect[edges.owners], np.unique(np.concatenate(joints)), suspect)


def _edges(shapes: Shapes) -> AllEdges:
    """All edges but those from a position to itself."""
    edges = edges_of(shapely.orient_polygons(shapes))
    long = edges.marks[edges.starts] != edges.marks[edges.starts + 1]
    if long.all():
        return edges
    return AllEdges(edges.xy, edges.marks, edges.starts[long], edges.keys[long], edges.owners[long])


def _loose(shapes: Shapes, suspect: Flags) -> tuple[Flags, Indexes]:
    """Edges that stand once, and how many edges each area has.

    Areas whose edges stand twice or more, but not as those of two neighbours do, are marked.
    """
    # of all edges no more is held than keys, which way they run and whose they are
    held = []
    for some in portions_of(shapes):
        edges = _edges(shapes[some])
        upwards = edges.marks[edges.starts] < edges.marks[edges.starts + 1]
        held.append((edges.keys, upwards, some[edges.owners].astype(np.int32)))
    keys, upwards, owners = (np.concatenate(column) for column in zip(*held, strict=True))
    del held
    order = np.argsort(keys)
    keys = keys[order]
    same = keys[1:] == keys[:-1]
    del keys
    again = np.flatnonzero(same)
    one, other = order[again], order[again + 1]
    odd = (upwards[one] == upwards[other]) | (owners[one] == owners[other])
    # of three or more, each is odd
    more = again[1:] == again[:-1] + 1
    odd[1:] |= more
    odd[:-1] |= more
    suspect[owners[one[odd]]] = True
    suspect[owners[other[odd]]] = True
    loose = np.zeros(len(order), dtype=np.bool_)
    loose[order[~(np.append(False, same) | np.append(same, False))]] = True
    return loose, np.bincount(owners, minlength=len(shapes))


def _chunks(edges: AllEdges) -> _Chunks:
    count = len(edges.starts)
    begins = np.flatnonzero(np.append(True, np.diff(edges.starts) != 1))
    within = np.arange(count) - np.repeat(begins, np.diff(np.append(begins, count)))
    firsts = np.flatnonzero(within % _TOGETHER == 0)
    lasts = np.append(firsts[1:], count) - 1
    # positions of a ring follow each other; the end of the last edge is one more
    bounds = np.column_stack([edges.starts[firsts], edges.starts[lasts] + 1]).ravel()
    boxes = [
        taking(taking.reduceat(edges.xy[:, axis], bounds)[::2], edges.xy[bounds[1::2], axis])
        for taking in (np.minimum, np.maximum)
        for axis in (0, 1)
    ]
    return _Chunks(firsts, lasts - firsts + 1, edges.owners[firsts], np.column_stack(boxes))


def _near(chunks: _Chunks, loose: Flags, width: float) -> tuple[Indexes, Indexes]:
    """Pairs of chunks, the first with loose edges, of two areas and no farther apart than the width."""
    some = np.flatnonzero(loose)
    tree = shapely.STRtree(shapely.box(*chunks.boxes.T))
    left, right = tree.query(shapely.box(*(chunks.boxes[some] + [-width, -width, width, width]).T))
    left = some[left]
    others = chunks.owners[left] != chunks.owners[right]
    return left[others], right[others]


def _pairs(chunks: _Chunks, left: Indexes, right: Indexes) -> tuple[Indexes, Indexes]:
    """Each edge of the one chunk with each of the other."""
    wide = chunks.counts[right]
    sizes = chunks.counts[left] * wide
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    row, column = np.divmod(within, np.repeat(wide, sizes))
    return np.repeat(chunks.firsts[left], sizes) + row, np.repeat(chunks.firsts[right], sizes) + column


def _close(edges: AllEdges, pairs: tuple[Indexes, Indexes], loose: Flags, width: float) -> tuple[Indexes, Indexes]:
    """Pairs of which the first is loose and whose boxes are no farther apart than the width."""
    one, other = pairs
    some = loose[one]
    one, other = one[some], other[some]
    here, there = edges.ends_of(one), edges.ends_of(other)
    apart = np.maximum(here.min(axis=1) - there.max(axis=1), there.min(axis=1) - here.max(axis=1))
    close = (apart <= width * (1 + _ROOM)).all(axis=1)
    return one[close], other[close]


def _look_at_pairs(
    edges: AllEdges, pairs: tuple[Indexes, Indexes], suspect: Flags, widths: Widths
) -> NDArray[np.uint64]:
    """Mark areas whose loose edges meet another's other than in an end of both, or nearly run along it.

    Gives the numbers of positions in which they meet.
    """
    one, other = pairs
    if not len(one):
        return edges.marks[:0]
    here, there = edges.ends_of(one), edges.ends_of(other)
    ends = np.column_stack([edges.marks[edges.starts[one]], edges.marks[edges.starts[one] + 1]])
    far = np.column_stack([edges.marks[edges.starts[other]], edges.marks[edges.starts[other] + 1]])
    common = (ends == far[:, :1]) | (ends == far[:, 1:])
    joined = common.any(axis=1)
    wrong = _nearly_parallel(here, there, widths)
    # of two from one position, those that lie on each other; not those that run on from each other
    steps = (here[:, 1] - here[:, 0]) * np.where(common[:, :1], 1, -1)
    others = (there[:, 1] - there[:, 0]) * np.where((ends == far[:, :1]).any(axis=1, keepdims=True), 1, -1)
    across = np.abs(steps[:, 0] * others[:, 1] - steps[:, 1] * others[:, 0])
    wrong |= joined & (across <= _ROOM * _ROOM * (steps * others).sum(axis=1))
    apart = np.flatnonzero(~joined & ~wrong)
    lines = (shapely.linestrings(part[apart]) for part in (here, there))
    wrong[apart] = shapely.distance(*lines) <= _TOUCHING_DEG
    suspect[edges.owners[one[wrong]]] = True
    return np.asarray(ends[common], dtype=np.uint64)


def _nearly_parallel(here: Positions, there: Positions, widths: Widths) -> Flags:
    """Whether what two edges have beside each other, as each is projected on the other, is longer and nearer."""
    first, second = _projected(here, there), _projected(there, here)
    long = np.minimum(_lengths(first[:, 1] - first[:, 0]), _lengths(second[:, 1] - second[:, 0]))
    straight = np.maximum(*(_lengths(first[:, n] - second[:, n]) for n in (0, 1)))
    crossed = np.maximum(*(_lengths(first[:, n] - second[:, 1 - n]) for n in (0, 1)))
    return np.asarray(
        (long > widths.least * (1 - _ROOM)) & (np.minimum(straight, crossed) <= widths.most * (1 + _ROOM)),
        dtype=np.bool_,
    )


def _projected(onto: Positions, ends: Positions) -> Positions:
    """The ends of edges on other edges, no farther than those go."""
    origin, step = onto[:, :1], onto[:, 1:] - onto[:, :1]
    share = ((ends - origin) * step).sum(axis=2) / (step**2).sum(axis=2)
    return np.asarray(origin + np.clip(share, 0, 1)[:, :, None] * step)


def _lengths(steps: Positions) -> Positions:
    return np.hypot(steps[:, 0], steps[:, 1])


def _look_inside(shapes: Shapes, edges: AllEdges, loose: Flags, joints: NDArray[np.uint64], suspect: Flags) -> None:
    """Mark areas of which a run of loose edges is inside another."""
    chosen = np.flatnonzero(loose)
    if not len(chosen):
        return
    starts = edges.starts[chosen]
    place = np.minimum(np.searchsorted(joints, edges.marks[starts]), max(len(joints) - 1, 0))
    joint = joints[place] == edges.marks[starts] if len(joints) else np.zeros(len(chosen), dtype=np.bool_)
    firsts = np.flatnonzero(np.append(True, np.diff(starts) != 1) | joint)
    middle = chosen[(firsts + np.append(firsts[1:], len(chosen))) // 2]
    points = shapely.points(edges.ends_of(middle).mean(axis=1))
    run, around = shapely.STRtree(shapes).query(points)
    others = edges.owners[middle[run]] != around
    run, around = run[others], around[others]
    shapely.prepare(shapes[around])
    inside = shapely.intersects(shapes[around], points[run])
    shapely.destroy_prepared(shapes[around])
    suspect[edges.owners[middle[run[inside]]]] = True
