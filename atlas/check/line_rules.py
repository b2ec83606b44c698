"""Rules on lines and rings as runs of positions, for a whole batch at once."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from atlas.check.messages import metres, place, several
from atlas.check.model import Findings
from atlas.check.position_batch import Kind, Parts, portions
from atlas.geometry.units import METRES_PER_DEGREE

_SHORTEST_LINE = 2
_SHORTEST_RING, _CORNERS = 4, 3
_SPIKE_M = 1.0
_POLE = 90
_SPIKE_SLOPE = math.tan(math.radians(0.5))
_SLIVER_M = 1.0
# what is left of zero when doubles are multiplied
_FLAT = 1e-14
_SLIVER_ROUNDNESS = 0.02

Flags = NDArray[np.bool_]


def look_at_lines(parts: Parts, findings: Findings, *, shapes_only: bool = False) -> None:
    """Hold every line and ring against the rules; those that no shape can be made of are marked unsound.

    With ``shapes_only`` the rules are left out by which nothing becomes unsound.
    """
    _sizes(parts, findings)
    _closure(parts, findings)
    parts.sound &= ~parts.crossing
    steps = np.diff(parts.xy, axis=0)
    inside = np.diff(parts.part_of) == 0
    still = inside & (steps[:, 0] == 0) & (steps[:, 1] == 0)
    _lengths(parts, findings, still)
    cross = _cross_products(parts)
    _flat(parts, findings, cross)
    if shapes_only:
        return
    areas = np.asarray(np.add.reduceat(cross, parts.starts) / 2, dtype=np.float64)
    _winding(parts, findings, areas)
    _repeated(parts, findings, still)
    _spikes(parts, findings, steps, inside)


def _each(flags: Flags) -> list[int]:
    """Parts flagged, as plain numbers."""
    return [int(part) for part in np.flatnonzero(flags)]


def _sizes(parts: Parts, findings: Findings) -> None:
    for part in _each((parts.kinds == Kind.LINE) & (parts.sizes < _SHORTEST_LINE)):
        message = "A line of one position: give it a second one, or make it a point."
        findings.add("line-short", parts.item(part), message, path=_path(parts, part), position=_start(parts, part))
        parts.sound[part] = False
    for part in _each(parts.rings & (parts.sizes < _SHORTEST_RING)):
        parts.sound[part] = False
        corners = parts.xy[parts.starts[part] : parts.ends[part]]
        if len(np.unique(corners, axis=0)) == _CORNERS:
            message = "A ring of three positions that does not come back: repeat the first one at the end."
            findings.add("ring-open", parts.item(part), message, path=_path(parts, part), position=_start(parts, part))
            continue
        message = f"A ring of {several(int(parts.sizes[part]), 'position', 'positions')}: it needs four, first = last."
        findings.add("ring-short", parts.item(part), message, path=_path(parts, part), position=_start(parts, part))


def _closure(parts: Parts, findings: Findings) -> None:
    first, last = parts.xy[parts.starts], parts.xy[parts.ends - 1]
    for part in _each(parts.rings & parts.sound & (first != last).any(axis=1)):
        ends = f"{place(_start(parts, part))} and {place(parts.position(int(parts.ends[part]) - 1))}"
        message = f"The ring begins and ends at different positions, {ends}: repeat the first one at the end."
        findings.add("ring-open", parts.item(part), message, path=_path(parts, part), position=_start(parts, part))
        parts.sound[part] = False


def _lengths(parts: Parts, findings: Findings, still: Flags) -> None:
    moving = np.ones(parts.count, dtype=np.bool_)
    count = np.bincount(parts.part_of[:-1][still], minlength=parts.count)
    moving = count < parts.sizes - 1
    for part in _each((parts.kinds == Kind.LINE) & parts.sound & ~moving):
        message = "All positions of the line are the same: make it a point, or look up its end."
        rule = "line-zero-length"
        findings.add(rule, parts.item(part), message, path=_path(parts, part), position=_start(parts, part))
        parts.sound[part] = False


def _cross_products(parts: Parts) -> NDArray[np.float64]:
    """Twice the signed area between each step and its ring's first position, in square degrees."""
    cross, firsts = np.zeros(len(parts.xy)), parts.xy[parts.starts]
    for some in portions(len(parts.xy) - 1):
        first = firsts[parts.part_of[some]]
        local, ahead = parts.xy[some] - first, parts.xy[some.start + 1 : some.stop + 1] - first
        cross[some] = local[:, 0] * ahead[:, 1] - ahead[:, 0] * local[:, 1]
    # where a part ends, the next position would be of another part: a closed ring adds nothing there
    cross[parts.ends - 1] = 0
    return cross


def _flat(parts: Parts, findings: Findings, cross: NDArray[np.float64]) -> None:
    # a figure of eight may have no area in sum, so that each step is looked at
    largest = np.maximum.reduceat(np.abs(cross), parts.starts)
    boxes = parts.boxes()
    extent = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    for part in _each(parts.rings & parts.sound & (largest <= _FLAT * extent * extent)):
        message = "All positions of the ring are on one line: remove it, or make it a line."
        findings.add("ring-flat", parts.item(part), message, path=_path(parts, part), position=_start(parts, part))
        parts.sound[part] = False


def _winding(parts: Parts, findings: Findings, areas: NDArray[np.float64]) -> None:
    wrong = ((parts.kinds == Kind.SHELL) & (areas < 0)) | ((parts.kinds == Kind.HOLE) & (areas > 0))
    for part in _each(wrong & parts.sound):
        hole = parts.kinds[part] == Kind.HOLE
        what = "A hole runs anticlockwise" if hole else "An outer ring runs clockwise"
        message = f"{what}: reverse the order of its positions."
        findings.add("ring-winding", parts.item(part), message, path=_path(parts, part), position=_start(parts, part))


def _repeated(parts: Parts, findings: Findings, still: Flags) -> None:
    flags = np.append(still, np.zeros(min(1, len(parts.xy)), dtype=np.bool_))
    flags = flags & (parts.kinds >= Kind.LINE)[parts.part_of] & parts.sound[parts.part_of]
    for part in parts.any_of(flags).tolist():
        offset, count = parts.first_of(flags, part)
        message = f"{several(count, 'position stands', 'positions stand')} twice in a row: keep one of each."
        _at(parts, findings, "vertex-repeated", (part, offset + 1), message)


def _spikes(parts: Parts, findings: Findings, steps: NDArray[np.float64], inside: Flags) -> None:
    """A vertex is the tip of a spike where a ring turns back on itself within half a degree.

    Lines are not looked at: a road or a track may well end and come back.
    """
    flags = np.zeros(len(parts.xy), dtype=np.bool_)
    for some in portions(len(steps) - 1):
        after = slice(some.start + 1, some.stop + 1)
        scale = _scale(parts.xy[after])
        flags[after] = inside[some] & inside[after] & turns_back(steps[some] * scale, steps[after] * scale)
    # the first position of a ring has the last step before it
    rings = np.flatnonzero(parts.rings & parts.sound)
    starts, ends = parts.starts[rings], parts.ends[rings]
    scale = _scale(parts.xy[starts])
    flags[starts] = turns_back(steps[ends - 2] * scale, steps[starts] * scale)
    flags &= parts.rings[parts.part_of] & parts.sound[parts.part_of]
    # at a pole, all meridians have one direction in this plane
    flags &= np.abs(parts.xy[:, 1]) < _POLE
    for part in parts.any_of(flags).tolist():
        offset, count = parts.first_of(flags, part)
        also = f" (and {count - 1} more in this line)" if count > 1 else ""
        message = f"The ring goes out to this position and straight back{also}: remove the position, or check it."
        _at(parts, findings, "spike", (part, offset), message)


def _scale(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres in a degree at each position."""
    return np.column_stack([np.cos(np.radians(xy[:, 1])), np.ones(len(xy))]) * METRES_PER_DEGREE


def turns_back(here: NDArray[np.float64], there: NDArray[np.float64]) -> Flags:
    """Whether a step in metres is followed by one that goes back within half a degree, both longer than a metre."""
    # numbers near the end of what doubles hold are no degrees, and are said by another rule
    with np.errstate(over="ignore", invalid="ignore"):
        along = here[:, 0] * there[:, 0] + here[:, 1] * there[:, 1]
        back = np.asarray(along < 0, dtype=np.bool_)
        # few do, so that the rest is asked of these
        at = np.flatnonzero(back)
        here, there, along = here[at], there[at], along[at]
        across = np.abs(here[:, 0] * there[:, 1] - here[:, 1] * there[:, 0])
        shorter = np.minimum((here**2).sum(axis=1), (there**2).sum(axis=1))
        back[at] = (across < -along * _SPIKE_SLOPE) & (shorter > _SPIKE_M**2)
    return back


def look_at_slivers(parts: Parts, findings: Findings) -> None:
    """Hold the outer rings of polygons that are still sound against the least width."""
    steps = np.diff(parts.xy, axis=0)
    inside = np.diff(parts.part_of) == 0
    areas = np.add.reduceat(_cross_products(parts), parts.starts) / 2
    shrink = np.cos(np.radians(np.clip(parts.xy[parts.starts, 1], -89, 89)))
    lengths = np.hypot(steps[:, 0] * shrink[parts.part_of[:-1]], steps[:, 1]) * METRES_PER_DEGREE
    lengths = np.append(np.where(inside, lengths, 0), np.zeros(min(1, len(parts.xy))))
    around = np.maximum(np.add.reduceat(lengths, parts.starts), 1e-9)
    square_m = np.abs(areas) * shrink * METRES_PER_DEGREE**2
    width = 2 * square_m / around
    thin = (width < _SLIVER_M) & (4 * math.pi * square_m / around**2 < _SLIVER_ROUNDNESS)
    for part in _each(thin & (parts.kinds == Kind.SHELL) & parts.sound):
        size = f"{metres(float(width[part]))} wide on average and {metres(float(around[part]) / 2)} long"
        message = f"A polygon {size}: merge it with its neighbour, or remove it."
        findings.add("sliver", parts.item(part), message, path=_path(parts, part), position=_start(parts, part))


def _path(parts: Parts, part: int) -> tuple[str | int, ...]:
    return parts.batch.paths[part]


def _start(parts: Parts, part: int) -> tuple[float, float]:
    return parts.position(int(parts.starts[part]))


def _at(parts: Parts, findings: Findings, rule: str, at: tuple[int, int], message: str) -> None:
    """A finding at one position of a part."""
    part, offset = at
    index = int(parts.starts[part]) + offset
    findings.add(rule, parts.item(part), message, path=parts.path(part, offset), position=parts.position(index))
