"""The strip along a line that is given, as wide as the tolerance on each side of it, with whose each half is.

A line may go to and fro near its end, so that its last step says nothing of where it goes: it is led on the way that it
took over the last tolerance, and only where both sides end within a quarter of the tolerance beyond it. There the
strip is cut off square.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.edgematch.side_contact import shared_length_m
from atlas.errors import GeometryError

Place = NDArray[np.float64]
_TOUCH_M = 0.002
# of the tolerance
_LED_ON = 0.25


class LineElsewhereError(GeometryError):
    """A line does not lie between two sides."""

    def __init__(self) -> None:
        super().__init__("the line does not lie between the two sides: all of the strip along it is on one of them")


class Strip(NamedTuple):
    """A strip along a line, in metres of a plane.

    Attributes
    ----------
    halves
        What is the first side's of it, and the other's.
    far
        Its edges beside the line.
    cuts
        The lines that cut it off at its ends.
    """

    line: BaseGeometry
    halves: tuple[BaseGeometry, BaseGeometry]
    far: BaseGeometry
    cuts: BaseGeometry


def strip_along(line: BaseGeometry, sides: Sequence[BaseGeometry], tolerance_m: float) -> Strip:
    """The strip along a line.

    Raises
    ------
    LineElsewhereError
        The line does not lie between the two sides.
    """
    ground = shapely.union_all(list(sides))
    ends = [] if line.is_ring else [_led_on(*end, ground, tolerance_m) for end in _ends(line, tolerance_m)]
    whole = shapely.union_all(
        [line, *(shapely.LineString([end, last]) for end, last, _ in ends if (end != last).any())]
    )
    around = shapely.buffer(whole, tolerance_m)
    ahead = [shapely.LineString([last, last + 2 * tolerance_m * way]) for _, last, way in ends]
    across = [_across(last, way, 2 * tolerance_m) for _, last, way in ends]
    cuts = shapely.union_all([shapely.boundary(around), whole, *ahead, *across])
    beyond = shapely.union_all(ahead)
    pieces = [
        piece
        for piece in shapely.get_parts(shapely.polygonize([cuts])).tolist()
        if shapely.contains_properly(around, shapely.point_on_surface(piece)) and not shared_length_m(piece, beyond)
    ]
    one, other = (shapely.union_all(half) for half in _halved(pieces, sides))
    return Strip(whole, (one, other), shapely.boundary(around), shapely.union_all(across))


def _halved(pieces: Sequence[BaseGeometry], sides: Sequence[BaseGeometry]) -> list[list[BaseGeometry]]:
    """The pieces of a strip, by the side that covers more of them; of two one is each side's, whose more it is.

    Raises
    ------
    LineElsewhereError
        The line does not lie between the two sides.
    """
    covered = np.array([shapely.area(shapely.intersection(piece, sides)) for piece in pieces]).reshape(-1, 2)
    more = covered[:, 1] - covered[:, 0]
    is_others = more > (more.mean() if len(pieces) == len(sides) else 0)
    theirs, mine = covered[is_others].sum(axis=0), covered[~is_others].sum(axis=0)
    # a third side may lie on the other side of the line
    if not (mine[0] > theirs[0] and theirs[1] > mine[1]):
        raise LineElsewhereError
    return [[piece for piece, flag in zip(pieces, is_others, strict=True) if flag == of] for of in (False, True)]


def _across(place: Place, way: Place, by_m: float) -> BaseGeometry:
    aside = np.array([-way[1], way[0]]) * by_m
    return shapely.LineString([place - aside, place + aside])


def _led_on(end: Place, way: Place, ground: BaseGeometry, tolerance_m: float) -> tuple[Place, Place, Place]:
    """An end of a line, where the line led on ends, and its way."""
    last = end + way * _LED_ON * tolerance_m
    return end, (last if shapely.disjoint(ground, shapely.Point(last)) else end), way


def _ends(line: BaseGeometry, reach_m: float) -> Iterator[tuple[Place, Place]]:
    """Both ends of a line, each with the direction in which the line came there over the last so many metres."""
    length = float(shapely.length(line))
    reach = min(reach_m, length / 2)
    for at, before in ((0.0, reach), (length, length - reach)):
        end, start = (shapely.get_coordinates(shapely.line_interpolate_point(line, along))[0] for along in (at, before))
        way = end - start
        yield end, way / max(float(np.hypot(*way)), _TOUCH_M)
