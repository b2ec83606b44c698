"""What earlier releases have shown, and how a later one stays at least as coarse.

Records of an earlier release are not known by name, only how many it showed of each class: a place, a category and a
time. A class that now has more records may have got them from every class above it, with a coarser place or time, that
was shown before. It then goes up to that one. So whatever came, went or was edited in between, no class of a place
gains a record that a reader could know from a coarser place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from atlas.published.sensitivity import Sensitivity

if TYPE_CHECKING:
    from atlas.release.places import Place
    from atlas.release.sharing import Cell, Time

Class = tuple[str, str, int | None, int | None]
Point = tuple[str, float, float]


class Used(frozenset[tuple[str, str]]):
    """The pairs of place and category that a release has used.

    Attributes
    ----------
    classes
        How many records it showed of each place, category, year and month.
    points
        Category, longitude and latitude of what it showed as points, in degrees.
    """

    __slots__ = ("classes", "points")
    classes: Mapping[Class, int]
    points: frozenset[Point]


def used_places(features: Iterable[Mapping[str, Any]]) -> Used:
    """What a release has used, from its features."""
    classes: Counter[Class] = Counter()
    points: set[Point] = set()
    for feature in features:
        properties = feature["properties"]
        category = str(properties.get("category") or "")
        if (place := properties.get("place")) is not None:
            classes[str(place), category, *_time(properties)] += 1
        elif properties.get("sensitivity") == Sensitivity.OPEN:
            lon, lat = feature["geometry"]["coordinates"][:2]
            points.add((category, float(lon), float(lat)))
    used = Used((place, category) for place, category, _, _ in classes)
    used.classes, used.points = classes, frozenset(points)
    return used


def keep_coarse(cells: Iterable[Cell], before: Sequence[Used]) -> None:
    """Take classes of cells up to what an earlier release showed, where their records may have been shown there."""
    held = [used.classes for used in before if getattr(used, "classes", None)]
    placed = [cell for cell in cells if cell.place is not None]
    while held and (raised := _raised(placed, held)):
        for cell in placed:
            if cell.place is not None and (target := raised.get((*cell.where, *cell.time))):
                # the chains of cells that share a place are the same from there on
                cell.step += target[0]
                cell.year, cell.month = target[1]


def shown_coarsely(chain: Sequence[Place], point: Point, before: Iterable[Used]) -> bool:
    """Whether an earlier release may have shown a record at a place of its chain that is now to be a point."""
    return any(
        point not in used.points and any((place.ident, point[0]) in used for place in chain)
        for used in before
        if hasattr(used, "points")
    )


def _raised(cells: Sequence[Cell], held: Sequence[Mapping[Class, int]]) -> dict[Class, tuple[int, Time]]:
    """For classes that must go up: by how many steps of their chain, and to which time."""
    counts: Counter[Class] = Counter()
    cell_of: dict[Class, Cell] = {}
    for cell in cells:
        if cell.place is not None:
            counts[*cell.where, *cell.time] += cell.count
            cell_of[*cell.where, *cell.time] = cell
    raised: dict[Class, tuple[int, Time]] = {}
    for shown in held:
        lost = {each for each, number in shown.items() if counts[each] < number}
        by_place: dict[str, list[Class]] = {}
        for each in shown:
            by_place.setdefault(each[0], []).append(each)
        for each, cell in cell_of.items():
            if counts[each] > shown.get(each, 0) and each not in raised:
                target = _target(each, cell, by_place, lost)
                if target != (0, cell.time):
                    raised[each] = target
    return raised


def _target(each: Class, cell: Cell, shown: Mapping[str, list[Class]], lost: set[Class]) -> tuple[int, Time]:
    """The coarsest place and time from which the records of a class may have come."""
    step, time = 0, cell.time
    for at in range(cell.step, len(cell.chain)):
        for other in shown.get(cell.chain[at].ident, ()):
            if other == each or not _may_be_from(other, each, gone=other in lost):
                continue
            step = at - cell.step
            if other in lost:
                time = _coarser(time, other[2:])
    return step, time


def _may_be_from(other: Class, each: Class, *, gone: bool) -> bool:
    """Whether a record of one class may be in another now.

    Where a class has lost records, one of them may have been edited: its category or its time may differ. Otherwise
    others may have taken the place of those that went, which are then of the same category and of a time that fits.
    """
    same = other[1] == each[1]
    if gone:
        return same or _overlap(other[2:], each[2:])
    return same and other[0] != each[0] and other[2] is not None and _overlap(other[2:], each[2:])


def _overlap(first: Time, second: Time) -> bool:
    return all(a is None or b is None or a == b for a, b in zip(first, second, strict=True))


def _coarser(first: Time, second: Time) -> Time:
    """The coarser of two times that overlap; of two that do not, the first: it was edited."""
    if not _overlap(first, second):
        return first
    return min(first, second, key=lambda time: sum(part is not None for part in time))


def _time(properties: Mapping[str, Any]) -> Time:
    year, month = properties.get("year"), properties.get("month")
    if isinstance(month, str) and month[5:7].isdigit() and month[:4].isdigit():
        return int(month[:4]), int(month[5:7])
    return (int(year) if isinstance(year, int) else None), None
