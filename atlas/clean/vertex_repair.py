"""Repairs of positions, lines and rings: what can be done without making new shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from atlas.clean.antimeridian_cut import mend_crossing, right_handed
from atlas.clean.file_session import FileSession
from atlas.clean.measure import area_m2, areas_m2, moved_m
from atlas.clean.model import Coordinates, Feature, PositionArray, described
from atlas.clean.position_arrays import closed, rounded, signed, without_spikes
from atlas.clean.recheck import Note, shapes_of
from atlas.clean.ring_roles import mend_roles
from atlas.clean.tips import RULE as TIPS
from atlas.clean.tips import write_down_tips
from atlas.geometry.position_grid import without_repeats

_ROUNDS = 10
# positions that are rounded at a time
_PORTION = 100_000
_RING, _LINE = 4, 2
_FLAT = 1e-14
_CROSSING = frozenset({"antimeridian", "position-range"})
# what no repair of shapes changes
_UNSETTLED = frozenset({"axes-swapped", "null-island"})

Geometry = dict[str, Any]
Repair = Callable[[FileSession, Geometry], bool]


def round_all(session: FileSession, features: Iterable[Feature], decimals: int) -> list[Feature]:
    """Round all positions; gives the features that changed."""
    changed: list[Feature] = []
    portion: list[Feature] = []
    positions = 0
    for feature in features:
        portion.append(feature)
        positions += sum(len(run) for coords in feature.shapes() for run in coords.runs)
        if positions > _PORTION:
            changed += _round_some(session, portion, decimals)
            portion, positions = [], 0
    return changed + _round_some(session, portion, decimals)


def _round_some(session: FileSession, features: Iterable[Feature], decimals: int) -> list[Feature]:
    roundings: list[tuple[Feature, bool, Coordinates, Coordinates]] = []
    for feature in features:
        for geometry, _ in feature.geometries():
            coords = geometry["coordinates"]
            new = Coordinates([[rounded(run, decimals) for run in part] for part in coords.parts], coords)
            if any(a is not b for a, b in zip(coords.runs, new.runs, strict=True)):
                geometry["coordinates"] = new
                roundings.append((feature, _is_area(geometry), coords, new))
    if not roundings:
        return []
    before, after = [old for _, _, old, _ in roundings], [new for _, _, _, new in roundings]
    areal = np.flatnonzero([areal for _, areal, _, _ in roundings])
    areas = np.zeros(len(roundings))
    areas[areal] = areas_m2([after[at] for at in areal]) - areas_m2([before[at] for at in areal])
    won: dict[Feature, float] = {}
    farthest: dict[Feature, float] = {}
    for (feature, *_), area, far in zip(roundings, areas.tolist(), moved_m(before, after).tolist(), strict=True):
        won[feature], farthest[feature] = won.get(feature, 0.0) + area, max(farthest.get(feature, 0.0), far)
    for feature, area in won.items():
        what = f"rounded to {decimals} decimals"
        session.move(feature, "precision-excessive", "more decimals", what, area_m2=area, moved_m=farthest[feature])
    return list(won)


def mend_vertices(session: FileSession, features: Iterable[Feature]) -> list[Note]:
    """Mend until there is nothing left that has one right answer; gives what is left that has none."""
    return [note for left in vertex_rounds(session, features) for note in left]


def vertex_rounds(session: FileSession, features: Iterable[Feature]) -> Iterator[list[Note]]:
    """The same round by round: each gives what it leaves."""
    dirty = [one for one in features if one.rejected is None]
    for _ in range(_ROUNDS):
        rules: dict[int, set[str]] = {}
        notes = shapes_of(dirty, areas=False, box=session.box)
        for note in notes:
            if (
                note.index is not None
                and note.rule in REPAIRS.keys() | _CROSSING
                and note.rule not in session.options.keep
            ):
                rules.setdefault(note.index, set()).add(note.rule)
        if not session.right_handed and any(not _CROSSING.isdisjoint(some) for some in rules.values()):
            session.right_handed = (right_handed(session.document.kept),)
        dirty = [one for one in dirty if _mend(session, one, rules.get(one.index, set()))]
        again = {one.index for one in dirty}
        yield [note for note in notes if note.rule in _UNSETTLED and note.index not in again]
        if not dirty:
            return


def _mend(session: FileSession, feature: Feature, rules: set[str]) -> bool:
    done = _repaired(session, feature, {rule: REPAIRS[rule] for rule in REPAIRS if rule in rules & _FIRST})
    if not _CROSSING.isdisjoint(rules):
        done = mend_crossing(session, feature) or done
    if "ring-winding" in rules and feature.rejected is None:
        done = mend_roles(session, feature) or done
    done = _repaired(session, feature, {rule: REPAIRS[rule] for rule in REPAIRS if rule in rules - _FIRST}) or done
    if done:
        _drop_empty(feature)
    return done


def _repaired(session: FileSession, feature: Feature, repairs: Mapping[str, Repair]) -> bool:
    """Repair geometry by geometry; whether there may be new faults."""
    done = False
    for rule, repair in repairs.items():
        for geometry, _ in list(feature.geometries()):
            before = geometry["coordinates"]
            if not repair(session, geometry):
                continue
            after = geometry.get("coordinates")
            still = rule in _STILL
            area = 0.0 if still else None
            if isinstance(after, Coordinates) and still:
                after.exact = before.exact
            elif isinstance(after, Coordinates):
                area = _area(geometry, after) - _area(geometry, before)
            if rule == TIPS and isinstance(after, Coordinates):
                write_down_tips(session, feature, before, after, areal=_is_area(geometry))
            else:
                moved = 0.0 if still else None
                session.move(feature, rule, described(before), described(after), area_m2=area, moved_m=moved)
            # a ring that was turned round has no new faults
            done = done or rule != "ring-winding"
    return done


def _drop_empty(feature: Feature) -> None:
    """A geometry that a repair made nothing of is null; in a collection it goes."""
    feature.value["geometry"] = _without_null(feature.value["geometry"])


def _without_null(geometry: Geometry) -> Geometry | None:
    if isinstance(geometry.get("geometries"), list):
        inner = [_without_null(one) if isinstance(one, dict) else one for one in geometry["geometries"]]
        geometry["geometries"] = [one for one in inner if one is not None]
        return geometry if geometry["geometries"] else None
    return None if "coordinates" in geometry and geometry["coordinates"] is None else geometry


def _area(geometry: Geometry, coordinates: Coordinates) -> float:
    return area_m2(coordinates) if str(geometry["type"]).endswith("Polygon") else 0.0


def _is_area(geometry: Geometry) -> bool:
    return str(geometry["type"]).endswith("Polygon")


def _each(geometry: Geometry, made: Callable[[PositionArray], PositionArray]) -> bool:
    """Put another run in the place of each; whether that changed anything."""
    old = geometry["coordinates"]
    new = Coordinates([[made(run) for run in part] for part in old.parts])
    geometry["coordinates"] = new
    return any(a is not b for a, b in zip(old.runs, new.runs, strict=True))


def _swap(session: FileSession, geometry: Geometry) -> bool:
    if not session.options.swap_axes:
        return False
    return _each(geometry, lambda run: np.hstack([run[:, 1::-1], run[:, 2:]]))


def _nowhere(session: FileSession, geometry: Geometry) -> bool:
    if "null-island" not in session.options.repair or not geometry["type"].endswith("Point"):
        return False
    ((run,),) = geometry["coordinates"].parts
    somewhere = run[(run[:, :2] != 0).any(axis=1)]
    geometry["coordinates"] = Coordinates([[somewhere]]) if len(somewhere) else None
    return len(somewhere) < len(run)


def _close(_work: FileSession, geometry: Geometry) -> bool:
    return _is_area(geometry) and _each(geometry, lambda run: closed(run) if len(run) >= _RING - 1 else run)


def _once(_work: FileSession, geometry: Geometry) -> bool:
    return not geometry["type"].endswith("Point") and _each(geometry, without_repeats)


def _blunt(session: FileSession, geometry: Geometry) -> bool:
    if not _is_area(geometry):
        return False
    limit = np.inf if "spike" in session.options.repair else session.options.snap_m
    return _each(geometry, lambda run: without_spikes(run, limit, ring=True))


def _without_nothing(_work: FileSession, geometry: Geometry) -> bool:
    """Leave out lines without length and rings without area, while something is left."""
    old, area = geometry["coordinates"], _is_area(geometry)
    sound = _has_area if area else _has_length
    parts = [[run for n, run in enumerate(part) if not n or sound(run)] for part in old.parts if sound(part[0])]
    if not parts or sum(map(len, parts)) == sum(map(len, old.parts)):
        return False
    geometry["coordinates"] = Coordinates(parts)
    return True


def _has_length(run: PositionArray) -> bool:
    return len(run) >= _LINE and bool((run[0, :2] != run[:, :2]).any())


def _has_area(run: PositionArray) -> bool:
    """Whether a ring encloses anything, by the measure of check."""
    if len(run) < _RING:
        return False
    local = run[:, :2] - run[0, :2]
    cross = np.abs(local[:-1, 0] * local[1:, 1] - local[1:, 0] * local[:-1, 1])
    extent = np.ptp(run[:, :2], axis=0).max()
    return bool(cross.max() > _FLAT * extent * extent)


def _wind(_work: FileSession, geometry: Geometry) -> bool:
    """Outer rings anticlockwise, holes clockwise."""
    old = geometry["coordinates"]
    parts = [[_turned(run, hole=n > 0) for n, run in enumerate(part)] for part in old.parts]
    new = geometry["coordinates"] = Coordinates(parts)
    return any(a is not b for a, b in zip(old.runs, new.runs, strict=True))


def _turned(run: PositionArray, *, hole: bool) -> PositionArray:
    area = signed(run)
    return run[::-1] if (area > 0) is hole and area != 0 else run


# in the order in which they are made
REPAIRS: Mapping[str, Repair] = MappingProxyType(
    {
        "axes-swapped": _swap,
        "null-island": _nowhere,
        "ring-open": _close,
        "ring-short": lambda session, geometry: _close(session, geometry) or _without_nothing(session, geometry),
        "vertex-repeated": _once,
        "spike": _blunt,
        "line-short": _without_nothing,
        "line-zero-length": _without_nothing,
        "ring-flat": _without_nothing,
        "ring-winding": _wind,
    }
)
_STILL = ("ring-open", "vertex-repeated", "ring-winding")
# before a shape is cut at 180°, its axes must be right and its rings closed
_FIRST = frozenset({"axes-swapped", "null-island", "ring-open", "ring-short"})
