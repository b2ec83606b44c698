"""Which way round the globe a step of more than 180° of longitude was meant.

RFC 7946 (3.1.1) makes the step between two positions the straight line between their numbers, so that a polygon may be
300° wide; much data that crosses 180° was written without the cut that 3.1.9 asks for, and looks the same. What tells
the two apart is gathered here, and where it is too little or contradicts itself, the answer is ``UNSURE``:

- a ring that is right-handed (3.1.6) and valid as its numbers go is meant so; one that is right-handed only across 180°
  is meant across. As programs write the outline of a whole map in either direction, this tells nothing in a file with
  other left-handed rings, and in a file without other rings only when the ring is much less elongated across 180°;
- what lies in a ``bbox`` whose west is east of its east (5.2) is across, however a ring turns;
- parts of the same feature close to 180° on both sides of it, and nowhere else, are across, too;
- a step that is no longer across 180° than the other steps of its line or ring, and ten times as long otherwise.

Around a pole both readings of a ring enclose something else, so that its direction alone tells nothing. Positions are
(longitude, latitude) in degrees; steps along a pole and from -180° to 180° along a whole parallel are what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import shapely
from numpy.typing import NDArray

HALF, WHOLE, POLE = 180.0, 360.0, 90.0
# how far from 180° on either side the parts of a feature may lie together
_NEAR = 45.0
_ELONGATED = 2.0
_STEP_ACROSS, _STEP_STRAIGHT = 2.0, 10.0
_LINE_STEPS, _RING_STEPS = 2, 8
# what is left of zero when doubles are multiplied
_FLAT = 1e-14
_TOLERANCE = 1e-6
_RING = 4

Positions = NDArray[np.float64]
Box = tuple[float, float, float, float]


class Reading(IntEnum):
    """How a line or ring is meant: without wide steps, straight as its numbers go, across 180°, or not known."""

    PLAIN = 0
    STRAIGHT = 1
    ACROSS = 2
    UNSURE = 3


class Role(IntEnum):
    """What a run of positions is; holes follow the outer ring that they are in."""

    POINTS = 0
    LINE = 1
    SHELL = 2
    HOLE = 3


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A run of positions of shape (n, 2) of one feature, and the boxes that claim to hold it."""

    xy: Positions
    role: Role
    boxes: tuple[Box, ...] = ()


def wide_steps(xy: Positions) -> NDArray[np.bool_]:
    """Which of the n - 1 steps go over more than 180° of longitude, but for those along a pole."""
    at_pole = np.abs(xy[:, 1]) >= POLE
    along = at_pole[:-1] & at_pole[1:] & (xy[:-1, 1] == xy[1:, 1])
    return np.asarray((np.abs(np.diff(xy[:, 0])) > HALF) & ~along, dtype=np.bool_)


def unwrapped(xy: Positions) -> Positions:
    """The positions with longitudes that go on beyond ±180° where a step is wide."""
    turns = np.where(wide_steps(xy), -np.round(np.diff(xy[:, 0]) / WHOLE), 0.0)
    turned = xy.copy()
    turned[1:, 0] += np.cumsum(turns) * WHOLE
    return turned


def closes(plane: Positions) -> bool:
    """Whether an unwrapped ring ends where it began, and not a turn farther on, around a pole."""
    return bool(abs(plane[-1, 0] - plane[0, 0]) < HALF)


def pole_inside(plane: Positions, *, hole: bool = False) -> float:
    """Latitude of the pole that a ring goes around: of its hemisphere, else of the one on its inner side."""
    return _pole_near(plane) or _pole_by_direction(plane, hole=hole)


def _pole_near(plane: Positions) -> float:
    if bool((plane[:, 1] > 0).all()):
        return POLE
    return -POLE if bool((plane[:, 1] < 0).all()) else 0.0


def _pole_by_direction(plane: Positions, *, hole: bool) -> float:
    # the inside is on the left, which is north of what goes east
    return POLE if bool(plane[-1, 0] > plane[0, 0]) != hole else -POLE


def readings(stretches: Sequence[Stretch], *, right_handed: bool | None = None) -> list[Reading]:
    """How each line and ring of one feature is meant.

    Parameters
    ----------
    stretches
        All runs of the feature, holes after their outer ring.
    right_handed
        Whether the other outer rings of the file are anticlockwise: all, some are not, or there are none (None).
    """
    wide = [_is_wide(one) for one in stretches]
    meant = [Reading.PLAIN] * len(stretches)
    left = any(one.role is Role.SHELL and not w and _is_left(one) for one, w in zip(stretches, wide, strict=True))
    shell = 0
    for n, one in enumerate(stretches):
        shell = n if one.role is Role.SHELL else shell
        if wide[n] and one.role is Role.HOLE:
            meant[n] = _hole(_whole(one), _whole(stretches[shell]), meant[shell])
        elif wide[n]:
            across, straight = _evidence(one, right_handed=False if left else right_handed, left=left)
            if across != straight:
                meant[n] = Reading.ACROSS if across else Reading.STRAIGHT
            else:
                meant[n] = Reading.UNSURE
                # what contradicts itself is not decided by what lies beside it
                if not across and _on_both_sides(stretches, n, wide):
                    meant[n] = Reading.ACROSS
    return meant


def _is_wide(one: Stretch) -> bool:
    xy = _whole(one)
    # fewer positions are no ring, whichever way round
    enough = len(xy) >= _RING or one.role is Role.LINE
    return one.role >= Role.LINE and enough and bool(wide_steps(xy).any())


def _has_seam(xy: Positions) -> bool:
    """Whether a ring goes around a pole along the pole itself, and along whole parallels otherwise."""
    steps, wide = np.abs(np.diff(xy[:, 0])), wide_steps(xy)
    return bool((steps[wide] == WHOLE).all() and (steps[~wide] == WHOLE).any())


def _whole(one: Stretch) -> Positions:
    """The run, rings with their first position at their end."""
    if one.role < Role.SHELL or (one.xy[0] == one.xy[-1]).all():
        return one.xy
    return np.vstack([one.xy, one.xy[:1]])


def _is_left(one: Stretch) -> bool:
    return len(one.xy) >= _RING and signed_area(_whole(one)) < 0


def _evidence(one: Stretch, *, right_handed: bool | None, left: bool) -> tuple[bool, bool]:
    """Whether anything shows that a line or an outer ring is across 180°, and that it is straight.

    Beside left-handed rings of the same feature (``left``), being right-handed shows nothing.
    """
    xy = _whole(one)
    steps = _is_usual_across(xy, _LINE_STEPS if one.role is Role.LINE else _RING_STEPS)
    boxed = any(crosses_with(one, box) for box in one.boxes)
    if one.role is Role.LINE:
        # a whole parallel has no length at all across 180°
        parallel = len(xy) == 2 and abs(xy[1, 0] - xy[0, 0]) == WHOLE  # noqa: PLR2004 - two positions
        return not parallel and (steps or boxed), bool(parallel)
    plane, area = unwrapped(xy), signed_area(xy)
    valid = not is_flat(xy) and bool(shapely.is_valid(shapely.Polygon(xy)))
    if not closes(plane):
        if _has_seam(xy):
            return False, True
        agreed = _pole_near(plane) == _pole_by_direction(plane, hole=False)
        return agreed and (steps or is_flat(xy)), area > 0 and valid
    if is_flat(plane):
        return False, True
    valid_across = bool(shapely.is_valid(shapely.Polygon(plane)))
    compact = _elongation(plane) * _ELONGATED <= _elongation(xy)
    by_direction = area < 0 < signed_area(plane) and right_handed is not False and (compact or right_handed is True)
    by_validity = valid_across and not valid and compact
    across = by_direction or by_validity or (steps and compact)
    return boxed or across, not (boxed or left) and area > 0 and (valid or not valid_across)


def _hole(xy: Positions, shell: Positions, reading: Reading) -> Reading:
    """A hole is meant as its outer ring is; in one that reaches ±180° on both sides it may be either."""
    if reading in {Reading.ACROSS, Reading.UNSURE}:
        return reading
    west, east = shell[:, 0].min(), shell[:, 0].max()
    if xy[:, 0].min() < west or xy[:, 0].max() > east:
        return Reading.ACROSS
    plane = unwrapped(xy)
    if east - west < WHOLE or (closes(plane) and is_flat(plane)):
        return Reading.STRAIGHT
    if not closes(plane):
        return Reading.UNSURE
    if signed_area(xy) < 0:
        return Reading.STRAIGHT
    return Reading.ACROSS if signed_area(plane) < 0 else Reading.UNSURE


def signed_area(ring: Positions) -> float:
    """Area of a closed ring in square degrees, positive when it runs anticlockwise."""
    local = ring - ring[0]
    return float((local[:-1, 0] * local[1:, 1] - local[1:, 0] * local[:-1, 1]).sum() / 2)


def is_flat(ring: Positions) -> bool:
    """Whether all positions of a ring are on one line; a figure of eight is not flat, though its area may be 0."""
    local = ring - ring[0]
    cross = np.abs(local[:-1, 0] * local[1:, 1] - local[1:, 0] * local[:-1, 1])
    return bool(cross.max(initial=0.0) <= _FLAT * np.ptp(ring, axis=0).max() ** 2)


def _elongation(ring: Positions) -> float:
    width, height = np.ptp(ring, axis=0).tolist()
    return float(max(width, height) / max(min(width, height), _FLAT))


def _is_usual_across(xy: Positions, least: int) -> bool:
    """Whether wide steps are like the others, of which there are enough, across 180°, and unlike them otherwise."""
    wide, steps = wide_steps(xy), np.diff(xy, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    others = lengths[~wide & (lengths > 0)]
    # the two sides of a box say nothing about what is usual
    if len(others) < least:
        return False
    across = np.diff(unwrapped(xy), axis=0)[wide]
    usual = others.max()
    return bool(
        (np.hypot(across[:, 0], across[:, 1]) <= _STEP_ACROSS * usual).all()
        and (lengths[wide] > _STEP_STRAIGHT * usual).all()
    )


def crosses_with(one: Stretch, box: Box) -> bool:
    """Whether a box goes across 180° and holds all positions."""
    west, _, east, _ = box
    lon = based(one.xy[:, 0])
    return west > east and bool(((lon >= west - _TOLERANCE) | (lon <= east + _TOLERANCE)).all())


def _on_both_sides(stretches: Sequence[Stretch], number: int, wide: Sequence[bool]) -> bool:
    """Whether all of a feature lies near 180°, with other parts of it on either side."""
    lon = [based(one.xy[:, 0]) for one in stretches]
    if not all((np.abs(one) >= HALF - _NEAR).all() for one in lon):
        return False
    others = [one for n, one in enumerate(lon) if n != number and not wide[n]]
    return any((one > 0).all() for one in others) and any((one < 0).all() for one in others)


def based(lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitudes within ±180°; those that are stay as they are."""
    off = np.abs(lon) > HALF
    if not off.any():
        return lon
    # a number of twelve decimals is the nearest double again
    return np.asarray(np.where(off, np.round(lon - WHOLE * np.round(lon / WHOLE), 12), lon))
