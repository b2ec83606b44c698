"""Straight stretches of a line: parallels, meridians and surveyed straight lines among winding rivers.

1. The longest piece is sought of which no position lies farther than the tolerance from its chord, then the longest
   before and behind it, and so on, down to the least length.
2. Pieces that touch and run alike (both along a meridian, or both along a parallel) are one stretch.
3. A stretch counts if one of its pieces has the anchor's length; everything else is river.

*Why it is right.* How far a chord reaches from a start is sought by doubling and halving steps; a start is looked at
only if its chord is still straight past the best length so far, so that nothing shorter is followed. That a
chord may be crooked in between and straight again beyond is left out on purpose: it would be no straight line on the
ground. Chords are straight in degrees, as a parallel is and a great circle is not.

*Invariants* (`tests/geometry/test_straight.py`): stretches follow each other without a gap and cover the line; the real
border comes out as the treaties name its parts, and `layers.border_segments` refuses one that does not. Source: our
own; the lengths (100 m, 5 km, 10 km) were chosen so that no river of the border has such a reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.geodesy import Positions, azimuth, plane_m, scale_m

Nature = Literal["river", "parallel", "meridian", "straight"]

_TILT_DEG = 2.0
# starts that are looked at together, and where on their chords at first
_BLOCK = 512
_LOOKED_AT = (0.5, 0.25, 0.75)
_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Stretch:
    """Steps ``start`` to ``end`` (indexes of positions) of a line, and how they run."""

    start: int
    end: int
    nature: Nature


def stretches(
    line: MeasuredLine, *, tolerance_m: float = 100, piece_km: float = 5, anchor_km: float = 10
) -> list[Stretch]:
    """Cut a line into winding and straight stretches that follow each other without a gap.

    A piece is straight when no position is farther than ``tolerance_m`` metres from its chord and it is
    ``piece_km`` long. Pieces that touch and run alike are one stretch; it counts only if one of its
    pieces is ``anchor_km`` long, since rivers have short straight reaches too.
    """
    pieces = list(_pieces(line, 0, len(line.positions) - 1, tolerance_m, piece_km))
    runs: list[list[tuple[int, int]]] = []
    for piece in pieces:
        touching = bool(runs) and runs[-1][-1][1] == piece[0]
        if touching and _nature(line, runs[-1][-1]) == _nature(line, piece) != "straight":
            runs[-1].append(piece)
        else:
            runs.append([piece])
    anchored = [run for run in runs if max(_km(line, piece) for piece in run) >= anchor_km]
    return list(_filled(line, [(run[0][0], run[-1][1]) for run in anchored]))


def _filled(line: MeasuredLine, straights: list[tuple[int, int]]) -> Iterator[Stretch]:
    at, last = 0, len(line.positions) - 1
    for start, end in straights:
        if start > at:
            yield Stretch(at, start, "river")
        yield Stretch(start, end, _nature(line, (start, end)))
        at = end
    if at < last:
        yield Stretch(at, last, "river")


def _pieces(line: MeasuredLine, low: int, high: int, tolerance_m: float, least_km: float) -> Iterator[tuple[int, int]]:
    if _km(line, (low, high)) < least_km:
        return
    start, end = _longest(line, low, high, tolerance_m)
    if _km(line, (start, end)) < least_km:
        return
    yield from _pieces(line, low, start, tolerance_m, least_km)
    yield start, end
    yield from _pieces(line, end, high, tolerance_m, least_km)


def _longest(line: MeasuredLine, low: int, high: int, tolerance_m: float) -> tuple[int, int]:
    best, start = (low, low + 1), low
    while start < high:
        block = np.arange(start, min(start + _BLOCK, high))
        # a start is worth a look only if its chord stays straight past the best length so far
        least_m = _km(line, best) * 1000
        beyond = np.searchsorted(line.measures_m, line.measures_m[block] + least_m, side="right")
        start = int(block[-1]) + 1
        for first, past in _maybe_straight(line.positions, block, beyond, high, tolerance_m):
            if _deviation_m(line.positions[first : past + 1]) < tolerance_m:
                best, start = (first, _reach(line, first, past, high, tolerance_m)), first + 1
                break
        else:
            if beyond[-1] > high:
                break
    return best


def _maybe_straight(
    positions: Positions, starts: NDArray[np.int64], ends: NDArray[np.int64], high: int, tolerance_m: float
) -> Iterator[tuple[int, int]]:
    """Chords of which no position of a few is too far off: most of a river's go away at once."""
    starts, ends = starts[ends <= high], ends[ends <= high]
    chords = positions[ends] - positions[starts]
    scales = scale_m((positions[starts, 1] + positions[ends, 1]) / 2)
    chords = chords * scales
    near = np.ones(len(starts), dtype=bool)
    for share in _LOOKED_AT:
        off = (positions[starts + ((ends - starts) * share).astype(np.int64)] - positions[starts]) * scales
        across = np.abs(off[:, 0] * chords[:, 1] - off[:, 1] * chords[:, 0])
        # what is within rounding of the tolerance is left to the exact look
        near &= across <= np.hypot(*chords.T) * tolerance_m * (1 + _SLACK)
    yield from zip(starts[near].tolist(), ends[near].tolist(), strict=True)


def _reach(line: MeasuredLine, start: int, end: int, high: int, tolerance_m: float) -> int:
    """How far past ``end`` a chord from ``start`` can go: by doubling steps, then halving them."""
    step = 1
    while end + step <= high and _deviation_m(line.positions[start : end + step + 1]) < tolerance_m:
        end, step = end + step, step * 2
    while step:
        if end + step <= high and _deviation_m(line.positions[start : end + step + 1]) < tolerance_m:
            end += step
        step //= 2
    return end


def _deviation_m(positions: Positions) -> float:
    """Largest distance in metres from the chord, which is straight in degrees as parallels are."""
    middle = (positions[0] + positions[-1]) / 2
    local = plane_m(positions, (float(positions[0, 0]), float(middle[1])))
    local = local - local[0]
    length = float(np.hypot(*local[-1]))
    if length == 0:
        return float("inf")
    return float(np.abs(local[:, 0] * local[-1, 1] - local[:, 1] * local[-1, 0]).max()) / length


def _km(line: MeasuredLine, piece: tuple[int, int]) -> float:
    return float(line.measures_m[piece[1]] - line.measures_m[piece[0]]) / 1000


def _nature(line: MeasuredLine, piece: tuple[int, int]) -> Nature:
    (lon, lat), (to_lon, to_lat) = line.positions[piece[0]], line.positions[piece[1]]
    tilt = azimuth((lon, lat), (to_lon, to_lat)) % 180
    if min(tilt, 180 - tilt) < _TILT_DEG:
        return "meridian"
    return "parallel" if abs(tilt - 90) < _TILT_DEG else "straight"
