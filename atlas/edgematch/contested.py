"""What both sides claim, and what is too large to be a matter of drawing: islands, rivers, wide strips.

Two drawings of one line cross each other all the time, and leave overlaps of about one width. What is asked about
stands out of that: a whole island of one side that the other covers as well; an overlap wider than the tolerance; and
one that is several times as wide as such overlaps are here and of some size, as a river is that each side draws to
its far bank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.edgematch.side_contact import Contact, mean_width_m

_STANDS_OUT = 3.0
_LARGE_M2 = 100_000.0
_MOST = 0.5


@dataclass(frozen=True, slots=True)
class Contested:
    """An area that both sides cover.

    Attributes
    ----------
    kind
        ``island``, ``river`` or ``wide``.
    """

    kind: str
    area: BaseGeometry


def contested_areas(
    one: Sequence[BaseGeometry], other: Sequence[BaseGeometry], contact: Contact, tolerance_m: float
) -> list[Contested]:
    """The overlaps that are asked about, the largest first.

    Parameters
    ----------
    one, other
        The areas of each side, in metres of a plane.
    contact
        What is wrong between them.
    """
    islands = shapely.union_all([*_islands(one), *_islands(other)])
    judged = [(_kind(area, islands, contact.usual_width_m, tolerance_m), area) for area in contact.overlaps]
    contested = [Contested(kind, area) for kind, area in judged if kind]
    return sorted(contested, key=lambda each: -each.area.area)


def _kind(area: BaseGeometry, islands: BaseGeometry, usual_m: float, tolerance_m: float) -> str | None:
    if shapely.area(shapely.intersection(area, islands)) > _MOST * area.area:
        return "island"
    if not shapely.buffer(area, -tolerance_m / 2).is_empty:
        return "wide"
    if area.area >= _LARGE_M2 and mean_width_m(area) >= _STANDS_OUT * usual_m:
        return "river"
    return None


def _islands(areas: Sequence[BaseGeometry]) -> Iterator[BaseGeometry]:
    """The parts of a side that touch nothing else of it, except the largest."""
    whole = shapely.union_all(list(areas))
    parts = sorted(shapely.get_parts(whole), key=lambda part: -part.area)
    yield from parts[1:]
